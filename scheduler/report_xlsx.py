"""A period's report as a workbook: the summary, every duty with its six «rõ», the obstacles, and who did not answer."""

from __future__ import annotations

import datetime as dt
import io
import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from db.progress import Standing
from scheduler.calendar import VIETNAM, local_day
from scheduler.progress import Counts
from scheduler.report import Report, ReportRow
from scheduler.report_form import clean
from scheduler.wording import report as wording
from scheduler.wording.progress import STANDINGS, as_of, period_words, reported_words

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

_FONT, _SIZE = "Times New Roman", 11
_DAY_FORMAT = "dd/mm/yyyy"
_HEAD, _TEXT, _COUNT, _SHARE, _ON, _AT = "head", "text", "count", "share", "day", "instant"  # names of styles
_WIDTHS: dict[str, Sequence[int]] = {
    "summary": (6, 44, 10, *[13] * len(Standing), 13),
    "details": (5, 7, 19, 17, 38, 18, 21, 18, 18, 13, 8, 26, 16, 12, 26, 12, 8, 8),
    "obstacles": (5, 8, 26, 44, 12, 44, 12, 20, 26, 18),
    "silent": (5, 8, 28, 24, 48, 12, 10, 9, 16, 28),
}
# What a spreadsheet takes for a formula; such text is kept from being one, also where a file is opened and saved as CSV.
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_LINE, _MOST_LINES = 15, 27  # points of height of a line; no row can be higher than 409
_MANY = 12  # columns on one page
_LONGEST = 32_000  # characters; a cell holds 32,767


def write_xlsx(report: Report) -> bytes:
    """The workbook's bytes."""
    import openpyxl

    book = openpyxl.Workbook()
    book.properties.creator, book.properties.title = "", f"{wording.TITLE} {period_words(report.period.first, report.period.last)}"
    book.properties.created = book.properties.modified = report.at.replace(tzinfo=None)
    _add_styles(book)
    summary = book.active
    summary.title = wording.SHEETS[0]
    _fill(summary, report, _summary_head(), _summary(report), _WIDTHS["summary"])
    _emphasise_last(summary)
    for name, head, rows, widths in (
        (wording.SHEETS[1], wording.DETAILS, map(_detail, report.rows), "details"),
        (wording.SHEETS[2], wording.OBSTACLES, map(_obstacle, report.obstacles), "obstacles"),
        (wording.SHEETS[3], wording.SILENT, map(_silent, report.silent), "silent"),
    ):
        _fill(book.create_sheet(name), report, head, ([place, *row] for place, row in enumerate(rows, 1)), _WIDTHS[widths])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _summary_head() -> tuple[str, ...]:
    return (wording.ORDINAL, wording.AGENCY, wording.TOTAL, *(STANDINGS[one] for one in Standing), wording.IN_TIME_SHARE)


def _summary(report: Report) -> Iterable[list[Any]]:
    for place, (_, name, counts) in enumerate(report.agencies, 1):
        yield [place, name, *_figures(counts)]
    yield [None, wording.ALL, *_figures(report.counts)]


def _figures(counts: Counts) -> list[Any]:
    share = counts.done / counts.total if counts.total else 0
    return [counts.total, *(counts.of(one) for one in Standing), share]


def _detail(one: ReportRow) -> list[Any]:
    return [
        one.code,
        one.agency,
        ", ".join(one.people) or wording.NO_PERSON,
        f"{one.task}\n({cited})" if (cited := wording.cited(one.source, one.clause)) else one.task,
        wording.deadline(one.last_day, one.printed),
        wording.responsibility(one.agency, one.coordinating),
        "\n".join(one.products) or wording.NO_PRODUCT,
        wording.authority(one.authority),
        STANDINGS[one.standing],
        one.percent,
        _said(one),
        one.reporter,
        _day(one.reported_at),
        one.obstacle,
        one.closed_on,
        one.days_late or None,
        one.reminders,
    ]


def _said(one: ReportRow) -> str:
    words = reported_words(one.status, one.percent)
    parts = [words[:1].upper() + words[1:], "" if one.note == one.obstacle else one.note, one.request]
    return "; ".join(part for part in parts if part)


def _obstacle(one: ReportRow) -> list[Any]:
    standing = wording.standing(one.standing, one.percent, one.days_late)
    return [one.code, one.agency, one.task, one.last_day, one.obstacle, one.obstacle_since, one.reporter, one.request, standing]


def _silent(one: ReportRow) -> list[Any]:
    reminded = one.reminded_at.astimezone(VIETNAM).replace(tzinfo=None) if one.reminded_at else None
    return [
        one.code,
        one.agency,
        ", ".join(one.people) or wording.NO_PERSON,
        one.task,
        one.last_day,
        one.days_late or None,
        one.reminders,
        reminded,
        ", ".join(filter(None, one.reminded)) or wording.NOT_REMINDED,
    ]


