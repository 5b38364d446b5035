"""A question's text → its concepts: noise and stopwords out, phrases with other names, names, qualifiers, what is counted."""

from __future__ import annotations

import itertools
import re
from functools import cache
from typing import NamedTuple

from knowledge.concepts import Concept, Content, Head
from knowledge.lexicon import is_compound
from knowledge.terms import Terms
from knowledge.text import LOWER, UPPER, fold, has_marks, syllables
from knowledge.vocabulary import MARKED_STOPWORDS, PROVINCES, QUALIFIERS, STOPWORDS, SYNONYMS, WEAK

# Words that only say what kind of answer is wanted; they are no part of what the question is about.
_NOISE = re.compile(
    "|".join(
        (
            r"\b(?:lo trinh|so sanh|doi chieu|so voi|thay doi ra sao|thay doi the nao|chenh lech|tang them|tang the nao|"
            r"tang ra sao|khac nhau(?: the nao)?|cao hon|thap hon)\b",
            r"\b(?:chi tieu|muc tieu(?! chung| tong quat| tong the)|van ban|tai lieu|noi dung|lien quan|thuc te|hien nay|"
            r"bay gio|tong cong|toi thieu|so luong|vui long|"
            r"phan tram|ty le|ti le|bao nhieu|bao gom|gom (?:nhung )?gi|giup (?:toi|em|minh)|cho (?:toi|em|minh) (?:biet|hoi))\b",
            r"\b(?:voi|va) ca\b|(?<!mot )\bnua\b",
            r"\b(?:cai gi |ai )?duoc (?:goi|xem|coi) la\b|\b(?:co )?mau thuan\b|\b(?:co )?bi nham(?: khong)?\b|\bkhong khop\b",
            r"\b(?:thoi han|deadline|han (?:nao|cuoi|chot|khi nao)|khi nao|ngay nao|ngay may|bao gio|cham nhat|"
            r"bao lau(?: (?:mot|1) lan)?|luc nao|giai doan nao|thoi gian nao)\b|^han\b(?! che| muc)",
            r"\bmay (?:tuan|thang|nam) (?:1|mot) lan\b|\bdinh ky\b|\b(?:1|mot) lan\b",
            r"\b(?:con hieu luc|con ap dung|het hieu luc|con gia tri)(?: khong)?\b|\b(?:dung|phai) khong\b|\bdung ko\b",
            r"\b(?:duoc giao|phai lam|duoc phan cong)(?: nhung)?(?: viec)?(?: gi| nao)?\b|\blam (?:gi|nhung gi)\b|\bviec gi\b|"
            r"\b(?:co )?trach nhiem gi\b",
            r"\bso voi ket qua\b|\bket qua\s*$|\b(?:hai|cac|nhung) (?:thong bao|van ban|bao cao|cho)\b|\b(?:may|"
            r"bao nhieu) (?:chuc|tram|nghin|ngan|trieu)\b|\b(?:xep|dung|o)?\s*(?:thu|"
            r"hang|vi tri thu) may\b|"
            r"\bxep (?:hang|vi tri)\b|"
            r"\bliet ke\b|\b(?:cac|tung) (?:nam|moc|nam moc)\b|\b(?:con )?so nao\b|\bcho noi\b|\bnoi sao\b|\bbat dau tu\b",
            r"\b(?:co quan|don vi|so|ben|cap|noi|nganh) nao\b|\bdat (?:duoc|chua|bao nhieu|may)\b|"
            r"\b(?:so )?ky hieu\b|\btoi dau roi\b|\bhay la\b|"
            r"\bqua cac (?:moc|nam|giai doan)\b",
        )
    )
)
# Stopwords that a question can be about when it holds nothing else: «Năm 2025 đạt bao nhiêu chỉ tiêu?»
_LAST_RESORT = {"chi", "tieu", "dat", "ket", "qua", "vuot", "nhiem", "vu", "ke", "hoach"}
_ROLES, _ROLE = {("chu", "tri"), ("phu", "trach")}, 1.0
_PLACE = re.compile(
    rf"\b(?i:xã|phường|huyện|tỉnh|thành phố|thị xã|đặc khu|đồng chí|ông|bà|chủ tịch|giám đốc|bí thư)((?:\s+[{UPPER}][{LOWER}]+)+)"
)
_PLAIN_PLACE = re.compile(r"\b(?:xa|phuong|huyen|dac khu|thi tran)\s+(?!xa |phuong |huyen )([a-z]+)\s+([a-z]+)")
_OPENS_AGENCY = re.compile(r"\s*(?:Sở|Ban|Bộ|Cục|Chi|Công|Văn|Tỉnh|Trung|Hội|Ủy|Uỷ|Mặt|Thanh)\b")  # «Giám đốc Sở …» is no name
_MEASURES = re.compile(r"\b(?:t[yi] (?:le|trong)|so luong|tong so|so(?! (?:hoa|ky|lieu|nao|may|noi|sanh)))\b(?= )")
_COUNTS = re.compile(
    r"\b(?:bao nhieu|may)\b(?! (?:phan|cai|nam|thang|ngay|tuan|lan|diem|la|the|thu|loai|dang|chuc|tram|nghin|ngan|trieu|van))"
)
_BEFORE_NUMBER = frozenset("tieu bo duoc co dat la can ve hoi biet cho xin con".split())  # «chỉ tiêu số …»; «công nghệ số» counts nothing
_QUOTED = re.compile(r"[\"“«]([^\"“”«»]+)[\"”»]")
_QUOTED_WORDS = 5
_HEAD_WITHIN = 2  # syllables that may stand between: «số các …»


