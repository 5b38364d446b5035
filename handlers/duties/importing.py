"""Lists of duties come in from Excel or CSV: checked row by row, stored all or none; the same list twice adds nothing."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

from db.audit import AuditEntry, add_entry
from db.deadlines import DeadlineRule
from db.duties import Duty, add_duties
from db.engine import Database
from db.people import Agency, ensure_agencies
from handlers.duties.confirming import confirm_duties
from handlers.duties.correcting import MOST_TASK
from handlers.duties.days import read_rhythm, read_rule, with_rhythm
from handlers.duties.making import unasked
from handlers.duties.naming import Names, load_names
from handlers.importing import BadRow, Imported
from handlers.spreadsheets import Column, ListRow, UnreadableList, read_list
from handlers.wording import duties as wording
from handlers.wording import lists
from scheduler.calendar import local_day
from scheduler.course import By, Rules

__all__ = ["UnreadableList", "import_duties", "write_template"]

_LONGEST = 300  # characters of a cell other than the task's
_CUT = 60
_COLUMNS = {
    "agency": Column(
        wording.IMPORT_COLUMNS["agency"],
        ("co quan thuc hien", "co quan chu tri", "chu tri", "don vi", "agency"),
        is_required=True,
        is_many=True,
    ),
    "task": Column(wording.IMPORT_COLUMNS["task"], ("noi dung cong viec", "nhiem vu", "cong viec", "task"), is_required=True),
    "due": Column(wording.IMPORT_COLUMNS["due"], ("thoi han", "han hoan thanh", "thoi gian", "due")),
    "source": Column(wording.IMPORT_COLUMNS["source"], ("nguon", "van ban", "can cu", "source")),
    "clause": Column(wording.IMPORT_COLUMNS["clause"], ("muc khoan", "dieu khoan", "clause")),
    "recurrence": Column(wording.IMPORT_COLUMNS["recurrence"], ("dinh ky", "lap lai", "recurrence")),
}


async def import_duties(
    database: Database,
    path: Path,
    rules: Rules,
    *,
    now: dt.datetime,
    anchor: dt.date | None = None,
    skip_bad: bool = False,
    is_open: bool = False,
) -> Imported:
    """Store a list of duties as proposals (`is_open`: opened at once).

    One bad row and nothing is stored; with `skip_bad` the good rows are. A row of several agencies makes a duty of each.
    What is known already, in whatever state, stays as it is. Raises UnreadableList.
    """
    listed = await asyncio.to_thread(read_list, path, _COLUMNS)
    async with database.write() as session:
        names = await load_names(session)
        made, bad = await asyncio.to_thread(_check, listed.rows, names, now, anchor)
        if not made or (bad and not skip_bad):
            return Imported(0, 0, 0, bad, is_stored=False)
        await ensure_agencies(session, list({agency.code: agency for agency, _ in made}.values()))
        added = await add_duties(session, [duty for _, duty in made])
        if is_open and added:
            await confirm_duties(session, [one.code for one in added], rules, By(None, now))
        await add_entry(session, AuditEntry(at=now, action="import_duties", subject=f"added:{len(added)}"))
    return Imported(len(added), 0, len(made) - len(added), bad, is_stored=True)


def _check(
    rows: Sequence[ListRow], names: Names, now: dt.datetime, anchor: dt.date | None
) -> tuple[list[tuple[Agency, Duty]], tuple[BadRow, ...]]:
    """The duties of the good rows, each with its agency, and the bad ones."""
    made: list[tuple[Agency, Duty]] = []
    bad: list[BadRow] = []
    lines: dict[str, int] = {}
    for row in rows:
        cells = {name: " ".join(row.cells.get(name, "").split()) for name in _COLUMNS}
        reasons = _wrong_cells(cells)
        agencies = _agencies(cells["agency"], names, reasons)
        rule = _rule(cells, local_day(now), anchor, reasons)
        duties = [
            (one, unasked(one, cells["task"], rule, now, source=cells["source"], clause=cells["clause"], token="import"))
            for one in agencies
            if rule is not None
        ]
        same = next((lines[duty.fingerprint] for _, duty in duties if duty.fingerprint in lines), None)
        if same is not None:
            reasons.append(wording.ROW_SAME.format(line=same))
        for _, duty in duties:
            lines.setdefault(duty.fingerprint, row.line)
        if reasons:
            bad.append(BadRow(row.line, " ".join(reasons)))
        else:
            made += duties
    return made, tuple(bad)


def _wrong_cells(cells: Mapping[str, str]) -> list[str]:
    found = [lists.ROW_CELL_EMPTY.format(column=wording.IMPORT_COLUMNS[name]) for name in ("agency", "task") if not cells[name]]
    for name, text in cells.items():
        limit = MOST_TASK if name == "task" else _LONGEST
        if len(text) > limit:
            found.append(lists.ROW_CELL_TOO_LONG.format(column=wording.IMPORT_COLUMNS[name], limit=limit))
    return found


def _agencies(text: str, names: Names, reasons: list[str]) -> list[Agency]:
    found: dict[str, Agency] = {}
    for named in names.find_all(text) if text else ():
        if named.agency is not None:
            found[named.agency.code] = named.agency
        elif named.choices:
            called = ", ".join(f"{one.name} – {one.code}" for one in named.choices)
            reasons.append(wording.ROW_CHOOSE_AGENCY.format(text=wording.cut(named.words, _CUT), names=called))
        else:
            reasons.append(wording.ROW_UNKNOWN_AGENCY.format(text=wording.cut(named.words, _CUT)))
    return list(found.values())


def _rule(cells: Mapping[str, str], today: dt.date, anchor: dt.date | None, reasons: list[str]) -> DeadlineRule | None:
    """The rule of a row; None, with the reason, where its cells do not tell one."""
    due, rhythm = cells["due"], cells["recurrence"]
    recurrence = read_rhythm(rhythm) if rhythm else None
    # Excel's own dates come as «2026-03-20 00:00:00».
    rule = read_rule(_as_printed(due), today) if due else DeadlineRule()
    if rhythm and recurrence is None:
        reasons.append(wording.ROW_NO_RHYTHM.format(text=wording.cut(rhythm, _CUT)))
    if rule is None:
        reasons.append(wording.ROW_NO_DAY.format(text=wording.cut(due, _CUT)))
    if not due and not rhythm:
        reasons.append(wording.ROW_NEEDS_DAY)
    if reasons or rule is None:
        return None
    return with_rhythm(rule, recurrence, today, anchor)


def _as_printed(due: str) -> str:
    try:
        return f"{dt.datetime.fromisoformat(due):%d/%m/%Y}"
    except ValueError:
        return due


def write_template(path: Path) -> None:
    """An .xlsx to fill in, with rows that show how. Raises OSError."""
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "Phần việc"
    for row in (tuple(wording.IMPORT_COLUMNS.values()), *wording.TEMPLATE_ROWS):
        sheet.append(row)
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for column, width in zip("ABCDEF", (28, 60, 24, 30, 10, 14), strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    book.save(path)
