"""`make bench`: how quick answering and understanding are, on this machine, beside Haystack's bare BM25 in the same run.

    python -m tests.bench [DOCUMENT or folder …] [--questions FILE.jsonl] [--rounds 7] [--passages 10000]
        [--only answers,scale,start,understanding]

Without documents (or `BENCH_DOCUMENTS`) the bundled digest is measured. The figures of docs/benchmarks.md come from here.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from db.engine import migrate, open_database
from handlers.asking import ask
from handlers.documents import SAMPLES, take_in
from knowledge.answer import Library, make_terms, search_texts
from knowledge.candidates import find_candidates
from knowledge.catalogue import Catalogue, DocumentInfo, Held, PassageInfo
from knowledge.encoder import Encoder, load_encoder
from knowledge.extraction.assignments import extract_assignments
from knowledge.extraction.header import read_header
from knowledge.extraction.relations import extract_abbreviations, extract_relations
from knowledge.extraction.results import extract_results
from knowledge.extraction.targets import extract_targets
from knowledge.index import SearchIndex
from knowledge.ingest import Limits
from knowledge.loading import load_library
from knowledge.passages import search_text, split_passages
from knowledge.reading import Line, ReadFile, read_file
from knowledge.structure import parse
from knowledge.understanding import Understood, understand_document
from tests.bench_documents import make_texts

_LIMITS = Limits(50 * 1024 * 1024, 1000)
_PARTS = ("answers", "scale", "start", "understanding")
# What people ask of the bundled digest: figures, slips and short forms, deadlines, who does what, results, gaps.
QUESTIONS = (
    "5G đến 2030 phủ bao nhiêu", "Độ phủ 6G mốc 2045?", "phu song 5g 2025", "DTI năm 2035 phải đạt mấy",
    "Băng rộng cố định trên 1 Gb/s năm 2025",
    "Kinh tế số chiếm bao nhiêu GRDP năm 2040", "vneid muc 2 nam 2035", "Lộ trình chữ ký số của người dân",
    "So sánh số người nghiên cứu trên 1 vạn dân 2030 và 2040",
    "Tổ chức KH&CN công lập trực thuộc tỉnh năm 2025", "bai bao scopus 2030 bn", "startup 2030 co may cai",
    "Mỗi năm thương mại hóa mấy sản phẩm đổi mới sáng tạo, mốc 2035?",
    "Chi cho khoa học công nghệ năm 2030 bao nhiêu phần trăm ngân sách?", "kỹ năng số của cán bộ cấp xã năm 2025",
    "TTHC phi địa giới năm 2025", "Hồ sơ xử lý trực tuyến năm 2035 đạt mấy %",
    "Hạn gửi kế hoạch của các sở về Sở KH&CN", "Khi nào xong Kế hoạch chuyển đổi số năm 2026?", "bao cao tien do may tuan mot lan",
    "Ai lập bảng theo dõi tiến độ?",
    "Công an tỉnh chủ trì việc gì?", "Sở Tài chính có nhiệm vụ nào trong năm 2026?", "UBND xã phải làm gì với Tổ công nghệ số cộng đồng",
    "Ai làm Trưởng ban Ban Chỉ đạo của tỉnh?",
    "Có bao nhiêu doanh nghiệp công nghệ số?", "Trung tâm dữ liệu tỉnh lưu trữ được mấy TB", "Bao nhiêu người dân đã học kỹ năng số?",
    "tỷ lệ ký số văn bản khi phát hành hiện nay",
    "Dịch vụ công toàn trình trên Cổng quốc gia đã có mấy dịch vụ", "Kế hoạch 359 thay kế hoạch nào", "Quyết định 505 còn dùng không",
    "Kế hoạch 359-KH/TU có phải sửa không?",
    "6G năm 2030", "Chỉ số PII năm 2035", "Số điện thoại Chánh Văn phòng UBND tỉnh", "Giá vàng hôm nay", "6 rõ là những gì",
    "Hội đồng tư vấn gồm ai",
    "Trong cuộc họp đầu tháng 12, lãnh đạo tỉnh yêu cầu thủ trưởng các sở phân công người theo dõi và gửi danh sách về đâu ạ?",
)  # fmt: skip
# Runs a command and prints [seconds, processor seconds, largest memory]. A process of its own, and a small one: Linux
# counts the memory of whoever starts a process as that process' own until it has loaded its program.
_WATCH = """
import os, sys, time
started = time.perf_counter()
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
_, status, usage = os.wait4(os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet), 0)
print([time.perf_counter() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss])
sys.exit(os.waitstatus_to_exitcode(status))
"""


class Row(NamedTuple):
    """One line of the report; `target` is the promise it is held against."""

    what: str
    figure: str
    target: str = ""


@dataclass(slots=True)
class Times:
    """Wall and processor seconds of one thing done again and again."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)

    def take(self, run: Callable[[], object]) -> None:
        cpu, wall = time.process_time(), time.perf_counter()
        run()
        self.wall.append(time.perf_counter() - wall)
        self.cpu.append(time.process_time() - cpu)


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "documents", nargs="*", type=Path, default=[Path(one) for one in os.environ.get("BENCH_DOCUMENTS", "").split(os.pathsep) if one]
    )
    parser.add_argument("--questions", type=Path, help="lines {question} or {turns: [{question}]}")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--only", default=",".join(_PARTS))
    options = parser.parse_args(arguments)
    documents = options.documents or [SAMPLES]
    questions = _read_questions(options.questions) if options.questions else list(QUESTIONS)
    wanted = options.only.split(",")

    rows = [
        Row(
            "machine",
            f"{_processor()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}, {dt.date.today()}",
        )
    ]
    encoder = load_encoder()
    with tempfile.TemporaryDirectory() as folder:
        library = asyncio.run(_load(documents, Path(folder), encoder))
        rows.append(
            Row(
                "documents, passages, questions", f"{len(library.catalogue.documents)}, {len(library.catalogue.passages)}, {len(questions)}"
            )
        )
        if "answers" in wanted:
            rows.extend(_compare(library, questions, options.rounds, "≤ 0.7"))
        if "start" in wanted:
            rows.extend(_start(Path(folder), questions))
    if "understanding" in wanted:
        rows.extend(_understanding(documents, options.rounds))
    if "scale" in wanted:
        large = _enlarge(library.catalogue, options.passages, encoder)
        rows.append(Row("documents, passages", f"{len(large.catalogue.documents)}, {len(large.catalogue.passages)}"))
        rows.extend(_compare(large, questions, max(options.rounds // 2, 2), "≤ 0.2"))
    width = max(len(row.what) for row in rows)
    for row in rows:
        print(f"{row.what:{width}}  {row.figure}{f'   (target {row.target})' if row.target else ''}")
    return 0


async def _load(documents: Sequence[Path], folder: Path, encoder: Encoder) -> Library:
    """The documents taken in as `ingest` does, under the folder, which then serves a fresh process too."""
    database = open_database(f"sqlite:///{folder / 'assistant.db'}")
    await migrate(database)
    await take_in(database, documents, data_dir=folder, limits=_LIMITS, now=dt.datetime.now(dt.UTC), samples=list(documents) == [SAMPLES])
    async with database.read() as session:
        library = await load_library(session, index_folder=folder / "index", encoder=encoder)
    await database.close()
    return library


def _read_questions(path: Path) -> list[str]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [turn["question"] for row in rows for turn in row.get("turns", [row])]


def _compare(library: Library, questions: Sequence[str], rounds: int, target: str) -> list[Row]:
    """Whole answers and bare retrieval in turn, question by question, so that noise meets both alike."""
    search = _haystack(library.catalogue)
    first, own, other = Times(), Times(), Times()
    for question in questions:
        first.take(partial(ask, library, question))
    for number in range(rounds):
        for question in questions:
            runs: list[tuple[Times, Callable[[], object]]] = [
                (own, partial(ask, library, question)),
                (other, partial(search, question)),
            ]
            for times, run in runs if number % 2 else reversed(runs):
                times.take(run)
    wall, cpu = (_median(getattr(own, name)) / _median(getattr(other, name)) for name in ("wall", "cpu"))
    return [
        Row("  whole answer", _spread(own)),
        Row("  … each question's first time", _spread(first)),
        Row("  Haystack, BM25 alone", _spread(other)),
        Row("  ratio of medians", f"{wall:.2f} (processor {cpu:.2f}), of p95 {_p95(own.wall) / _p95(other.wall):.2f}", target),
    ]


def _haystack(catalogue: Catalogue) -> Callable[[str], object]:
    os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
    from haystack import Document
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever
    from haystack.document_stores.in_memory import InMemoryDocumentStore

    store = InMemoryDocumentStore()
    store.write_documents([Document(id=str(one.id), content=search_text(one.text, one.headings)) for one in catalogue.passages.values()])
    retriever = InMemoryBM25Retriever(document_store=store)
    return lambda question: retriever.run(query=question)


def _start(data_dir: Path, questions: Sequence[str], repeats: int = 5) -> list[Row]:
    """A fresh process answers one question: seconds, and the largest memory it held."""
    environment = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": f"sqlite:///{data_dir / 'assistant.db'}"}
    runs: list[list[float]] = []
    for question in questions[:repeats]:
        command = [sys.executable, "-S", "-c", _WATCH, sys.executable, "-m", "bot", "ask", question]
        runs.append(json.loads(subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout))
    seconds, processor, memory = zip(*runs, strict=True)
    return [
        Row(
            "first answer of a fresh process",
            f"{_median(seconds):.2f} s (best {min(seconds):.2f}, processor {_median(processor):.2f})",
            "≤ 1.5 s",
        ),
        Row("  its memory at most", f"{_median(memory) / (1024 if sys.platform == 'linux' else 1024 * 1024):.0f} MB", "≤ 250 MB"),
    ]


def _understanding(documents: Sequence[Path], rounds: int) -> list[Row]:
    """Passages a second from lines to facts, and where the time goes, file reading apart."""
    files = [one.path for one in find_candidates(documents)]
    reading = Times()
    read: list[ReadFile] = []
    for path in files:
        reading.take(partial(_read_into, read, path))
    whole = Times()
    understood: list[Understood] = []
    for _ in range(rounds):
        understood.clear()
        whole.take(lambda: understood.extend(understand_document(one) for one in read))
    passages = sum(len(one.passages) for one in understood)
    structures = [one.structure for one in understood]
    steps: dict[str, Callable[[], Iterable[object]]] = {
        "structure": lambda: [parse(one.lines) for one in read],
        "header": lambda: [read_header(one, file.lines) for one, file in zip(structures, read, strict=True)],
        "passages": lambda: [list(split_passages(one.paragraphs)) for one in structures],
        "targets": lambda: [list(extract_targets(one.paragraphs)) for one in structures],
        "results": lambda: [list(extract_results(one.paragraphs, kind=one.kind, as_of="")) for one in structures],
        "assignments": lambda: [list(extract_assignments(one.paragraphs, title=one.subject)) for one in structures],
        "relations": lambda: [list(extract_relations(one.paragraphs)) for one in structures],
        "abbreviations": lambda: [list(extract_abbreviations(one.paragraphs)) for one in structures],
    }
    shares = {}
    for name, step in steps.items():
        times = Times()
        for _ in range(rounds):
            times.take(step)
        shares[name] = _median(times.wall)
    spent = ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in sorted(shares.items(), key=lambda one: -one[1]))
    return [
        Row(
            "understanding",
            f"{passages / _median(whole.wall):.0f} passages/s of wall time, {passages / _median(whole.cpu):.0f} of processor time",
            "≥ 500/s",
        ),
        Row(f"  {passages} passages", spent),
        Row(f"  with reading the {len(files)} files", f"{passages / (_median(whole.wall) + sum(reading.wall)):.0f} passages/s"),
    ]


def _read_into(read: list[ReadFile], path: Path) -> None:
    read.append(read_file(path, max_bytes=_LIMITS.max_bytes, max_pages=_LIMITS.max_pages))


def _enlarge(catalogue: Catalogue, passages: int, encoder: Encoder) -> Library:
    """The catalogue with invented documents beside its own until it holds that many passages."""
    documents, kept = list(catalogue.documents.values()), list(catalogue.passages.values())
    facts: dict[str, list[Held[Any]]] = {
        name: list(getattr(catalogue, name)) for name in ("targets", "results", "assignments", "relations")
    }
    ids, texts = count(max(catalogue.passages) + 1), make_texts()
    for document_id in count(max(catalogue.documents) + 1):
        if len(kept) >= passages:
            break
        understood = understand_document(ReadFile(tuple(Line(line) for line in next(texts).split("\n"))))
        header = understood.header
        documents.append(
            DocumentInfo(
                document_id,
                header.number,
                header.issued_on,
                header.held_on,
                understood.structure.kind,
                header.issuer,
                understood.structure.subject,
                f"{document_id}.txt",
            )
        )
        for one in understood.passages[: passages - len(kept)]:
            where = one.paragraph
            kept.append(
                PassageInfo(
                    next(ids),
                    document_id,
                    where.ordinal,
                    where.kind.value,
                    where.clause,
                    tuple(where.headings),
                    where.marker,
                    one.text,
                    where.page,
                )
            )
        last = kept[-1].paragraph
        for name, held in facts.items():
            held.extend(Held(document_id, one) for one in getattr(understood, name) if one.paragraph <= last)
    large = Catalogue(
        documents, kept, facts["targets"], facts["results"], facts["assignments"], facts["relations"], catalogue.abbreviations
    )
    terms = make_terms(large)
    return Library.over(large, SearchIndex.build(search_texts(large, terms), encoder), terms)


def _median(values: Sequence[float]) -> float:
    return statistics.median(values)


def _p95(values: Sequence[float]) -> float:
    return sorted(values)[max(int(len(values) * 0.95) - 1, 0)]


def _spread(times: Times) -> str:
    return (
        f"median {_median(times.wall) * 1000:.2f} ms, p95 {_p95(times.wall) * 1000:.2f} ms (processor {_median(times.cpu) * 1000:.2f} ms)"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
