"""Lists of agencies and contacts come in from real files: what is understood, what is refused and why, what is stored."""

from __future__ import annotations

import csv
import datetime as dt
import io
import random
import time
import unicodedata
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from db.engine import Database
from db.people import Agency, Contact, Role, find_contact, list_agencies, list_contacts, upsert_agencies
from db.succession import let_leave
from handlers.importing import Imported, UnreadableList, import_agencies, import_contacts
from handlers.phones import normalise_phone
from handlers.spreadsheets import MOST_ROWS, Column, read_list
from knowledge.agencies import GROUP
from tests.make_documents import make_docx

TEMPLATES = Path(__file__).parent.parent / "docs" / "templates"
AGENCIES = ["Mã", "Tên cơ quan", "Tên gọi khác", "Loại", "Nhóm", "Trực thuộc"]
CONTACTS = ["Họ và tên", "Số điện thoại", "Cơ quan", "Vai trò"]
LAN = ["Lê Thị Lan", "0912345678", "Sở Y tế", "đầu mối"]
LAN_READ = {"name": "Lê Thị Lan", "phone": "0912345678", "agency": "Sở Y tế", "role": "đầu mối"}
COLUMNS = {
    "name": Column("Họ và tên", ("ho ten", "name"), is_required=True),
    "phone": Column("Số điện thoại", ("sdt", "dien thoai", "phone"), is_required=True),
    "agency": Column("Cơ quan", ("ma co quan", "don vi", "agency"), is_required=True),
    "role": Column("Vai trò", ("role",)),
}
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
TONES = "\u0300\u0301\u0303\u0309\u0323"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def write_xlsx(path: Path, *sheets: Sequence[Sequence[Any]]) -> Path:
    workbook = Workbook()
    workbook.remove(workbook.active)
    for rows in sheets:
        sheet = workbook.create_sheet()
        for row in rows:
            sheet.append(row)
    workbook.save(path)
    return path


def write_csv(path: Path, rows: Sequence[Sequence[Any]], *, delimiter: str = ",", encoding: str = "utf-8") -> Path:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def with_sheet(path: Path, xml: bytes) -> Path:
    """A workbook whose only sheet is this."""
    source = zipfile.ZipFile(write_xlsx(path, [CONTACTS, LAN]))
    parts = {name: source.read(name) for name in source.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, xml if name == "xl/worksheets/sheet1.xml" else content)
    return path


async def stored_agencies(database: Database) -> dict[str, Agency]:
    async with database.read() as session:
        return {one.code: one for one in await list_agencies(session)}


async def stored_contacts(database: Database) -> dict[str | None, Contact]:
    async with database.read() as session:
        return {one.phone: one for one in await list_contacts(session)}


def as_windows_1258(text: str) -> bytes:
    """That code page has the letters, and the marks of the tones as bytes of their own."""
    letters = []
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        letters.append(unicodedata.normalize("NFC", "".join(part for part in parts if part not in TONES)))
        letters += [part for part in parts if part in TONES]
    return "".join(letters).encode("cp1258")


def refuse(path: Path) -> str:
    """Why this is no list."""
    started = time.perf_counter()
    with pytest.raises(UnreadableList) as refused:
        read_list(path, COLUMNS)
    assert time.perf_counter() - started < 10
    return refused.value.reason


def read(path: Path) -> list[tuple[int, dict[str, str]]]:
    return [(row.line, dict(row.cells)) for row in read_list(path, COLUMNS).rows]


# What is stored.


@pytest.mark.parametrize("word", ["đầu mối dự phòng", "Đầu mối thay thế", "pho dau moi", "dự phòng", "THAY THẾ"])
async def test_substitute_is_told_by_the_role_and_changes_with_a_later_list(database: Database, tmp_path: Path, word: str) -> None:
    path, now = tmp_path / "can-bo.csv", dt.datetime(2026, 9, 1, tzinfo=dt.UTC)

    async def stored(*rows: list[str]) -> tuple[int, Role, bool]:
        imported = await import_contacts(database, write_csv(path, rows), now=now)
        one = (await stored_contacts(database))["0912345678"]
        return imported.changed, one.role, one.is_substitute

    assert await stored(CONTACTS, [*LAN[:3], word]) == (0, Role.FOCAL_POINT, True)
    # A list without roles leaves what is known.
    assert await stored(CONTACTS[:3], LAN[:3]) == (0, Role.FOCAL_POINT, True)
    assert await stored(CONTACTS, LAN) == (1, Role.FOCAL_POINT, False)
    assert await stored(CONTACTS, [*LAN[:3], word]) == (1, Role.FOCAL_POINT, True)
    assert await stored(CONTACTS, [*LAN[:3], ""]) == (1, Role.OFFICIAL, False)


