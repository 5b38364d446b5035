"""Targets: what a plan wants reached by a horizon year, with comparator, value, unit, base and «mỗi năm»."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from knowledge.extraction.naming import (
    begins_part,
    is_apart,
    is_scope,
    lacks_subject,
    name_indicator,
    opening_verb,
    strip_lead,
    strip_years,
    with_shared,
)
from knowledge.extraction.sections import Section, section_of
from knowledge.extraction.segments import (
    choose_values,
    find_horizons,
    heading_year,
    split_segments,
    without_baselines,
    words_before,
    years_of,
)
from knowledge.extraction.sentences import window
from knowledge.extraction.target_tables import TargetTable, find_base
from knowledge.facts import Comparator, Target
from knowledge.figures import Figure, find_figures
from knowledge.structure import Paragraph, ParagraphKind
from knowledge.text import fold, sentence_case
from knowledge.units import is_measure, read_counted, read_unit

__all__ = ["QUOTE_LIMIT", "extract_targets", "heading_year"]

QUOTE_LIMIT = 400  # characters; the longest unbroken run that a citation shows

_DIGIT = re.compile(r"\d")
_TARGET_HEADING = re.compile(r"\b(?:muc tieu|chi tieu|dinh huong den nam|tam nhin den)\b")
_REPORT_HEADING = re.compile(
    r"\bket qua (?:dat|thuc hien|trien khai|noi bat|cu the|chu yeu|cong tac|nam|buoc dau|hoat dong)|\bket qua$|\bdanh gia (?:chung"
    r"|ket qua|tinh hinh)"
    r"|\b(?:danh gia$|tinh hinh|uu diem|han che|kho khan|ton tai|dat duoc|thuc trang)\b|^(?:[a-z, ]{0,20}\b)?ket qua\b"
)
_REPORTED_TARGETS = re.compile(r"\b(?:ket qua|tinh hinh|danh gia)\b[^:;.]{0,60}\b(?:chi tieu|muc tieu)\b")
# «… đạt 71,5%, vượt chỉ tiêu (70%)»: the figure was reached, and the heading that says so reports.
_HELD_AGAINST = re.compile(r"\d.*\b(?:vuot|dat|hoan thanh|so voi)\s+(?:muc\s+)?(?:chi|muc) tieu\b")
_OF_RESULTS = re.compile(r"^ket qua (?:giai quyet|nghien cuu|khoa hoc|dau ra|hoc tap|xep hang|so hoa)\b")
_GENERAL_HEADING = re.compile(r"\b(?:muc tieu chung|muc tieu tong quat|quan diem|muc dich|yeu cau)\b")
_PER_YEAR = re.compile(r"\b(?:mỗi năm|hằng năm|hàng năm|bình quân (?:mỗi )?năm|từng năm|một năm)\b|/\s?năm\b", re.IGNORECASE)
_AIM = re.compile(
    r"\b(?:phấn đấu|mục tiêu|bảo đảm đạt|đảm bảo đạt|nâng (?:tỷ lệ|tỉ lệ)|cung cấp|hoàn thành|đạt)\b"
    r"|\b(?:bảo đảm|đảm bảo)\s+(?:(?:tối thiểu|ít nhất|trên|có)\s+)*[≥>]?\s*\d[\d.,]*\s*%",
    re.IGNORECASE,
)
_STRIVE = re.compile(r"\bphấn đấu\b", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:đã|hiện có|hiện nay|đến nay|ước đến|tính đến|kết quả đạt|vượt|chiếm|"
    r"trong (?:tháng|quý|năm) (?:vừa )?qua|so với (?:cùng kỳ|chỉ tiêu|kế hoạch))\b",
    re.IGNORECASE,
)
_MEASURED_BY = re.compile(
    r"^(?:tỷ lệ|tỉ lệ|tỷ trọng|số|số lượng|chỉ số|mức|diện tích|sản lượng|doanh thu|thu nhập|tổng|giá trị|tốc độ)\b", re.IGNORECASE
)
_LONGEST_PARENT = 25  # words of a bullet that can name what the bullets below it measure


@dataclass(slots=True)
class _Parent:
    """A bullet or paragraph that the bullets below it go on: «- Tỷ lệ hồ sơ trực tuyến:»."""

    marker: str
    name: str
    year: int | None
    is_open: bool  # ends with a colon


@dataclass(slots=True)
class _Place:
    """Where the walk through a document stands."""

    title_year: int | None
    is_report: bool
    parents: list[_Parent] = field(default_factory=list)

    def enter(self, paragraph: Paragraph) -> None:
        """Leave the bullets that this paragraph ends."""
        marker = _marker_key(paragraph)
        for at, parent in enumerate(self.parents):
            if parent.marker == marker or not marker:
                del self.parents[at:]
                return

    def year(self) -> int | None:
        return next((parent.year for parent in reversed(self.parents) if parent.year is not None), None)


def extract_targets(paragraphs: Iterable[Paragraph]) -> list[Target]:
    """Every target of a document, in order. Figures keep the words they stand in; aims without a figure are kept as text."""
    paragraphs = tuple(paragraphs)
    found: list[Target] = []
    titles = [one.text for one in paragraphs if one.kind is ParagraphKind.TITLE]
    place = _Place(_title_year(titles), any(fold(one).strip().startswith("bao cao") for one in titles))
    table = TargetTable()
    for paragraph in paragraphs:
        if paragraph.kind is ParagraphKind.ROW:
            section = section_of_targets(paragraph, of_plans=True)
            year = heading_year(paragraph.headings) or place.title_year
            if section not in ("report", "general"):
                found.extend(table.read(paragraph, year=year, in_targets=section == "targets"))
            continue
        table.close()
        if paragraph.kind in (ParagraphKind.BULLET, ParagraphKind.PLAIN, ParagraphKind.HEADING):
            found.extend(_paragraph_targets(paragraph, place))
    return found


def section_of_targets(paragraph: Paragraph, *, of_plans: bool = False) -> str:
    """«targets», «general», «report» or «other»: the nearest heading that says so decides.

    `of_plans`: «Kết quả thực hiện các chỉ tiêu» sets targets, as it does in a table with a column for the plan.
    """
    own = [paragraph.text] if paragraph.kind is ParagraphKind.HEADING else []
    for heading in reversed([*paragraph.headings, *own]):
        folded = fold(heading[:160])
        if _GENERAL_HEADING.search(folded) and "20" not in folded:
            return "general"
        if _HELD_AGAINST.search(folded):
            continue
        if _TARGET_HEADING.search(folded) and (of_plans or not _REPORTED_TARGETS.search(folded)):
            return "targets"
        if _REPORT_HEADING.search(folded.strip(" .:")) and not _OF_RESULTS.match(folded):
            return "report"
    return "other"


def _title_year(titles: Iterable[str]) -> int | None:
    """The one horizon that the title names: «Kế hoạch … giai đoạn 2026 - 2030» → 2030."""
    years = {one.year for one in find_horizons(" ".join(titles))}
    return years.pop() if len(years) == 1 else None


def _marker_key(paragraph: Paragraph) -> str:
    if paragraph.kind is not ParagraphKind.BULLET:
        return ""
    return "(" if paragraph.marker.startswith("(") else paragraph.marker


def _paragraph_targets(paragraph: Paragraph, place: _Place) -> Iterator[Target]:
    place.enter(paragraph)
    section = section_of_targets(paragraph)
    if section == "report":
        return
    has_figures = _DIGIT.search(paragraph.text) is not None and bool(find_figures(paragraph.text))
    if section == "targets":
        stated = heading_year(paragraph.headings)
        year = place.year() or stated or place.title_year
        if not has_figures:
            _remember(paragraph, place)
            if paragraph.kind is ParagraphKind.HEADING or paragraph.text.endswith(":"):
                return
        yield from _read(paragraph, place, year, aims=stated is not None or place.year() is not None)
    elif has_figures and not (place.is_report and section_of(paragraph.headings, in_report=True) is Section.REPORT):
        reader = _Reader(paragraph, place)
        for _, segment in split_segments(paragraph.text):
            if _AIM.search(segment) and not _DONE.search(segment) and _is_strong(segment):
                yield from reader.read(segment, None, aims=False)


def _remember(paragraph: Paragraph, place: _Place) -> None:
    text = paragraph.text.strip()
    horizons = find_horizons(text)
    name = strip_lead(strip_years(text)).strip(" .:;,")
    if len(name.split()) <= _LONGEST_PARENT:
        year = horizons[-1].year if horizons and paragraph.kind is not ParagraphKind.HEADING else None
        place.parents.append(_Parent(_marker_key(paragraph), name, year, text.endswith(":")))


def _is_strong(segment: str) -> bool:
    """Outside the sections that set targets only a share counts, or a count that is striven for by a year."""
    return "%" in segment or (_STRIVE.search(segment) is not None and bool(find_horizons(segment)))


def _read(paragraph: Paragraph, place: _Place, year: int | None, *, aims: bool) -> Iterator[Target]:
    reader = _Reader(paragraph, place)
    for _, segment in split_segments(paragraph.text):
        yield from reader.read(segment, year, aims=aims)
        leading = find_horizons(segment)
        if leading and leading[0].start < 12 and find_figures(segment):
            year = leading[0].year


@dataclass(slots=True)
class _Reader:
    """Reads a paragraph's parts in order; a part without a name of its own goes on with the name before it."""

    paragraph: Paragraph
    place: _Place
    name: str = ""
    root: str = ""  # the last name that says more than where
    opening: str = ""  # «Sóng 5G phủ», which the shares listed behind it go on with

    def read(self, segment: str, year: int | None, *, aims: bool) -> Iterator[Target]:
        plain = without_baselines(segment, year) if "(" in segment else segment
        figures = choose_values(plain)
        if not figures:
            if aims and len(segment.split()) >= 4 and not segment.endswith(":"):
                horizons = find_horizons(segment)
                yield self._target(segment, None, segment.rstrip(" ."), horizons[0].year if horizons else year)
            return
        years = years_of(plain, figures, year)
        for number, figure in enumerate(figures):
            begin = figures[number - 1].end if number else 0
            end = figures[number + 1].start if number + 1 < len(figures) else len(segment)
            between = plain[begin : figure.start]
            base = self._name(words_before(plain, begin, figure), figure, plain[figure.end : end], between)
            if self.name:
                name = with_shared(self.name, plain[figure.end : end], plain[end:])
                yield self._target(segment, figure, name, years[number], base or find_base(plain[:end], figure))

    def _name(self, before: str, figure: Figure, after: str, between: str) -> str:
        """Set the name of the next figure; returns what the figure is a part of, where the words before it say so."""
        is_part = begins_part(between)
        own = name_indicator(before, figure, after)
        opening = opening_verb(before)
        is_direct = is_part and figure.unit == "%" and not strip_lead(before)
        part_of = self.root if self.root and is_part and (is_direct or lacks_subject(own)) else ""
        if part_of and (lacks_subject(own) or not read_unit(own)):
            own = f"{part_of} {own}"
        elif part_of:
            self.root = own
        elif not own or (self.name and len(own.split()) < 2 and figure.unit == "%"):
            own = self.name or self._parent_name()
        elif is_scope(own) and self.root and self.root != own:
            own = f"{self.root}: {own}"
        elif is_apart(between) and self.root:
            own = f"{self.root}: {own[:1].lower()}{own[1:]}"
        elif self.opening and figure.unit == "%" and not strip_lead(before):
            own = f"{self.opening} {own}"
        else:
            self.opening = opening
            own = self._below_parent(own) if not self.name else own
            self.root = own
        self.root = self.root or own
        self.name = own
        return part_of[:1].lower() + part_of[1:] if part_of else ""

    def _parent_name(self) -> str:
        return next((parent.name for parent in reversed(self.place.parents) if parent.name), "")

    def _below_parent(self, own: str) -> str:
        """«+ Cấp xã: 70%» below «- Tỷ lệ hồ sơ trực tuyến:» → «Tỷ lệ hồ sơ trực tuyến: cấp xã»."""
        for parent in reversed(self.place.parents):
            goes_on = is_scope(own) or (parent.is_open and _MEASURED_BY.match(parent.name) is not None and not _MEASURED_BY.match(own))
            if parent.name and goes_on:
                self.root = parent.name
                return f"{parent.name}: {own[:1].lower()}{own[1:]}"
        return own

    def _target(self, segment: str, figure: Figure | None, name: str, year: int | None, base: str = "") -> Target:
        paragraph = self.paragraph
        unit = ""
        if figure:
            unit = _unit_of(segment, figure)
        return Target(
            clause=paragraph.clause,
            paragraph=paragraph.ordinal,
            page=paragraph.page,
            indicator=sentence_case(name),
            comparator=figure.comparator if figure else Comparator.TEXT,
            value=figure.value if figure else None,
            value_max=figure.value_max if figure else None,
            printed=figure.printed if figure else "",
            unit=unit,
            base=base,
            horizon_year=year,
            per_year=figure is not None and _is_per_year(segment, figure),
            quantified=figure is not None,
            quote=window(segment, (0, len(segment)), (figure.start, figure.end) if figure else None, QUOTE_LIMIT),
            group=paragraph.headings[-1] if paragraph.headings and len(paragraph.headings[-1]) < 90 else "",
        )


def _unit_of(segment: str, figure: Figure) -> str:
    """The unit as printed, with what it is taken per («triệu đồng/người»); «/năm» is said by `per_year`."""
    after = segment[figure.end :]
    if figure.unit == "%":
        return "%"
    unit = figure.unit or ("" if not after[:1].isspace() else read_counted(after))
    per = re.match(r"(?:\s?/\s?[^\W\d]+)+", after.lstrip()[len(unit) :]) if unit and is_measure(unit) else None
    return unit + re.sub(r"\s?/\s?năm\b", "", per.group()).replace(" ", "") if per else unit


def _is_per_year(segment: str, figure: Figure) -> bool:
    """«mỗi năm» before the figure, or right behind it: «không quá 4 giờ mỗi năm», «10%/năm»."""
    behind = re.match(r"[^,;:()]{0,60}", segment[figure.end :])
    return _PER_YEAR.search(segment[: figure.start]) is not None or (behind is not None and _PER_YEAR.search(behind.group()) is not None)
