"""The bundled digest: five documents in our own words, marked and cited as such, with the facts people try first."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path

import pytest

from handlers.documents import SAMPLES
from tests.command_line import CommandLine

RUN = 16  # words: a sentence taken over is longer, a title or a list of names may be as long
OFFICIAL = "OFFICIAL_DOCUMENTS"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    bot = CommandLine(tmp_path_factory.mktemp("samples"))
    assert bot("ingest", "--samples", "--json").status == 0
    return bot


def test_digest_is_five_documents_marked_as_samples(bot: CommandLine) -> None:
    documents = bot("catalogue", "documents", "--json").rows
    assert len(documents) == 5
    assert all(row["sample"] and row["state"] == "in_force" for row in documents)
    assert {row["number"] or row["issued_on"] or row["held_on"] for row in documents} == {
        *("359-KH/TU", "2025-09", "2025-12-04", "2026-01-28", "2026-04-06"),
    }
    # Supplied beside the text, which prints neither: nobody may take them for stated.
    assert all("stated" not in (row["provenance"].get("number"), row["provenance"].get("issued_on")) for row in documents)


def test_digest_says_of_itself_that_it_is_no_original() -> None:
    files = sorted(SAMPLES.glob("*.txt"))
    assert len(files) == 5
    assert all("(tóm lược bằng lời khác, không phải nguyên văn)" in file.read_text("utf-8")[:400] for file in files)


def test_target_is_cited_as_from_a_digest(bot: CommandLine) -> None:
    row = bot("ask", "chỉ tiêu 5G năm 2030?", "--json").row
    assert (row["kind"], row["answered"]) == ("target", True)
    assert "100%" in row["text"]
    assert "Nguồn: Tóm lược Kế hoạch 359-KH/TU, mục II.2.2.a (không phải nguyên văn)" in row["text"].splitlines()
    (citation,) = row["citations"]
    assert (citation["document"], citation["clause"], citation["issued_on"]) == ("359-KH/TU", "II.2.2.a", "2025-04-29")
    assert citation["quote"] in (SAMPLES / citation["file"]).read_text("utf-8")


@pytest.mark.parametrize("question", ["6G năm 2030", "6g 2030", "chỉ tiêu 6G đến năm 2030 là bao nhiêu?"])
def test_year_without_a_target_gets_none_and_the_nearest_year(bot: CommandLine, question: str) -> None:
    row = bot("ask", question, "--json").row
    assert (row["kind"], row["answered"]) == ("none", False)
    assert re.search(r"^- .*6G.*: 50% \(đến hết năm 2035\)\.$", row["text"], re.MULTILINE)
    assert row["citations"][0]["clause"] == "II.2.3.a"
    assert "100%" not in row["text"]


def test_plan_under_review_is_said_to_be(bot: CommandLine) -> None:
    said = bot("ask", "chỉ tiêu 5G năm 2030?").out
    assert "đang được rà soát theo Tóm lược Thông báo của UBND tỉnh Quảng Ngãi (họp ngày 04/12/2025), mục II.2.a" in said


@pytest.mark.parametrize(
    ("question", "newer"),
    [("Quyết định 505/QĐ-UBND bị thay thế bởi văn bản nào?", "516/QĐ-UBND"), ("Kế hoạch 51/KH-UBND còn hiệu lực không?", "327/QĐ-UBND")],
)
def test_replaced_documents_name_what_took_their_place(bot: CommandLine, question: str, newer: str) -> None:
    row = bot("ask", question, "--json").row
    assert (row["kind"], row["answered"]) == ("document", True)
    assert newer in row["text"]


def test_every_year_of_the_plan_has_its_targets(bot: CommandLine) -> None:
    rows = [row for row in bot("catalogue", "targets", "--json").rows if row["document"] == "359-KH/TU"]
    years = [2025, 2030, 2035, 2040, 2045]
    dated = {year: [row for row in rows if row["horizon_year"] == year] for year in years}
    assert sorted(year for year in {row["horizon_year"] for row in rows} if year) == years
    assert all(row["clause"].startswith(f"II.2.{number}.") for number, year in enumerate(years, 1) for row in dated[year])
    # «DTI», as the plan has it year by year.
    index = {row["horizon_year"]: row["value"] for row in rows if "(DTI)" in row["quote"]}
    assert index == {2025: 0.6, 2030: 0.75, 2035: 0.85, 2040: 0.92, 2045: 1.0}
    assert {row["value"] for row in dated[2040] if row["indicator"].startswith("Doanh nghiệp khoa học và công nghệ")} >= {50, 70}


def test_plan_that_is_due_before_the_15th_of_january_is_reminded_until_the_14th(bot: CommandLine) -> None:
    duty = next(row for row in bot("duties", "list", "--json").rows if row["rule"]["printed"] == "trước ngày 15/01/2026")
    assert (duty["last_day"], duty["due_at"]) == ("2026-01-14", "2026-01-15T00:00:00+07:00")
    assert duty["agency"] == "Các sở, ban, ngành, địa phương"
    reminded = {}
    for day in ["2025-12-31", "2026-01-06", "2026-01-07", "2026-01-11", "2026-01-12", "2026-01-13", "2026-01-14", "2026-01-15"]:
        for row in bot("remind", "--at", f"{day}T08:00+07:00", "--dry-run", "--json").rows:
            if duty["code"] in row["codes"]:
                reminded[day] = row["rung"]
                assert "Theo Tóm lược Thông báo (họp ngày 04/12/2025), mục II.1.b" in row["text"]
    # 11 January is a Sunday.
    assert reminded == {"2025-12-31": -14, "2026-01-07": -7, "2026-01-12": -3, "2026-01-13": -1, "2026-01-14": 0, "2026-01-15": 1}


@pytest.mark.parametrize(
    ("agency", "printed", "last_day"),
    [
        ("Sở Tài chính", "chậm nhất trong Quý I/2026", "2026-03-31"),
        ("Sở Nội vụ", "chậm nhất trong ngày 08/4/2026", "2026-04-08"),
        ("Sở Tài chính", "trước ngày 15/4/2026", "2026-04-14"),
    ],
)
def test_deadlines_of_the_notices_are_read_to_their_last_day(bot: CommandLine, agency: str, printed: str, last_day: str) -> None:
    duties = [row for row in bot("duties", "list", "--json").rows if row["agency"] == agency and row["rule"]["printed"] == printed]
    assert [row["last_day"] for row in duties] == [last_day]


def test_digest_handed_in_as_a_folder_of_ones_own_is_refused(tmp_path: Path) -> None:
    bot = CommandLine(tmp_path)
    ran = bot("ingest", SAMPLES)
    assert (ran.status, ran.out) == (2, "")
    assert "--samples" in ran.err
    assert bot("catalogue", "documents", "--json").rows == []


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}


@pytest.mark.skipif(not Path(os.environ.get(OFFICIAL, "/missing")).is_dir(), reason=f"{OFFICIAL} names no folder with the official texts")
def test_digest_takes_no_sentence_over_from_the_official_texts() -> None:
    official = [runs(file.read_text("utf-8")) for file in sorted(Path(os.environ[OFFICIAL]).glob("*.txt"))]
    assert official, f"no *.txt in {os.environ[OFFICIAL]}"
    taken = {
        file.name: sorted(" ".join(run) for run in runs(file.read_text("utf-8")) & set().union(*official))
        for file in sorted(SAMPLES.iterdir())
    }
    assert not any(taken.values()), json.dumps(taken, ensure_ascii=False, indent=1)
