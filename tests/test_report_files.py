"""The files of a progress report, read again: sheets, columns, what is no formula; the office's form of the document."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import docx
import openpyxl
import pytest
from docx.enum.section import WD_ORIENT

from db.engine import Database
from db.people import Role
from scheduler.calendar import Period, at_local
from scheduler.report import Report, load_report
from scheduler.report_docx import write_docx
from scheduler.report_xlsx import write_xlsx
from tests.standing_plan import FORMULA, add_plan_under_way, add_reader

NOW = at_local(dt.date(2026, 1, 19), dt.time())
PERIOD = Period(dt.date(2026, 1, 5), dt.date(2026, 1, 18))


@pytest.fixture
async def report(database: Database) -> Report:
    async with database.write() as session:
        await add_plan_under_way(session, NOW)
        await add_reader(session, NOW, Role.COORDINATOR, "SNV", "Điều Phối")
    async with database.read() as session:
        return await load_report(session, PERIOD, now=NOW + dt.timedelta(days=5))


async def test_workbook_has_its_sheets_with_the_six_clear_things_and_no_formula(report: Report) -> None:
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(report)))
    assert book.sheetnames == ["Tổng hợp", "Chi tiết", "Vướng mắc", "Chưa trả lời"]
    for sheet in book:
        assert sheet.freeze_panes in ("A5", "C5") and sheet.auto_filter.ref.startswith("A4:")
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToHeight) == ("landscape", 9, 0)
        assert sheet.print_title_rows == "$4:$4"
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    details = [[cell.value for cell in row] for row in book["Chi tiết"].iter_rows(min_row=4)]
    head = details[0]
    assert head[3:9] == ["Rõ người", "Rõ việc", "Rõ thời gian", "Rõ trách nhiệm", "Rõ sản phẩm", "Rõ thẩm quyền"]
    by_task = {str(row[4]).split("\n")[0]: dict(zip(head, row, strict=True)) for row in details[1:]}
    assert by_task[FORMULA]["Tình trạng"] == "Quá hạn" and by_task[FORMULA]["Số ngày chậm"] == 1
    done = by_task["Kết nối dữ liệu khám chữa bệnh"]
    assert done["Rõ sản phẩm"] == "bien-ban.pdf" and done["Kết quả báo cáo"] == "Hoàn thành; @đã kết nối xong"
    assert "Tổng kết bệnh án điện tử" not in by_task and "Việc chưa xác nhận" not in by_task
    assert [row[4].value for row in book["Chưa trả lời"].iter_rows(min_row=5)] == [FORMULA, "Gửi danh sách cán bộ chuyên trách"]
    [stuck] = book["Vướng mắc"].iter_rows(min_row=5)
    assert (stuck[3].value, stuck[5].value) == ("Thẩm định danh mục thiết bị", "thiếu giá thẩm định")


async def test_summary_of_the_workbook_adds_up(report: Report) -> None:
    rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(write_xlsx(report)))["Tổng hợp"].iter_rows(min_row=5)]
    *agencies, total = rows
    assert total[1] == "Tổng cộng" and total[2] == len(report.rows) == 7
    assert [sum(column) for column in zip(*(row[2:10] for row in agencies), strict=True)] == total[2:10]
    assert total[2] == sum(total[3:10])


async def test_document_has_the_form_of_an_office(report: Report) -> None:
    document = docx.Document(io.BytesIO(write_docx(report)))
    upright, sideways = document.sections
    assert [round(one.mm) for one in (upright.page_width, upright.page_height) if one] == [210, 297]
    assert [round(one.mm) for one in (upright.top_margin, upright.bottom_margin) if one] == [20, 20]
    assert [round(one.mm) for one in (upright.left_margin, upright.right_margin) if one] == [30, 15]
    assert sideways.orientation == WD_ORIENT.LANDSCAPE
    assert upright.different_first_page_header_footer and "PAGE" in upright.header.paragraphs[0]._p.xml
    assert document.styles["Normal"].font.name == "Times New Roman"
    head, *tables = document.tables
    left, right = (cell.text for cell in head.rows[0].cells)
    assert left.split("\n")[:2] == ["UBND TỈNH …………", "SỞ NỘI VỤ"]
    assert right.split("\n")[:2] == ["CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"]
    assert head.rows[1].cells[0].text == "Số: …………/BC-SNV" and head.rows[1].cells[1].text.endswith("ngày … tháng 01 năm 2026")
    texts = [one.text for one in document.paragraphs]
    assert texts.index("BÁO CÁO") < texts.index("I. TÌNH HÌNH CHUNG") < texts.index("IV. NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI VÀ ĐỀ XUẤT")
    assert any("Căn cứ các văn bản giao nhiệm vụ: Kế hoạch số 7/KH-HG;" in one for one in texts)
    assert "Sở Y tế: 1 nhiệm vụ (PV1)." in "\n".join(texts)
    assert "Nơi nhận:" in tables[1].rows[0].cells[0].text and "GIÁM ĐỐC" in tables[1].rows[0].cells[1].text
    appendix = tables[2]
    assert [cell.text for cell in appendix.rows[0].cells][1:7] == list(
        ("Rõ người", "Rõ việc", "Rõ thời gian", "Rõ trách nhiệm", "Rõ sản phẩm", "Rõ thẩm quyền")
    )
    assert len(appendix.rows) == 1 + len(report.rows)


async def test_report_of_an_empty_period_is_a_document_too(report: Report) -> None:
    empty = replace(report, rows=(), agencies=(), coming=(), sources=(), issuer=None, counts=type(report.counts)())
    texts = [one.text for one in docx.Document(io.BytesIO(write_docx(empty))).paragraphs]
    assert texts.count("Không có.") == 6
    assert openpyxl.load_workbook(io.BytesIO(write_xlsx(empty)))["Chi tiết"].max_row == 4


async def test_letters_that_no_file_may_hold_are_left_out(report: Report) -> None:
    odd = replace(report, rows=(replace(report.rows[0], task="Việc\x00\x0b lạ \ud800", note="\t=1"),))
    assert "Việc lạ" in docx.Document(io.BytesIO(write_docx(odd))).tables[-1].rows[1].cells[2].text
    assert write_xlsx(odd)
