"""«PV12»: everything about one duty on a card, with what may be done; and its whole history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Awaited, Duty, DutyState, find_duty
from db.messages import Action, Message, bold, line, plain
from db.nudges import NudgeState, list_nudges
from db.reports import ChangeKind, Extension, ExtensionState, StatusReport, list_changes, list_evidence, list_extensions, list_reports
from handlers.call import Call
from handlers.paging import page_of, turning
from handlers.permissions import Right, permits_for_agency
from handlers.replies.saying import agency_name, card_topic, name_of, speaker, why_refused
from handlers.wording import histories
from handlers.wording import replies as wording
from scheduler.calendar import local_day
from scheduler.wording import answer_buttons

_LATEST, _PAGE = 5, 12


async def show_card(call: Call, number: str) -> None:
    """«PV12»: what is to be done, by when, how it stands, what happened, and what may be done next."""
    async with call.finish() as session:
        duty = await find_duty(session, f"PV{number}")
        if problem := await _hidden(session, call, duty, int(number)):
            return call.say(plain(problem))
        assert duty is not None
        call.subject = f"duty:{duty.id}"
        history = await _history(session, duty)
        reports = await list_reports(session, [duty.id])
        told = wording.card(
            duty,
            await agency_name(session, duty.agency_code),
            local_day(call.now),
            assignee=await name_of(session, duty.assignee_id) if duty.assignee_id is not None else "",
            latest=await _latest(session, reports),
            files=len(await list_evidence(session, [duty.id])),
            history=history[:_LATEST],
            rest=max(0, len(history) - _LATEST),
        )
        pending = await list_extensions(session, [duty.id], state=ExtensionState.PENDING)
        # Of a closed duty that nobody was reminded of there is nothing to explain.
        has_why = duty.state is DutyState.OPEN or any(one.state is NudgeState.SENT for one in await list_nudges(session, [duty.id]))
        actions = (*_decisions(call, duty, pending), *_buttons(call, duty, len(history), has_why=has_why))
        call.say(Message(paragraphs=told, actions=actions), topic=card_topic(duty.id))


async def show_history(call: Call, number: str, page: str = "1") -> None:
    """«lịch sử PV12 trang 2», the newest first."""
    async with call.finish() as session:
        duty = await find_duty(session, f"PV{number}")
        if problem := await _hidden(session, call, duty, int(number)):
            return call.say(plain(problem))
        assert duty is not None
        call.subject = f"duty:{duty.id}"
        shown = page_of(await _history(session, duty), int(page), size=_PAGE)
        told = [line(bold(f"Lịch sử {duty.code}")), *(line(f"• {one}") for one in shown.items)]
        if shown.remark:
            told.append(line(shown.remark))
        turns = turning(shown, lambda turned: f"lịch sử {duty.code} trang {turned}")
        await call.turn(session, Message(paragraphs=tuple(told), actions=turns), topic=f"history:{duty.id}")


async def _hidden(session: AsyncSession, call: Call, duty: Duty | None, number: int) -> str:
    """Why this duty is not shown; proposed ones are the coordinators' alone."""
    if duty is not None and duty.state is DutyState.PROPOSED and permits_for_agency(speaker(call), Right.MANAGE_DUTIES, duty.agency_code):
        return ""
    return await why_refused(session, call, duty, number, Right.SEE_DUTIES, also_closed=True)


async def _latest(session: AsyncSession, reports: list[StatusReport]) -> str:
    if not reports:
        return ""
    one = reports[-1]
    return f"{wording.status_line(one)} ({await name_of(session, one.contact_id)}, {wording.at(one.at)})"


async def _history(session: AsyncSession, duty: Duty) -> list[str]:
    """What happened, the newest first, one line each."""
    reports = await list_reports(session, [duty.id], also_undone=True)
    requests, changes = await list_extensions(session, [duty.id]), await list_changes(session, [duty.id])
    people = {one.contact_id for one in reports} | {one.contact_id for one in requests} | {one.contact_id for one in changes}
    names = await _names(session, people | {one.decided_by for one in requests})
    found: list[tuple[dt.datetime, int, str]] = []
    for report in reports:
        found.append((report.at, 1, histories.report_line(report, names[report.contact_id])))
    for request in requests:
        found.append((request.asked_at, 1, histories.request_line(request, names[request.contact_id], names[request.decided_by])))
    for change in changes:
        if change.kind is not ChangeKind.UNREACHED or change.after:
            found.append((change.at, 2, histories.change_line(change, names[change.contact_id])))
    return [told for *_, told in sorted(found, key=lambda one: one[:2], reverse=True)]


async def _names(session: AsyncSession, ids: Collection[int | None]) -> dict[int | None, str]:
    return {one: await name_of(session, one) for one in {None, *ids}}


def _decisions(call: Call, duty: Duty, pending: Sequence[Extension]) -> tuple[tuple[Action, ...], ...]:
    """What waits for whoever coordinates."""
    if duty.state is not DutyState.OPEN or not permits_for_agency(speaker(call), Right.MANAGE_DUTIES, duty.agency_code):
        return ()
    if duty.awaits is Awaited.OWNER:
        return ((Action(label=wording.GIVE_BACK, command=f"trả lại {duty.code}"),),)
    rows = (row for one in pending for row in wording.decide_buttons(one, duty))
    return tuple(tuple(one for one in row if one.command != duty.code) for row in rows)


def _buttons(call: Call, duty: Duty, history: int, *, has_why: bool) -> tuple[tuple[Action, ...], ...]:
    """What this person may do with it."""
    rows: list[tuple[Action, ...]] = []
    if duty.state is DutyState.OPEN and permits_for_agency(speaker(call), Right.REPORT, duty.agency_code):
        rows += answer_buttons(duty.code)
    last = [Action(label=wording.WHY, command=f"vì sao nhắc {duty.code}")] if has_why else []
    if permits_for_agency(speaker(call), Right.MANAGE_DUTIES, duty.agency_code):
        last.append(Action(label=wording.KEEP, command=f"xem {duty.code}"))
    if history > _LATEST:
        last.append(Action(label=wording.HISTORY, command=f"lịch sử {duty.code}"))
    return (*rows, *((tuple(last),) if last else ()))
