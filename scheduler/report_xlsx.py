"""A period's report as a workbook: the summary, every duty with its six «rõ», the obstacles, and who did not answer."""

from __future__ import annotations

import datetime as dt
import io
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
    from openpyxl.worksheet.worksheet import Worksheet

_FONT, _SIZE = "Times New Roman", 11
_DAY_FORMAT = "dd/mm/yyyy"
_WIDTHS: dict[str, Sequence[int]] = {
    "summary": (6, 44, 10, *[13] * len(Standing), 13),
    "details": (5, 8, 22, 20, 44, 22, 30, 24, 24, 18, 9, 32, 18, 12, 30, 12, 9, 8),
    "obstacles": (5, 8, 26, 44, 12, 44, 12, 20, 26, 18),
    "silent": (5, 8, 28, 24, 48, 12, 10, 9, 16, 28),
}
# What a spreadsheet takes for a formula; such text is kept from being one, also where a file is opened and saved as CSV.
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_LONGEST = 32_000  # characters; a cell holds 32,767


def write_xlsx(report: Report) -> bytes:
    """The workbook's bytes."""
    from openpyxl import Workbook

    book = Workbook()
    book.properties.creator, book.properties.title = "", f"{wording.TITLE} {period_words(report.period.first, report.period.last)}"
    book.properties.created = book.properties.modified = report.at.replace(tzinfo=None)
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
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    thin = Side(style="thin", color="FF9AA3AE")
    border, wrapped = Border(left=thin, right=thin, top=thin, bottom=thin), Alignment(vertical="top", wrap_text=True)
    middle = Alignment(horizontal="center", vertical="center", wrap_text=True)
    plain, bold = Font(name=_FONT, size=_SIZE), Font(name=_FONT, size=_SIZE, bold=True)
    last = get_column_letter(len(head))
    period = f"{period_words(report.period.first, report.period.last)}; {as_of(report.at)}"
    whose = f" – {report.agency.name}" if report.agency else ""
    for place, (text, font) in enumerate(
        [(f"{wording.TITLE}{whose}", Font(name=_FONT, size=14, bold=True)), (_sentence(period), plain)], 1
    ):
        sheet.merge_cells(f"A{place}:{last}{place}")
        _put(sheet.cell(place, 1), text)
        sheet.cell(place, 1).font, sheet.cell(place, 1).alignment = font, Alignment(horizontal="center", vertical="center")
    top = 4
    filled = PatternFill("solid", fgColor="FFDCE6F2")
    for column, name in enumerate(head, 1):
        cell = sheet.cell(top, column, name)
        cell.font, cell.alignment, cell.border, cell.fill = bold, middle, border, filled
        sheet.column_dimensions[get_column_letter(column)].width = widths[column - 1]
    number = top
    for number, row in enumerate(rows, top + 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            _put(cell, value)
            cell.font, cell.alignment, cell.border = plain, wrapped, border
    sheet.row_dimensions[1].height = 22
    sheet.freeze_panes = f"C{top + 1}" if len(head) > 12 else f"A{top + 1}"
    sheet.auto_filter.ref = f"A{top}:{last}{number}"
    sheet.print_title_rows = f"{top}:{top}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.6, 0.6
    sheet.oddFooter.center.text = "&P/&N"
    sheet.print_area = f"A1:{last}{number}"


def _put(cell: Any, value: Any) -> None:
    """A value as what it is; text stays text, whatever it begins with."""
    if isinstance(value, str):
        cell.value = clean(value)[:_LONGEST]
        cell.data_type = "s"
        if value.startswith(_RISKY):
            cell.quotePrefix = True
    elif isinstance(value, float):
        cell.value, cell.number_format = value, "0%"
    elif isinstance(value, dt.datetime):
        cell.value, cell.number_format = value, f"hh:mm {_DAY_FORMAT}"
    elif isinstance(value, dt.date):
        cell.value, cell.number_format = value, _DAY_FORMAT
    else:
        cell.value = value


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
