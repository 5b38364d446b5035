"""One message from one person, on whatever channel, and what comes of it: replies, told at once with what they change."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import Account, ensure_account
from db.audit import AuditEntry, add_entry
from db.conversations import Turn
from db.engine import Database
from db.inbox import InboxRow, settle_event
from db.messages import Action, Message, line
from db.outbox import OutboxRow, OutboxState, Priority, add_messages, find_sent, list_by_topic
from db.people import Contact, Person
from handlers import wording
from knowledge.answer import Library
from knowledge.shelf import Shelf
from scheduler.course import Rules

# Whoever speaks through the command line has no account, and reads the replies there.
SPOKEN = "say"


def spoken_talk(contact_id: int) -> str:
    """The key of the talk of somebody who speaks through the command line."""
    return f"{SPOKEN}::{contact_id}"


class HoldLost(Exception):
    """Another worker has taken the event over: nothing of this one may be kept."""


@dataclass(frozen=True, slots=True)
class ReceivedFile:
    """A file that somebody sent, checked and saved: its bytes lie under their hash, `name` is clean, `media_type` was told
    from the bytes. It has no row yet."""

    name: str
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """What a channel heard, in words that no channel owns.

    A tap on a button is its command as `text`, with the message it was on as `pressed`. `reply_to` is the message of
    ours that was answered; `phone` the sender's own number, when it was shared; `contact_id` is who speaks where no account
    tells. `files` came with it; `refused` says of each file that was not taken in why (its words are for the sender).
    `album` names what was sent together, where the channel brings it one by one.
    Without a text and a file something else came: a sticker, a voice.
    """

    channel: str
    bot_id: str
    user_id: str
    chat_id: str
    display_name: str = ""
    text: str = ""
    message_id: str | None = None
    is_group: bool = False
    pressed: str | None = None
    reply_to: str | None = None
    phone: str | None = None
    contact_id: int | None = None
    files: tuple[ReceivedFile, ...] = ()
    refused: tuple[str, ...] = ()
    album: str | None = None

    @property
    def talk(self) -> str:
        """The key of the talk that this belongs to: a chat, in a group one person's part of it."""
        key = f"{self.channel}:{self.bot_id}:{self.chat_id}"
        return f"{key}:{self.user_id}" if self.is_group else key


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """What every conversation works with."""

    database: Database
    shelf: Shelf
    minutes: int
    public_questions: bool
    person_rate: int
    stranger_rate: int
    months_kept: int
    secret: bytes
    admin_invite: str
    # Where stored files lie: db.files is their door.
    files_folder: Path
    # By what reminders are timed, and the day from which two-week periods count.
    rules: Rules
    report_anchor: dt.date
    # A link that opens the chat and sends a code; None where the channel has none.
    link_for: Callable[[str], str | None] = lambda _code: None
    # Thinking is work for the processor: one thread does it as fast as many would, and leaves the loop free.
    thinking: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(1, "thinking"))


@dataclass(frozen=True, slots=True)
class _Letter:
    message: Message
    topic: str | None
    is_secret: bool = False