async def test_who_had_left_the_post_is_back_with_a_later_list(database: Database, tmp_path: Path) -> None:
    path, now = write_csv(tmp_path / "can-bo.csv", [CONTACTS, LAN]), dt.datetime(2026, 9, 1, tzinfo=dt.UTC)
    await import_contacts(database, path, now=now)
    async with database.write() as session:
        lan = await find_contact(session, "0912345678")
        assert lan is not None
        await let_leave(session, lan, now=now)
    assert await stored_contacts(database) == {}
    assert (await import_contacts(database, path, now=now)).added == 1
    assert (await stored_contacts(database))["0912345678"].id == lan.id


async def test_agencies_of_a_spreadsheet_are_stored(database: Database, tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        AGENCIES,
        ["TTCDS", "Trung tâm Chuyển đổi số", "TT CĐS; Trung tâm số", "đơn vị", "", "Sở KH&CN"],
        ["SKHCN", "Sở Khoa học và Công nghệ", "Sở KH&CN", "Sở", "các sở, ban, ngành; khối tổng hợp", None],
        [101, "UBND xã Suối Ong", None, "xã", None, None],
    ]
    report = await import_agencies(database, write_xlsx(tmp_path / "a.xlsx", rows))
    assert report == Imported(3, 0, 0, (), is_stored=True)
    stored = await stored_agencies(database)
    assert stored["TTCDS"] == Agency(
        code="TTCDS", name="Trung tâm Chuyển đổi số", short_names=("TT CĐS", "Trung tâm số"), kind="unit", parent="SKHCN", is_listed=True
    )
    assert (stored["SKHCN"].kind, stored["SKHCN"].groups) == ("department", ("các sở, ban, ngành", "khối tổng hợp"))
    assert (stored["101"].name, stored["101"].kind, stored["101"].parent) == ("UBND xã Suối Ong", "commune", None)


async def test_contacts_of_a_spreadsheet_are_stored(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    rows: list[list[Any]] = [CONTACTS, LAN, ["Trần Văn Núi", 987654321, "SNV", None], ["Hồ A", 912000111.0, None, "quản trị"]]
    assert await import_contacts(database, write_xlsx(tmp_path / "c.xlsx", rows), now=now) == Imported(3, 0, 0, (), is_stored=True)
    stored = await stored_contacts(database)
    lan, nui, admin = stored["0912345678"], stored["0987654321"], stored["0912000111"]
    assert (lan.name, lan.agency_code, lan.role, lan.created_at) == ("Lê Thị Lan", "SYT", Role.FOCAL_POINT, now)
    assert (nui.agency_code, nui.role) == ("SNV", Role.OFFICIAL)
    assert (admin.agency_code, admin.role) == (None, Role.ADMIN)


async def test_a_usual_agency_is_stored_with_its_contact(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, LAN]), now=now)
    stored = await stored_agencies(database)
    assert [(one.code, one.name, one.kind) for one in stored.values()] == [("SYT", "Sở Y tế", "department")]


@pytest.mark.parametrize("word", ["YT-01", "yt-01", "Sở Y tế", "so y te", "SỞ Y TẾ", "Ngành y", "SYT", "Sở YT"])
async def test_an_own_agency_goes_before_the_usual_one(database: Database, tmp_path: Path, now: dt.datetime, word: str) -> None:
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="YT-01", name="Sở Y tế", short_names=("Ngành y",))])
    report = await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, [*LAN[:2], word, ""]]), now=now)
    assert report.is_stored
    assert (await stored_contacts(database))["0912345678"].agency_code == "YT-01"
    assert list(await stored_agencies(database)) == ["YT-01"]


