"""Figures in Vietnamese prose: «≥ 1,5%», «từ 07 người», «30 đến 40 dự án», «1.000», «80% - 90%», «13 nghìn đại biểu»."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import zip_longest

from knowledge.facts import Comparator
from knowledge.units import read_unit

_NUMBER = r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?|[0-9]+(?:[,.][0-9]+)?"
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+(?:,[0-9]+)?")
_PLAIN = re.compile(r"[0-9]+(?:[,.][0-9]+)?")
_BEFORE = {
    "≥": Comparator.AT_LEAST, ">=": Comparator.AT_LEAST, ">": Comparator.AT_LEAST,
    "≤": Comparator.AT_MOST, "<=": Comparator.AT_MOST, "<": Comparator.AT_MOST,
    "ít nhất": Comparator.AT_LEAST, "tối thiểu": Comparator.AT_LEAST, "không dưới": Comparator.AT_LEAST,
    "không ít hơn": Comparator.AT_LEAST, "không thấp hơn": Comparator.AT_LEAST, "từ": Comparator.AT_LEAST,
    "trên": Comparator.AT_LEAST, "hơn": Comparator.AT_LEAST, "vượt": Comparator.AT_LEAST, "cao hơn": Comparator.AT_LEAST,
    "tối đa": Comparator.AT_MOST, "không quá": Comparator.AT_MOST, "không vượt quá": Comparator.AT_MOST,
    "dưới": Comparator.AT_MOST, "không cao hơn": Comparator.AT_MOST, "thấp hơn": Comparator.AT_MOST,
    "khoảng": Comparator.ABOUT, "xấp xỉ": Comparator.ABOUT, "gần": Comparator.ABOUT, "ước": Comparator.ABOUT,
    "ước đạt": Comparator.ABOUT, "tương đương": Comparator.ABOUT, "~": Comparator.ABOUT, "≈": Comparator.ABOUT,
}  # fmt: skip
_WORDS = "|".join(sorted((re.escape(word) for word in _BEFORE), key=len, reverse=True))
_AFTER = {"trở lên": Comparator.AT_LEAST, "trở xuống": Comparator.AT_MOST, "đổ lên": Comparator.AT_LEAST}
_SIGNS = {"≥", ">=", ">", "≤", "<=", "<"}
_LIMITS = _SIGNS | {"ít nhất", "tối thiểu", "không dưới", "tối đa", "không quá", "không vượt quá"}
_SCALES = {"nghìn": 10**3, "ngàn": 10**3, "vạn": 10**4, "triệu": 10**6, "tỷ": 10**9, "tỉ": 10**9}
_MONEY = r"(?:đồng|USD|EUR|Đô la|đô la)\b"

_SCALE = (
    r"\s+(?:(?:nghìn|ngàn|vạn|triệu)\b|(?:tỷ|tỉ)\b(?!\s+(?:lệ|trọng|suất)\b)(?!\s*[.,;)]|\s*$))"
    rf"(?!\s+(?:(?:tỷ|tỉ)\s+)?{_MONEY})(?!\s+dân\b(?! số))"
)
_FIGURE = re.compile(
    rf"(?<![\w./,-])(?P<low>{_NUMBER})(?![\d/]|[.,]\d)(?P<percent>\s*(?:%|phần trăm\b))?"
    rf"(?:\s*(?:-|–|(?:đến|tới)(?:\s+dưới)?)\s*(?P<high>{_NUMBER})(?![\d/]|[.,]\d)(?P<percent2>\s*(?:%|phần trăm\b))?)?"
    rf"(?:(?<![%m])(?P<scale>{_SCALE}))?"
    rf"(?:\s*(?P<after>trở lên|trở xuống|đổ lên))?",
    re.IGNORECASE,
)
_STATED = r"(?:(?<=ất)|(?<=thiểu)|(?<=đa))\s+(?:là|phải đạt|đạt|có)"  # «tối thiểu là 30%», «ít nhất đạt 30%»
_COMPARED = re.compile(rf"(?:(?<!\w)|(?=[≥≤<>~≈]))({_WORDS})(?:{_STATED})?\s*$", re.IGNORECASE)
_ZERO_FIRST = re.compile(r"0\d+")
_STATES = re.compile(r"(?:^|[,;:(]|\b(?:đạt|có|được|thêm|với|là|còn|lên|đấu|thành|năm|gồm|và))\s*$", re.IGNORECASE)
_WINDOW = 24  # characters before a number that hold its comparing words
# A number that names or measures something else: a year, a document, a level, a duration, a speed, a numbered thing.
_NOT_A_VALUE_BEFORE = re.compile(
    r"(?:(?<!mỗi )(?<!hằng )(?<!hàng )(?<!một )\bnăm|\btháng|\bquý|\bquí|\bngày"
    r"|(?<!chỉ )(?<!tổng )(?<!con )\bsố|\bmức|\bmức độ|\bcấp|\bcấp độ|\bhạng|\bgiai đoạn"
    r"|\bkhoản|\bđiều|\bmục|\bđề án|\bnghị quyết|\bphiên bản|\blần thứ|\bthứ|\bnhiệm kỳ"
    r"|\btốc độ|\btốc độ trên|\bnghị định|\bloại|\btuổi|\bphụ lục|\bbảng"
    r"|(?<!vào )(?<!trong )(?<!thuộc )\bnhóm|\bcông nghệ|\bweb|\btrung bình của|\bmạng|\bkhóa|\bđợt|\bbước|\bquốc lộ|\bv\.?)\s*$",
    re.IGNORECASE,
)
# Of these a comparing word may stand between the noun and the number, and it is still no value: «tuổi không quá 35».
_MEASURED_BEFORE = re.compile(r"\b(?:mức|mức độ|cấp|cấp độ|hạng|loại|tuổi|tốc độ|phiên bản|nhóm)\s*$", re.IGNORECASE)
_DOCUMENT_BEFORE = re.compile(r"\b(?:QĐ|NĐ|NQ|KH|CV|TB|CT|TTr|QL)\s*$")
_FROM = re.compile(r"\b(?:xuống|lên|tăng lên|giảm còn|còn|thành)\b", re.IGNORECASE)
_RANKED = re.compile(r"\b(?:vào|trong|thuộc)\s+(?:nhóm|top|tốp)\s*$", re.IGNORECASE)
_NOT_A_VALUE_AFTER = re.compile(
    r"^\s*(?:vạn dân|nghìn dân|triệu dân|tháng\b|ngày\b|giờ\b|phút\b|giây\b|tuần\b|năm\b|[gGmMkK]bps?|[GMK]b/s|tuổi\b|[G]\b)", re.IGNORECASE
)
_PER_HEAD = re.compile(r"^\s*(?:người )?dân\b(?! số| tộc| cư)")
_PER = re.compile(r"(?:/|\bcứ|\bmỗi|\btrên)\s*$", re.IGNORECASE)
_SHORTENED = re.compile(r"\b(?:còn|giảm|rút ngắn|sớm hơn|sớm hơn hạn)\s*$")
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_JOINED = re.compile(r"\s*(?:,|và|hoặc|&)\s*")
_GLUED = re.compile(r"-?[^\W\d_]+[-/]|-[A-ZĐ]{2}|[^\W\d_]")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in a text: its span [start, end), comparator word and value; `printed` is the number as it stands.

    A scale word belongs to the number («13 nghìn» is 13000), but not before money («500 tỷ đồng» is 500 of «tỷ đồng»).
    `unit` is empty where the thing counted is none of the known ones (see `knowledge.units`).
    """

    start: int
    end: int
    comparator: Comparator
    word: str
    value: float
    value_max: float | None
    printed: str
    unit: str