@dataclass(slots=True, kw_only=True)
class Call:
    """One message being worked. A handler thinks, then opens `finish` once and changes rows and speaks inside it."""

    assistant: Assistant
    incoming: Incoming
    now: dt.datetime
    person: Person | None
    account: Account | None
    event: InboxRow | None = None
    turns: tuple[Turn, ...] = ()
    action: str = ""
    subject: str = ""
    is_allowed: bool = True
    notice: str = ""
    menu_before: str = ""
    # What somebody who writes for the first time may ask next.
    examples: tuple[str, ...] = ()
    # What this person was asked before, and is still waited for: said below whatever they are answered now.
    aside: str = ""
    letters: list[_Letter] = field(default_factory=list)
    # What is still to be done about files that came along, once the handler has said its words.
    at_end: Callable[[AsyncSession], Awaitable[None]] | None = None
    has_kept_files: bool = False

    @property
    def contact(self) -> Contact | None:
        return self.person.contact if self.person else None

    async def library(self) -> Library:
        """What this person may be answered from: officials every document, others and groups the public ones."""
        return await self.assistant.shelf.library(officials=self.contact is not None and not self.incoming.is_group)

    @property
    def replies(self) -> list[Message]:
        """What is said to the person who wrote, in order."""
        return [one.message for one in self.letters]

    def say(self, message: Message, *, topic: str | None = None, is_secret: bool = False) -> None:
        """Answer the person who wrote; `topic` names what the buttons are about. `is_secret`: not kept once it is sent."""
        self.letters.append(_Letter(message, topic, is_secret))

    def acknowledge(self, message: Message) -> None:
        """A short word that a tap shows in passing, and that a typed command gets as a message."""
        if self.incoming.pressed is None:
            self.say(message)
        else:
            self.notice = message.text

    async def turn(self, session: AsyncSession, message: Message, *, topic: str) -> None:
        """Change the tapped message into this one where it is of the same kind, another page of one list; else say it: a list
        that was opened from an answer must not take the answer's place."""
        one = self.incoming
        row = await find_sent(session, one.channel, one.bot_id, one.chat_id, one.pressed) if one.pressed else None
        if row is None or _kind(row.topic) != _kind(topic):
            return self.say(message, topic=topic)
        row.topic = topic
        await change_message(session, row, message, now=self.now)

    @asynccontextmanager
    async def finish(self) -> AsyncIterator[AsyncSession]:
        """The transaction in which everything this message changes is stored, its replies and its audit row with it.

        Raises HoldLost when the event was taken over meanwhile: then nothing is kept.
        """
        async with self.assistant.database.write() as session:
            is_known = self.account is not None and self.account.told_at is not None
            if self.incoming.channel != SPOKEN:
                self.account = await self._ensure_account(session)
            yield session
            if self.at_end is not None:
                await self.at_end(session)
            if not is_known and self.account is not None and self.letters:
                self._introduce()
            if self.aside and self.letters:
                last = self.letters[-1]
                told = (*last.message.paragraphs, line(), wording.remark(self.aside))
                self.letters[-1] = replace(last, message=last.message.model_copy(update={"paragraphs": told}))
            await add_messages(session, [self._row(one) for one in self.letters if self.incoming.channel != SPOKEN])
            if self.action:
                entry = AuditEntry(at=self.now, action=self.action, subject=self.subject, is_allowed=self.is_allowed)
                entry.account_id = self.account.id if self.account else None
                entry.contact_id = self.contact.id if self.contact else None
                await add_entry(session, entry)
            if self.event is not None and not await settle_event(session, self.event, now=self.now):
                raise HoldLost

    async def _ensure_account(self, session: AsyncSession) -> Account:
        one, known = self.incoming, self.account
        if known and known.told_at and known.off_at is None and known.display_name == (one.display_name or known.display_name):
            # Nothing has changed since it was read: no need to ask again.
            session.add(known)
            return known
        account = Account(
            channel=one.channel,
            bot_id=one.bot_id,
            user_id=one.user_id,
            # In a group nobody is written to in private.
            chat_id=one.user_id if one.is_group else one.chat_id,
            display_name=one.display_name,
            created_at=self.now,
        )
        return await ensure_account(session, account, is_reachable=not one.is_group)

    def _introduce(self) -> None:
        """Who writes for the first time learns with the first answer what is kept, and that a machine answers."""
        assert self.account is not None
        first = self.letters[0]
        told = wording.introduction(self.assistant.months_kept, is_group=self.incoming.is_group)
        onward = (line(), line(wording.ASK_ON)) if self.examples else ()
        buttons = tuple((Action(label=one[:64], command=one),) for one in self.examples)
        shown = {"paragraphs": (*first.message.paragraphs, *told, *onward), "actions": (*first.message.actions, *buttons)}
        message = first.message.model_copy(update=shown)
        self.letters[0] = replace(first, message=message)
        self.account.told_at = self.now

    def _row(self, one: _Letter) -> OutboxRow:
        return OutboxRow(
            channel=self.incoming.channel,
            bot_id=self.incoming.bot_id,
            recipient=self.incoming.chat_id,
            is_group=self.incoming.is_group,
            reply_to=self.incoming.message_id if self.incoming.is_group else None,
            priority=Priority.ANSWER,
            message=one.message,
            topic=one.topic,
            is_secret=one.is_secret,
            created_at=self.now,
            not_before=self.now,
        )


def _kind(topic: str | None) -> str | None:
    """What a topic is of: «inquiry» of «inquiry:12»."""
    return topic.partition(":")[0] if topic else None


async def update_buttons(
    session: AsyncSession, topic: str, *, now: dt.datetime, keep: Callable[[Action], bool], remark: str = "", besides: int | None = None
) -> None:
    """Leave only some buttons on a topic's messages, wherever they were sent; `remark` is added below their text. `besides`:
    the row that is changed otherwise."""
    for row in await list_by_topic(session, topic):
        if row.id == besides:
            continue
        kept = tuple(part for actions in row.message.actions if (part := tuple(one for one in actions if keep(one))))
        added = (wording.remark(remark),) if remark else ()
        message = row.message.model_copy(update={"actions": kept, "paragraphs": (*row.message.paragraphs, *added)})
        await change_message(session, row, message, now=now)


async def change_message(session: AsyncSession, row: OutboxRow, message: Message, *, now: dt.datetime) -> None:
    """Give a message that was sent, or still waits, another form, wherever it is shown."""
    if message == row.message:
        return
    if row.state is OutboxState.PENDING and not row.claims:
        row.message = message
        return
    edit = OutboxRow(
        channel=row.channel,
        bot_id=row.bot_id,
        recipient=row.recipient,
        is_group=row.is_group,
        priority=Priority.ANSWER,
        message=message,
        edits=row.id,
        created_at=now,
        not_before=now,
    )
    row.message = message
    await add_messages(session, [edit])
