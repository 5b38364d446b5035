"""The lines above a document's body: letterhead, kind («KẾ HOẠCH») and subject; also of a document attached to another."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from knowledge.layout.line_ends import TERMINAL, is_open
from knowledge.layout.markers import read_marker
from knowledge.layout.paragraph import Draft, ParagraphKind, start_draft
from knowledge.reading import Line

_KINDS = (
    "kế hoạch", "báo cáo", "thông báo", "quyết định", "chỉ thị", "nghị quyết", "chương trình", "tờ trình", "hướng dẫn",
    "đề án", "quy chế", "quy định", "công điện", "kết luận", "công văn", "thông tri", "phương án", "dự án", "giấy mời", "biên bản",
    "thông tư", "nghị định", "quyết nghị",
)  # fmt: skip
_QUALITIES = (
    "hành động", "kết luận", "liên tịch", "liên ngành", "triển khai", "phối hợp", "tóm tắt", "tổng kết", "sơ kết", "tổng hợp",
    "chuyên đề", "công tác", "đánh giá", "tổng thể",
)  # fmt: skip
_KIND = rf"(?:{'|'.join(_KINDS)})(?:\s+(?:{'|'.join(_QUALITIES)}))?"
_KIND_LINE = re.compile(rf"^{_KIND}$", re.IGNORECASE)
_KIND_FIRST = re.compile(rf"^({_KIND})\s+(?=\S)", re.IGNORECASE)
_EDGES = " .:*"
_RULE = re.compile(r"[-_–—*=. ]{2,}")
_BODY_FIRST = re.compile(
    r"^(?:Thực hiện|Căn cứ|Theo |Sau khi|Sáng |Chiều |Ngày \d|Để |Nhằm|Xét |Kính gửi|Trên cơ sở|Hôm nay|Qua |Tiếp theo|Trong |Năm \d"
    r"|Triển khai thực hiện)"
)
# «Thực hiện Nghị quyết số 19-NQ/TU» may be the subject; as the text's beginning it ends in «như sau:».
_MAYBE_SUBJECT = re.compile(r"^(?:Thực hiện|Triển khai thực hiện)\b")
_AUTHORITY = re.compile(
    r"^(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|BÍ THƯ|ỦY BAN|UỶ BAN|HỘI ĐỒNG|BAN |BỘ TRƯỞNG|TRƯỞNG BAN|TỈNH ỦY|CỤC TRƯỞNG|HIỆU TRƯỞNG)"
)
_SESSION = re.compile(r"^(?:KHÓA|KHOÁ|KỲ HỌP|NHIỆM KỲ|LẦN THỨ) ")
_ABOUT = re.compile(r"^(?:V/v|Về việc|Trích yếu)\s*:?\s*", re.IGNORECASE)
_ADDRESSED = re.compile(r"^Kính gửi\s*[:：]?", re.IGNORECASE)
_LETTERHEAD = re.compile(
    r"^(?:cộng h(?:òa|oà) xã hội|độc lập\s*[-–]|đảng cộng sản|số\s*:|[^,]{2,40}, ngày .{0,10}tháng)"
    r"|^(?:ủy ban|uỷ ban|hội đồng|tỉnh|thành phố|huyện|thị xã|xã|phường|đặc khu|sở|bộ|ban|văn phòng|đảng bộ|cục|chi cục|trung tâm)\b",
    re.IGNORECASE,
)
_LETTERHEAD_END = re.compile(r"^(?:số\s*:|độc lập\s*[-–]|đảng cộng sản|cộng h(?:òa|oà) xã hội)", re.IGNORECASE)
_DATED = re.compile(r"ngày\s+[\d.…_ ]{0,8}\s*tháng\s+[\d.…_ ]{0,8}\s*năm\s+[\d.…_]{1,6}\s*$", re.IGNORECASE)
_ATTACHED = re.compile(r"^\((?:ban hành |kèm |đính kèm)", re.IGNORECASE)
_SEARCHED, _SUBJECT_LINES, _LONGEST_TITLE = 40, 9, 300


@dataclass(slots=True)
class Head:
    """Where the body starts, the document's kind («Kế hoạch») and subject, and all that stood before as paragraphs."""

    end: int = 0
    kind: str = ""
    subject: str = ""
    drafts: list[Draft] = field(default_factory=list)


def is_kind_line(text: str) -> bool:
    """«KẾ HOẠCH», «Thông báo kết luận:»: a line that holds only the name of a kind of document."""
    return len(text) < 40 and _KIND_LINE.match(text.strip(_EDGES)) is not None


def read_head(body: list[Line], width: int) -> Head:
    """The head of a document; empty where the text begins at once."""
    for at, line in enumerate(body[:_SEARCHED]):
        if _RULE.fullmatch(line.text):
            continue
        if is_kind_line(line.text):
            return _titled(body, at, line.text.strip(_EDGES), "", width)
        first = _KIND_FIRST.match(line.text)
        if first and len(line.text) < _LONGEST_TITLE and (first.group(1).isupper() or line.heading == 1):
            return _titled(body, at, first.group(1), line.text[first.end() :], width)
        if _ADDRESSED.match(line.text) or read_marker(line.text):
            break
    return _letter(body) or _only_heading(body) or Head()


def read_attached_title(body: list[Line], at: int, width: int) -> tuple[list[Draft], int]:
    """The title lines of a document printed below another's signature, and where its text begins."""
    head = _titled(body[at : at + _SEARCHED], 0, body[at].text.strip(_EDGES), "", width)
    return head.drafts, at + head.end


