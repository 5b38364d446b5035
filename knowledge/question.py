"""A question understood: which years, documents and agencies it names, what it asks for, and what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from knowledge.agencies import Mention, find_agencies
from knowledge.asks import Ask, read_asks
from knowledge.catalogue import Catalogue, DocumentInfo
from knowledge.citations import find_citations, find_short_names, leading_digits, number_key
from knowledge.concepts import Concept, Content
from knowledge.content import read_content
from knowledge.dates import Grain, Period, find_periods
from knowledge.figures import value_of
from knowledge.terms import Terms
from knowledge.text import fold, normalise

_FOLLOWS = re.compile(
    r"^(?:the )?(?:con|the|vay|sang|con nam|nhung)\b|(?<!mot )\bnua\b\W*$|"
    r"\b(?:thi sao|(?:cai|so|viec|nam|dieu|muc|van ban) do|trong do|cai nao|cai thu|voi ca)\b"
)
_YEAR = re.compile(r"(?<![\d/.-])(20[1-9]\d)(?![\d/]|-[A-ZĐ])")
_CLAIM = re.compile(r"(?<![\w/.,-])\d+(?:[.,]\d+)?\s*%|(?<![\w/.-])\d+/(?!(?:19|20)\d\d\b)\d+(?![\w/]|-[A-Z])")
_DOCUMENT_DATE = re.compile(
    r"\b(?:ket luan|kl|thong bao|tb|bao cao|bc|cuoc hop|buoi lam viec|hoi nghi|theo|ngay|tu|"
    r"den)\s+(?:so\s+)?(?:ket luan\s+)?(?:cuoc hop\s+|hoi nghi\s+|so khcn\s+)?(?:ngay|thang|hop)?\s*"
    r"(\d{1,2})[/.-](\d{1,2})(?:[/.-](20\d\d))?\b|\b(?:bao cao|bc|thong bao|tb|"
    r"ke hoach)\s+(?:cua so khcn\s+)?(?:thang\s+)?(\d{1,2})[/.-](20\d\d)"
)


# Only one way to read a word, and only from its beginning: else a long line of figures takes minutes.
_EITHER = r"qu[ýíyi]\s+(?:I{1,3}|IV|\d)[^\s?]*|[^\s\d]*\d[^\s?]*"
_CHOICE = re.compile(
    rf"(?<!\S)({_EITHER})(?:\s+[^\W\d]+){{0,2}}\s+hay\s+(?:(?:là|từ|đến|tới|trong|trước|ngày|la|tu|den|toi|truoc|ngay)\s+)*({_EITHER})",
    re.IGNORECASE,
)
_KINDS = re.compile(
    r"\b(?P<kind>(?:ke hoach|bao cao|thong bao|quyet dinh|chi thi|nghi quyet|chuong trinh)(?: hanh dong| ket luan)?)\s+"
    r"(?:cua )?(?:ban thuong vu )?"
)
_BY_DAY = re.compile(r"\b(?:cuoc hop|hoi nghi|buoi lam viec|thong bao|ket luan)\s+(?:ngay|thang)?\s*(?P<day>(?:\d{1,2}/)?\d{1,2}/20\d\d)\b")
_OWED = re.compile(r"\b(?:han(?! che| muc)|thoi han|deadline|han chot)\b")
_QUARTER = re.compile(r"\bqu[ýí] (?:I{1,3}|IV|[1-4])\b(?:\s*/\s*20\d\d)?", re.IGNORECASE)
_HEAD_OF = re.compile(r"\b(?:pho )?(?:giam doc|chu tich|bi thu|chanh van phong|truong|thu truong|lanh dao)\s+$")
_DOTTED = re.compile(r"(?<![\w.])(?:[^\W\d]\.){1,5}[^\W\d]{1,2}(?![\w])")  # «d.n», «T.T.H.C»
_LOWER_NUMBER = re.compile(r"(?<![\w/])\d{1,5}\s?[-/]\s?[a-zđ]{2,}(?:\s?[-/]\s?[a-zđ]{2,})*(?![\w%])")
_SUPPOSED = re.compile(r"(?<![\w/.,-])\d+(?:[.,]\d+)*(?:/\d{1,2}/20\d\d|/\d+)?(?![\w/]|[.,]\d)")
# «40/42 chỉ tiêu», «hai chỉ tiêu chưa đạt»: the targets as such are asked about, not one of them.
_GENERAL_OBJECTIVE = re.compile(r"\bmuc tieu (?:chung|tong quat|tong the)\b")
_TARGETS_AS_SUCH = re.compile(r"\b(?:bao nhieu|may|hai|ba|\d+(?:/\d+)?|nhung|cac) (?:cai |"
r"chi tieu )(?:nao )?(?:.{0,10} )?(?:chua|khong|da) dat\b|\b\d+/\d+ chi tieu\b|"
                              r"\bdat (?:dc |duoc )?(?:bao nhieu|may|bn|\d+/\d+) chi tieu\b|"
                              r"\bchi tieu (?:nao )?(?:nam \d+ )?(?:chua|khong) dat\b")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Question:
    """`text` in NFC; `content` what it is about; `documents` are ids; `cited` numbers named in full or in short;
    `claims` figures it supposes; `choices` figures or dates it sets against each other («58 hay 115»); `absent` is a
    meeting or document that it names by a day on which there was none."""

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
    absent: str = ""

    @property
    def topic(self) -> str:
        """The words it is about, as asked."""
        return " ".join(" ".join(concept.typed or concept.alternatives[0]) for concept in self.content.concepts)

    def wants(self, *asks: Ask) -> bool:
        return not self.asks.isdisjoint(asks)


def understand(text: str, catalogue: Catalogue, terms: Terms) -> Question:
    """Read a question. Never fails: what it does not understand is left empty."""
    text = _DOTTED.sub(lambda match: match.group().replace(".", ""), normalise(text))
    text = terms.mend(_LOWER_NUMBER.sub(lambda match: match.group().upper(), text))
    folded = fold(text)
    tokens = terms.question_tokens(text)
    plain = " ".join(token for _, token in tokens)
    asks = read_asks(_told_apart(word for word, _ in tokens), _told_apart(re.findall(r"[^\W_]+|[^\w\s]", text.lower())))
    # 1. What is named: documents, agencies.
    documents, cited, taken = _documents(text, folded, catalogue)
    agencies = tuple(one for one in find_agencies(text) if not _is_part_of_a_word(text, one))
    issued = _issued_by(folded, agencies, catalogue)
    if issued and not documents:
        documents, span = issued
        taken.append(span)
        agencies = tuple(one for one in agencies if not _within(one.start, [span]))
    if Ask.WHEN in asks and _OWED.search(folded):
        asks.discard(Ask.RESULT)
    # 2. Figures that are supposed, or set against each other.
    choices, between = _choices(text, asks, taken)
    taken.extend(between)
    if choices:
        asks.add(Ask.DIFFERENCE)
    shares = list(_CLAIM.finditer(text))
    supposed = [*shares, *(_SUPPOSED.finditer(text) if Ask.CONFIRM in asks else ())]
    supposed = [one for one in supposed if not _YEAR.fullmatch(one.group()) and not _within(one.start(), taken)]
    if Ask.CONFIRM in asks:
        quarters = [one for one in _QUARTER.finditer(text) if not _within(one.start(), taken)]
        supposed.extend(quarters)
        if quarters:
            asks.add(Ask.WHEN)
    claims = [one.group().replace(" ", "") for one in shares] or [one.group() for one in supposed]
    if any(value_of(one) is not None for one in claims):
        asks.add(Ask.FIGURE)  # «có 1.500 tổ đúng không?» asks how many there are
    if re.search(r"\bmot nua\b", folded):
        claims.append("50%")
    if re.search(r"\b(?:toan bo|tat ca|het|kin|tron ven)\b", folded) and re.search(r"\b(?:khi nao|bao gio|nam nao)\b", folded):
        claims.append("100%")
        asks.add(Ask.WHICH_YEAR)
    # 3. Years and other times.
    years = _years(folded, taken)
    if len(years) > 1:
        asks.add(Ask.SERIES)
    periods = [one for one in find_periods(text) if not _within(one.start, taken)]
    period = next((one for one in periods if one.grain is not Grain.YEAR), None)
    if period is not None and Grain.DAY < period.grain < Grain.YEAR and Ask.FIGURE in asks:
        # Of a month, a quarter or half a year there are results, no targets.
        asks.add(Ask.RESULT)
        years = ()
    if _GENERAL_OBJECTIVE.search(folded):
        # It is a paragraph in words, set for all years together.
        asks, years = asks - {Ask.TARGET}, ()
    if _FOLLOWS.search(folded):
        asks.add(Ask.FOLLOWS)
    # 4. What is left is what it is about.
    if _TARGETS_AS_SUCH.search(folded) or _TARGETS_AS_SUCH.search(plain):
        asks = (asks - {Ask.TARGET, Ask.SERIES, Ask.DIFFERENCE}) | {Ask.RESULT}
        content, search_text = _targets_as_such(folded, terms)
    else:
        taken.extend(one.span() for one in (*_YEAR.finditer(text), *supposed))
        if period is not None:
            taken.append((period.start, period.end))
        content, search_text = read_content(_with_full_names(_blank(text, taken), agencies), terms)
    return Question(
        text,
        folded,
        frozenset(asks),
        content,
        search_text,
        years=years,
        period=period,
        agencies=agencies,
        documents=documents,
        cited=cited,
        claims=tuple(claims),
        choices=choices,
        absent="" if documents or any("/" in one or "-" in one for one in cited) else _absent(text, folded, catalogue),
    )


def _choices(text: str, asks: set[Ask], taken: list[tuple[int, int]]) -> tuple[tuple[str, ...], list[tuple[int, int]]]:
    """Figures or dates set against each other, and where: «58 hay 115», «chỗ ghi 58, chỗ ghi 115, số nào đúng?»."""
    either = _CHOICE.search(text)
    if either:
        return tuple(one.strip(" ,;.?") for one in either.groups()), [either.span()]
    figures = [one for one in _SUPPOSED.finditer(text) if not _YEAR.fullmatch(one.group()) and not _within(one.start(), taken)]
    if Ask.DIFFERENCE not in asks or len(figures) != 2:
        return (), []
    return tuple(one.group() for one in figures), [one.span() for one in figures]


def _within(place: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _targets_as_such(folded: str, terms: Terms) -> tuple[Content, str]:
    missed = "chưa đạt" if re.search(r"\b(?:chua|khong) dat\b", folded) else "đạt hoặc vượt"
    return Content((_phrase(("chi", "tieu"), terms), _phrase(tuple(fold(missed).split()), terms)), ()), f"chỉ tiêu {missed}"


def _with_full_names(text: str, agencies: Iterable[Mention]) -> str:
    """«gửi skhcn» searched as documents write it: gửi Sở Khoa học và Công nghệ."""
    for one in sorted(agencies, key=lambda one: -one.start):
        if one.code and not one.is_group and text[one.start : one.end].strip() and len(one.printed) < len(one.name):
            text = f"{text[: one.start]} {one.name} {text[one.end :]}"
    return text


def _told_apart(words: Iterable[str]) -> str:
    """Folded words of a question, for telling what it asks: «máy», «mây» fold to the «may» of «mấy», «số nào» to «sở nào»;
    where the marks tell, another word takes their place."""
    said = ["thietbi" if word in ("máy", "mây") else "conso" if word == "số" else fold(word) for word in words]
    return re.sub(r"\bconso\b(?! nao\b)", "so", " ".join(said)).replace("conso nao", "con so nao")


def _is_part_of_a_word(text: str, mention: Mention) -> bool:
    """«cơ sở y tế» is no Sở Y tế."""
    return fold(mention.printed).startswith("so") and fold(text[: mention.start]).rstrip().endswith("co")


def _phrase(words: tuple[str, ...], terms: Terms) -> Concept:
    return Concept((words,), sum(terms.rarity(word) for word in words))


def without_agencies(question: Question, terms: Terms, claimed: Iterable[Mention] | None = None) -> Question:
    """The same question with the agencies it names (or the claimed ones) taken out of what it is about."""
    spans = [(one.start, one.end) for one in (question.agencies if claimed is None else claimed)]
    heads = (_HEAD_OF.search(question.folded, 0, start) for start, _ in spans)
    text = _blank(question.text, [*spans, *(head.span() for head in heads if head)])
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
        if not _within(match.start(), spans) and int(match.group(1)) not in found:
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
        if _within(start, spans) or re.fullmatch(r"20[1-9]\d", digits):
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


def _absent(text: str, folded: str, catalogue: Catalogue) -> str:
    """«cuộc họp tháng 7/2026» where no document is of it and no text speaks of that day."""
    named = _BY_DAY.search(folded)
    if named is None or any(named["day"] in one.text for one in catalogue.paragraphs.values()):
        return ""
    month = re.match(r"(?:\d{1,2}/)?(\d{1,2})/(20\d\d)", named["day"])
    if month and any(one.dated.startswith(f"{month[2]}-{int(month[1]):02}") for one in catalogue.documents.values()):
        return ""
    return text[named.start() : named.end()]


def _issued_by(folded: str, agencies: Iterable[Mention], catalogue: Catalogue) -> tuple[tuple[int, ...], tuple[int, int]] | None:
    """The one document that is named by its kind and who issued it, and where: «kế hoạch hành động của Tỉnh ủy»."""
    for kind in _KINDS.finditer(folded):
        issuer = next((one for one in agencies if one.start == kind.end()), None)
        if issuer is None:
            continue
        own = [
            one.id
            for one in catalogue.documents.values()
            if kind["kind"].startswith(fold(one.kind)) and fold(one.kind) and fold(issuer.name) in fold(one.issuer)
        ]
        if len(own) == 1:
            return (own[0],), (kind.start(), issuer.end)
    return None


def _is_dated(document: DocumentInfo, match: re.Match[str]) -> bool:
    day, month, year, month2, year2 = match.groups()
    if day:
        wanted = f"-{int(month):02}-{int(day):02}"
        return any(one.endswith(wanted) and (not year or one.startswith(year)) for one in (document.issued_on, document.held_on) if one)
    return any(one.startswith(f"{year2}-{int(month2):02}") for one in (document.issued_on, document.held_on) if one)
