"""Phrases that address many agencies at once: «các sở, ban, ngành, địa phương», «UBND các xã, phường», «từng Sở»."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.text import UPPER, fold, has_marks


@dataclass(frozen=True, slots=True)
class GroupPhrase:
    """Where a group is named, as printed."""

    start: int
    end: int
    printed: str


# Of a department; «phòng thí nghiệm», «phòng, chống» are none.
_DIVISIONS = r"phòng(?:\s+(?:chuyên môn|nghiệp vụ))?(?=\s*(?:,|/|và\b|thuộc\b|trực thuộc\b|của\s+Sở\b))(?!\s*,?\s*(?:chống|ngừa)\b)"
_NOUNS = (
    "cơ quan chuyên trách tham mưu, giúp việc Tỉnh ủy", "cơ quan tham mưu, giúp việc Tỉnh ủy", "cơ quan báo chí",
    "cơ quan chuyên môn", "cơ quan Đảng", "cấp ủy đảng", "cấp ủy", "tổ chức đảng", "tổ chức chính trị - xã hội", "tổ chức",
    "ban xây dựng đảng", "ban đảng", "sở, ban ngành", "ban ngành", "sở ngành", "sở ban ngành", r"sở(?!\s+hữu)", "ban", "ngành",
    "lĩnh vực", "địa phương", "cơ quan", "đơn vị", "đoàn thể", "hội đoàn thể", "hội", "hiệp hội", "Mặt trận", "huyện ủy",
    "thị ủy", "thành ủy", "đảng ủy", "xã", "phường", "đặc khu", "thị trấn", "huyện", "thị xã", "thành phố", "doanh nghiệp",
    "bộ ngành", "bộ", _DIVISIONS,
    r"(?:UBND|Ủy ban nhân dân|HĐND|Hội đồng nhân dân)(?!\s+(?:cấp\s+)?tỉnh)(?:\s+(?:các|cấp)\s+(?:xã|huyện|dưới|cơ sở|phường))?",
)  # fmt: skip
_FIRST = (
    r"(?:tất cả\s+|toàn thể\s+)?(?:các|từng|mỗi)\s+(?:{noun})",
    r"(?:UBND|Ủy ban nhân dân|HĐND và UBND|HĐND, UBND)\s+(?:các\s+(?:{noun})|cấp\s+(?:xã|huyện|dưới|cơ sở))",
    # All of them, where no name follows: «UBND xã phải làm gì».
    r"(?:UBND|Ủy ban nhân dân)\s+(?:xã|phường|đặc khu)(?=\s*(?:$|[,.;?!])|\s+(?:phải|làm|được|cần|có|thì|chịu)\b)",
    r"(?:cấp ủy\s+)?(?:sở|cơ quan|cấp ủy|Ủy ban nhân dân|UBND)(?=\s*,)",
)
_NEXT = r"(?:\s*(?:,|/|\bvà\b)\s*(?:các\s+)?(?:{noun})(?!\w))*"
_QUALIFIER = (
    rf"(?:\s+(?:có\s+liên quan|liên quan|trực thuộc(?!\s+Sở)|thuộc tỉnh|cấp tỉnh|cấp xã|cấp dưới|cấp trên|của tỉnh|trong tỉnh"
    rf"|(?:(?:trực\s+)?thuộc|của)\s+Sở(?!(?-i:\s+[{UPPER}]))|Trung ương|theo ngành dọc|khác"
    r"|trên địa bàn(?:\s+toàn)?(?:\s+tỉnh)?|tỉnh|Tỉnh ủy)(?!\w))*"
)


# Where one list holds several kinds: «các cấp ủy | Ủy ban nhân dân | các sở, ngành | Mặt trận».
_PART = re.compile(
    r"(?:\s*,|\s+va)\s+(?=cac\s|ubnd\b|uy ban nhan dan\b|hdnd\b|hoi dong nhan dan\b|mat tran\b)|(?<=nhan dan)\s*,\s+|(?<=ubnd)\s*,\s+"
)


# «các xã, Sở Xây dựng»: the last noun is the head of an agency's own name.
_NAME_BEGINS = re.compile(r"(?:\s*,|\s+và)\s+(?:Sở|Ban|Bộ|Hội|Hiệp hội|Đảng ủy|Huyện ủy|Thành ủy)$")


def _compile(*, folded: bool) -> re.Pattern[str]:
    nouns = "|".join(_NOUNS)
    first = "|".join(_FIRST).replace("{noun}", nouns)
    pattern = rf"(?<!\w)(?:{first})(?!\w){_NEXT.replace('{noun}', nouns)}{_QUALIFIER}"
    pattern = pattern.replace(", ", r",\s*")
    return re.compile(_fold_pattern(pattern) if folded else pattern, re.IGNORECASE)


def _fold_pattern(pattern: str) -> str:
    """Fold the letters of a pattern; its escapes keep their case."""
    return "".join(part if part.startswith("\\") else fold(part) for part in re.split(r"(\\.)", pattern))


_MARKED, _PLAIN = _compile(folded=False), _compile(folded=True)


def find_group_phrases(text: str) -> list[GroupPhrase]:
    """The group phrases of a text, in reading order; in text typed without marks the folded words count."""
    printed = text.replace("uỷ", "ủy").replace("Uỷ", "Ủy").replace("UỶ", "ỦY")
    found: list[GroupPhrase] = []
    for match in (_MARKED if has_marks(printed) else _PLAIN).finditer(printed):
        start, last = match.start(), match.end()
        name = _NAME_BEGINS.search(printed, start, last)
        if name and printed[last : last + 2].strip()[:1].isupper():
            last = name.start()
        for cut in (*_PART.finditer(fold(printed), start, last), None):
            end = cut.start() if cut else last
            if start < end:
                found.append(GroupPhrase(start, end, text[start:end]))
            start = cut.end() if cut else end
    return found
