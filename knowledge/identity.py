"""Which document a text belongs to: documents.yaml says so, else number, issuer and year do, else the text itself."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Indel
from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import Document, Origin, Version, list_passage_texts, list_renditions
from knowledge.citations import number_key
from knowledge.supplied import Supplied
from knowledge.text import fold, normalise, syllables
from knowledge.understanding import Understood

# Two texts are one when this share of their syllables is the same, in order (design: identity).
SAME_TEXT = 0.98
_BINS = 256  # of a sketch: half a kilobyte or one for each text in the store
_SUPPLIED = ("number", "issued_on", "held_on", "kind", "issuer", "subject")
_TELLING = ("number", "issued_on", "held_on", "subject")
_ISSUER_FORMS = (("uy ban nhan dan", "ubnd"), ("hoi dong nhan dan", "hdnd"))

Stored = tuple[Document, Version]


@dataclass(frozen=True, slots=True)
class Described:
    """A document's facts (empty: not known; dates ISO, may be a month) and where each comes from."""

    number: str
    issued_on: str
    held_on: str
    kind: str
    issuer: str
    subject: str
    provenance: dict[str, Origin]


@dataclass(frozen=True, slots=True)
class Text:
    """A document's words for comparing: folded syllables in order, and a digest of them."""

    syllables: list[str]
    digest: str

    @property
    def figures(self) -> Counter[str]:
        return Counter(one for one in self.syllables if any(map(str.isdigit, one)))

    @classmethod
    def of(cls, texts: Iterable[str]) -> Text:
        words = syllables(fold(" ".join(texts)))
        return cls(words, hashlib.sha256(" ".join(words).encode()).hexdigest())


@dataclass(frozen=True, slots=True)
class _Twin:
    """The document whose text is the most alike, and whether the figures are the same too: where one was changed, the
    text is a newer one, however alike the rest."""

    document: Document
    version: Version
    same_figures: bool


@dataclass(frozen=True, slots=True)
class Home:
    """The stored document that a file belongs to: another file of its current text, or (`same_text` false) a new one.

    `differs`: taken for the same text because documents.yaml says so, though the words are others.
    """

    document: Document
    version: Version
    same_text: bool
    differs: bool = False


def describe(supplied: Supplied | None, understood: Understood) -> Described:
    """What is known of a document: what a person supplied goes before what the text states."""
    header, structure = understood.header, understood.structure
    stated = {
        "number": header.number,
        "issued_on": header.issued_on,
        "held_on": header.held_on,
        "kind": structure.kind,
        "issuer": header.issuer,
        "subject": structure.subject,
    }
    known: dict[str, str] = {}
    provenance: dict[str, Origin] = {}
    for name, value in stated.items():
        given = getattr(supplied, name) if supplied else ""
        known[name] = given or value
        if known[name]:
            provenance[name] = Origin.SUPPLIED if given and fold(given) != fold(value) else Origin.STATED
    return Described(**known, provenance=provenance)


async def find_home(
    session: AsyncSession,
    stored: Sequence[Stored],
    *,
    name: str,
    described: Described,
    supplied: Supplied | None,
    same_entry: int | None,
    text: Text,
    texts: KnownTexts,
) -> Home | None:
    """The document among `stored` that a file is one of; None when it is a new one.

    `same_entry`: the document of another file of its documents.yaml entry, where that is known.
    """
    twin = await texts.find_twin(session, stored, text)
    same_as = twin.document.id if twin is not None and twin.same_figures else None
    # 1. Files of one entry are one document.
    told = await _of_same_entry(session, stored, supplied, same_entry)
    if told is not None:
        document, version, names = told
        if same_as == document.id:
            return Home(document, version, same_text=True)
        # The file as it was is known under its name: it was changed. Else it is that text in another format.
        changed = normalise(name) in names
        return Home(document, version, same_text=not changed, differs=not changed)
    # 2. The same number, issuer and year.
    numbered = _of_same_number(stored, described)
    if numbered is not None:
        return Home(*numbered, same_text=same_as == numbered[0].id)
    # 3. The same text, unless both print a number: two decisions from one template are two.
    if twin is None or (described.number and twin.document.number and number_key(described.number) != number_key(twin.document.number)):
        return None
    return Home(twin.document, twin.version, same_text=twin.same_figures)


