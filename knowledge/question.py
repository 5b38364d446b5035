"""A question understood: which years, documents and agencies it names, what it asks for, and what it is about."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from knowledge.agencies import Mention, find_agencies
from knowledge.asks import Ask, read_asks
from knowledge.catalogue import Catalogue, DocumentInfo
from knowledge.citations import find_citations, find_short_names, leading_digits, number_key
from knowledge.concepts import Concept, Content, read_content
from knowledge.dates import Grain, Period, find_periods
from knowledge.terms import Terms
from knowledge.text import fold, normalise

_FOLLOWS = re.compile(
    r"^(?:the )?(?:con|the|vay|sang|con nam|nhung)\b|\b(?:thi sao|(?:cai|so|viec|nam|dieu|muc|van ban) do|trong do|cai nao|cai thu)\b"
)
_YEAR = re.compile(r"(?<![\d/.-])(20[1-9]\d)(?![\d/]|-[A-ZĐ])")
_CLAIM = re.compile(r"(?<![\w/.,-])\d+(?:[.,]\d+)?\s*%|(?<![\w/.-])\d+/\d+(?![\w/]|-[A-Z])")
_RANGE = re.compile(r"\b(20[2-9]\d)\s*(?:-|–|den|toi|sang)\s*(?:nam\s*)?(20[2-9]\d)\b")
_DOCUMENT_DATE = re.compile(
    r"\b(?:ket luan|kl|thong bao|tb|bao cao|bc|cuoc hop|buoi lam viec|hoi nghi|theo|ngay|tu|"
    r"den)\s+(?:so\s+)?(?:ket luan\s+)?(?:cuoc hop\s+|hoi nghi\s+|so khcn\s+)?(?:ngay|thang|hop)?\s*"
    r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](20\d\d))?\b|\b(?:bao cao|bc|thong bao|tb|"
    r"ke hoach)\s+(?:cua so khcn\s+)?thang\s+(\d{1,2})[/.-](20\d\d)"
)


_CHOICE = re.compile(r"((?:qu[ýí]\s+)?\S*\d\S*)\s+hay\s+(?:là\s+)?((?:qu[ýí]\s+)?\S*\d[^\s?]*)", re.IGNORECASE)
_SUPPOSED = re.compile(r"(?<![\w/.,-])\d+(?:[.,]\d+)*(?:/\d{1,2}/20\d\d|/\d+)?(?![\w/]|[.,]\d)")
# «40/42 chỉ tiêu», «hai chỉ tiêu chưa đạt»: the targets as such are asked about, not one of them.
_TARGETS_AS_SUCH = re.compile(r"\b(?:bao nhieu|may|hai|ba|\d+(?:/\d+)?|nhung|cac) (?:cai |"
r"chi tieu )(?:nao )?(?:.{0,10} )?(?:chua|khong|da) dat\b|\b\d+/\d+ chi tieu\b|"
                              r"\bdat (?:dc |duoc )?(?:bao nhieu|may|bn|\d+/\d+) chi tieu\b|"
                              r"\bchi tieu (?:nao )?(?:nam \d+ )?(?:chua|khong) dat\b")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """`text` in NFC; `content` what it is about; `documents` are ids; `cited` numbers named in full or in short;
    `claims` figures it supposes; `choices` figures or dates it sets against each other («58 hay 115»)."""

    text: str
    folded: str
    asks: frozenset[Ask]
    content: Content
    search_text: str
    years: tuple[int, ...] = ()
    period: Period | None = None
    agencies: tuple[Mention, ...] = ()
    documents: tuple[int, ...] = ()
    cited: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()

    @property
    def topic(self) -> str:
        """The words it is about, as asked."""
        return " ".join(" ".join(concept.typed or concept.alternatives[0]) for concept in self.content.concepts)

    def wants(self, *asks: Ask) -> bool:
        return any(ask in self.asks for ask in asks)


def understand(text: str, catalogue: Catalogue, terms: Terms) -> Question:
    """Read a question. Never fails: what it does not understand is left empty."""
    text = terms.mend(normalise(text))
    folded = fold(text)
    plain = " ".join(token for _, token in terms.question_tokens(text))
    # «máy» folds to the «may» of «mấy».
    asks = read_asks(*(re.sub(r"\bmay\b", "thiet bi", one) if re.search(r"\bmáy\b", text.lower()) else one for one in (plain, folded)))
    documents, cited, spans = _documents(text, folded, catalogue)
    agencies = tuple(one for one in find_agencies(text) if not _is_part_of_a_word(text, one))
    claims = [match.group().replace(" ", "") for match in _CLAIM.finditer(text)]
    supposed = [*_CLAIM.finditer(text), *(_SUPPOSED.finditer(text) if Ask.CONFIRM in asks else ())]
    supposed = [one for one in supposed if not _YEAR.fullmatch(one.group()) and not any(start <= one.start() < end for start, end in spans)]
    choice = _CHOICE.search(text)
    if choice:
        asks.add(Ask.DIFFERENCE)
        spans.append(choice.span())
    if re.search(r"\bmot nua\b", folded):
        claims.append("50%")
    if re.search(r"\b(?:toan bo|tat ca|het)\b", folded) and re.search(r"\b(?:khi nao|bao gio|nam nao)\b", folded):
        claims.append("100%")
        asks.add(Ask.WHICH_YEAR)
    years = _years(folded, spans)
    periods = [period for period in find_periods(text) if not any(start <= period.start < end for start, end in spans)]
    period = next((one for one in periods if one.grain is not Grain.YEAR), None)
    if period is not None and period.grain is Grain.MONTH:
        month = f"{period.first:%Y-%m}"
        documents = tuple(dict.fromkeys((*documents, *(one.id for one in catalogue.documents.values() if one.dated.startswith(month)))))
    if len(years) > 1:
        asks.add(Ask.SERIES)
    if _FOLLOWS.search(folded):
        asks.add(Ask.FOLLOWS)
    blanked = _blank(text, [*spans, *(one.span() for one in _YEAR.finditer(text)), *(one.span() for one in supposed)])
    if period is not None:
        blanked = _blank(blanked, [(period.start, period.end)])
    if _TARGETS_AS_SUCH.search(folded) or _TARGETS_AS_SUCH.search(plain):
        asks = (asks - {Ask.TARGET, Ask.SERIES, Ask.DIFFERENCE}) | {Ask.RESULT}
        missed = "chưa đạt" if re.search(r"\b(?:chua|khong) dat\b", folded) else "đạt hoặc vượt"
        content, search_text = (
            Content((_phrase(("chi", "tieu"), terms), _phrase(tuple(fold(missed).split()), terms)), ()),
            f"chỉ tiêu {missed}",
        )
    else:
        content, search_text = read_content(blanked, terms)
    return Question(
        text, folded, frozenset(asks), content, search_text, years, period, agencies, documents, cited,
        tuple(claims) or tuple(one.group() for one in supposed), tuple(one.strip(' ,;.?') for one in choice.groups()) if choice else (),
    )  # fmt: skip


def _is_part_of_a_word(text: str, mention: Mention) -> bool:
    """«cơ sở y tế» is no Sở Y tế."""
    return fold(mention.printed).startswith("so") and fold(text[: mention.start]).rstrip().endswith("co")


def _phrase(words: tuple[str, ...], terms: Terms) -> Concept:
    return Concept((words,), sum(terms.rarity(word) for word in words))


def without_agencies(question: Question, terms: Terms) -> Question:
    """The same question with the agencies it names taken out of what it is about: they are what is claimed."""
    text = _blank(question.text, [(one.start, one.end) for one in question.agencies])
    text = _blank(text, [one.span() for pattern in (_YEAR, _CLAIM, _SUPPOSED) for one in pattern.finditer(text)])
    content, search_text = read_content(text, terms)
    return replace(question, content=content, search_text=search_text) if content.concepts else question


def _blank(text: str, spans: list[tuple[int, int]]) -> str:
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _years(folded: str, spans: list[tuple[int, int]]) -> tuple[int, ...]:
    found: list[int] = []
    for match in _YEAR.finditer(folded):
        if not any(start <= match.start() < end for start, end in spans) and int(match.group(1)) not in found:
            found.append(int(match.group(1)))
    return tuple(found)


def _documents(text: str, folded: str, catalogue: Catalogue) -> tuple[tuple[int, ...], tuple[str, ...], list[tuple[int, int]]]:
    """(documents of the catalogue that are named, numbers named, where in the text)."""
    ids: list[int] = []
    numbers: list[str] = []
    spans: list[tuple[int, int]] = []
    for cited in find_citations(text):
        numbers.append(cited.number)
        spans.append((cited.start, cited.end))
        ids.extend(one.id for one in catalogue.documents.values() if one.number and number_key(one.number) == number_key(cited.number))
    for start, end, kind, digits in find_short_names(folded):
        if any(begin <= start < stop for begin, stop in spans) or re.fullmatch(r"20[1-9]\d", digits):
            continue
        own = [one for one in catalogue.documents.values() if leading_digits(one.number) == digits and fold(one.kind).startswith(kind)]
        numbers.append(own[0].number if own else f"{kind} {digits}")
        ids.extend(one.id for one in own)
        spans.append((start, end))
    for match in _DOCUMENT_DATE.finditer(folded):
        found = [one for one in catalogue.documents.values() if _is_dated(one, match)]
        if found:
            ids.extend(one.id for one in found)
            spans.append(match.span())
    return tuple(dict.fromkeys(ids)), tuple(dict.fromkeys(numbers)), spans


def _is_dated(document: DocumentInfo, match: re.Match[str]) -> bool:
    day, month, year, month2, year2 = match.groups()
    if day:
        wanted = f"-{int(month):02}-{int(day):02}"
        return any(one.endswith(wanted) and (not year or one.startswith(year)) for one in (document.issued_on, document.held_on) if one)
    return any(one.startswith(f"{year2}-{int(month2):02}") for one in (document.issued_on, document.held_on) if one)
