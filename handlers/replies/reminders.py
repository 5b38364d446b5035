"""Reminders that were sent already: what was answered is said on everybody's, and buttons that have no use any more go."""

from __future__ import annotations

import datetime as dt
import re

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty
from db.messages import Action, Message
from db.nudges import Step, list_carried, list_reminders_sent
from handlers import wording
from handlers.call import change_message, update_buttons
from handlers.replies.saying import card_topic
from scheduler.wording import answer_buttons


async def note_answer(session: AsyncSession, duty: Duty, remark: str, *, now: dt.datetime, is_closed: bool) -> None:
    """Say below this duty, on the newest reminder that each person got, who answered what; once it is closed, without buttons
    for it. What is said of the other duties of a message stays."""
    for _, row in await list_reminders_sent(session, duty.id):
        message = _remarked(row.message, duty, remark)
        if is_closed:
            message = message.model_copy(update={"actions": _without(message, duty.code)})
        await change_message(session, row, message, now=now)
    if is_closed:
        commands = {one.command for actions in answer_buttons(duty.code) for one in actions}
        await update_buttons(session, card_topic(duty.id), now=now, keep=lambda one: one.command not in commands)


async def give_buttons_back(session: AsyncSession, duty: Duty, remark: str, *, now: dt.datetime) -> None:
    """The answer was taken back: everybody may answer from their reminder again."""
    for nudge, row in await list_reminders_sent(session, duty.id):
        message = _remarked(row.message, duty, remark)
        if nudge.step is Step.FOCAL_POINT:
            kept = _without(message, duty.code)
            is_only = len({one.duty_id for one in await list_carried(session, row.id) if one.step is Step.FOCAL_POINT}) == 1
            own = answer_buttons(duty.code) if is_only else ((Action(label=f"Trả lời {duty.code}", command=duty.code),),)
            message = message.model_copy(update={"actions": (*own, *kept)})
        await change_message(session, row, message, now=now)


def _remarked(message: Message, duty: Duty, remark: str) -> Message:
    """The message with this remark below the duty's first line; one that was there before goes."""
    mark, head = f"↳ {duty.code}:", f"{duty.code} · "
    paragraphs = [one for one in message.paragraphs if not one.text.startswith(mark)]
    place = next((at + 1 for at, one in enumerate(paragraphs) if one.text.startswith(head)), len(paragraphs))
    paragraphs.insert(place, wording.remark(remark))
    return message.model_copy(update={"paragraphs": tuple(paragraphs)})


def _without(message: Message, code: str) -> tuple[tuple[Action, ...], ...]:
    about = re.compile(rf"\b{code}\b")
    rows = (tuple(one for one in actions if not about.search(one.command)) for actions in message.actions)
    return tuple(row for row in rows if row)
