"""What a document says of other documents: which replaces which, which is to be revised; and its own abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from knowledge.citations import find_citations
from knowledge.extraction.targets import QUOTE_LIMIT
from knowledge.facts import Abbreviation, Relation, RelationKind
from knowledge.structure import Paragraph, ParagraphKind
from knowledge.text import fold

_REPLACES = re.compile(r"(?:được\s+)?(?:thay\s+thế|thay|bãi bỏ|hủy bỏ|huỷ bỏ)\s+(?:cho\s+|toàn bộ\s+)?(?=(?:Kế hoạch|Quyết định|Thông báo|Nghị quyết|Chỉ thị|Chương trình|Công văn|Quy chế|Văn bản|Quy định|các))", re.IGNORECASE)  # noqa: E501
_REPLACED_BY = re.compile(r"được thay(?: thế)? bằng|bị thay thế bởi|được thay thế bởi", re.IGNORECASE)
_SELF = re.compile(r"(?:Kế hoạch|Quyết định|Thông báo|Nghị quyết|Chỉ thị|Chương trình|Quy chế|Quy định|Văn bản)\s+này\b", re.IGNORECASE)
_REVIEW = re.compile(
    r"(?:rà soát|sửa đổi|điều chỉnh|tích hợp|xây dựng lại|cập nhật|bổ sung)[^.;]{0,160}?\b(?:các\s+)?(Kế hoạch|Quyết định|Nghị quyết|Chương trình|Đề án)\b[^.;]{0,120}?"
    r"(?:trước (?:khi )?(?:hợp nhất|sáp nhập)|sau (?:hợp nhất|sáp nhập)|cho phù hợp|hợp nhất tỉnh)"
    r"|(?:rà soát|sửa đổi|điều chỉnh)[^.;]{0,30}\b(?:Kế hoạch|Quyết định|Nghị quyết)\s+(?:số\s+)?\d",
)
_SHORT = re.compile(r"\(\s*(?:sau đây (?:viết tắt|gọi tắt) là:?\s*|gọi tắt là:?\s*|viết tắt là:?\s*)?([A-ZĐ][\w&Đ]*(?:(?:,\s*|/)[A-ZĐ][\w&]+)*)\s*\)")
_LINKS = {"va", "cua", "cac", "ve", "theo", "cho", "trong", "tren"}


def extract_relations(paragraphs: Iterable[Paragraph]) -> list[Relation]:
    """Replacements and announced revisions. `newer` is empty when the document itself replaces; `older` is empty when
    the text names no number (then the quote says which)."""
    found: list[Relation] = []
    for paragraph in paragraphs:
        if paragraph.kind in (ParagraphKind.RECIPIENT, ParagraphKind.SIGNATURE):
            continue
        found.extend(_replacements(paragraph))
        review = _REVIEW.search(paragraph.text)
        if review and not re.search(r"\b(?:đã|kết quả)\b", paragraph.text[: review.start()][-60:]):
            quote = _window(paragraph.text, review.start(), review.end())
            cited = [one.number for one in find_citations(quote)]
            found.append(
                Relation(RelationKind.UNDER_REVIEW, "", cited[0] if cited else "", paragraph.clause, paragraph.ordinal, paragraph.page, quote)
            )
    return found


def _replacements(paragraph: Paragraph) -> Iterator[Relation]:
    text = paragraph.text
    cited = find_citations(text)
    for match in _REPLACES.finditer(text):
        older = next((one for one in cited if one.start >= match.end() - 1 and one.start - match.end() < 30), None)
        if older is None:
            continue
        part = max(text.rfind(";", 0, match.start()), text.rfind(". ", 0, match.start()), 0)
        named = [one for one in cited if part <= one.start < match.start()]
        newer = "" if _SELF.search(text[part : match.start()]) or not named else named[0].number
        yield Relation(
            RelationKind.REPLACES, newer, older.number, paragraph.clause, paragraph.ordinal, paragraph.page, _window(text, part, older.end)
        )


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
    return text[start:stop].strip(" ;(")


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
            return before[words[first].start() :].strip(" ,“”\"")
    return ""
