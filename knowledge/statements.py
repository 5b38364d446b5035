"""The sentences that answer: search finds passages, their sentences are weighed against what is asked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from knowledge.agencies import find_agencies
from knowledge.asks import Ask
from knowledge.catalogue import Catalogue, ParagraphText
from knowledge.citations import find_citations, number_key
from knowledge.concepts import lacks, score
from knowledge.extraction.results import split_sentences
from knowledge.index import SearchIndex
from knowledge.question import Question
from knowledge.structure import OPENING
from knowledge.terms import Profile, Terms
from knowledge.text import fold

QUOTE_LIMIT = 400  # characters
_CANDIDATES = 40  # passages that search hands over
BARE_HEADING = 100  # characters; a shorter heading names what stands below it and says nothing itself
_PARAGRAPHS = 12  # whose sentences are weighed
_FIGURE = re.compile(r"\d")
_DATE = re.compile(
    r"(?<!\d)\d{1,2}/(?:0?[1-9]|1[0-2])(?:/\d{4})?(?!\d)|\bngày \d|\bqu[ýí] [IV\d]+|\b\d+ (?:tuần|tháng|năm)\b|hằng|thường niên|"
    r"hàng (?:tháng|quý|năm)|định kỳ|giai đoạn|\b20\d\d\b|nhiệm kỳ",
    re.IGNORECASE,
)
_ACTOR = re.compile(
    r"\b(?:Sở|Ban|Công an|Văn phòng|UBND|Ủy ban|Tỉnh ủy|đồng chí|Bí thư|Chủ tịch|Thường trực|Đảng ủy|cấp ủy|Mặt trận|Trung tâm)\b"
)
_MONEY = re.compile(r"\d[\d.,]*\s*(?:nghìn |ngàn )?(?:tỷ|tỉ|triệu|nghìn)?\s*đồng|\d[\d.,]*\s*(?:tỷ|tỉ|triệu)\b|USD", re.IGNORECASE)
CLOSING = {"recipient", "signature", "title"}
_DONE = re.compile(
    r"\b(?:đã|đạt|hiện có|hiện còn|đến nay|ước|vượt|toàn tỉnh có|chưa (?:có|được|hoàn thành|thành lập)|triển khai|kết nối|có \d)",
    re.IGNORECASE,
)
_AHEAD = re.compile(r"\b(?:phấn đấu|mục tiêu|sẽ|dự kiến|cần|phải)\b", re.IGNORECASE)
_BEGINNING = 160  # characters of a sentence before the part that is quoted
_SHARE = re.compile(r"\d+/(?!(?:19|20)\d\d$)\d+")
_BEFORE_DATE = 40  # characters
_REACHED = re.compile(r"\b(?:đã|ước|vượt)\b")
_REPORTING = re.compile(r"\b(?:ket qua|tinh hinh|uu diem|han che|danh gia|kho khan|viec thuc hien|bao cao)\b")
_COUNTED = re.compile(r"(?<![\w/.,-])\d+(?:[.,]\d+)*(?:/\d+(?:[.,]\d+)*)?\s*(?:%|([^\W\d_]+(?:\s+[^\W\d_]+){0,2}))?")
_OWED = re.compile(r"\b(?:han(?! che| muc)|thoi han|deadline|phai|cham nhat|truoc ngay|xong|hoan thanh)\b")
_RANK = re.compile(r"\b(?:thứ|hạng|vị trí)\s+(?:thứ\s+)?\d", re.IGNORECASE)
_RECURS = re.compile(r"\bdinh ky\b|\bbao lau (?:mot|1) lan\b|\b(?:mot|1) lan\b|\b(?:hang|moi) (?:tuan|thang|quy|nam)\b")
_UNIT_ASKED = re.compile(r"\b(?:may|bao nhieu) (tuan|thang|ngay|nam|quy|lan)\b")


@dataclass(frozen=True, slots=True)
class Statement:
    """A run of one paragraph's words that fits a question; `near` is the share of the question that it and what stands
    around it hold, `missing` tells whether a telling word is nowhere near."""

    paragraph: ParagraphText
    text: str
    score: float
    near: float
    missing: bool


def shares_among(claims: Iterable[str]) -> list[str]:
    """The supposed figures that are a share of a whole: «42/42», but neither «15/3/2026» nor «Quý I/2026»."""
    return [one for one in claims if _SHARE.fullmatch(one)]


def shares_whole(claims: Iterable[str], text: str) -> bool:
    """Whether a text states a share of the same whole as one supposed: «40/42» for «42/42»."""
    wholes = [one.partition("/")[2] for one in shares_among(claims)]
    return any(re.search(rf"(?<![\d/])\d+/{whole}(?![\d/])", text) for whole in wholes)


class Statements:
    """Sentences of a catalogue's passages, found through its index. What was read of a paragraph is kept for the next."""

    def __init__(self, catalogue: Catalogue, terms: Terms, index: SearchIndex) -> None:
        self._catalogue, self._terms = catalogue, terms
        self._sentences = lru_cache(maxsize=4096)(self._read_sentences)
        self._cited = lru_cache(maxsize=4096)(self._read_cited)
        self._is_report = lru_cache(maxsize=4096)(self._read_is_report)
        self._owners = lru_cache(maxsize=4096)(self._read_owners)
        self._context = lru_cache(maxsize=4096)(self._read_context)
        # Results and all sentences are looked for by the same words, one after the other.
        self._search = lru_cache(maxsize=16)(index.search)

    def find(
        self,
        question: Question,
        *,
        near: Iterable[tuple[int, str]] = (),
        reports: bool = False,
        limit: int = 10,
    ) -> list[Statement]:
        """The best sentences, best first, at most one a paragraph and none twice.

        `near`: (document, clause) of the talk so far; `reports`: only what is reported as reached.
        """
        supposed = question.claims if question.wants(Ask.CONFIRM) else ()
        words = " ".join((question.search_text or question.text, *question.choices, *supposed))
        hits = self._search(words, _CANDIDATES)
        preferred, talked = set(question.documents), set(near)
        cited = {number_key(number) for number in question.cited if "-" in number or "/" in number}
        top = hits[0].score if hits else 1.0
        unit = _UNIT_ASKED.search(question.folded) if question.wants(Ask.WHEN) else None
        # 1. Whole paragraphs first: they are few, and most are about something else.
        weighed: dict[tuple[int, int], float] = {}
        for hit in hits:
            passage = self._catalogue.passages[hit.id]
            key = (passage.document, passage.paragraph)
            if key in weighed or passage.kind in CLOSING or (reports and not self._is_report(key)):
                continue
            bonus = 0.08 * hit.score / (top or 1.0) + 0.3 * hit.dense
            if preferred:
                bonus += 0.12 if passage.document in preferred else -0.12
            if talked:
                bonus += (
                    0.12
                    if (passage.document, passage.clause.split(" ")[0]) in talked
                    else 0.03
                    if any(one == passage.document for one, _ in talked)
                    else 0.0
                )
            if cited and not preferred and cited & self._cited(key):
                bonus += 0.2
            if supposed:
                text = self._catalogue.paragraphs[key].text
                bonus += 0.6 if shares_whole(supposed, text) else 0.05 if any(one in text for one in supposed) else 0.0
            bonus += self._agency_bonus(question, key)
            if question.wants(Ask.WHEN) and any(task.due_text or task.recurrence for task in self._catalogue.assignments_of.get(key, ())):
                bonus += 0.3 if _OWED.search(question.folded) else 0.1
            if _RECURS.search(question.folded) and any(task.recurrence for task in self._catalogue.assignments_of.get(key, ())):
                bonus += 0.15
            if question.wants(Ask.WHO) and any(task.lead for task in self._catalogue.assignments_of.get(key, ())):
                bonus += 0.08
            if unit:
                bonus += 0.2 if re.search(rf"\d\s+{unit.group(1)}\b", fold(self._catalogue.paragraphs[key].text)) else 0.0
            if passage.clause == OPENING:
                bonus -= 0.1
            if passage.kind == "note":
                bonus -= 0.05
            elif (
                passage.kind == "heading"
                and len(self._catalogue.paragraphs[key].text) < BARE_HEADING
                and not _FIGURE.search(self._catalogue.paragraphs[key].text)
            ):
                bonus -= 0.2
            weighed[key] = bonus
        wholes = {key: score(question.content, self._context(key)[1], self._context(key)[0]) for key in weighed}
        # 2. Their sentences.
        found: list[Statement] = []
        for key in sorted(weighed, key=lambda one: -wholes[one] - weighed[one])[: max(_PARAGRAPHS, limit)]:
            best = self._best(question, key, wholes[key], reports=reports)
            if best is not None:
                # Another share of the same whole is of the same thing, whatever else it is called.
                held = 1.0 if shares_whole(supposed, best.text) else best.near
                found.append(Statement(best.paragraph, best.text, best.score + weighed[key], held, best.missing))
        found.sort(key=lambda one: -one.score)
        return _without_repeats(found)[:limit]

    def _best(self, question: Question, key: tuple[int, int], whole: float, *, reports: bool) -> Statement | None:
        around, within = self._context(key)
        paragraph = self._catalogue.paragraphs[key]
        best: Statement | None = None
        for text, folded, profile in self._sentences(key):
            if reports and _AHEAD.search(text) and not _REACHED.search(text):
                continue
            own = score(question.content, profile, around)
            value = 0.72 * own + 0.28 * whole + _fits(question, text, folded)
            if best is None or value > best.score:
                best = Statement(paragraph, text, value, max(whole, own), False)
        if best is None or not lacks(question.content, within, around):
            return best
        return Statement(paragraph, best.text, best.score, best.near, True)

    def _agency_bonus(self, question: Question, key: tuple[int, int]) -> float:
        """A paragraph under an agency's heading, or that begins with it, is about that agency's work."""
        if not question.agencies:
            return 0.0
        named = any(agency.name in self._owners(key) for agency in question.agencies)
        return (0.08 if question.wants(Ask.CONFIRM) else 0.12) if named else 0.0

    def _read_is_report(self, key: tuple[int, int]) -> bool:
        paragraph = self._catalogue.paragraphs[key]
        headings = fold(" ".join(heading[:120] for heading in paragraph.headings))
        kind = fold(self._catalogue.documents[paragraph.document].kind)
        return (
            bool(_REPORTING.search(headings))
            or kind.startswith("bao cao")
            or bool(_DONE.search(paragraph.text[:200]) and "muc tieu" not in headings)
        )

    def _read_owners(self, key: tuple[int, int]) -> frozenset[str]:
        paragraph = self._catalogue.paragraphs[key]
        named = [one.name for part in (*paragraph.headings, paragraph.text[:60]) for one in find_agencies(part[:160])]
        return frozenset((*named, *(lead for task in self._catalogue.assignments_of.get(key, ()) for lead in task.lead)))

    def _read_cited(self, key: tuple[int, int]) -> frozenset[str]:
        return frozenset(number_key(one.number) for one in find_citations(self._catalogue.paragraphs[key].text))

    def _read_sentences(self, key: tuple[int, int]) -> list[tuple[str, str, Profile]]:
        return [(text, fold(text), self._terms.profile(text)) for text in split_sentences(self._catalogue.paragraphs[key].text)]

    def _read_context(self, key: tuple[int, int]) -> tuple[Profile, Profile]:
        paragraph = self._catalogue.paragraphs[key]
        document = self._catalogue.documents[paragraph.document]
        around = " . ".join((*paragraph.headings, document.kind, document.subject, document.issuer, document.number))
        return self._terms.profile(around), self._terms.profile(paragraph.text)


