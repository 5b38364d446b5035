"""Targets: what a plan wants reached by a horizon year, with comparator, value, unit, base and «mỗi năm»."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from knowledge.facts import Comparator, Target
from knowledge.figures import Figure, find_figures
from knowledge.structure import Paragraph, ParagraphKind
from knowledge.text import fold, sentence_case

QUOTE_LIMIT = 400  # characters; the longest unbroken run that a citation shows

_TARGET_HEADING = re.compile(r"\b(?:muc tieu|chi tieu|dinh huong den nam|tam nhin den)\b")
_REPORT_HEADING = re.compile(r"\b(?:ket qua|danh gia|tinh hinh|uu diem|han che|kho khan|ton tai|dat duoc|thuc trang)\b")
_GENERAL_HEADING = re.compile(r"\b(?:muc tieu chung|muc tieu tong quat|quan diem|muc dich|yeu cau)\b")
_HORIZON = re.compile(r"(?:đến|tới|trong|vào|hết|cuối|năm|giai đoạn)\b[^\d]{0,24}(20\d\d)(?:\s*(?:-|–|đến)\s*(?:năm\s*)?(20\d\d))?", re.IGNORECASE)
_PER_YEAR = re.compile(r"\b(?:mỗi năm|hằng năm|hàng năm|bình quân (?:mỗi )?năm|từng năm)\b|/năm\b", re.IGNORECASE)
_LEAD = re.compile(
    r"^(?:(?:phấn đấu|đến (?:hết |cuối )?năm 20\d\d|(?:đến|trong|vào) (?:năm )?20\d\d|mỗi năm|hằng năm|hàng năm|bình quân (?:mỗi )?năm|"
    r"bảo đảm|đảm bảo|duy trì|cung cấp|đẩy nhanh|nâng|nâng cao|toàn tỉnh|có|đạt|đạt được|trong số đó|trong đó|từ|hoàn thành|xây dựng được|hình thành|thu hút|tăng|thêm|và|là|với)\s*[,:]?\s*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(r"(?:\s*[,;]\s*phấn đấu\b[^,;]*|\s*[,:;.(–-]|\s+(?:phấn đấu|đạt|đạt mức|ở mức|là|bằng|chiếm|có|tăng|lên|tăng lên|nâng lên|giảm còn|còn|giảm xuống|ước|ước đạt|được|đạt được|và|"
                   r"từ|mỗi năm|hằng năm|hàng năm|tối thiểu|ít nhất|với|khoảng|trên))+\s*$", re.IGNORECASE)  # fmt: skip
_AIM = re.compile(r"\b(?:phấn đấu|mục tiêu|bảo đảm đạt|đảm bảo đạt|nâng (?:tỷ lệ|tỉ lệ)|cung cấp|hoàn thành|đạt)\b", re.IGNORECASE)
_DONE = re.compile(
    r"\b(?:đã|hiện có|hiện nay|đến nay|ước đến|tính đến|kết quả đạt|vượt|chiếm|"
    r"trong (?:tháng|quý|năm) (?:vừa )?qua|so với (?:cùng kỳ|chỉ tiêu|kế hoạch))\b",
    re.IGNORECASE,
)
_NEW_TARGET = re.compile(r",\s*(?:và\s+)?(?=(?:tỷ lệ|tỉ lệ|trong số đó|trong đó|số lượng|quy mô|tổng|chỉ số|có ít nhất|có tối thiểu|có ≥|≥|phấn đấu)\b|≥)", re.IGNORECASE)
_BASES = re.compile(
    r"\b(GRDP|GDP|tổng chi ngân sách (?:địa phương|nhà nước|tỉnh)|tổng chi ngân sách|dân số trưởng thành|dân số|diện tích|"
    r"tổng số [^,.;]{3,60}|hộ gia đình|người dân trưởng thành|người dân)",
    re.IGNORECASE,
)


def extract_targets(paragraphs: Iterable[Paragraph]) -> list[Target]:
    """Every target of a document, in order. Figures keep the words they stand in; aims without a figure are kept as text."""
    found: list[Target] = []
    columns: list[int | None] = []
    for paragraph in paragraphs:
        if paragraph.kind is ParagraphKind.ROW:
            years = _year_columns(paragraph.text)
            if years:
                columns = years
            elif columns:
                found.extend(_row_targets(paragraph, columns))
            continue
        if paragraph.kind in (ParagraphKind.BULLET, ParagraphKind.PLAIN, ParagraphKind.HEADING):
            found.extend(_paragraph_targets(paragraph))
    return found


def heading_year(headings: Iterable[str]) -> int | None:
    """The horizon year that the nearest heading sets: «2.2. Đến hết năm 2030» → 2030, «giai đoạn 2026 - 2030» → 2030."""
    for heading in reversed(list(headings)):
        if len(heading) > 200:
            continue
        match = _HORIZON.search(heading)
        if match:
            return int(match.group(2) or match.group(1))
    return None


def _section(paragraph: Paragraph) -> str:
    """«targets», «general», «report» or «other»: the nearest heading that says so decides."""
    for heading in reversed(paragraph.headings):
        folded = fold(heading[:160])
        if _GENERAL_HEADING.search(folded) and not re.search(r"\b20\d\d\b", folded):
            return "general"
        if _TARGET_HEADING.search(folded):
            return "targets"
        if _REPORT_HEADING.search(folded):
            return "report"
    return "other"


def _paragraph_targets(paragraph: Paragraph) -> Iterator[Target]:
    section = _section(paragraph)
    if section in ("report", "general"):
        return
    year = heading_year(paragraph.headings)
    if section == "targets":
        if paragraph.kind is ParagraphKind.HEADING and not find_figures(paragraph.text):
            return
        for segment in _segments(paragraph.text):
            yield from _segment_targets(paragraph, segment, year, aims=year is not None)
    else:
        for segment in _segments(paragraph.text):
            if _AIM.search(segment) and not _DONE.search(segment) and "%" in segment:
                yield from _segment_targets(paragraph, segment, None, aims=False)


def _segments(text: str) -> list[str]:
    """Parts of a bullet that state one thing each, as they stand: split at «;», sentence ends and «, tỷ lệ …»."""
    cuts = [0]
    depth = 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth <= 0 and (char == ";" or (char == "." and re.match(r"\.\s+[A-ZÀ-ỸĐ“]", text[at:]))):
            cuts.append(at + 1)
    for match in _NEW_TARGET.finditer(text):
        if find_figures(text[: match.start()]) and find_figures(text[match.end() :]) and text.count("(", 0, match.start()) == text.count(")", 0, match.start()):
            cuts.append(match.end())
    cuts = sorted({*cuts, len(text)})
    return [part for start, end in zip(cuts, cuts[1:], strict=False) if len(part := text[start:end].strip(" ,;")) > 3]


def _segment_targets(paragraph: Paragraph, segment: str, year: int | None, *, aims: bool) -> Iterator[Target]:
    figures = _values(segment)
    if not figures:
        if aims and len(segment.split()) >= 4:
            yield _target(paragraph, segment, None, segment.rstrip(" ."), _year_of(segment, 0, len(segment), year))
        return
    indicator = ""
    for number, figure in enumerate(figures):
        end = figures[number + 1].start if number + 1 < len(figures) else len(segment)
        begin = figures[number - 1].end if number else 0
        own = _indicator(segment, begin, figure, end)
        if len(fold(own).split()) >= 2 or not indicator:
            indicator = own
        if not indicator:
            continue
        yield _target(paragraph, segment, figure, indicator, _year_of(segment, begin, end, year))


def _values(segment: str) -> list[Figure]:
    """The figures of a segment that are values of a target; counted things beside a percentage are part of its words."""
    figures = find_figures(segment)
    strong = [figure for figure in figures if figure.unit == "%" or figure.comparator is not Comparator.EQUAL]
    if strong:
        first = strong[0]
        return [figure for figure in strong if figure is first or figure.unit == first.unit or figure.unit == "%"]
    counted = [figure for figure in figures if figure.unit]
    if counted:
        return counted[:1]
    lead = re.search(r"(?:đạt|là|bằng|:)\s*$", segment[: figures[0].start]) if figures else None
    return figures[:1] if lead else []


def _indicator(segment: str, begin: int, figure: Figure, end: int) -> str:
    """The words that name what is measured: those before the value, else those after it."""
    before = _TAIL.sub("", _strip_year(segment[begin : figure.start])).strip(" ,;:.–-“”")
    after = _strip_year(segment[figure.end : end]).strip(" ,;:.–-")
    before = _LEAD.sub("", before + " ").strip()
    if len(before.split()) >= 2:
        return before
    return re.sub(r"^tỷ lệ (?=doanh nghiệp)", "", _TAIL.sub("", after).strip(" ,;:."))


def _strip_year(text: str) -> str:
    return re.sub(r"\b(?:đến|tới|trong|vào|hết|cuối)\s+(?:hết |cuối )?(?:năm\s+)?20\d\d\b|\bnăm 20\d\d\b", "", text, flags=re.IGNORECASE)


def _year_of(segment: str, begin: int, end: int, inherited: int | None) -> int | None:
    own = [int(match.group(2) or match.group(1)) for match in _HORIZON.finditer(segment[begin:end])]
    if own:
        return own[-1]
    anywhere = _HORIZON.search(segment)
    return int(anywhere.group(2) or anywhere.group(1)) if anywhere else inherited


def _target(paragraph: Paragraph, segment: str, figure: Figure | None, indicator: str, year: int | None) -> Target:
    base = ""
    if figure is not None and figure.unit == "%":
        behind = _BASES.match(segment[figure.end :].lstrip(" của").strip())
        anywhere = _BASES.search(segment)
        base = behind.group(1) if behind else anywhere.group(1) if anywhere else ""
    quote = segment if len(segment) <= QUOTE_LIMIT else segment[:QUOTE_LIMIT].rsplit(" ", 1)[0]
    return Target(
        clause=paragraph.clause,
        paragraph=paragraph.ordinal,
        page=paragraph.page,
        indicator=sentence_case(indicator),
        comparator=figure.comparator if figure else Comparator.TEXT,
        value=figure.value if figure else None,
        value_max=figure.value_max if figure else None,
        printed=figure.printed if figure else "",
        unit=figure.unit if figure else "",
        base=base,
        horizon_year=year,
        per_year=figure is not None and bool(_PER_YEAR.search(segment[: figure.start] or segment) or "/năm" in segment),
        quantified=figure is not None,
        quote=quote,
        group=paragraph.headings[-1] if paragraph.headings and len(paragraph.headings[-1]) < 90 else "",
    )


def _year_columns(text: str) -> list[int | None]:
    """Years of a table's head, one a column; empty when the row is not such a head."""
    cells = [cell.strip() for cell in text.split(" | ")]
    years = [int(match.group(1)) if (match := re.search(r"\b(20\d\d)\b", cell)) and len(cell) < 40 else None for cell in cells]
    return years if sum(year is not None for year in years) >= 1 and len(cells) >= 3 and years[0] is None else []


def _row_targets(paragraph: Paragraph, columns: list[int | None]) -> Iterator[Target]:
    cells = [cell.strip() for cell in paragraph.text.split(" | ")]
    if len(cells) != len(columns):
        return
    names = [cell for cell, year in zip(cells, columns, strict=True) if year is None and re.search(r"[^\W\d]{2,}", cell)]
    if not names:
        return
    name = max(names, key=len)
    unit = next((cell for cell, year in zip(cells, columns, strict=True) if year is None and cell in {"%", *names} and cell != name), "")
    for cell, year in zip(cells, columns, strict=True):
        figures = find_figures(cell if "%" in cell or unit != "%" else f"{cell}%") if year is not None else []
        if figures:
            figure = replace(figures[0], unit=figures[0].unit or unit)
            yield replace(_target(paragraph, cell, figure, name, year), quote=paragraph.text[:QUOTE_LIMIT])
