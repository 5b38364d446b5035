"""Lines → the heading tree of Vietnamese administrative writing (Decree 30/2020/NĐ-CP, appendix I)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from knowledge.notes import Note, drop_page_numbers, lift_notes
from knowledge.reading import Line


class ParagraphKind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    BULLET = "bullet"
    PLAIN = "plain"
    ROW = "row"
    NOTE = "note"
    RECIPIENT = "recipient"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a document, broken lines joined, note marks and page numbers lifted out.

    `clause` is the path as printed: «II.2.2.a», «III.5.1», «4.a», «mở đầu», «nơi nhận», «chữ ký»,
    «I.1 chú thích 2». `marker` is what stood in front («-», «a)», «2.2.», «II.»); `text` comes without it.
    `headings` are the texts of the headings above it, outermost first, without markers.
    A heading that runs on as a sentence («a) Người đứng đầu các sở … phải …») is a paragraph of kind HEADING too.
    """

    ordinal: int
    kind: ParagraphKind
    clause: str
    headings: tuple[str, ...]
    marker: str
    text: str
    page: int | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """A document's paragraphs in reading order. `kind` («Kế hoạch») and `subject` come from the title lines."""

    kind: str
    subject: str
    paragraphs: tuple[Paragraph, ...]


OPENING, RECIPIENTS, SIGNATURE = "mở đầu", "nơi nhận", "chữ ký"

_ROMAN = r"(?:X{0,3}(?:IX|IV|V?I{1,3}|V)|X{1,3})"
_CAPITAL = r"[A-ZÀ-ỸĐ“\"«(‘']"
_PART = re.compile(rf"^((?:PHẦN|Phần|CHƯƠNG|Chương|PHỤ LỤC|Phụ lục)(?:\s+(?:thứ\s+\w+|{_ROMAN}|\d{{1,2}}))?)\s*[.:]?(?:\s+(?={_CAPITAL})|$)")
_ARTICLE = re.compile(r"^(Điều\s+\d{1,3})\s*[.:]\s*")
_ROMAN_HEAD = re.compile(rf"^({_ROMAN})\s*(?:[.):/]\s*|[-–]\s+|\s(?=[A-ZÀ-ỸĐ]{{2}}))(?=\S)")
_CAPITAL_HEAD = re.compile(r"^([A-H])\s*[.]\s+(?=[A-ZÀ-ỸĐ]{2})")
_NUMBER_HEAD = re.compile(rf"^(\d{{1,2}}(?:\.\d{{1,2}}){{0,3}})\s*(?:[.):]\s*|(?<=\.\d)\s+|(?<=\.\d\d)\s+)(?={_CAPITAL}|\d+\s+[A-ZÀ-ỸĐa-zà-ỹđ])")
_LETTER_HEAD = re.compile(r"^([a-zđ])\s*(?:\)\s*|[.]\s+(?=[A-ZÀ-ỸĐ]))(?=\S)")
_BULLET = re.compile(r"^([-–—+*•▪●■◦‣·])\s*(?=[^\s\d.,]|\d+[\d.,]*\s*[%\w])")
_RECIPIENTS = re.compile(r"^(?:nơi nhận|kính gửi cuối)\s*[:：]?\s*$|^nơi nhận\s*:", re.IGNORECASE)
_SIGNER = re.compile(r"^(?:T/?M|TL|KT|TUQ|Q)\.?[ /][A-ZÀ-ỸĐ .,/-]+$|^(?:PHÓ )?(?:CHỦ TỊCH|BÍ THƯ|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|TRƯỞNG BAN|CỤC TRƯỞNG|TỔNG GIÁM ĐỐC|HIỆU TRƯỞNG)$")
_TERMINAL = (".", ";", ":", "!", "?", "…", "./.", ".”", ".)", ";”")
_OPEN_WORDS = {"và", "của", "hoặc", "về", "với", "cho", "các", "theo", "là", "tại", "từ", "do", "&"}
_OPEN_ENDS = (",", "-", "–", "(", "“")
_KINDS = (
    "kế hoạch", "báo cáo", "thông báo", "quyết định", "chỉ thị", "nghị quyết", "chương trình", "tờ trình", "hướng dẫn",
    "đề án", "quy chế", "quy định", "công điện", "kết luận", "công văn", "thông tri", "phương án", "dự án", "giấy mời", "biên bản",
)  # fmt: skip
_KIND_LINE = re.compile(rf"^(?:{'|'.join(_KINDS)})(?:\s+(?:hành động|kết luận|liên tịch|liên ngành|triển khai))?$", re.IGNORECASE)
_FIRST_WORDS = re.compile(r"^(?:Thực hiện|Căn cứ|Theo |Sau khi|Ngày \d|Để |Nhằm|Xét |Kính gửi|Trên cơ sở|Hôm nay|Qua |Tiếp theo|Trong |Năm \d|[A-ZÀ-Ỹ]+\.? ?ỦY BAN)")  # noqa: E501

