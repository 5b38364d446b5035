"""Five months day by day, over the year's end and Tết, with a province's agencies and the bundled digest's duties.

The whole record (who, what, when, why) is held against a second opinion that shares no line with the scheduler, and, for
people to read, against `tests/expected/walk.txt` (`WRITE_EXPECTED=1` writes it anew).
"""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.deadlines import Recurrence
from db.duties import Awaited, Duty, DutyOutcome, DutyState, Pause, list_duties
from db.engine import Database, open_database
from db.nudges import Nudge, NudgeState
from db.outbox import OutboxRow, OutboxState
from db.people import Contact
from db.reports import Extension, ExtensionState, Status, StatusReport, add_report, list_extensions
from handlers.duties.confirming import confirm_duties
from scheduler import course
from scheduler.course import By
from scheduler.nudging import contact_of, note_outcome, revise
from scheduler.planner import plan_nudges
from scheduler.reach import lose_chat
from tests import province
from tests.conftest import temporary_database
from tests.planning import RULES, local
from tests.test_sender import BOT, CHANNEL
from tests.walk_oracle import FIRST, LAST, ONE, Line, expected, works
from tests.walk_script import SCRIPT, Deed, Event

EXPECTED = Path(__file__).parent / "expected" / "walk.txt"
CONFIRMED = local("2025-12-01 09:00")