def parse_number(text: str) -> float:
    """«1.000» → 1000, «0,75» → 0.75, «07» → 7, «1.5» → 1.5. Raises ValueError on anything else."""
    text = text.strip()
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(".", "").replace(",", "."))
    if _PLAIN.fullmatch(text):
        return float(text.replace(",", "."))
    raise ValueError(text)


def find_figures(text: str) -> list[Figure]:
    """The figures that can be a value, left to right: no years, document numbers, levels, durations or speeds."""
    found: list[Figure] = []
    left_out = -1  # end of the last number that is no value: «mức độ 3 và 4» leaves both out
    for match in _FIGURE.finditer(text):
        low = match.start("low")
        if left_out >= 0 and _JOINED.fullmatch(text[left_out:low]) and not match["percent"]:
            left_out = match.end("low")
            continue
        figure = _read(text, match)
        if figure is None:
            left_out = match.end("low")
        else:
            left_out = -1
            found.append(figure)
    return [one for one, after in zip_longest(found, found[1:]) if not _is_start(text, one, after)]


def _is_start(text: str, one: Figure, after: Figure | None) -> bool:
    """Whether a figure only says where a change starts: «giảm từ 20 ngày xuống còn 12 ngày»."""
    if after is None or one.word != "từ" or after.start - one.end > 60:
        return False
    between = text[one.end : after.start]
    return not set(between) & set(",;.") and _FROM.search(between) is not None


