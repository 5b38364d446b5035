"""`/tiendo`: how the plan stands, for the whole province or one agency; counts, what is worst, lists, a picture."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from db.documents import list_documents
from db.files import SavedFile, add_file, save_file
from db.messages import Action, Attachment, Message, plain
from db.people import Agency, list_agencies
from db.progress import Scope, Standing, Stood, count_standings, list_next_due, list_standings
from handlers.call import Call
from handlers.duties.proposing import source_name
from handlers.paging import page_of, rows_of, turning
from handlers.permissions import sees_every_agency
from handlers.progress.asked import Asked, NotUnderstood, read_asked
from handlers.progress.chart import draw_progress
from handlers.wording import progress as wording
from scheduler.calendar import local_day
from scheduler.progress import DONE, Counts, sum_counts, worst_first
from scheduler.wording.progress import STANDINGS, DutyLine, reported_words

_TOPIC = "progress"
_WORST, _COMING = 5, 3  # duties of the first message
_PAGE, _AGENCIES = 6, 10  # of a list
_DRAWN = 8  # from more duties than these the first message comes with its picture
_CALLING_FOR = (Standing.OVERDUE, Standing.OBSTACLE)


@dataclass(frozen=True, slots=True)
class View:
    """What was asked for, by somebody who may see it, with the names for it."""

    asked: Asked
    agencies: Mapping[str, Agency]
    document: str
    is_wide: bool  # several agencies: each duty is shown with its own

    @property
    def scope_words(self) -> str:
        return wording.scope_words(self.asked.agency.name if self.asked.agency else "", self.asked.period, self.document)

    def agency_name(self, code: str) -> str:
        return self.agencies[code].name if code in self.agencies else code


async def show_progress(call: Call, typed: str | None = None) -> None:
    """«/tiendo», «/tiendo STC quý 1 quá hạn trang 2», «/tiendo biểu đồ»."""
    try:
        view = await look_at(call, typed or "")
    except NotUnderstood as problem:
        async with call.finish():
            return call.say(plain(str(problem)))
    if view.asked.chart:
        return await _show_chart(call, view)
    if view.asked.by_agency:
        return await _show_agencies(call, view)
    if view.asked.states:
        return await _show_list(call, view)
    await _show_summary(call, view)


async def look_at(call: Call, typed: str) -> View:
    """What somebody asks to see, narrowed to what they may. Raises NotUnderstood with the words to answer with."""
    async with call.assistant.database.read() as session:
        agencies = {one.code: one for one in await list_agencies(session)}
        asked = read_asked(typed, list(agencies.values()), local_day(call.now))
        documents = {one.id: one for one in await list_documents(session)} if asked.document_id else {}
    own = agencies.get(call.contact.agency_code or "") if call.contact else None
    if not sees_every_agency(call.person):
        if own is None:
            raise NotUnderstood(wording.NO_AGENCY)
        if asked.agency is not None and asked.agency.code != own.code:
            call.is_allowed = False
            raise NotUnderstood(wording.OWN_AGENCY_ONLY.format(agency=own.name))
        asked = asked.with_(agency=own, by_agency=False, chart=False, page=asked.page)
    if asked.document_id and asked.document_id not in documents:
        raise NotUnderstood(wording.NO_DOCUMENT.format(number=asked.document_id))
    return View(asked, agencies, source_name(documents[asked.document_id]) if asked.document_id else "", asked.agency is None)


async def _show_summary(call: Call, view: View) -> None:
    scope, at = view.asked.scope, call.now
    async with call.assistant.database.read() as session:
        counted = await count_standings(session, scope, at)
        worst = await list_standings(session, _only(scope, _CALLING_FOR), at, limit=_WORST)
        coming = await list_next_due(session, scope, at, limit=_COMING)
    counts = sum_counts(counted.values())
    shown = [duty_line(one, view.agency_name(one.duty.agency_code)) for one in worst]
    # What is shown as an obstacle need not come again as what is due next.
    known = {one.code for one in shown}
    next_ones = [line for one in coming if (line := duty_line(one, view.agency_name(one.duty.agency_code))).code not in known]
    told = wording.summary(view.scope_words, counts, shown, next_ones, at=at, today=local_day(at), names_agency=view.is_wide)
    message = Message(paragraphs=told, actions=_summary_buttons(view, counts, [*shown, *next_ones], is_several=len(counted) > 1))
    # A tap turns a message; what is typed may bring the picture along.
    brings = call.incoming.pressed is None and len(counted) > 1 and counts.total > _DRAWN
    picture = await _picture(call, view, counted) if brings else None
    async with call.finish() as session:
        await call.turn(session, message, topic=_TOPIC)
        if picture is not None:
            await add_file(session, picture.saved, now=call.now)
            call.say(picture.message)


async def _show_list(call: Call, view: View) -> None:
    async with call.assistant.database.read() as session:
        counts = sum_counts((await count_standings(session, view.asked.scope, call.now)).values())
        # Only a page is fetched: a list may hold the whole province.
        page = page_of(range(counts.total), view.asked.page, size=_PAGE)
        found = await list_standings(session, view.asked.scope, call.now, limit=_PAGE, offset=page.first - 1)
    shown = [duty_line(one, view.agency_name(one.duty.agency_code)) for one in found]
    told = wording.listed(
        view.scope_words,
        view.asked.states,
        counts.total,
        shown,
        page.remark,
        today=local_day(call.now),
        names_agency=view.is_wide,
    )
    actions = (*_codes(shown), *turning(page, lambda number: view.asked.command(page=number)), *_up(view))
    async with call.finish() as session:
        await call.turn(session, Message(paragraphs=told, actions=actions), topic=_TOPIC)


async def _show_agencies(call: Call, view: View) -> None:
    async with call.assistant.database.read() as session:
        counted = await count_standings(session, view.asked.scope, call.now)
    ranked = worst_first(counted)
    page = page_of(ranked, view.asked.page, size=_AGENCIES)
    rows = [(view.agency_name(code), counts) for code, counts in page.items]
    told = wording.by_agency(view.scope_words, rows, len(ranked), page.remark, at=call.now)
    chosen = [view.asked.with_(agency=view.agencies[code], by_agency=False) for code, _ in page.items if code in view.agencies]
    buttons = [Action(label=one.agency.code[:64], command=one.command()) for one in chosen if one.agency and one.fits()]
    actions = (*rows_of(buttons, 5), *turning(page, lambda number: view.asked.command(page=number)), *_up(view))
    async with call.finish() as session:
        await call.turn(session, Message(paragraphs=told, actions=actions), topic=_TOPIC)


async def _show_chart(call: Call, view: View) -> None:
    async with call.assistant.database.read() as session:
        counted = await count_standings(session, view.asked.scope, call.now)
    picture = await _picture(call, view, counted) if len(counted) > 1 else None
    async with call.finish() as session:
        if picture is None:
            return call.say(plain(wording.NOTHING_TO_DRAW))
        await add_file(session, picture.saved, now=call.now)
        call.say(picture.message)


@dataclass(frozen=True, slots=True)
class _Picture:
    saved: SavedFile
    message: Message


async def _picture(call: Call, view: View, counted: Mapping[str, Mapping[Standing, int]]) -> _Picture:
    """The picture, on disk and in the message that carries it; drawn in a thread, since others wait for the loop."""
    rows = [(view.agency_name(code), counts) for code, counts in worst_first(counted)]
    png = await asyncio.to_thread(draw_progress, rows, view.scope_words, call.now)
    saved = await asyncio.to_thread(save_file, call.assistant.files_folder, png)
    attachment = Attachment(sha256=saved.sha256, file_name=wording.CHART_NAME, size=saved.size, is_picture=True)
    return _Picture(saved, Message(paragraphs=wording.picture(view.scope_words, call.now), attachments=(attachment,)))


def duty_line(one: Stood, agency: str) -> DutyLine:
    """A duty as a message shows it."""
    reported = reported_words(one.status, one.percent)
    return DutyLine(one.duty.code, agency, one.duty.task, one.duty.last_day, one.standing, reported)


def _summary_buttons(view: View, counts: Counts, shown: Sequence[DutyLine], *, is_several: bool) -> tuple[tuple[Action, ...], ...]:
    states: list[tuple[str, tuple[Standing, ...], int]] = [(STANDINGS[one], (one,), counts.of(one)) for one in Standing if one not in DONE]
    states.append((wording.DONE, DONE, counts.done))
    lists = [_action(f"{label} · {count}", view.asked.with_(states=chosen)) for label, chosen, count in states if count]
    others = [_action(wording.BY_AGENCY, view.asked.with_(by_agency=True)), _action(wording.CHART, view.asked.with_(chart=True))]
    others = others if is_several else []
    return (*_codes(shown), *rows_of([one for one in lists if one], 3), *rows_of([one for one in others if one], 2))


def _action(label: str, asked: Asked) -> Action | None:
    return Action(label=label, command=asked.command()) if asked.fits() else None


def _codes(shown: Sequence[DutyLine]) -> tuple[tuple[Action, ...], ...]:
    return rows_of([Action(label=one.code, command=one.code) for one in shown], 4)


def _up(view: View) -> tuple[tuple[Action, ...], ...]:
    up = _action(wording.SUMMARY, view.asked.with_(states=(), by_agency=False))
    return ((up,),) if up else ()


def _only(scope: Scope, states: tuple[Standing, ...]) -> Scope:
    return replace(scope, states=states)
