"""Whether two questions mean the same: strict, since the answer of one is given to whoever asks the other.

By rules and words only. Vectors tell nothing here: of our own pairs, questions a year or an agency apart are alike by 0.95 in
the middle, the same question with and without marks as little as 0.53.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from knowledge.asks import Ask
from knowledge.citations import leading_digits
from knowledge.concepts import Concept, is_held
from knowledge.question import Question
from knowledge.terms import Profile, Terms
from knowledge.text import fold, has_marks
from knowledge.vocabulary import MARKED_STOPWORDS, STOPWORDS

# Of the weight of one question's words, what the other may lack: with more, another thing is asked in many of the same words.
_UNSAID = 0.06
_MANNERS = {
    "where": r"\b(?:o dau|cho nao|dia diem|o (?:nhung )?(?:xa|phuong|huyen|noi) nao)\b",
    "why": r"\b(?:vi sao|tai sao|sao lai|ly do|nguyen nhan)\b",
    "what for": r"\b(?:de lam gi|nham (?:muc dich )?gi|muc dich)\b",
    "to whom": r"\b(?:gui|nop|bao cao|trinh)\b.{0,16}\b(?:ai|dau|(?:co quan|don vi|noi|so|ben) nao)\b",
    "by whom": r"(?:^|\| )(?:ai|(?:co quan|don vi|so|ben) nao)\b",
    "how": r"\b(?:(?:nhu )?the nao|ra sao|cach nao|lam sao|nhu nao|bang cach)\b",
    "which": r"\bgi\b|\b(?:nhung|cac)\b.{0,24}\bnao\b|\bgom\b|\bliet ke\b|\bdanh sach\b",
}
_PATTERNS = {name: re.compile(pattern) for name, pattern in _MANNERS.items()}
_LISTED = re.compile(r"\b(?:nhung|cac)\b.{0,24}\bnao\b|\bgom\b|\bliet ke\b|\bdanh sach\b")
_GRAINS = re.compile(r"\b(tuan|thang)\b(?! \d)")
_QUARTER = re.compile(r"\bqu[ýi]\b", re.IGNORECASE)
_ALWAYS = frozenset({"where", "why", "what for", "to whom"})
_SHARE = re.compile(r"\b(?:t[yi] (?:le|trong)|phan tram)\b|%")
# «bao nhiêu xã», but not «đạt bao nhiêu», which a share is asked by too.
_AMOUNT = re.compile(r"\b(?:so luong|số lượng|tong so|tổng số)\b|\b(?:bao nhieu|bao nhiêu|may|mấy) (?P<counted>[^\W\d_]+)")
_FRAMES = re.compile(r"\b(?:tren dia ban|tren toan|tro (?:len|xuong)|truoc (?:mat|tien|het)|tren co so|lai co|sau (?:khi )?sap nhap)\b")
_PARTICLES = frozenset("a ah nhi ha vay the em anh chi nhe nha roi hay sao oi ad bot".split())
_OPPOSED = frozenset("tren duoi ngoai hon kem truoc sau giua khac".split())
# Who wants it, from whom, and how politely: no part of what is asked. The province is what everything is about.
_FRAME = frozenset(
    "kinh gui xin hoi cho biet giup check minh em anh chi vui long tra loi quy dinh bat buoc yeu cau phan dau tinh toan hien gio bay "
    "nay la co cua cac nhung duoc phai can khong lam nhiem vu dat muc moc den het vao trong theo voi va thi o tai ra so nam".split()
)
_LEVELS = {"xa": "xa", "phuong": "xa", "thon": "thon", "huyen": "huyen", "quoc": "quoc", "nuoc": "nuoc"}
_AT_MOST = re.compile(r"\b(?:toi da|nhieu nhat|cao nhat|khong qua|khong vuot)\b")
_LOWEST = re.compile(r"\b(?:thap nhat|kem nhat)\b")
_SUPPOSES = re.compile(r"\b(?:dung|phai) (?:khong|ko|chua|chu|hong|hay sai)\b|\bco (?:phai|dung)\b|\bma ta\b|\bdung vay\b")
_RATIO = re.compile(r"%|^\d+/\d{1,3}$")
_IN_TIME = frozenset("truoc sau".split())
_WITH_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What tells one question from another: what is wanted, codes and numbers, how it is measured, and the words it holds."""

    question: Question
    wants: frozenset[str]
    codes: frozenset[str]
    is_share: bool
    is_amount: bool
    is_list: bool
    is_unsure: bool  # «may» without marks: mấy, or máy
    levels: frozenset[str]
    opposed: frozenset[str]
    rounding: frozenset[str]  # the small words at its end: «vậy anh»
    profile: Profile
    has_marks: bool


