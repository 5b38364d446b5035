"""Passages that hold some words: found by the index, quoted around the words, the words marked where they stand."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.answer import Library
from knowledge.catalogue import ParagraphText
from knowledge.citations import find_citations, number_key
from knowledge.concepts import Concept, Content, lacks, score
from knowledge.content import read_content
from knowledge.statements import BARE_HEADING, CLOSING, QUOTE_LIMIT
from knowledge.terms import Terms
from knowledge.text import fold, normalise, syllables

_CANDIDATES = 80  # passages that the index hands over
MOST = 30  # shown of them
# So much of the words, by rarity, must a passage hold with its headings. Measured on the official documents: 20 sensible
# searches all find something above it, 10 senseless ones nothing; of 10 more senseless ones, kept back, 4 find one passage.
_HELD = 0.55
_WHOLLY, _ALIKE = 0.9, 0.1  # what holds less than nearly all must also mean something like it (cosine)
_COMMON = 2.5  # weight of a single syllable that alone makes no search of several words
_TELLING = 1.5  # weight of a single syllable that is worth marking by itself
_BEGINNING, _LEAD = 150, 60  # characters from the beginning of a sentence, else of its words, before the first marked word
_JOINING = ("", "/", "-")  # what may stand inside of what is marked: «516/QĐ-UBND»
_SENTENCE = re.compile(r"(?<=[.!?;:])\s+")
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Found:
    """A passage: an unbroken run of its words, at most 400 characters, and the (start, end) in it of the words searched for."""

    paragraph: ParagraphText
    quote: str
    marks: tuple[tuple[int, int], ...]


def find_passages(library: Library, words: str) -> list[Found]:
    """The passages that hold the words, best first, each once; none that holds too little of them."""
    terms = library.terms
    content, spelled = read_content(terms.mend(normalise(words)), terms)
    if not content.concepts or _says_little(content, words):
        return []
    # A document's number is one word: «516/QĐ-UBND» is not any other decision of that committee.
    cited = {number_key(one.number) for one in find_citations(words)}
    hits = library.index.search(spelled, _CANDIDATES)
    best = hits[0].score if hits else 0.0
    weighed: dict[tuple[int, int], tuple[float, ParagraphText]] = {}
    for hit in hits:
        passage = library.catalogue.passages[hit.id]
        paragraph = library.catalogue.paragraphs[(passage.document, passage.paragraph)]
        around, within = terms.profile(" . ".join(paragraph.headings)), terms.profile(paragraph.text)
        held = score(content, within, around)
        if not cited <= {number_key(one.number) for one in find_citations(paragraph.text)}:
            continue
        if passage.kind in CLOSING or held < _HELD or (held < _WHOLLY and hit.dense < _ALIKE) or lacks(content, within, around):
            continue
        # A bare heading names what stands below it, and says nothing itself.
        is_bare = passage.kind == "heading" and len(paragraph.text) < BARE_HEADING
        value = held + 0.2 * hit.score / (best or 1.0) - (0.4 if is_bare else 0.0)
        weighed.setdefault((paragraph.document, paragraph.ordinal), (value, paragraph))
    ranked = sorted(weighed.values(), key=lambda one: -one[0])
    found: dict[tuple[int, str], Found] = {}
    for _, paragraph in ranked:
        one = _quoted(terms, content, paragraph)
        if one.marks:
            # What differs only outside the words shown is the same to whoever reads it.
            found.setdefault((paragraph.document, fold(one.quote)), one)
    return list(found.values())[:MOST]


def _says_little(content: Content, words: str) -> bool:
    """Whether all that is left of several words is a common syllable: «anh yêu em» is no search for «yêu cầu»."""
    first = content.concepts[0]
    return len(content.concepts) == 1 and len(first.alternatives[0]) == 1 and first.weight < _COMMON and len(syllables(words)) > 1


def _quoted(terms: Terms, content: Content, paragraph: ParagraphText) -> Found:
    marks = find_marks(terms, content.concepts, paragraph.text)
    start, end = _window(paragraph.text, marks)
    return Found(
        paragraph, paragraph.text[start:end], tuple((one - start, two - start) for one, two in marks if start <= one and two <= end)
    )


def find_marks(terms: Terms, concepts: Sequence[Concept], text: str) -> list[tuple[int, int]]:
    """(start, end) of the words of a text that were searched for, as typed, in another wording, or in short: «ha tang so»
    marks «hạ tầng số», but no «số» by itself; only whole words, neighbours as one."""
    spelled = terms.spell_out_where(text)
    written, folded = [one for one, *_ in spelled], [fold(one) for one, *_ in spelled]
    # Whether a syllable goes on from the one before, with nothing but a blank between.
    joins = [at > 0 and not text[spelled[at - 1][2] : one[1]].strip() for at, one in enumerate(spelled)]
    marked, single = set[int](), set[int]()
    for concept in concepts:
        # Other wordings of a word that is common by itself are everywhere: «người dân» for «bình dân học vụ».
        wordings = concept.alternatives[:1] if len(concept.alternatives[0]) == 1 < len(concepts) else concept.alternatives
        for number, words in enumerate(wordings):
            typed = concept.typed if number == 0 and len(concept.typed) == len(words) else ()
            for at in range(len(folded) - len(words) + 1):
                places = range(at, at + len(words))
                if tuple(folded[at : at + len(words)]) != words or not all(joins[one] for one in places[1:]):
                    continue
                if typed and tuple(written[at : at + len(words)]) != typed:
                    continue
                by_itself = len(words) > 1 or len(concepts) == 1 or (number == 0 and concept.weight >= _TELLING)
                (marked if by_itself else single).update(places)
    # What is too common to be marked by itself is marked beside other words searched for.
    beside = {at for at in single if (joins[at] and at - 1 in single | marked) or (at + 1 in single | marked and joins[at + 1])}
    marked |= beside
    spans: list[tuple[int, int]] = []
    for (start, end), group in itertools.groupby(range(len(spelled)), key=lambda at: spelled[at][1:]):
        # A short form is marked when all that it stands for is.
        if not all(at in marked for at in group):
            continue
        if spans and text[spans[-1][1] : start].strip() in _JOINING:
            spans[-1] = (spans[-1][0], end)
        else:
            spans.append((start, end))
    return spans


def _window(text: str, marks: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The run of at most 400 characters that holds the most of what is marked, cut between words, at a sentence where it can."""
    if len(text) <= QUOTE_LIMIT or not marks:
        return 0, len(text) if len(text) <= QUOTE_LIMIT else _end(text, 0)
    opens = [0, *(one.end() for one in _SENTENCE.finditer(text))]
    words = [one.start() for one in _WORD.finditer(text)]
    best, best_value = (0, 0), -1.0
    for first, _ in marks:
        sentence = max(one for one in opens if one <= first)
        start = sentence if first - sentence <= _BEGINNING else min(one for one in words if one >= first - _LEAD)
        end = _end(text, start)
        value = _weight(text, [one for one in marks if start <= one[0] and one[1] <= end])
        if value > best_value:
            best, best_value = (start, end), value
    return best


def _end(text: str, start: int) -> int:
    """Where a quote from there ends: with a sentence if one ends in its last third, else with a word that is no figure."""
    stop = start + QUOTE_LIMIT
    if stop >= len(text):
        return len(text)
    ends = [one.start() for one in _SENTENCE.finditer(text, start, stop + 1) if one.start() - start > 2 * QUOTE_LIMIT // 3]
    if ends:
        return ends[-1]
    inside = [one for one in _WORD.finditer(text, start) if one.end() <= stop]
    # A figure's unit, or the rest of a date, stands behind it.
    while len(inside) > 1 and re.search(r"\d", inside[-1].group()):
        inside.pop()
    return inside[-1].end() if inside else stop


def _weight(text: str, marks: Iterable[tuple[int, int]]) -> float:
    words = [fold(text[start:end]) for start, end in marks]
    return sum(map(len, set(words))) + 0.1 * len(words)
