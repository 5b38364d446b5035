"""The door: a question and the talk so far in, an answer and the talk to remember out."""

from __future__ import annotations

from dataclasses import replace

from knowledge import wording
from knowledge.agencies import Mention, find_agencies
from knowledge.answer import LIST_LIMIT, Answer, AnswerKind, Library, compose
from knowledge.asks import Ask
from knowledge.catalogue import Held
from knowledge.concepts import is_held
from knowledge.facts import Target
from knowledge.figures import find_figures
from knowledge.indicators import Indicator, Match
from knowledge.matching import counts_the_same, find_match
from knowledge.messages import is_courtesy, split_message
from knowledge.question import Question, understand, without_agencies
from knowledge.replies import again, approved, identity, listings, passages, relations, tasks
from knowledge.replies import targets as target_replies
from knowledge.statements import Statement, shares_among, shares_whole
from knowledge.talk import Places, Talk, carry_over, remember
from knowledge.text import fold

_BARE = 0.9  # without a year or «chỉ tiêu», this much of the question must be an indicator's name
_WEIGHED = 10  # sentences that an answer is chosen from
_CLEARLY = 0.8  # so much says that it is this indicator whose result is wanted
_BESIDE_BEFORE, _BESIDE_AFTER = 90, 60  # characters around a figure that say what it counts
_RESULT_FITS = 0.6  # a reported result stands beside a target only when it clearly is of the same thing


def answer(library: Library, text: str, talk: Talk | None = None) -> tuple[Answer, Talk]:
    """Answer one question. Every figure given is a stored fact or stands in the quoted words."""
    if not library.catalogue.passages:
        return Answer(AnswerKind.NONE, False, wording.NO_DOCUMENTS), talk or Talk()
    if is_courtesy(text):
        return Answer(AnswerKind.NONE, False, wording.AT_YOUR_SERVICE), talk or Talk()
    parts = split_message(text)
    if len(parts) == 1:
        return _answer_one(library, parts[0], talk)
    found = []
    for part in parts:
        one, talk = _answer_one(library, part, talk)
        found.append(one)
    return _together(found), talk or Talk()


def answer_target(library: Library, held: Held[Target]) -> tuple[Answer, Talk]:
    """The answer about one target of the library, and the talk after it: as if it had been asked for by name and year."""
    question = understand(wording.target_question(held.fact), library.catalogue, library.terms)
    years = (held.fact.horizon_year,) if held.fact.horizon_year else ()
    # It is known which one is meant: whatever else its name may sound like is not asked.
    question = replace(question, asks=frozenset({Ask.TARGET}), years=years, agencies=(), documents=(), cited=(), claims=(), choices=())
    found = target_replies.one_target(library, question, held)
    return found, remember(question, found)


def answer_year(library: Library, indicator: Indicator, year: int) -> tuple[Answer, Talk]:
    """The answer for one year of an indicator that is known: no words of it could lead to another."""
    asked = understand(wording.ASK_YEAR.format(indicator=indicator.name, year=year), library.catalogue, library.terms)
    question = replace(
        asked,
        years=(year,),
        asks=frozenset({Ask.TARGET}),
        period=None,
        agencies=(),
        documents=(),
        cited=(),
        claims=(),
        choices=(),
        absent="",
    )
    match = Match(indicator, 1.0, 1.0, (), 1.0)
    reported = _reported(library, question, ()) if _may_be_reported(library, question) else []
    reported = [one for one in reported if _is_of(library, match, one)]
    found = target_replies.reply(library, question, [match], reported[0] if reported else None)
    return found, remember(question, found)


def _answer_one(library: Library, text: str, talk: Talk | None) -> tuple[Answer, Talk]:
    question = understand(text, library.catalogue, library.terms)
    if talk is not None:
        found = again.reply(library, question, talk)
        if found is not None:
            return found, remember(question, found).model_copy(update={"asked": talk.asked, "subject": talk.subject})
    # «các chỉ tiêu năm 2030» says all itself; «các chỉ tiêu hạ tầng» takes the year of the talk.
    listed = listings.reply(library, question) if question.years and listings.is_wanted(question) else None
    if listed is None and talk is not None and talk.subject:
        question = carry_over(library, question, talk)
    found = approved.reply(library, question)
    if found is not None:
        return found, remember(question, found)
    listed = listed or listings.reply(library, question)
    if listed is not None:
        return listed, remember(question, listed)
    if not question.content.concepts and not question.agencies and not question.documents and not question.cited:
        return Answer(AnswerKind.NONE, False, wording.ASK_MORE), talk or Talk()
    near = talk.places if talk is not None else ()
    found = _answer(library, question, near)
    return found, remember(question, found)


