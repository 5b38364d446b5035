"""Duties and the reminders they call for."""

from __future__ import annotations

import argparse
import sys

from bot import wording
from bot.commands.opening import clock_of, opened, print_json
from bot.settings import Settings


async def duties(settings: Settings, options: argparse.Namespace) -> int:
    from db.duties import confirm_duties, parse_duty_code
    from handlers.duties import describe_duties

    async with opened(settings) as database:
        if options.action == "confirm":
            clock = await clock_of(settings, database)
            async with database.write() as session:
                confirmed = await confirm_duties(session, None if options.all else options.codes, now=clock())
            if confirmed:
                print(wording.CONFIRMED.format(count=len(confirmed), codes=", ".join(confirmed)))
            elif options.all:
                print(wording.NOTHING_PROPOSED)
            others = [code for code in options.codes if f"PV{parse_duty_code(code)}" not in confirmed]
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
    from handlers.duties import preview_reminders, reminder_line
    from scheduler.ladder import parse_ladder

    async with opened(settings) as database, database.read() as session:
        reminders = await preview_reminders(session, options.at, ladder=parse_ladder(settings.ladder))
    if not reminders and not options.json:
        print(wording.NO_REMINDERS)
    for reminder in reminders:
        row = reminder_line(reminder)
        print_json(row) if options.json else print(wording.reminder_text(row))
    return 0
