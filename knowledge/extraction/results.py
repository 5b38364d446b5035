"""Results: figures that a document reports as reached, with their date, scope and «gần/khoảng/ước»."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.extraction.targets import QUOTE_LIMIT
from knowledge.facts import Result
from knowledge.figures import find_figures, parse_number
from knowledge.structure import Paragraph, ParagraphKind
from knowledge.text import fold, sentence_case

_REPORT = re.compile(r"\b(?:ket qua|danh gia chung|tinh hinh|uu diem|thuc trang|da dat duoc|viec thuc hien)\b")
_FORWARD = re.compile(
    r"\b(?:muc tieu|chi tieu|nhiem vu va giai phap|giai phap|nhiem vu trong tam|nhiem vu cu the|yeu cau trong|"
    r"to chuc thuc hien|phuong huong|trien khai nhiem vu|thuc hien nhiem vu trong tam|kien nghi|de xuat)\b"
)
_PLANNED = re.compile(r"\b(?:sẽ|dự kiến|phấn đấu|mục tiêu đến|kế hoạch đến)\b", re.IGNORECASE)
_LEVEL = r"cấp (?:tỉnh|huyện|xã|bộ|sở)"
_RATIO = re.compile(r"(?<![\w/.,-])(\d{1,3}(?:\.\d{3})+|\d+)/(\d{1,3}(?:\.\d{3})+|\d+)(?![\w/]|-[A-ZĐ])")
_CITED = re.compile(r"(?:số|ngày|tháng|nghị định|quyết định|thông báo|công văn|văn bản|khoản|điều|đề án)\s*$", re.IGNORECASE)
_HEDGE = re.compile(r"\b(gần|khoảng|ước đạt|ước|trên|hơn|xấp xỉ|ít nhất)\s*$", re.IGNORECASE)
_SCOPE = re.compile(r"\(([^()]{2,40}?\s+cũ|cũ)\)|\b(cấp (?:tỉnh|huyện|xã|bộ|sở))\b", re.IGNORECASE)
_AS_OF = re.compile(
    r"(?:trong|đến|tính đến|hết|cuối|vào|ngày|tháng|năm)\s+(?:hết\s+|cuối\s+)?(?:ngày\s+)?(?:(\d{1,2})[/.-](\d{1,2})[/.-](20\d\d)|(?:tháng\s+)?(\d{1,2})/(20\d\d)|năm\s+(20\d\d))",
    re.IGNORECASE,
)
_TRIM = re.compile(
    r"(?:\s*[,:;.(–-]|\s+(?:đạt|đạt tỷ lệ|tỷ lệ|ở mức|là|bằng|chiếm|có|được|với|ước|ước đạt|khoảng|gần|trên|hơn|đến nay|đã|hiện còn|hiện có|còn|tổng số|trong đó))+\s*$",
    re.IGNORECASE,
)
_LEAD = re.compile(r"^(?:đến nay|hiện nay|trong đó|đồng thời|ngoài ra|cụ thể|tính đến nay|và|với|đã có|đã|có|hiện có|hiện còn|toàn tỉnh có|toàn tỉnh đã)\s*[,:]?\s+", re.IGNORECASE)


def extract_results(paragraphs: Iterable[Paragraph], *, kind: str, as_of: str) -> list[Result]:
    """Reported figures in order. `as_of` (ISO day, month or year; may be empty) is the document's own date, used where
    the sentence names none; `kind` is the document's kind: in a report every section reports."""
    found: list[Result] = []
    is_report = fold(kind).startswith("bao cao")
    for paragraph in paragraphs:
        if paragraph.kind not in (ParagraphKind.BULLET, ParagraphKind.PLAIN, ParagraphKind.HEADING, ParagraphKind.NOTE, ParagraphKind.ROW):
            continue
        if _reports(paragraph, is_report):
            found.extend(_paragraph_results(paragraph, as_of))
    return found


def _reports(paragraph: Paragraph, is_report: bool) -> bool:
    for heading in reversed(paragraph.headings):
        folded = fold(heading[:200])
        if _FORWARD.search(folded) and not _REPORT.search(folded):
            return False
        if _REPORT.search(folded):
            return True
    return is_report


def _paragraph_results(paragraph: Paragraph, as_of: str) -> Iterator[Result]:
    for sentence in split_sentences(paragraph.text):
        if _PLANNED.search(sentence):
            continue
        date = stated_date(sentence) or as_of
        last_end, name = 0, ""
        for start, end, value, printed, unit in _reported_figures(sentence):
            hedge = _HEDGE.search(sentence[:start])
            name = _name(sentence[last_end:start], sentence[end:], unit) or name
            last_end = end
            if not name:
                continue
            yield Result(
                clause=paragraph.clause,
                paragraph=paragraph.ordinal,
                page=paragraph.page,
                indicator=sentence_case(name),
                value=value,
                printed=printed,
                unit=unit,
                approximate=hedge is not None and hedge.group(1).lower() != "ít nhất",
                hedge=hedge.group(1).lower() if hedge else "",
                scope=_scope(sentence, start, end),
                as_of=date,
                quote=_around(sentence, start, end),
            )


