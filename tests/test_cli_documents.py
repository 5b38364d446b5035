"""`ingest` and `catalogue`: files in, facts out, as scripts read them."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.command_line import CORPUS, CommandLine, with_corpus

REPORT = {"file", "outcome", "document_id", "document", "found", "remarks", "problem", "withdrawn_samples"}
PLAN = "ke-hoach-128-KH-UBND.txt"


@pytest.fixture
def bot(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return with_corpus(tmp_path_factory.mktemp("stored"))


def test_ingest_reports_each_file_and_the_second_time_changes_nothing(bot: CommandLine) -> None:
    first = bot("ingest", CORPUS, "--json")
    assert (first.status, first.err) == (0, "")
    assert all(set(row) == REPORT for row in first.rows)
    assert [row["outcome"] for row in first.rows] == ["new"] * 3
    plan = next(row for row in first.rows if row["file"] == PLAN)
    assert plan["document"] == "128/KH-UBND"
    assert plan["problem"] == ""
    assert plan["found"]["targets"] > 20
    before = {kind: bot("catalogue", kind, "--json").out for kind in ("documents", "targets", "assignments", "results")}
    duties = bot("duties", "list", "--json").out
    second = bot("ingest", CORPUS, "--json")
    assert second.status == 0
    assert [row["outcome"] for row in second.rows] == ["unchanged"] * 3
    assert {kind: bot("catalogue", kind, "--json").out for kind in before} == before
    assert bot("duties", "list", "--json").out == duties


def test_ingest_tells_a_person_what_was_found_and_what_to_look_at(bot: CommandLine) -> None:
    ran = bot("ingest", CORPUS)
    assert ran.status == 0
    assert f"✓ {PLAN}: văn bản mới – 128/KH-UBND" in ran.out
    assert "chỉ tiêu" in ran.out
    assert "! Văn bản không in số ký hiệu; có thể bổ sung trong documents.yaml." in ran.out
    assert ran.out.endswith("3 tệp, 3 văn bản.\n")


def test_one_bad_file_is_named_and_stops_no_other(bot: CommandLine, tmp_path: Path) -> None:
    shutil.copy(CORPUS / PLAN, tmp_path / PLAN)
    (tmp_path / "hong.pdf").write_bytes(b"%PDF-1.7 nothing follows")
    ran = bot("ingest", tmp_path / PLAN, tmp_path / "hong.pdf", "--json")
    assert ran.status == 1
    good, bad = sorted(ran.rows, key=lambda row: bool(row["problem"]))
    assert good["outcome"] == "new"
    assert (bad["outcome"], bad["document_id"], bad["file"]) == ("refused", None, "hong.pdf")
    assert bad["problem"]
    assert f"✗ hong.pdf: {bad['problem']}" in bot("ingest", tmp_path / "hong.pdf").out


def test_missing_file_is_refused_and_an_empty_folder_is_said(bot: CommandLine, tmp_path: Path) -> None:
    missing = bot("ingest", tmp_path / "không-có.txt", "--json")
    assert (missing.status, missing.row["outcome"]) == (1, "refused")
    (tmp_path / "trống").mkdir()
    empty = bot("ingest", tmp_path / "trống")
    assert (empty.status, empty.out) == (1, "")
    assert empty.err == "Không thấy tệp PDF, DOCX, TXT, Markdown hay HTML nào ở đó.\n"


def test_documents_yaml_that_cannot_be_used_stops_the_ingest_with_its_entry(bot: CommandLine, tmp_path: Path) -> None:
    folder = tmp_path / "vào"
    folder.mkdir()
    shutil.copy(CORPUS / PLAN, folder)
    (folder / "documents.yaml").write_text(f"- files: [{PLAN}]\n  issued_on: 31/12/2026\n", "utf-8")
    ran = bot("ingest", folder)
    assert (ran.status, ran.out) == (2, "")
    assert "mục 1: issued_on cần dạng 2026-01-15 hoặc 2026-01" in ran.err
    assert bot("catalogue", "documents", "--json").rows == []


def test_draft_answers_nothing_until_it_is_published(bot: CommandLine) -> None:
    assert bot("ingest", CORPUS / PLAN, "--draft", "--json").row["outcome"] == "new"
    assert [row["state"] for row in bot("catalogue", "documents", "--json").rows] == ["draft"]
    assert bot("catalogue", "targets", "--json").rows == []
    assert bot("duties", "list", "--json").rows == []
    bot("ingest", CORPUS / PLAN)
    states = [row["state"] for row in bot("catalogue", "documents", "--json").rows]
    assert states.count("in_force") == 1
    assert bot("catalogue", "targets", "--json").rows != []


def test_replaced_document_is_superseded_by_the_new_one(bot: CommandLine, tmp_path: Path) -> None:
    old = bot("ingest", CORPUS / PLAN, "--json").row["document_id"]
    newer = tmp_path / "moi.txt"
    newer.write_text((CORPUS / PLAN).read_text("utf-8").replace("128/KH-UBND", "260/KH-UBND").replace("65% dân số", "70% dân số"), "utf-8")
    new = bot("ingest", newer, "--replaces", str(old), "--json").row["document_id"]
    documents = {row["id"]: row for row in bot("catalogue", "documents", "--json").rows}
    assert (documents[old]["state"], documents[old]["superseded_by"]) == ("superseded", new)
    assert {row["document"] for row in bot("catalogue", "targets", "--json").rows} == {"260/KH-UBND"}
    for question in ("kế hoạch 128 còn hiệu lực không?", "văn bản nào thay thế kế hoạch 128?"):
        answer = bot("ask", question, "--json").row
        assert answer["kind"] == "document" and "đã được thay thế bởi 260/KH-UBND" in answer["text"].split("\n")[0]


def test_replacing_what_is_not_there_or_by_several_is_refused(bot: CommandLine) -> None:
    unknown = bot("ingest", CORPUS / PLAN, "--replaces", "41")
    assert unknown.status == 2
    assert unknown.err == "Không có văn bản mã 41; xem mã bằng: python -m bot catalogue documents\n"
    several = bot("ingest", CORPUS, "--replaces", "1")
    assert (several.status, several.err) == (2, "--replaces dùng cho một văn bản; xin nạp riêng văn bản thay thế.\n")


def test_first_document_of_ones_own_withdraws_the_digest_and_says_so(bot: CommandLine) -> None:
    assert bot("ingest", "--samples").status == 0
    ran = bot("ingest", CORPUS)
    assert "Bản tóm lược đi kèm (5 văn bản) đã được rút, từ nay trả lời theo văn bản đã nạp." in ran.out
    assert {row["document"] for row in bot("catalogue", "targets", "--json").rows} == {"128/KH-UBND"}
    assert bot("duties", "list").out.count("359-KH/TU") == 0
    again = bot("ingest", "--samples")
    assert (again.status, again.out) == (1, "")
    assert again.err == "Kho đã có văn bản chính thức nên không nạp bản tóm lược.\n"


KEYS = {
    "documents": {
        *("id", "document", "number", "issued_on", "held_on", "kind", "issuer", "subject"),
        *("state", "superseded_by", "sample", "audience", "provenance"),
    },
    "targets": {
        *("document", "file", "clause", "indicator", "comparator", "value", "value_max", "unit"),
        *("base", "horizon_year", "per_year", "quantified", "quote"),
    },
    "assignments": {
        *("document", "file", "clause", "task", "lead", "coordinating", "report_to", "due_on", "due_text"),
        *("inclusive", "period_from", "period_to", "recurrence", "quote"),
    },
    "results": {"document", "file", "clause", "indicator", "value", "unit", "approximate", "as_of", "quote"},
}


@pytest.mark.parametrize("kind", KEYS)
def test_catalogue_rows_have_the_promised_keys(stored: CommandLine, kind: str) -> None:
    ran = stored("catalogue", kind, "--json")
    assert (ran.status, ran.err) == (0, "")
    assert ran.rows
    assert all(set(row) == KEYS[kind] for row in ran.rows)


@pytest.mark.parametrize("kind", KEYS)
def test_catalogue_for_a_person_has_a_line_a_row_and_says_where(stored: CommandLine, kind: str) -> None:
    ran = stored("catalogue", kind)
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert len(lines) == len(stored("catalogue", kind, "--json").rows)
    assert kind == "documents" or all("mục " in line or "mở đầu" in line for line in lines)


def test_catalogue_names_documents_with_their_id_date_and_state_in_vietnamese(stored: CommandLine) -> None:
    lines = stored("catalogue", "documents").out.splitlines()
    assert any(re.fullmatch(r"\[\d+\] Kế hoạch 128/KH-UBND \(14/03/2026\) – Phát triển .+ – đang dùng", line) for line in lines)
    assert any("] Báo cáo (07/2026) – " in line for line in lines)


@pytest.mark.parametrize("kind", KEYS)
def test_catalogue_of_an_empty_store_is_empty(bot: CommandLine, kind: str) -> None:
    ran = bot("catalogue", kind, "--json")
    assert (ran.status, ran.out, ran.err) == (0, "", "")


def test_catalogue_says_what_a_target_is(stored: CommandLine) -> None:
    rows = [row for row in stored("catalogue", "targets", "--json").rows if row["clause"] == "I.1.a" and "5G" in row["quote"]]
    assert [(row["value"], row["comparator"], row["horizon_year"], row["unit"]) for row in rows] == [(65, ">=", 2027, "%")]
    spread = [row for row in stored("catalogue", "targets", "--json").rows if row["comparator"] == "range"]
    assert (80, 90) in {(row["value"], row["value_max"]) for row in spread}


def test_catalogue_says_who_is_to_do_what_by_when(stored: CommandLine) -> None:
    rows = stored("catalogue", "assignments", "--json").rows
    mapped = next(row for row in rows if row["clause"] == "II.2.1")
    assert mapped["lead"] == ["Sở Khoa học và Công nghệ"]
    assert (mapped["due_on"], mapped["due_text"], mapped["inclusive"]) == ("2026-06-20", "trước ngày 20/6/2026", False)
    assert {value for row in rows for value in row["recurrence"]} <= {"P2W", "P1M", "P3M", "P6M", "P1Y", "adhoc"}


def test_catalogue_says_where_each_fact_about_a_document_comes_from(stored: CommandLine) -> None:
    documents = {row["document"]: row for row in stored("catalogue", "documents", "--json").rows}
    assert documents["128/KH-UBND"]["provenance"]["number"] == "stated"
    report = next(row for row in documents.values() if row["kind"] == "Báo cáo")
    assert (report["issued_on"], report["number"], report["provenance"]["issued_on"]) == ("2026-07", None, "supplied")
