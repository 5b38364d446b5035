"""«/chitieu»: the targets by horizon and group, page by page, in one message that changes in place."""

from __future__ import annotations

from collections.abc import Iterable
from time import perf_counter

from db.messages import Action, Message, Paragraph
from handlers import wording
from handlers.asking import Asked, answer_question, ask
from handlers.call import Call
from handlers.paging import page_of, rows_of, shorten, turning
from handlers.wording import pages
from knowledge.answer import Library, notices
from knowledge.answering import answer_target
from knowledge.browsing import NO_YEAR, Place, TargetGroup, find_places, lay_out
from knowledge.catalogue import DocumentInfo, Held
from knowledge.facts import Target
from knowledge.talk import Talk
from knowledge.wording import clause_words, figure_words, source_line, source_name, target_question

_TOPIC = "targets"
_TARGETS, _GROUPS = 5, 10  # a page; six targets are some 25 lines of a phone
_NAME, _HEADING, _ON_A_BUTTON = 120, 160, 34  # characters of an indicator in a list, of a group above it and on a button
_WORDS = 300  # characters of a filter that are read


async def show_horizons(call: Call) -> None:
    """«/chitieu»: for which years there are targets, and how many."""
    await _show(call, _horizons(await call.library()))


async def show_groups(call: Call, horizon: str, page: str = "1") -> None:
    """«/chitieu 2030»: the groups of that horizon; of a single one its targets at once."""
    await _show(call, _groups(await call.library(), _horizon(horizon), int(page)))


async def show_targets(call: Call, horizon: str, group: str, page: str = "1") -> None:
    """«/chitieu 2030 2 trang 3»: the targets of a group."""
    await _show(call, _targets(await call.library(), _horizon(horizon), int(group), int(page)))


