"""What reading a document's layout yields: paragraphs with their place in the heading tree."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.reading import Line

OPENING, RECIPIENTS, SIGNATURE = "mở đầu", "nơi nhận", "chữ ký"


class ParagraphKind(StrEnum):
    TITLE = "title"
    HEADING = "heading"
    BULLET = "bullet"
    PLAIN = "plain"
    ROW = "row"
    NOTE = "note"
    RECIPIENT = "recipient"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a document, broken lines joined, note marks and page numbers lifted out.

    `clause` is the path as printed: «II.2.2.a», «III.5.1», «4.a», «Điều 3.1.b», «Phụ lục I.2», «mở đầu», «nơi nhận»,
    «chữ ký», «I.1 chú thích 2»; a heading without a number is named by its first words («Mục tiêu.Hạ tầng số»).
    `marker` is what stood in front («-», «a)», «2.2.», «II.»); `text` comes without it.
    `headings` are the texts of the headings above it, outermost first, without markers.
    A heading that runs on as a sentence («a) Người đứng đầu các sở … phải …») is a paragraph of kind HEADING too.
    """

    ordinal: int
    kind: ParagraphKind
    clause: str
    headings: tuple[str, ...]
    marker: str
    text: str
    page: int | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Structure:
    """A document's paragraphs in reading order. `kind` («Kế hoạch») and `subject` come from the title lines."""

    kind: str
    subject: str
    paragraphs: tuple[Paragraph, ...]


@dataclass(slots=True)
class Draft:
    """A paragraph being gathered: `level` and `label` place a heading in the tree (see `knowledge.layout.markers`)."""

    kind: ParagraphKind
    text: str
    last: Line
    page: int | None
    notes: list[str] = field(default_factory=list)
    marker: str = ""
    level: int = -1
    label: str = ""
    style: int = 0  # the heading level that the format knows


def start_draft(kind: ParagraphKind, line: Line, text: str | None = None) -> Draft:
    """A paragraph that begins with this line; `text` where a marker was taken off it."""
    return Draft(kind, line.text if text is None else text, line, line.page, [label for _, label in line.marks], style=line.heading)
