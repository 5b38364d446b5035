"""The command line: what it accepts. Each command loads only what it needs, so that an answer comes quickly."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

from bot import wording

_INTERRUPTED = 130  # 128 and SIGINT, as shells count


def main(arguments: Sequence[str]) -> int:
    """Run one command; the exit status. Problems that a person can mend are one sentence on the error stream."""
    _speak_utf8()
    options = _parse(arguments)
    from bot.commands import run_command

    try:
        status = asyncio.run(run_command(options))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read on (`| head`) has had enough; the interpreter must not try once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        return _INTERRUPTED
    return status


def _speak_utf8() -> None:
    """Vietnamese goes in and out whatever the machine's locale; what is no text is shown as «?» and «�», not raised."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "replace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors=errors)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    match options.command:
        case "ask" if (options.question is None) == (options.jsonl is None):
            parser.error(wording.ASK_ONE_OR_MANY)
        case "ingest" if bool(options.paths) == options.samples:
            parser.error(wording.NOTHING_TO_INGEST)
        case "ingest" if options.replaces is not None and (options.draft or options.samples):
            parser.error(wording.REPLACES_STANDS_ALONE)
        case "say" if (options.jsonl is None) == (options.phone is None or options.text is None):
            parser.error(wording.SAY_ONE_OR_MANY)
        case "contacts" if options.action == "invite" and bool(options.phones) == options.all:
            parser.error(wording.NAME_PHONES)
        case "duties" if options.action == "confirm" and bool(options.codes) == options.all:
            parser.error(wording.NAME_CODES)
        case "progress":
            _check_progress(parser, options)
    return options


class _Parser(argparse.ArgumentParser):
    """argparse that explains, and tells what is wrong, in Vietnamese."""

    def format_help(self) -> str:
        text = super().format_help()
        for english, vietnamese in wording.USAGE_TITLES.items():
            text = text.replace(english, vietnamese, 1)
        return text

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{wording.usage_problem(message)}\n{wording.USAGE_HINT.format(program=self.prog)}\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="python -m bot", description=wording.CLI_ABOUT, add_help=False)
    _add_help(parser)
    commands = parser.add_subparsers(dest="command", required=True, metavar="LỆNH")

    def add(name: str, about: str, among: argparse._SubParsersAction[_Parser] = commands) -> _Parser:
        command = among.add_parser(name, help=about, description=about, add_help=False)
        _add_help(command)
        return command

    add("run", wording.HELP_RUN)
    add("send", wording.HELP_SEND)
    add("chat", wording.HELP_CHAT)
    add("migrate", wording.HELP_MIGRATE)

    ingest = add("ingest", wording.HELP_INGEST)
    ingest.add_argument("paths", nargs="*", type=Path, metavar="PATH", help=wording.HELP_PATHS)
    ingest.add_argument("--draft", action="store_true", help=wording.HELP_DRAFT)
    ingest.add_argument("--replaces", type=int, metavar="ID", help=wording.HELP_REPLACES)
    ingest.add_argument("--samples", action="store_true", help=wording.HELP_SAMPLES)
    _add_json(ingest)

    ask = add("ask", wording.HELP_ASK)
    ask.add_argument("question", nargs="?", type=_typed, metavar="«câu hỏi»")
    ask.add_argument("--jsonl", metavar="FILE|-", help=wording.HELP_JSONL)
    _add_json(ask)

    say = add("say", wording.HELP_SAY)
    say.add_argument("text", nargs="?", type=_typed, metavar="«lời nói»")
    say.add_argument("--as", dest="phone", metavar="0912345678", help=wording.HELP_AS)
    say.add_argument("--jsonl", metavar="FILE|-", help=wording.HELP_SAY_JSONL)
    _add_json(say)

    catalogue = add("catalogue", wording.HELP_CATALOGUE)
    catalogue.add_argument("kind", choices=["targets", "assignments", "results", "documents"])
    _add_json(catalogue)

    duties = add("duties", wording.HELP_DUTIES).add_subparsers(dest="action", required=True, metavar="VIỆC")
    _add_json(add("list", wording.HELP_DUTIES_LIST, duties))
    confirm = add("confirm", wording.HELP_DUTIES_CONFIRM, duties)
    confirm.add_argument("codes", nargs="*", metavar="PV12")
    confirm.add_argument("--all", action="store_true", help=wording.HELP_ALL)
    confirm.add_argument("--preview", action="store_true", help=wording.HELP_PREVIEW)
    confirm.add_argument("--at", type=_instant, metavar="2026-01-05T08:00+07:00", help=wording.HELP_CONFIRM_AT)
    _add_duty_changes(add, duties)

    agencies = add("agencies", wording.HELP_AGENCIES).add_subparsers(dest="action", required=True, metavar="VIỆC")
    contacts = add("contacts", wording.HELP_CONTACTS).add_subparsers(dest="action", required=True, metavar="VIỆC")
    for group in (agencies, contacts):
        listed = add("import", wording.HELP_IMPORT, group)
        listed.add_argument("file", type=Path, metavar="FILE.xlsx|.csv")
        listed.add_argument("--skip-bad", action="store_true", help=wording.HELP_SKIP_BAD)
        _add_json(listed)
    invite = add("invite", wording.HELP_INVITE, contacts)
    invite.add_argument("phones", nargs="*", metavar="0912345678", help=wording.HELP_PHONES)
    invite.add_argument("--all", action="store_true", help=wording.HELP_INVITE_ALL)
    invite.add_argument("--hours", type=float, default=48, metavar="48", help=wording.HELP_HOURS)
    _add_json(invite)
    _add_json(add("list", wording.HELP_LIST_CONTACTS, contacts))
    add("remove", wording.HELP_REMOVE, contacts).add_argument("phone", metavar="0912345678")
    replace = add("replace", wording.HELP_REPLACE, contacts)
    replace.add_argument("old", metavar="0912345678", help=wording.HELP_REPLACE_OLD)
    replace.add_argument("new", metavar="0987654321", help=wording.HELP_REPLACE_NEW)
    replace.add_argument("--name", type=_typed, default="", metavar="«Họ Tên»", help=wording.HELP_REPLACE_NAME)
    _add_json(replace)
    _add_json(add("unreachable", wording.HELP_UNREACHABLE, contacts))

    remind = add("remind", wording.HELP_REMIND)
    remind.add_argument("--at", type=_instant, required=True, metavar="2026-01-12T08:00+07:00", help=wording.HELP_AT)
    remind.add_argument("--dry-run", action="store_true", required=True, help=wording.HELP_DRY_RUN)
    _add_json(remind)

    tick = add("tick", wording.HELP_TICK)
    tick.add_argument("--at", type=_instant, required=True, metavar="2026-01-12T08:00+07:00", help=wording.HELP_AT)

    progress = add("progress", wording.HELP_PROGRESS)
    progress.add_argument("--from", dest="first", type=_date, required=True, metavar="2026-01-05", help=wording.HELP_FROM)
    progress.add_argument("--to", dest="last", type=_date, required=True, metavar="2026-01-18", help=wording.HELP_TO)
    progress.add_argument("--out", type=Path, metavar="FILE.xlsx|.docx", help=wording.HELP_OUT)
    progress.add_argument("--agency", type=_typed, metavar="STC", help=wording.HELP_AGENCY)
    _add_json(progress)

    evaluate = add("evaluate", wording.HELP_EVALUATE).add_subparsers(dest="what", required=True, metavar="VIỆC")
    retrieval = add("retrieval", wording.HELP_EVALUATE, evaluate)
    retrieval.add_argument("folder", type=Path, metavar="DIR")

    _add_json(add("doctor", wording.HELP_DOCTOR))
    return parser