def read_content(text: str, terms: Terms) -> tuple[Content, str]:
    """What a question's text is about, and the words to search for."""
    tokens = terms.question_tokens(text)
    folded = _without_noise([token for _, token in tokens])
    marked = has_marks(text)
    acronyms = {fold(word) for word in re.findall(r"\b[A-ZĐ]{3,6}\b", text)}
    names = _names(text, marked, terms) - terms.own_names
    concepts: list[Concept] = []
    content_at: list[bool] = []
    measured, head = _measured_at(tokens), None
    at = 0
    while at < len(folded):
        first_new = len(concepts)
        typed = tokens[at : at + 1]
        qualifier = next((one for one in _qualifiers().get(tokens[at][1], ()) if _stands_at(one, tokens, at)), None)
        name = qualifier or next((one for one in names if tuple(folded[at : at + len(one)]) == one), None)
        found = None if name else _longest_phrase(folded, at, tokens)
        if name:
            length = len(name)
            known = qualifier is None and all(word in WEAK for word in name)
            concepts.append(
                Concept(
                    (name,),
                    _weight(name, terms),
                    not known,
                    not known,
                    tuple(word for word, _ in tokens[at : at + length]) if marked else (),
                )
            )
        elif found:
            words, others, is_typed = found
            length = len(words)
            known_others = [other for other in others if all(terms.knows(word) for word in other)]
            weights = [_weight(option, terms) for option in (words, *known_others) if all(terms.knows(word) for word in option)]
            typed_words = tuple(word for word, _ in tokens[at : at + length]) if marked else ()
            must = not known_others and _is_telling(words, acronyms)
            concepts.append(
                Concept(
                    (words, *known_others),
                    # «AI», «đề tài» typed so are no «ai», «để tại»: what else they are called tells their weight.
                    max(weights, default=0.0)
                    if is_typed and weights
                    else min(max(weights, default=_weight(words, terms)), _weight(words, terms) * 1.5),
                    must,
                    False,
                    typed_words,
                )
            )
        elif _is_one_word(folded, at, tokens, marked, terms):
            length = 2
            words = (folded[at], folded[at + 1])
            typed_words = tuple(word for word, _ in tokens[at : at + 2]) if marked else ()
            # A word that the documents do not have is not held by one of its syllables: «hộ» of hộ tịch is no hộ chiếu.
            strange = marked and not terms.knows_pair(*words)
            concepts.append(Concept((words,), _weight(words, terms), False, strange, typed_words, True))
        elif _is_empty(folded, at, tokens[at], marked, terms):
            length = 0
        elif tokens[at][0] in ("số", "so") and content_at and content_at[-1] and concepts[-1].alternatives == ((folded[at - 1],),):
            # «công nghệ số» is another thing than công nghệ: the two stand together or it is not said.
            length = 1
            before = concepts.pop().alternatives[0]
            concepts.append(Concept(((*before, "so"),), _weight(before, terms), False, True))
        else:
            length = 1
            word = (folded[at],)
            telling = _is_telling(word, acronyms)
            # «DVCQG», which one sentence writes so and another writes out.
            spelled = terms.by_initials(folded[at]) if telling and not folded[at][0].isdigit() else ""
            alternatives = (word, tuple(spelled.split())) if spelled else (word,)
            concepts.append(Concept(alternatives, _weight(word, terms), telling, False, (typed[0][0],) if marked else ()))
        content_at.extend([length > 0] * max(length, 1))
        at += max(length, 1)
        if head is None and measured is not None and measured < at <= measured + _HEAD_WITHIN + length and len(concepts) > first_new:
            head = Head(concepts[-1])
    if not concepts:
        concepts = [Concept(((token,),), _weight((token,), terms)) for token in folded if token in _LAST_RESORT]
    pairs = tuple(
        (one, two)
        for (one, two), first, second in zip(itertools.pairwise(folded), content_at, content_at[1:], strict=False)
        if first and second
    )
    wanted = [tokens[at][0] for at, holds in enumerate(content_at) if holds] or [word for word, token in tokens if token in _LAST_RESORT]
    also = [" ".join(alternative) for concept in concepts for alternative in concept.alternatives[1:2]]
    return Content(tuple(concepts), pairs, head), " ".join((*wanted, *also))


