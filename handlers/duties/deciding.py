"""Confirming in a conversation: one duty by one tap; all of a document by two, the first of which only shows what would be."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import list_documents
from db.duties import Duty, DutyOutcome, DutyState, list_duties, lock_duties
from db.messages import Action, Message, plain
from db.outbox import find_sent
from handlers import wording as shared
from handlers.call import Call, update_buttons
from handlers.duties import card
from handlers.duties.confirming import add_missing_parts, confirm_duties
from handlers.duties.foreseeing import foresee
from handlers.duties.proposing import source_names
from handlers.paging import shorten
from handlers.wording import duties as wording
from knowledge.dates import VIETNAM
from scheduler.calendar import local_day
from scheduler.course import By

EVERYTHING = "tất cả"


async def confirm_one(call: Call, code: str) -> None:
    """«xác nhận PV12»: opens it (a group's one by one); a second time changes nothing."""
    async with call.finish() as session:
        await lock_duties(session)
        duty = await card.find(call, session, code)
        if duty is None:
            return
        if duty.state is not DutyState.PROPOSED:
            return call.acknowledge(plain(wording.NOT_PROPOSED.format(code=duty.code, state=wording.state_of(duty))))
        opened = await confirm_duties(session, [duty.code], call.assistant.rules, by_of(call))
        # After the confirmation the parts are real, so they are what is foreseen.
        foreseen = await foresee(session, opened, call.assistant.rules, now=call.now)
        back = Action(label=wording.BACK, command="/giaoviec")
        told = wording.opened(duty.code, opened, foreseen)
        message = Message(paragraphs=told, actions=((Action(label=duty.code, command=f"xem {duty.code}"), back),))
        await settle(call, session, duty, message)


async def preview_document(call: Call, number: str) -> None:
    """«xác nhận văn bản 3»: what confirming all of its duties would bring; nothing changes yet. 0: what no document asks for."""
    async with call.finish() as session:
        await _say_preview(call, session, int(number))


async def preview_all(call: Call) -> None:
    """«xác nhận tất cả»: the same for everything that is proposed."""
    async with call.finish() as session:
        await _say_preview(call, session, None)


async def _say_preview(call: Call, session: AsyncSession, document: int | None, remark: str = "") -> None:
    source = await _source(session, document)
    call.subject = _subject(document)
    if source is None:
        return call.say(plain(wording.NO_SUCH_DOCUMENT.format(number=document)))
    proposed = await _proposed(session, document)
    if not proposed:
        return call.acknowledge(plain(wording.NOTHING_LEFT.format(source=source)))
    foreseen = await foresee(session, proposed, call.assistant.rules, now=call.now)
    today = local_day(call.now)
    overdue = sum(one.last_day is not None and one.last_day < today for one in proposed)
    told = wording.total_preview(source, len(proposed), foreseen, overdue, sum(one.last_day is None for one in proposed))
    label = shorten(f"✅ Xác nhận cả {len(proposed)} phần việc", 64)
    whole = Action(label=label, command=f"xác nhận {len(proposed)} phần việc {_called(document)}")
    rows = ((whole,), (Action(label=wording.BACK, command="/giaoviec"),))
    noted = (shared.remark(remark),) if remark else ()
    await call.turn(session, Message(paragraphs=(*noted, *told), actions=rows), topic=f"{card.TOPIC}:{_called(document)}")


async def confirm_document(call: Call, count: str, number: str) -> None:
    """«xác nhận 12 phần việc văn bản 3»: all of them, where there are still that many; else the preview is shown anew."""
    await _confirm(call, int(count), int(number))


async def confirm_all(call: Call, count: str) -> None:
    """«xác nhận 12 phần việc tất cả»: everything that is proposed."""
    await _confirm(call, int(count), None)


async def _confirm(call: Call, count: int, document: int | None) -> None:
    async with call.finish() as session:
        await lock_duties(session)
        call.subject = _subject(document)
        source = await _source(session, document)
        proposed = await _proposed(session, document)
        if source is None or not proposed:
            return call.acknowledge(plain(wording.NOTHING_LEFT.format(source=source or "")))
        if len(proposed) != count:
            return await _say_preview(call, session, document, wording.COUNT_CHANGED)
        opened = await confirm_duties(session, [one.code for one in proposed], call.assistant.rules, by_of(call))
        foreseen = await foresee(session, opened, call.assistant.rules, now=call.now)
        told = wording.opened(f"{count} phần việc – {source}", opened, foreseen)
        message = Message(paragraphs=told, actions=((Action(label=wording.BACK, command="/giaoviec"),),))
        await call.turn(session, message, topic=f"{card.TOPIC}:{_called(document)}")


async def add_members(call: Call, code: str) -> None:
    """«bổ sung cơ quan PV12»: the duties of agencies that came into the list after the group's duty was confirmed."""
    async with call.finish() as session:
        duty = await card.find(call, session, code)
        if duty is None:
            return
        if duty.outcome is not DutyOutcome.SPLIT:
            return call.say(plain(wording.NOT_A_GROUP.format(code=duty.code)))
        added = await add_missing_parts(session, duty, call.assistant.rules, by_of(call))
        if not added:
            return call.say(plain(wording.NO_MEMBERS_MISSING.format(code=duty.code)))
        foreseen = await foresee(session, added, call.assistant.rules, now=call.now)
        call.say(Message(paragraphs=wording.opened(f"cơ quan bổ sung cho {duty.code}", added, foreseen)))


async def settle(call: Call, session: AsyncSession, duty: Duty, message: Message) -> None:
    """Show what became of a duty in place of its card; other people's cards of it lose their buttons."""
    topic = card.topic_of(duty)
    one = call.incoming
    row = await find_sent(session, one.channel, one.bot_id, one.chat_id, one.pressed) if one.pressed else None
    remark = wording.decided_by(call.contact.name if call.contact else "", f"{call.now.astimezone(VIETNAM):%H:%M %d/%m/%Y}")
    await update_buttons(session, topic, now=call.now, keep=lambda _: False, remark=remark, besides=row.id if row else None)
    await call.turn(session, message, topic=topic)


def by_of(call: Call, reason: str = "") -> By:
    return By(call.contact.id if call.contact else None, call.now, reason)


async def _proposed(session: AsyncSession, document: int | None) -> list[Duty]:
    proposed = await list_duties(session, DutyState.PROPOSED)
    return proposed if document is None else [one for one in proposed if (one.document_id or 0) == document]


async def _source(session: AsyncSession, document: int | None) -> str | None:
    if document is None:
        return "tất cả văn bản"
    if document == 0:
        return wording.OTHER_SOURCE
    return (await source_names(session)).get(document) if document in {one.id for one in await list_documents(session)} else None


def _called(document: int | None) -> str:
    return EVERYTHING if document is None else f"văn bản {document}"


def _subject(document: int | None) -> str:
    return "duties:all" if document is None else f"document:{document}"
