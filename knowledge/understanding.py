"""A file's lines → everything that is kept of a document."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.extraction.assignments import extract_assignments
from knowledge.extraction.header import Header, read_header
from knowledge.extraction.relations import extract_abbreviations, extract_relations
from knowledge.extraction.results import extract_results
from knowledge.extraction.targets import extract_targets
from knowledge.facts import Abbreviation, Assignment, Relation, Result, Target
from knowledge.passages import Passage, split_passages
from knowledge.reading import ReadFile
from knowledge.structure import Structure, parse


@dataclass(frozen=True, slots=True)
class Understood:
    """What one text says, as data. `header` is what it prints of itself; nothing in it is guessed."""

    structure: Structure
    header: Header
    passages: tuple[Passage, ...]
    targets: tuple[Target, ...]
    results: tuple[Result, ...]
    assignments: tuple[Assignment, ...]
    relations: tuple[Relation, ...]
    abbreviations: tuple[Abbreviation, ...]


def understand_document(read: ReadFile, *, dated: str = "") -> Understood:
    """Read the structure and the facts. `dated` (ISO, may be a month) is the day supplied for the document: reported
    figures that name none are of that day; without it the day that the text itself prints."""
    structure = parse(read.lines)
    header = read_header(structure, read.lines)
    paragraphs = structure.paragraphs
    as_of = dated or header.held_on or header.issued_on
    return Understood(
        structure=structure,
        header=header,
        passages=tuple(split_passages(paragraphs)),
        targets=tuple(extract_targets(paragraphs)),
        results=tuple(extract_results(paragraphs, kind=structure.kind, as_of=as_of)),
        assignments=tuple(extract_assignments(paragraphs, title=structure.subject)),
        relations=tuple(extract_relations(paragraphs)),
        abbreviations=tuple(extract_abbreviations(paragraphs)),
    )
