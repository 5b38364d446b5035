"""Files come in: what is one document, what is a new one, what is refused and leaves nothing behind; on both databases."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from db.documents import list_passage_texts
from db.duties import list_duties
from db.engine import Database
from db.tables import METADATA
from handlers.asking import ask
from handlers.documents import SAMPLES, OriginalsPresent, describe_documents, describe_facts, take_in
from knowledge.answer import Answer, Library
from knowledge.candidates import find_candidates
from knowledge.encoder import Encoder, load_encoder
from knowledge.ingest import FileReport, Limits, NoSuchDocument, Outcome, SeveralDocuments
from knowledge.loading import load_library
from knowledge.supplied import SuppliedError
from tests.make_documents import draw_pdf, draw_picture, make_docx, make_pdf

CORPUS = Path(__file__).parent / "corpus"
PLAN = (CORPUS / "ke-hoach-128-KH-UBND.txt").read_text("utf-8")
# Prints neither number nor date, so only its words tell what it is.
UNNUMBERED = PLAN.replace("Số: 128/KH-UBND\n\n", "").replace("Hòa Giang, ngày 14 tháng 3 năm 2026\n\n", "")
ABOUT_5G = "Chỉ tiêu phủ sóng 5G năm 2030?"
LIMITS = Limits(max_bytes=400_000, max_pages=50)


@cache
def encoder() -> Encoder:
    return load_encoder()


@dataclass
class Store:
    """A database with its files, handed files and asked questions as the commands do."""

    database: Database
    data_dir: Path
    now: dt.datetime

    async def take(self, *paths: Path, **options: Any) -> list[FileReport]:
        return await take_in(self.database, paths, data_dir=self.data_dir, limits=LIMITS, now=self.now, **options)

    async def library(self, *, officials: bool = True) -> Library:
        async with self.database.read() as session:
            return await load_library(session, index_folder=self.data_dir / "index", encoder=encoder(), officials=officials)

    async def ask(self, question: str) -> Answer:
        return ask(await self.library(), question).answer

    async def states(self) -> list[str]:
        return [one["state"] for one in sorted(await describe_documents(self.database), key=lambda one: one["id"])]

    async def rows(self) -> dict[str, int]:
        """How many rows every table has."""
        async with self.database.read() as session:
            return {name: await session.scalar(select(func.count()).select_from(table)) or 0 for name, table in METADATA.tables.items()}

    def files(self) -> list[Path]:
        return list((self.data_dir / "files").glob("*"))


@pytest.fixture
def store(database: Database, tmp_path: Path, now: dt.datetime) -> Store:
    return Store(database, tmp_path / "data", now)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the files to be handed in lie."""
    path = tmp_path / "in"
    path.mkdir()
    return path


