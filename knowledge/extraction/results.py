"""Results: figures that a document reports as reached, with their date, scope and «gần/khoảng/ước»."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.extraction.result_figures import Reported, find_reported, stated_date
from knowledge.extraction.result_names import Named, Names
from knowledge.extraction.result_tables import ResultTable
from knowledge.extraction.sentences import window
from knowledge.extraction.targets import QUOTE_LIMIT
from knowledge.facts import Result
from knowledge.structure import Paragraph, ParagraphKind
from knowledge.text import UPPER, fold, sentence_case

__all__ = ["extract_results", "split_sentences", "stated_date"]

_DIGIT = re.compile(r"\d")
_REPORT = re.compile(r"\b(?:ket qua|danh gia chung|tinh hinh|uu diem|thuc trang|da dat duoc|viec thuc hien)\b")
_FORWARD = re.compile(
    r"^(?:cac |mot so )?(?:nhiem vu|du kien)\b(?!.*\b(?:da|duoc giao)\b)|\b(?:thang|quy|nam|thoi gian) (?:toi|den|sau)\b"
    r"|\b(?:muc tieu|chi tieu|nhiem vu va giai phap|giai phap|nhiem vu trong tam|nhiem vu cu the|yeu cau trong|"
    r"to chuc thuc hien|phuong huong|trien khai nhiem vu|thuc hien nhiem vu trong tam|kien nghi|de xuat)\b"
)
_PLANNED = re.compile(r"\b(?:sẽ|dự kiến|phấn đấu|mục tiêu đến|kế hoạch đến)\b", re.IGNORECASE)
# Notices and conclusions order, and say in passing how things stand: there the words of a sentence must say that it reports.
_NOTICES = ("thong bao", "ket luan", "bien ban", "chi thi")
_STATED = re.compile(
    r"\b(?:đã|đến nay|tính đến|hiện nay|hiện có|hiện còn|mới (?:có|đạt)|ước đạt|so với cùng kỳ|đến hết (?:tháng|quý|năm|ngày))\b",
    re.IGNORECASE,
)
_ORDERED = re.compile(
    r"\b(?:yêu cầu|(?<!bàn )(?<!chuyển )(?<!được )(?<!đã )giao|đề nghị"
    r"|phải|cần|thống nhất|trước ngày|chậm nhất|hoàn thành trước|rà soát|báo cáo|phấn đấu|chỉ tiêu|mục tiêu"
    r"|bảo đảm|đảm bảo|tiếp tục|khẩn trương|tập trung|chủ trì|phối hợp|tham mưu|đồng ý|nhất trí"
    r"|cho phép|chủ trương|quy định|căn cứ|nếu|mức (?:hỗ trợ|chi|thu)|phương án|đề xuất|kiến nghị|dự toán)\b",
    re.IGNORECASE,
)
_READ = (ParagraphKind.BULLET, ParagraphKind.PLAIN, ParagraphKind.HEADING, ParagraphKind.NOTE, ParagraphKind.ROW)
_ESTIMATED = re.compile(r"^(?:tính\s+)?ước(?:\s+tính)?\s+(?:thực hiện|đến|tới|hết|cả|trong|năm|quý|tháng)\b", re.IGNORECASE)
_CUT = re.compile(r"[();.]")
_SENTENCE_END = re.compile(rf"\.\s+[“\"(]?[{UPPER}]")
_DATE_FIRST = 40  # characters: a date so near a sentence's beginning holds for all its parts


def extract_results(paragraphs: Iterable[Paragraph], *, kind: str, as_of: str) -> list[Result]:
    """Reported figures in order. `as_of` (ISO day, month or year; may be empty) is the document's own date, used where
    the sentence names none; `kind` is the document's kind: in a report every section reports."""
    found: list[Result] = []
    is_report = fold(kind).startswith("bao cao")
    is_notice = fold(kind).startswith(_NOTICES)
    table = ResultTable()
    for paragraph in paragraphs:
        if paragraph.kind not in _READ:
            continue
        reports = _reports(paragraph)
        if reports is None:
            reports = is_report
            in_passing = is_notice and paragraph.kind is not ParagraphKind.ROW
        else:
            in_passing = False
        if paragraph.kind is ParagraphKind.ROW:
            rows = list(table.read(paragraph, as_of=as_of))
            if reports and table.is_open:
                found.extend(rows)
                for name, words in table.in_words(paragraph):
                    said = _paragraph_results(replace(paragraph, text=words), as_of, in_passing=False)
                    found.extend(
                        replace(one, indicator=f"{sentence_case(name)}: {one.indicator}" if name else one.indicator) for one in said
                    )
                continue
        elif paragraph.kind is not ParagraphKind.NOTE:
            table.close()
        if (reports or in_passing) and _DIGIT.search(paragraph.text):
            found.extend(_paragraph_results(paragraph, as_of, in_passing=not reports))
    return found


