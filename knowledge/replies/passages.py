"""Answers in the document's own words: the sentence that says it, its source, and what it says of who and when."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from knowledge import wording
from knowledge.agencies import find_agencies
from knowledge.answer import LIST_LIMIT, TEXT_LIMIT, Answer, AnswerKind, Library, cite, compose, notices
from knowledge.asks import Ask
from knowledge.catalogue import Held, ParagraphText
from knowledge.citations import find_citations, number_key
from knowledge.concepts import coverage
from knowledge.extraction.results import split_sentences
from knowledge.facts import Assignment, Result
from knowledge.figures import find_figures, value_of
from knowledge.matching import counts_the_same
from knowledge.question import Question
from knowledge.replies import outlines
from knowledge.statements import (
    QUOTE_LIMIT,
    Statement,
    focus,
    has_date,
    has_money,
    has_rank,
    quote_around,
)
from knowledge.structure import OPENING
from knowledge.text import fold

# A sentence answers when it holds this much of what is asked (own words and those around it, by rarity).
HELD = 0.5
# Another document's sentence is shown beside the best one when it fits nearly as well.
_BESIDE = 0.07
_NEAR = 0.3
_NEARLY, _AHEAD = 0.4, 0.12
_LEADS = re.compile(r"\s*(?:la |se |duoc giao )?(?:chu tri|phu trach|dau moi|chiu trach nhiem)\b")
_MEETING = re.compile(r"\b(?:hop|hoi nghi|buoi lam viec|dien ra)\b")


def reply(library: Library, question: Question, found: list[Statement]) -> Answer | None:
    """The best sentence with its source; sentences of other documents that fit as well stand beside it, newest first.
    None when nothing found holds what is asked."""
    # Figures set against each other are found by themselves; of the words about them a part will do.
    shown = _chosen(question, [one for one in found if one.near >= _NEAR and not one.missing])
    if not shown:
        good = [one for one in found if holds(library, question, one)] or _standing_out(library, question, found)
        if not good:
            return None
        shown = [good[0], *_others(library, question, good[0], good[1:])]
    differing: list[str] = []
    if len(shown) > 1 and question.wants(Ask.FIGURE, Ask.RESULT, Ask.DIFFERENCE, Ask.SERIES):
        shown.sort(key=lambda one: library.document(one.paragraph.document).dated, reverse=True)
        differing = _differing(library, question, shown)
    limit = LIST_LIMIT if question.wants(Ask.WHO, Ask.TASKS, Ask.SERIES, Ask.DIFFERENCE) else TEXT_LIMIT
    lines: list[str] = differing
    citations = []
    for statement in shown:
        paragraph = statement.paragraph
        outline = outlines.reply(library, question, paragraph) if len(shown) == 1 else None
        if outline is not None:
            return outline
        quote = quote_around(paragraph, focus(question, statement.text, library.terms, limit=QUOTE_LIMIT))
        lines.append(_lead(library, question, statement))
        lines.append(wording.quoted(quote))
        lines.append(_source(library, paragraph))
        citations.append(cite(library, paragraph, quote))
    if (
        question.claims
        and re.search(r"[%/]|qu[ýí]", question.claims[0], re.IGNORECASE)
        and question.wants(Ask.CONFIRM)
        and ("%" in question.claims[0] or any(has_date(one.text) or "/" in one.text for one in shown))
        and not any(_plain_figure(claim) in _plain_figure(one.text).replace(" %", "%") for claim in question.claims for one in shown)
    ) or _is_reported_otherwise(library, question, shown):
        lines.insert(0, wording.WRONG_CLAIM.format(claim=question.claims[0]))
    text = compose([*lines, *notices(library, (one.paragraph.document for one in shown))], limit=limit)
    # The task is there, but who leads it is not: that is what was asked.
    answered = not (wording.NO_LEAD in lines and question.wants(Ask.WHO))
    kind = _kind(question, shown) if answered else AnswerKind.NONE
    return Answer(kind, answered, text, tuple(citations), topic=question.topic, years=question.years)


def _standing_out(library: Library, question: Question, found: list[Statement]) -> list[Statement]:
    """The first sentence where it says nearly enough and no other is anywhere near; it must state what kind of thing is asked."""
    if not found or not question.wants(Ask.FIGURE, Ask.WHEN, Ask.WHICH_YEAR, Ask.WHO):
        return []
    ahead = found[0].score - (found[1].score if len(found) > 1 else 0.0)
    return found[:1] if ahead >= _AHEAD and holds(library, question, found[0], least=_NEARLY) else []


def holds(library: Library, question: Question, statement: Statement, *, least: float = HELD) -> bool:
    """Whether a sentence (with its paragraph and headings) really holds the thing asked."""
    text = statement.paragraph.text
    # A sentence that names the document asked about is about it, whatever else it calls it.
    needed = min(least, _NEAR) if _cited_abroad(question) and _names_what_is_cited(question, text) else least
    if statement.missing or statement.near < needed:
        return False
    if question.wants(Ask.MONEY) and not has_money(text):
        return False
    if question.wants(Ask.CONTACT) or not _is_of_the_thing(question, statement, library):
        return False
    if question.wants(Ask.WHICH_YEAR) and not re.search(r"\b(?:19|20)\d\d\b", statement.text):
        return False
    if question.wants(Ask.WHEN) and not (has_date(text) or question.wants(Ask.FIGURE)):
        return False
    if question.wants(Ask.FIGURE) and not question.wants(Ask.WHEN, Ask.WHO) and not _states_figure(text):
        return False
    if question.wants(Ask.FIGURE) and question.wants(Ask.RESULT) and not _states_figure(statement.text):
        return False
    if _asks_share(question) and "%" not in text:
        return False
    if question.wants(Ask.RANK) and not has_rank(text):
        return False
    if question.wants(Ask.FIGURE) or question.years:
        profile = library.terms.profile(" ".join((*statement.paragraph.headings, text)))
        if not counts_the_same(question.content.head, profile, library.terms):
            return False
    if not _names_what_is_cited(question, text):
        return False
    ahead = [year for year in question.years if year > library.newest_year()]
    around = " ".join((*statement.paragraph.headings, text if len(text) <= QUOTE_LIMIT else statement.text))
    return all(str(year) in around for year in ahead)


def _cited_abroad(question: Question) -> list[str]:
    """Full numbers in a question of documents that are not in store."""
    return [number for number in question.cited if ("-" in number or "/" in number) and not question.documents]


def _names_what_is_cited(question: Question, text: str) -> bool:
    wanted = set(map(number_key, _cited_abroad(question)))
    return not wanted or bool(wanted & {number_key(one.number) for one in find_citations(text)})


def _is_of_the_thing(question: Question, statement: Statement, library: Library) -> bool:
    """A name alone is no answer: besides the names, some of what is asked about them must be there."""
    rest = [concept for concept in question.content.concepts if not concept.named]
    if not rest or len(rest) == len(question.content.concepts):
        return True
    profile = library.terms.profile(" ".join((*statement.paragraph.headings, statement.paragraph.text)))
    return sum(coverage(concept, profile) * concept.weight for concept in rest) >= 0.5 * sum(concept.weight for concept in rest)


def _states_figure(text: str) -> bool:
    return bool(find_figures(text)) or re.search(r"(?<![\w/.-])\d+/\d+(?!/)", text) is not None


def _asks_share(question: Question) -> bool:
    return "%" in question.text or "phan tram" in question.folded or "bao nhieu pt" in question.folded


def refusal(library: Library, question: Question, found: Iterable[Statement]) -> Answer:
    """Nothing holds what is asked: said so, with what is nearest where something is near."""
    head = wording.NO_CONTACT if question.wants(Ask.CONTACT) else wording.NO_MONEY if question.wants(Ask.MONEY) else wording.NO_EVIDENCE
    near = [one for one in found if one.near >= 0.45 and not one.missing][:1]
    if near and question.wants(Ask.WHEN) and near[0].near >= HELD and assignments_at(library, near[0]):
        head = wording.NO_DEADLINE  # the task is there, its day is not
    lines, citations = [head], []
    for one in near:
        quote = quote_around(one.paragraph, one.text, limit=240)
        lines.append(f"{wording.NEAREST} {wording.quoted(quote)}")
        lines.append(_source(library, one.paragraph))
        citations.append(cite(library, one.paragraph, quote))
    return Answer(AnswerKind.NONE, False, compose(lines), tuple(citations), topic=question.topic, years=question.years)


def _is_reported_otherwise(library: Library, question: Question, shown: list[Statement]) -> bool:
    """Whether another figure is reported of the thing than the one supposed: «đạt 77%, vượt mục tiêu ≥ 70%» is not 70%."""
    supposed = value_of(question.claims[0]) if question.wants(Ask.CONFIRM) and question.claims else None
    if supposed is None:
        return False
    share = question.claims[0].endswith("%")
    facts = [one.fact for one in _reported_in(library, question, shown) if (one.fact.unit == "%") == share]
    return bool(facts) and all(fact.value != supposed for fact in facts)


def _reported_in(library: Library, question: Question, shown: list[Statement]) -> list[Held[Result]]:
    """The reported result of the thing asked in each of the sentences that hold one."""
    reported: list[Held[Result]] = []
    ranked = library.reported.rank(question)
    for statement in shown:
        place = (statement.paragraph.document, statement.paragraph.ordinal)
        of_it = (one for one in ranked if (one.held.document, one.held.fact.paragraph) == place)
        best = next((one.held for one in of_it if one.covered >= HELD and one.held.fact.printed in statement.paragraph.text), None)
        if best is not None:
            reported.append(best)
    return reported


def _differing(library: Library, question: Question, shown: list[Statement]) -> list[str]:
    """The figures that the sentences report of one thing, newest first, and that they differ; nothing where they agree."""
    reported = _reported_in(library, question, shown)
    if len({one.fact.value for one in reported}) < 2 or len({fold(one.fact.unit) for one in reported}) > 1:
        return []
    figures = "; ".join(wording.reported_figure(one.fact, library.document(one.document)) for one in reported)
    return [f"{figures}.", wording.DIFFERENT_TIMES]


def _chosen(question: Question, good: list[Statement]) -> list[Statement]:
    """One sentence for each of the figures or dates that the question sets against each other."""
    shown = []
    for choice in question.choices:
        wanted = _plain_figure(choice)
        pattern = re.compile(rf"(?<![\d/.,]){re.escape(wanted)}(?!\d|/(?!20\d\d)|[.,]\d)")
        one = next((one for one in good if pattern.search(_plain_figure(one.paragraph.text))), None)
        if one is not None:
            text = next((part for part in split_sentences(one.paragraph.text) if pattern.search(_plain_figure(part))), one.text)
            text = _around(text, pattern)
            shown.append(replace(one, text=text))
    return shown if len(shown) == len(question.choices) else []


def _around(text: str, pattern: re.Pattern[str]) -> str:
    """A run of a long sentence that holds the figure."""
    while len(text) > QUOTE_LIMIT:
        half = text.find(" ", len(text) // 2)
        third = text.find(" ", len(text) // 3)
        shorter = next((part for part in (text[: half + 1], text[third + 1 :]) if pattern.search(_plain_figure(part))), None)
        if half < 0 or third < 0 or shorter is None:
            break
        text = shorter.strip()
    return text


def _plain_figure(text: str) -> str:
    return re.sub(r"\b0(?=\d)", "", fold(text)).replace("qui ", "quy ")


def _others(library: Library, question: Question, best: Statement, rest: list[Statement]) -> list[Statement]:
    """Further sentences worth showing: of other documents first, of the same one only when its figures differ."""
    several = question.wants(Ask.DIFFERENCE, Ask.SERIES, Ask.RESULT)
    if len(question.documents) > 1:
        asked = [
            next((one for one in rest if one.paragraph.document == document), None)
            for document in question.documents
            if document != best.paragraph.document
        ]
        return [one for one in asked if one is not None]
    if question.wants(Ask.WHO, Ask.TASKS, Ask.WHEN) and not question.wants(Ask.DIFFERENCE, Ask.SERIES):
        return []
    near = [one for one in rest if one.score >= best.score - _BESIDE * (2.5 if several else 1)]
    documents = {best.paragraph.document}
    shown: list[Statement] = []
    for one in near:
        if one.paragraph.document not in documents:
            shown.append(one)
            documents.add(one.paragraph.document)
    if question.wants(Ask.DIFFERENCE, Ask.SERIES) and not shown:
        shown = [one for one in near if _numbers(one.text) != _numbers(best.text)][:1]
    return shown[: 2 if several else 1]


def _numbers(text: str) -> set[str]:
    return set(re.findall(r"\d[\d.,/]*", text))


def _supposed_leads(question: Question) -> list[str]:
    """The agencies that a question supposes to lead: who stands before «chủ trì»; else, of several, all but the first."""
    named = [one for one in question.agencies if not one.is_group]
    leads = [one.name for one in named if _LEADS.match(question.folded, one.end)]
    return leads or [one.name for one in named[1:] or named]


def _lead(library: Library, question: Question, statement: Statement) -> str:
    """The fact in front: who leads, or by when; for the rest the quote itself is the fact."""
    tasks = assignments_at(library, statement)
    lines: list[str] = []
    if question.wants(Ask.WHO, Ask.CONFIRM):
        lead = tasks[0].lead if tasks else ()
        claimed = _supposed_leads(question)
        if question.wants(Ask.CONFIRM) and claimed and not _are_in(claimed, lead, statement.paragraph.text):
            lines.append(wording.WRONG_CLAIM.format(claim=claimed[0]))
        if lead:
            lines.append(wording.DOERS.format(doers=", ".join(lead)))
            if tasks[0].coordinating:
                lines.append(f"Phối hợp: {', '.join(tasks[0].coordinating)}.")
        elif tasks and not find_agencies(statement.text):
            lines.append(wording.NO_LEAD)
    if question.wants(Ask.WHEN):
        due = [task.due_text for task in tasks if task.due_text]
        if due:
            lines.append(f"Thời hạn: {'; '.join(dict.fromkeys(due))}.")
        held_on = library.document(statement.paragraph.document).held_on
        if held_on and statement.paragraph.clause == OPENING and _MEETING.search(question.folded):
            lines.append(wording.HELD_ON.format(day=wording.spoken_date(held_on)))
    return "\n".join(lines)


def _are_in(claimed: list[str], lead: tuple[str, ...], text: str) -> bool:
    """Whether what is claimed leads the task; where nobody does, whether the text names it at all."""
    return bool(set(claimed) & set(lead)) if lead else bool(set(claimed) & {one.name for one in find_agencies(text)})


def assignments_at(library: Library, statement: Statement) -> list[Assignment]:
    """The assignments read from the sentence's paragraph, those that share its words first."""
    tasks = library.catalogue.assignments_of.get((statement.paragraph.document, statement.paragraph.ordinal), [])
    return sorted(tasks, key=lambda task: statement.text[:60] not in task.quote and task.quote[:60] not in statement.text)


def _source(library: Library, paragraph: ParagraphText) -> str:
    return wording.source_line(library.document(paragraph.document), paragraph.clause, paragraph.page)


def _kind(question: Question, shown: list[Statement]) -> AnswerKind:
    if question.wants(Ask.WHEN):
        return AnswerKind.DEADLINE
    if question.wants(Ask.WHO, Ask.TASKS):
        return AnswerKind.ASSIGNMENT
    if question.wants(Ask.RESULT):
        return AnswerKind.RESULT
    return AnswerKind.PASSAGE
