"""What each command does: open what it needs, call one use case, print the outcome."""

from __future__ import annotations

import argparse
import datetime as dt
import gc
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from bot import wording
from bot.settings import Settings
from db.engine import Database, UnknownRevisionError, UnreachableDatabaseError, migrate, open_database

if TYPE_CHECKING:
    from knowledge.answer import Library
    from knowledge.ingest import FileReport, Limits
    from knowledge.talk import Talk


async def run_command(options: argparse.Namespace) -> int:
    """Run the command that the options name; 0 when all went well, 1 when something must be mended, 2 for bad input."""
    gc.freeze()
    gc.enable()
    try:
        settings = Settings()
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors(include_input=False))
        print(wording.BAD_SETTINGS.format(problems=problems), file=sys.stderr)
        return 2
    run = {
        "run": _run,
        "chat": _chat,
        "migrate": _migrate,
        "ingest": _ingest,
        "ask": _ask,
        "catalogue": _catalogue,
        "duties": _duties,
        "remind": _remind,
        "evaluate": _evaluate,
        "doctor": _doctor,
    }[options.command]
    try:
        return await run(settings, options)
    except UnreachableDatabaseError as error:
        print(f"{wording.database_unreachable(error.reason)}. {wording.DATABASE_UNREACHABLE_ADVICE}.", file=sys.stderr)
    except UnknownRevisionError as error:
        print(f"{wording.DATABASE_NEWER.format(revision=error.revision)}. {wording.DATABASE_NEWER_ADVICE}.", file=sys.stderr)
    except BrokenPipeError:
        raise
    except OSError as error:
        print(wording.FILE_TROUBLE.format(path=error.filename or settings.data_dir, reason=error.strerror or error), file=sys.stderr)
    return 1


@asynccontextmanager
async def _opened(settings: Settings) -> AsyncIterator[Database]:
    try:
        database = open_database(settings.database_url)
    except ValueError as error:
        raise UnreachableDatabaseError(wording.DATABASE_ADDRESS_ADVICE) from error
    try:
        await migrate(database)
        yield database
    finally:
        await database.close()


async def _library(database: Database, settings: Settings) -> Library:
    from knowledge.encoder import load_encoder
    from knowledge.loading import load_library

    async with database.read() as session:
        library = await load_library(
            session, index_folder=settings.data_dir / "index", encoder=load_encoder(settings.embedding_model or None)
        )
    # It lives as long as the process: nothing to be searched for garbage while people wait for answers.
    gc.freeze()
    return library


def _print_json(row: dict[str, Any], *, flush: bool = False) -> None:
    print(json.dumps(row, ensure_ascii=False), flush=flush)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


async def _migrate(settings: Settings, _options: argparse.Namespace) -> int:
    async with _opened(settings):
        print(wording.MIGRATED)
    return 0


async def _ingest(settings: Settings, options: argparse.Namespace) -> int:
    from handlers.documents import SAMPLES, OriginalsPresent, take_in
    from knowledge.encoder import load_encoder
    from knowledge.ingest import NoSuchDocument, Outcome, SeveralDocuments
    from knowledge.loading import prepare_index
    from knowledge.supplied import SuppliedError

    paths = [SAMPLES] if options.samples else options.paths
    async with _opened(settings) as database:
        try:
            with _progress(quiet=options.json) as on_progress:
                reports = await take_in(
                    database,
                    paths,
                    data_dir=settings.data_dir,
                    limits=_limits(settings),
                    now=_now(),
                    anchor=settings.report_anchor,
                    draft=options.draft,
                    replaces=options.replaces,
                    samples=options.samples,
                    on_progress=on_progress,
                )
        except (SuppliedError, NoSuchDocument, SeveralDocuments) as error:
            print(_refusal(error), file=sys.stderr)
            return 2
        except OriginalsPresent:
            print(wording.SAMPLES_NOT_NEEDED, file=sys.stderr)
            return 1
        # So that the first question finds it ready.
        async with database.read() as session:
            await prepare_index(session, index_folder=settings.data_dir / "index", encoder=load_encoder(settings.embedding_model or None))
    if not reports:
        print(wording.NO_FILES_FOUND, file=sys.stderr)
        return 1
    for report in reports:
        _print_json(_report_row(report)) if options.json else print(_report_text(report))
    if not options.json:
        withdrawn = sum(len(one.withdrawn) for one in reports)
        print(wording.ingest_summary(len({one.document_id for one in reports if one.document_id}), len(reports), withdrawn))
    return 1 if any(one.outcome is Outcome.REFUSED for one in reports) else 0


def _refusal(error: Exception) -> str:
    from knowledge.ingest import NoSuchDocument, SeveralDocuments

    match error:
        case NoSuchDocument():
            return wording.NO_SUCH_DOCUMENT.format(id=error.document_id)
        case SeveralDocuments():
            return wording.REPLACES_TAKES_ONE
    return str(error)


def _limits(settings: Settings) -> Limits:
    from knowledge.ingest import Limits

    return Limits(settings.ingest_max_mb * 1024 * 1024, settings.ingest_max_pages)


def _report_row(report: FileReport) -> dict[str, Any]:
    return {
        "file": report.file,
        "outcome": report.outcome.value,
        "document_id": report.document_id,
        "document": report.document,
        "found": report.found,
        "remarks": list(report.remarks),
        "problem": report.problem,
        "withdrawn_samples": len(report.withdrawn),
    }


