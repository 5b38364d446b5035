"""Duties and the reminders they call for."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot import wording
from bot.commands.opening import clock_of, opened, print_json
from bot.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from db.duties import Duty
    from db.engine import Database
    from db.people import Agency
    from scheduler.course import By, Rules


async def duties(settings: Settings, options: argparse.Namespace) -> int:
    async with opened(settings) as database:
        match options.action:
            case "list":
                return await _list(database, options)
            case "confirm":
                return await _confirm(settings, database, options)
            case "import":
                return await _import(settings, database, options)
            case "template":
                from handlers.duties.importing import write_template

                write_template(options.file)
                print(wording.TEMPLATE_WRITTEN.format(path=options.file))
                return 0
            case _:
                return await _change(settings, database, options)


async def _list(database: Database, options: argparse.Namespace) -> int:
    from handlers.duties.proposing import describe_duties

    async with database.read() as session:
        rows = await describe_duties(session)
    for row in rows:
        print_json(row) if options.json else print(wording.duty_line(row))
    return 0


async def _confirm(settings: Settings, database: Database, options: argparse.Namespace) -> int:
    from bot.assistant import rules_of
    from db.duties import DutyState, list_duties, parse_duty_code
    from handlers.duties.confirming import confirm_duties
    from handlers.duties.foreseeing import foresee
    from handlers.wording.duties import code_ranges, foreseen_lines
    from scheduler.course import By

    at = options.at or (await clock_of(settings, database))()
    asked = {parse_duty_code(code) for code in options.codes}
    async with database.read() as session:
        proposed = [one for one in await list_duties(session, DutyState.PROPOSED) if options.all or one.id in asked]
        if options.preview and proposed:
            foreseen = await foresee(session, proposed, rules_of(settings), now=at)
            print("\n".join(one.text for one in foreseen_lines(foreseen)))
    if not options.preview:
        async with database.write() as session:
            confirmed = await confirm_duties(session, [one.code for one in proposed], rules_of(settings), By(None, at))
        if confirmed:
            print(wording.CONFIRMED.format(count=len(confirmed), codes=code_ranges([one.id for one in confirmed])))
    if options.all and not proposed:
        print(wording.NOTHING_PROPOSED)
    found = {one.id for one in proposed}
    others = [code for code in options.codes if parse_duty_code(code) not in found]
    if others and not options.all:
        print(wording.NOT_PROPOSED.format(codes=", ".join(others)), file=sys.stderr)
        return 1
    return 0


async def _import(settings: Settings, database: Database, options: argparse.Namespace) -> int:
    from bot.assistant import rules_of
    from bot.commands.people import report_import
    from handlers.duties.importing import UnreadableList, import_duties

    now = await clock_of(settings, database)
    try:
        imported = await import_duties(
            database,
            options.file,
            rules_of(settings),
            now=now(),
            anchor=settings.report_anchor,
            skip_bad=options.skip_bad,
            is_open=options.open,
        )
    except UnreadableList as error:
        print(error.reason, file=sys.stderr)
        return 2
    return report_import(imported, as_json=options.json)


async def _change(settings: Settings, database: Database, options: argparse.Namespace) -> int:
    """What is done to one duty; 2 for what cannot be understood, 1 for what cannot be done."""
    from bot.assistant import rules_of
    from db.audit import AuditEntry, add_entry
    from handlers.duties.changing import NotDone
    from handlers.wording.duties import code_ranges
    from scheduler.course import By

    by = By(None, (await clock_of(settings, database))(), getattr(options, "reason", ""))
    try:
        async with database.write() as session:
            changed, told = await _do(session, options, rules_of(settings), by, settings)
            codes = code_ranges([one.id for one in changed])
            await add_entry(session, AuditEntry(at=by.at, action=f"duty_{options.action}", subject=f"duties:{codes}"[:200]))
    except _NotUnderstood as error:
        print(error, file=sys.stderr)
        return 2
    except NotDone as error:
        print(error.reason, file=sys.stderr)
        return 1
    print(wording.DUTY_DONE[options.action].format(count=len(changed), codes=codes, **told))
    return 0


class _NotUnderstood(Exception):
    """What was typed names no duty, agency or day; the message is Vietnamese."""


async def _do(
    session: AsyncSession, options: argparse.Namespace, rules: Rules, by: By, settings: Settings
) -> tuple[Sequence[Duty], dict[str, str]]:
    """The duties that were changed, and what the sentence about it needs."""
    from db.duties import find_duty
    from handlers.duties import changing
    from handlers.duties.correcting import MOST_TASK
    from handlers.duties.days import read_recurrence, read_rule, with_rhythm
    from handlers.duties.making import make_duties
    from handlers.wording.duties import MAKE_NO_TASK, TASK_TOO_LONG, day
    from scheduler.calendar import local_day

    today = local_day(by.at)
    rule = read_rule(options.due, today) if options.action in ("add", "move") else None
    if options.action in ("add", "move") and (rule is None or rule.last_day is None):
        raise _NotUnderstood(wording.BAD_DAY.format(words=options.due))
    agencies = await _agencies(session, options.agency) if options.action in ("add", "give") else []
    if options.action == "add":
        assert rule is not None
        task = " ".join(options.task.split())
        if not task:
            raise _NotUnderstood(MAKE_NO_TASK.strip())
        if len(task) > MOST_TASK:
            raise _NotUnderstood(TASK_TOO_LONG.format(limit=MOST_TASK, length=len(task)))
        rule = with_rhythm(rule, read_recurrence(task), today, settings.report_anchor)
        made = await make_duties(
            session, agencies, task, rule, rules, by, source=f"Phân công trực tiếp ngày {day(today)}", token=f"command line {today}"
        )
        if not made:
            raise changing.NotDone(wording.DUTY_THERE)
        return made, {}
    duty = await find_duty(session, options.code)
    if duty is None:
        raise _NotUnderstood(wording.NO_SUCH_DUTY.format(code=options.code))
    match options.action:
        case "move":
            assert rule is not None and rule.last_day is not None
            return (await changing.move_duty(session, duty, rule.last_day, rules, by)).duties, {"day": day(rule.last_day)}
        case "close":
            return (await changing.close_duty(session, duty, rules, by)).duties, {}
        case "reopen":
            return (await changing.reopen_duty(session, duty, rules, by)).duties, {}
        case "give":
            if len(agencies) != 1:
                raise _NotUnderstood(wording.NO_SUCH_AGENCY.format(words=options.agency, nearest=""))
            return (await changing.give_duty(session, duty, agencies[0], rules, by)).duties, {"agency": agencies[0].name}
        case _:
            return (await changing.set_ladder(session, duty, _offsets(options.days), rules, by)).duties, {}


def _offsets(words: Sequence[str]) -> tuple[int, ...] | None:
    from knowledge.text import fold

    text = " ".join(words).strip()
    if fold(text) == "nhu thuong":
        return None
    if not re.fullmatch(r"[+-]?\d{1,3}(?:\s*,\s*[+-]?\d{1,3})*", text):
        raise _NotUnderstood(wording.BAD_LADDER)
    return tuple(sorted({int(one) for one in text.replace(" ", "").split(",")}))


async def _agencies(session: AsyncSession, words: str) -> list[Agency]:
    from handlers.duties.naming import join_names, load_names

    found = []
    for named in (await load_names(session)).find_all(words):
        if named.agency is None:
            nearest = f" (gần nhất: {join_names(named.choices)})" if named.choices else ""
            raise _NotUnderstood(wording.NO_SUCH_AGENCY.format(words=named.words, nearest=nearest))
        found.append(named.agency)
    if not found:
        raise _NotUnderstood(wording.NO_SUCH_AGENCY.format(words=words, nearest=""))
    return found


async def remind(settings: Settings, options: argparse.Namespace) -> int:
    from bot.assistant import rules_of
    from handlers.duties.proposing import reminder_line
    from scheduler.preview import preview_reminders

    async with opened(settings) as database, database.read() as session:
        reminders = await preview_reminders(session, options.at, rules_of(settings))
    if not reminders and not options.json:
        print(wording.NO_REMINDERS)
    for reminder in reminders:
        row = reminder_line(reminder)
        print_json(row) if options.json else print(wording.reminder_text(row))
    return 0


async def tick(settings: Settings, options: argparse.Namespace) -> int:
    """Everything that an instant brings, once; what it says is left for the sender."""
    from bot.assistant import rules_of
    from bot.ticks import make_ticks
    from scheduler.backdating import confirm_before

    async with opened(settings) as database:
        async with database.write() as session:
            await confirm_before(session, options.at, rules_of(settings))
        for one in make_ticks(settings, database):
            if one.is_for_start:
                await one.run(options.at)
    print(wording.TICKED.format(at=options.at.isoformat()))
    return 0