def _together(found: list[Answer]) -> Answer:
    """The answers to the questions of one message, numbered; each has its share of the room."""
    room = LIST_LIMIT // len(found) - 10
    texts = [f"{number}. {compose(one.text.split(chr(10)), limit=room)}" for number, one in enumerate(found, 1)]
    first = next((one for one in found if one.answered), found[0])
    citations = tuple(citation for one in found for citation in one.citations)
    return Answer(first.kind, first.answered, "\n\n".join(texts), citations, topic=found[-1].topic, years=found[-1].years)


def _answer(library: Library, question: Question, near: Places) -> Answer:
    if question.years and min(question.years) > library.newest_year() and not question.wants(Ask.TARGET):
        question = replace(question, asks=question.asks - {Ask.RESULT})
    # 1. Documents themselves, and whole lists of tasks.
    found = relations.reply(library, question) or identity.reply(library, question, near)
    # «Ai chịu trách nhiệm … của từng ngành?» asks who, not what all of them have to do.
    addressed = [one for one in question.agencies if not (question.wants(Ask.WHO) and one.is_group)]
    if found is None and question.wants(Ask.TASKS) and (addressed or question.period) and not question.wants(Ask.CONFIRM):
        found = tasks.reply(library, question)
    if found is not None:
        return found
    claimed = question.agencies if question.wants(Ask.CONFIRM) else ()
    if claimed:
        # Of several agencies the first is what the question is about.
        question = without_agencies(question, library.terms, claimed[1:] or claimed)
    # 2. Targets, with what is reported of them.
    matches = [] if question.wants(Ask.WHO, Ask.CONTACT, Ask.MONEY, Ask.RANK) else find_match(library, question)
    if question.wants(Ask.WHEN) and not question.wants(Ask.WHICH_YEAR, Ask.TARGET):
        matches = []
    shares = shares_among(question.claims) if question.wants(Ask.CONFIRM) and not question.wants(Ask.WHEN) else []
    if shares:
        matches = []  # «42/42» counts what was reached; no target is set so
    if question.wants(Ask.TASKS) and addressed and not question.wants(Ask.TARGET, Ask.FIGURE):
        matches = []  # what an agency has to do is no target
    if question.wants(Ask.RESULT) and question.documents:
        # «báo cáo tháng 9/2025 nói đã có chưa?» asks that report, not the plan.
        matches = [one for one in matches if any(held.document in question.documents for held in one.indicator.targets)]
    reported = (
        _reported(library, question, near) if question.wants(Ask.RESULT, Ask.DIFFERENCE) or _may_be_reported(library, question) else []
    )
    if matches:
        if question.years or question.wants(Ask.TARGET) or matches[0].covered >= _CLEARLY:
            reported = [one for one in reported if _is_of(library, matches[0], one)]
        if len(question.choices) > 1 and not any(_is_of(library, matches[0], one) for one in reported):
            # Figures set against each other that are targets of different years: all of them, side by side.
            question = replace(question, years=(), asks=question.asks | {Ask.SERIES})
        if question.wants(Ask.TARGET, Ask.SERIES, Ask.WHICH_YEAR) or question.years:
            return _from_targets(library, question, matches, reported)
    # 3. The documents' own sentences.
    statements = _of_the_agencies(library, question, library.statements.find(question, near=near, limit=40), claimed)
    if shares:
        statements, reported = ([one for one in found if shares_whole(shares, one.text)] for found in (statements, reported))
    # A bare «5G?» means the indicator; a sentence that holds more of the question is what was meant instead.
    if matches and matches[0].covered >= _BARE and (not statements or matches[0].covered >= statements[0].near - 0.02):
        return _from_targets(library, question, matches, reported)
    if question.wants(Ask.RESULT) and not reported and matches and matches[0].covered >= _CLEARLY:
        return target_replies.no_result(library, question, matches[0])
    if question.wants(Ask.RESULT) and reported:
        found = _result(library, question, reported)
        if found is not None:
            return found
    found = passages.reply(library, question, statements if question.choices else statements[:_WEIGHED])
    if found is not None and question.wants(Ask.RESULT) and not question.wants(Ask.TARGET) and _only_sets_targets(library, found):
        if matches:
            return target_replies.no_result(library, question, matches[0])
        found = None
    return found or relations.mentions(library, question) or passages.refusal(library, question, statements)


def _only_sets_targets(library: Library, found: Answer) -> bool:
    """Whether the words found are those of targets: what is wanted says nothing of what was reached."""
    targets = {(held.document, held.fact.quote) for held in library.catalogue.targets}
    return all(any(one.document.id == document and quote in one.quote for document, quote in targets) for one in found.citations)


