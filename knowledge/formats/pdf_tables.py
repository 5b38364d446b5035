"""Ruled tables of a PDF page: the rulings drawn on it, and the glyphs between them gathered into rows of cells."""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2
import pypdfium2.raw as pdfium

from knowledge.formats.note_marks import Piece
from knowledge.formats.pdf_glyphs import Glyph, turn_back
from knowledge.formats.pdf_lines import arrange
from knowledge.formats.printed import PrintedLine, merge
from knowledge.formats.tables import places_blocks

# Points.
_THIN = 3.0
_TOUCH = 3.0
_SHORTEST = 6.0
_TOO_MANY_OBJECTS = 20_000  # drawings, not text: charts and maps are left alone
_TOO_MANY_RULINGS = 6_000
_MOST_LINES = 400  # after joining strokes; more is a drawing


@dataclass(frozen=True, slots=True)
class Ruling:
    """A straight line on the page, level or upright, in points; `x0 <= x1`, `y0 <= y1`."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def is_horizontal(self) -> bool:
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(slots=True)
class _Table:
    """Merged rulings that touch each other: level ones as (y, x0, x1), upright ones as (x, y0, y1)."""

    level: list[tuple[float, float, float]]
    upright: list[tuple[float, float, float]]

    @property
    def box(self) -> tuple[float, float, float, float]:
        xs = [x for x, _, _ in self.upright] + [x for _, *ends in self.level for x in ends]
        ys = [y for y, _, _ in self.level] + [y for _, *ends in self.upright for y in ends]
        return min(xs), min(ys), max(xs), max(ys)


def find_rulings(page: pypdfium2.PdfPage, turn: int) -> tuple[list[Ruling], bool]:
    """(level and upright lines drawn on the page, whether it shows a picture), turned as `read_glyphs` turns."""
    rulings: list[Ruling] = []
    has_picture = False
    for seen, (item, matrix) in enumerate(_walk(page)):
        if seen > _TOO_MANY_OBJECTS or len(rulings) > _TOO_MANY_RULINGS:
            break
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            has_picture = True
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            for one, two in _read_path(item, matrix):
                (ax, ay), (bx, by) = turn_back(*one, turn), turn_back(*two, turn)
                width, height = abs(ax - bx), abs(ay - by)
                if min(width, height) <= _THIN and max(width, height) >= _SHORTEST:
                    rulings.append(Ruling(min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))
    return rulings, has_picture


_Matrix = tuple[float, float, float, float, float, float]


def _walk(page: pypdfium2.PdfPage) -> Iterator[tuple[object, _Matrix]]:
    """Objects of the page and of the forms drawn on it (one level down), with the matrix of what holds them."""
    identity = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    for index in range(pdfium.FPDFPage_CountObjects(page.raw)):
        item = pdfium.FPDFPage_GetObject(page.raw, index)
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_FORM:
            outer = _read_matrix(item)
            for inner in range(pdfium.FPDFFormObj_CountObjects(item)):
                yield pdfium.FPDFFormObj_GetObject(item, inner), outer
        else:
            yield item, identity


def _read_matrix(item: object) -> _Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def _apply(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _read_path(item: object, outer: _Matrix) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight strokes of a path; a filled bar as thin as a line is one stroke."""
    inner = _read_matrix(item)
    points: list[tuple[int, tuple[float, float], bool]] = []
    x, y = ctypes.c_float(), ctypes.c_float()
    for index in range(min(pdfium.FPDFPath_CountSegments(item), _TOO_MANY_RULINGS)):
        segment = pdfium.FPDFPath_GetPathSegment(item, index)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        place = _apply(outer, *_apply(inner, x.value, y.value))
        points.append((pdfium.FPDFPathSegment_GetType(segment), place, bool(pdfium.FPDFPathSegment_GetClose(segment))))
    if not points:
        return
    fill, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    xs, ys = [place[0] for _, place, _ in points], [place[1] for _, place, _ in points]
    if min(max(xs) - min(xs), max(ys) - min(ys)) <= _THIN:
        yield (min(xs), min(ys)), (max(xs), max(ys))
        return
    if not stroke.value:
        return  # the shading of a cell: its edges are drawn by other paths
    start = before = points[0][1]
    for kind, place, closes in points:
        if kind == pdfium.FPDF_SEGMENT_LINETO:
            yield before, place
        else:
            start = place if kind == pdfium.FPDF_SEGMENT_MOVETO else start
        if closes:
            yield place, start
        before = place


def take_tables(glyphs: list[Glyph], rulings: list[Ruling]) -> tuple[list[PrintedLine], list[Glyph]]:
    """(rows of the ruled tables, one line a row with its cells joined by « | »; the glyphs outside of tables)."""
    rows: list[PrintedLine] = []
    for table in _find_tables(rulings):
        box = x0, y0, x1, y1 = table.box
        inside = [glyph for glyph in glyphs if x0 <= (glyph.x0 + glyph.x1) / 2 <= x1 and y0 <= _height(glyph) <= y1]
        cells: dict[tuple[float, float, float, float], list[Glyph]] = defaultdict(list)
        for glyph in inside:
            cells[_find_cell(table, box, glyph)].append(glyph)
        if len({left for left, *_ in cells}) < 2:
            continue  # a frame around text, not a table
        taken = set(map(id, inside))
        glyphs = [glyph for glyph in glyphs if id(glyph) not in taken]
        rows += _compose_blocks(cells) if places_blocks(_read_words(cells)) else _compose_rows(cells)
    return rows, glyphs


