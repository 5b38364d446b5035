"""Answers in a person's words, approved for a question that means the same: they come before everything else."""

from __future__ import annotations

from knowledge import wording
from knowledge.answer import LIST_LIMIT, Answer, AnswerKind, Library, cite, compose, notices
from knowledge.approved import Approved
from knowledge.question import Question


def reply(library: Library, question: Question) -> Answer | None:
    """The approved answer with who approved it when, and the words of its source; None when there is none."""
    found = library.approved.find(question)
    return None if found is None else answer_of(library, found, question)


def answer_of(library: Library, approved: Approved, question: Question) -> Answer:
    """An approved answer as it is said; its source must hold."""
    paragraph = next(one for one in library.catalogue.paragraphs_at(approved.document, approved.clause) if approved.quote in one.text)
    lines = [
        *approved.answer.split("\n"),
        wording.approved_by(approved.author, approved.agency, approved.approved_on),
        wording.source_line(library.document(approved.document), approved.clause, paragraph.page),
        wording.quoted(approved.quote),
        *notices(library, [approved.document]),
    ]
    return Answer(
        AnswerKind.APPROVED,
        True,
        compose(lines, limit=LIST_LIMIT),
        (cite(library, paragraph, approved.quote),),
        topic=question.topic,
        years=question.years,
    )
