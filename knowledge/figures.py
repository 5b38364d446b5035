"""Figures in Vietnamese prose: «≥ 1,5%», «từ 07 người», «30 đến 40 dự án», «1.000», «80% - 90%»."""

from __future__ import annotations

import re
from dataclasses import dataclass

from knowledge.facts import Comparator

_NUMBER = r"\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+(?:[,.]\d+)?"
_BEFORE = {
    "≥": Comparator.AT_LEAST, ">=": Comparator.AT_LEAST, ">": Comparator.AT_LEAST,
    "≤": Comparator.AT_MOST, "<=": Comparator.AT_MOST, "<": Comparator.AT_MOST,
    "ít nhất": Comparator.AT_LEAST, "tối thiểu": Comparator.AT_LEAST, "không dưới": Comparator.AT_LEAST,
    "không ít hơn": Comparator.AT_LEAST, "không thấp hơn": Comparator.AT_LEAST, "từ": Comparator.AT_LEAST,
    "trên": Comparator.AT_LEAST, "hơn": Comparator.AT_LEAST, "vượt": Comparator.AT_LEAST, "cao hơn": Comparator.AT_LEAST,
    "tối đa": Comparator.AT_MOST, "không quá": Comparator.AT_MOST, "không vượt quá": Comparator.AT_MOST,
    "dưới": Comparator.AT_MOST, "không cao hơn": Comparator.AT_MOST, "thấp hơn": Comparator.AT_MOST,
    "khoảng": Comparator.ABOUT, "xấp xỉ": Comparator.ABOUT, "gần": Comparator.ABOUT, "ước": Comparator.ABOUT,
    "ước đạt": Comparator.ABOUT, "tương đương": Comparator.ABOUT,
}  # fmt: skip
_WORDS = "|".join(sorted((re.escape(word) for word in _BEFORE), key=len, reverse=True))
_AFTER = {"trở lên": Comparator.AT_LEAST, "trở xuống": Comparator.AT_MOST, "đổ lên": Comparator.AT_LEAST}
FIGURE = re.compile(
    rf"(?:(?P<before>{_WORDS})\s*)?"
    rf"(?<![\w./,-])(?P<low>{_NUMBER})(?![\d/]|[.,]\d)"
    rf"(?P<percent>\s*(?:%|phần trăm\b))?"
    rf"(?:\s*(?:-|–|đến|tới)\s*(?P<high>{_NUMBER})(?![\d/]|[.,]\d)(?P<percent2>\s*(?:%|phần trăm\b))?)?"
    rf"(?:\s*(?P<after>trở lên|trở xuống|đổ lên))?",
    re.IGNORECASE,
)
# A number that names or measures something else: a year, a document, a level, a duration, a speed, a numbered thing.
_NOT_A_VALUE_BEFORE = re.compile(
    r"(?:\bnăm|\btháng|\bquý|\bquí|\bngày|(?<!chỉ )\bsố|\bmức|\bmức độ|\bcấp|\bgiai đoạn|\bkhoản|\bđiều|\bđề án|\bnghị quyết|\bphiên bản|\blần thứ|\bthứ|"
    r"\bnhiệm kỳ|\btốc độ|\btốc độ trên|\bnghị định|\bloại|\btuổi|\bphụ lục|\bbảng|\bnhóm|\bcông nghệ|\bweb|\btrung bình của|\bmạng|\bv\.?)\s*$",
    re.IGNORECASE,
)
_NOT_A_VALUE_AFTER = re.compile(r"^\s*(?:vạn dân|nghìn dân|triệu dân|tháng\b|ngày\b|giờ\b|phút\b|[gGmMkK]bps?|[GMK]b/s|tuổi\b|[G]\b)", re.IGNORECASE)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_SIGNS = {"≥", ">=", ">", "≤", "<=", "<"}
_LIMITS = _SIGNS | {"ít nhất", "tối thiểu", "không dưới", "tối đa", "không quá", "không vượt quá"}
UNITS = (
    "doanh nghiệp", "DN", "tổ chức", "công trình", "cán bộ", "nhiệm vụ", "đơn", "bài báo", "bài", "vườn ươm", "trung tâm", "sản phẩm",
    "dự án", "sáng kiến", "người", "đề tài", "sáng chế", "bằng sáng chế", "trạm BTS", "trạm", "cơ sở", "xã", "phường", "tỷ đồng", "tỉ đồng",
    "triệu đồng", "nghìn tỷ đồng", "đồng", "USD", "triệu USD", "tỷ USD", "lượt người", "lượt", "hồ sơ", "dịch vụ", "hệ thống", "ứng dụng", "nền tảng", "hộ", "km", "ha",
    "tấn", "MW", "TB", "khu", "cụm", "điểm", "lần", "phòng", "lớp", "học viên", "chuyên gia", "kỹ sư", "mô hình", "nhóm", "tổ", "thành viên",
    "cơ quan", "văn bản", "bài toán", "điểm phần trăm", "hợp tác xã", "sinh viên", "chuỗi", "bậc", "thủ tục", "CSDL", "cơ sở dữ liệu",
)  # fmt: skip
_UNIT = re.compile(rf"^\s*({'|'.join(sorted((re.escape(unit) for unit in UNITS), key=len, reverse=True))})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure in a text: its span [start, end), comparator word and value; `printed` is the number as it stands."""

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
    if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", text):
        return float(text.replace(".", "").replace(",", "."))
    return float(text.replace(",", "."))


def find_figures(text: str) -> list[Figure]:
    """The figures that can be a value, left to right: no years, document numbers, levels, durations or speeds."""
    found = []
    for match in FIGURE.finditer(text):
        before, after = text[: match.start("low")], text[match.end() :]
        low, high = match["low"], match["high"]
        percent = bool(match["percent"] or match["percent2"])
        word = (match["before"] or "").lower()
        if word and match.start("before") and re.match(r"\w", text[match.start("before") - 1]) and word[0].isalpha():
            word = ""
        if not percent:
            if _YEAR.match(low) or (high and _YEAR.match(high)):
                continue
            stem = before[: match.start("before")] if match["before"] else before
            if word not in _SIGNS and (_NOT_A_VALUE_BEFORE.search(stem) or _NOT_A_VALUE_BEFORE.search(before)):
                continue
            if _NOT_A_VALUE_AFTER.match(after) and not (word in _LIMITS or re.search(r"\bcòn\s*$", stem)):
                continue
            if re.match(r"-?[^\W\d_]+[-/]|-[A-ZĐ]{2}|[^\W\d_]", after):
                continue
        closing = match["after"] or _closing_words(after)
        comparator = _AFTER.get(closing.lower()) or _BEFORE.get(word) or Comparator.EQUAL
        if high:
            comparator = Comparator.RANGE
            if parse_number(high) <= parse_number(low):
                continue
        unit = "%" if percent else _unit(after)
        start = match.start("before") if word else match.start("low")
        printed = text[match.start("low") : match.end("percent2") if match["percent2"] else match.end("high") if high else match.end("low")]
        found.append(
            Figure(start, match.end(), comparator, word, parse_number(low), parse_number(high) if high else None, printed.strip(), unit)
        )
    return found


def _closing_words(after: str) -> str:
    """«trở lên» behind the counted thing: «15 doanh nghiệp trở lên»."""
    match = re.match(r"^[^,;.:\d]{1,40}?\b(trở lên|trở xuống|đổ lên)", after)
    return match.group(1) if match else ""


def _unit(after: str) -> str:
    match = _UNIT.match(after)
    return match.group(1) if match else ""
