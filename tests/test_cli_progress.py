"""`progress`: a period's files at the command line."""

from __future__ import annotations

import asyncio
import datetime as dt
from pathlib import Path

import docx
import openpyxl
import pytest

from db.engine import open_database
from scheduler.calendar import at_local
from tests.command_line import CommandLine
from tests.standing_plan import add_plan_under_way

PERIOD = ("--from", "2026-01-05", "--to", "18/01/2026")


@pytest.fixture
def bot(tmp_path: Path) -> CommandLine:
    bot = CommandLine(tmp_path)
    assert bot("migrate").status == 0

    async def fill() -> None:
        database = open_database(f"sqlite:///{bot.data_dir / 'assistant.db'}")
        async with database.write() as session:
            await add_plan_under_way(session, at_local(dt.date(2026, 1, 19), dt.time()))
        await database.close()

    asyncio.run(fill())
    return bot


def test_period_becomes_a_workbook_or_a_document_with_its_counts_printed(bot: CommandLine) -> None:
    later = {"DEMO_START": "2026-02-02T08:00+07:00"}
    ran = bot("progress", *PERIOD, "--out", "a.xlsx", **later)
    assert (ran.status, ran.err) == (0, "")
    assert ran.out.startswith("Tiến độ từ 05/01/2026 đến 18/01/2026: 7 phần việc, tính đến hết ngày 18/01/2026\n")
    assert "Quá hạn: 2 (29%)" in ran.out and "Chưa trả lời: 2 phần việc" in ran.out and "Đã ghi a.xlsx" in ran.out
    assert openpyxl.load_workbook(bot.folder / "a.xlsx")["Chi tiết"].max_row == 4 + 7
    assert bot("progress", *PERIOD, "--out", "b.DOCX", "--agency", "sở y tế", **later).status == 0
    assert "SỞ Y TẾ" in docx.Document(str(bot.folder / "b.DOCX")).tables[0].rows[0].cells[0].text


def test_rows_are_printed_for_scripts(bot: CommandLine) -> None:
    ran = bot("progress", *PERIOD, "--json", DEMO_START="2026-02-02T08:00+07:00")
    assert len(ran.rows) == 7 and [one["state"] for one in ran.rows][:2] == ["overdue", "overdue"]
    late = ran.rows[0]
    assert (late["agency"], late["status"], late["percent"], late["days_late"]) == ("Sở Tài chính", "in_progress", 50, 11)
    assert [one["evidence"] for one in ran.rows if one["state"] == "done_in_time"] == [["bien-ban.pdf"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--from", "2026-01-18", "--to", "2026-01-05", "--out", "a.xlsx"), "--from (2026-01-18) sau --to (2026-01-05)"),
        ((*PERIOD, "--out", "a.pdf"), "Không ghi được «a.pdf»: chỉ có dạng .xlsx và .docx."),
        (PERIOD, "Xin nêu tệp ghi ra"),
        (("--from", "hôm qua", "--to", "2026-01-05", "--out", "a.xlsx"), "«hôm qua» không phải một ngày"),
        (("--to", "2026-01-05", "--out", "a.xlsx"), "Còn thiếu: --from"),
    ],
)
def test_period_that_cannot_be_meant_is_refused(tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    ran = CommandLine(tmp_path)("progress", *arguments)
    assert (ran.status, ran.out) == (2, "") and said in ran.err


def test_unknown_agency_and_folder_are_named(bot: CommandLine) -> None:
    ran = bot("progress", *PERIOD, "--out", "a.xlsx", "--agency", "Sở Vũ trụ")
    assert ran.status == 1 and "Không có cơ quan «Sở Vũ trụ»" in ran.err
    assert bot("progress", *PERIOD, "--out", "không/có/a.xlsx").status == 1
