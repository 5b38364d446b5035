"""What the page shows, told live: people, clock and everything said, as rows have it; then only what changes."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot import wording
from bot.web.channel import HERE, Hub
from bot.web.updates import GUEST
from db.engine import Database, UnreachableDatabaseError
from db.messages import Message, plain
from db.people import Contact
from db.transcripts import Heard, Speaker, Told, Transcripts, fingerprint_transcripts, list_speakers, read_transcripts
from handlers.help import menu_of
from handlers.wording import ROLES
from knowledge.dates import VIETNAM

_SHOWN = 200  # events, and messages, of each person
_LOOK_EVERY = 1.0  # seconds; another process may have said something

Tell = Callable[[dict[str, Any]], Awaitable[None]]


class ShownClock(Protocol):
    """The demo's clock, as the page shows it."""

    def now(self) -> dt.datetime: ...

    async def describe(self) -> dict[str, Any]: ...


class Feed:
    """One page's view. `follow` tells all there is, then every change, until it is cancelled."""

    def __init__(
        self, database: Database, hub: Hub, clock: ShownClock, *, examples: Callable[[], Awaitable[tuple[str, ...]]], is_public: bool
    ) -> None:
        self._database, self._hub, self._clock, self._examples, self._is_public = database, hub, clock, examples, is_public
        self._told_state: dict[str, Any] = {}
        self._told: dict[str, dict[str, dict[str, Any]]] = {}
        self._waiting: dict[str, bool] = {}
        self._seen: tuple[object, ...] = ()

    async def follow(self, tell: Tell) -> None:
        news, passing = self._hub.join()
        try:
            while True:
                news.clear()
                # What was said in passing comes after the rows that it is about.
                said = [passing.get_nowait() for _ in range(passing.qsize())]
                if any(one["type"] == "reset" for one in said):
                    self._told_state, self._told, self._waiting, self._seen = {}, {}, {}, ()
                    await tell({"type": "reset"})
                # Pages are told when the database answers again.
                with contextlib.suppress(UnreachableDatabaseError):
                    await self._look(tell)
                for one in said:
                    if one["type"] != "reset":
                        await tell(one)
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), _LOOK_EVERY)
        finally:
            self._hub.leave(news, passing)

    async def _look(self, tell: Tell) -> None:
        async with self._database.read() as session:
            speakers = await list_speakers(session, HERE.name, HERE.bot_id)
            who = [
                (one.account.user_id, one.contact and (one.contact.name, one.contact.role), one.agency and one.agency.name)
                for one in speakers
            ]
            seen = (who, await fingerprint_transcripts(session, HERE.name, HERE.bot_id))
            is_new = seen != self._seen
            if is_new:
                transcripts = await read_transcripts(session, HERE.name, HERE.bot_id, limit=_SHOWN)
        clock = await self._clock.describe()
        people = _people(speakers, transcripts, await self._examples(), is_public=self._is_public) if is_new else self._told_state["people"]
        # That time goes by is no news: the page counts on by itself.
        steady = {key: value for key, value in clock.items() if key != "now" or clock["is_moving"]}
        if self._told_state != {"people": people, "clock": steady}:
            self._told_state = {"people": people, "clock": steady}
            await tell({"type": "state", "people": people, "clock": clock})
        if is_new:
            await self._tell_entries(tell, transcripts, {one["key"] for one in people})
            self._seen = seen

    async def _tell_entries(self, tell: Tell, transcripts: Transcripts, people: set[str]) -> None:
        shown: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for heard in transcripts.heard:
            if heard.chat in people and (entry := _heard_entry(heard)):
                shown[heard.chat][entry["id"]] = entry
        for told in transcripts.told:
            if told.chat in people and (entry := self._told_entry(told)):
                shown[told.chat][entry["id"]] = entry
        for person in people:
            before, after, waits = self._told.get(person, {}), shown[person], person in transcripts.waiting
            if gone := [key for key in before if key not in after]:
                await tell({"type": "gone", "person": person, "ids": gone})
            entries = [entry for key, entry in after.items() if before.get(key) != entry]
            is_whole = person not in self._told
            if is_whole or entries or waits != self._waiting[person]:
                entries.sort(key=lambda one: (one["order"], one["id"]))
                await tell({"type": "entries", "person": person, "entries": entries, "waiting": waits, "whole": is_whole})
            self._told[person], self._waiting[person] = after, waits
        # Whoever is gone and comes again is told everything.
        for person in set(self._told) - people:
            del self._told[person], self._waiting[person]

    def _told_entry(self, told: Told) -> dict[str, Any] | None:
        message = told.message
        if not message.paragraphs and told.is_secret:
            message = self._hub.secrets.get(told.id, plain(wording.WEB_SECRET_GONE))
        if not message.paragraphs and not message.attachments:
            return None
        return _entry(f"o{told.id}", told.at, message, chat=told.chat, message_id=told.id)