def _titled(body: list[Line], at: int, kind: str, begun: str, width: int) -> Head:
    """A head whose kind stands at `at`; `begun` are words of the subject on the same line."""
    subject = [begun] if begun else []
    used: list[Line] = []
    end = at + 1
    while end < len(body) and len(used) < _SUBJECT_LINES:
        line = body[end]
        if _RULE.fullmatch(line.text):
            end += 1
            break
        if _ends_subject(subject, body[end - 1], line, width) and not (not subject and _is_subject(body, end)):
            break
        subject.append(line.text)
        used.append(line)
        end += 1
    drafts = [start_draft(ParagraphKind.TITLE, one) for one in body[: at + 1] if not _RULE.fullmatch(one.text)]
    if used:
        joined = start_draft(ParagraphKind.TITLE, used[0], " ".join(line.text for line in used))
        joined.notes = [label for line in used for _, label in line.marks]
        drafts.append(joined)
    while end < len(body) and subject:
        if drafts[-1].text.startswith("(") and drafts[-1].text.count("(") > drafts[-1].text.count(")"):
            drafts[-1].text += " " + body[end].text
        elif _is_below_subject(body[end].text):
            drafts.append(start_draft(ParagraphKind.TITLE, body[end]))
        else:
            break
        end += 1
    return Head(end, kind.capitalize(), " ".join(subject), drafts)


def _ends_subject(subject: list[str], before: Line, line: Line, width: int) -> bool:
    text = line.text
    if read_marker(text) is not None or _BODY_FIRST.match(text) or _ATTACHED.match(text) or is_kind_line(text):
        return True
    if not subject:
        return False
    if text.isupper() and not subject[-1].isupper():
        return True  # the authority that decides: «CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH»
    return text[:1].isupper() and _ends_sentence(subject[-1], width, before)


def _is_subject(body: list[Line], at: int) -> bool:
    """Whether the line below the kind, though it begins like the text, is the subject: no sentence ends before the text."""
    if not _MAYBE_SUBJECT.match(body[at].text):
        return False
    for line in body[at : at + _SUBJECT_LINES]:
        text = line.text
        if line is not body[at] and (_BODY_FIRST.match(text) or _RULE.fullmatch(text) or _ATTACHED.match(text) or read_marker(text)):
            return True
        if text.endswith(TERMINAL):
            return False
    return False


def _ends_sentence(text: str, width: int, line: Line) -> bool:
    return line.whole or (len(text) < width * 0.5 and not is_open(text, ""))


def _is_below_subject(text: str) -> bool:
    """What stands between the subject and the text: the authority that decides, its session («KHÓA XIV, KỲ HỌP THỨ 21»),
    «(Ban hành kèm theo …)», a rule."""
    if _ATTACHED.match(text) or _RULE.fullmatch(text):
        return True
    return text.isupper() and len(text) < 100 and (_AUTHORITY.match(text) or _SESSION.match(text)) is not None and not is_kind_line(text)


def _letter(body: list[Line]) -> Head | None:
    """An official letter has no kind line: a letterhead with «V/v …», then «Kính gửi:»."""
    addressed = next((at for at, line in enumerate(body[:_SEARCHED]) if _ADDRESSED.match(line.text)), None)
    about = next((at for at, line in enumerate(body[: addressed or 20]) if _ABOUT.match(line.text)), None)
    is_numbered = any(line.text.lower().startswith("số") for line in body[: addressed or 12])
    if about is None and (addressed is None or not is_numbered):
        return _letterhead_only(body)
    end = addressed if addressed is not None else _after_letterhead(body, (about or 0) + 1)
    drafts: list[Draft] = []
    subject: list[str] = []
    in_subject = False
    for at, line in enumerate(body[:end]):
        if _RULE.fullmatch(line.text):
            continue
        in_subject = at == about or (in_subject and not _LETTERHEAD.match(line.text) and not _DATED.search(line.text))
        if in_subject:
            subject.append(_ABOUT.sub("", line.text))
        if in_subject and at != about:
            drafts[-1].text += f" {line.text}"
            drafts[-1].notes += [label for _, label in line.marks]
        else:
            drafts.append(start_draft(ParagraphKind.TITLE, line))
    return Head(end, "Công văn", " ".join(subject), drafts)


def _letterhead_only(body: list[Line]) -> Head | None:
    end = _after_letterhead(body, 0)
    drafts = [start_draft(ParagraphKind.TITLE, line) for line in body[:end] if not _RULE.fullmatch(line.text)]
    return Head(end, "", "", drafts) if end else None


def _after_letterhead(body: list[Line], start: int) -> int:
    """Where the letterhead ends: after the motto, the number and the date, whichever comes last near the beginning."""
    last = 0
    for at, line in enumerate(body[:12]):
        if _LETTERHEAD_END.match(line.text) or (len(line.text) < 80 and _DATED.search(line.text)):
            last = at + 1
    return max(last, start)


def _only_heading(body: list[Line]) -> Head | None:
    """The one heading of the first rank that opens a page («# …», <h1>) is its title."""
    if body and body[0].heading == 1 and read_marker(body[0].text) is None and not any(line.heading == 1 for line in body[1:]):
        return Head(1, "", body[0].text, [start_draft(ParagraphKind.TITLE, body[0])])
    return None