def meaning_of(question: Question, terms: Terms, *, newest_year: int) -> Meaning:
    """Read out of a question what it is compared by; of the years after `newest_year` nothing can have been reported yet."""
    tokens = terms.question_tokens(question.text)
    plain = " ".join(folded for _, folded in tokens)
    words = [word for one in question.content.concepts for word in one.alternatives[0]]
    folded = [folded for _, folded in tokens]
    read = terms.profile(" . ".join((question.search_text, " ".join(words), *(one.name for one in question.agencies))))
    profile = Profile(
        frozenset(word for word, _ in tokens) | read.words,
        frozenset(folded) | read.folded | frozenset(words),
        frozenset(pairwise(folded)) | read.pairs,
    )
    marked = has_marks(question.text)
    wants = _wanted(question, plain, newest_year)
    counted = _AMOUNT.search(" ".join(word for word, _ in tokens) if marked else plain)
    is_share = _SHARE.search(plain) is not None or "%" in question.text
    return Meaning(
        question,
        wants,
        _codes(question, folded),
        is_share,
        not is_share and counted is not None and counted["counted"] not in (MARKED_STOPWORDS if marked else STOPWORDS) | _PARTICLES,
        _LISTED.search(plain) is not None,
        not marked and "may" in folded and "nhieu" not in folded and not is_share,
        frozenset(_LEVELS[word] for word in folded if word in _LEVELS) | set(_GRAINS.findall(plain)),
        _opposed(plain, wants),
        frozenset(plain.split()[len(_words(plain)) :]) & _PARTICLES,
        profile,
        marked,
    )


def mean_same(one: Meaning, other: Meaning) -> bool:
    """Whether an answer to one is an answer to the other: «chỉ tiêu 5G năm 2030?», «nam 2030 phu song 5g bn %».

    Years, days, agencies, documents, figures, codes and what is wanted are the same; of the words each holds the
    other's, in whatever order and spelling.
    """
    a, b = one.question, other.question
    if not (a.content.concepts or a.documents or a.cited or a.agencies):
        return False
    unsure = {Ask.FIGURE.value} if one.is_unsure or other.is_unsure else set()
    if (
        one.wants - unsure != other.wants - unsure
        or one.codes != other.codes
        or one.opposed != other.opposed
        or one.levels != other.levels
        or (one.is_share and other.is_amount)
        or (other.is_share and one.is_amount)
        or (one.is_amount != other.is_amount and one.is_list != other.is_list)
        or (one.has_marks and other.has_marks and bool(_QUARTER.search(a.text)) != bool(_QUARTER.search(b.text)))
        or _named(a) != _named(b)
    ):
        return False
    return max(_missed(one, other), _missed(other, one)) <= _UNSAID


def _named(question: Question) -> tuple[object, ...]:
    """What a question names: all of it must be the same. Two agencies in another order owe each other other things."""
    period = question.period
    return (
        frozenset(question.years),
        # What groups are called («các sở», «sở ngành») is held by the words.
        tuple(one.code or fold(one.name) for one in question.agencies if not one.is_group),
        frozenset(question.documents) or frozenset(fold(one) for one in question.cited),
        # «… ạ?» sounds like a supposition; its figures are compared as codes.
        frozenset(one for one in question.claims if _RATIO.search(one) or _SUPPOSES.search(question.folded)),
        frozenset(fold(one) for one in question.choices),
        fold(question.absent),
        None if period is None else (period.grain, period.first, period.last),
    )