def _measured_at(tokens: list[tuple[str, str]]) -> int | None:
    """Where the name of what is measured or counted begins: behind «tỷ lệ», «số», else behind «bao nhiêu»."""
    plain = " ".join(token for _, token in tokens)
    for opens in (*_MEASURES.finditer(plain), *_COUNTS.finditer(plain)):
        at = plain[: opens.end()].count(" ") + 1
        typed, before = tokens[at - 1][0], tokens[at - 2][1] if at > 1 else ""
        if (opens.group() == "so" and (typed not in ("số", "so") or (before and before not in _BEFORE_NUMBER))) or typed == "máy":
            continue
        return at
    return None


class _Phrase(NamedTuple):
    """A phrase of the thesaurus: folded syllables, the marks or capitals it must be typed with (else empty), whether it
    may be typed without any, its other names."""

    words: tuple[str, ...]
    typed: tuple[str, ...]
    or_plain: bool
    others: tuple[tuple[str, ...], ...]


@cache
def _phrases() -> dict[str, list[_Phrase]]:
    """Phrases with other names, by first syllable, longest first."""
    phrases: dict[str, list[_Phrase]] = {}
    for line in SYNONYMS:
        named = [phrase.removeprefix("~") for phrase in line]
        split = [(tuple(fold(phrase).split()), tuple(phrase.split()) if fold(phrase) != phrase else ()) for phrase in named]
        for phrase, (words, typed) in zip(line, split, strict=True):
            others = tuple(other for other, marked in split if other != words and not marked)
            phrases.setdefault(words[0], []).append(_Phrase(words, typed, phrase.startswith("~"), others))
    for entries in phrases.values():
        entries.sort(key=lambda entry: -len(entry.words))
    return phrases


@cache
def _qualifiers() -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for phrase in QUALIFIERS:
        found.setdefault(phrase.split()[0], []).append(tuple(phrase.split()))
    return found


def _is_one_word(folded: list[str], at: int, tokens: list[tuple[str, str]], marked: bool, terms: Terms) -> bool:
    """Whether this syllable and the next make one word, and the next begins no phrase with other names. Without marks
    the documents must have it too: «so du an» is no «số dư», but «bao cao» is báo cáo."""
    if at + 1 >= len(folded) or not folded[at] or not folded[at + 1] or not is_compound(tokens[at][0], tokens[at + 1][0]):
        return False
    if marked:
        if _is_empty(folded, at, tokens[at], marked, terms) or _is_empty(folded, at + 1, tokens[at + 1], marked, terms):
            return False
    elif not terms.knows_pair(folded[at], folded[at + 1]) or {folded[at], folded[at + 1]} <= STOPWORDS:
        return False
    elif at + 2 < len(folded) and folded[at] == "so" and terms.knows_pair(folded[at + 1], folded[at + 2]):
        return False  # «so du an»
    return _longest_phrase(folded, at + 1, tokens) is None


