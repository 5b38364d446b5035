"""The source that a person names for an answer: which document, which clause, and which of its words say it.

«359-KH/TU, mục II.2.2.a», «mục II.2.2.a kế hoạch 359», «KH 359 II.2.2.a», or with the code of «/vanban»: «văn bản 3 mục 2.c».
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from knowledge.catalogue import Catalogue, DocumentInfo, ParagraphText
from knowledge.citations import find_citations, find_short_names, leading_digits, number_key
from knowledge.figures import parse_number
from knowledge.terms import Terms
from knowledge.text import fold, normalise

QUOTE_LIMIT = 400
_CLAUSE = re.compile(
    r"(?<![\w.,/-])(?:[IVX]{1,5}|\d{1,2})(?:\.[\wđĐ]{1,4})+(?![\w/-])|\b(?:mục|muc|khoản|khoan|điểm|diem|phần|phan)\s+[\w.]+", re.IGNORECASE
)
_BY_ID = re.compile(r"\bvan ban (?:so |ma )?(\d{1,6})(?![\d/.-])")
_SOURCE = re.compile(r"(?:[(\[]\s*|\n\s*|(?<=[.;])\s+)(?:nguon|can cu|theo)\s*:?\s*(?P<named>[^()\[\]\n]{3,120}?)\s*[)\].]*\s*$")
_ASKS = re.compile(r"\?|\b(?:gi|nao|ai|bao nhieu|may|sao|khong)\b")
_TOKEN = re.compile(
    r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|(?<!\w)\d+(?:[.,]\d+)*(?![\w/-])\s*(?:%|phần trăm\b)?|[^\W_]*\d[\w/.,&-]*", re.IGNORECASE
)
_MARKER = re.compile(r"^\s*(?:[IVX]{1,5}|\d{1,2}(?:\.\d{1,2})*|[a-zđ])[.)]+\s")
_ITEM = re.compile(r"^\s*\d{1,2}[.)]\s+(?=\D)", re.MULTILINE)
_NUMERAL = r"(?:một|hai|ba|bốn|tư|năm|lăm|sáu|bảy|tám|chín|mười|mươi|trăm|nghìn|ngàn|triệu|tỷ|rưỡi|nửa)"
_IN_WORDS = re.compile(
    rf"\b{_NUMERAL}(?:\s+(?:phẩy\s+)?{_NUMERAL})*\s+phần\s+trăm\b|\bmột\s+nửa\b|\bgấp\s+(?:đôi|{_NUMERAL})\b", re.IGNORECASE
)
# «ba mươi tỷ», «hai phần ba», «năm mươi»: a numeral with what makes it a number. «năm» alone is a year, «một» hardly a figure.
_FIRST = r"(?:một|hai|ba|bốn|sáu|bảy|tám|chín|mười|vài|mấy|năm(?=\s+(?:mươi|trăm|nghìn|ngàn|triệu|tỷ|tỉ|phần)))"
_NEXT = (
    r"(?:một|hai|ba|bốn|tư|lăm|sáu|bảy|tám|chín|mười|mươi|mốt|chục|trăm|nghìn|ngàn|triệu|t[ỷỉ](?!\s+(?:lệ|trọng|suất|giá))|rưỡi|phần\s+\w+)"
)
_SPELLED = re.compile(rf"\b{_FIRST}(?:\s+{_NEXT})+\b", re.IGNORECASE)
_NAMING = frozenset(
    "nguon can cu theo tai cua thuoc o trong va so ma van ban ngay thang nam trang muc khoan diem phan phu luc bang tiet "
    "kh nq qd tb cv ct bc ctr ttr ubnd tu hdnd dang uy tinh uy".split()
)
_WORDS = 14  # a longer message is no source
_SENTENCE = re.compile(r"(?<=[.;!?])\s+")


class Missing(StrEnum):
    """Why a source cannot be read, or cannot be one."""

    DOCUMENT = "document"
    SEVERAL = "several"
    SUPERSEDED = "superseded"
    CLAUSE = "clause"


@dataclass(frozen=True, slots=True)
class Unread:
    """What is missing, of which documents as far as they are known."""

    missing: Missing
    documents: tuple[DocumentInfo, ...] = ()


def split_source(text: str) -> tuple[str, str]:
    """(the answer, the source named at its end): «Đạt 65% (nguồn 128/KH-UBND, mục I.1.a)»; the source empty when none is."""
    text = normalise_lines(text)
    found = _SOURCE.search(fold(text))
    if found is None or not is_source(text[found.start("named") : found.end("named")]):
        return text, ""
    return text[: found.start()].strip(" ;"), text[found.start("named") : found.end("named")].strip()


def normalise_lines(text: str) -> str:
    return "\n".join(part for one in text.split("\n") if (part := normalise(one)))


def is_source(text: str) -> bool:
    """Whether a short message names a clause, as an answer to «which source?» does."""
    return len(text.split()) <= _WORDS and _CLAUSE.search(text) is not None and _ASKS.search(fold(text)) is None


def names_source(text: str, catalogue: Catalogue) -> bool:
    """Whether a message names a document and a clause and says nothing else: «mục I.3 kế hoạch 128 nói về 5G» asks."""
    text = normalise(text)
    documents = _documents(text, catalogue)
    if not is_source(text) or not documents:
        return False
    naming = {word for one in documents for name in (one.kind, one.issuer) for word in fold(name).split()}
    left = fold(_CLAUSE.sub(" ", text))
    # What has a digit («128», «kh359», «04/12/2025») names the document too.
    return all(word in naming or word in _NAMING or re.search(r"\d", word) for word in re.findall(r"[^\s,;:.()«»\[\]]+", left))


def find_source(text: str, catalogue: Catalogue) -> tuple[DocumentInfo, list[ParagraphText]] | Unread:
    """The document and the paragraphs of the clause that a text names; else what of it is missing."""
    text = normalise(text)
    documents = _documents(text, catalogue)
    if not documents and len(catalogue.documents) == 1:
        documents = list(catalogue.documents.values())
    if not documents:
        return Unread(Missing.DOCUMENT)
    in_force = [one for one in documents if not one.superseded_by]
    if not in_force:
        return Unread(Missing.SUPERSEDED, tuple(documents))
    if len(in_force) > 1:
        return Unread(Missing.SEVERAL, tuple(in_force))
    document = in_force[0]
    clause = _clause(text, catalogue.clauses_of(document.id))
    if clause is None:
        return Unread(Missing.CLAUSE, (document,))
    return document, paragraphs_under(catalogue, document.id, clause)


def paragraphs_under(catalogue: Catalogue, document: int, clause: str) -> list[ParagraphText]:
    """The paragraphs of a clause; of one that is only a heading, those of the clauses below it too."""
    own = catalogue.paragraphs_at(document, clause)
    if any(one.kind != "heading" for one in own):
        return own
    below = (one for one in catalogue.clauses_of(document) if one.startswith(f"{clause}."))
    return [*own, *(paragraph for one in below for paragraph in catalogue.paragraphs_at(document, one))]


def choose_quote(answer: str, paragraphs: list[ParagraphText], terms: Terms, wanted: str = "") -> tuple[ParagraphText, str]:
    """The paragraph that says most of an answer, and an unbroken run of its words; `wanted` is a quote to keep to."""
    if wanted:
        held = next((one for one in paragraphs if wanted in one.text), None)
        if held is not None:
            return held, wanted
    words = terms.profile(answer)
    figures = set(_figures(answer))

    def said(text: str) -> tuple[int, int]:
        return len(figures & set(_figures(text))), len(words.folded & terms.profile(text).folded)

    best = max([one for one in paragraphs if one.kind != "heading"] or paragraphs, key=lambda one: said(one.text))
    if len(best.text) <= QUOTE_LIMIT:
        return best, best.text
    sentences = [part for part in _SENTENCE.split(best.text) if part]
    chosen = max(sentences, key=said)
    return best, chosen if len(chosen) <= QUOTE_LIMIT else chosen[:QUOTE_LIMIT].rsplit(" ", 1)[0]


def strange_figures(answer: str, document: DocumentInfo, paragraphs: list[ParagraphText], question: str = "") -> list[str]:
    """The figures of an answer (numbers, shares, days, codes) that its source does not hold, as they are written.

    The source is the clause with the headings it stands under, and the document's own number, dates and title. Codes
    («5G», «57-NQ/TW») may also come from the question.
    """
    said = " . ".join(
        (
            *(_MARKER.sub("", heading) for one in paragraphs for heading in one.headings),
            *(_MARKER.sub("", one.text) for one in paragraphs),
            document.number,
            document.subject,
            *(_spoken(one) for one in (document.issued_on, document.held_on)),
        )
    )
    plain = answer
    for own in sorted({document.number, *(one.clause for one in paragraphs)}, key=len, reverse=True):
        if own:
            plain = re.sub(rf"(?<![\w.]){re.escape(own)}(?![\w])", " ", plain, flags=re.IGNORECASE)
    known = dict.fromkeys(_figures(said))
    codes = {key for key in _figures(question) if key[0] == "code"}
    return list(dict.fromkeys(printed for key, printed in _figures(plain).items() if key not in known and key not in codes))


def _figures(text: str) -> dict[tuple[str, str], str]:
    """What is to be compared of each figure → as it is printed: ("share", "50.0") → «50%»."""
    text = _ITEM.sub(" ", text)
    found: dict[tuple[str, str], str] = {}
    for match in _TOKEN.finditer(text):
        printed = match.group().strip().rstrip(".,;/-")
        for key in _keys(printed):
            found.setdefault(key, printed)
    for match in _IN_WORDS.finditer(text):
        found.setdefault(("words", fold(match.group())), match.group())
    for match in _SPELLED.finditer(text):
        found.setdefault(("words", fold(match.group())), match.group())
    for char in text:
        # «½», «²», «Ⅳ»: numbers that no pattern of digits knows.
        if unicodedata.category(char) in ("No", "Nl"):
            found.setdefault(("sign", char), char)
    return found


def _keys(printed: str) -> list[tuple[str, str]]:
    if (day := re.fullmatch(r"(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}))?", printed)) and (day[4] or day[2] == "/"):
        year = [("number", f"{float(day[4])}")] if day[4] else []
        return [("day", f"{int(day[1])}/{int(day[3])}"), *year]
    if month := re.fullmatch(r"(\d{1,2})/(\d{4})", printed):
        return [("month", f"{int(month[1])}/{month[2]}"), ("number", f"{float(month[2])}")]
    number = re.match(r"\d+(?:[.,]\d+)*", printed)
    rest = fold(printed[number.end() :].strip()) if number else printed
    if number and rest in ("", "%", "phan tram"):
        try:
            value = f"{parse_number(number.group())}"
        except ValueError:
            value = number.group()
        return [("share" if rest else "number", value)]
    return [("code", fold(printed))]


def _spoken(iso: str) -> str:
    return "/".join(str(int(part)) for part in reversed(iso.split("-"))) if iso else ""


def _documents(text: str, catalogue: Catalogue) -> list[DocumentInfo]:
    known = catalogue.documents.values()
    for cited in find_citations(text.upper()):  # «128/kh-ubnd»
        if found := [one for one in known if one.number and number_key(one.number) == number_key(cited.number)]:
            return found
    folded = fold(text)
    if (by_id := _BY_ID.search(folded)) and (document := catalogue.documents.get(int(by_id[1]))) is not None:
        return [document]
    for _, _, kind, digits in find_short_names(folded):
        if found := [one for one in known if leading_digits(one.number) == digits and fold(one.kind).startswith(kind)]:
            return found
    # A document without a number is named by its kind and day: «thông báo họp ngày 04/12/2025».
    days = {f"{int(match[3])}-{int(match[2]):02}-{int(match[1]):02}" for match in re.finditer(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b", text)}
    return [one for one in known if days & {one.issued_on, one.held_on}]


def _clause(text: str, clauses: list[str]) -> str | None:
    """The longest clause of the document, or of those above its clauses, that a text names; marks told apart first."""
    above = {".".join(one.split(".")[:count]) for one in clauses for count in range(1, one.count(".") + 1)}
    known = sorted({*clauses, *above}, key=len, reverse=True)
    # «3.d» may mean 3.đ where there is no 3.d; «3.đ» means nothing else.
    for said, same in ((text, str), (text.lower(), str.lower), (text.lower(), fold)):
        for clause in known:
            named = re.escape(same(clause))
            before = r"(?<![\w./-])" if "." in clause or len(clause) > 5 else r"(?i:\b(?:mục|muc|khoản|khoan|điểm|diem|phần|phan)\s+|^)"
            if re.search(rf"{before}{named}(?![\w/%-]|\.\w)", said):
                return clause
    return None