async def test_a_list_imported_again_changes_nothing(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    agencies = write_csv(tmp_path / "a.csv", [AGENCIES, ["SYT", "Sở Y tế", "ngành y", "sở", "", ""]])
    contacts = write_csv(tmp_path / "c.csv", [CONTACTS, LAN])
    await import_agencies(database, agencies)
    await import_contacts(database, contacts, now=now)
    again = (await import_agencies(database, agencies), await import_contacts(database, contacts, now=now + dt.timedelta(days=1)))
    assert again == (Imported(0, 0, 1, (), is_stored=True),) * 2
    assert (await stored_contacts(database))["0912345678"].created_at == now


async def test_the_last_list_wins(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    await import_agencies(database, write_csv(tmp_path / "a.csv", [AGENCIES, ["SYT", "Sở Y tế", "ngành y", "sở", "", ""]]))
    await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, LAN]), now=now)
    agencies = await import_agencies(database, write_csv(tmp_path / "a.csv", [AGENCIES, ["syt", "Sở Y tế mới", "", "sở", "", ""]]))
    contacts = await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, ["Lê Lan", "+84912345678", "SNV", ""]]), now=now)
    assert agencies == contacts == Imported(0, 1, 0, (), is_stored=True)
    agency, contact = (await stored_agencies(database))["SYT"], (await stored_contacts(database))["0912345678"]
    assert (agency.name, agency.short_names) == ("Sở Y tế mới", ())
    assert (contact.name, contact.agency_code, contact.role) == ("Lê Lan", "SNV", Role.OFFICIAL)


async def test_a_missing_column_leaves_what_is_stored(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    rows = [AGENCIES, ["SYT", "Sở Y tế", "ngành y", "sở", "các sở", "SNV"], ["SNV", "Sở Nội vụ", "", "sở", "", ""]]
    await import_agencies(database, write_csv(tmp_path / "a.csv", rows))
    await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, LAN]), now=now)
    agencies = await import_agencies(database, write_csv(tmp_path / "a.csv", [AGENCIES[:2], ["SYT", "Sở Y tế"]]))
    contacts = await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS[:3], LAN[:3]]), now=now)
    assert agencies == contacts == Imported(0, 0, 1, (), is_stored=True)
    assert (await stored_agencies(database))["SYT"].parent == "SNV"
    assert (await stored_contacts(database))["0912345678"].role is Role.FOCAL_POINT


