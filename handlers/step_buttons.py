"""The buttons below an answer that go on from it."""

from __future__ import annotations

from db.messages import Action
from handlers import wording
from knowledge.next_steps import NextSteps


def step_buttons(steps: NextSteps, number: int, *, is_original: bool) -> list[tuple[Action, ...]]:
    """A row of years, then a row of what else there is; `is_original`: the document's own words, not a digest of them."""
    years = tuple(Action(label=str(year), command=f"năm {year} của {number}") for year in steps.years)
    others = []
    if steps.has_clause:
        label = wording.WHOLE_CLAUSE if is_original else wording.WHOLE_DIGEST
        others.append(Action(label=label, command=f"nguyên văn {number}"))
    if steps.has_doer:
        others.append(Action(label=wording.DOER, command=f"ai làm {number}"))
    if steps.has_roadmap:
        others.append(Action(label=wording.ROADMAP, command=f"lộ trình {number}"))
    return [row for row in (years, tuple(others)) if row]