_LEVELS = {"part": 0, "capital": 1, "roman": 2, "article": 3, "number": 4, "letter": 20, "star": 30}


@dataclass(slots=True)
class _Open:
    """A paragraph being gathered."""

    kind: ParagraphKind
    marker: str
    level: int
    label: str
    text: str
    page: int | None
    notes: list[str]
    last: Line


def parse(lines: tuple[Line, ...]) -> Structure:
    """The paragraphs of a document with their clause paths; `lines` as `knowledge.reading.read_file` gives them."""
    kept = drop_page_numbers(_as_printed(lines))
    width = _body_width(kept)
    body, notes = lift_notes(kept, width)
    start, kind, subject, title = _title(body, width)
    gathered = [*title, *_gather(body[start:], width)]
    return Structure(kind, subject, tuple(_number(gathered, notes)))


def _as_printed(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """A document typed line by line (each printed line a paragraph of its own) is read like a text export."""
    whole = [line for line in lines if line.whole and line.note is None]
    pairs = list(zip(whole, whole[1:], strict=False))
    broken = sum(not one.text.endswith(_TERMINAL) and two.text[:1].islower() for one, two in pairs)
    if len(pairs) < 20 or broken < len(pairs) * 0.3:
        return lines
    return tuple(replace(line, whole=False) if line.note is None and " | " not in line.text else line for line in lines)


def _body_width(lines: list[Line]) -> int:
    """Length of a full body line in characters (the 60th percentile: notes and short lines lie on either side)."""
    lengths = sorted(len(line.text) for line in lines if not line.whole and line.note is None)
    return lengths[int(len(lengths) * 0.6)] if lengths else 0


def _title(body: list[Line], width: int) -> tuple[int, str, str, list[_Open]]:
    """Where the body starts, the kind and subject of the title lines, and all that stood before as paragraphs."""
    for at, line in enumerate(body[:40]):
        if _marker(line.text):
            break
        if not _KIND_LINE.match(line.text.strip(" .:*")):
            continue
        subject: list[str] = []
        end = at + 1
        while end < len(body) and end - at <= 9:
            text = body[end].text
            if re.fullmatch(r"[-_–—*=. ]{2,}", text):
                end += 1
                break
            if _marker(text) or _FIRST_WORDS.match(text) or (subject and text[:1].isupper() and _ends_sentence(subject[-1], width, body[end - 1])):
                break
            subject.append(text)
            end += 1
        head = [_Open(ParagraphKind.TITLE, "", -1, "", one.text, one.page, [], one) for one in body[: at + 1]]
        if subject:
            first = body[at + 1]
            head.append(_Open(ParagraphKind.TITLE, "", -1, "", " ".join(subject), first.page, [], first))
        return end, line.text.strip(" .:*").capitalize(), " ".join(subject), head
    return 0, "", "", []


def _ends_sentence(text: str, width: int, line: Line) -> bool:
    return line.whole or (len(text) < width * 0.5 and not _is_open(text, ""))


def _marker(text: str) -> tuple[ParagraphKind, str, int, str, int] | None:
    """(kind, marker as printed, level, label for the path, where the text begins), or None for plain text."""
    found = _PART.match(text)
    if found and (len(text) < 120 or found.group(1).isupper()):
        label = re.sub(r"\s+", " ", found.group(1))
        return ParagraphKind.HEADING, found.group(1), _LEVELS["part"], label[:1].upper() + label[1:].lower() if len(label) < 9 else label, found.end()
    for pattern, name in ((_ARTICLE, "article"), (_ROMAN_HEAD, "roman"), (_CAPITAL_HEAD, "capital")):
        found = pattern.match(text)
        if found:
            return ParagraphKind.HEADING, found.group().strip(), _LEVELS[name], found.group(1), found.end()
    found = _NUMBER_HEAD.match(text)
    if found:
        label = found.group(1)
        return ParagraphKind.HEADING, found.group().strip(), _LEVELS["number"] + label.count("."), label, found.end()
    found = _LETTER_HEAD.match(text)
    if found:
        return ParagraphKind.HEADING, found.group().strip(), _LEVELS["letter"], found.group(1), found.end()
    found = _BULLET.match(text)
    if found:
        return ParagraphKind.BULLET, found.group(1), -1, "", found.end()
    return None


def _gather(body: list[Line], width: int) -> Iterator[_Open]:
    """Join broken lines into paragraphs."""
    current: _Open | None = None
    zone = ParagraphKind.PLAIN
    for line in body:
        text = line.text
        notes = [label for _, label in line.marks]
        if zone is not ParagraphKind.SIGNATURE and _RECIPIENTS.match(text):
            zone = ParagraphKind.RECIPIENT
        elif zone is ParagraphKind.RECIPIENT and _SIGNER.match(text):
            zone = ParagraphKind.SIGNATURE
        elif zone is not ParagraphKind.PLAIN and _PART.match(text):
            zone = ParagraphKind.PLAIN
        if zone is not ParagraphKind.PLAIN:
            if current is not None:
                yield current
            current = _Open(zone, "", -1, "", text, line.page, notes, line)
            continue
        if current is None or _begins(current, line, width):
            if current is not None:
                yield current
            found = _marker(text)
            if found:
                kind, marker, level, label, at = found
                current = _Open(kind, marker, level, label, text[at:].strip(), line.page, notes, line)
            else:
                row = ParagraphKind.ROW if line.whole and " | " in text else ParagraphKind.PLAIN
                current = _Open(row, "", -1, "", text, line.page, notes, line)
        else:
            current.text = _join(current.text, text)
            current.notes.extend(notes)
            current.last = line
    if current is not None:
        yield current


def _is_open(before: str, after: str) -> bool:
    """Whether a line ends in the middle of a phrase: «… theo», «… Nghị quyết số» before «193/2025/QH15»."""
    last = before.rsplit(" ", 1)[-1]
    return before.endswith(_OPEN_ENDS) or last in _OPEN_WORDS or (last in {"số", "ngày", "năm", "khoản", "Điều"} and after[:1].isdigit())


def _join(before: str, after: str) -> str:
    """Two printed lines as one: «359-» + «KH/TU» is one document number, «khu vực» + «đô thị» two words."""
    if re.search(r"\w-$", before) and re.match(r"[A-ZĐ]{2,}", after):
        return before + after
    return f"{before} {after}" if before else after


def _begins(current: _Open, line: Line, width: int) -> bool:
    """Whether the line starts a paragraph of its own."""
    text, before = line.text, current.last.text
    if line.whole or current.last.whole:
        # a paragraph cut by the page's end goes on in lower case though the format knew two paragraphs
        if line.whole and current.last.whole and text[:1].islower() and not _marker(text) and not before.endswith(_TERMINAL):
            return False
        return True
    finished = before.endswith(_TERMINAL)
    short = len(before) < width * 0.82
    found = _marker(text)
    if found:
        lower = text[found[4] : found[4] + 1].islower()
        unclosed = current.text.count("(") > current.text.count(")")
        if found[0] is ParagraphKind.BULLET and lower and not finished and (unclosed or not short):
            return False  # «… hợp tác công» / «- tư) đầu tư vốn»: a broken line, not a bullet
        return not (found[0] is ParagraphKind.HEADING and found[2] == _LEVELS["letter"] and unclosed and not finished)
    if text[:1].islower() or _is_open(before, text):
        return False
    if current.kind is ParagraphKind.HEADING and not finished:
        return not text.isupper() if current.text.isupper() else short
    if finished:
        return short or text.startswith("(")
    return len(before) < width * 0.7


def _number(gathered: list[_Open], notes: list[Note]) -> Iterator[Paragraph]:
    """Give each paragraph its clause path and headings; a note follows the paragraph that carries its mark."""
    stack: list[tuple[int, str, str]] = []
    bodies = {note.label: note for note in notes}
    ordinal = 0
    closing = ""
    for one in gathered:
        if one.kind is ParagraphKind.HEADING:
            level = one.level
            if stack and level >= _LEVELS["number"] and level < _LEVELS["letter"] and any(kept[0] == _LEVELS["article"] for kept in stack):
                level += 1
            while stack and stack[-1][0] >= level:
                stack.pop()
            above = tuple(text for _, _, text in stack if text)
            stack.append((level, one.label, one.text))
            closing = ""
        else:
            above = tuple(text for _, _, text in stack if text)
        if one.kind in (ParagraphKind.RECIPIENT, ParagraphKind.SIGNATURE):
            closing = RECIPIENTS if one.kind is ParagraphKind.RECIPIENT else SIGNATURE
            stack.clear()
            above = ()
        clause = closing or _path([label for _, label, _ in stack]) or OPENING
        yield Paragraph(ordinal, one.kind, clause, above, one.marker, one.text, one.page, tuple(one.notes))
        ordinal += 1
        for label in one.notes:
            note = bodies.pop(label, None)
            if note is not None:
                text = ""
                for line in note.lines:
                    text = _join(text, line.text)
                yield Paragraph(ordinal, ParagraphKind.NOTE, f"{clause} chú thích {label}", above, label, text, note.lines[0].page)
                ordinal += 1


def _path(labels: list[str]) -> str:
    """[II, 2, 2.2, a] → «II.2.2.a»: a dotted number repeats its parents."""
    parts: list[str] = []
    for label in labels:
        if parts and label.startswith(parts[-1] + ".") and label[:1].isdigit():
            parts[-1] = label
        else:
            parts.append(label)
    return ".".join(parts)