async def test_one_bad_row_keeps_everything_out(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    contacts = write_csv(tmp_path / "c.csv", [CONTACTS, LAN, ["Trần Văn Núi", "12345", "Sở Nội vụ", ""]])
    agencies = write_csv(tmp_path / "a.csv", [AGENCIES[:2], ["SYT", "Sở Y tế"], ["SNV", ""]])
    for report in (await import_contacts(database, contacts, now=now), await import_agencies(database, agencies)):
        assert (report.added, report.changed, report.unchanged, report.is_stored) == (0, 0, 0, False)
        assert [one.line for one in report.bad] == [3]
    assert await stored_contacts(database) == {}
    assert await stored_agencies(database) == {}


async def test_the_good_rows_are_stored_when_bad_ones_are_to_be_skipped(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    path = write_csv(tmp_path / "c.csv", [CONTACTS, LAN, ["Trần Văn Núi", "12345", "Sở Nội vụ", ""]])
    report = await import_contacts(database, path, now=now, skip_bad=True)
    assert (report.added, len(report.bad), report.is_stored) == (1, 1, True)
    assert list(await stored_contacts(database)) == ["0912345678"]
    assert list(await stored_agencies(database)) == ["SYT"]


async def test_nothing_is_stored_of_a_list_of_bad_rows(database: Database, tmp_path: Path) -> None:
    report = await import_agencies(database, write_csv(tmp_path / "a.csv", [AGENCIES[:2], ["SYT", ""]]), skip_bad=True)
    assert (report.added, len(report.bad), report.is_stored) == (0, 1, False)


async def test_below_a_skipped_parent_nothing_is_stored(database: Database, tmp_path: Path) -> None:
    rows = [["code", "name", "parent"], ["P2", "Phòng Hai", "P1"], ["P1", "Phòng Một", "SYT"], ["SYT", "", ""], ["SNV", "Sở Nội vụ", ""]]
    report = await import_agencies(database, write_csv(tmp_path / "a.csv", rows), skip_bad=True)
    assert [one.line for one in report.bad] == [2, 3, 4]
    assert "dòng 3" in report.bad[0].reason and "dòng 4" in report.bad[1].reason
    assert list(await stored_agencies(database)) == ["SNV"]


async def test_a_parent_may_be_stored_already(database: Database, tmp_path: Path) -> None:
    await import_agencies(database, write_csv(tmp_path / "a.csv", [AGENCIES[:2], ["SYT", "Sở Y tế"]]))
    rows = [["code", "name", "parent"], ["BV1", "Bệnh viện tỉnh", "so y te"], ["SYT", "", ""]]
    report = await import_agencies(database, write_csv(tmp_path / "a.csv", rows), skip_bad=True)
    assert (report.added, [one.line for one in report.bad]) == (1, [3])
    assert (await stored_agencies(database))["BV1"].parent == "SYT"


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
async def test_the_templates_import_as_they_are(database: Database, now: dt.datetime, suffix: str) -> None:
    agencies = await import_agencies(database, TEMPLATES / f"agencies{suffix}")
    contacts = await import_contacts(database, TEMPLATES / f"contacts{suffix}", now=now)
    assert agencies == contacts == Imported(3, 0, 0, (), is_stored=True)
    stored = await stored_agencies(database)
    assert {code: one.kind for code, one in stored.items()} == {"SKHCN": "department", "TTCDS": "unit", "XVD": "commune"}
    assert {one.agency_code for one in (await stored_contacts(database)).values()} == set(stored)


# What is understood.


@pytest.mark.parametrize("name", ["agencies", "contacts"])
def test_both_forms_of_a_template_say_the_same(name: str) -> None:
    with (TEMPLATES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    sheet, guide = load_workbook(TEMPLATES / f"{name}.xlsx").worksheets
    assert [["" if cell is None else cell for cell in row] for row in sheet.iter_rows(values_only=True)] == rows
    assert guide.title == "Hướng dẫn"
    assert [guide.cell(at, 1).value for at in range(2, len(rows[0]) + 2)] == rows[0]
    assert all(cell.font.bold for cell in sheet[1])


async def test_every_role_offered_by_the_template_is_known(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    sheet = load_workbook(TEMPLATES / "contacts.xlsx").worksheets[0]
    assert {sheet.cell(at, 2).number_format for at in range(1, 5)} == {"@"}
    (offered,) = sheet.data_validations.dataValidation
    words = offered.formula1.strip('"').split(",")
    rows = [["Lê Thị Lan", f"091234567{at}", "Sở Y tế", word] for at, word in enumerate(words)]
    await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, *rows]), now=now)
    assert {one.role for one in (await stored_contacts(database)).values()} == set(Role)


@pytest.mark.parametrize(
    ("word", "role"),
    [
        ("", Role.OFFICIAL),
        ("Cán bộ", Role.OFFICIAL),
        ("focal_point", Role.FOCAL_POINT),
        ("dau moi", Role.FOCAL_POINT),
        ("LÃNH ĐẠO", Role.LEADER),
        ("Sở KH&CN", Role.COORDINATOR),
        ("điều phối", Role.COORDINATOR),
        ("admin", Role.ADMIN),
    ],
)
async def test_roles_are_known_by_their_words(database: Database, tmp_path: Path, now: dt.datetime, word: str, role: Role) -> None:
    await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, [*LAN[:3], word]]), now=now)
    assert [one.role for one in (await stored_contacts(database)).values()] == [role]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_text_in_every_encoding_and_with_every_delimiter_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    assert read(write_csv(tmp_path / "c.csv", [CONTACTS, LAN], delimiter=delimiter, encoding=encoding)) == [(2, LAN_READ)]


def test_the_vietnamese_code_page_of_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_bytes(
        as_windows_1258("Họ và tên;Số điện thoại;Cơ quan;Vai trò\r\nLê Thị Lan;0912345678;Sở Y tế;đầu mối\r\n")
    )
    assert read(tmp_path / "c.csv") == [(2, LAN_READ)]


@pytest.mark.parametrize(
    "header",
    [
        ["Họ và tên (*)", "SỐ ĐIỆN THOẠI", "cơ quan", "Vai trò:"],
        ["ho ten", "dien thoai", "Don vi", "vai tro"],
        ["HỌ TÊN", "SĐT", "Mã cơ quan", "role"],
        ["Name", "Phone", "Agency", "Role"],
        [unicodedata.normalize("NFD", "Họ và tên"), "Số điện\nthoại", "Đơn  vị", "Vai trò"],
    ],
)
def test_headings_are_known_in_vietnamese_and_english(tmp_path: Path, header: list[str]) -> None:
    assert read(write_xlsx(tmp_path / "c.xlsx", [header, LAN])) == [(2, LAN_READ)]