def _read(text: str, match: re.Match[str]) -> Figure | None:
    start, end = match.start("low"), match.end()
    low, high = match["low"], match["high"]
    compared = _COMPARED.search(text, max(0, start - _WINDOW), start)
    if compared and compared.group(1).lower() == "trên" and _ZERO_FIRST.match(low) and not _STATES.search(text[: compared.start(1)]):
        compared = None  # «cảnh báo lũ trên 04 con sông»: where, not how many at least
    word = compared.group(1).lower() if compared else ""
    is_percent = bool(match["percent"] or match["percent2"])
    if not is_percent and not _is_value(text, match, compared, word):
        return None
    if high and parse_number(high) <= parse_number(low):
        return None
    after = text[end : end + 60]
    closing = (match["after"] or _closing_words(after)).lower()
    comparator = _AFTER.get(closing) or _BEFORE.get(word) or Comparator.EQUAL
    if _RANKED.search(text, max(0, start - _WINDOW), start):
        comparator = Comparator.AT_MOST
    scale = _SCALES[match["scale"].strip().lower()] if match["scale"] else 1
    stop = max(match.end(name) for name in ("low", "high", "percent2", "scale")) if high or scale > 1 else match.end("low")
    return Figure(
        compared.start(1) if compared else start,
        end,
        Comparator.RANGE if high else comparator,
        word,
        parse_number(low) * scale,
        parse_number(high) * scale if high else None,
        text[start:stop].strip(),
        "%" if is_percent else read_unit(after),
    )


def _is_value(text: str, match: re.Match[str], compared: re.Match[str] | None, word: str) -> bool:
    """Whether a number without a per cent sign can be a value, by the words around it."""
    low, high, start = match["low"], match["high"], match.start("low")
    if _YEAR.match(low) or (high and _YEAR.match(high)):
        return False
    stem = text[max(0, start - 40) : compared.start(1) if compared else start]
    if word not in _SIGNS:
        before = text[max(0, start - 40) : start]
        named = (_MEASURED_BEFORE if word in _LIMITS else _NOT_A_VALUE_BEFORE).search(stem) or _NOT_A_VALUE_BEFORE.search(before)
        if (named and not ("," in low and stem.rstrip().endswith("đạt mức"))) or _DOCUMENT_BEFORE.search(stem):
            return False
    after = text[match.end() : match.end() + 24]
    if _NOT_A_VALUE_AFTER.match(after) and not (word in _LIMITS or _SHORTENED.search(stem)):
        return False
    if _PER_HEAD.match(after) and _PER.search(text[max(0, start - 8) : start]):
        return False
    return not _GLUED.match(after)


def _closing_words(after: str) -> str:
    """«trở lên» behind the counted thing: «15 doanh nghiệp trở lên»."""
    match = re.match(r"^[^,;.:\d]{1,40}?\b(trở lên|trở xuống|đổ lên)", after)
    return match.group(1) if match else ""


def value_of(claim: str) -> float | None:
    """«60%» → 60; None for what is no single figure: «40/42», «quý III»."""
    try:
        return parse_number(claim.rstrip("%"))
    except ValueError:
        return None
