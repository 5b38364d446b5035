"""The command line: what it accepts. Each command loads only what it needs, so that an answer comes quickly."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from bot import wording


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit status. Problems that a person can mend are one sentence on the error stream."""
    options = _parser().parse_args(arguments)
    from bot.commands import run_command

    return asyncio.run(run_command(options))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bot", description=wording.CLI_ABOUT)
    commands = parser.add_subparsers(dest="command", required=True, metavar="lệnh")

    commands.add_parser("run", help=wording.HELP_RUN)
    commands.add_parser("chat", help=wording.HELP_CHAT)
    commands.add_parser("migrate", help=wording.HELP_MIGRATE)

    ingest = commands.add_parser("ingest", help=wording.HELP_INGEST)
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH")
    ingest.add_argument("--draft", action="store_true", help=wording.HELP_DRAFT)
    ingest.add_argument("--replaces", type=int, metavar="ID", help=wording.HELP_REPLACES)
    ingest.add_argument("--samples", action="store_true", help=wording.HELP_SAMPLES)
    _add_json(ingest)

    ask = commands.add_parser("ask", help=wording.HELP_ASK)
    ask.add_argument("question", nargs="?", metavar="«câu hỏi»")
    ask.add_argument("--jsonl", metavar="FILE|-", help=wording.HELP_JSONL)
    _add_json(ask)

    catalogue = commands.add_parser("catalogue", help=wording.HELP_CATALOGUE)
    catalogue.add_argument("kind", choices=["targets", "assignments", "results", "documents"])
    _add_json(catalogue)

    duties = commands.add_parser("duties", help=wording.HELP_DUTIES).add_subparsers(dest="action", required=True)
    _add_json(duties.add_parser("list", help=wording.HELP_DUTIES_LIST))
    confirm = duties.add_parser("confirm", help=wording.HELP_DUTIES_CONFIRM)
    confirm.add_argument("codes", nargs="*", metavar="PV12")
    confirm.add_argument("--all", action="store_true")

    remind = commands.add_parser("remind", help=wording.HELP_REMIND)
    remind.add_argument("--at", type=_instant, required=True, metavar="2026-01-12T08:00+07:00")
    remind.add_argument("--dry-run", action="store_true", required=True)
    _add_json(remind)

    evaluate = commands.add_parser("evaluate", help=wording.HELP_EVALUATE).add_subparsers(dest="what", required=True)
    retrieval = evaluate.add_parser("retrieval")
    retrieval.add_argument("folder", type=Path, metavar="DIR")

    _add_json(commands.add_parser("doctor", help=wording.HELP_DOCTOR))
    return parser


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=wording.HELP_JSON)


def _instant(text: str) -> dt.datetime:
    """An ISO instant; without an offset it is Vietnamese time."""
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(wording.BAD_INSTANT.format(text=text)) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.timezone(dt.timedelta(hours=7)))
