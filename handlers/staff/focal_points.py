"""«/daumoi»: the agencies with their focal points; «đầu mối SNV»: everybody of one agency."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from db.messages import Action, Message, line, plain
from db.people import Agency, list_agencies
from handlers import wording as common
from handlers.asking import answer_question
from handlers.call import Call
from handlers.duties.proposing import registry_of
from handlers.paging import page_of, turning
from handlers.permissions import Right, permits, permits_for_agency
from handlers.staff.unreachable import Answering, list_answering, list_unreached
from handlers.wording import staff as wording
from knowledge.agencies import GROUP
from knowledge.agencies_registry import tokens_of
from knowledge.text import fold
from scheduler.calendar import local_day
from scheduler.wording import CHANNELS

_PAGE = 8
_LIST, _UNREACHED = "focal_points", "unreached"


async def show_list(call: Call, page: str | None = None) -> None:
    """«/daumoi», «đầu mối trang 2»: those of which nobody can be reached first."""
    async with call.finish() as session:
        known = await list_answering(session, local_day(call.now))
        if not known:
            return call.say(plain(wording.NOBODY_LISTED))
        shown = page_of(known, int(page or 1), size=_PAGE)
        told = [wording.focal_points_heading(len(known), sum(not one.is_reached for one in known))]
        for number, one in enumerate(shown.items, shown.first):
            told.append(wording.focal_points_line(number, one.agency.name, one.focal_points, is_reached=one.is_reached))
        if shown.remark:
            told.append(common.remark(shown.remark))
        message = Message(paragraphs=tuple(told), actions=turning(shown, lambda turned: f"/daumoi trang {turned}"))
        await call.turn(session, message, topic=_LIST)


async def show_agency(call: Call, text: str) -> None:
    """«/daumoi SNV»: an agency's people, with role, channel and why they are not reminded."""
    async with call.finish() as session:
        found = await _named(session, text)
        if found is None:
            return call.say(plain(wording.NO_SUCH_AGENCY.format(text=text.strip()[:60])))
        assert call.contact is not None
        if not permits_for_agency(call.contact, Right.ARRANGE_STAFF, found.code):
            call.is_allowed = False
            return call.say(plain(common.NOT_ALLOWED))
        await _show(session, call, found)


async def show_agency_or_answer(call: Call, whole: str, text: str) -> None:
    """«đầu mối Sở Nội vụ» from whoever arranges that agency's people; from others, and where no agency is named so, it is a
    question («đầu mối là ai?»)."""
    if call.contact is not None and not call.incoming.is_group and permits(call.contact, Right.ARRANGE_STAFF):
        async with call.assistant.database.read() as session:
            found = await _named(session, text)
        if found is not None and permits_for_agency(call.contact, Right.ARRANGE_STAFF, found.code):
            async with call.finish() as session:
                return await _show(session, call, found)
    call.action = ""
    await answer_question(call, whole)


async def show_unreached(call: Call, page: str | None = None) -> None:
    """«/khonglienhe»: agencies that owe open duties, then all others, of which nobody can be reminded; whom to call."""
    async with call.finish() as session:
        found = await list_unreached(session, local_day(call.now))
        if not found:
            return call.say(plain(wording.ALL_REACHED))
        owing = sum(one.open_duties > 0 for one in found)
        shown = page_of(found, int(page or 1), size=_PAGE)
        told = []
        for number, one in enumerate(shown.items, shown.first):
            # Each part under its heading, which is said anew on each page.
            if number in (shown.first, owing + 1):
                owes = one.open_duties > 0
                told.append(wording.unreached_part(owes=owes, count=owing if owes else len(found) - owing))
            told.append(wording.unreached_line(number, one.agency.name, one.open_duties, one.why, one.numbers))
        if shown.remark:
            told.append(common.remark(shown.remark))
        export = (Action(label=wording.EXPORT, command="xuất không liên hệ"),)
        buttons = (*turning(shown, lambda turned: f"/khonglienhe trang {turned}"), export)
        await call.turn(session, Message(paragraphs=tuple(told), actions=buttons), topic=_UNREACHED)


async def _named(session: AsyncSession, text: str) -> Agency | None:
    """The agency of this code, name or short name."""
    agencies = [one for one in await list_agencies(session) if one.kind != GROUP]
    stored, wanted = {one.code: one for one in agencies}, _key(text)
    entries = registry_of(agencies).agencies
    layers = ([(one.code, (one.code,)) for one in entries], [(one.code, (one.name,)) for one in entries])
    for named in (*layers, [(one.code, one.short_names) for one in entries]):
        codes = {code for code, names in named if code in stored and any(_key(name) == wanted for name in names)}
        if len(codes) == 1:
            return stored[codes.pop()]
    return None


def _key(text: str) -> str:
    return " ".join(tokens_of(fold(text).strip(" ?.!")).words)


async def _show(session: AsyncSession, call: Call, agency: Agency) -> None:
    day = local_day(call.now)
    one = next((found for found in await list_answering(session, day) if found.agency.code == agency.code), None)
    if one is None:
        one = Answering(agency, 0, (), (), False)
    people = [*one.focal_points, *((person, person.left_out(day)) for person in one.others)]
    accounts = [person.account for person, _ in people]
    channels: Sequence[str] = [CHANNELS.get(account.channel, account.channel) if account else "" for account in accounts]
    told = wording.agency_staff(agency.name, people, channels, one.open_duties)
    hint = (line(), common.remark(wording.ARRANGE_HOW)) if people else ()
    call.say(Message(paragraphs=(*told, *hint)))
