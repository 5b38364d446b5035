"""Paragraphs → passages: pieces small enough to be found by what they say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from knowledge.structure import Paragraph
from knowledge.text import syllables

# With longer passages the words of one sentence drown among the others'.
SYLLABLE_LIMIT = 120
_HEADING_SYLLABLES = 40  # of the headings above, the nearest first, that are searched with a passage
_SENTENCE_END = re.compile(r"(?<=[.;!?…])\s+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A unit of search: one paragraph, or whole sentences of a long one. Joined by blanks, the passages of a paragraph
    are its text again."""

    ordinal: int
    paragraph: Paragraph
    text: str


def split_passages(paragraphs: Iterable[Paragraph]) -> Iterator[Passage]:
    """The passages of a document in reading order."""
    ordinal = 0
    for paragraph in paragraphs:
        for text in _pieces(paragraph.text):
            yield Passage(ordinal, paragraph, text)
            ordinal += 1


def search_text(text: str, headings: tuple[str, ...]) -> str:
    """What is searched for a passage: its words with the nearest headings above it."""
    kept: list[str] = []
    room = _HEADING_SYLLABLES
    for heading in reversed(headings):
        length = len(syllables(heading))
        if length > room:
            break
        kept.insert(0, heading)
        room -= length
    return " . ".join((*kept, text))


def _pieces(text: str) -> Iterator[str]:
    if len(syllables(text)) <= SYLLABLE_LIMIT:
        if text:
            yield text
        return
    piece: list[str] = []
    length = 0
    for sentence in _SENTENCE_END.split(text):
        size = len(syllables(sentence))
        if piece and length + size > SYLLABLE_LIMIT:
            yield " ".join(piece)
            piece, length = [], 0
        if size > SYLLABLE_LIMIT:
            yield from _cut(sentence)
            continue
        piece.append(sentence)
        length += size
    if piece:
        yield " ".join(piece)


def _cut(sentence: str) -> Iterator[str]:
    """A sentence too long for one passage, cut at blanks."""
    words = sentence.split(" ")
    for start in range(0, len(words), SYLLABLE_LIMIT):
        yield " ".join(words[start : start + SYLLABLE_LIMIT])