def _fill(sheet: Worksheet, report: Report, head: Sequence[str], rows: Iterable[Sequence[Any]], widths: Sequence[int]) -> None:
    """A sheet: its title, the head row, the rows below it; ready to be printed."""
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    plain = Font(name=_FONT, size=_SIZE)
    last = get_column_letter(len(head))
    # Within the first page of those that lie side by side.
    titled = last if len(head) <= _MANY else "H"
    period = f"{period_words(report.period.first, report.period.last)}; {as_of(report.at)}"
    whose = f" – {report.agency.name}" if report.agency else ""
    for place, (text, font) in enumerate(
        [(f"{wording.TITLE}{whose}", Font(name=_FONT, size=14, bold=True)), (_sentence(period), plain)], 1
    ):
        sheet.merge_cells(f"A{place}:{titled}{place}")
        sheet.cell(place, 1, text)
        sheet.cell(place, 1).font, sheet.cell(place, 1).alignment = font, Alignment(horizontal="center", vertical="center")
    top = 4
    for column, name in enumerate(head, 1):
        cell = sheet.cell(top, column, name)
        cell.style = _HEAD
        sheet.column_dimensions[get_column_letter(column)].width = widths[column - 1]
    number = top
    for number, row in enumerate(rows, top + 1):
        sheet.row_dimensions[number].height = _LINE * max(map(_lines, row, widths), default=1) + 2
        for column, value in enumerate(row, 1):
            _put(sheet.cell(number, column), value)
    sheet.row_dimensions[1].height, sheet.row_dimensions[top].height = 22, 2 * _LINE + 6
    sheet.freeze_panes = f"C{top + 1}" if len(head) > _MANY else f"A{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{last}{number}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    # What would be too small on one page goes over two, each with number and code.
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 2 if len(head) > _MANY else 1, 0
    if len(head) > _MANY:
        sheet.print_title_cols = "A:B"
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.6, 0.8, 0.4
    sheet.oddFooter.center.text = "&P/&N"
    sheet.print_area = f"A1:{last}{number}"


def _add_styles(book: Workbook) -> None:
    """The looks of cells, by name: giving each cell its font and borders one by one takes most of the time."""
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side

    thin = Side(style="thin", color="FF9AA3AE")
    formats = {_HEAD: "General", _TEXT: "General", _COUNT: "0", _SHARE: "0%", _ON: _DAY_FORMAT, _AT: f"hh:mm {_DAY_FORMAT}"}
    for name, number_format in formats.items():
        is_head = name == _HEAD
        style = NamedStyle(name, font=Font(name=_FONT, size=_SIZE, bold=is_head), number_format=number_format)
        style.border = Border(left=thin, right=thin, top=thin, bottom=thin)
        middle = None if name == _TEXT else "center"
        style.alignment = Alignment(horizontal=middle, vertical="center" if is_head else "top", wrap_text=True)
        if is_head:
            style.fill = PatternFill("solid", fgColor="FFDCE6F2")
        book.add_named_style(style)


def _put(cell: Any, value: Any) -> None:
    """A value as what it is; text stays text, whatever it begins with."""
    match value:
        case str():
            cell.value, cell.style = clean(value)[:_LONGEST], _TEXT
            if value.startswith(_RISKY):
                cell.data_type, cell.quotePrefix = "s", True
        case float():
            cell.value, cell.style = value, _SHARE
        case dt.datetime():
            cell.value, cell.style = value, _AT
        case dt.date():
            cell.value, cell.style = value, _ON
        case int():
            cell.value, cell.style = value, _COUNT
        case _:
            cell.value, cell.style = value, _TEXT


def _lines(value: Any, width: float) -> int:
    """How many lines a cell needs at a width in letters: not every program finds that out by itself."""
    if not isinstance(value, str):
        return 1
    return min(sum(max(math.ceil(0.92 * len(part) / width), 1) for part in value.split("\n")), _MOST_LINES)


def _emphasise_last(sheet: Worksheet) -> None:
    """The last row of the summary is the sum."""
    from openpyxl.styles import Font

    for cell in sheet[sheet.max_row]:
        cell.font = Font(name=_FONT, size=_SIZE, bold=True)
    # The sum is no agency: the filter leaves it out.
    sheet.auto_filter.ref = f"A4:{sheet.cell(4, sheet.max_column).coordinate[:-1]}{max(sheet.max_row - 1, 4)}"


def _day(at: dt.datetime | None) -> dt.date | None:
    return local_day(at) if at else None


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
