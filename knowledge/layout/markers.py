"""What stands in front of a paragraph: «II.», «2.2.», «Điều 3.», «a)», «(1)», «-»; and where it puts the paragraph.

The forms are those of Decree 30/2020/NĐ-CP, appendix I (part, chapter, section, article, clause, point), and those that
offices use beside them («I/», «I -», «1)», «A.», «a.1)»).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

from knowledge.layout.paragraph import ParagraphKind


class Level(IntEnum):
    """Depth of a heading, outermost first; a dotted number lies one below NUMBER for each dot."""

    PART = 0
    SECTION = 1
    CAPITAL = 2
    ROMAN = 3
    ARTICLE = 4
    NUMBER = 5
    LETTER = 20
    SUBLETTER = 21


@dataclass(frozen=True, slots=True)
class Marker:
    """A paragraph's marker as `printed`; `label` is its part of the clause path, `end` where the text begins."""

    kind: ParagraphKind
    printed: str
    level: int
    label: str
    end: int


_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})"
_UPPER = "A-ZÀ-ỸĐ"
_CAPITAL = rf"[{_UPPER}“\"«(‘'\[]"
# A figure that opens a heading's own words: «1. 100% hồ sơ», «2. ≥ 35 doanh nghiệp».
_FIGURE = rf"\d+(?:[.,]\d+)*\s*(?:%|[–-]\s*\d|(?<=\d)\s[{_UPPER}a-zà-ỹđ])|[≥≤<>]"
_NUMERAL_END = rf"(?:{_ROMAN}|\d{{1,2}}|[A-H])(?!\w)"
_NUMBERED_PART = rf"(?:PHẦN|Phần|CHƯƠNG|Chương)\s+(?:(?:thứ|THỨ)\s+\w+|{_NUMERAL_END})"
_ANNEX = (
    rf"(?:PHỤ LỤC|Phụ lục)(?:\s+(?:(?:số|SỐ)\s+)?{_NUMERAL_END})?"
    rf"|(?:BIỂU|Biểu|MẪU|Mẫu)(?: MẪU| mẫu)?\s+(?:số|SỐ)\s+\d{{1,2}}(?!\w)"
)
_PART = re.compile(rf"^({_NUMBERED_PART}|{_ANNEX})\s*[.:]?(?:\s+(?:[-–]\s+)?(?={_CAPITAL})|$)")
_SECTION = re.compile(rf"^((?:MỤC|Mục)\s+(?:{_ROMAN}|\d{{1,2}}))(?:\s*[.:]\s*(?={_CAPITAL})|\s+(?=[{_UPPER}]{{2}})|\s*$)")
_ARTICLE = re.compile(r"^((?:Điều|ĐIỀU)\s+\d{1,3}[a-zđ]?)\s*[.:]\s*")
_NAMED_CLAUSE = re.compile(r"^Khoản\s+(\d{1,2})\s*[.:]\s*")
_NAMED_POINT = re.compile(r"^Điểm\s+([a-zđ])\s*[.:)]\s*")
# Without a full stop «VI» and «XI» are words too («VI PHẠM», «XI MĂNG»); «V/v» opens the subject of a letter.
_NO_ROMAN = r"(?!V/v|VI\s(?:PHẠM|MẠCH|SINH|MÔ|TÍNH|KHUẨN|RÚT|ĐIỆN|CHẤT)|XI\sMĂNG)"
_ROMAN_HEAD = re.compile(rf"^{_NO_ROMAN}({_ROMAN})\s*(?:[.):]\s*|/\s*(?!\d)|[-–]\s+|\s(?=[{_UPPER}]{{2}}))(?=\S)")
_CAPITAL_HEAD = re.compile(rf"^([A-H])\s*(?:[.]\s+|[/)]\s*|\s*[-–]\s+)(?=[{_UPPER}]{{2}})")
_NUMBER_HEAD = re.compile(  # «1.048 thủ tục» opens with a figure
    rf"^(?![1-9]\d?(?:\.\d{{3}})+(?!\d))(\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})\s*(?:(?:[.):]\s*|(?<=\.\d)\s+|(?<=\.\d\d)\s+)(?:[-–]\s+)?(?={_CAPITAL}|{_FIGURE})"
    rf"|/\s*(?=[{_UPPER}][a-zà-ỹ])|-\s+(?={_CAPITAL}))"
)
_SUBLETTER_HEAD = re.compile(rf"^([a-hđ](?:\.\d{{1,2}}(?=[).])|\d{{1,2}}(?=\))))[).]\s*(?={_CAPITAL}|{_FIGURE})")
_LETTER_HEAD = re.compile(rf"^([a-zđ])\s*(?:\)\s*|[.]\s+(?=[{_UPPER}]))(?=\S)")
_COUNTED = re.compile(r"^(\((?:\d{1,2}|[ivx]{1,4}|[a-zđ])\))\s*(?=[^\s,;.)])")
_BULLETS = "-–—+*•▪●■◦‣·⁃➢✓✔❖►\uf02d\uf0a7\uf0b7\uf0d8\uf0fc"
_BULLET = re.compile(rf"^([{re.escape(_BULLETS)}])\s*(?=[^\s\d.,{re.escape(_BULLETS)}]|\d+[\d.,]*\s*[%\w–-])")
_NUMERAL = re.compile(rf"^(?:{_ROMAN}|[A-H])$")
_LONGEST_PART = 120  # characters; «Phần mềm …» and the like never stand alone in a line with a number behind