def test_columns_stand_in_any_order_among_others(tmp_path: Path) -> None:
    rows = [["TT", "SĐT", "Chức vụ", "Cơ quan", "Họ tên"], ["1", LAN[1], "Chuyên viên", LAN[2], LAN[0]]]
    assert read(write_csv(tmp_path / "c.csv", rows)) == [(2, {"name": LAN[0], "phone": LAN[1], "agency": LAN[2]})]


def test_of_two_columns_for_one_thing_the_one_with_the_code_is_read(tmp_path: Path) -> None:
    rows = [["Đơn vị", "Họ tên", "SĐT", "Mã cơ quan"], ["Y tế", "A", "1", "SYT"], ["Sở Nội vụ", "B", "2", ""]]
    assert [cells["agency"] for _, cells in read(write_csv(tmp_path / "c.csv", rows))] == ["SYT", "Sở Nội vụ"]


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_lines_are_counted_as_in_the_file(tmp_path: Path, suffix: str) -> None:
    rows = [["DANH SÁCH CÁN BỘ ĐẦU MỐI"], [], CONTACTS, LAN, [], ["", " ", "", ""], LAN, ["", "", "", "", "Người lập"], LAN]
    path = tmp_path / f"c{suffix}"
    assert [line for line, _ in read(write_csv(path, rows) if suffix == ".csv" else write_xlsx(path, rows))] == [4, 7, 9]


def test_a_header_far_below_the_top_is_none(tmp_path: Path) -> None:
    assert "Không thấy dòng tiêu đề" in refuse(write_csv(tmp_path / "c.csv", [*[["Tỉnh Hòa Giang"]] * 10, CONTACTS, LAN]))


def test_the_first_sheet_with_the_header_is_read(tmp_path: Path) -> None:
    other = [["Cột", "Ý nghĩa"], ["Họ và tên", "của cán bộ"]]
    assert read(write_xlsx(tmp_path / "c.xlsx", other, [["Họ tên"], ["A"]], [CONTACTS, LAN], [CONTACTS, LAN, LAN])) == [(2, LAN_READ)]


def test_cells_become_one_line_of_composed_text(tmp_path: Path) -> None:
    name = "  " + unicodedata.normalize("NFD", "Lê\u00a0 Thị\n Lan\u200b ")
    for path in (
        write_xlsx(tmp_path / "c.xlsx", [CONTACTS, [name, *LAN[1:]]]),
        write_csv(tmp_path / "c.csv", [CONTACTS, [name, *LAN[1:]]]),
    ):
        assert read(path) == [(2, LAN_READ)]


def test_numbers_are_read_as_a_person_sees_them(tmp_path: Path) -> None:
    rows: list[list[Any]] = [CONTACTS, [101, 912345678, 7.0, 1.5]]
    assert read(write_xlsx(tmp_path / "c.xlsx", rows)) == [(2, {"name": "101", "phone": "912345678", "agency": "7", "role": "1.5"})]


async def test_short_names_on_lines_of_one_cell_are_several(database: Database, tmp_path: Path) -> None:
    rows = [AGENCIES[:3], ["SYT", "Sở Y tế", "ngành y\nSở YT; ngành y"]]
    await import_agencies(database, write_xlsx(tmp_path / "a.xlsx", rows))
    assert (await stored_agencies(database))["SYT"].short_names == ("ngành y", "Sở YT")


@pytest.mark.parametrize("text", ["=1+1", '=HYPERLINK("http://x")', "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)"])
async def test_what_looks_like_a_formula_is_text(database: Database, tmp_path: Path, now: dt.datetime, text: str) -> None:
    await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, [text, *LAN[1:]]]), now=now)
    assert [one.name for one in (await stored_contacts(database)).values()] == [text]


