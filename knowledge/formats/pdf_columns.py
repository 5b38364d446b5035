"""Blocks side by side on a PDF page: read the left one first, then the right one; a table without rulings, by rows.

A letterhead («UBND TỈNH …» beside «CỘNG HÒA XÃ HỘI …») and the closing block («Nơi nhận» beside the signature) are such
blocks. A row is the list of stretches on one baseline between gaps as wide as a gutter; rows come from the top down.
"""

from __future__ import annotations

import re
from itertools import pairwise

from knowledge.formats.note_marks import Piece
from knowledge.formats.printed import PrintedLine, merge

_GUTTER = 1.0  # em: the least that stays free between two blocks
_CENTRED = 0.6  # em: how far the middle of a centred line may lie from the page's
_CLOSE = 1.7  # em: from one line of a block to the next
_SAME_EDGE = 12.0  # points: left edges nearer than this are one column
_MOST_ROWS = 200
_RECIPIENTS = re.compile(r"nơi nhận\s*:?$", re.IGNORECASE)
_BLOCK = re.compile(
    r"nơi nhận|cộng h(?:òa|oà) xã hội|độc lập|đảng cộng sản|^số\s*:|^(?:TM|KT|TL|TUQ|Q)\.|chủ tịch|giám đốc|bí thư|ngày .{0,8}tháng",
    re.IGNORECASE,
)


def order_columns(rows: list[list[PrintedLine]]) -> list[PrintedLine]:
    """Lines in reading order. Lines of a block all take the `order` of its top row; a table's row becomes one line."""
    left = min((line.x0 for row in rows for line in row), default=0.0)
    right = max((line.x1 for row in rows for line in row), default=0.0)
    ordered: list[PrintedLine] = []
    at = 0
    while at < len(rows):
        found = _find_blocks(rows, at, (left + right) / 2)
        if found is None:
            ordered += rows[at] if _opens_closing_block(rows[at]) else [_rejoin(rows[at])]
            at += 1
            continue
        end, gutter = found
        region = rows[at:end]
        if _is_table(region):
            ordered += map(_as_row, region)
        else:
            for side in (False, True):
                column = [[line for line in row if (line.x0 > gutter) is side] for row in region]
                ordered += [_rejoin(row, order=region[0][0].order) for row in column if row]
        at = end
    return ordered


def _find_blocks(rows: list[list[PrintedLine]], start: int, middle: float) -> tuple[int, float] | None:
    """(the row after them, x of the gutter) of two blocks side by side that begin at `start`; None: there are none."""
    end, covered = start, list[tuple[float, float]]()
    for row in rows[start : start + _MOST_ROWS]:
        grown = _cover(covered, row)
        if _is_centred(row, middle) or (end > start and len(grown) < 2):
            break
        end, covered = end + 1, grown
    if end - start < 2:
        return None
    gutter = max(((two[0] - one[1], (two[0] + one[1]) / 2) for one, two in pairwise(covered)))[1]
    sides = [{line.x0 > gutter for line in row} for row in rows[start:end]]
    # Rows of one side below the other block's end are ordinary lines again.
    changes = [number for number in range(1, len(sides)) if sides[number] != sides[number - 1]]
    last = max(changes + [number for number, side in enumerate(sides) if len(side) == 2], default=0)
    below = _count_attached(rows[start:end], sides, last)
    sides = sides[: last + 1]
    stand_beside = any(len(side) == 2 for side in sides) or len(changes) > 1
    if not stand_beside or min(sum(side in seen for seen in sides) for side in (False, True)) < 2:
        return None
    return start + last + 1 + below, gutter


def _opens_closing_block(row: list[PrintedLine]) -> bool:
    """Whether «Nơi nhận:» and the signature's first line stand alone at the page's foot; the rest is on the next page."""
    return len(row) == 2 and _RECIPIENTS.match(row[0].plain) is not None


def _count_attached(rows: list[list[PrintedLine]], sides: list[set[bool]], last: int) -> int:
    """How many rows below the shorter block still belong to the longer one: no wider gap parts them from its lines."""
    below = 0
    while last + 1 + below < len(rows):
        at = last + 1 + below
        above = next((line for before in range(at - 1, -1, -1) if sides[at] <= sides[before] for line in rows[before]), None)
        line = rows[at][0]
        if above is None or len(rows[at]) > 1 or above.y - line.y > line.size * _CLOSE:
            break
        below += 1
    return below


def _is_centred(row: list[PrintedLine], middle: float) -> bool:
    return len(row) == 1 and abs((row[0].x0 + row[0].x1) / 2 - middle) < row[0].size * _CENTRED


def _cover(covered: list[tuple[float, float]], row: list[PrintedLine]) -> list[tuple[float, float]]:
    """The stretches of x taken so far with the row's added; nearer than a gutter they are one."""
    gutter = row[0].size * _GUTTER
    united: list[tuple[float, float]] = []
    for x0, x1 in sorted([*covered, *((line.x0, line.x1) for line in row)]):
        if united and x0 <= united[-1][1] + gutter:
            united[-1] = (united[-1][0], max(united[-1][1], x1))
        else:
            united.append((x0, x1))
    return united


def _is_table(rows: list[list[PrintedLine]]) -> bool:
    """Nearly every row cut, into three cells or with a figure at its end; never a letterhead or a closing block."""
    if any(_BLOCK.search(line.plain) for row in rows for line in row):
        return False
    cut = [row for row in rows if len(row) > 1]
    if len(cut) < max(2, len(rows) * 0.6):
        return False
    edges = sorted(line.x0 for row in cut for line in row[1:])
    columns = 1 + sum(two - one > _SAME_EDGE for one, two in pairwise(edges))
    figures = sum(bool(re.search(r"\d", row[-1].plain)) for row in cut)
    return (columns > 1 and any(len(row) > 2 for row in cut)) or figures > len(cut) * 0.6


def _as_row(row: list[PrintedLine]) -> PrintedLine:
    pieces: list[Piece] = []
    for line in row:
        pieces += [" | ", *line.pieces] if pieces else line.pieces
    first = row[0]
    return PrintedLine(merge(pieces), first.x0, row[-1].x1, first.y, first.size, first.order, is_row=len(row) > 1)


def _rejoin(row: list[PrintedLine], order: tuple[float, int] | None = None) -> PrintedLine:
    """The stretches of a row as one line: justified text with wide gaps, a heading's number before a tab."""
    pieces: list[Piece] = []
    for line in row:
        pieces += [" ", *line.pieces] if pieces else line.pieces
    first = row[0]
    return PrintedLine(merge(pieces), first.x0, row[-1].x1, first.y, first.size, order or first.order)