def read_marker(text: str) -> Marker | None:
    """The marker that a line begins with, None for plain text: «2.2. Đến hết năm 2030» → («2.2.», level 6, «2.2»)."""
    first = text[:1]
    if first in _BULLETS:
        found = _BULLET.match(text)
        return Marker(ParagraphKind.BULLET, found.group(1), -1, "", found.end()) if found else None
    if first == "(":
        found = _COUNTED.match(text)
        return Marker(ParagraphKind.BULLET, found.group(1), -1, "", found.end()) if found else None
    if first.isdigit():
        found = _NUMBER_HEAD.match(text)
        return _heading(found, Level.NUMBER + found.group(1).count(".")) if found else None
    if first.islower():
        found = _SUBLETTER_HEAD.match(text)
        if found:
            return _heading(found, Level.SUBLETTER)
        found = _LETTER_HEAD.match(text)
        return _heading(found, Level.LETTER) if found else None
    return _read_capital(text) if first.isupper() else None


def _read_capital(text: str) -> Marker | None:
    """Markers that begin with a capital letter."""
    if text[:1] in "PCBM":
        found = _PART.match(text)
        if found and (len(text) < _LONGEST_PART or found.group(1).isupper()):
            return Marker(ParagraphKind.HEADING, found.group(1), Level.PART, _part_label(found.group(1)), found.end())
    for pattern, level in (
        (_ARTICLE, Level.ARTICLE),
        (_SECTION, Level.SECTION),
        (_NAMED_CLAUSE, Level.NUMBER),
        (_NAMED_POINT, Level.LETTER),
        (_ROMAN_HEAD, Level.ROMAN),
        (_CAPITAL_HEAD, Level.CAPITAL),
    ):
        found = pattern.match(text)
        if found:
            label = re.sub(r"\s+", " ", found.group(1)).replace("ĐIỀU", "Điều").replace("MỤC", "Mục")
            return Marker(ParagraphKind.HEADING, found.group().strip(), level, label, found.end())
    return None


def _heading(found: re.Match[str], level: int) -> Marker:
    return Marker(ParagraphKind.HEADING, found.group().strip(), level, found.group(1), found.end())


def _part_label(printed: str) -> str:
    """«PHẦN THỨ NHẤT» → «Phần thứ nhất», «PHỤ LỤC II» → «Phụ lục II»."""
    first, *rest = (word if _NUMERAL.match(word) else word.lower() for word in printed.split())
    return " ".join([first.capitalize(), *rest])