def split_sentences(text: str) -> list[str]:
    """Sentences and «;» parts as they stand, brackets kept whole."""
    cuts, depth = [0], 0
    for at, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if depth <= 0 and (char == ";" or (char == "." and re.match(r"\.\s+[“\"(]?[A-ZÀ-ỸĐ]", text[at:]))):
            cuts.append(at + 1)
    cuts.append(len(text))
    return [part for start, end in zip(cuts, cuts[1:], strict=False) if len(part := text[start:end].strip(" ;")) > 3]


def stated_date(text: str) -> str:
    """The day, month or year that a sentence reports for, ISO: «Trong tháng 7/2025» → «2025-07»; empty when none."""
    match = _AS_OF.search(text)
    if not match or re.search(r"(?:số|QĐ-\w+|KH-\w+|/\w+)\s+(?:ngày)?\s*$", text[: match.start()]):
        return ""
    day, month, year, month2, year2, year3 = match.groups()
    if day:
        return f"{year}-{int(month):02}-{int(day):02}" if int(month) <= 12 else ""
    if month2:
        return f"{year2}-{int(month2):02}" if 1 <= int(month2) <= 12 else ""
    return year3 or ""


def _reported_figures(sentence: str) -> list[tuple[int, int, float, str, str]]:
    """(start, end, value, as printed, unit) from left to right: percentages, counted things, «40/42 chỉ tiêu»."""
    found: list[tuple[int, int, float, str, str]] = []
    taken: list[tuple[int, int]] = []
    for match in _RATIO.finditer(sentence):
        if _CITED.search(sentence[: match.start()]) or re.match(r"\s*/", sentence[match.end() :]):
            continue
        taken.append(match.span())
        unit = re.match(r"\s*([^\W\d]+(?:\s+[^\W\d]+)?)", sentence[match.end() :])
        found.append((match.start(), match.end(), parse_number(match.group(1)), match.group(), unit.group(1) if unit else ""))
    for figure in find_figures(sentence):
        start = sentence.find(figure.printed, figure.start)
        if any(begin <= start < end for begin, end in taken) or _CITED.search(sentence[:start]):
            continue
        if re.search(r"(?:vượt|chỉ tiêu|mục tiêu)[^,;.]{0,20}[≥≤]\s*$", sentence[:start]):
            continue  # the target that the result is held against
        counted = re.match(r"\s*((?:nghìn|triệu|tỷ)?\s*[^\W\d]+)", sentence[figure.end :])
        unit = figure.unit or (counted.group(1).strip() if counted and (figure.word or figure.value >= 10) else "")
        if unit:
            found.append((start, figure.end, figure.value, figure.printed, unit))
    return sorted(found)


def _name(before: str, after: str, unit: str) -> str:
    """What the figure measures: the words since the figure before, with the words counted behind it; empty when those
    say no more than a level («cấp huyện đạt») – the name before holds on."""
    part = _TRIM.sub("", re.sub(r"^\s*(?:\([^()]*\)|[,;.:])*\s*", "", before))
    part = _LEAD.sub("", part + " ").strip()
    colon = part.rfind(":")
    if colon >= 0 and len(part[colon + 1 :].split()) >= 3:
        part = part[colon + 1 :].strip()
    if len(part.split()) > 24:
        part = part[re.search(r"^.*?(?=(?:\S+\s*){0,24}$)", part).end() :] if ", " not in part else part[part.rfind(", ", 0, len(part) - 20) + 2 :]  # type: ignore[union-attr]
    part = re.sub(r"^(?:" + _LEVEL + r")\b\s*", "", part).strip(" ,")
    if unit == "%" and len(part.split()) >= 4:
        return part[:160]
    counted = re.match(r"\s*([^,.;:()%]{3,80})", after)
    tail = counted.group(1).strip() if counted else ""
    if len(part.split()) < 2 and (unit == "%" or not tail):
        return tail if len(tail.split()) >= 3 else ""
    return " ".join(word for word in (part, tail) if word)[:160].strip()


def _scope(sentence: str, start: int, end: int) -> str:
    behind = re.match(r"[^,;.\d]{0,20}\(([^()]{2,40}?\s+cũ)\)", sentence[end:])
    if behind:
        return behind.group(1)
    found = [match for match in _SCOPE.finditer(sentence[:start]) if match.group(2)]
    return found[-1].group(2).lower() if found and start - found[-1].end() < 40 else ""


def _around(sentence: str, start: int, end: int) -> str:
    if len(sentence) <= QUOTE_LIMIT:
        return sentence
    begin = max(0, start - QUOTE_LIMIT * 2 // 3)
    begin = sentence.find(" ", begin) + 1 if begin else 0
    stop = min(len(sentence), begin + QUOTE_LIMIT)
    stop = sentence.rfind(" ", end, stop) if stop < len(sentence) else stop
    return sentence[begin : stop if stop > end else end]
