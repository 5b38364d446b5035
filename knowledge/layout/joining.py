"""Printed lines → paragraphs: which line goes on with the one before, and which zone of the document it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from knowledge.layout.head import is_kind_line, read_attached_title
from knowledge.layout.line_ends import TERMINAL, is_open, join
from knowledge.layout.markers import Level, Marker, read_marker
from knowledge.layout.paragraph import Draft, ParagraphKind, start_draft
from knowledge.reading import Line

_RULE = re.compile(r"[\W_]+")
_RECIPIENTS = re.compile(r"^nơi nhận\s*(?:[:：]|$)", re.IGNORECASE)
_ON_BEHALF = re.compile(r"^(?:T/?M|TL|KT|TUQ|Q|T/?L)\.? ?/?[A-ZÀ-ỸĐ .,/-]+$")
_POST = re.compile(
    r"^(?:PHÓ )?(?:CHỦ TỊCH|BÍ THƯ|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|TRƯỞNG BAN|CỤC TRƯỞNG|TỔNG GIÁM ĐỐC|HIỆU TRƯỞNG|THỦ TRƯỞNG|CHI CỤC TRƯỞNG)$"
)
_SIGNED = re.compile(r"^\((?:đã ký|ký tên|ký, đóng dấu)[^()]*\)$", re.IGNORECASE)
_CUT_NUMBER = re.compile(r"\b(?:ngày|tháng|khoản|điều|mục|đến|từ)$", re.IGNORECASE)  # «… trước ngày» / «15. 6»
_FIRST_OF_LIST = {"(1)", "(i)", "(a)"}
_SENTENCE_ENDS = re.compile(r"\.\s+(?=[^\W\d_a-zà-ỹđ])")
_CLOSING_LINES = 5
_LAST_LINES = 15  # a signature without «Nơi nhận» stands so near the end
_LONGEST_HEADING = 20  # words of a line in capitals that is a heading of its own


def gather(body: list[Line], width: int) -> Iterator[Draft]:
    """Join broken lines into paragraphs; `width` is the length of a full body line in characters."""
    current: Draft | None = None
    zone = ParagraphKind.PLAIN
    at = 0
    while at < len(body):
        line = body[at]
        at += 1
        text = line.text
        if _RULE.fullmatch(text):
            continue
        marker = None if " | " in text or text.startswith("| ") else read_marker(text)
        zone = _zone(zone, body, at - 1, marker)
        if zone is ParagraphKind.TITLE:
            if current is not None:
                yield current
            current, zone = None, ParagraphKind.PLAIN
            drafts, at = read_attached_title(body, at - 1, width)
            yield from drafts
        elif zone is not ParagraphKind.PLAIN:
            if current is not None:
                yield current
            current = start_draft(zone, line)
        elif current is None or begins(current, line, marker, width) or (marker is None and _closes(current, body, at - 1)):
            if current is not None:
                yield current
            current = _start(line, marker)
        else:
            current.text = join(current.text, text)
            current.notes.extend(label for _, label in line.marks)
            current.last = line
    if current is not None:
        yield current


def _zone(zone: ParagraphKind, body: list[Line], at: int, marker: Marker | None) -> ParagraphKind:
    """The zone a line stands in: body, recipients, signature, or (as TITLE) the first line of an attached document."""
    text = body[at].text
    if _RECIPIENTS.match(text):
        return ParagraphKind.RECIPIENT
    if zone is ParagraphKind.PLAIN:
        is_signed = _ON_BEHALF.match(text) is not None and len(text) < 60 and not text.endswith(TERMINAL)
        return ParagraphKind.SIGNATURE if is_signed and _is_near_end(body, at) else zone
    if marker is not None and marker.level in (Level.PART, Level.ROMAN) and at + 1 < len(body):
        return ParagraphKind.PLAIN
    if is_kind_line(text) and text.isupper():
        return ParagraphKind.TITLE
    if zone is ParagraphKind.RECIPIENT and (_ON_BEHALF.match(text) or _POST.match(text) or _SIGNED.match(text)):
        return ParagraphKind.SIGNATURE
    return zone


def _is_near_end(body: list[Line], at: int) -> bool:
    """Whether only a closing block follows, up to the end or to an annex."""
    for after in range(at + 1, min(at + _LAST_LINES + 1, len(body))):
        text = body[after].text
        if _RECIPIENTS.match(text) or (is_kind_line(text) and text.isupper()):
            return True
        marker = read_marker(text)
        if marker is not None and marker.kind is ParagraphKind.HEADING:
            return marker.level == Level.PART
    return at + _LAST_LINES >= len(body)


def _start(line: Line, marker: Marker | None) -> Draft:
    if marker is not None:
        draft = start_draft(marker.kind, line, line.text[marker.end :].strip())
        draft.marker, draft.level, draft.label = marker.printed, marker.level, marker.label
        return draft
    if " | " in line.text or line.text.startswith("| "):
        return start_draft(ParagraphKind.ROW if line.whole else ParagraphKind.PLAIN, line)
    if line.heading or _is_unnumbered_heading(line.text):
        return start_draft(ParagraphKind.HEADING, line)
    return start_draft(ParagraphKind.PLAIN, line)


def _is_unnumbered_heading(text: str) -> bool:
    """A line in capitals that stands alone: «NHIỆM VỤ VÀ GIẢI PHÁP»; never «QUYẾT ĐỊNH:»."""
    words = text.split()
    return 2 <= len(words) <= _LONGEST_HEADING and text.isupper() and not text.endswith((".", ";", ",")) and not is_kind_line(text)


def begins(current: Draft, line: Line, marker: Marker | None, width: int) -> bool:
    """Whether the line starts a paragraph of its own."""
    text, last = line.text, current.last
    before = last.text
    if current.level == Level.PART and not current.text and marker is None and not text.startswith("(") and not text.endswith("."):
        return False  # «PHỤ LỤC I» / «DANH MỤC NHIỆM VỤ»: the heading's words stand on the next line
    if line.whole or last.whole:
        # a paragraph cut by the page's end goes on in lower case though the format knew two paragraphs
        goes_on = line.whole and last.whole and text[:1].islower() and marker is None and not before.endswith(TERMINAL)
        return not (goes_on and " | " not in text and " | " not in before and not line.heading)
    finished = before.endswith(TERMINAL)
    short = len(before) < width * 0.82
    if line.begins and not text[:1].islower() and (finished or not is_open(before, text)):
        return True
    if line.begins is False and not short and not (marker is not None and finished):
        return False  # neither set in nor set apart: «… tầm nhìn đến năm» / «- 2045, đồng bộ với …»
    if marker is not None:
        return _marker_begins(current, text, marker, finished=finished, short=short)
    if text[:1].islower() or is_open(before, text):
        return False
    if current.kind is ParagraphKind.HEADING and not finished:
        return not text.isupper() if current.text.isupper() else short
    if finished:
        return short or text.startswith("(")
    return len(before) < width * 0.7


def _closes(current: Draft, body: list[Line], at: int) -> bool:
    """Whether the document's last sentence begins here («UBND tỉnh thông báo để các sở … thực hiện./.»): one sentence, up to
    the sign that ends a text, behind a line that ends one. Nothing else tells it from an item's last words."""
    if not current.last.text.endswith((".", ".”", ".)")) or not body[at].text[:1].isupper():
        return False
    for after in range(at, min(at + _CLOSING_LINES, len(body))):
        text = body[after].text
        if after > at and read_marker(text) is not None:
            return False
        if text.endswith("./."):
            return not _SENTENCE_ENDS.search(text.removesuffix("./."))
        if text.endswith(TERMINAL) or _SENTENCE_ENDS.search(text):
            return False
    return False


def _marker_begins(current: Draft, text: str, marker: Marker, *, finished: bool, short: bool) -> bool:
    unclosed = current.text.count("(") > current.text.count(")")
    if marker.kind is ParagraphKind.BULLET:
        if marker.printed.startswith("("):
            # «(1) …; (2) …» runs through a paragraph more often than it makes a list
            if not finished:
                return current.kind is ParagraphKind.HEADING and marker.printed in _FIRST_OF_LIST
            return short or current.marker.startswith("(") or current.text.endswith(":")
        # «… hợp tác công» / «- tư) đầu tư vốn»: a broken line, not a bullet
        return finished or not text[marker.end : marker.end + 1].islower() or (short and not unclosed)
    if finished:
        return True
    if marker.level >= Level.LETTER:
        return not unclosed
    if marker.level == Level.PART:
        return marker.printed.isupper() or not is_open(current.last.text, text)
    return not (Level.NUMBER <= marker.level < Level.LETTER and _CUT_NUMBER.search(current.last.text))
