"""A target's sentence cut into parts that state one thing each, the figures of a part that are values, and their years."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.facts import Comparator
from knowledge.figures import Figure, find_figures
from knowledge.text import UPPER
from knowledge.units import is_measure, read_counted

_HEADING_HORIZON = re.compile(
    r"(?:đến|tới|trong|vào|hết|cuối|năm|giai đoạn|thời kỳ|nhiệm kỳ)\b[^\d]{0,24}(20\d\d)(?:\s*(?:-|–|đến)\s*(?:năm\s*)?(20\d\d))?",
    re.IGNORECASE,
)
_HORIZON = re.compile(
    r"\b(?:(?:đến|tới|trong|vào|hết|cuối|năm|giai đoạn|thời kỳ|nhiệm kỳ|quý [IVX]+|tháng \d{1,2}"
    r"|(?:trước|đến|hết|chậm nhất)\s+(?:ngày\s+)?\d{1,2}/\d{1,2})\b[\s/,]*){1,4}(20\d\d)(?!\d)"
    r"(?:\s*(?:-|–|đến)\s*(?:năm\s*)?(20\d\d))?",
    re.IGNORECASE,
)
_COMPARED_WITH = re.compile(r"\b(?:so với|so|lần|cùng kỳ|trước|mức|bằng|hơn)\s*(?:của\s*|cuối\s*)?$", re.IGNORECASE)
_NEW_TARGET = re.compile(
    r",\s*(?:và\s+)?(?=(?:tỷ lệ|tỉ lệ|trong số đó|trong đó|số lượng|quy mô|tổng|chỉ số|có ít nhất|có tối thiểu|có ≥|≥|phấn đấu"
    r"|ít nhất|tối thiểu)\b|≥"
    r"|đến (?:hết |cuối )?năm 20\d\d\b)",
    re.IGNORECASE,
)
_BASELINE = re.compile(r"\b(?:hiện nay|hiện tại|hiện trạng|hiện có|thực hiện|ước thực hiện|kết quả|năm 20\d\d|so với)\b", re.IGNORECASE)
_JOINT = re.compile(r",\s+|\s+và\s+")
_STATES = re.compile(r"\b(?:đạt|chiếm|bằng|là|còn|có)\s*(?:\S+\s+)?$")
_STATED_BEFORE = re.compile(r"(?:\b(?:đạt|là|bằng|có|thêm|còn|được|lên|xuống|từ|mới)|:)\s*$", re.IGNORECASE)
_ENUMERATED = re.compile(r"^[^,;:()]{2,60}(?:,|\svà)\s*$")
_SENTENCE_END = re.compile(rf"\.\s+[{UPPER}“]")
_LONGEST_HEADING = 200


@dataclass(frozen=True, slots=True)
class Mention:
    """A horizon named in a text: span and last year («giai đoạn 2026 - 2030» → 2030)."""

    start: int
    end: int
    year: int


def heading_year(headings: Iterable[str]) -> int | None:
    """The horizon year that the nearest heading sets: «2.2. Đến hết năm 2030» → 2030, «giai đoạn 2026 - 2030» → 2030."""
    for heading in reversed(list(headings)):
        if len(heading) > _LONGEST_HEADING:
            continue
        match = _HEADING_HORIZON.search(heading)
        if match:
            return int(match.group(2) or match.group(1))
    return None


def find_horizons(text: str) -> list[Mention]:
    """Horizons in reading order; a year that something is compared with («gấp 2 lần năm 2025») is none."""
    if "20" not in text:
        return []
    return [
        Mention(match.start(), match.end(), int(match.group(2) or match.group(1)))
        for match in _HORIZON.finditer(text)
        if not _COMPARED_WITH.search(text, max(0, match.start() - 24), match.start())
    ]


def split_segments(text: str) -> list[tuple[int, str]]:
    """Parts of a paragraph that state one thing each, as they stand, with their offsets: cut at «;», at sentence ends and
    before «, tỷ lệ …», «, trong đó …», «, đến năm 2030 …» where both sides hold a figure."""
    cuts = [0]
    depth = 0
    for match in re.finditer(r"[();.]", text):
        char, at = match.group(), match.start()
        depth += (char == "(") - (char == ")")
        if depth <= 0 and (char == ";" or (char == "." and _SENTENCE_END.match(text, at))):
            cuts.append(at + 1)
    for match in _NEW_TARGET.finditer(text):
        if text.count("(", 0, match.start()) == text.count(")", 0, match.start()):
            before, after = text[: match.start()], text[match.end() :]
            if find_figures(before) and find_figures(after):
                cuts.append(match.end())
    cuts = sorted({*cuts, len(text)})
    found = []
    for start, end in pairwise(cuts):
        part = text[start:end].strip(" ,;")
        if len(part) > 3:
            found.append((text.index(part, start), part))
    return found


def years_of(segment: str, figures: Sequence[Figure], inherited: int | None) -> list[int | None]:
    """The horizon of each figure: the year named before it since the figure before, else the year named right behind it
    («60% vào năm 2027 và 80% vào năm 2030»), else the last one named before, else `inherited`."""
    mentions = find_horizons(segment)
    years: list[int | None] = []
    used: set[int] = set()
    begin = 0
    for number, figure in enumerate(figures):
        end = figures[number + 1].start if number + 1 < len(figures) else len(segment)
        own = [one for one in mentions if begin <= one.start < figure.start and one.start not in used][-1:]
        own = own or [one for one in mentions if figure.end <= one.start < end][:1]
        own = own or [one for one in mentions if one.start < figure.start][-1:]
        used.update(one.start for one in own)
        years.append(own[0].year if own else inherited)
        begin = figure.end
    return years


def words_before(segment: str, begin: int, figure: Figure) -> str:
    """The words that lead to a figure since the one before it (which ended at `begin`), without the words that still
    belong to that one: «100% xã có sóng 5G, 90% thôn …» → none, «đạt 60%, cấp xã đạt» 40% → «cấp xã đạt»."""
    between = segment[begin : figure.start]
    if not begin:
        return between
    joints = list(_JOINT.finditer(between))
    if not joints:
        return between
    return between[(joints[0] if _STATES.search(between) else joints[-1]).end() :]


def without_baselines(segment: str, horizon: int | None) -> str:
    """The segment with brackets that say where things stand now blanked out, every other word in its place."""
    for figure in find_figures(segment):
        if is_baseline(segment, figure, horizon):
            opened, closed = segment.rfind("(", 0, figure.start), segment.find(")", figure.end)
            closed = len(segment) if closed < 0 else closed + 1
            segment = segment[:opened] + " " * (closed - opened) + segment[closed:]
    return segment


def is_baseline(segment: str, figure: Figure, horizon: int | None) -> bool:
    """Whether a figure in brackets says where things stand now: «đạt 80% (năm 2025: 62%)»."""
    opened = segment.rfind("(", 0, figure.start)
    if opened < 0 or ")" in segment[opened : figure.start]:
        return False
    words = segment[opened : figure.start]
    years = [int(year) for year in re.findall(r"\b20\d\d\b", words)]
    return _BASELINE.search(words) is not None and (not years or horizon is None or min(years) < horizon)


def choose_values(segment: str) -> list[Figure]:
    """The figures of a segment that are values of a target; counted things beside a percentage are part of its words."""
    figures = find_figures(segment)
    strong = [one for one in figures if one.unit == "%" or one.comparator is not Comparator.EQUAL]
    if strong:
        first = strong[0]
        kept = [one for one in strong if one is first or one.unit == first.unit or one.unit == "%"]
        return (
            kept
            if first.unit in ("", "%") or len(kept) > 1
            else _enumerated(segment, [first, *(one for one in figures if one.unit and one.start > first.end)])
        )
    counted = [
        one for one in figures if one.unit or (read_counted(segment[one.end :]) and _STATED_BEFORE.search(segment[: one.start] or ":"))
    ]
    if counted:
        return _enumerated(segment, counted)
    lead = re.search(r"(?:đạt|đạt mức|là|bằng|:)\s*$", segment[: figures[0].start]) if figures else None
    return figures[:1] if lead else []


def _enumerated(segment: str, counted: list[Figure]) -> list[Figure]:
    """The first counted thing, with those that stand beside it in a list: «đào tạo 300 kỹ sư, 50 chuyên gia», and those
    that carry a year of their own: «50 doanh nghiệp vào năm 2027 và 120 doanh nghiệp vào năm 2030»."""
    kept = counted[:1]
    for one in counted[1:]:
        between = segment[kept[-1].end : one.start]
        listed = _ENUMERATED.match(between) is not None and not is_measure(one.unit)
        dated = (
            len(find_horizons(segment)) > 1
            and one.unit.lower() == kept[0].unit.lower()
            and bool(find_horizons(between + segment[one.end :]))
        )
        if listed or dated:
            kept.append(one)
    return kept
