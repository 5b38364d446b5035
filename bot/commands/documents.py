"""Documents in, and what is known of them out: ingest, ask, catalogue, evaluate."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot import wording
from bot.commands.opening import clock_of, ingest_limits, lines, open_library, opened, print_json
from bot.settings import Settings

if TYPE_CHECKING:
    from knowledge.ingest import FileReport
    from knowledge.talk import Talk


async def ingest(settings: Settings, options: argparse.Namespace) -> int:
    from handlers.documents import SAMPLES, OriginalsPresent, take_in
    from knowledge.encoder import load_encoder
    from knowledge.ingest import NoSuchDocument, Outcome, SeveralDocuments
    from knowledge.loading import prepare_index
    from knowledge.supplied import SuppliedError

    paths = [SAMPLES] if options.samples else options.paths
    async with opened(settings) as database:
        try:
            with _progress(quiet=options.json) as on_progress:
                reports = await take_in(
                    database,
                    paths,
                    data_dir=settings.data_dir,
                    limits=ingest_limits(settings),
                    now=(await clock_of(settings, database))(),
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
        print_json(_report_row(report)) if options.json else print(_report_text(report))
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


async def ask(settings: Settings, options: argparse.Namespace) -> int:
    from handlers.asking import answer_line, ask

    async with opened(settings) as database:
        library = await open_library(database, settings)
    if options.question is not None:
        asked = ask(library, options.question)
        print_json(answer_line("1", options.question, asked)) if options.json else print(asked.answer.text)
        return 0
    talks: dict[str, Talk] = {}
    try:
        for number, line in enumerate(lines(options.jsonl), 1):
            row = _asked_row(line)
            if row is None:
                print(wording.BAD_LINE.format(number=number), file=sys.stderr)
                return 2
            identity, question, conversation = row
            asked = ask(library, question, talks.get(conversation))
            if conversation:
                talks[conversation] = asked.talk
            print_json(answer_line(identity, question, asked), flush=True)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        print(wording.FILE_TROUBLE.format(path=options.jsonl, reason=error.strerror), file=sys.stderr)
        return 2
    return 0


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


async def catalogue(settings: Settings, options: argparse.Namespace) -> int:
    from handlers.documents import describe_documents, describe_facts

    async with opened(settings) as database:
        rows = await describe_documents(database) if options.kind == "documents" else await describe_facts(database, options.kind)
    for row in rows:
        print_json(row) if options.json else print(wording.catalogue_line(options.kind, row))
    return 0


async def evaluate(settings: Settings, options: argparse.Namespace) -> int:
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