def _stands_at(words: tuple[str, ...], tokens: list[tuple[str, str]], at: int) -> bool:
    """«một phần», but not in «một phần mềm»."""
    end = at + len(words)
    if tuple(token for _, token in tokens[at:end]) != words:
        return False
    return end >= len(tokens) or not is_compound(tokens[end - 1][0], tokens[end][0])


def _longest_phrase(
    folded: list[str], at: int, tokens: list[tuple[str, str]]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], bool] | None:
    """(its syllables, its other names, whether it had to be typed just so)."""
    for phrase in _phrases().get(folded[at], ()):
        end = at + len(phrase.words)
        if tuple(folded[at:end]) != phrase.words or (all(word in STOPWORDS for word in phrase.words) and not phrase.typed):
            continue
        typed = tuple(word for word, _ in tokens[at:end])
        if phrase.typed and typed != phrase.typed and not (phrase.or_plain and typed == phrase.words):
            continue
        return phrase.words, phrase.others, bool(phrase.typed) and not phrase.or_plain
    return None


def _names(text: str, marked: bool, terms: Terms) -> set[tuple[str, ...]]:
    """Names of places and people in a question, folded: other provinces, «xã Trà Bồng», «đồng chí Trần Phước Hiền»."""
    folded = f" {' '.join(fold(text).split())} "
    names = {tuple(name.split()) for name in PROVINCES if f" {name} " in re.sub(r"[^\w ]", " ", folded)}
    quoted = (tuple(syllables(fold(phrase))) for phrase in _QUOTED.findall(text))
    names |= {phrase for phrase in quoted if 1 < len(phrase) <= _QUOTED_WORDS}
    if marked:
        return names | {tuple(fold(name).split()) for name in _PLACE.findall(text) if not _OPENS_AGENCY.match(name)}
    # Without marks and capitals a name is two syllables that make no word.
    places = (match.groups() for match in _PLAIN_PLACE.finditer(folded))
    return names | {
        (one, two) for one, two in places if not {one, two} & STOPWORDS and not terms.knows_pair(one, two) and not is_compound(one, two)
    }


def _without_noise(folded: list[str]) -> list[str]:
    """The syllables with those of noise phrases emptied, places kept."""
    starts, at = [], 0
    for token in folded:
        starts.append(at)
        at += len(token) + 1
    noise = [match.span() for match in _NOISE.finditer(" ".join(folded))]
    return ["" if any(begin <= start < end for begin, end in noise) else token for token, start in zip(folded, starts, strict=True)]


def _is_empty(folded: list[str], at: int, token: tuple[str, str], marked: bool, terms: Terms) -> bool:
    """Whether a syllable carries no content. Typed with marks «nhà» is a word; without, «nha» may be the particle,
    and the documents tell how they write it beside its neighbours: «tien do» is tiến độ. «công nghệ số» keeps its «số»."""
    word, plain = token
    if not folded[at]:
        return True
    before = folded[at - 1] if at else ""
    after = folded[at + 1] if at + 1 < len(folded) else ""
    if plain == "so" and before and before not in STOPWORDS and word in ("số", plain) and terms.knows_pair(before, plain):
        return False
    if plain.isdigit() and len(plain) == 1:
        return after in STOPWORDS or after == "" or sum(word not in STOPWORDS for word in folded if word) > 4
    if marked or word != plain:
        return word in MARKED_STOPWORDS
    if plain not in STOPWORDS:
        return False
    written = terms.written(before, plain)[1], terms.written(plain, after)[0]
    return not any(one and one not in MARKED_STOPWORDS for one in written)


def _weight(words: tuple[str, ...], terms: Terms) -> float:
    """Rarity, less for words that seldom tell, and for words no document knows: nothing can be found by them."""
    if words in _ROLES:
        return _ROLE  # who leads is what is asked, not what the task is about
    return sum(
        terms.rarity(word) * (0.35 if word in WEAK else 0.15 if word in STOPWORDS else 1.0 if terms.knows(word) else 0.4) for word in words
    )


def _is_telling(words: tuple[str, ...], acronyms: set[str]) -> bool:
    """Generations of technology («6G»), indices and names in capitals («PII»): without them it is another thing."""
    return any(re.fullmatch(r"\d+g", word) for word in words) or (len(words) == 1 and words[0] in acronyms)