@pytest.fixture(scope="module")
def sqlite_province(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("province")
    shutil.copyfile(sqlite_template, folder / "ready.db")
    asyncio.run(_begin(f"sqlite:///{folder / 'ready.db'}", folder))
    return folder / "ready.db"


@pytest.fixture
def sqlite_url(sqlite_province: Path, tmp_path: Path) -> str:
    shutil.copyfile(sqlite_province, tmp_path / "walk.db")
    return f"sqlite:///{tmp_path / 'walk.db'}"


@pytest.fixture
def postgres_walk_url(postgres: psycopg.Connection[object], postgres_template: str, tmp_path: Path) -> Iterator[str]:
    for url in temporary_database(postgres, template=postgres_template):
        asyncio.run(_begin(url, tmp_path))
        yield url


async def _begin(url: str, folder: Path) -> None:
    """The registry, the digest, and everything that it proposes confirmed on the first morning."""
    database = open_database(url)
    await province.make_province(database, folder, now=local("2025-12-01 07:30"))
    async with database.write() as session:
        await confirm_duties(session, None, RULES, By(None, CONFIRMED))
    await database.close()


class Walker:
    """Moves a clock through the days: ticks at 08:00 and 14:00, sends at 08:10 and 14:10, and has people do what the script says."""

    def __init__(self, database: Database, *, ticks: int = 1, missed: Callable[[dt.date], bool] = lambda day: False) -> None:
        self.database, self.ticks, self.missed = database, ticks, missed
        self.duties: dict[tuple[str, dt.date], list[int]] = {}

    async def go(self) -> None:
        async with self.database.read() as session:
            found: defaultdict[tuple[str, dt.date], list[int]] = defaultdict(list)
            for one in await list_duties(session, DutyState.OPEN):
                if one.last_day is not None:
                    found[one.agency_code, one.last_day].append(one.id)
        self.duties = dict(found)
        day = FIRST
        while day <= LAST:
            for hour in ("08:00", "14:00") if day > FIRST else ("14:00",):
                await self._tick(day, hour)
                if hour == "08:00":
                    await self._script(day, "08:05", is_between=True)
                changed = any(one.on == day and one.is_between for one in SCRIPT)
                await self._send(local(f"{day} {hour[:2]}:10"), asks_again=changed)
            await self._script(day, "15:00", is_between=False)
            day += ONE

    async def _tick(self, day: dt.date, hour: str) -> None:
        if self.missed(day):
            return
        now = local(f"{day} {hour}")
        for number in range(self.ticks):
            await asyncio.gather(
                *(plan_nudges(self.database, RULES, now=now, holder=f"{one}", world=lambda: now, wait=False) for one in range(number + 1))
            )

    async def _send(self, now: dt.datetime, *, asks_again: bool) -> None:
        """As the sender does, without its pace: each message asked about once more (which is only worth its time where
        something happened meanwhile), then sent, or refused by who blocked us."""
        async with self.database.write() as session:
            waiting = select(OutboxRow).where(col(OutboxRow.state) == OutboxState.PENDING, col(OutboxRow.not_before) <= now)
            sent: list[int] = []
            for row in (await session.execute(waiting.order_by(col(OutboxRow.id)))).scalars().all():
                wanted = await revise(session, row, RULES, now=now) if asks_again else row.message
                if isinstance(wanted, dt.datetime):
                    row.not_before = wanted
                elif wanted is None:
                    await self._settle(session, row, OutboxState.DROPPED, "not wanted any more", now)
                elif row.recipient == f"Đầu mối {province.BLOCKED}":
                    await self._settle(session, row, OutboxState.FAILED, "blocked", now)
                    await lose_chat(session, CHANNEL, BOT, row.recipient, reason="blocked", now=now)
                else:
                    row.state, row.settled_at = OutboxState.SENT, now
                    sent.append(row.id)
            carried = update(Nudge).where(col(Nudge.message_id).in_(sent), col(Nudge.state) == NudgeState.PLANNED)
            await session.execute(carried.values(state=NudgeState.SENT, settled_at=now))

    async def _settle(self, session: AsyncSession, row: OutboxRow, state: OutboxState, reason: str, now: dt.datetime) -> None:
        row.state, row.reason, row.settled_at = state, reason, now
        await session.flush()
        await note_outcome(session, row, state, reason, now=now)

    async def _script(self, day: dt.date, hour: str, *, is_between: bool) -> None:
        events = [one for one in SCRIPT if one.on == day and one.is_between == is_between]
        if events:
            async with self.database.write() as session:
                for event in events:
                    ids = self.duties[event.agency, event.last_day]
                    for one in ids:
                        await _do(session, await session.get_one(Duty, one), event, By(None, local(f"{day} {hour}")))

    async def record(self) -> tuple[list[Line], Counter[tuple[dt.date, str]]]:
        """The whole record, and how many messages each person got on each day."""
        async with self.database.read() as session:
            names = {one.id: one.name for one in (await session.execute(select(Contact))).scalars()}
            nudges = (await session.execute(select(Nudge))).scalars().all()
            rows = (await session.execute(select(OutboxRow))).scalars().all()
        lines = [
            (_day(one.planned_at), names[one.contact_id], f"PV{one.duty_id}", one.rung, one.step.value, one.state.value, one.reason)
            for one in nudges
        ]
        messages = Counter((_day(row.created_at), row.recipient) for row in rows if contact_of(row) is not None)
        return sorted(lines), messages


async def _do(session: AsyncSession, duty: Duty, event: Event, by: By) -> None:
    def report(status: Status) -> StatusReport:
        return StatusReport(duty_id=duty.id, at=by.at, status=status, promised_on=event.until)

    match event.deed:
        case Deed.DONE:
            await add_report(session, report(Status.DONE))
            await course.close(session, duty, DutyOutcome.DONE, RULES, by)
        case Deed.REOPEN:
            await course.reopen(session, duty, RULES, by)
        case Deed.PROMISE:
            assert event.until is not None
            await add_report(session, report(Status.IN_PROGRESS))
            await course.pause(session, duty, event.until, Pause.PROMISE, RULES, by)
        case Deed.SNOOZE:
            assert event.until is not None
            await course.pause(session, duty, event.until, Pause.SNOOZE, RULES, by)
        case Deed.OBSTACLE:
            await add_report(session, report(Status.OBSTACLE))
        case Deed.ASK:
            assert event.until is not None
            session.add(Extension(duty_id=duty.id, asked_at=by.at, from_day=duty.last_day, asked_day=event.until))
            course.wait_for(duty, Awaited.EXTENSION, RULES, by.at)
        case Deed.GRANT | Deed.REFUSE:
            (asked,) = await list_extensions(session, [duty.id], state=ExtensionState.PENDING)
            asked.state = ExtensionState.GRANTED if event.deed is Deed.GRANT else ExtensionState.REFUSED
            course.decided(duty, RULES, by.at)
            if event.deed is Deed.GRANT:
                await course.move(session, duty, event.until, RULES, by)
        case Deed.NOT_OURS:
            await add_report(session, report(Status.NOT_OURS))
            course.wait_for(duty, Awaited.OWNER, RULES, by.at)
        case Deed.HAND_OVER:
            await course.hand_over(session, duty, event.to, RULES, by)


def _day(at: dt.datetime) -> dt.date:
    return (at + dt.timedelta(hours=7)).date()


async def opinion(database: Database) -> list[Line]:
    """What the oracle says to the duties that were opened."""
    async with database.read() as session:
        duties = await list_duties(session, DutyState.OPEN)
    short = (Recurrence.TWO_WEEKS, Recurrence.MONTH)
    return expected([(one.code, one.agency_code, one.last_day, one.rule.recurrence in short) for one in duties if one.last_day])


async def walk(url: str, **given: object) -> tuple[list[Line], list[Line], Counter[tuple[dt.date, str]]]:
    """The record, what the oracle expects, and the messages."""
    database = open_database(url)
    try:
        wanted = await opinion(database)
        walker = Walker(database, **given)  # type: ignore[arg-type]
        await walker.go()
        lines, messages = await walker.record()
    finally:
        await database.close()
    return lines, wanted, messages


def difference(lines: list[Line], wanted: list[Line]) -> str:
    extra, missing = sorted(set(lines) - set(wanted)), sorted(set(wanted) - set(lines))
    return "\n".join(["too much:", *map(str, extra[:15]), f"({len(extra)})", "missing:", *map(str, missing[:15]), f"({len(missing)})"])


def test_whole_record_of_the_walk_is_as_the_rules_say(sqlite_url: str) -> None:
    lines, wanted, messages = asyncio.run(walk(sqlite_url))
    assert lines == wanted, difference(lines, wanted)
    assert max(messages.values()) == 1
    assert set(messages) == {(line[0], line[1]) for line in lines if line[6] not in ("away", "silenced", "no_account", "off")}
    told = as_text(lines, asyncio.run(agencies_of(sqlite_url)))
    if os.environ.get("WRITE_EXPECTED"):
        EXPECTED.parent.mkdir(exist_ok=True)
        EXPECTED.write_text(told, "utf-8")
    assert told == EXPECTED.read_text("utf-8")


def test_walk_with_every_tick_twice_and_at_once_leaves_the_same_record_on_postgresql(postgres_walk_url: str) -> None:
    lines, wanted, messages = asyncio.run(walk(postgres_walk_url, ticks=2))
    assert lines == wanted, difference(lines, wanted)
    assert max(messages.values()) == 1


def test_walk_on_which_nothing_ran_three_days_out_of_four_sends_the_latest_steps_only(sqlite_url: str) -> None:
    """Who is told of what is some of what would have been told; and each standstill ends with the latest step of each duty."""

    def missed(day: dt.date) -> bool:
        return (day - FIRST).days % 4 != 0

    # As they were opened: some are handed over on the way.
    agencies = asyncio.run(agencies_of(sqlite_url))
    lines, wanted, messages = asyncio.run(walk(sqlite_url, missed=missed))
    assert max(messages.values()) == 1
    assert all(not missed(line[0]) and works(line[0]) for line in lines)
    per_duty = Counter((line[0], line[1], line[2], line[4]) for line in lines)
    assert max(per_duty.values()) == 1
    # Duties that nobody ever answered for.
    touched = {(event.agency, event.last_day) for event in SCRIPT}
    # Where somebody is reached at each step: of the others not every step leaves a line.
    reached = {code for code, *_ in agencies.items() if agencies[code][0] in {*province.DEPARTMENTS} - province.NOBODY}
    untouched = [code for code in sorted(reached & {line[2] for line in wanted}) if (agencies[code][0], agencies[code][2]) not in touched]
    assert len(untouched) > 60
    looked = [
        FIRST + ONE * count for count in range((LAST - FIRST).days + 1) if not missed(FIRST + ONE * count) and works(FIRST + ONE * count)
    ]
    for code in untouched:
        acted_on = sorted({(line[0], line[3]) for line in lines if line[2] == code})
        steps = sorted({(line[0], line[3]) for line in wanted if line[2] == code and line[0] <= looked[-1]})
        caught = {day: max((step for step in steps if step[0] <= day), default=None) for day in looked}
        latest = sorted({(min(day for day in looked if caught[day] == step), step[1]) for step in caught.values() if step is not None})
        assert acted_on == latest, code


async def agencies_of(url: str) -> dict[str, tuple[str, str, dt.date]]:
    """(agency, clause, last day as opened) of each duty, by code."""
    database = open_database(url)
    async with database.read() as session:
        duties = await list_duties(session)
    await database.close()
    return {one.code: (one.agency_code, one.clause, one.rule.last_day or dt.date.max) for one in duties}


def as_text(lines: list[Line], duties: dict[str, tuple[str, str, dt.date]]) -> str:
    """The record for people: a line for each morning, clause, step, part and outcome, with everybody it concerns."""
    grouped: defaultdict[tuple[dt.date, str, int, str, str, str], set[str]] = defaultdict(set)
    for day, person, code, rung, step, state, reason in lines:
        _, clause, _ = duties[code]
        grouped[day, clause, rung, step, state, reason].add(person)
    shown, last = [], None
    for (day, clause, rung, step, state, reason), people in sorted(grouped.items()):
        if day != last:
            shown.append(f"\n{day:%a %d/%m/%Y}")
        last = day
        outcome = state + (f" ({reason})" if reason else "")
        shown.append(f"  mục {clause} {rung:+d} {step} {outcome}: {_listed(people)}")
    return "\n".join(shown).lstrip("\n") + "\n"


def _listed(people: set[str]) -> str:
    """«Đầu mối X01 X02, Lãnh đạo SNV»"""
    by_part: defaultdict[str, list[str]] = defaultdict(list)
    for name in sorted(people):
        part, _, agency = name.rpartition(" ")
        by_part[part if agency in province.KNOWN else ""].append(agency if agency in province.KNOWN else name)
    return ", ".join(f"{part} {' '.join(names)}".strip() for part, names in sorted(by_part.items()))
