"""`ask`: one question or many, as a person and as a script read the answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.command_line import CommandLine, Ran, with_corpus

ANSWER = {"id", "question", "kind", "answered", "text", "citations", "latency_ms"}
CITATION = {"document", "file", "issued_on", "held_on", "clause", "page", "quote"}
KINDS = {"target", "assignment", "deadline", "result", "document", "passage", "approved", "none"}


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return with_corpus(tmp_path_factory.mktemp("asking"))


def ask_many(bot: CommandLine, rows: list[dict[str, Any]]) -> Ran:
    return bot("ask", "--jsonl", "-", stdin="\n".join(json.dumps(row, ensure_ascii=False) for row in rows))


def test_answer_for_a_script_has_the_promised_keys_and_rests_on_a_quote(bot: CommandLine) -> None:
    ran = bot("ask", "chỉ tiêu phủ sóng 5G năm 2027?", "--json")
    assert (ran.status, ran.err) == (0, "")
    row = ran.row
    assert set(row) == ANSWER
    assert (row["id"], row["question"]) == ("1", "chỉ tiêu phủ sóng 5G năm 2027?")
    assert (row["kind"], row["answered"]) == ("target", True)
    assert "65%" in row["text"]
    assert row["latency_ms"] > 0
    first = row["citations"][0]
    assert set(first) == CITATION
    assert (first["document"], first["clause"], first["page"]) == ("128/KH-UBND", "I.1.a", None)
    assert (first["file"], first["issued_on"], first["held_on"]) == ("ke-hoach-128-KH-UBND.txt", "2026-03-14", None)
    assert first["quote"] == "Sóng 5G phủ tối thiểu 65% dân số."


def test_person_reads_the_same_text_with_document_date_and_clause(bot: CommandLine) -> None:
    ran = bot("ask", "chi tieu phu song 5g nam 2027")
    assert ran.status == 0
    assert ran.out == bot("ask", "chi tieu phu song 5g nam 2027", "--json").row["text"] + "\n"
    assert "Nguồn: Kế hoạch 128/KH-UBND ngày 14/3/2026, mục I.1.a" in ran.out


def test_what_no_document_says_is_none_with_the_nearest_cited(bot: CommandLine) -> None:
    row = bot("ask", "chỉ tiêu phủ sóng 5G năm 2045?", "--json").row
    assert (row["kind"], row["answered"]) == ("none", False)
    assert "Gần nhất:" in row["text"]
    assert {one["document"] for one in row["citations"]} == {"128/KH-UBND"}


def test_question_beside_the_matter_is_none(bot: CommandLine) -> None:
    row = bot("ask", "giá vàng hôm nay bao nhiêu?", "--json").row
    assert (row["kind"], row["answered"]) == ("none", False)


def test_empty_store_says_that_documents_are_missing(tmp_path: Path) -> None:
    row = CommandLine(tmp_path)("ask", "5G năm 2030?", "--json").row
    assert (row["kind"], row["answered"], row["citations"]) == ("none", False, [])
    assert row["text"] == "Chưa có văn bản nào trong kho. Xin nạp văn bản trước khi hỏi."


def test_many_questions_are_answered_line_by_line_in_order(bot: CommandLine, tmp_path: Path) -> None:
    rows: list[dict[str, Any]] = [{"id": 7, "question": "5G năm 2027?"}, {"id": "b", "question": "5G năm 2030?"}]
    file = tmp_path / "hỏi.jsonl"
    # As an editor on Windows saves it, with an empty line between.
    file.write_text("\ufeff" + "\r\n\r\n".join(json.dumps(row) for row in rows), "utf-8")
    from_file, from_input = bot("ask", "--jsonl", file), ask_many(bot, rows)
    for ran in (from_file, from_input):
        assert ran.status == 0
        assert [(row["id"], row["question"]) for row in ran.rows] == [(7, "5G năm 2027?"), ("b", "5G năm 2030?")]
        assert all(set(row) == ANSWER and row["kind"] in KINDS for row in ran.rows)
        assert ["65%" in ran.rows[0]["text"], "99%" in ran.rows[1]["text"]] == [True, True]


def test_lines_of_one_conversation_are_one_talk_and_two_do_not_mix(bot: CommandLine) -> None:
    answers = ask_many(
        bot,
        [
            {"id": "a1", "question": "chỉ tiêu phủ sóng 5G năm 2027?", "conversation": "a"},
            {"id": "b1", "question": "chỉ số dữ liệu mở của tỉnh năm 2027?", "conversation": "b"},
            {"id": "a2", "question": "còn 2030?", "conversation": "a"},
            {"id": "b2", "question": "còn 2030?", "conversation": "b"},
            {"id": "c1", "question": "còn 2030?"},
            {"id": "d1", "question": "còn 2030?", "conversation": None},
        ],
    ).rows
    texts = {row["id"]: row["text"] for row in answers}
    assert "99%" in texts["a2"]
    assert "0,82" in texts["b2"]
    assert not any(figure in texts[alone] for alone in ("c1", "d1") for figure in ("99%", "0,82"))


def test_conversation_named_by_a_number_is_the_same_as_by_its_digits(bot: CommandLine) -> None:
    rows = [{"id": 1, "question": "phủ sóng 5G năm 2027?", "conversation": 5}, {"id": 2, "question": "còn 2030?", "conversation": "5"}]
    assert "99%" in ask_many(bot, rows).rows[1]["text"]


@pytest.mark.parametrize(
    "line", ["nhầm", "[1]", "{}", '{"id": 1}', '{"question": "5G?"}', '{"id": null, "question": "5G?"}', '{"id": 1, "question": 5}']
)
def test_line_that_is_no_question_stops_with_its_number(bot: CommandLine, line: str) -> None:
    ran = bot("ask", "--jsonl", "-", stdin=f'{{"id": 1, "question": "5G năm 2027?"}}\n{line}\n')
    assert ran.status == 2
    assert len(ran.rows) == 1
    assert ran.err == "Dòng 2 không phải đối tượng JSON có id và question.\n"


def test_no_questions_are_no_answers(bot: CommandLine) -> None:
    ran = bot("ask", "--jsonl", "-", stdin="\n \n")
    assert (ran.status, ran.out, ran.err) == (0, "", "")


@pytest.mark.parametrize("what", ["missing", "folder"])
def test_file_of_questions_that_cannot_be_read_is_named(bot: CommandLine, tmp_path: Path, what: str) -> None:
    file = tmp_path if what == "folder" else tmp_path / "missing.jsonl"
    ran = bot("ask", "--jsonl", file)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"Không đọc hoặc ghi được {file}: ")


@pytest.mark.parametrize("question", ["", " ", "?", "\u0000", "5G " * 5000, "\ud800", "🙂", "'; DROP TABLE target; --"])
def test_any_text_gets_an_answer(bot: CommandLine, question: str) -> None:
    (row,) = ask_many(bot, [{"id": 1, "question": question}]).rows if question != "\ud800" else bot("ask", question, "--json").rows
    assert row["kind"] in KINDS
    assert row["text"]
    assert len(row["text"]) <= 1500
