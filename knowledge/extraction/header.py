"""What a document prints of itself: number, date, place and issuer in its letterhead, and the day a meeting was held.

Only the letterhead counts, and the line of place and date above a signature: a number or a date in the text is that of
another document. A blank left for the number («Số:      /KH-UBND») is no number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.agencies import find_agencies
from knowledge.dates import Grain, find_periods
from knowledge.layout.head import is_kind_line
from knowledge.reading import Line
from knowledge.structure import Paragraph, ParagraphKind, Structure
from knowledge.text import UPPER, fold

_HEAD_LINES, _LAST_LINES, _FIRST_PARAGRAPHS = 14, 15, 4
_NUMBER = re.compile(
    r"^Số(?:\s*[:：]\s*|\s+)(?P<number>\d{1,5}\s?[-/]\s?(?:\d{4}\s?/\s?)?[A-ZĐ][A-Za-zĐđ0-9&]*(?:\s?[-/.]\s?[A-ZĐ][A-Za-zĐđ0-9&]*)*)",
    re.IGNORECASE,
)
_NAME = rf"[{UPPER}]\w*\.?(?:[ -][{UPPER}]\w*){{0,3}}"
_DATED = re.compile(
    rf"(?:^|\s|\|)(?P<place>{_NAME}),\s*ngày(?P<day>[\s\d.…_]*)(?:tháng(?P<month>[\s\d.…_]*)năm\s*(?P<year>20\d\d)"
    rf"|/(?P<month2>\d{{1,2}})/(?P<year2>20\d\d))"
    r"\s*\.?$"
)
_CUT = re.compile(r"\s*\|\s*|\s+(?=Số\s*:)|\s+(?=CỘNG HO?ÒA XÃ|Độc lập\s*[-–])|(?<=Hạnh phúc)\s+|(?<=VIỆT NAM)\s+", re.IGNORECASE)
_MOTTO = re.compile(r"\s*\|?\s*(?:CỘNG HO?ÒA XÃ HỘI.*|CỘNG HOÀ XÃ HỘI.*|ĐẢNG CỘNG SẢN VIỆT NAM.*|Độc lập\s*[-–].*)$", re.IGNORECASE)
_OPENS_AGENCY = re.compile(
    r"^(?:UBND|ỦY BAN|UỶ BAN|HĐND|HỘI|SỞ|BỘ|BAN|VĂN PHÒNG|TRUNG TÂM|CHI CỤC|CỤC|CÔNG AN|TRƯỜNG|THANH TRA|BÁO|ĐÀI|LIÊN HIỆP|(?:TỈNH"
    r"|THÀNH|HUYỆN) (?:ỦY|UỶ|UY)"
    r"|ĐẢNG|QUỸ|VIỆN|KHO BẠC|BẢO HIỂM|NGÂN HÀNG|TÒA ÁN|PHÒNG|CÔNG TY)\b"
)
_PLACE = re.compile(rf"\b(tỉnh|thành phố|Tỉnh ủy|Thành ủy) ((?:[{UPPER}]\w*(?:[ -]|$))+)")
_SMALL = {"và", "các", "của", "về", "tỉnh", "thành", "phố", "xã", "phường", "huyện", "thị", "quận", "đặc", "khu"}
_PLACE_WORDS = {"tỉnh", "phố", "xã", "phường", "huyện", "quận", "khu", "ủy", "uỷ"}
_HELD = re.compile(r"^(?:vào |trong |từ )?(?:(?:sang|chieu|toi|trua)[ ,]+)?(?:ngay )?$")


@dataclass(frozen=True, slots=True)
class Header:
    """Facts of the letterhead as stated, each empty where the document does not print it.

    `number` without blanks («128/KH-UBND»); `issued_on` and `held_on` ISO, `issued_on` a month or a year where the day was
    left blank for the pen; `issuer` in sentence case («Sở Khoa học và Công nghệ tỉnh Hòa Giang»).
    """

    number: str = ""
    issued_on: str = ""
    issuer: str = ""
    place: str = ""
    held_on: str = ""


def read_header(structure: Structure, lines: Iterable[Line]) -> Header:
    """The header of a document; `structure` and `lines` are of the same file."""
    head = list(_head_cells(structure.paragraphs, [line.text for line in lines]))
    number = next((re.sub(r"\s+", "", found["number"]) for text in head if (found := _NUMBER.match(text))), "")
    closing = [one.text for one in structure.paragraphs[-_LAST_LINES:] if one.kind is not ParagraphKind.NOTE]
    dated = next((found for text in (*head, *closing) if (found := _DATED.search(text)) and _is_date_line(text, found)), None)
    return Header(
        number,
        _issued_on(dated) if dated else "",
        _issuer(head),
        dated["place"] if dated else "",
        _held_on(structure),
    )


def _head_cells(paragraphs: tuple[Paragraph, ...], lines: list[str]) -> Iterator[str]:
    """The letterhead's lines, two columns in one line cut apart; without title lines the document's first short ones."""
    titles = [one.text for one in paragraphs[: _HEAD_LINES * 2] if one.kind is ParagraphKind.TITLE]
    for text in titles[:_HEAD_LINES] or [line for line in lines[:_HEAD_LINES] if len(line) < 100]:
        yield from (cell for cell in _CUT.split(text) if cell)


def _is_date_line(text: str, found: re.Match[str]) -> bool:
    """Whether nothing but a number stands before the place: «Số: 128/KH-UBND Hòa Giang, ngày 14 tháng 3 năm 2026»."""
    before = text[: found.start("place")].strip(" |*-_")
    return not before or _NUMBER.match(before + " ") is not None or re.fullmatch(r"Số\s*:?[\s.…_]*/?\s*[\w&Đđ/-]*", before) is not None


def _issued_on(found: re.Match[str]) -> str:
    year = found["year"] or found["year2"]
    day, month = (re.sub(r"\D", "", text or "") for text in (found["day"], found["month"] or found["month2"]))
    if not month or not 1 <= int(month) <= 12:
        return year
    return f"{year}-{int(month):02}" + (f"-{int(day):02}" if day and 1 <= int(day) <= 31 else "")


def _issuer(head: list[str]) -> str:
    """The agency in whose name the document is issued: the last one of the letterhead, with its province."""
    agencies: list[str] = []
    for text in head:
        text = _MOTTO.sub("", text).strip(" *-_")
        if _NUMBER.match(text) or re.match(r"số\s*:", text, re.IGNORECASE) or is_kind_line(text):
            break
        if not text.isupper() or len(text) > 120:
            if agencies and text:
                break
            continue
        if agencies and not _OPENS_AGENCY.match(text):
            agencies[-1] += f" {text}"
        elif _OPENS_AGENCY.match(text):
            agencies.append(text)
    if not agencies:
        return ""
    named = agencies[-1]
    if named == "VĂN PHÒNG" and len(agencies) > 1:
        named = f"{named} {agencies[-2]}"
    issuer = _sentence_case(named)
    place = next((found.group() for one in reversed(agencies[:-1]) if (found := _PLACE.search(_sentence_case(one)))), "")
    place = re.sub(r"^(?:Tỉnh|Thành) ủy", "tỉnh", place).strip()
    if place and not _PLACE.search(issuer):
        issuer = issuer.removesuffix(" tỉnh") + f" {place}"
    return issuer


def _sentence_case(capitals: str) -> str:
    """«SỞ KHOA HỌC VÀ CÔNG NGHỆ» → «Sở Khoa học và Công nghệ», «ỦY BAN NHÂN DÂN TỈNH HÒA GIANG» → «UBND tỉnh Hòa Giang»."""
    capitals = re.sub(r"\b(?:ỦY|UỶ) BAN NHÂN DÂN", "UBND", capitals)
    known = next((one for one in find_agencies(capitals) if one.start == 0), None)
    words = capitals[known.end :].split() if known else capitals.split()
    cased: list[str] = [known.name] if known else []
    is_name = known is not None  # «SỞ Y TẾ HÒA GIANG»: behind an agency's own name stands its place
    for word in words:
        lower = word.lower()
        if word in ("UBND", "HĐND"):
            cased.append(word)
        elif lower in _SMALL and (cased or lower != words[0].lower()):
            cased.append(lower)
        else:
            cased.append(lower.capitalize() if is_name or not cased else lower)
        is_name = lower in _PLACE_WORDS or (is_name and lower not in ("và", "của"))
    return " ".join(cased)


def _held_on(structure: Structure) -> str:
    """The day of the meeting whose conclusions a notice tells: «Ngày 04/12/2025, tại …» opens its text."""
    if not fold(structure.kind).startswith(("thong bao", "ket luan", "bien ban")):
        return ""
    body = [one for one in structure.paragraphs if one.kind is not ParagraphKind.TITLE]
    for one in body[:_FIRST_PARAGRAPHS]:
        if one.kind is not ParagraphKind.PLAIN:
            break
        for period in find_periods(one.text[:80]):
            if period.grain is Grain.DAY and not period.cited and _HELD.match(fold(one.text[: period.start])):
                return period.last.isoformat()
    return ""
