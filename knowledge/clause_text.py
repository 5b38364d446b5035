"""A whole clause in its document's own words, in pages short enough for a chat."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.answer import Citation, Library
from knowledge.catalogue import ParagraphText

PAGE = 1000  # characters; one paragraph alone may be longer when no sentence ends before
_NOTE = " chú thích "
_SENTENCE_ENDS = (". ", "; ", ", ", " ")


@dataclass(frozen=True, slots=True)
class ClauseLine:
    """A paragraph, or a piece of a long one; `cited` are the words of it that an answer quoted."""

    kind: str
    marker: str
    text: str
    page: int | None
    cited: str = ""


@dataclass(frozen=True, slots=True)
class ClausePages:
    """A clause in pages; `start` is the page that holds the cited words. `headings` stand above the clause, outermost first."""

    clause: str
    headings: tuple[str, ...]
    pages: tuple[tuple[ClauseLine, ...], ...]
    start: int


def paragraphs_of(library: Library, document: int, clause: str) -> list[ParagraphText]:
    """The paragraphs of a clause, its heading first, with its sub-clauses and notes, in the document's order."""
    found = [one for (id_, _), one in library.catalogue.paragraphs.items() if id_ == document and _is_within(one.clause, _whole(clause))]
    return sorted(found, key=lambda one: one.ordinal)


def holds_more(library: Library, citation: Citation) -> bool:
    """Whether a clause says anything besides the words cited of it."""
    paragraphs = paragraphs_of(library, citation.document.id, citation.clause)
    return any(one.kind != "heading" and one.text.strip() not in citation.quote for one in paragraphs)


def clause_pages(library: Library, citation: Citation, *, length: int = PAGE) -> ClausePages | None:
    """The clause that a citation stands in; None when today's documents have none of that name."""
    paragraphs = paragraphs_of(library, citation.document.id, citation.clause)
    if not paragraphs:
        return None
    lines = [line for one in paragraphs for line in _pieces(one, citation.quote, length)]
    pages: list[list[ClauseLine]] = [[]]
    filled = 0
    for line in lines:
        if pages[-1] and filled + len(line.text) > length:
            # A heading goes with what stands below it.
            last = [pages[-1].pop()] if len(pages[-1]) > 1 and pages[-1][-1].kind == "heading" else []
            pages.append(last)
            filled = sum(len(one.text) for one in last)
        pages[-1].append(line)
        filled += len(line.text)
    start = next((number for number, page in enumerate(pages) if any(one.cited for one in page)), 0)
    return ClausePages(_whole(citation.clause), paragraphs[0].headings, tuple(map(tuple, pages)), start)


def _whole(clause: str) -> str:
    """The clause that a note belongs to: «I.1 chú thích 4» → «I.1»."""
    return clause.split(_NOTE)[0]


def _is_within(clause: str, whole: str) -> bool:
    return clause == whole or clause.startswith((f"{whole}.", f"{whole}{_NOTE}"))


def _pieces(paragraph: ParagraphText, quote: str, length: int) -> list[ClauseLine]:
    """A paragraph, cut after a sentence where it is too long, never within the cited words."""
    text = paragraph.text
    start = text.find(quote) if quote else -1
    # Cited may also be a run over several paragraphs: then the whole of each.
    cited = (start, start + len(quote)) if start >= 0 else (0, len(text)) if quote and text.strip() and text in quote else (0, 0)
    lines: list[ClauseLine] = []
    at = 0
    while at < len(text):
        end = _end_of_piece(text, at, length, cited)
        words = text[max(at, cited[0]) : min(end, cited[1])]
        lines.append(ClauseLine(paragraph.kind, "" if at else paragraph.marker, text[at:end].strip(), paragraph.page, words.strip()))
        at = end
    return lines


def _end_of_piece(text: str, at: int, length: int, cited: tuple[int, int]) -> int:
    if len(text) - at <= length:
        return len(text)
    limit = at + length
    for ending in _SENTENCE_ENDS:
        end = text.rfind(ending, at + length // 3, limit)
        if end >= 0 and not cited[0] < end + len(ending) < cited[1]:
            return end + len(ending)
    # The cited words themselves stand there: the piece ends with them.
    return cited[1] if cited[0] < limit < cited[1] else limit
