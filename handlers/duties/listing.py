"""«/giaoviec»: the duties that wait for a person's confirmation, by document and clause."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty, DutyState, list_duties
from db.messages import Action, Message, plain
from db.people import list_agencies
from handlers.call import Call
from handlers.paging import page_of, rows_of, shorten, turning
from handlers.wording import duties as wording
from scheduler.calendar import local_day

PAGE = 8
# Of the same kind as the cards that are opened from it.
TOPIC = "proposal:list"


async def show_list(call: Call, page: str | None = None) -> None:
    """«/giaoviec», «/giaoviec trang 2»: a page of what is proposed, in place of the message whose button was tapped."""
    async with call.finish() as session:
        message = await list_message(session, int(page or 1), today=local_day(call.now))
        await call.turn(session, message, topic=TOPIC)


async def list_message(session: AsyncSession, asked: int, *, today: dt.date) -> Message:
    """A page of the list with its buttons; the nearest where there is none of that number."""
    proposed = await list_duties(session, DutyState.PROPOSED)
    if not proposed:
        return plain(wording.NO_PROPOSALS)
    names = {one.code: one.name for one in await list_agencies(session)}
    page = page_of(in_order(proposed), asked, size=PAGE)
    counts = Counter(one.source for one in proposed)
    rows = []
    for (source, clause, task, _), group in groupby(page.items, lambda one: (one.source, one.clause, one.task, one.last_day is None)):
        duties = [
            wording.ListedDuty(one.code, names.get(one.agency_code, one.agency_code), one.last_day, one.rule.recurrence is not None)
            for one in group
        ]
        rows.append((wording.Heading(source, counts[source], clause, task), duties))
    undated = sum(one.last_day is None for one in proposed)
    told = wording.proposal_list(len(proposed), undated, rows, page=page.number, pages=page.count, today=today)
    opened = rows_of([Action(label=one.code, command=f"xem {one.code}") for one in page.items], 4)
    documents = {one.document_id or 0: one.source for one in page.items}
    whole = tuple(
        (
            Action(
                label=shorten(f"Xem trước cả {counts[source]}: {source or wording.OTHER_SOURCE}", 64), command=f"xác nhận văn bản {number}"
            ),
        )
        for number, source in documents.items()
    )
    return Message(paragraphs=told, actions=(*opened, *turning(page, lambda turned: f"/giaoviec trang {turned}"), *whole))


def in_order(duties: Sequence[Duty]) -> list[Duty]:
    """Document by document and clause by clause, those with the soonest day first; what has no day comes last."""
    dated = [one for one in duties if one.last_day is not None]
    documents, clauses = dict[object, dt.date](), dict[object, dt.date]()
    for one in dated:
        assert one.last_day is not None
        documents[one.source] = min(documents.get(one.source, one.last_day), one.last_day)
        clauses[_clause(one)] = min(clauses.get(_clause(one), one.last_day), one.last_day)
    dated.sort(key=lambda one: (documents[one.source], one.source, clauses[_clause(one)], one.clause, one.task, one.last_day, one.id))
    undated = sorted((one for one in duties if one.last_day is None), key=lambda one: (one.source, one.clause, one.task, one.id))
    return dated + undated


def _clause(duty: Duty) -> tuple[str, str, str]:
    return duty.source, duty.clause, duty.task
