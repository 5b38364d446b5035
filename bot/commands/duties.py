"""Duties and the reminders they call for."""

from __future__ import annotations

import argparse
import sys

from bot import wording
from bot.commands.opening import clock_of, opened, print_json
from bot.settings import Settings


async def duties(settings: Settings, options: argparse.Namespace) -> int:
    from bot.assistant import rules_of
    from db.duties import parse_duty_code
    from handlers.duties.confirming import confirm_duties
    from handlers.duties.proposing import describe_duties
    from scheduler.course import By

    async with opened(settings) as database:
        if options.action == "confirm":
            clock = await clock_of(settings, database)
            async with database.write() as session:
                asked = None if options.all else options.codes
                opened_duties = await confirm_duties(session, asked, rules_of(settings), By(None, clock()))
                confirmed = [one.code for one in opened_duties]
                done = {one.parent_id or one.id for one in opened_duties}
            if confirmed:
                print(wording.CONFIRMED.format(count=len(confirmed), codes=", ".join(confirmed)))
            elif options.all:
                print(wording.NOTHING_PROPOSED)
            others = [code for code in options.codes if parse_duty_code(code) not in done]
            if others and not options.all:
                print(wording.NOT_PROPOSED.format(codes=", ".join(others)), file=sys.stderr)
                return 1
            return 0
        async with database.read() as session:
            rows = await describe_duties(session)
    for row in rows:
        print_json(row) if options.json else print(wording.duty_line(row))
    return 0


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
