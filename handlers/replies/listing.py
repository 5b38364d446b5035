"""«/viec»: the open duties of one's agency, the soonest first; for whoever coordinates those of all, the overdue first."""

from __future__ import annotations

from db.duties import DutyState, list_duties
from db.messages import Action, Message, bold, line, plain
from db.people import list_agencies
from handlers.call import Call
from handlers.paging import page_of, rows_of, turning
from handlers.permissions import Right, permits
from handlers.replies.saying import speaker
from handlers.wording import replies as wording
from scheduler.calendar import local_day

_PAGE = 6


async def show_duties(call: Call, page: str = "1") -> None:
    """«/viec trang 2»"""
    contact = speaker(call)
    sees_all = permits(contact, Right.MANAGE_DUTIES)
    async with call.finish() as session:
        if contact.agency_code is None and not sees_all:
            return call.say(plain(wording.NO_AGENCY))
        duties = await list_duties(session, DutyState.OPEN, agency_code=None if sees_all else contact.agency_code)
        if not duties:
            return call.say(plain(wording.NO_DUTIES))
        names = {one.code: one.name for one in await list_agencies(session)} if sees_all else {}
        shown, today = page_of(duties, int(page), size=_PAGE), local_day(call.now)
        late = sum(one.last_day is not None and one.last_day < today for one in duties)
        head = wording.ALL_AGENCIES if sees_all else wording.FIRST_LINE
        told = [line(bold(f"{head}: {len(duties)} đang mở{f', {late} quá hạn' if late else ''}"))]
        told += [wording.duty_item(one, today, names.get(one.agency_code, "")) for one in shown.items]
        if shown.remark:
            told.append(line(shown.remark))
        buttons = rows_of([Action(label=one.code, command=one.code) for one in shown.items], 3)
        actions = (*buttons, *turning(shown, lambda turned: f"/viec trang {turned}"))
        await call.turn(session, Message(paragraphs=tuple(told), actions=actions), topic="duties")