def _read_words(cells: dict[tuple[float, float, float, float], list[Glyph]]) -> list[list[str]]:
    """The text of the cells in the file's order, row by row."""
    rows: dict[float, list[str]] = defaultdict(list)
    for (_, top, _, _), glyphs in cells.items():
        rows[top].append("".join(glyph.text for glyph in sorted(glyphs, key=lambda glyph: glyph.index)))
    return list(rows.values())


def _height(glyph: Glyph) -> float:
    return glyph.y + glyph.size * 0.3


def _find_tables(rulings: list[Ruling]) -> list[_Table]:
    level = _merge([((one.y0 + one.y1) / 2, one.x0, one.x1) for one in rulings if one.is_horizontal])
    upright = _merge([((one.x0 + one.x1) / 2, one.y0, one.y1) for one in rulings if not one.is_horizontal])
    if len(level) > _MOST_LINES or len(upright) > _MOST_LINES:
        return []
    groups: list[_Table] = []
    for x, y0, y1 in upright:
        crossed = [one for one in level if y0 - _TOUCH <= one[0] <= y1 + _TOUCH and one[1] - _TOUCH <= x <= one[2] + _TOUCH]
        joined = _Table(crossed, [(x, y0, y1)])
        apart = []
        for group in groups:
            if set(group.level) & set(crossed):
                more = [one for one in group.level if one not in joined.level]
                joined = _Table([*joined.level, *more], [*joined.upright, *group.upright])
            else:
                apart.append(group)
        groups = [*apart, joined]
    return [group for group in groups if len(group.level) > 1 and len(group.upright) > 1]


def _merge(lines: list[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Strokes of one line that touch or overlap as one: Word draws each cell's border by itself."""
    merged: list[tuple[float, float, float]] = []
    open_lines: list[tuple[float, float, float]] = []
    for place, start, end in sorted(lines, key=lambda line: (round(line[0] / 1.5), line[1])):
        last = open_lines[-1] if open_lines else None
        if last and abs(last[0] - place) <= 2.0 and last[1] - _TOUCH <= end and start <= last[2] + _TOUCH:
            open_lines[-1] = (last[0], min(last[1], start), max(last[2], end))
        else:
            open_lines.append((place, start, end))
    for line in open_lines:
        if not any(abs(line[0] - one[0]) <= 2.0 and one[1] - _TOUCH <= line[1] and line[2] <= one[2] + _TOUCH for one in merged):
            merged.append(line)
    return merged


def _find_cell(table: _Table, box: tuple[float, float, float, float], glyph: Glyph) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) of the cell around a glyph: the nearest rulings on each side that pass it."""
    x, y = (glyph.x0 + glyph.x1) / 2, _height(glyph)
    beside = [place for place, start, end in table.upright if start - _TOUCH <= y <= end + _TOUCH]
    around = [place for place, start, end in table.level if start - _TOUCH <= x <= end + _TOUCH]
    return (
        max((place for place in beside if place <= x), default=box[0]),
        min((place for place in around if place > y), default=box[3]),
        min((place for place in beside if place > x), default=box[2]),
        max((place for place in around if place <= y), default=box[1]),
    )


def _compose_blocks(cells: dict[tuple[float, float, float, float], list[Glyph]]) -> Iterator[PrintedLine]:
    """The lines of a letterhead or a closing block with its edges drawn, cell by cell."""
    top = max(top for _, top, *_ in cells)
    number = 0
    for _, glyphs in sorted(cells.items(), key=lambda cell: (-cell[0][1], cell[0][0])):
        for line in arrange(glyphs):
            line.order = (-top, number)
            number += 1
            yield line


def _compose_rows(cells: dict[tuple[float, float, float, float], list[Glyph]]) -> Iterator[PrintedLine]:
    """Rows from the top down; a cell over several rows stands in the first, an empty one keeps its place."""
    edges: list[float] = []
    for x in sorted({left for left, *_ in cells}):
        if not edges or x - edges[-1] > _TOUCH:
            edges.append(x)
    tops = sorted({top for _, top, *_ in cells}, reverse=True)
    levels = [top for at, top in enumerate(tops) if at == 0 or tops[at - 1] - top > _TOUCH]
    for level in levels:
        in_row = {key: glyphs for key, glyphs in cells.items() if 0 <= level - key[1] <= _TOUCH}
        columns: list[list[Piece]] = [[] for _ in edges]
        for key, glyphs in sorted(in_row.items()):
            at = max(index for index, edge in enumerate(edges) if edge <= key[0] + _TOUCH)
            for line in arrange(glyphs):
                columns[at] += [" ", *line.pieces]
        while columns and not columns[-1]:
            columns.pop()
        if not columns:
            continue
        pieces = [piece for index, column in enumerate(columns) for piece in ([" | "] if index else []) + column]
        glyphs = [glyph for found in in_row.values() for glyph in found]
        x0, x1 = min(glyph.x0 for glyph in glyphs), max(glyph.x1 for glyph in glyphs)
        size = sorted(glyph.size for glyph in glyphs)[len(glyphs) // 2]
        yield PrintedLine(merge(pieces), x0, x1, max(glyph.y for glyph in glyphs), size, (-level, 0), is_row=True)
