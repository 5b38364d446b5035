"""What a follow-up wants of the last answer: its source, one of its items, or the rest of its list."""

from __future__ import annotations

import re

from knowledge import wording
from knowledge.answer import LIST_LIMIT, Answer, AnswerKind, Library, compose
from knowledge.question import Question
from knowledge.talk import Talk, says_little

_MORE = re.compile(
    r"(?:xem|cho xem|liet ke|ke)?\s*(?:them|tiep|het|nua)(?: di| nhe| nua| voi)*|con (?:gi|viec gi|nua) (?:nua )?khong|con nua khong"
)
_SOURCE = re.compile(
    r"\b(?:van ban nao|o dau ra|(?:lay|ghi|nam|trich|noi) (?:o|tu) dau|nguon (?:nao|o dau|dau)|muc nao|"
    r"trang (?:may|nao)|can cu (?:dau|nao)|"
    r"dan chung)\b"
)
_ORDINAL = re.compile(r"\b(?:cai|so|muc|viec|van ban|chi tieu|y) (?:thu )?(nhat|dau(?: tien)?|hai|ba|sau cung|cuoi(?: cung)?|[123])\b")
_PLACE = {"nhat": 0, "dau": 0, "dau tien": 0, "1": 0, "hai": 1, "2": 1, "ba": 2, "3": 2, "sau cung": -1, "cuoi": -1, "cuoi cung": -1}
_WORDS = 9  # a longer message asks something of its own
_LINES = 8


def reply(library: Library, question: Question, talk: Talk) -> Answer | None:
    """The rest of the list, or where the last answer stands; None when a message asks something else."""
    folded = question.folded.strip(" ?!.")
    if _MORE.fullmatch(folded) and (talk.rest or talk.cited):
        return _rest(library, talk)
    if len(folded.split()) > _WORDS or not talk.cited or not all(says_little(one, library) for one in question.content.concepts):
        return None
    ordinal = _ORDINAL.search(folded)
    if not ordinal and not _SOURCE.search(folded):
        return None
    kept = [citation for one in talk.cited if (citation := one.citation(library)) is not None]
    if ordinal:
        at = _PLACE[ordinal.group(1)]
        kept = kept[at : at + 1 or None] if at < len(kept) else []
    if not kept:
        return None
    lines = [line for one in kept for line in (wording.quoted(one.quote), wording.source_line(one.document, one.clause, one.page))]
    return Answer(
        AnswerKind.PASSAGE, True, compose(lines, limit=LIST_LIMIT), tuple(kept), topic=talk.subject, years=talk.years, numbers=talk.numbers
    )


def _rest(library: Library, talk: Talk) -> Answer:
    kept = [(line, citation) for line, one in talk.rest if (citation := one.citation(library)) is not None]
    if not kept:
        return Answer(AnswerKind.NONE, False, wording.NO_MORE, topic=talk.subject, years=talk.years)
    shown, later = kept[:_LINES], kept[_LINES:]
    lines = [line for line, _ in shown]
    if later:
        lines.append(wording.MORE.format(count=len(later)))
    citations = tuple(citation for _, citation in shown)
    return Answer(
        AnswerKind.ASSIGNMENT, True, compose(lines, limit=LIST_LIMIT), citations, topic=talk.subject, years=talk.years, rest=tuple(later)
    )
