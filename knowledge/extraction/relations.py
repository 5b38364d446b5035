"""What a document says of other documents: which replaces which, which is to be revised; and its own abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.citations import CitedDocument, find_citations
from knowledge.extraction.targets import QUOTE_LIMIT
from knowledge.facts import Abbreviation, Relation, RelationKind
from knowledge.structure import Paragraph, ParagraphKind
from knowledge.text import fold

_NAMED = r"(?:Kế hoạch|Quyết định|Thông báo|Nghị quyết|Chỉ thị|Chương trình|Công văn|Quy chế|Văn bản|Quy định|Đề án|Hướng dẫn)"
_REPLACES = re.compile(
    rf"(?<!không )(?<!chưa )(?:thay\s+thế|thay|bãi bỏ|hủy bỏ|huỷ bỏ)\s+(?:cho\s+|toàn bộ\s+)*(?=(?:{_NAMED}|các|nội dung|một phần)\b)",
    re.IGNORECASE,
)
_REPLACED_BY = re.compile(rf"\b(?:được|bị)\s+thay(?:\s+thế)?\s+(?:bằng|bởi)\s+(?={_NAMED})", re.IGNORECASE)
_DRAFTED = re.compile(rf"\b(?:tham mưu|trình|xây dựng|soạn thảo|dự thảo|đề xuất)\b[^.;]{{0,80}}\b{_NAMED}\b", re.IGNORECASE)
_NEAR = 6  # paragraphs that a broken note may be parted by
_OPENING_WORDS = 24  # characters: «Tham mưu ban hành» before a document's kind
_FINISHED = (".", ";", ":", "!", "?")
_ENDED = re.compile(r"\bhết hiệu lực\b", re.IGNORECASE)
_SELF = re.compile(rf"{_NAMED}\s+này\b", re.IGNORECASE)
_ALSO = re.compile(r"\s*(?:,|và|;)\s*")
_REVIEW = re.compile(
    r"(?:[Rr]à soát|[Ss]ửa đổi|[Đđ]iều chỉnh|[Tt]ích hợp|[Xx]ây dựng lại|[Cc]ập nhật|[Bb]ổ sung)[^.;]{0,160}?"
    r"\b(?:các\s+)?(Kế hoạch|Quyết định|Nghị quyết"
    r"|Chương trình|Đề án)\b[^.;]{0,120}?"
    r"(?:trước (?:khi )?(?:hợp nhất|sáp nhập)|sau (?:hợp nhất|sáp nhập)|cho phù hợp|hợp nhất tỉnh)"
    r"|(?:[Rr]à soát|[Ss]ửa đổi|[Đđ]iều chỉnh)(?:[^.;]{0,30}?|[^.;,]{0,20}(?:chỉ tiêu|nội dung|mục tiêu|nhiệm vụ)[^.;,]{0,40}?)"
    r"\b(?P<named>Kế hoạch|Quyết định|Nghị quyết)\s+(?:số\s+)?\d",
)
_REVIEW_WORD = re.compile(r"rà soát|sửa đổi|điều chỉnh|tích hợp|xây dựng lại|cập nhật|bổ sung", re.IGNORECASE)
_PAST = re.compile(r"\b(?:đã|kết quả)\b", re.IGNORECASE)
_SHORT = re.compile(
    r"\(\s*(?:sau đây (?:viết tắt|gọi tắt) là:?\s*|gọi tắt là:?\s*|viết tắt là:?\s*)?([A-ZĐ][\w&Đ]*(?:(?:,\s*|/)[A-ZĐ][\w&]+)*)\s*\)"
)
_LINKS = {"va", "cua", "cac", "ve", "theo", "cho", "trong", "tren"}


def extract_relations(paragraphs: Iterable[Paragraph]) -> list[Relation]:
    """Replacements and announced revisions. `newer` is empty when the document itself replaces; `older` is empty when
    the text names no number (then the quote says which)."""
    found: list[Relation] = []
    read: list[Paragraph] = []
    is_report = False
    for paragraph in paragraphs:
        if paragraph.kind in (ParagraphKind.RECIPIENT, ParagraphKind.SIGNATURE):
            continue
        is_report = is_report or (paragraph.kind is ParagraphKind.TITLE and fold(paragraph.text).strip().startswith("bao cao"))
        found.extend(_replacements(paragraph, read, is_report=is_report))
        read.append(paragraph)
        review = _REVIEW.search(paragraph.text) if _REVIEW_WORD.search(paragraph.text) else None
        if review and not _PAST.search(paragraph.text[: review.start()][-60:]):
            found.append(_review(paragraph, review))
    return found


def _review(paragraph: Paragraph, review: re.Match[str]) -> Relation:
    """The document to be revised: the one named by its number, else the first one that the passage names."""
    quote = _window(paragraph.text, review.start(), review.end())
    at = review.start("named")
    named = [one.number for one in find_citations(paragraph.text) if at <= one.start <= review.end()] if at >= 0 else []
    older = [*named, *(one.number for one in find_citations(quote))]
    return Relation(RelationKind.UNDER_REVIEW, "", older[0] if older else "", paragraph.clause, paragraph.ordinal, paragraph.page, quote)


def _replacements(paragraph: Paragraph, earlier: list[Paragraph], *, is_report: bool) -> Iterator[Relation]:
    text = paragraph.text
    folded = text.lower()
    if not any(word in folded for word in ("thay", "bãi bỏ", "hủy bỏ", "huỷ bỏ", "hết hiệu lực")):
        return
    cited = find_citations(text)
    for match in _REPLACES.finditer(text):
        if text[max(0, match.start() - 8) : match.start()].lower().endswith(("được ", "bị ")) and _REPLACED_BY.match(
            text, match.start() - 5
        ):
            continue
        part = max(text.rfind(";", 0, match.start()), text.rfind(". ", 0, match.start()), 0)
        named = [one for one in cited if part <= one.start < match.start()]
        words = text[part : match.start()]
        says_itself = _SELF.search(words) is not None
        newer = "" if says_itself or not named else named[0].number
        if not named and not says_itself and (is_report or words.endswith("(")):
            newer = _begun_before(earlier) if part == 0 else ""
            if is_report and not newer:
                continue  # a report tells of others, and replaces none
        is_drafted = not newer and not says_itself and _DRAFTED.search(words) is not None
        for older in _replaced(text, cited, match.end()):
            quote = _window(text, part, older.end)
            if is_drafted:
                yield Relation(RelationKind.UNDER_REVIEW, "", older.number, paragraph.clause, paragraph.ordinal, paragraph.page, quote)
            elif older.number != newer:
                yield _replacement(paragraph, newer, older.number, quote)
    for match in _REPLACED_BY.finditer(text):
        before = [one for one in cited if one.end <= match.start() and match.start() - one.end < 80][-1:]
        after = [one for one in cited if one.start >= match.end() and one.start - match.end() < 30][:1]
        if before:
            quote = _window(text, before[0].start, after[0].end if after else match.end())
            yield _replacement(paragraph, after[0].number if after else "", before[0].number, quote)
    for match in _ENDED.finditer(text):
        ended = [
            one for one in cited if one.end <= match.start() and ";" not in text[one.end : match.start()] and match.start() - one.end < 60
        ]
        if ended and not _REPLACES.search(text[: match.start()]):
            yield _replacement(paragraph, "", ended[-1].number, _window(text, ended[-1].start, match.end()))


def _begun_before(before: list[Paragraph]) -> str:
    """The document that begins what a paragraph goes on with, where a line or a page parted «Quyết định số 70/QĐ-UBND …» from
    «(thay thế …»: it opens the last part of the paragraph before, or of a near one that was broken off. Empty when there is none."""
    for distance, paragraph in enumerate(reversed(before[-_NEAR:])):
        if paragraph.kind is ParagraphKind.TITLE:
            return ""
        text = paragraph.text.rstrip()
        if distance and text.endswith(_FINISHED):
            continue
        part = max(text.rfind(";", 0, -1), text.rfind(". ", 0, -1)) + 1
        opening = next((one for one in find_citations(text) if one.start >= part), None)
        if opening and opening.start - part <= (_OPENING_WORDS if distance == 0 else 3):
            return opening.number
    return ""


def _replaced(text: str, cited: list[CitedDocument], start: int) -> Iterator[CitedDocument]:
    """The documents that stand right behind «thay thế», one or a list («Kế hoạch số 5/KH-UBND và số 6/KH-UBND»)."""
    end, room = start, 30
    for one in cited:
        if one.start < start - 1:
            continue
        if one.start - end >= room or (end > start and not _ALSO.fullmatch(text[end : one.start])):
            return
        yield one
        end, room = one.end, 12


def _replacement(paragraph: Paragraph, newer: str, older: str, quote: str) -> Relation:
    return Relation(RelationKind.REPLACES, newer, older, paragraph.clause, paragraph.ordinal, paragraph.page, quote)


def _window(text: str, start: int, end: int) -> str:
    """An unbroken run of at most QUOTE_LIMIT characters around [start, end), cut at blanks."""
    if end - start >= QUOTE_LIMIT:
        start = text.find(" ", end - QUOTE_LIMIT) + 1
    else:
        before = max(text.rfind(". ", 0, start), text.rfind(";", 0, start))
        start = before + 1 if before >= 0 and end - before < QUOTE_LIMIT else (start if before >= 0 else max(0, end - QUOTE_LIMIT))
        if start and text[start - 1].isalnum():
            start = text.find(" ", start) + 1
    stop = start + QUOTE_LIMIT
    if stop < len(text):
        dot = text.find(".", end)
        stop = dot + 1 if 0 <= dot < stop else max(end, text.rfind(" ", end, stop))
    run = text[start:stop].strip(" ;")
    return run if run.startswith("(") and run.endswith(")") else run.strip(" ;(")


def extract_abbreviations(paragraphs: Iterable[Paragraph]) -> list[Abbreviation]:
    """Short forms that the document explains in brackets: «dịch vụ công trực tuyến (DVCTT)»."""
    found: dict[str, str] = {}
    for paragraph in paragraphs:
        for match in _SHORT.finditer(paragraph.text):
            shorts = [one for one in re.split(r",\s*|/", match.group(1)) if 2 <= len(one) <= 10]
            before = paragraph.text[: match.start()].rstrip()
            for short in reversed(shorts):
                long = _spelled(short, before)
                if long:
                    found.setdefault(short, long)
                    before = before[: before.rfind(long)].rstrip(" ,")
    return [Abbreviation(short, long) for short, long in found.items()]


def _spelled(short: str, before: str) -> str:
    """The words before the bracket whose initials spell the short form; linking words may stand between."""
    letters = [letter for letter in fold(short) if letter.isalnum()]
    words = list(re.finditer(r"[^\W_]+", before))[-(len(letters) + 6) :]
    for first in range(len(words) - 1, -1, -1):
        at = 0
        for word in words[first:]:
            folded = fold(word.group())
            if at < len(letters) and folded[0] == letters[at]:
                at += 1
            elif folded not in _LINKS:
                at = -1
                break
        if at == len(letters):
            return before[words[first].start() :].strip(' ,“”"')
    return ""
