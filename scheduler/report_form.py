"""The form of an administrative document on paper: page, head, body, lists, tables, signature (Nghị định 30/2020/NĐ-CP, Phụ lục I)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scheduler.wording import report as wording

if TYPE_CHECKING:
    from docx.document import Document as Docx
    from docx.table import Table
    from docx.text.paragraph import Paragraph

FONT = "Times New Roman"
BODY = 14  # points
_TABLE = 11
_INDENT = 12.7  # millimetres, of a paragraph's first line
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def open_form(at: dt.datetime) -> Form:
    """An empty page: A4, margins 20/20/30/15 mm, Times New Roman 14, numbered at the top from the second page on."""
    import docx
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    document = docx.Document()
    document.core_properties.author = ""
    document.core_properties.created = document.core_properties.modified = at.replace(tzinfo=None)
    style = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(BODY)
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), FONT)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(20), Mm(20), Mm(30), Mm(15)
    section.header_distance = Mm(10)
    section.different_first_page_header_footer = True
    form = Form(document)
    form.number_pages(section.header.paragraphs[0])
    return form


@dataclass(frozen=True, slots=True)
class Form:
    """A document being written, from its head downwards."""

    document: Docx

    def write(
        self,
        text: str,
        *,
        is_bold: bool = False,
        is_italic: bool = False,
        size: float = BODY,
        align: str = "justify",
        before: float = 0,
        after: float = 6,
        indent: float = _INDENT,
    ) -> None:
        """A paragraph of the body; sizes and spaces in points, the indent in millimetres."""
        paragraph = self.document.add_paragraph()
        _set(paragraph, text, size=size, align=align, is_bold=is_bold, is_italic=is_italic, before=before, after=after)
        if align == "justify" and indent:
            from docx.shared import Mm

            paragraph.paragraph_format.first_line_indent = Mm(indent)
        # A heading never ends a page.
        paragraph.paragraph_format.keep_with_next = is_bold

    def listing(self, items: Sequence[str], nothing: str, *, most: int | None = None) -> None:
        """A paragraph each item, begun by a dash; where there is none, the words for that."""
        shown = items if most is None else items[:most]
        for one in shown:
            self.write(f"- {one}")
        if len(items) > len(shown):
            self.write(wording.AND_MORE.format(count=len(items) - len(shown)), is_italic=True)
        if not items:
            self.write(nothing)

    def write_head(self, above: str, issuer: str, number: str, dated: str) -> None:
        """Who issues it and its number on the left; the nation, its motto, place and date on the right; a rule below each."""
        # Number and date in a row of their own: they stand on one line however long the names above are.
        table = _bare_table(self.document, (69, 96), rows=2)
        left, right = table.rows[0].cells
        _set(left.paragraphs[0], above, size=12, align="center")
        _set(left.add_paragraph(), issuer, size=12, align="center", is_bold=True)
        _rule(left.add_paragraph(), share=0.36, width=69)
        _set(right.paragraphs[0], wording.NATION, size=12, align="center", is_bold=True)
        _set(right.add_paragraph(), wording.MOTTO, size=13, align="center", is_bold=True)
        _rule(right.add_paragraph(), share=0.52, width=96)
        left, right = table.rows[1].cells
        _set(left.paragraphs[0], number, size=13, align="center", before=4)
        _set(right.paragraphs[0], dated, size=13, align="center", is_italic=True, before=4)

    def rule(self) -> None:
        """The rule below what the document is about."""
        _rule(self.document.add_paragraph(), share=0.36, width=165, after=6)

    def write_end(self, recipients: Sequence[str], signer: str) -> None:
        """To whom it goes, on the left; who signs, on the right; never torn from one another."""
        table = _bare_table(self.document, (75, 90))
        left, right = table.rows[0].cells
        _set(left.paragraphs[0], wording.RECIPIENTS_HEAD, size=12, align="left", is_bold=True, is_italic=True, before=12)
        for one in recipients:
            _set(left.add_paragraph(), f"- {one}", size=11, align="left")
        _set(right.paragraphs[0], signer, size=14, align="center", is_bold=True, before=12)
        _set(right.add_paragraph(), wording.SIGN_HERE, size=12, align="center", is_italic=True)
        for _ in range(4):
            _set(right.add_paragraph(), "", size=14, align="center")
        _set(right.add_paragraph(), wording.FILL * 3, size=14, align="center")

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        *,
        centred: Sequence[int] = (),
        size: float = _TABLE,
        ends_bold: bool = False,
    ) -> None:
        """A table with rules, widths in millimetres; its head is repeated on every page, no row is torn by a page's end."""
        from docx.oxml import OxmlElement

        table = self.document.add_table(rows=2 if rows else 1, cols=len(head))
        table.style, table.autofit = "Table Grid", False
        _widen(table, widths)
        for cell, text in zip(table.rows[0].cells, head, strict=True):
            _set(cell.paragraphs[0], text, size=size, align="center", is_bold=True)
        table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
        if not rows:
            return
        for column, cell in enumerate(table.rows[1].cells):
            _set(cell.paragraphs[0], "", size=size, align="center" if column in centred else "left")
        table.rows[1]._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        # The library looks a cell up anew each time: a row is copied instead, and only its words are put in.
        model = table.rows[1]._tr
        for row in rows[1:]:
            copied = deepcopy(model)
            _put_row(copied, row)
            table._tbl.append(copied)
        _put_row(model, rows[0])
        if ends_bold:
            for cell in table.rows[-1].cells:
                cell.paragraphs[0].runs[0].bold = True
        _set(self.document.add_paragraph(), "", size=6, align="left")

    def turn_sideways(self) -> None:
        """What follows is on pages that lie on their side."""
        from docx.enum.section import WD_ORIENT, WD_SECTION
        from docx.shared import Mm

        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin, section.right_margin, section.top_margin, section.bottom_margin = Mm(20), Mm(20), Mm(25), Mm(15)
        section.different_first_page_header_footer = False

    def number_pages(self, paragraph: Paragraph) -> None:
        """The page's number in the middle."""
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn

        _set(paragraph, "", size=13, align="center")
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        field.append(deepcopy(paragraph.runs[0]._r))
        paragraph._p.append(field)


