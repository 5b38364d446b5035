"""Rows → the library that answers: the catalogue of what is in force, and its index from the folder or built anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.current import Current, CurrentDocument, CurrentFact, has_approved, load_current
from db.documents import Audience, DocumentState
from knowledge.answer import Library, make_terms, search_texts
from knowledge.approved import Approved
from knowledge.catalogue import Catalogue, DocumentInfo, Held, PassageInfo
from knowledge.citations import number_key
from knowledge.dates import VIETNAM
from knowledge.encoder import Encoder, load_encoder
from knowledge.facts import Abbreviation, Assignment, Comparator, Recurrence, Relation, RelationKind, Result, Target
from knowledge.index import IndexStale, SearchIndex, fingerprint
from knowledge.terms import Terms

if TYPE_CHECKING:
    from db.approved import CurrentApproved


async def load_library(session: AsyncSession, *, index_folder: Path, encoder: Encoder | None = None, officials: bool = True) -> Library:
    """The library of what may be answered from; `officials` tells whether internal documents belong to it."""
    current, approved = await load_current(session), []
    if await has_approved(session):
        from db.approved import load_approved

        approved = approved_of(await load_approved(session))
    return make_library(current, index_folder=index_folder, encoder=encoder or load_encoder(), officials=officials, approved=approved)


def make_library(
    current: Current, *, index_folder: Path, encoder: Encoder, officials: bool = True, approved: Iterable[Approved] = ()
) -> Library:
    """The library of rows that were read, its index taken from the folder or built anew and kept there."""
    catalogue = catalogue_of(current, officials=officials)
    terms = make_terms(catalogue)
    # Two audiences see different passages: in one folder each would throw the other's index away.
    folder = index_folder if officials else index_folder / "public"
    return Library.over(catalogue, open_index(catalogue, terms, folder, encoder), terms, approved)


def approved_of(rows: Iterable[CurrentApproved]) -> list[Approved]:
    """Rows as the values that answering works with; a day is a day here."""
    return [
        Approved(
            one.id,
            one.question,
            one.answer,
            one.document_id,
            one.clause,
            one.quote,
            one.author,
            one.agency,
            one.approved_at.astimezone(VIETNAM).date(),
        )
        for one in rows
    ]


async def prepare_index(session: AsyncSession, *, index_folder: Path, encoder: Encoder | None = None) -> None:
    """Bring the index of all passages up to date, so that the next process finds it ready."""
    catalogue = catalogue_of(await load_current(session))
    open_index(catalogue, make_terms(catalogue), index_folder, encoder or load_encoder())


def open_index(catalogue: Catalogue, terms: Terms, folder: Path, encoder: Encoder) -> SearchIndex:
    """The index kept in the folder when it is of these passages and this encoder; else a new one, kept for the next time."""
    expected = fingerprint(encoder.name, ((one.id, f"{' '.join(one.headings)} {one.text}") for one in catalogue.passages.values()))
    try:
        return SearchIndex.load(folder, encoder, expected=expected)
    except IndexStale:
        index = SearchIndex.build(search_texts(catalogue, terms), encoder)
        index.fingerprint = expected
        index.save(folder)
        return index


def catalogue_of(current: Current, *, officials: bool = True) -> Catalogue:
    """Light rows as the values that answering works with."""
    chosen = [one for one in current.documents if officials or one.audience is Audience.PUBLIC]
    by_version = {one.version_id: one.id for one in chosen}
    files = cited_files(current)
    relations = _held(current.relations, by_version, Relation, kind=RelationKind)
    replaced = _replacements(chosen, relations)
    return Catalogue(
        (_document(one, files.get(one.version_id, ""), replaced.get(one.id, "")) for one in chosen),
        (
            PassageInfo(
                one.id, by_version[one.version_id], one.paragraph, one.kind, one.clause, tuple(one.headings), one.marker, one.text, one.page
            )
            for one in current.passages
            if one.version_id in by_version
        ),
        _held(current.targets, by_version, Target, comparator=Comparator),
        _held(current.results, by_version, Result),
        _held(current.assignments, by_version, Assignment, recurrence=lambda values: tuple(Recurrence(one) for one in values)),
        relations,
        (Abbreviation(one.fields["short"], one.fields["long"]) for one in current.abbreviations if one.version_id in by_version),
    )


def cited_files(current: Current) -> dict[int, str]:
    """Version id → the name of the file that answers cite: the one that came first, whose words and pages were read."""
    files: dict[int, str] = {}
    for rendition in current.renditions:
        files.setdefault(rendition.version_id, rendition.file_name)
    return files


def _document(one: CurrentDocument, file: str, superseded_by: str) -> DocumentInfo:
    return DocumentInfo(
        id=one.id,
        number=one.number or "",
        issued_on=one.issued_on or "",
        held_on=one.held_on or "",
        kind=one.kind,
        issuer=one.issuer,
        subject=one.subject,
        file=file,
        sample=one.sample,
        superseded_by=superseded_by,
        internal=one.audience is Audience.OFFICIALS,
        provenance={name: origin.value for name, origin in one.provenance.items()},
    )


def _held(rows: Iterable[CurrentFact], by_version: dict[int, int], shape: type[Any], **convert: Any) -> list[Any]:
    held = []
    for row in rows:
        if row.version_id in by_version:
            fields = {name: convert[name](value) if name in convert else value for name, value in row.fields.items()}
            held.append(Held(by_version[row.version_id], shape(**fields)))
    return held


def _replacements(documents: list[CurrentDocument], relations: list[Held[Relation]]) -> dict[int, str]:
    """Which document was replaced by which: as a person said when it came, or as another document says."""
    names = {one.id: one.number or one.subject for one in documents}
    replaced = {one.id: names.get(one.superseded_by or 0, "văn bản mới hơn") for one in documents if one.state is DocumentState.SUPERSEDED}
    numbers = {number_key(one.number): one.id for one in documents if one.number}
    for held in relations:
        older = numbers.get(number_key(held.fact.older))
        if held.fact.kind is RelationKind.REPLACES and older is not None and older != held.document:
            replaced.setdefault(older, held.fact.newer or names.get(held.document, ""))
    return replaced