def _add_duty_changes(add: Callable[..., _Parser], duties: argparse._SubParsersAction[_Parser]) -> None:
    """What is done to one duty, and lists of duties."""

    def of_one(name: str, about: str) -> _Parser:
        command = add(name, about, duties)
        command.add_argument("code", metavar="PV12")
        return command

    made = add("add", wording.HELP_DUTIES_ADD, duties)
    made.add_argument("--agency", type=_typed, required=True, metavar="STC", help=wording.HELP_AGENCY)
    made.add_argument("--task", type=_typed, required=True, metavar="«nội dung»")
    made.add_argument("--due", type=_typed, required=True, metavar="20/03/2026", help=wording.HELP_DUE)
    moved = of_one("move", wording.HELP_DUTIES_MOVE)
    moved.add_argument("due", type=_typed, metavar="20/03/2026", help=wording.HELP_DUE)
    given = of_one("give", wording.HELP_DUTIES_GIVE)
    given.add_argument("agency", type=_typed, metavar="STC", help=wording.HELP_AGENCY)
    closed, reopened = of_one("close", wording.HELP_DUTIES_CLOSE), of_one("reopen", wording.HELP_DUTIES_REOPEN)
    for command in (moved, given, closed, reopened):
        is_needed = command in (closed, reopened)
        command.add_argument("--reason", type=_typed, required=is_needed, default="", metavar="«lý do»", help=wording.HELP_REASON)
    # The rest of the line, since «-7,-1» looks like an option.
    of_one("ladder", wording.HELP_DUTIES_LADDER).add_argument("days", nargs=argparse.REMAINDER, metavar="-7,-1,0", help=wording.HELP_LADDER)
    listed = add("import", wording.HELP_DUTIES_IMPORT, duties)
    listed.add_argument("file", type=Path, metavar="FILE.xlsx|.csv")
    listed.add_argument("--skip-bad", action="store_true", help=wording.HELP_SKIP_BAD)
    listed.add_argument("--open", action="store_true", help=wording.HELP_OPEN)
    _add_json(listed)
    add("template", wording.HELP_TEMPLATE, duties).add_argument("file", type=Path, metavar="FILE.xlsx")


def _add_help(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("-h", "--help", action="help", help=wording.HELP_HELP)


def _add_json(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help=wording.HELP_JSON)


def _typed(text: str) -> str:
    """The words as typed: where the locale is not UTF-8, the system hands their bytes over as letters of its own."""
    try:
        return os.fsencode(text).decode("utf-8")
    except UnicodeError:
        return text


def _check_progress(parser: argparse.ArgumentParser, options: argparse.Namespace) -> None:
    if options.first > options.last:
        parser.error(wording.FROM_AFTER_TO.format(first=options.first, last=options.last))
    if options.out is None and not options.json:
        parser.error(wording.NAME_OUT)
    if options.out is not None and options.out.suffix.lower() not in (".xlsx", ".docx"):
        parser.error(wording.OTHER_ENDING.format(name=options.out.name))


def _date(text: str) -> dt.date:
    """An ISO day, or as it is written in Vietnamese: 18/01/2026."""
    try:
        return dt.date.fromisoformat(text) if "/" not in text else dt.datetime.strptime(text, "%d/%m/%Y").date()
    except ValueError as error:
        raise argparse.ArgumentTypeError(wording.BAD_DATE.format(text=text)) from error


def _instant(text: str) -> dt.datetime:
    """An ISO instant; without an offset it is Vietnamese time."""
    try:
        instant = dt.datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(wording.BAD_INSTANT.format(text=text)) from error
    return instant if instant.tzinfo else instant.replace(tzinfo=dt.timezone(dt.timedelta(hours=7)))