def write(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def lines_of(text: str) -> list[str]:
    return [line for line in text.splitlines() if line.strip()]


def reworded(text: str, share: float) -> str:
    """The text with that share of its words replaced, evenly; markers, numbers and headings are left alone."""
    words = text.split(" ")
    plain = [at for at, word in enumerate(words) if word.isalpha() and word.islower()]
    changes = round(len(text.split()) * share)
    for at in plain[:: len(plain) // changes][:changes]:
        words[at] = "khác"
    return " ".join(words)


def plan(number: str = "31/KH-UBND", *, share: int = 40, task: str = "Sở Y tế lập danh sách trạm, xong trước ngày 20/02/2026.") -> str:
    """A short plan that prints its number, one target and one assignment."""
    return f"""ỦY BAN NHÂN DÂN
TỈNH HÒA GIANG

Số: {number}

Hòa Giang, ngày 12 tháng 01 năm 2026

KẾ HOẠCH

Trạm đo mưa tự động tỉnh Hòa Giang

I. MỤC TIÊU

1. Đến hết năm 2027

- Tỷ lệ xã có trạm đo mưa tự động đạt ≥ {share}%.

II. NHIỆM VỤ

1. {task}

2. Sở Tài chính bố trí kinh phí bảo trì trạm, hoàn thành trước ngày 30/4/2026.
"""


# What is one document.


async def test_a_decision_of_articles_has_headings(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "quyết định.txt"
    path.write_text(
        "QUYẾT ĐỊNH\n\nVề việc giao nhiệm vụ\n\nĐiều 1. Giao Sở Nội vụ lập sổ.\n\nĐiều 2. Các xã thi hành Quyết định này./.\n", "utf-8"
    )
    [report] = await store.take(path)
    assert not [remark for remark in report.remarks if "đề mục" in remark]


async def test_the_same_files_twice_change_nothing(store: Store) -> None:
    first = await store.take(CORPUS)
    before = await store.rows()

    again = await store.take(CORPUS)

    assert [one.outcome for one in again] == [Outcome.UNCHANGED] * 3
    assert [one.document_id for one in again] == [one.document_id for one in first]
    assert await store.rows() == before


async def test_the_files_of_one_entry_are_one_document_and_the_one_with_pages_is_cited(store: Store, folder: Path) -> None:
    write(folder / "a.txt", UNNUMBERED)
    write(folder / "a.pdf", make_pdf(lines_of(UNNUMBERED)))
    write(folder / "a.docx", make_docx(lines_of(UNNUMBERED)))
    write(folder / "documents.yaml", "- files: [a.txt, a.docx, a.pdf]\n  number: 128/KH-UBND\n  issued_on: 2026-03-14\n")

    reports = await store.take(folder)

    assert [(one.file, one.outcome) for one in reports] == [
        ("a.pdf", Outcome.NEW),
        ("a.docx", Outcome.RENDITION),
        ("a.txt", Outcome.RENDITION),
    ]
    assert len(await describe_documents(store.database)) == 1
    citation = (await store.ask(ABOUT_5G)).citations[0]
    assert (citation.document.file, citation.document.number, citation.page) == ("a.pdf", "128/KH-UBND", 2)


async def test_an_entry_makes_one_document_of_texts_that_differ_and_says_that_they_do(store: Store, folder: Path) -> None:
    write(folder / "a.docx", make_docx(lines_of(UNNUMBERED)))
    write(folder / "a.txt", reworded(UNNUMBERED, 0.1))
    write(folder / "documents.yaml", "- files: [a.txt, a.docx]\n")

    reports = await store.take(folder)

    assert [one.outcome for one in reports] == [Outcome.NEW, Outcome.RENDITION]
    assert any("documents.yaml" in remark for remark in reports[1].remarks)


async def test_a_file_named_in_an_entry_joins_the_document_that_its_other_file_made_before(store: Store, folder: Path) -> None:
    write(folder / "documents.yaml", "- files: [a.txt, a.docx]\n  held_on: 2026-03-14\n  subject: Hạ tầng số\n")
    await store.take(write(folder / "a.txt", UNNUMBERED))

    (report,) = await store.take(write(folder / "a.docx", make_docx(lines_of(reworded(UNNUMBERED, 0.1)))))

    assert report.outcome is Outcome.RENDITION


async def test_a_file_of_the_same_name_that_is_described_otherwise_is_another_document(store: Store, folder: Path) -> None:
    for name, day, share in (("one", "2026-01-06", 0.0), ("two", "2026-02-06", 0.1)):
        write(folder / name / "bao-cao.txt", reworded(UNNUMBERED, share) if share else UNNUMBERED)
        write(folder / name / "documents.yaml", f"- files: [bao-cao.txt, bao-cao.pdf]\n  held_on: {day}\n")

    reports = await store.take(folder)

    assert [one.outcome for one in reports] == [Outcome.NEW, Outcome.NEW]


async def test_a_changed_file_of_an_entry_is_a_new_version_of_its_document(store: Store, folder: Path) -> None:
    write(folder / "documents.yaml", "- files: [a.txt]\n  held_on: 2026-03-14\n")
    await store.take(write(folder / "a.txt", UNNUMBERED))

    (report,) = await store.take(write(folder / "a.txt", reworded(UNNUMBERED, 0.1).replace("phủ 99% dân số", "phủ 91% dân số")))

    assert report.outcome is Outcome.NEW_VERSION
    assert "91%" in (await store.ask(ABOUT_5G)).text


@pytest.mark.parametrize("make", [lambda text: make_docx(lines_of(text)), lambda text: make_pdf(lines_of(text))], ids=["docx", "pdf"])
async def test_a_text_that_is_alike_to_98_percent_is_another_file_of_the_same_document(
    store: Store, folder: Path, make: Callable[[str], bytes]
) -> None:
    await store.take(write(folder / "a.txt", UNNUMBERED))

    (report,) = await store.take(write(folder / "b", make(reworded(UNNUMBERED, 0.01))))

    assert report.outcome is Outcome.RENDITION


async def test_a_text_that_differs_by_3_percent_is_a_new_document(store: Store, folder: Path) -> None:
    await store.take(write(folder / "a.txt", UNNUMBERED))

    (report,) = await store.take(write(folder / "b.docx", make_docx(lines_of(reworded(UNNUMBERED, 0.03)))))

    assert report.outcome is Outcome.NEW


async def test_a_text_that_differs_by_3_percent_under_the_same_number_is_a_new_version(store: Store, folder: Path) -> None:
    (first,) = await store.take(write(folder / "a.txt", PLAN))

    (report,) = await store.take(write(folder / "b.docx", make_docx(lines_of(reworded(PLAN, 0.03)))))

    assert (report.outcome, report.document_id) == (Outcome.NEW_VERSION, first.document_id)


async def test_two_decisions_of_one_template_with_their_own_numbers_are_two_documents(store: Store, folder: Path) -> None:
    write(folder / "a.txt", PLAN)
    write(folder / "b.txt", PLAN.replace("128/KH-UBND", "129/KH-UBND"))

    assert [one.outcome for one in await store.take(folder)] == [Outcome.NEW, Outcome.NEW]


async def test_the_same_number_of_another_year_is_another_document(store: Store, folder: Path) -> None:
    write(folder / "a.txt", plan())
    write(folder / "b.txt", plan(share=60).replace("năm 2026\n", "năm 2025\n"))

    assert [one.outcome for one in await store.take(folder)] == [Outcome.NEW, Outcome.NEW]


async def test_an_issuer_written_out_or_short_is_the_same(store: Store, folder: Path) -> None:
    write(folder / "documents.yaml", "- files: [b.txt]\n  issuer: Uỷ ban nhân dân tỉnh Hòa Giang\n")
    write(folder / "a.txt", plan())
    write(folder / "b.txt", plan(share=60))

    assert sorted(one.outcome for one in await store.take(folder)) == [Outcome.NEW, Outcome.NEW_VERSION]


# What a newer text does to an older one.


async def test_a_new_version_answers_and_the_old_facts_no_longer_do(store: Store, folder: Path) -> None:
    await store.take(write(folder / "a.txt", plan(share=40)))

    await store.take(write(folder / "b.txt", plan(share=55)))

    targets = await describe_facts(store.database, "targets")
    assert [(one["value"], one["file"]) for one in targets] == [(55, "b.txt")]
    answer = await store.ask("Tỷ lệ xã có trạm đo mưa tự động năm 2027?")
    assert "55%" in answer.text and "40%" not in answer.text


async def test_a_new_version_keeps_the_codes_of_duties_it_repeats_and_drops_the_proposals_it_does_not(store: Store, folder: Path) -> None:
    await store.take(write(folder / "a.txt", plan()))
    async with store.database.read() as session:
        before = {duty.task: duty.code for duty in await list_duties(session)}

    await store.take(write(folder / "b.txt", plan(task="Sở Xây dựng chọn vị trí đặt trạm, xong trước ngày 25/02/2026.")))

    async with store.database.read() as session:
        after = {duty.task: duty.code for duty in await list_duties(session)}
    kept = before.keys() & after.keys()
    assert len(before) == len(after) == 2
    assert len(kept) == 1
    assert all(before[task] == after[task] for task in kept)


async def test_a_replaced_document_is_superseded_and_answers_say_so(store: Store, folder: Path) -> None:
    (old,) = await store.take(write(folder / "old.txt", plan("31/KH-UBND")))

    await store.take(write(folder / "new.txt", plan("77/KH-UBND", share=60)), replaces=old.document_id)

    assert await store.states() == ["superseded", "in_force"]
    assert "60%" in (await store.ask("Tỷ lệ xã có trạm đo mưa tự động năm 2027?")).text
    assert "thay thế" in (await store.ask("Kế hoạch 31/KH-UBND: tỷ lệ xã có trạm đo mưa tự động năm 2027?")).text


async def test_a_document_that_is_here_already_can_still_be_said_to_replace_another(store: Store, folder: Path) -> None:
    (old,) = await store.take(write(folder / "old.txt", plan("31/KH-UBND")))
    new = write(folder / "new.txt", plan("77/KH-UBND", share=60))
    await store.take(new)

    (report,) = await store.take(new, replaces=old.document_id)

    assert report.outcome is Outcome.UNCHANGED
    assert await store.states() == ["superseded", "in_force"]


async def test_what_is_replaced_must_be_a_document_and_nothing_is_stored_when_it_is_none(store: Store, folder: Path) -> None:
    with pytest.raises(NoSuchDocument):
        await store.take(write(folder / "new.txt", plan()), replaces=12)

    rows = await store.rows()
    assert not any(rows[name] for name in ("document", "stored_file"))


async def test_one_document_only_can_replace_another(store: Store, folder: Path) -> None:
    (old,) = await store.take(write(folder / "old.txt", plan("31/KH-UBND")))
    new = [write(folder / f"{number}.txt", plan(f"{number}/KH-UBND", share=number)) for number in (50, 60)]

    with pytest.raises(SeveralDocuments):
        await store.take(*new, replaces=old.document_id)

    assert await store.states() == ["in_force"]


# The digest.


async def test_the_first_other_document_withdraws_the_digest_and_says_so(store: Store) -> None:
    digest = await store.take(SAMPLES, samples=True)
    assert all(one.outcome is Outcome.NEW for one in digest)

    reports = await store.take(CORPUS)

    assert sorted(reports[0].withdrawn) == sorted(one.document_id for one in digest if one.document_id)
    assert not any(one.withdrawn for one in reports[1:])
    assert all(not one.sample for one in (await store.library()).catalogue.documents.values())


async def test_duties_that_the_digest_proposed_go_with_it(store: Store) -> None:
    digest = await store.take(SAMPLES, samples=True)

    await store.take(CORPUS)

    async with store.database.read() as session:
        owed_for = {duty.document_id for duty in await list_duties(session)}
    assert owed_for and not owed_for & {one.document_id for one in digest}


async def test_the_digest_is_not_loaded_beside_official_documents(store: Store, folder: Path) -> None:
    await store.take(write(folder / "a.txt", plan()))

    with pytest.raises(OriginalsPresent):
        await store.take(SAMPLES, samples=True)


async def test_the_digest_is_never_taken_for_official_documents(store: Store) -> None:
    with pytest.raises(SuppliedError, match="tóm lược"):
        await store.take(SAMPLES)

    assert not (await store.rows())["document"]


async def test_a_refused_file_does_not_withdraw_the_digest(store: Store, folder: Path) -> None:
    await store.take(SAMPLES, samples=True)

    await store.take(write(folder / "a.pdf", b"%PDF-1.7 broken"))

    assert set(await store.states()) == {"in_force"}


# Drafts.


async def test_a_draft_is_not_answered_from(store: Store, folder: Path) -> None:
    await store.take(write(folder / "a.txt", plan()), draft=True)

    assert await store.states() == ["draft"]
    assert not (await store.ask("Tỷ lệ xã có trạm đo mưa tự động năm 2027?")).answered


async def test_a_draft_of_a_known_document_leaves_its_text_in_force(store: Store, folder: Path) -> None:
    await store.take(write(folder / "a.txt", plan(share=40)))

    await store.take(write(folder / "b.txt", plan(share=55)), draft=True)

    assert "40%" in (await store.ask("Tỷ lệ xã có trạm đo mưa tự động năm 2027?")).text


async def test_a_draft_handed_in_again_without_the_word_is_published(store: Store, folder: Path) -> None:
    await store.take(write(folder / "a.txt", plan(share=40)))
    draft = write(folder / "b.txt", plan(share=55))
    await store.take(draft, draft=True)

    (report,) = await store.take(draft)

    assert report.outcome is Outcome.NEW_VERSION
    assert sorted(await store.states()) == ["in_force", "withdrawn"]
    assert "55%" in (await store.ask("Tỷ lệ xã có trạm đo mưa tự động năm 2027?")).text


async def test_a_published_document_handed_in_as_a_draft_stays_published(store: Store, folder: Path) -> None:
    path = write(folder / "a.txt", plan())
    await store.take(path)

    (report,) = await store.take(path, draft=True)

    assert (report.outcome, await store.states()) == (Outcome.UNCHANGED, ["in_force"])


# What is refused.

HOSTILE = {
    "hong.pdf": b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog",
    "cut.docx": make_docx(["Một đoạn văn của tỉnh Hòa Giang."])[:900],
    "mat-khau.pdf": draw_pdf(lambda canvas: canvas.drawString(90, 700, "Kế hoạch"), encrypt="khoa"),
    "rong.txt": b"",
    "trang.docx": make_docx([]),
    "to.txt": "Đoạn văn dài. ".encode() * 40_000,
    "mat.txt": ("TỐI MẬT\n\n" + plan()).encode(),
    "anh.pdf": draw_pdf(draw_picture),
    "bang.xlsx": b"PK\x03\x04" + b"\0" * 40,
    "cu.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "may.txt": bytes(range(256)) * 20,
}


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_refused_in_one_sentence_and_leaves_nothing(store: Store, folder: Path, name: str) -> None:
    (report,) = await store.take(write(folder / name, HOSTILE[name]))

    assert (report.file, report.outcome) == (name, Outcome.REFUSED)
    assert len(report.problem) > 20 and "\n" not in report.problem and report.problem.endswith(".")
    assert not {table: count for table, count in (await store.rows()).items() if count and table != "alembic_version"}
    assert store.files() == []


async def test_a_bad_file_stops_no_other(store: Store, folder: Path) -> None:
    for number in range(4):
        write(folder / f"{number}.txt", plan(f"{number + 1}/KH-UBND", share=40 + number))
    write(folder / "1-hong.pdf", HOSTILE["hong.pdf"])

    reports = await store.take(folder)

    assert sorted(one.outcome for one in reports) == [Outcome.NEW] * 4 + [Outcome.REFUSED]
    assert len(store.files()) == 4


async def test_a_file_that_is_not_there_or_vanishes_is_refused_and_the_next_goes_on(store: Store, folder: Path) -> None:
    vanishing, staying = write(folder / "a.txt", plan()), write(folder / "b.txt", plan("9/KH-UBND"))

    def vanish(_done: int, _all: int, name: str) -> None:
        if name == "a.txt":
            vanishing.unlink()

    reports = await store.take(folder / "khong-co.txt", vanishing, staying, on_progress=vanish)

    assert [one.outcome for one in reports] == [Outcome.REFUSED, Outcome.REFUSED, Outcome.NEW]
    assert all("Không mở được tệp" in one.problem for one in reports[:2])


async def test_a_document_for_internal_use_is_for_officials_only(store: Store, folder: Path) -> None:
    await store.take(write(folder / "a.txt", "LƯU HÀNH NỘI BỘ\n\n" + plan()), write(folder / "b.txt", plan("9/KH-UBND", share=60)))

    public = (await store.library(officials=False)).catalogue
    assert [one.number for one in public.documents.values()] == ["9/KH-UBND"]
    assert {one.document for one in public.targets} == set(public.documents)
    assert len((await store.library()).catalogue.documents) == 2


BROKEN: dict[str, str | bytes] = {
    "no YAML": "- files: [a.txt\n  kind: Báo cáo",
    "no list": "files: [a.txt]",
    "no files": "- number: 12/KH",
    "files is a word": "- files: a.txt",
    "unknown field": "- files: [a.txt]\n  nummer: 12/KH",
    "no such day": "- files: [a.txt]\n  issued_on: 2026-02-30",
    "no such month": "- files: [a.txt]\n  issued_on: '2026-13'",
    "no date": "- files: [a.txt]\n  held_on: hôm qua",
    "file in two entries": "- files: [a.txt]\n- files: [b.txt, a.txt]",
    "no UTF-8": b"- files: [a.txt]\n  kind: B\xe1o c\xe1o",
    "list for a word": "- files: [a.txt]\n  subject: [một, hai]",
    "unknown audience": "- files: [a.txt]\n  audience: ai cũng được",
}


@pytest.mark.parametrize("name", BROKEN)
async def test_a_broken_documents_yaml_is_named_with_what_is_wrong_and_nothing_is_stored(store: Store, folder: Path, name: str) -> None:
    write(folder / "a.txt", plan())
    write(folder / "documents.yaml", BROKEN[name])

    with pytest.raises(SuppliedError) as raised:
        await store.take(folder)

    assert str(folder / "documents.yaml") in str(raised.value)
    assert "\n" not in raised.value.problem and len(raised.value.problem) > 20
    assert not (await store.rows())["document"]


# At once, and in number.


async def test_two_ingests_of_one_file_at_once_give_one_document(store: Store, folder: Path) -> None:
    path = write(folder / "a.txt", plan())

    reports = await asyncio.gather(*(store.take(path) for _ in range(4)))

    assert sorted(one.outcome for (one,) in reports) == [Outcome.NEW, *[Outcome.UNCHANGED] * 3]
    rows = await store.rows()
    assert (rows["document"], rows["version"], rows["rendition"]) == (1, 1, 1)


# No two of these sentences have enough in common for their documents to be compared in full.
SHARES = [
    "Mùa mưa đến sớm. ", "Chợ phiên đông khách. ", "Đường đèo sạt lở. ", "Lúa chín rộ khắp đồng. ", "Trạm biến áp cũ. ",
    "Học sinh nghỉ hè. ", "Tàu cá về bến. ", "Cầu treo hỏng ván. ", "Giếng khoan cạn nước. ", "Rừng thông ra nhựa. ",
    "Xe buýt đổi lộ trình. ", "Nhà máy tuyển thợ. ",
]  # fmt: skip


async def test_each_stored_text_is_read_once_however_many_files_come(store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    async def count_reads(session: Any, version_id: int) -> list[str]:
        read.append(version_id)
        return await real(session, version_id)

    real = list_passage_texts
    monkeypatch.setattr("knowledge.identity.list_passage_texts", count_reads)
    for number in range(12):
        write(folder / f"{number:02}.txt", f"BÁO CÁO\n\nXã số {number}: " + SHARES[number] * 20)

    reports = await store.take(folder)

    assert [one.outcome for one in reports] == [Outcome.NEW] * 12
    assert len(read) == len(set(read))


# Which files of a folder.


def names(*paths: Path) -> list[str]:
    return [one.name for one in find_candidates(paths)]


def test_hidden_files_locks_notes_on_the_folder_and_other_kinds_are_no_documents(folder: Path) -> None:
    for name in ("a.docx", "~$a.docx", ".a.txt", ".git/b.txt", "README.md", "readme.txt", "so-lieu.xlsx", "documents.yaml", "sub/C.PDF"):
        write(folder / name, "[]")

    assert names(folder) == ["a.docx", "C.PDF"]


def test_a_folder_given_together_with_a_file_in_it_is_read_once(folder: Path) -> None:
    path = write(folder / "a.txt", plan())

    assert names(folder, path, folder / ".." / folder.name / "a.txt") == ["a.txt"]


def test_a_link_to_a_file_of_the_folder_is_that_file(folder: Path) -> None:
    write(folder / "a.txt", plan())
    (folder / "b.txt").symlink_to(folder / "a.txt")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "loop.txt").symlink_to(folder / "loop.txt")

    assert names(folder) == ["a.txt", "loop.txt"]


async def test_a_link_that_leads_nowhere_is_refused(store: Store, folder: Path) -> None:
    (folder / "loop.txt").symlink_to(folder / "loop.txt")

    assert [one.outcome for one in await store.take(folder)] == [Outcome.REFUSED]


def test_each_folder_has_its_own_documents_yaml(folder: Path) -> None:
    write(folder / "sub" / "a.txt", plan())
    write(folder / "sub" / "documents.yaml", "- files: [a.txt]\n  number: 5/KH-UBND\n")
    write(folder / "a.txt", plan())

    assert [one.supplied.number if one.supplied else "" for one in find_candidates([folder])] == ["", "5/KH-UBND"]


def test_files_come_in_the_order_of_documents_yaml(folder: Path) -> None:
    for name in ("a.txt", "b.txt", "b.pdf", "c.txt", "z.pdf"):
        write(folder / name, plan())
    write(folder / "documents.yaml", "- files: [c.txt]\n- files: [b.txt, b.pdf]\n")

    assert names(folder) == ["c.txt", "b.pdf", "b.txt", "z.pdf", "a.txt"]


async def test_a_file_of_an_unknown_suffix_that_is_named_is_read_by_its_content(store: Store, folder: Path) -> None:
    (report,) = await store.take(write(folder / "van-ban.tmp", make_docx(lines_of(plan()))))

    assert report.outcome is Outcome.NEW
    assert "40%" in (await store.ask("Tỷ lệ xã có trạm đo mưa tự động năm 2027?")).text


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
async def test_a_name_that_is_no_text_is_stored_and_shown_as_text(store: Store, folder: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(folder) + b"/k\xe9-\x1b[1m.txt"))
    try:
        write(path, plan())
    except OSError:
        pytest.skip("this file system takes no such name")

    (report,) = await store.take(path)

    assert (report.outcome, report.file) == (Outcome.NEW, "k�-�[1m.txt")


async def test_a_name_typed_with_combining_marks_is_the_name_in_documents_yaml(store: Store, folder: Path) -> None:
    write(folder / "ke\u0302\u0301-hoa\u0323ch.txt", UNNUMBERED)
    write(folder / "documents.yaml", "- files: [kế-hoạch.txt]\n  number: 5/KH-UBND\n")

    await store.take(folder)

    assert [one["number"] for one in await describe_documents(store.database)] == ["5/KH-UBND"]


async def test_a_whole_folder_moved_elsewhere_is_the_same_documents(store: Store, folder: Path) -> None:
    await store.take(CORPUS)
    shutil.copytree(CORPUS, folder / "moved")

    assert {one.outcome for one in await store.take(folder)} == {Outcome.UNCHANGED}
