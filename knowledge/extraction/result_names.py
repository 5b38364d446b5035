"""What a reported figure measures and where it holds, named from the words around it; later parts of a sentence go on
with the subject of the first."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.extraction.result_figures import Reported
from knowledge.text import UPPER
from knowledge.units import is_measure

_LONGEST = 160  # characters of a name
_SUBJECT_WORDS = 26
_PROPER = rf"[{UPPER}]\w*(?:[ -][{UPPER}]\w*){{0,3}}"
_MERGER = r"(?:trước|sau)(?: khi)? (?:sáp nhập|hợp nhất|sắp xếp)"
_LEVELS = r"cấp (?:tỉnh|huyện|xã|bộ|sở|cơ sở)"
_GROUPS = (
    r"các (?:sở|xã|phường|huyện|bộ|cơ quan|đơn vị|địa phương)(?:, (?:sở|ban|ngành|xã|phường|đặc khu|đơn vị|địa phương|ban ngành))*"
    r"(?: cấp (?:tỉnh|huyện|xã))?"
)
_AREAS = r"khu vực (?:nông thôn|thành thị|đô thị|miền núi)"
_SCOPE = rf"(?:(?:tỉnh |huyện |địa bàn )?{_PROPER} (?:cũ|{_MERGER})|{_MERGER}|{_LEVELS}|{_GROUPS}|{_AREAS})"
_IS_SCOPE = re.compile(rf"^(?:(?:ở|tại|của|đối với|riêng|tính chung|trong đó|cả|toàn tỉnh)\s+)*(?P<scope>{_SCOPE})$")
_OPENS_WITH_SCOPE = re.compile(rf"^(?:(?:ở|tại|đối với|riêng)\s+)?(?P<scope>{_SCOPE}),\s+", re.IGNORECASE)
_ENDS_IN_SCOPE = re.compile(rf"\s+(?:của|ở|tại|đối với)\s+(?P<scope>{_SCOPE})$")
_LEVEL_AT_END = re.compile(rf"[\s,:(](?P<scope>{_LEVELS}|{_PROPER} cũ)$")
_BEHIND_IN_BRACKETS = re.compile(rf"^[^,;.\d(]{{0,20}}\((?P<scope>[^()]{{2,40}}? cũ|{_MERGER}|{_LEVELS})\)")
_BEHIND = re.compile(rf"^[^,;:.\d()]{{0,30}}?\b(?:ở|tại|đối với)\s+(?P<scope>{_PROPER} cũ|{_LEVELS})\b")
_DATE = (
    r"(?:(?:ước |tính )?(?:đến|tới|trong|vào|hết|riêng|cuối|năm|tháng|quý|ngày|từ|6 tháng|9 tháng"
    r"|đầu)\s+)+(?:[IVX]+/)?[\d/.-]*\d(?:\s+(?:năm|tháng) \d+)*"
    r"|(?:đến|tới) nay|hiện nay|tính đến nay"
    r"|(?:ước |tính )?(?:đến|tới|trong) (?:hết |cuối |đầu )?(?:năm|quý|tháng)(?: nay| này)?(?=\s*,)"
)
_LEAD = re.compile(
    rf"^(?:(?:{_DATE}|trong đó|đồng thời|ngoài ra|cụ thể|kết quả(?=\s*:)|và|với|về|riêng|đã có|đã|có|hiện còn|hiện có|hiện nay|mới"
    rf"|toàn tỉnh(?: đã| có)*"
    rf"|tỉnh(?: đã| có)+|trên địa bàn(?: toàn)?(?: tỉnh)?(?: {_PROPER})?(?: đã| có)*"
    rf"|(?:theo|so với) [^,:;]{{3,60}}?(?: thì|,)|đáng chú ý|nổi bật"
    rf"|trong số đó|còn)(?!\w)\s*[,:]?\s*|\([^()]*\)\s*|[,;:.)–-]+\s*)+",
    re.IGNORECASE,
)
_HEDGES = r"(?:ước đạt|ước|khoảng|gần|trên|hơn|xấp xỉ|ít nhất|tối thiểu|tổng số|được)"
_COPULA = re.compile(
    rf"(?:[:]|\b(?:đạt tỷ lệ|đạt|tỷ lệ|ở mức|là|bằng|chiếm|còn|xuống|lên|tăng|giảm|tương ứng|vượt))\s*(?:{_HEDGES}\s*)*$", re.IGNORECASE
)
_TAIL = re.compile(
    rf"(?:\s*[,:;.(–“\"-]|(?:^|\s+)(?:đạt|đạt tỷ lệ|tỷ lệ|ở mức|là|bằng|chiếm|{_HEDGES}|đến nay|đã|hiện còn|hiện có|trong đó|trong"
    r"|xuống còn"
    rf"|xuống|còn|rút còn"
    r"|giảm còn|lên|tăng lên|tương ứng))+\s*$",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:^|\s+)(?:có|với|là|gồm)$", re.IGNORECASE)
_CHANGE = re.compile(
    r"\b(tăng|giảm|rút ngắn|cắt giảm|sớm hơn hạn|sớm hơn|vượt)\s*(?:thêm\s*|được\s*)?(?:khoảng\s*|gần\s*|hơn\s*|trên\s*)?$", re.IGNORECASE
)
_START_OF_CHANGE = re.compile(r"(?:^|\s+)(?:giảm |tăng |rút ngắn |cắt giảm )?từ\s+\d[\d.,]*\s*%?(?:\s+[^\W\d]+){0,3}$", re.IGNORECASE)
_COMPARED = re.compile(r"^\s*(?:so với|so cùng)[^,;.()]{0,60}", re.IGNORECASE)
_RANK_WORDS = re.compile(r"\s*\b(?:xếp|đứng|đạt|ở|giữ)?\s*(?:vị trí|thứ|hạng)*\s*$", re.IGNORECASE)
_JOINT_END = re.compile(r"(?:,|\svà|\()\s*$")
_JOINT = re.compile(r",\s+|\s+và\s+|;\s+")
_STATES = re.compile(rf"\b(?:đạt|chiếm|bằng|là|còn|có|đạt tỷ lệ)\s*(?:{_HEDGES}\s*)*$", re.IGNORECASE)
_STOP_BEHIND = re.compile(
    r"\s*[;:.()](?!\d)|\s*,\s*(?=(?:có|đạt|được|trong đó|với|kèm|kể cả|để|do|đã|chiếm|tăng|giảm|vượt|xếp|gồm|giao|hơn|gần|khoảng"
    r"|bảo đảm|đảm bảo|triển khai|tuy nhiên|qua đó|đang|còn|sẽ|tương ứng|phục vụ|đáp ứng|góp phần|trên|tổng|tiếp tục|cấp|các"
    r"|giải ngân|thu hút|lũy kế)\b"
    rf"|(?:tỉnh |huyện )?{_PROPER} cũ\b)|\s+trong tổng số\b"
)
_UP_TO_NOW = re.compile(r",\s*(?:đến nay|hiện nay|tính đến nay)\b,?\s*")
_NO_NOUN_BEHIND = re.compile(r"^(?:so với|tổng|trên|GRDP|GDP|số|kế hoạch|chỉ tiêu|dự toán|trở lên)\b")
_AGAINST = re.compile(r"^(?:so với )?((?:kế hoạch|dự toán|chỉ tiêu|mục tiêu)\b[^,;.()]{0,40})$")
_NOUN_END = re.compile(r"\s+(?:đã|có|đang|được|mới|hiện|họp|còn)\b.*$", re.IGNORECASE)
_BEFORE_NEXT = re.compile(r"(?:[,;]?\s+(?:đạt|chiếm|tương ứng|đã))+$")
_SAID_OF_ALL = re.compile(r"(?:\s|^)((?:chưa|đã|được|có|đang|không)\s+[^\d;.()]{4,80})$", re.IGNORECASE)
_GENERIC_TOPICS = {"kết quả", "cụ thể", "trong đó", "gồm", "như sau", "một số kết quả cụ thể"}


@dataclass(frozen=True, slots=True)
class Named:
    name: str
    scope: str


class Names:
    """Names the figures of one sentence in order; `enter` begins each of its parts."""

    def __init__(self) -> None:
        self._part = ""
        self._topic = ""
        self._root = ""  # the last name that says what is measured
        self._noun = ""  # who or what the sentence speaks of
        self._last: Reported | None = None

    def enter(self, part: str) -> None:
        self._part = part

    def name(self, begin: int, one: Reported, end: int) -> Named:
        """What the figure between the words [begin, …) and (…, end] measures, and where it holds."""
        before = _words_before(self._part, begin, one.starts_words)
        after = self._part[one.end : end]
        behind_scope = _BEHIND_IN_BRACKETS.match(self._part[one.end :]) or _BEHIND.match(self._part[one.end :])
        scope = behind_scope["scope"] if behind_scope else ""
        in_brackets = begin > 0 and before.rstrip().endswith("(")
        subject, own_scope = self._subject(before)
        counted_scope = _IS_SCOPE.match(_words_behind(after)) if one.unit == "%" else None
        scope = own_scope or scope or (counted_scope["scope"] if counted_scope else "")
        if in_brackets and self._root:
            return self._keep(one, self._root, scope, is_root=False)
        change = _CHANGE.search(before)
        if change and self._root and len(subject.split()) < 3 and begin:
            compared = _COMPARED.match(_without_unit(after, one.unit))
            words = " ".join(word for word in (change.group(1).lower(), compared.group().strip() if compared else "") if word)
            return self._keep(one, f"{self._root}: {words}", scope, is_root=False)
        shared = _said_of_all(self._part[end:]) if _JOINT_END.search(after) else ""
        return self._keep(one, self._compose(subject, before, one, after, change, shared), scope, change=change)

    def _keep(self, one: Reported, name: str, scope: str, *, is_root: bool = True, change: re.Match[str] | None = None) -> Named:
        name = _shorten(name)
        if is_root and name and not name.startswith(f"{self._root} so với "):
            self._root = name.removesuffix(f" {change.group(1).lower()}") if change else name
        self._last = one
        return Named(name, scope[:1].lower() + scope[1:] if scope.lower().startswith(("cấp", "các", "sau", "trước", "khu")) else scope)

    def _subject(self, before: str) -> tuple[str, str]:
        """(words that name what is measured, scope); a topic before a colon stands in for words that only say where."""
        words = before
        colon = words.rfind(":")
        if colon >= 0:
            topic = _LEAD.sub("", words[:colon].strip() + " ").strip(' ,;.–-“”"')
            topic = topic.rsplit(": ", 1)[-1]
            self._topic = "" if topic.lower() in _GENERIC_TOPICS else topic
            self._root = self._topic or self._root
            words = words[colon + 1 :]
        pieces = _UP_TO_NOW.split(words, maxsplit=1)
        if len(pieces) > 1:
            self._topic = self._topic or _LEAD.sub("", pieces[0].strip() + " ").strip(" ,;")
            words = pieces[1]
        words = _LEAD.sub("", words.strip(" ,;–-") + " ").strip()
        opening = _OPENS_WITH_SCOPE.match(words)
        if opening:
            words = _LEAD.sub("", words[opening.end() :] + " ").strip()
        words = _START_OF_CHANGE.sub("", _TAIL.sub("", " " + words).strip()).strip(' ,:;(“”"')
        found = _IS_SCOPE.match(_LINK.sub("", words))
        if found:
            return "", found["scope"]
        found = _ENDS_IN_SCOPE.search(words)
        if found:
            return words[: found.start()], found["scope"]
        found = _LEVEL_AT_END.search(words) or opening
        return words, found["scope"] if found else ""

    def _compose(self, subject: str, before: str, one: Reported, after: str, change: re.Match[str] | None, shared: str) -> str:
        has_copula = _COPULA.search(before.rstrip()) is not None
        subject = _last_words(subject)
        if one.is_rank:
            field = re.match(r"\s*(?:(?:toàn quốc|cả nước|tỉnh, thành(?: phố)?)\s*)?(về [^,;.:()]+?)(?=\s+với\b|[,;.:()]|$)", after)
            who = _RANK_WORDS.sub("", subject)
            return " ".join(word for word in (who or self._root, "xếp hạng", field.group(1) if field else "") if word)
        behind = _words_behind(after)
        if one.unit == "%" and _IS_SCOPE.match(behind):
            return shared or self._topic or self._root or subject
        if shared and behind.lower() == one.unit.lower():
            return f"{subject.split('(')[0].strip()}: {behind} {shared}" if "(" in subject else f"{behind} {shared}"
        if one.unit == "%":
            return self._share(subject, before, behind, has_copula=has_copula)
        if is_measure(one.unit):
            grown = f" {change.group(1).lower()}" if change and subject and not subject.endswith(change.group(1)) else ""
            return (self._with_topic(subject) if subject else self._root or self._topic) + grown
        return self._counted(subject, before, one, behind)

    def _share(self, subject: str, before: str, behind: str, *, has_copula: bool) -> str:
        plain = _LINK.sub("", subject)
        is_listed = not plain and before.rstrip().endswith(":")
        if is_listed and self._topic and 3 <= len(behind.split()) < 6:
            return f"{self._topic}: {behind}"
        if not behind or (has_copula and not (is_listed and len(behind.split()) >= 3)):
            against = _AGAINST.match(behind)
            if against and not plain and self._root:
                return f"{self._root} so với {against.group(1)}"
            return self._with_topic(plain) if plain else self._root or self._topic
        if not plain or (re.search(r"\bvới\s*$", before) and len(behind.split()) >= 3):
            return behind if len(behind.split()) >= 3 else self._with_topic(behind)
        return plain if _NO_NOUN_BEHIND.match(behind) else f"{subject} {behind}"

    def _counted(self, subject: str, before: str, one: Reported, behind: str) -> str:
        noun = self._noun
        same = self._last is not None and self._last.unit.lower() == one.unit.lower()
        if subject and len(subject.split()) > 2:
            self._noun = _NOUN_END.sub("", subject)
            kept = subject
            is_stated = _COPULA.search(before.rstrip()) or (one.hedge and behind.lower() == one.unit.lower())
            if one.unit and one.unit.lower() in subject.lower() and is_stated:
                return self._with_topic(subject)
            return f"{kept} {behind}".strip()
        if subject and not same:
            return f"{noun} {subject} {behind}".strip() if noun and self._root else f"{subject} {behind}".strip()
        if len(behind.split()) >= 4:
            return f"{subject} {behind}".strip() if subject else behind
        if self._root and same:
            return f"{self._root}: {subject} {behind[len(one.unit) :].strip()}".strip(" :")
        if self._root and self._last is not None:
            return f"{noun or self._root}: {behind}"
        return self._with_topic(f"{subject} {behind}".strip())

    def _with_topic(self, name: str) -> str:
        return f"{self._topic}: {name}" if self._topic and name and len(name.split()) < 4 else name


def _words_before(part: str, begin: int, start: int) -> str:
    """The words that lead to a figure, without those that still belong to the figure before it."""
    between = part[begin:start]
    joints = list(_JOINT.finditer(between)) if begin else []
    if not joints:
        return between
    return between[(joints[0] if _STATES.search(between.rstrip()) else joints[-1]).end() :]


def _words_behind(after: str) -> str:
    """The thing counted with what is said of it, up to the next statement."""
    text = after.strip()
    if text.startswith((",", ";", ".")):
        return ""
    stop = _STOP_BEHIND.search(text)
    text = text[: stop.start()] if stop else _BEFORE_NEXT.sub("", text)
    text = re.sub(r"(?:\s+(?:và|với|trong đó|có|là|trên|hơn|gần|khoảng|của|cho|tại))+$|[\s,]+$", "", text).strip(" ,–-")
    return re.sub(r"^(?:của|trên)\s+", "", text)


def _said_of_all(after: str) -> str:
    """What the end of a part says of all that it lists: «100% các sở và 100% cấp xã (74/74 xã) có đường truyền riêng»."""
    found = _SAID_OF_ALL.search(after.rstrip(" .,;)"))
    return found.group(1) if found else ""


def _without_unit(after: str, unit: str) -> str:
    return after.lstrip()[len(unit) :] if after.lstrip().lower().startswith(unit.lower()) else after


def _last_words(subject: str) -> str:
    """A subject of many words, cut to its last clause."""
    if len(subject.split()) <= _SUBJECT_WORDS:
        return subject
    pieces = subject.split(", ")
    while len(pieces) > 1 and len(" ".join(pieces).split()) > _SUBJECT_WORDS:
        pieces.pop(0)
    return " ".join(", ".join(pieces).split()[-_SUBJECT_WORDS:])


def _shorten(name: str) -> str:
    name = re.sub(r"\s+", " ", name).strip(" ,;:.")
    if name.count('"') % 2 or name.count("“") != name.count("”"):
        name = re.sub(r"[\"“”]", "", name)
    return name if len(name) <= _LONGEST else name[: _LONGEST + 1].rsplit(" ", 1)[0].rstrip(" ,;:")