def _report_text(report: FileReport) -> str:
    if report.problem:
        return f"✗ {report.file}: {report.problem}"
    lines = [f"✓ {report.file}: {wording.OUTCOMES[report.outcome.value]}{f' – {report.document}' if report.document else ''}"]
    if report.found:
        lines.append(f"    {wording.found_line(report.found)}")
    lines.extend(f"    ! {remark}" for remark in report.remarks)
    return "\n".join(lines)


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Callable[[int, int, str], None]]:
    """A bar on the error stream while a person watches; nothing for scripts."""
    if quiet or not sys.stderr.isatty():
        yield lambda _done, _all, _name: None
        return
    from tqdm import tqdm  # type: ignore[import-untyped, unused-ignore]

    with tqdm(unit=wording.PROGRESS_UNIT, leave=False) as bar:

        def show(done: int, whole: int, name: str) -> None:
            bar.total = whole
            bar.set_description(name[:40])
            bar.update(done - bar.n)

        yield show


async def _ask(settings: Settings, options: argparse.Namespace) -> int:
    from handlers.asking import answer_line, ask

    async with _opened(settings) as database:
        library = await _library(database, settings)
    if options.question is not None:
        asked = ask(library, options.question)
        _print_json(answer_line("1", options.question, asked)) if options.json else print(asked.answer.text)
        return 0
    talks: dict[str, Talk] = {}
    try:
        for number, line in enumerate(_lines(options.jsonl), 1):
            row = _asked_row(line)
            if row is None:
                print(wording.BAD_LINE.format(number=number), file=sys.stderr)
                return 2
            identity, question, conversation = row
            asked = ask(library, question, talks.get(conversation))
            if conversation:
                talks[conversation] = asked.talk
            _print_json(answer_line(identity, question, asked), flush=True)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        print(wording.FILE_TROUBLE.format(path=options.jsonl, reason=error.strerror), file=sys.stderr)
        return 2
    return 0


def _lines(source: str) -> Iterator[str]:
    """The lines of a file or of the standard input that hold anything; bytes that are no UTF-8 become «�»."""
    if source == "-":
        yield from (line for line in sys.stdin if line.strip("\ufeff \t\r\n"))
        return
    with open(source, encoding="utf-8-sig", errors="replace") as file:
        yield from (line for line in file if line.strip())


def _asked_row(line: str) -> tuple[str | int, str, str] | None:
    """(id, question, conversation or empty) of one line; None when it is not such an object."""
    try:
        row = json.loads(line.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(row, dict) or not isinstance(row.get("id"), str | int) or not isinstance(row.get("question"), str):
        return None
    conversation = row.get("conversation")
    return (row["id"], row["question"], "" if conversation is None else str(conversation))


async def _catalogue(settings: Settings, options: argparse.Namespace) -> int:
    from handlers.documents import describe_documents, describe_facts

    async with _opened(settings) as database:
        rows = await describe_documents(database) if options.kind == "documents" else await describe_facts(database, options.kind)
    for row in rows:
        _print_json(row) if options.json else print(wording.catalogue_line(options.kind, row))
    return 0


async def _duties(settings: Settings, options: argparse.Namespace) -> int:
    from db.duties import confirm_duties, parse_duty_code
    from handlers.duties import describe_duties

    async with _opened(settings) as database:
        if options.action == "confirm":
            async with database.write() as session:
                confirmed = await confirm_duties(session, None if options.all else options.codes, now=_now())
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
        _print_json(row) if options.json else print(wording.duty_line(row))
    return 0


async def _remind(settings: Settings, options: argparse.Namespace) -> int:
    from handlers.duties import preview_reminders, reminder_line
    from scheduler.ladder import parse_ladder

    async with _opened(settings) as database, database.read() as session:
        reminders = await preview_reminders(session, options.at, ladder=parse_ladder(settings.ladder))
    if not reminders and not options.json:
        print(wording.NO_REMINDERS)
    for reminder in reminders:
        row = reminder_line(reminder)
        _print_json(row) if options.json else print(wording.reminder_text(row))
    return 0


async def _evaluate(settings: Settings, options: argparse.Namespace) -> int:
    from knowledge.encoder import load_encoder
    from knowledge.evaluate import evaluate_retrieval, fused_search

    folder: Path = options.folder
    try:
        scores = evaluate_retrieval(folder, fused_search(load_encoder(settings.embedding_model or None)))
    except (OSError, ValueError) as error:
        print(wording.BAD_RETRIEVAL_SET.format(folder=folder, reason=error), file=sys.stderr)
        return 2
    print(scores)
    return 0


async def _doctor(settings: Settings, options: argparse.Namespace) -> int:
    from bot.doctor import diagnose, format_checks

    checks = await diagnose(settings)
    if options.json:
        for check in checks:
            _print_json({"name": check.name, "ok": check.ok, "detail": check.detail, "advice": check.advice})
    else:
        print(format_checks(checks))
    return 1 if any(check.ok is False for check in checks) else 0


async def _run(settings: Settings, options: argparse.Namespace) -> int:
    from handlers.documents import SAMPLES, is_empty, take_in

    async with _opened(settings) as database:
        if await is_empty(database):
            print(wording.LOADING_SAMPLES, file=sys.stderr)
            limits, anchor = _limits(settings), settings.report_anchor
            await take_in(database, [SAMPLES], data_dir=settings.data_dir, limits=limits, now=_now(), anchor=anchor, samples=True)
    return await _chat(settings, options)


async def _chat(settings: Settings, _options: argparse.Namespace) -> int:
    from bot.terminal import converse

    async with _opened(settings) as database:
        await converse(database, await _library(database, settings), now=_now, minutes=settings.conversation_minutes)
    return 0