async def open_target(call: Call, horizon: str, group: str, number: str) -> None:
    """«/chitieu 2030 2 7»: one target, answered as a question for it would be."""
    layout = lay_out(await call.library())
    found = next((one for one in layout.get(_horizon(horizon), ()) if one.number == int(group)), None)
    if found is None or not 1 <= int(number) <= len(found.targets):
        page = -(-int(number) // _TARGETS)
        return await _show(call, _targets(await call.library(), _horizon(horizon), int(group), page, pages.NO_SUCH_TARGET))
    held = found.targets[int(number) - 1]
    call.action = ""  # a question: it leaves a row of its own

    def think(library: Library, text: str, talk: Talk | None) -> Asked:
        started = perf_counter()
        # The documents may have changed since it was looked up.
        same = next((one for one in library.catalogue.targets if one == held), None)
        if same is None:
            return ask(library, text, talk)
        answer, after = answer_target(library, same)
        return Asked(answer, after, (perf_counter() - started) * 1000)

    await answer_question(call, target_question(held.fact), think)


async def find_targets(call: Call, words: str) -> None:
    """«/chitieu hạ tầng trang 2»: the targets that hold these words."""
    typed, _, last = words.strip().rpartition(" trang ")
    words, page = (typed, int(last)) if typed and last.isdecimal() and len(last) < 5 else (words.strip(), 1)
    await _show(call, _found(await call.library(), words[:_WORDS], page))


async def _show(call: Call, message: Message) -> None:
    async with call.finish() as session:
        await call.turn(session, message, topic=_TOPIC)


def _horizon(typed: str) -> int:
    return int(typed) if typed.isdecimal() else NO_YEAR


def _command(*parts: int | str) -> str:
    return " ".join(("/chitieu", *(str(one) for one in parts)))


def _of(horizon: int) -> int | str:
    return horizon if horizon != NO_YEAR else "khác"


def _horizons(library: Library, remark: str = "") -> Message:
    layout = lay_out(library)
    counts = {horizon: sum(len(one.targets) for one in groups) for horizon, groups in layout.items()}
    buttons = [
        Action(label=f"{pages.horizon_label(horizon)} · {count}", command=_command(_of(horizon))) for horizon, count in counts.items()
    ]
    told = pages.horizons(sum(counts.values()), remark)
    groups = [one for groups in layout.values() for one in groups]
    source = _sources(groups)
    return Message(paragraphs=(*told, *source, *_notices(library, groups)), actions=rows_of(buttons, 3))


def _groups(library: Library, horizon: int, page_asked: int, remark: str = "") -> Message:
    groups = lay_out(library).get(horizon)
    if groups is None:
        return _horizons(library, pages.no_horizon(horizon))
    if len(groups) == 1:
        return _targets(library, horizon, 1, page_asked, remark)
    page = page_of(groups, page_asked, size=_GROUPS)
    named = [(source_name(document), [one.number for one in page.items if one.document == document]) for document in _documents(page.items)]
    told = pages.target_groups(horizon, sum(len(one.targets) for one in groups), named, remark or page.remark)
    buttons = [(_group_button(one),) for one in page.items]
    turned = turning(page, lambda number: _command(_of(horizon), "trang", number))
    up = (Action(label=pages.UP_TO_HORIZONS, command=_command()),)
    return Message(paragraphs=(*told, *_notices(library, page.items)), actions=(*buttons, *turned, up))


def _group_button(group: TargetGroup) -> Action:
    label = shorten(f"{group.number}. {group.name or pages.NO_HEADING}", _ON_A_BUTTON)
    return Action(label=f"{label} · {len(group.targets)}", command=_command(_of(group.horizon), group.number))


def _targets(library: Library, horizon: int, number: int, page_asked: int, remark: str = "") -> Message:
    groups = lay_out(library).get(horizon, [])
    if not 1 <= number <= len(groups):
        return _groups(library, horizon, 1, pages.no_group(number, horizon))
    group = groups[number - 1]
    page = page_of(group.targets, page_asked, size=_TARGETS)
    clauses = list(dict.fromkeys(one.fact.clause for one in page.items))
    told = [
        pages.target_row(place, _shown_name(one), _figure(one), "" if len(clauses) == 1 else clause_words(one.fact.clause))
        for place, one in enumerate(page.items, page.first)
    ]
    opens = tuple(
        Action(label=str(place), command=_command(_of(horizon), number, place)) for place in range(page.first, page.first + len(page.items))
    )
    up = [Action(label=pages.UP_TO_HORIZONS, command=_command())]
    if len(groups) > 1:
        up.insert(0, Action(label=pages.UP_TO_GROUPS, command=_command(_of(horizon))))
    name = shorten(group.name or pages.NO_HEADING, _HEADING)
    heading = pages.targets_of_group(horizon, name, len(group.targets), remark or page.remark)
    source = (wording.remark(source_line(group.document, clauses[0])),) if len(clauses) == 1 else _sources([group])
    turned = turning(page, lambda asked: _command(_of(horizon), number, "trang", asked))
    return Message(paragraphs=(*heading, *told, *source, *_notices(library, [group])), actions=(opens, *turned, tuple(up)))


def _found(library: Library, words: str, page_asked: int) -> Message:
    places = find_places(library, words)
    if not places:
        return _horizons(library, pages.no_target_with(shorten(words, _NAME)))
    page = page_of(places, page_asked, size=_TARGETS)
    told = [
        pages.target_row(number, _shown_name(one.held), _figure(one.held), f"{_year(one)}{clause_words(one.held.fact.clause)}")
        for number, one in enumerate(page.items, page.first)
    ]
    opens = tuple(Action(label=str(number), command=_at(one)) for number, one in enumerate(page.items, page.first))
    turned = turning(page, lambda asked: _command(words, "trang", asked))
    heading = pages.targets_with(shorten(words, _NAME), len(places), page.remark, is_whole=page.count == 1 or bool(turned))
    groups = [one.group for one in page.items]
    source = _sources(groups)
    up = (Action(label=pages.UP_TO_HORIZONS, command=_command()),)
    return Message(paragraphs=(*heading, *told, *source, *_notices(library, groups)), actions=(opens, *turned, up))


def _at(place: Place) -> str:
    return _command(_of(place.group.horizon), place.group.number, place.number)


def _year(place: Place) -> str:
    return f"{pages.by_horizon(place.group.horizon)}, "


def _shown_name(held: Held[Target]) -> str:
    return shorten(held.fact.indicator, _NAME)


def _figure(held: Held[Target]) -> str:
    return figure_words(held.fact) if held.fact.quantified else ""


def _documents(groups: Iterable[TargetGroup]) -> list[DocumentInfo]:
    return list({one.document.id: one.document for one in groups}.values())


def _sources(groups: Iterable[TargetGroup]) -> tuple[Paragraph, ...]:
    return pages.sources([source_name(one) for one in _documents(groups)])


def _notices(library: Library, groups: Iterable[TargetGroup]) -> tuple[Paragraph, ...]:
    return tuple(wording.remark(one) for one in notices(library, [one.id for one in _documents(groups)]))