def _fits(question: Question, text: str, folded: str) -> float:
    """What kind of answer is asked for, and whether the sentence holds one."""
    value = 0.05 if question.years and str(question.years[0]) in text else 0.0
    if question.wants(Ask.MONEY):
        value += 0.1 if _MONEY.search(text) else -0.2
    elif question.wants(Ask.FIGURE) and not question.wants(Ask.WHEN, Ask.WHO):
        value += _counts_what_is_asked(question, text, folded)
    if question.wants(Ask.RANK):
        value += 0.15 if has_rank(text) else -0.2
    if question.wants(Ask.WHEN):
        dates = list(_DATE.finditer(text))
        value += 0.12 if dates else -0.35
        # What happens on a day stands right before it.
        words = question.content.words
        value += max(
            (0.03 * min(len(words & set(folded[max(0, one.start() - _BEFORE_DATE) : one.start()].split())), 4) for one in dates), default=0
        )
        unit = _UNIT_ASKED.search(question.folded)
        if unit:
            value += 0.12 if re.search(rf"\d\s+{unit.group(1)}\b", folded) else -0.12
    if question.wants(Ask.WHO):
        value += 0.03 if _ACTOR.search(text) else 0.0
    if question.wants(Ask.WHO, Ask.CONFIRM):
        value += 0.15 if any(f" la {one} {two}" in folded for one, two in question.content.pairs) else 0.0
    return value


