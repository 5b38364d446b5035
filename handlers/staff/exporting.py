"""The list of agencies that nobody answers for, as a spreadsheet to telephone by."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Sequence

from db.files import add_file, save_file
from db.messages import Attachment, Message, lines, plain
from handlers.call import Call
from handlers.staff.unreachable import Answering, list_unreached
from handlers.wording import staff as wording
from scheduler.calendar import local_day

_WIDTHS = (6, 12, 42, 12, 48, 44, 44)


async def export_unreached(call: Call) -> None:
    """«xuất không liên hệ»"""
    async with call.assistant.database.read() as session:
        found = await list_unreached(session, local_day(call.now))
    if not found:
        async with call.finish():
            return call.say(plain(wording.ALL_REACHED))
    data = await asyncio.to_thread(write_sheet, found)
    saved = await asyncio.to_thread(save_file, call.assistant.files_folder, data)
    async with call.finish() as session:
        await add_file(session, saved, now=call.now)
        file = Attachment(sha256=saved.sha256, file_name=wording.EXPORT_NAME, size=saved.size)
        call.say(Message(paragraphs=lines(wording.EXPORT_READY.format(count=len(found))), attachments=(file,)))


def write_sheet(found: Sequence[Answering]) -> bytes:
    """An .xlsx with one agency a row, those that owe most first."""
    from openpyxl import Workbook  # here, since every start would pay for it
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = wording.EXPORT_SHEET
    sheet.append(wording.EXPORT_COLUMNS)
    for number, one in enumerate(found, 1):
        named = [f"{person.contact.name} {person.contact.phone or ''}".strip() for person, _ in one.focal_points]
        others = [f"{person.contact.name} {person.contact.phone or ''}".strip() for person in one.others]
        sheet.append([number, None, None, one.open_duties])
        # As text whatever it begins with: a name out of a list must not become a formula.
        for column, words in ((2, one.agency.code), (3, one.agency.name), (5, one.why), (6, "\n".join(named)), (7, "\n".join(others))):
            cell = sheet.cell(number + 1, column)
            cell.value, cell.data_type = words, "s"
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet.freeze_panes = "A2"
    sheet.auto_filter.ref = sheet.dimensions
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()