def _heard_entry(heard: Heard) -> dict[str, Any] | None:
    match heard.payload:
        case {"kind": "message", "text": str(text)}:
            message = plain(text) if text else Message(paragraphs=())
        case {"kind": "phone", "phone": str(phone)}:
            message = plain(wording.WEB_PHONE_SHARED.format(phone=phone))
        case _:
            return None
    entry = {**_entry(f"i{heard.id}", heard.at, message, chat=heard.chat), "own": True, "client_id": heard.external_id}
    match heard.payload:
        # What one has sent oneself is named, not handed out again.
        case {"files": list(files)}:
            entry["files"] = [{"name": one["name"], "size": one["size"], "picture": False, "url": ""} for one in files]
            if not files and not entry["paragraphs"]:
                entry["paragraphs"] = _entry("", heard.at, plain(wording.WEB_FILE_REFUSED), chat="")["paragraphs"]
    return entry


def _entry(key: str, at: dt.datetime, message: Message, *, chat: str, message_id: int = 0) -> dict[str, Any]:
    return {
        "id": key,
        "order": at.timestamp(),
        "at": at.astimezone(VIETNAM).isoformat(),
        "own": False,
        "client_id": "",
        "paragraphs": [
            {"spans": [{"text": span.text, "style": span.style.value} for span in part.spans], "quote": part.is_quote}
            for part in message.paragraphs
        ],
        "buttons": [[{"label": action.label, "command": action.command} for action in row] for row in message.actions],
        "files": [
            {"name": file.file_name, "size": file.size, "picture": file.is_picture, "url": f"/files/{message_id}/{place}?as={chat}"}
            for place, file in enumerate(message.attachments)
        ],
        "asks_phone": message.asks_phone,
    }


def _people(speakers: list[Speaker], transcripts: Transcripts, examples: tuple[str, ...], *, is_public: bool) -> list[dict[str, Any]]:
    """Those who may be spoken as, by role; then whoever is nobody known, among them one who has said nothing yet."""
    order = list(ROLES)
    known = sorted((one for one in speakers if one.contact), key=lambda one: order.index(one.contact.role) if one.contact else 0)
    # Who has had everything about themselves deleted is still told so.
    spoken = [*(one.chat for one in transcripts.heard), *(one.chat for one in transcripts.told)]
    strangers = dict.fromkeys([GUEST, *(one.account.user_id for one in speakers), *spoken])
    keys = {one.account.user_id for one in known}
    return [
        *(_person(one, examples) for one in known),
        *(_stranger(key, examples, is_public=is_public) for key in strangers if key and key not in keys),
    ]


def _known(one: Speaker) -> tuple[object, ...]:
    """What the page shows of somebody."""
    contact, agency = one.contact, one.agency
    return (one.account.user_id, *((contact.name, contact.role) if contact else ()), agency.name if agency else None)


def _stranger(key: str, examples: tuple[str, ...], *, is_public: bool) -> dict[str, Any]:
    told = {"key": key, "name": wording.WEB_GUEST, "role": "", "role_name": wording.WEB_STRANGER, "agency": ""}
    return {**told, "menu": _menu(None, is_public=is_public), "examples": list(examples) if is_public else []}


def _person(one: Speaker, examples: tuple[str, ...]) -> dict[str, Any]:
    contact = one.contact
    assert contact is not None
    return {
        "key": one.account.user_id,
        "name": contact.name,
        "role": contact.role.value,
        "role_name": ROLES[contact.role].capitalize(),
        "agency": one.agency.name if one.agency else "",
        "menu": _menu(contact),
        "examples": list(examples),
    }


def _menu(contact: Contact | None, *, is_public: bool = False) -> list[dict[str, str]]:
    return [{"command": command, "about": about} for command, about in menu_of(contact, is_public=is_public)]