@pytest.mark.parametrize(
    "written",
    [
        "0912345678",
        "0912 345 678",
        "0912.345.678",
        "(0912) 345-678",
        "0912–345–678",
        "912345678",
        "912345678.0",
        "'0912345678",
        "+84912345678",
        "+84 (0) 912 345 678",
        "(+84) 912 345 678",
        "84912345678",
        "840912345678",
        "0084 912 345 678",
        "\u202a0912345678\u202c",
        "０９１２３４５６７８",
    ],
)
def test_a_mobile_number_is_one_however_it_is_written(written: str) -> None:
    assert normalise_phone(written) == "0912345678"


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("0255 3822 123", "02553822123"),
        ("2553822123", "02553822123"),
        ("+84 24 3825 1234", "02438251234"),
        ("0243825123", "0243825123"),
        ("845678901", "0845678901"),
        ("84 845 678 901", "0845678901"),
    ],
)
def test_landlines_and_numbers_that_begin_like_the_country_are_known(written: str, stored: str) -> None:
    assert normalise_phone(written) == stored


@pytest.mark.parametrize(
    "written",
    [
        "",
        "091234567",
        "09123456789",
        "0112345678",
        "0412345678",
        "0612345678",
        "025538221",
        "025538221234",
        "+1 912 345 678",
        "0912345678 / 0987654321",
        "0912345678 máy lẻ 3",
        "9.12E+08",
        "912345678.5",
        "không có",
        "113",
        "٠٩١٢٣٤٥٦٧٨",
        "0912345678" * 9000,
    ],
)
def test_what_is_no_vietnamese_number_is_refused(written: str) -> None:
    assert normalise_phone(written) is None


# What is refused, row by row.


async def test_each_bad_contact_has_its_reason(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    rows = [
        CONTACTS,
        ["", "0912345601", "SYT", ""],
        ["A", "", "SYT", ""],
        ["A", "0912345602", "", "cán bộ"],
        ["A", "0912", "SYT", ""],
        ["A", "0912345603", "Sở Ytế", ""],
        ["A", "0912345604", "Hợp tác xã Ong Rừng", ""],
        ["A", "0912345605", "SYT", "trùm"],
        ["A" * 101, "0912345606", "SYT", ""],
        ["#N/A", "0912345607", "SYT", ""],
        ["A", "0912345608", "#REF!", ""],
        ["Nguy?n V?n A", "0912345609", "SYT", ""],
        ["", "12", "Sở Ytế", "trùm"],
        ["A", "0912345610", "SYT", "{0}"],
    ]
    bad = {one.line: one.reason for one in (await import_contacts(database, write_csv(tmp_path / "c.csv", rows), now=now)).bad}
    assert "Thiếu «Họ và tên»" in bad[2]
    assert "Thiếu «Số điện thoại»" in bad[3]
    assert "Thiếu «Cơ quan»" in bad[4] and "điều phối" in bad[4] and "quản trị" in bad[4]
    assert "«0912» không đúng" in bad[5] and "10 chữ số" in bad[5]
    assert "«Sở Ytế»" in bad[6] and "gần nhất: «Sở Y tế»" in bad[6]
    assert "«Hợp tác xã Ong Rừng»" in bad[7]
    assert "«trùm»" in bad[8] and "cán bộ, cán bộ đầu mối, lãnh đạo đơn vị, điều phối, quản trị viên" in bad[8]
    assert "100 ký tự" in bad[9]
    assert "#N/A" in bad[10]
    assert "#REF!" in bad[11]
    assert "mất chữ" in bad[12]
    assert all(part in bad[13] for part in ("Thiếu «Họ và tên»", "«12»", "«Sở Ytế»", "«trùm»"))
    assert "«{0}»" in bad[14]
    assert len(bad) == 13


async def test_each_bad_agency_has_its_reason(database: Database, tmp_path: Path) -> None:
    rows = [
        AGENCIES,
        ["", "Sở Y tế", "", "", "", ""],
        ["SYT", "", "", "", "", ""],
        ["A1", "Phòng Một", "", "", "", "Phòng Mười"],
        ["A10", "Phòng Mườii", "", "", "", "#REF!"],
        ["A2", "Phòng Hai", "x" * 101, "", "", ""],
        ["A3", "Phòng Ba", "", "", "", "A4"],
        ["A4", "Phòng Bốn", "", "", "", "A3"],
        ["A5", "Phòng Năm", "", "", "", "a5"],
        ["B1", "Tổ Ong", "", "", "", ""],
        ["B2", "Tổ Ong", "", "", "", ""],
        ["B3", "Tổ Quế", "", "", "", "tổ ong"],
    ]
    bad = {one.line: one.reason for one in (await import_agencies(database, write_csv(tmp_path / "a.csv", rows))).bad}
    assert "Thiếu «Mã»" in bad[2]
    assert "Thiếu «Tên cơ quan»" in bad[3]
    assert "«Phòng Mười»" in bad[4] and "gần nhất: «Phòng Mườii»" in bad[4]
    assert "#REF!" in bad[5]
    assert "«Tên gọi khác» dài quá 100" in bad[6]
    assert "vòng" in bad[7] and "A3" in bad[7] and "A4" in bad[8] and "vòng" in bad[9]
    assert "«tổ ong»" in bad[12] and "B1, B2" in bad[12]
    assert sorted(bad) == [2, 3, 4, 5, 6, 7, 8, 9, 12]


async def test_a_code_or_a_phone_given_twice_is_refused_on_both_lines(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    agencies = [AGENCIES[:2], ["SYT", "Sở Y tế"], ["SNV", "Sở Nội vụ"], ["syt", "Ngành y"]]
    contacts = [CONTACTS, LAN, ["Trần Văn Núi", "+84 912.345.678", "SNV", ""]]
    codes = await import_agencies(database, write_csv(tmp_path / "a.csv", agencies), skip_bad=True)
    phones = await import_contacts(database, write_csv(tmp_path / "c.csv", contacts), now=now, skip_bad=True)
    assert [one.line for one in codes.bad] == [2, 4]
    assert [one.line for one in phones.bad] == [2, 3]
    assert all("2 và 4" in one.reason and "SYT" in one.reason for one in codes.bad)
    assert all("2 và 3" in one.reason and "0912345678" in one.reason for one in phones.bad)
    assert list(await stored_agencies(database)) == ["SNV"]
    assert not phones.is_stored


async def test_a_group_is_nobodys_agency(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="N_SO", name="Các sở", kind=GROUP)])
    report = await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, [*LAN[:2], "Các sở", ""]]), now=now)
    assert [one.line for one in report.bad] == [2]


