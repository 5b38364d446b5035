"""Every night: what the documents ask for next is proposed, what nobody confirmed in time is forgotten, and what was confirmed
and comes back goes on by itself."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from sqlalchemy.ext.asyncio import AsyncSession

from db.current import CurrentFact, load_current
from db.deadlines import Recurrence
from db.documents import DocumentState
from db.duties import Duty, DutyOutcome, DutyState, add_duties, fingerprint_of, get_duties, list_recurring, lock_duties, words_of
from db.engine import Database
from db.periodic import begin_notice, last_made
from handlers.duties.proposing import propose_from_documents
from handlers.duties.series import REMEMBERED, Series, is_over_with
from knowledge.dates import due_at
from scheduler import course
from scheduler.calendar import Period, at_local, local_day, period_of, periods_from
from scheduler.course import By, Rules

_KIND = "renewal"
_DAY = dt.timedelta(days=1)
_LONGEST_FIRST = sorted(Recurrence, key=list(Recurrence).index, reverse=True)


@dataclass(slots=True)
class Renewed:
    """What a night did: duties proposed, proposals forgotten, turns opened."""

    proposed: int = 0
    forgotten: int = 0
    continued: int = 0


async def renew(database: Database, rules: Rules, *, now: dt.datetime, anchor: dt.date | None) -> Renewed:
    """Bring what comes back up to this day, in one transaction. Twice, late, or in two processes at once: the same outcome."""
    async with database.write() as session:
        # One after the other: a second process finds nothing left to do.
        await lock_duties(session)
        proposed = await propose_from_documents(session, now=now, anchor=anchor)
        forgotten = await _forget_over(session, local_day(now))
        continued = await _continue_all(session, rules, now, anchor)
        await begin_notice(session, _KIND, _turned_on(local_day(now), anchor), now=now)
    return Renewed(len(proposed), forgotten, continued)


async def next_renewal(session: AsyncSession, anchor: dt.date | None) -> dt.datetime:
    """From when there may be something to do, as things stand: when the next period of anything begins."""
    latest = await last_made(session, _KIND)
    if latest is None:
        return dt.datetime.min.replace(tzinfo=dt.UTC)
    return at_local(min(one.last for one in _shortest(latest, anchor)) + _DAY, dt.time())


def _turned_on(day: dt.date, anchor: dt.date | None) -> dt.date:
    """The latest day up to this one on which a period of anything began."""
    return max(one.first for one in _shortest(day, anchor) if one.first <= day)


def _shortest(day: dt.date, anchor: dt.date | None) -> list[Period]:
    """The shortest periods that hold a day; all longer ones begin and end with a month."""
    return [one for value in (Recurrence.MONTH, Recurrence.TWO_WEEKS) if (one := period_of(value, day, anchor=anchor))]


async def _forget_over(session: AsyncSession, today: dt.date) -> int:
    """Drop what documents proposed for periods that are over: nobody wanted it, and the next is proposed. What somebody
    imported would not come again, so it waits."""
    over = [
        one
        for one in await list_recurring(session, since=today - REMEMBERED)
        if one.state is DutyState.PROPOSED
        and one.document_id is not None
        and one.rule.period_to is not None
        and one.rule.period_to < today
        and (one.last_day is None or one.last_day < today)
    ]
    for duty in over:
        await session.delete(duty)
    await session.flush()
    return len(over)


@dataclass(slots=True)
class _Known:
    """Every turn that there is, by what it is a turn of; and the days on which an agency owes the same task anyhow."""

    turns: dict[Series, list[Duty]] = field(default_factory=dict)
    taken: defaultdict[Series, set[dt.date]] = field(default_factory=lambda: defaultdict(set))
    parents: Mapping[int, Duty] = field(default_factory=dict)

    def add(self, duty: Duty) -> None:
        series = Series.of(duty)
        self.turns.setdefault(series, []).append(duty)
        if duty.rule.last_day is not None:
            self.taken[series.any_rhythm()].add(duty.rule.last_day)


async def _continue_all(session: AsyncSession, rules: Rules, now: dt.datetime, anchor: dt.date | None) -> int:
    """Open the turns up to the next period of everything that was confirmed and goes on; how many."""
    known = _Known()
    for duty in await list_recurring(session, since=local_day(now) - REMEMBERED):
        known.add(duty)
    all_turns = [one for turns in known.turns.values() for one in turns]
    known.parents = await get_duties(session, {one.parent_id for one in all_turns if one.parent_id is not None})
    spans = await _load_spans(session)
    opened = 0
    # Where several periods end on one day the longest stands for them.
    for series in sorted(known.turns, key=lambda one: _LONGEST_FIRST.index(one.recurrence or Recurrence.AD_HOC)):
        opened += await _continue(session, series, known, spans, rules, now, anchor)
    for series, turns in known.turns.items():
        await _close_groups(session, series, turns, rules, now)
    return opened


async def _continue(
    session: AsyncSession, series: Series, known: _Known, spans: _Spans, rules: Rules, now: dt.datetime, anchor: dt.date | None
) -> int:
    turns = sorted((one for one in known.turns[series] if one.rule.last_day is not None), key=_day_of)
    confirmed = [one for one in turns if one.confirmed_at is not None]
    if not confirmed or is_over_with(turns) or not confirmed[-1].repeats:
        return 0
    latest = confirmed[-1]
    parent = known.parents.get(latest.parent_id or 0)
    if parent is not None and is_over_with(known.turns.get(Series.of(parent), [])):
        return 0
    goes_on, until = spans.of(latest)
    if not goes_on:
        return 0
    opened, by = 0, By(None, now)
    there = {one.rule.period_to: one for one in turns}
    for period in _periods_after(latest, local_day(now), until, anchor):
        turn = there.get(period.last)
        if turn is None:
            new = _next_turn(latest, period)
            if new.rule.last_day in known.taken[series.any_rhythm()]:
                continue
            (turn,) = await add_duties(session, [new]) or (None,)
            if turn is None:
                continue
            known.add(turn)
            group = _group_of(latest, known, period)
            turn.parent_id = group.id if group else latest.parent_id
        if turn.state is DutyState.PROPOSED:
            await course.carry_on(session, turn, latest, rules, by)
            opened += 1
    return opened


def _periods_after(latest: Duty, today: dt.date, until: dt.date | None, anchor: dt.date | None) -> Iterator[Period]:
    """The periods that come after a turn's, up to the next one from today; none that was over before it was confirmed."""
    recurrence, since = latest.rule.recurrence, latest.rule.period_to or latest.rule.last_day
    begins = latest.rule.anchor or anchor
    assert recurrence is not None and since is not None and latest.confirmed_at is not None
    ahead = periods_from(recurrence, today, 2, anchor=begins)
    day = since + _DAY
    while ahead and (period := period_of(recurrence, day, anchor=begins)) is not None and period.first <= ahead[-1].first:
        if until is not None and period.first > until:
            return
        if period.last >= local_day(latest.confirmed_at):
            yield period
        day = period.last + _DAY