def _reports(paragraph: Paragraph) -> bool | None:
    """Whether the headings say that a paragraph reports, or that it looks forward; None where they say neither."""
    for heading in reversed(paragraph.headings):
        folded = fold(heading[:200])
        if _FORWARD.search(folded) and not _REPORT.search(folded):
            return False
        if _REPORT.search(folded):
            return True
    return None


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    goes_on: bool  # with the sentence of the part before: a semicolon stands between them


def _paragraph_results(paragraph: Paragraph, as_of: str, *, in_passing: bool) -> Iterator[Result]:
    names = Names()
    held = hedge = ""
    for part in _parts(paragraph.text):
        if not part.goes_on:
            names, held = Names(), ""
            hedge = "ước" if _ESTIMATED.match(part.text) else ""
        is_left_out = _PLANNED.search(part.text) or (in_passing and not _says_so(part.text))
        reported = [] if is_left_out else find_reported(part.text)
        stated = stated_date(part.text, as_of=as_of) if reported or not part.goes_on else ""
        if stated and not part.goes_on and stated_date(part.text[:_DATE_FIRST], as_of=as_of) == stated:
            held = stated
        names.enter(part.text)
        for number, one in enumerate(reported):
            begin = reported[number - 1].end if number else 0
            end = reported[number + 1].starts_words if number + 1 < len(reported) else len(part.text)
            named = names.name(begin, one, end)
            if named.name:
                yield _result(paragraph, part.text, one, named, hedge=one.hedge or hedge, as_of=stated or held or as_of)


def _says_so(part: str) -> bool:
    return _STATED.search(part) is not None and _ORDERED.search(part) is None


def _result(paragraph: Paragraph, sentence: str, one: Reported, named: Named, *, hedge: str, as_of: str) -> Result:
    return Result(
        clause=paragraph.clause,
        paragraph=paragraph.ordinal,
        page=paragraph.page,
        indicator=sentence_case(named.name),
        value=one.value,
        printed=one.printed,
        unit=one.unit,
        approximate=bool(hedge) and hedge != "ít nhất",
        hedge=hedge,
        scope=named.scope,
        as_of=as_of,
        quote=window(sentence, (0, len(sentence)), (one.start, one.end), QUOTE_LIMIT),
    )


def split_sentences(text: str) -> list[str]:
    """Sentences and «;» parts as they stand, brackets kept whole."""
    return [part.text for part in _parts(text)]


def _parts(text: str) -> list[_Part]:
    cuts, depth = [0], 0
    for match in _CUT.finditer(text):
        char, at = match.group(), match.start()
        if char in "()":
            depth += 1 if char == "(" else -1
        elif depth <= 0 and (char == ";" or _SENTENCE_END.match(text, at)):
            cuts.append(at + 1)
    cuts.append(len(text))
    parts = []
    for start, end in pairwise(cuts):
        part = text[start:end].strip(" ;")
        if len(part) > 3:
            parts.append(_Part(part, start > 0 and text[start - 1] == ";"))
    return parts