async def _of_same_entry(
    session: AsyncSession, stored: Sequence[Stored], supplied: Supplied | None, same_entry: int | None
) -> tuple[Document, Version, set[str]] | None:
    """The document of an entry, with the names of its files: seen in this run, or stored under a name and the facts of the entry."""
    if supplied is None:
        return None
    wanted = {normalise(one) for one in supplied.files}
    for document, version in stored:
        if document.id == same_entry or (same_entry is None and _is_described_by(document, supplied)):
            names = {normalise(one.file_name) for one in await list_renditions(session, version.id)}
            if document.id == same_entry or names & wanted:
                return document, version, names
    return None


def _is_described_by(document: Document, supplied: Supplied) -> bool:
    """Whether an entry's facts are the document's: many folders hold a «bao-cao.pdf»."""
    given = {name: getattr(supplied, name) for name in _SUPPLIED if getattr(supplied, name)}
    return any(name in given for name in _TELLING) and all(getattr(document, name) == value for name, value in given.items())


def _of_same_number(stored: Sequence[Stored], described: Described) -> Stored | None:
    key = _number_issuer_year(described.number, described.issuer, described.issued_on or described.held_on)
    if key is None:
        return None
    same = ((document, version) for document, version in stored if _stored_key(document) == key)
    return next(same, None)


def _stored_key(document: Document) -> tuple[str, str, str] | None:
    return _number_issuer_year(document.number or "", document.issuer, document.issued_on or document.held_on or "")


def _number_issuer_year(number: str, issuer: str, dated: str) -> tuple[str, str, str] | None:
    if not number or not issuer or not dated:
        return None
    plain = " ".join(fold(issuer).split())
    for long, short in _ISSUER_FORMS:
        plain = plain.replace(long, short)
    return number_key(number), plain, dated[:4]


class KnownTexts:
    """What is remembered of the stored texts during one ingest, so that only a likely twin is read and compared in full."""

    def __init__(self) -> None:
        self._sketches: dict[int, NDArray[np.uint32]] = {}

    async def remember(self, session: AsyncSession, stored: Iterable[Stored]) -> None:
        """Take the sketch of every version that was not seen before."""
        for _, version in stored:
            if version.id not in self._sketches:
                self._sketches[version.id] = _sketch(Text.of(await list_passage_texts(session, version.id)).syllables)

    async def find_twin(self, session: AsyncSession, stored: Sequence[Stored], text: Text) -> _Twin | None:
        """The document whose current text is the same, or the most alike of those that are alike enough."""
        for one in stored:
            if one[1].text_fold_hash == text.digest:
                return _Twin(*one, same_figures=True)
        await self.remember(session, stored)
        own = _sketch(text.syllables)
        best: _Twin | None = None
        likeness = 0.0
        for one in stored:
            other = self._sketches[one[1].id]
            # Texts cannot share more syllables in order than their sketches share: what fails here need not be read.
            if int(np.minimum(own, other).sum()) * 2 < SAME_TEXT * int(own.sum() + other.sum()):
                continue
            known = Text.of(await list_passage_texts(session, one[1].id))
            alike = Indel.normalized_similarity(text.syllables, known.syllables, score_cutoff=SAME_TEXT)
            if alike >= SAME_TEXT and alike > likeness:
                best, likeness = _Twin(*one, same_figures=known.figures == text.figures), alike
        return best


def _sketch(words: Iterable[str]) -> NDArray[np.uint32]:
    """(256,) how many of the syllables fall in each bin."""
    return np.bincount([crc32(word.encode()) % _BINS for word in words] or [0], minlength=_BINS).astype(np.uint32)