def _next_turn(latest: Duty, period: Period) -> Duty:
    """The same duty for another period, at the same place in it: at its end, or as many days from its beginning."""
    rule = latest.rule
    assert rule.last_day is not None
    last = period.last
    if rule.period_from is not None and rule.period_to is not None and rule.last_day != rule.period_to:
        last = min(period.first + (rule.last_day - rule.period_from), period.last)
    changed = {"due_on": last, "inclusive": True, "last_day": last, "period_from": period.first, "period_to": period.last}
    words = words_of(latest.task)
    # As the document itself would propose it, so that it is not proposed besides.
    origin = (str(latest.document_id),) if latest.document_id is not None else ("turn", latest.source, str(rule.recurrence))
    return Duty(
        fingerprint=fingerprint_of(*origin, latest.clause, latest.agency_code, last.isoformat(), words),
        assignment_id=latest.assignment_id,
        document_id=latest.document_id,
        agency_code=latest.agency_code,
        clause=latest.clause,
        task=latest.task,
        source=latest.source,
        rule=rule.model_copy(update=changed),
        last_day=last,
        due_at=due_at(last),
        ladder=latest.ladder,
        proposed_at=latest.proposed_at,
    )


def _group_of(part: Duty, known: _Known, period: Period) -> Duty | None:
    """The group's own turn of that period, where the document proposed one."""
    parent = known.parents.get(part.parent_id or 0)
    turns = known.turns.get(Series.of(parent), []) if parent is not None else []
    return next((one for one in turns if one.rule.period_to == period.last), None)


async def _close_groups(session: AsyncSession, series: Series, turns: Iterable[Duty], rules: Rules, now: dt.datetime) -> None:
    """A group that was divided once goes on in its parts: its later turns are not asked for again."""
    divided = [one for one in turns if one.outcome is DutyOutcome.SPLIT and one.rule.last_day is not None]
    first = min(map(_day_of, divided), default=None)
    ahead = periods_from(series.recurrence, local_day(now), 2) if series.recurrence else []
    for turn in turns:
        is_later = first is not None and turn.rule.last_day is not None and turn.rule.last_day > first
        is_due = bool(ahead) and turn.rule.period_from is not None and turn.rule.period_from <= ahead[-1].first
        if turn.state is DutyState.PROPOSED and is_later and is_due:
            await course.close(session, turn, DutyOutcome.SPLIT, rules, By(None, now))


def _day_of(duty: Duty) -> dt.date:
    assert duty.rule.last_day is not None
    return duty.rule.last_day


@dataclass(frozen=True, slots=True)
class _Spans:
    """What the documents in force still ask for."""

    in_force: frozenset[int]
    by_id: Mapping[int, CurrentFact]
    by_words: Mapping[tuple[int, str, str], CurrentFact]
    by_clause: Mapping[tuple[int, str], CurrentFact]

    def of(self, duty: Duty) -> tuple[bool, dt.date | None]:
        """Whether a duty is still asked for, and the end of the span that its document prints for it."""
        if duty.document_id is None:
            return True, None
        place = (duty.document_id, duty.clause)
        # A newer text of the document has facts of its own; words that a person corrected are found by their place.
        found = self.by_id.get(duty.assignment_id or 0) or self.by_words.get((*place, words_of(duty.task))) or self.by_clause.get(place)
        if duty.document_id not in self.in_force or found is None:
            return False, None
        return True, found.fields["period_to"]


async def _load_spans(session: AsyncSession) -> _Spans:
    current = await load_current(session)
    documents = {one.version_id: one.id for one in current.documents if one.state is DocumentState.IN_FORCE}
    facts = [(documents[one.version_id], one) for one in current.assignments if one.version_id in documents]
    return _Spans(
        frozenset(documents.values()),
        {one.id: one for _, one in facts},
        {(document, one.fields["clause"], words_of(one.fields["task"])): one for document, one in facts},
        {(document, one.fields["clause"]): one for document, one in facts},
    )
