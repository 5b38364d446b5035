"""The doer that headings, or the words that introduce a list, give the items below them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from knowledge.agencies import find_agencies
from knowledge.extraction.roles import Run, Subject, find_coordinating, find_runs, find_subject, is_only_agencies
from knowledge.extraction.sentences import clauses, sentences
from knowledge.structure import Paragraph, ParagraphKind
from knowledge.text import fold

# «Sở Y tế chủ trì, phối hợp với …:» says who and with whom, and nothing yet of what.
_ROLES = re.compile(
    r"(?:[\W_]|\b(?:chu tri|phoi hop|voi|cung|va|cac|lien quan|chat che|thuc hien|trien khai|to chuc|tham muu|co trach nhiem"
    r"|chiu trach nhiem|tap trung|khan truong)\b)*"
)


@dataclass(frozen=True, slots=True)
class Doer:
    """Who leads and who works with them; `marker` is that of the bullet that says so, empty for a heading or a paragraph."""

    lead: Run = ()
    coordinating: Run = ()
    marker: str = ""


@dataclass(slots=True)
class Introduced:
    """The doers that paragraphs name for what follows in their clause; they are forgotten where it ends, since an annex may
    count its clauses anew."""

    _of_clause: dict[str, Doer] = field(default_factory=dict)

    def enter(self, paragraph: Paragraph) -> None:
        """Leave the clauses and bullets that this paragraph ends."""
        self._of_clause = {
            clause: doer
            for clause, doer in self._of_clause.items()
            if f"{paragraph.clause}.".startswith(f"{clause}.") and not (doer.marker and doer.marker == _marker(paragraph))
        }

    def introduce(self, paragraph: Paragraph) -> bool:
        """Remember whom a paragraph names; true if it does nothing else («Sở Y tế:»)."""
        lead = is_only_agencies(paragraph.text)
        if lead:
            if paragraph.kind is not ParagraphKind.HEADING:
                self._of_clause[paragraph.clause] = Doer(lead, (), _marker(paragraph))
            return True
        if paragraph.text.rstrip().endswith(":") and (doer := _introducing(paragraph)):
            self._of_clause[paragraph.clause] = doer
        return False

    def doer_of(self, paragraph: Paragraph) -> Doer:
        """The doer that stands above a paragraph, the nearest first: words before the list, headings, outer clauses."""
        own = self._of_clause.get(paragraph.clause)
        if own and paragraph.kind is not ParagraphKind.HEADING:
            return own
        for heading in reversed(paragraph.headings):
            if lead := is_only_agencies(heading):
                return Doer(lead)
            runs = find_runs(heading)
            if subject := find_subject(heading, runs):
                return Doer(subject.lead, find_coordinating(heading, runs))
        clause = paragraph.clause
        while clause:
            if doer := self._of_clause.get(clause):
                return doer
            clause = clause.rpartition(".")[0]
        return Doer()


def _marker(paragraph: Paragraph) -> str:
    return paragraph.marker if paragraph.kind is ParagraphKind.BULLET else ""


def _introducing(paragraph: Paragraph) -> Doer | None:
    """The doer that words before a list name: «…; yêu cầu ngành Y tế tập trung các nhiệm vụ sau:», «Sở Y tế chủ trì:»."""
    text = paragraph.text
    last = clauses(text, sentences(text)[-1])[-1]
    words = text[last[0] : last[1]]
    runs = find_runs(words)
    subject = find_subject(words, runs)
    if not subject or subject.lead[0].kind in {"leadership", "national"}:
        return None
    if re.search(r"\b(?:sau|gom)\b", fold(words)[-40:]):
        return Doer(subject.lead)
    if _names_only_roles(words, subject):
        return Doer(subject.lead, find_coordinating(words, runs), _marker(paragraph))
    return None


def _names_only_roles(words: str, subject: Subject) -> bool:
    rest = words[subject.end :]
    for mention in reversed(find_agencies(rest)):
        rest = rest[: mention.start] + rest[mention.end :]
    return _ROLES.fullmatch(fold(rest)) is not None
