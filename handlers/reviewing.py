"""«/canxem»: the questions that got no answer, or a wrong one, looked at one by one by whoever coordinates."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import get_account_by_id
from db.conversations import Inquiry, Unreviewed, Verdict, get_inquiry, list_unreviewed, review_inquiry
from db.messages import Action, Message, plain
from db.outbox import find_sent
from db.people import get_person
from handlers import wording
from handlers.call import Call, update_buttons
from handlers.paging import page_of, turning
from handlers.wording import reviews
from knowledge.answer import AnswerKind, Library
from knowledge.dates import VIETNAM
from knowledge.messages import is_courtesy
from knowledge.text import fold
from knowledge.wording import clause_words

PAGE = 5
_LATEST = 400  # questions that are looked through
ALL, UNANSWERED, WRONG = "tất cả", "chưa trả lời", "báo sai"
_FILTERS = {fold(one): one for one in (ALL, UNANSWERED, WRONG)}
LIST_TOPIC = "reviews"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as often as it was asked, newest first."""

    rows: tuple[Unreviewed, ...]

    @property
    def is_wrong(self) -> bool:
        return any(one.is_wrong for one in self.rows)


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the list somebody is: which questions, and the page (from 1)."""

    filter: str = ALL
    page: int = 1

    @classmethod
    def read(cls, named: str | None, page: str | None) -> Place:
        return cls(_FILTERS.get(fold(named or ""), ALL), int(page or 1))

    def __str__(self) -> str:
        return f"{self.filter} {self.page}"


async def show_list(call: Call, named: str | None = None, page: str | None = None) -> None:
    """«cần xem», «cần xem báo sai 2»: a page of the list, in place of the message whose button was tapped."""
    settled = await find_settled(call)
    async with call.finish() as session:
        await call.turn(session, await list_message(session, settled, Place.read(named, page)), topic=LIST_TOPIC)


async def open_inquiry(call: Call, number: int, named: str | None = None, page: str | None = None) -> None:
    """«xem câu 12»: the question, what was answered, what would be right, and what may be done."""
    place = Place.read(named, page)
    async with call.finish() as session:
        call.subject = f"inquiry:{number}"
        inquiry = await get_inquiry(session, number)
        if inquiry is None:
            return call.acknowledge(plain(wording.NO_SUCH_INQUIRY.format(number=number)))
        same = await list_same(session, inquiry.question)
        # What the answer quotes already is not shown twice.
        unsaid = [one for one in inquiry.citations[:3] if one.quote not in inquiry.answer]
        told = reviews.inquiry_opened(
            number=number,
            who=await _asker(session, inquiry),
            count=len(same),
            question=inquiry.question,
            answer=inquiry.answer,
            corrections=list(dict.fromkeys(one for one in (inquiry.correction, *(row.correction for row in same)) if one))[:3],
            quotes=[(f"{one.document}, {clause_words(one.clause)}", one.quote) for one in unsaid],
        )
        first = [Action(label=reviews.COMPOSE, command=f"soạn {number}")]
        if inquiry.reviewed_at is None:
            first.append(Action(label=reviews.REVIEWED, command=f"đã xem {number} {place}"))
        back = Action(label=reviews.BACK_TO_LIST, command=f"cần xem {place}")
        await call.turn(session, Message(paragraphs=told, actions=(tuple(first), (back,))), topic=f"{LIST_TOPIC}:{number}")


async def review(call: Call, number: int, named: str | None = None, page: str | None = None) -> None:
    """«đã xem 12»: a coordinator has looked into it, and into all that asked the same; from the list, the list goes on."""
    settled = await find_settled(call) if named else frozenset()
    async with call.finish() as session:
        inquiry = await get_inquiry(session, number)
        if inquiry is None:
            return call.acknowledge(plain(wording.NO_SUCH_INQUIRY.format(number=number)))
        turned = await _turned(call, session) if named else None
        is_new = await mark_reviewed(call, session, inquiry, besides=turned)
        call.acknowledge(plain(reviews.REVIEW_NOTED if is_new else reviews.ALREADY_REVIEWED))
        if named:
            await call.turn(session, await list_message(session, settled, Place.read(named, page)), topic=LIST_TOPIC)


async def _turned(call: Call, session: AsyncSession) -> int | None:
    """The row of the tapped message where it becomes the list again: it is changed once, not twice."""
    one = call.incoming
    row = await find_sent(session, one.channel, one.bot_id, one.chat_id, one.pressed) if one.pressed else None
    return row.id if row is not None and (row.topic or "").startswith(f"{LIST_TOPIC}:") else None


async def mark_reviewed(call: Call, session: AsyncSession, inquiry: Inquiry, *, besides: int | None = None) -> bool:
    """Note who looked into a question, and into the same one asked by others; everybody's buttons about them go, but for the
    message `besides`. False when somebody had already."""
    assert call.person is not None
    same = [one.id for one in await list_same(session, inquiry.question)]
    remark = reviews.reviewed_by(call.person.contact.name, f"{call.now.astimezone(VIETNAM):%H:%M %d/%m/%Y}")
    is_new = False
    # In one order, so that two who look into the same do not wait for each other.
    for number in sorted({inquiry.id, *same}):
        if await review_inquiry(session, number, call.person.contact.id, now=call.now):
            is_new = is_new or number == inquiry.id
            for topic in (f"report:{number}", f"{LIST_TOPIC}:{number}"):
                await update_buttons(session, topic, now=call.now, keep=lambda _: False, remark=remark, besides=besides)
    return is_new


async def find_settled(call: Call) -> frozenset[str]:
    """The questions of the list that an approved answer meets by now, by their keys: nobody needs to look at them."""
    library = await call.assistant.shelf.library(officials=True)
    if not library.approved.all:
        return frozenset()
    async with call.assistant.database.read() as session:
        asked = {_key(one.question): one.question for one in await list_unreviewed(session, limit=_LATEST)}
    return await asyncio.get_running_loop().run_in_executor(call.assistant.thinking, _met, library, asked)


def _met(library: Library, asked: dict[str, str]) -> frozenset[str]:
    return frozenset(key for key, text in asked.items() if library.approved.find_text(text) is not None)


async def list_message(session: AsyncSession, settled: frozenset[str], place: Place) -> Message:
    """A page of the list with its buttons; the last page where there is none of that number."""
    found = _grouped(await list_unreviewed(session, limit=_LATEST), settled)
    kinds = {ALL: found, UNANSWERED: [one for one in found if not one.is_wrong], WRONG: [one for one in found if one.is_wrong]}
    chosen = kinds[place.filter]
    page = page_of(chosen, place.page, size=PAGE)
    here = Place(place.filter, page.number)
    lines = [
        (one.rows[0].question, len(one.rows), one.is_wrong, one.rows[0].agency, one.rows[0].asked_at.astimezone(VIETNAM))
        for one in page.items
    ]
    told = reviews.review_list(place.filter, len(chosen), lines, first=page.first, page=page.number, pages=page.count)
    opened = tuple(Action(label=str(at), command=f"xem câu {one.rows[0].id} {here}") for at, one in enumerate(page.items, page.first))
    others = tuple(
        Action(label=f"{reviews.REVIEW_FILTERS[name]} ({len(kinds[name])})", command=f"cần xem {name}")
        for name in kinds
        if name != place.filter
    )
    return Message(
        paragraphs=told,
        actions=tuple(row for row in (opened, *turning(page, lambda turned: f"cần xem {place.filter} {turned}"), others) if row),
    )


def _grouped(rows: Sequence[Unreviewed], settled: frozenset[str]) -> list[Asked]:
    """The same question, however it is spelled, once: disliked ones first, then the newest. What an approved answer meets
    is left out, unless that answer itself was judged wrong."""
    groups: dict[str, list[Unreviewed]] = {}
    for row in rows:
        key = _key(row.question)
        if not is_courtesy(row.question) and (key not in settled or (row.is_wrong and row.kind == AnswerKind.APPROVED)):
            groups.setdefault(key, []).append(row)
    return sorted((Asked(tuple(group)) for group in groups.values()), key=lambda one: not one.is_wrong)


async def list_same(session: AsyncSession, text: str) -> list[Unreviewed]:
    """Those on the list that ask the same, letter by letter but for marks and case."""
    return [one for one in await list_unreviewed(session, limit=_LATEST) if _key(one.question) == _key(text)]


def _key(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", fold(text)))


async def _asker(session: AsyncSession, inquiry: Inquiry) -> str:
    """The agency of whoever asked; their name only where they reported the answer, as in the report."""
    account = await get_account_by_id(session, inquiry.account_id) if inquiry.account_id is not None else None
    if account is None or account.contact_id is None:
        return reviews.NOT_LINKED
    person = await get_person(session, account.contact_id)
    agency = person.agency.name if person.agency else ""
    if inquiry.verdict is Verdict.WRONG:
        return f"{person.contact.name} ({agency})" if agency else person.contact.name
    return agency or reviews.NO_AGENCY