def _counts_what_is_asked(question: Question, text: str, folded: str) -> float:
    """Whether a figure of the sentence counts the thing asked: «2.725 doanh nghiệp công nghệ số», «đạt 77%»."""
    counted = list(_COUNTED.finditer(text))
    if not counted:
        return -0.06
    words = question.content.words
    if "%" in text and "ty le" in folded and re.search(r"\bt[yi] le\b|%|phan tram", question.folded):
        return 0.09
    for match in counted:
        if match.group(1) and all(word in words for word in fold(match.group(1)).split()[:2]):
            return 0.12
    return 0.05


def has_money(text: str) -> bool:
    return bool(_MONEY.search(text))


def has_rank(text: str) -> bool:
    return bool(_RANK.search(text))


def has_date(text: str) -> bool:
    return bool(_DATE.search(text))


def _without_repeats(found: list[Statement]) -> list[Statement]:
    """A paragraph that a document says again elsewhere is cited once, where it stands first."""
    kept: dict[str, Statement] = {}
    for one in found:
        key = fold(one.text)[:160]
        known = kept.get(key)
        if known is None:
            kept[key] = one
        elif known.paragraph.document == one.paragraph.document and one.paragraph.ordinal < known.paragraph.ordinal:
            kept[key] = Statement(one.paragraph, one.text, known.score, known.near, known.missing)
    return sorted(kept.values(), key=lambda one: -one.score)


