"""How the plan stands over a period, as a file and in figures."""

from __future__ import annotations

import argparse
import sys

from bot import wording
from bot.commands.opening import clock_of, opened, print_json
from bot.settings import Settings


async def progress(settings: Settings, options: argparse.Namespace) -> int:
    from db.people import list_agencies
    from handlers.progress.asked import named_agency
    from handlers.progress.rows import report_row
    from scheduler.calendar import Period
    from scheduler.report import load_report
    from scheduler.wording.progress import as_of, count_lines, period_words

    async with opened(settings) as database:
        clock = await clock_of(settings, database)
        async with database.read() as session:
            agency = None
            if options.agency is not None:
                agency = named_agency(options.agency, await list_agencies(session))
                if agency is None:
                    print(wording.NO_SUCH_AGENCY.format(words=options.agency, nearest=""), file=sys.stderr)
                    return 1
            report = await load_report(session, Period(options.first, options.last), now=clock(), agency=agency)
    if options.out is not None:
        from scheduler.report_docx import write_docx
        from scheduler.report_xlsx import write_xlsx

        write = write_docx if options.out.suffix.lower() == ".docx" else write_xlsx
        options.out.write_bytes(write(report))
    if options.json:
        for row in report.rows:
            print_json(report_row(row))
        return 0
    period = period_words(report.period.first, report.period.last)
    print(wording.PROGRESS_OF.format(period=period, count=report.counts.total, as_of=as_of(report.at)))
    for line in count_lines(report.counts):
        print(f"  {line.text}")
    if report.silent:
        print(wording.PROGRESS_SILENT.format(count=len(report.silent)))
    if options.out is not None:
        print(wording.PROGRESS_WRITTEN.format(path=options.out))
    return 0
