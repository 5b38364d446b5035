"""Document numbers in prose: «Quyết định số 505/QĐ-UBND ngày 02/4/2025», «57-NQ/TW», «kế hoạch 336»."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from knowledge.text import fold

_NUMBER = r"\d{1,5}\s?[-/]\s?(?:\d{4}/)?[A-ZĐ][A-ZĐa-zđ0-9&]*(?:\s?[-/]\s?[A-ZĐ][A-ZĐa-zđ0-9&]*)*"
_KIND = (
    r"Nghị quyết|Quyết định|Kế hoạch(?: hành động)?|Thông báo(?: kết luận)?|Chỉ thị|Chương trình(?: hành động| công tác)?|Công văn"
    r"|Công điện|Nghị định|"
    r"Thông tư|Báo cáo|Tờ trình|Luật|Kết luận|Quy định|Quy chế(?: làm việc)?|Hướng dẫn|Đề án|Văn bản"
)
_CITED = re.compile(
    rf"(?<![\w/])(?P<number>{_NUMBER})"
    r"(?:,?\s*ngày\s*(?P<day>\d{1,2})(?:/|\s+tháng\s+)(?P<month>\d{1,2})(?:/|\s+năm\s+)(?P<year>\d{4}))?",
    re.IGNORECASE,
)
_NAMED = re.compile(rf"(?:(?P<kind>{_KIND})\s+(?:số:?\s*)?|số:?\s*)$", re.IGNORECASE)
_WINDOW = 40  # characters before a number that hold its kind
_SHORT = re.compile(
    r"\b(?P<kind>nghi quyet|quyet dinh|ke hoach|thong bao|chi thi|chuong trinh|cong van|nghi dinh|bao cao|cong dien|nq|qd|kh|tb|bc|ctr"
    r"|ct|nd)"
    r"\s*(?:so\s*)?(?P<number>\d{1,5})\b(?!\s*(?:%|nam|thang|ngay|tuan|/\d))"
)
_SHORT_KINDS = {
    "nq": "nghi quyet", "qd": "quyet dinh", "kh": "ke hoach", "tb": "thong bao",
    "bc": "bao cao", "ctr": "chuong trinh", "ct": "chi thi", "nd": "nghi dinh",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document named in a text: span, kind word («Quyết định» or empty), number without blanks, ISO date or empty."""

    start: int
    end: int
    kind: str
    number: str
    issued_on: str


def find_citations(text: str) -> list[CitedDocument]:
    """Documents named by their full number, left to right."""
    found = []
    for match in _CITED.finditer(text):
        number = re.sub(r"\s+", "", match["number"])
        if not re.search(r"[A-ZĐ]{2}", number):
            continue
        date = _iso(match["year"], match["month"], match["day"]) if match["day"] else ""
        named = _NAMED.search(text, max(0, match.start() - _WINDOW), match.start())
        start = named.start() if named else match.start()
        found.append(CitedDocument(start, match.end(), (named["kind"] or "") if named else "", number, date))
    return found


def _iso(year: str, month: str, day: str) -> str:
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:  # «31/02»: printed so, and no day
        return ""


def find_short_names(folded: str) -> list[tuple[int, int, str, str]]:
    """(start, end, kind, number) of documents named the short way in folded text: «ke hoach 336», «nq57», «kh 359»."""
    return [
        (match.start(), match.end(), _SHORT_KINDS.get(match["kind"], match["kind"]), match["number"]) for match in _SHORT.finditer(folded)
    ]


def number_key(number: str) -> str:
    """One spelling of a document number for comparing: «505/QĐ - UBND» → «505/qd-ubnd»."""
    return re.sub(r"\s+", "", fold(number))


def leading_digits(number: str) -> str:
    """«359-KH/TU» → «359»; empty when it has none."""
    match = re.match(r"0*(\d+)", number)
    return match.group(1) if match else ""


def is_same_number(asked: str, printed: str) -> bool:
    """«ke hoach 336» or «336-KH/TU» against «336-KH/TU»."""
    if number_key(asked) == number_key(printed):
        return True
    short = asked.split(" ")[-1]
    return short.isdigit() and leading_digits(printed) == short