def quote_around(paragraph: ParagraphText, text: str, *, limit: int = QUOTE_LIMIT) -> str:
    """An unbroken run of the paragraph's words that holds `text`, extended by whole sentences; at most `limit` characters."""
    whole = paragraph.text
    if len(whole) <= limit:
        return whole
    start = whole.find(text)
    if start < 0 or len(text) > limit:
        return text[:limit].rsplit(" ", 1)[0]
    end = start + len(text)
    # What begins in the middle of a sentence is read with its beginning, where that is short.
    opens = max((one.end() for one in re.finditer(r"[.!?]\s+|^", whole[:start])), default=0)
    if start - opens <= _BEGINNING and end - opens <= limit:
        start = opens
    while end < len(whole):
        following = re.compile(r"[.;](?=\s)|$").search(whole, end + 1)
        stop = following.end() if following else len(whole)
        if stop - start > limit or stop <= end:
            break
        end = stop
    return whole[start:end].strip()


def focus(question: Question, text: str, terms: Terms, *, limit: int) -> str:
    """The run of a long sentence that holds most of what is asked; it begins and ends where the sentence takes breath."""
    if len(text) <= limit:
        return text
    breaks = [0, *(match.end() for match in re.finditer(r"[,;:(“]\s*|\)\s+|\bđể\s|\bvà\s", text)), len(text)]
    best, best_value = text[:limit].rsplit(" ", 1)[0], -1.0
    for at, start in enumerate(breaks[:-1]):
        end = max((stop for stop in breaks[at + 1 :] if stop - start <= limit), default=0)
        if end <= start:
            continue
        run = text[start:end].strip(" ,;")
        value = score(question.content, terms.profile(run)) + _fits(question, run, fold(run))
        if value >= best_value - 0.001:  # of equals the last: what is named comes first, what it holds follows
            best, best_value = run, value
    return best