async def test_a_long_list_of_another_province_is_told_off_soon(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    rows = [[f"Cán bộ {at}", f"09{at:08}", f"Sở Yte {at}", ""] for at in range(5000)]
    started = time.perf_counter()
    report = await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, *rows]), now=now)
    assert len(report.bad) == 5000
    assert time.perf_counter() - started < 10


async def test_a_full_list_is_stored(database: Database, tmp_path: Path, now: dt.datetime) -> None:
    rows = [[f"Cán bộ {at}", f"09{at:08}", "SYT", ""] for at in range(MOST_ROWS)]
    report = await import_contacts(database, write_csv(tmp_path / "c.csv", [CONTACTS, *rows]), now=now)
    assert (report.added, report.bad) == (MOST_ROWS, ())


# What is no list.


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.csv", b"", "chưa có dòng nào"),
        ("a.csv", b"\xef\xbb\xbf\r\n\r\n", "chưa có dòng nào"),
        ("a.csv", "Họ tên,SĐT,Cơ quan\r\n,,\r\n".encode(), "chưa có dòng nào"),
        ("a.csv", "Họ tên,Cơ quan\r\nA,B\r\n".encode(), "thiếu cột: «Số điện thoại»"),
        ("a.csv", b"mot,hai,ba\r\n1,2,3\r\n", "Không thấy dòng tiêu đề"),
        ("a.csv", b"H? t?n,S? di?n tho?i,C? quan\r\nA,1,B\r\n", "CSV UTF-8"),
        ("a.csv", "Hä vµ tªn,Sè ®iÖn tho¹i\r\nNguyÔn ThÞ H¹nh,0912345678,Së Tµi chÝnh\r\n".encode() * 9, "phông chữ cũ"),
        ("a.csv", 'Họ tên,SĐT,Cơ quan\r\nA,1,B\r\n"C,2,D\r\nE,3,F\r\n'.encode(), "dòng 3 có dấu ngoặc kép"),
        ("a.csv", b"PK\x03\x04" + bytes(100), "không đúng với đuôi .csv"),
        ("a.csv", bytes(range(256)) * 9, "không đúng với đuôi .csv"),
        ("a.xlsx", b"PK\x03\x04" + bytes(100), "hỏng"),
        ("a.xlsx", "Họ tên,SĐT,Cơ quan\r\nA,1,B\r\n".encode(), "không đúng với đuôi .xlsx"),
        ("a.xlsx", b"%PDF-1.7\n", "không đúng với đuôi .xlsx"),
        ("a.xlsx", OLE + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        ("a.xlsx", OLE + "Workbook".encode("utf-16-le"), "Lưu thành"),
        ("a.xls", OLE + "Workbook".encode("utf-16-le"), "Lưu thành"),
        ("a.ods", b"PK\x03\x04", "Lưu thành"),
        ("a.txt", "Họ tên,SĐT,Cơ quan\r\nA,1,B\r\n".encode(), "Lưu thành"),
        ("a.csv", b"a" * 10_000_001, "quá 10 MB"),
    ],
)
def test_what_is_no_list_is_refused_with_its_reason(tmp_path: Path, name: str, data: bytes, words: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert words in refuse(tmp_path / name)


def test_what_is_not_there_or_is_a_folder_is_refused(tmp_path: Path) -> None:
    assert "Không mở được tệp" in refuse(tmp_path / "a.csv")
    (tmp_path / "b.xlsx").mkdir()
    assert "Không mở được tệp" in refuse(tmp_path / "b.xlsx")


def test_more_rows_or_columns_than_allowed_are_refused(tmp_path: Path) -> None:
    assert "quá 20000 dòng" in refuse(write_csv(tmp_path / "a.csv", [CONTACTS, *[LAN] * (MOST_ROWS + 1)]))
    wide = [*LAN, *[""] * 60, "x"]
    assert "quá 50 cột" in refuse(write_csv(tmp_path / "b.csv", [CONTACTS, wide]))
    assert "quá 50 cột" in refuse(write_xlsx(tmp_path / "b.xlsx", [CONTACTS, wide]))


def test_a_document_in_the_same_packing_is_no_list(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(make_docx(["Xin chào"]))
    assert "không đúng với đuôi .xlsx" in refuse(tmp_path / "a.xlsx")


@pytest.mark.parametrize(
    "xml",
    [
        f"<worksheet xmlns='{MAIN}'><sheetData>{' ' * 60_000_000}</sheetData></worksheet>",
        f"<worksheet xmlns='{MAIN}'><sheetData>{'<a>' * 3_000_000}",
        f"<worksheet xmlns='{MAIN}'><sheetData>{'<row><c/></row>' * 900_000}</sheetData></worksheet>",
    ],
    ids=["blanks", "nesting", "rows"],
)
def test_a_workbook_that_unpacks_to_too_much_is_refused_before_it_does(tmp_path: Path, xml: str) -> None:
    path = with_sheet(tmp_path / "a.xlsx", xml.encode())
    assert path.stat().st_size < 200_000
    assert "quá nhiều ô" in refuse(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused(tmp_path: Path, encoding: str) -> None:
    layers = "".join(f'<!ENTITY e{at} "{f"&e{at - 1};" * 10 if at else "ong"}">' for at in range(9))
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE d [{layers}]><worksheet xmlns="{MAIN}">&e8;</worksheet>'
    assert "hỏng" in refuse(with_sheet(tmp_path / "a.xlsx", xml.encode(encoding)))


@pytest.mark.parametrize("cell", ["A999999999999", "XFD9", "A" + "9" * 5000, "ZZZZZZ1", "?"])
def test_a_cell_far_away_costs_nothing(tmp_path: Path, cell: str) -> None:
    row = cell.lstrip("ADFXZ") or "1"
    xml = f"<worksheet xmlns='{MAIN}'><sheetData><row r='{row}'><c r='{cell}'><v>1</v></c></row></sheetData></worksheet>"
    refuse(with_sheet(tmp_path / "a.xlsx", xml.encode()))


def test_altered_workbooks_are_read_or_refused(tmp_path: Path) -> None:
    chance = random.Random(57)
    whole = write_xlsx(tmp_path / "a.xlsx", [CONTACTS, LAN]).read_bytes()
    for _ in range(200):
        altered = bytearray(whole)
        for _ in range(chance.randint(1, 30)):
            altered[chance.randrange(len(altered))] = chance.randrange(256)
        (tmp_path / "a.xlsx").write_bytes(altered)
        try:
            read(tmp_path / "a.xlsx")
        except UnreadableList:
            continue
