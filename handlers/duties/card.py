"""One duty as whoever keeps it sees it: the words it was read from, the rule, the agencies, what confirming would bring."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty, DutyOutcome, DutyState, list_parts, lock_duty, parse_duty_code
from db.facts import get_assignments
from db.messages import Action, Message, plain
from db.people import Agency, list_agencies
from handlers.call import Call
from handlers.duties.confirming import members_of
from handlers.duties.foreseeing import foresee
from handlers.paging import page_of, turning
from handlers.permissions import Right, permits
from handlers.replies.card import show_card
from handlers.wording import duties as wording
from scheduler.audience import load_people
from scheduler.calendar import local_day

TOPIC = "proposal"
_PAGE = 25


def topic_of(duty: Duty) -> str:
    return f"{TOPIC}:{duty.id}"


async def open_card(call: Call, code: str) -> None:
    """«xem PV12»: the card, in place of the list or card whose button was tapped; to whoever does not keep duties, how it stands."""
    if call.contact is None or not permits(call.contact, Right.MANAGE_DUTIES):
        return await show_card(call, str(parse_duty_code(code)))
    async with call.finish() as session:
        duty = await find(call, session, code)
        if duty is not None:
            await call.turn(session, await duty_card(session, call, duty), topic=topic_of(duty))


async def find(call: Call, session: AsyncSession, code: str) -> Duty | None:
    """The duty with this code, locked so that of two who change it one is first; where there is none, that is said."""
    number = parse_duty_code(code)
    duty = await lock_duty(session, number) if number is not None else None
    call.subject = f"duty:{duty.id}" if duty else ""
    if duty is None:
        call.say(plain(wording.NO_SUCH_DUTY.format(code=code.upper().replace(" ", ""))))
    return duty


async def duty_card(session: AsyncSession, call: Call, duty: Duty, *, said: Sequence[str] = ()) -> Message:
    """The card of a duty in any state; `said` is told below it."""
    agency = await agency_of(session, duty)
    assignment = (await get_assignments(session, [duty.assignment_id])).get(duty.assignment_id) if duty.assignment_id else None
    parts = await list_parts(session, [duty.id]) if duty.outcome is DutyOutcome.SPLIT else []
    members = await members_of(session, duty) if duty.state is DutyState.PROPOSED else []
    names = [one.name for one in members] or await _names_of(session, parts)
    foreseen = None
    if duty.state is not DutyState.CLOSED:
        foreseen = await foresee(session, [duty], call.assistant.rules, now=call.now)
    quote = assignment.quote if assignment is not None and assignment.quote != duty.task else ""
    told = wording.duty_card(
        duty, agency=agency.name, members=names, quote=quote, foreseen=foreseen, history=said, today=local_day(call.now)
    )
    return Message(paragraphs=told, actions=manage_buttons(duty, is_group=bool(names)))


def manage_buttons(duty: Duty, *, is_group: bool = False) -> tuple[tuple[Action, ...], ...]:
    """What whoever keeps duties may do to this one, each by one tap."""
    code = duty.code
    move, give = Action(label=wording.MOVE, command=f"đổi hạn {code}"), Action(label=wording.GIVE, command=f"giao {code}")
    members = (Action(label=wording.MEMBERS, command=f"cơ quan {code}"),) if is_group else ()
    back = Action(label=wording.BACK, command="/giaoviec")
    stops = (Action(label=wording.STOP, command=f"ngừng lặp {code}"),) if duty.rule.recurrence and duty.repeats else ()
    close = Action(label=wording.CLOSE, command=f"đóng {code}")
    if duty.state is DutyState.PROPOSED:
        confirm, drop = Action(label=wording.CONFIRM, command=f"xác nhận {code}"), Action(label=wording.DROP, command=f"bỏ {code}")
        return (confirm, move), (drop, give), (*members, back)
    if duty.state is DutyState.OPEN:
        return tuple(row for row in ((move, give), (close, *stops), (*members, back)) if row)
    if duty.outcome is DutyOutcome.SPLIT:
        add = Action(label=wording.ADD_MEMBERS, command=f"bổ sung cơ quan {code}")
        return (move, close), (add, *stops), (*members, back)
    return ((Action(label=wording.REOPEN, command=f"mở lại {code}"), back),)


async def show_members(call: Call, code: str, page: str | None = None) -> None:
    """«cơ quan PV12»: every agency that owes a group's duty, with the code of its own part, and who cannot be reached."""
    async with call.finish() as session:
        duty = await find(call, session, code)
        if duty is None:
            return
        parts = {one.agency_code: one for one in await list_parts(session, [duty.id])}
        found = {one.code: one for one in await members_of(session, duty)} if duty.state is DutyState.PROPOSED else {}
        found |= {one.code: one for one in await list_agencies(session, set(parts) or {duty.agency_code})} if not found else {}
        people = await load_people(session, set(found))
        rows = []
        for agency in found.values():
            is_reached = any(person.account for person in (*people.of(agency.code).focal_points, *people.of(agency.code).substitutes))
            rows.append((agency.name, parts.get(agency.code), is_reached))
        shown = page_of(rows, int(page or 1), size=_PAGE)
        listed = [
            (f"{part.code} · {name} – {wording.state_of(part)}" if part else name)
            + ("" if is_reached else " (chưa có đầu mối nhận được tin)")
            for name, part, is_reached in shown.items
        ]
        head = f"{duty.code} – {len(rows)} cơ quan" + (f", trang {shown.number}/{shown.count}" if shown.count > 1 else "")
        buttons = turning(shown, lambda turned: f"cơ quan {duty.code} trang {turned}")
        back = (Action(label=duty.code, command=f"xem {duty.code}"),)
        await call.turn(session, plain("\n".join([head, *(f"• {one}" for one in listed)]), *buttons, back), topic=topic_of(duty))


async def agency_of(session: AsyncSession, duty: Duty) -> Agency:
    """Whose duty it is."""
    (agency,) = await list_agencies(session, [duty.agency_code])
    return agency


async def _names_of(session: AsyncSession, parts: Sequence[Duty]) -> list[str]:
    return [one.name for one in await list_agencies(session, {part.agency_code for part in parts})] if parts else []
