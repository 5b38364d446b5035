"""The command line as a whole: what it refuses and how it says so, help, migrate, doctor, evaluate, chat and run."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from db.migrations import HEAD
from tests.command_line import CORPUS, CommandLine

COMMANDS = ["run", "chat", "migrate", "ingest", "ask", "catalogue", "duties", "remind", "evaluate", "doctor"]


@pytest.fixture
def bot(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Còn thiếu: LỆNH"),
        (["nạp"], "không có 'nạp'; chọn một trong:"),
        (["ask"], "Xin nêu một câu hỏi, hoặc --jsonl TỆP."),
        (["ask", "5G?", "--jsonl", "-"], "Xin nêu một câu hỏi, hoặc --jsonl TỆP."),
        (["ask", "5G", "năm", "2030"], "Không hiểu: năm 2030"),
        (["ask", "5G?", "--verbose"], "Không hiểu: --verbose"),
        (["ingest"], "Xin nêu tệp hoặc thư mục cần nạp, hoặc chỉ --samples."),
        (["ingest", "a.txt", "--samples"], "Xin nêu tệp hoặc thư mục cần nạp, hoặc chỉ --samples."),
        (["ingest", "a.txt", "--replaces", "1", "--draft"], "không đi cùng --draft hay --samples"),
        (["ingest", "a.txt", "--replaces", "một"], "--replaces: 'một' không dùng được"),
        (["catalogue", "plans"], "kind: không có 'plans'; chọn một trong:"),
        (["duties"], "Còn thiếu: VIỆC"),
        (["duties", "confirm"], "Xin nêu mã phần việc (ví dụ PV12), hoặc --all."),
        (["duties", "confirm", "PV1", "--all"], "Xin nêu mã phần việc (ví dụ PV12), hoặc --all."),
        (["remind", "--dry-run"], "Còn thiếu: --at"),
        (["remind", "--at", "2026-01-12T08:00+07:00"], "Còn thiếu: --dry-run"),
        (["remind", "--at", "mai", "--dry-run"], "«mai» không phải thời điểm; ví dụ 2026-01-12T08:00+07:00"),
        (["remind", "--at", "2026-02-30", "--dry-run"], "«2026-02-30» không phải thời điểm"),
        (["remind", "--at"], "--at cần một giá trị đi kèm"),
        (["evaluate", "retrieval"], "Còn thiếu: DIR"),
    ],
)
def test_command_line_that_cannot_be_meant_is_refused_in_vietnamese(bot: CommandLine, arguments: list[str], said: str) -> None:
    ran = bot(*arguments)
    assert (ran.status, ran.out) == (2, "")
    assert said in ran.err
    assert ran.err.splitlines()[-1].startswith("Xem cách dùng: python -m bot")
    assert not bot.data_dir.exists()


def test_help_lists_every_command_in_vietnamese(bot: CommandLine) -> None:
    ran = bot("--help")
    assert ran.status == 0
    assert ran.out.startswith("Cách dùng: python -m bot [-h] LỆNH")
    assert all(f"\n    {name}" in ran.out for name in COMMANDS)
    assert not any(english in ran.out for english in ("usage", "positional", "options", "show this"))


@pytest.mark.parametrize("command", [*COMMANDS, "duties list", "duties confirm", "evaluate retrieval"])
def test_every_command_explains_itself(bot: CommandLine, command: str) -> None:
    ran = bot(*command.split(), "--help")
    assert (ran.status, ran.err) == (0, "")
    assert f"Cách dùng: python -m bot {command}" in ran.out


def test_setting_that_does_not_fit_is_named_and_its_value_kept_quiet(bot: CommandLine) -> None:
    ran = bot("doctor", WEB_PORT="tám nghìn", SECRET_KEY="ngắn")
    assert (ran.status, ran.out) == (2, "")
    assert "WEB_PORT" in ran.err
    assert "SECRET_KEY" in ran.err
    assert "xin sửa trong .env" in ran.err
    assert "ngắn" not in ran.err


def test_migrate_makes_a_database_and_leaves_a_ready_one_as_it_is(bot: CommandLine) -> None:
    for _ in range(2):
        assert (ran := bot("migrate")).status == 0
        assert ran.out == "Cơ sở dữ liệu đã sẵn sàng.\n"
    database = sqlite3.connect(bot.data_dir / "assistant.db")
    assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
    database.close()


@pytest.mark.parametrize("command", [["migrate"], ["catalogue", "targets"], ["duties", "list"], ["ask", "5G năm 2030?"]])
def test_database_of_a_newer_program_is_left_alone_and_said(bot: CommandLine, command: list[str]) -> None:
    bot("migrate")
    database = sqlite3.connect(bot.data_dir / "assistant.db")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    database.close()
    ran = bot(*command)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err == "Cơ sở dữ liệu ở phiên bản 9999, mới hơn chương trình. Cập nhật chương trình lên bản mới nhất rồi chạy lại.\n"


@pytest.mark.parametrize("url", ["postgresql://nobody:hush@127.0.0.1:1/plans", "mysql://nobody:hush@localhost/plans", "rubbish"])
def test_database_out_of_reach_is_one_sentence_with_advice(bot: CommandLine, url: str) -> None:
    ran = bot("catalogue", "documents", DATABASE_URL=url)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith("Không dùng được cơ sở dữ liệu: ")
    assert "DATABASE_URL" in ran.err
    assert "hush" not in ran.err
    assert ran.err.count("\n") == 1


def test_data_folder_that_cannot_be_made_is_one_sentence(bot: CommandLine) -> None:
    bot.data_dir.write_text("")
    ran = bot("ingest", CORPUS)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.count("\n") == 1
    assert str(bot.data_dir) in ran.err or "cơ sở dữ liệu" in ran.err


def test_doctor_prints_one_object_a_check_and_fails_while_something_is_missing(bot: CommandLine) -> None:
    ran = bot("doctor", "--json")
    assert ran.status == 1
    assert all(set(row) == {"name", "ok", "detail", "advice"} for row in ran.rows)
    checks = {row["name"]: row for row in ran.rows}
    assert checks["secret_key"]["ok"] is False
    assert "make setup" in checks["secret_key"]["advice"]
    assert checks["telegram"]["ok"] is None
    assert not bot.data_dir.exists()


def test_doctor_tells_a_person_what_to_do(bot: CommandLine) -> None:
    said = bot("doctor", SECRET_KEY="k" * 32).out
    assert "✓ Khóa bí mật: Đã có" in said
    assert "– Telegram: Chưa cấu hình" in said


def write_retrieval_set(folder: Path) -> None:
    rows = {
        "passages": [
            {"id": "a", "title": "Điện", "text": "Trạm biến áp được bảo dưỡng hằng quý."},
            {"id": "b", "title": "Nước", "text": "Nhà máy nước sạch lấy mẫu kiểm nghiệm mỗi tuần."},
        ],
        "queries": [{"id": "1", "text": "bao lâu lấy mẫu nước một lần"}, {"id": "2", "text": "bảo dưỡng trạm biến áp"}],
        "qrels": [{"qid": "1", "pid": "b"}, {"qid": "2", "pid": "a"}],
    }
    for name, lines in rows.items():
        (folder / f"{name}.jsonl").write_text("\n".join(json.dumps(line) for line in lines), "utf-8")


def test_evaluate_retrieval_prints_the_four_measures(bot: CommandLine, tmp_path: Path) -> None:
    write_retrieval_set(tmp_path)
    ran = bot("evaluate", "retrieval", tmp_path)
    assert (ran.status, ran.err) == (0, "")
    assert all(measure in ran.out for measure in ("Acc@1", "Acc@10", "MRR@10", "Recall@100"))


def test_evaluate_retrieval_without_its_files_says_which_folder(bot: CommandLine, tmp_path: Path) -> None:
    ran = bot("evaluate", "retrieval", tmp_path)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"Không dùng được {tmp_path}: ")
    assert "Cần có passages.jsonl, queries.jsonl và qrels.jsonl" in ran.err