def _wanted(question: Question, plain: str, newest_year: int) -> frozenset[str]:
    asks = set(question.asks) - {Ask.FOLLOWS}
    if _SUPPOSES.search(plain) is None:
        asks.discard(Ask.CONFIRM)  # «… ạ?», «… nhỉ?» only sound like it
    if Ask.WHICH_YEAR in asks:
        asks = asks - {Ask.WHICH_YEAR} | {Ask.WHEN}
    if question.years and min(question.years) > newest_year:
        asks.discard(Ask.RESULT)
    if asks & {Ask.TARGET, Ask.RESULT, Ask.WHEN} or question.years:
        asks.discard(Ask.FIGURE)
    if (question.years and Ask.RESULT not in asks) or asks & {Ask.WHEN, Ask.WHO}:
        # A year to come and what is to be reached by it are one question.
        asks.discard(Ask.TARGET)
    if Ask.WHO in asks and not any(not one.is_group for one in question.agencies):
        asks.discard(Ask.TASKS)  # «giao cơ quan nào?», «cơ quan nào chủ trì?»
    manners = {name for name, pattern in _PATTERNS.items() if pattern.search(f"{question.folded} | {plain}")}
    if asks <= {Ask.RESULT, Ask.FIGURE} and _words(plain)[-1:] == ["khong"]:
        # «có được hỗ trợ không?» asks of no result, though it sounds like one.
        return frozenset({"whether", *(manners & _ALWAYS)})
    if asks or question.years:
        # «Ai gửi?» and «gửi ai?» both ask who.
        manners &= _ALWAYS | ({"by whom"} if "to whom" in manners else set())
    return frozenset(one.value for one in asks) | manners


def _words(plain: str) -> list[str]:
    """The words of a question without the small ones that round it off."""
    words = plain.split()
    while words and words[-1] in _PARTICLES:
        words.pop()
    return words


def _codes(question: Question, folded: list[str]) -> frozenset[str]:
    """«5g», «06», «4»: everything with a figure in it but years and the numbers of documents."""
    numbers = {digits for one in question.cited for digits in (leading_digits(one), one.split(" ")[-1])}
    found = {word for word in folded if _WITH_DIGIT.search(word)}
    return frozenset(found - numbers - {str(year) for year in question.years})


def _opposed(plain: str, wants: frozenset[str]) -> frozenset[str]:
    """Small words that turn a question round: «trên» and «dưới», «không» and «chưa» but at the end."""
    words = _words(_FRAMES.sub(" ", plain))
    found = set(words) & _OPPOSED
    if Ask.WHEN.value in wants:
        found -= _IN_TIME
    found |= {name for name, pattern in (("most", _AT_MOST), ("lowest", _LOWEST)) if pattern.search(plain)}
    return frozenset(found | ({"khong", "chua"} & set(words[:-1])))


def _missed(one: Meaning, other: Meaning) -> float:
    """The share of one question's words, by weight, that the other does not hold; all of it where a telling one is missing."""
    # Numbers are compared as codes.
    concepts = [
        concept
        for concept in one.question.content.concepts
        if not all(word in _FRAME or word in one.rounding or word.isdigit() for word in concept.alternatives[0])
    ]
    missed = [concept for concept in concepts if not _holds(other, concept, one.has_marks)]
    if any(concept.must for concept in missed):
        return 1.0
    return sum(concept.weight for concept in missed) / max(sum(concept.weight for concept in concepts), 1.0)


def _holds(other: Meaning, concept: Concept, is_marked: bool) -> bool:
    if not is_held(concept, other.profile):
        return False
    if not (is_marked and other.has_marks and concept.typed) or len(concept.alternatives) > 1 or len(concept.typed) > 1:
        return True
    # «đất» and «đạt» are one word only to who typed without marks.
    return concept.typed[0] in other.profile.words