def _from_targets(library: Library, question: Question, matches: list[Match], reported: list[Statement]) -> Answer:
    """Figures of a target; the result where that was asked, with the target beside it or alone when none is reported."""
    if question.wants(Ask.RESULT) and (not question.wants(Ask.TARGET, Ask.SERIES) or (reported and not question.years)):
        found = _result(library, question, reported)
        return found if found is not None else target_replies.no_result(library, question, matches[0])
    return target_replies.reply(library, question, matches, reported[0] if reported else None)


def _is_of(library: Library, match: Match, statement: Statement) -> bool:
    """Whether a reported figure can be one of an indicator: in its unit, under half of its words at least."""
    unit = fold(match.indicator.targets[0].fact.unit).split(" ")[0]
    keys = match.indicator.key_words
    whole = sum(library.terms.rarity(word) for word in keys)
    for figure in find_figures(statement.text):
        called = " ".join(library.terms.spell_out(figure.unit)) or figure.unit
        if fold(called).split(" ")[0] != unit:
            continue
        # What a figure counts stands close to it: «100% người dân … đăng nhập bằng VNeID» counts no accounts.
        near = library.terms.profile(statement.text[max(0, figure.start - _BESIDE_BEFORE) : figure.end + _BESIDE_AFTER])
        shared = sum(library.terms.rarity(word) for word in keys & near.folded)
        if shared >= 0.3 * whole and len(match.indicator.pairs & near.pairs) >= 0.15 * len(match.indicator.pairs):
            return True
    return False


def _may_be_reported(library: Library, question: Question) -> bool:
    return bool(question.years) and max(question.years) <= library.newest_year()


def _reported(library: Library, question: Question, near: Places) -> list[Statement]:
    """What is reported as reached: sentences that say it, and results read from the documents, best first."""
    found = library.statements.find(question, near=near, reports=True)
    said = [one for one in found if one.near >= _RESULT_FITS and passages.holds(library, question, one)]
    facts = [
        Statement(
            library.catalogue.paragraphs[(one.held.document, one.held.fact.paragraph)], one.held.fact.quote, one.fit, one.covered, False
        )
        for one in library.reported.rank(question)
        if one.covered >= _RESULT_FITS and counts_the_same(question.content.head, one.profile, library.terms)
    ]
    if question.period is not None and facts and not question.choices:
        said = []
    known = {(one.paragraph.document, one.paragraph.ordinal) for one in said}
    said.extend(one for one in facts if (one.paragraph.document, one.paragraph.ordinal) not in known)
    return [one for one in said if _says_the_phrases(library, question, one)]


def _says_the_phrases(library: Library, question: Question, statement: Statement) -> bool:
    """Technical phrases must stand whole in what is taken for a result: a part of «chỉ số chuyển đổi số» is another thing."""
    profile = library.terms.profile(f"{' '.join(statement.paragraph.headings[-1:])} {statement.paragraph.text}")
    return all(
        is_held(concept, profile)
        for concept in question.content.concepts
        if (len(concept.alternatives) > 1 and len(concept.alternatives[0]) > 1) or concept.must
    )


def _result(library: Library, question: Question, reported: list[Statement]) -> Answer | None:
    found = passages.reply(library, question, reported)
    return None if found is None else replace(found, kind=AnswerKind.RESULT)


def _of_the_agencies(library: Library, question: Question, statements: list[Statement], claimed: tuple[Mention, ...]) -> list[Statement]:
    """The sentences that speak of an agency that the question names: another agency's task is no answer. All of them
    when it names none, only groups or bodies that no registry lists, or supposes one."""
    if claimed or not question.agencies or any(one.is_group or not one.code for one in question.agencies):
        return statements
    return [one for one in statements if _speaks_of(library, one, question.agencies)]


def _speaks_of(library: Library, statement: Statement, agencies: tuple[Mention, ...]) -> bool:
    paragraph = statement.paragraph
    document = library.document(paragraph.document)
    leads = [lead for task in library.catalogue.assignments_of.get((paragraph.document, paragraph.ordinal), ()) for lead in task.lead]
    around = " ".join((paragraph.text, *paragraph.headings, *leads))
    if not any(not one.is_group for one in find_agencies(around)):
        # Of what names nobody the document's title tells whom it is about.
        around = f"{around} {document.subject} {document.issuer}"
    present = {one.name for one in find_agencies(around)}
    return any(one.name in present or fold(one.printed) in fold(around) for one in agencies)