def _set(
    paragraph: Paragraph,
    text: str,
    *,
    size: float,
    align: str,
    is_bold: bool = False,
    is_italic: bool = False,
    before: float = 0,
    after: float = 0,
) -> None:
    from docx.enum.text import WD_ALIGN_PARAGRAPH
    from docx.shared import Pt

    places = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "justify": WD_ALIGN_PARAGRAPH.JUSTIFY}
    run = paragraph.add_run(clean(text))
    run.font.size, run.bold, run.italic = Pt(size), is_bold, is_italic
    form = paragraph.paragraph_format
    form.alignment, form.space_before, form.space_after, form.line_spacing = places[align], Pt(before), Pt(after), 1.0


def _rule(paragraph: Paragraph, *, share: float, width: float, after: float = 0) -> None:
    """A line in the middle, a share of the width (millimetres) that it stands in: the lower border of an indented, very low
    paragraph, which every word processor draws."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn
    from docx.shared import Mm, Pt

    _set(paragraph, "", size=2, align="center", after=after)
    form = paragraph.paragraph_format
    form.left_indent = form.right_indent = Mm(width * (1 - share) / 2)
    form.line_spacing = Pt(3)
    borders, bottom = OxmlElement("w:pBdr"), OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        bottom.set(qn(f"w:{name}"), value)
    borders.append(bottom)
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _bare_table(document: Docx, widths: Sequence[float], *, rows: int = 1) -> Table:
    """Columns without rules, widths in millimetres; no row is torn by a page's end."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    table: Table = document.add_table(rows=rows, cols=len(widths))
    table.autofit = False
    _widen(table, widths)
    # Names of offices are long: no room is given away at the cells' sides.
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "0")
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")
    for row in table.rows:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
    return table


def _widen(table: Table, widths: Sequence[float]) -> None:
    """Fix the columns' widths (millimetres): Word goes by the cells', LibreOffice by the columns'."""
    from docx.shared import Mm

    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Mm(width)


def _put_row(row: Any, texts: Sequence[str]) -> None:
    """Put words into the runs of a copied row."""
    from docx.oxml.ns import qn

    for cell, text in zip(row.findall(qn("w:tc")), texts, strict=True):
        run = cell.find(qn("w:p")).find(qn("w:r"))
        run.text = clean(text)


def clean(text: str) -> str:
    """Text without what XML, and so either file, cannot hold."""
    return _NOT_XML.sub("", text)
