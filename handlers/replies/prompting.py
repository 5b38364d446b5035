"""What somebody was asked to complete a reply, and how what they say next completes it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re
from enum import StrEnum
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty
from db.prompts import Prompt, ask
from handlers.call import Call
from handlers.replies.days import find_day, find_more, find_wrong_day
from handlers.replies.phrases import CHAT
from handlers.replies.saying import Said
from handlers.replies.words import Certainty, Meaning, Reply, is_question, read_reply
from handlers.wording import replies as wording
from knowledge.text import fold, normalise

KIND = "reply"
# Longer than a look into the next room takes; what is said after that is no answer any more.
_WAITS = dt.timedelta(minutes=30)


class Want(StrEnum):
    """What is missing."""

    PERCENT = "percent"
    NOTE = "note"
    DAY = "day"
    PROMISE = "promise"
    UNTIL = "until"
    REASON = "reason"
    WHOM = "whom"
    DUTY = "duty"
    MEANING = "meaning"
    CONFIRM = "confirm"
    REFUSAL = "refusal"
    GRANT = "grant"
    RETURN = "return"


# What is asked of a coordinator, and answered by a command.
DECISIONS = frozenset({Want.REFUSAL, Want.GRANT, Want.RETURN})

_FULL = re.compile(r"(?<![\d.,/])100 ?(?:%|phan tram\b|$)")

# Where a day is asked for, «xong 20/01» names it.
_DAYS = frozenset({Want.DAY, Want.PROMISE, Want.UNTIL})


async def wait_for(
    call: Call, session: AsyncSession, want: Want, *, duty: Duty | None = None, said: Said | None = None, **more: Any
) -> None:
    """Have the next thing that is said here complete a reply. `said`: what is known of it; `more`: what else to remember."""
    about: dict[str, Any] = {"want": want.value, "duty": duty.id if duty else None, "words": said.words if said else "", **more}
    if said is not None:
        about["day"] = said.reply.day.isoformat() if said.reply.day else None
        about["note"] = said.reply.note
    prompt = Prompt(key=call.incoming.talk, kind=KIND, about=about, asked_at=call.now, expires_at=call.now + _WAITS)
    await ask(session, prompt)


def want_of(prompt: Prompt) -> Want:
    return Want(prompt.about["want"])


def still_expected(prompt: Prompt) -> str:
    """To somebody who asked something in the middle: what is still waited for."""
    duty_id, number = prompt.about.get("duty"), prompt.about.get("extension")
    code = f"PV{duty_id}" if duty_id else f"GH{number}" if number else "Trả lời lời nhắc"
    return wording.reminder_of_prompt(code, wording.WANTED[want_of(prompt)])


def complete(prompt: Prompt, text: str, today: dt.date) -> Said | None:
    """The reply that a text completes; None when it is no answer to what was asked.

    A whole reply counts as one, whatever was asked: «xong rồi» after «vướng gì?».
    """
    want, about = want_of(prompt), prompt.about
    duty_ids = (int(about["duty"]),) if about.get("duty") else ()
    reply = read_reply(text, today)
    if reply.certainty is Certainty.NONE and is_question(text):
        return None
    if want in _DAYS and reply.meaning in (Meaning.IN_PROGRESS, Meaning.EXTENSION, None):
        found = _answered(want, about, text, reply, today)
        if found is not None:
            return Said(found, text, duty_ids)
    if reply.certainty is Certainty.CERTAIN and want not in (Want.NOTE, Want.REASON, Want.DUTY):
        return Said(reply, text, duty_ids)
    done = reply.certainty is Certainty.CERTAIN and reply.meaning in (Meaning.DONE, Meaning.EXTENSION, Meaning.UNDO, Meaning.IN_PROGRESS)
    if done and want is not Want.DUTY and reply.meaning is not None:
        return Said(reply, text, duty_ids)
    found = _answered(want, about, text, reply, today)
    return Said(found, text if want is not Want.DUTY else about["words"], duty_ids) if found else None


def _answered(want: Want, about: dict[str, Any], text: str, reply: Reply, today: dt.date) -> Reply | None:
    words = " ".join(CHAT.get(one, one) for one in fold(normalise(text)).replace(",", " , ").split())
    day = find_day(words, today)
    sure = Certainty.CERTAIN
    if want is Want.NOTE:
        return Reply(sure, (Meaning.OBSTACLE,), note=normalise(text))
    if want is Want.PERCENT:
        typed = int(words) if words.isdecimal() and len(words) <= 3 else None
        percent = reply.percent if reply.percent is not None else 100 if _FULL.search(words) else typed
        if (percent is not None and percent > 100) or (percent is None and day is None and reply.wrong):
            return Reply(sure, (Meaning.IN_PROGRESS,), wrong=reply.wrong or f"{percent}%")
        if percent is None and day is None:
            return dataclasses.replace(reply, certainty=sure) if reply.meaning else None
        return Reply(
            sure, (Meaning.IN_PROGRESS,), percent=percent, day=day.on if day else None, day_has_passed=bool(day and day.has_passed)
        )
    if want is Want.PROMISE and day is not None:
        return Reply(sure, (Meaning.IN_PROGRESS,), day=day.on, day_has_passed=day.has_passed)
    if want in (Want.DAY, Want.PROMISE) and day is None and (wrong := find_wrong_day(f"den {words}")):
        return Reply(sure, (Meaning.EXTENSION if want is Want.DAY else Meaning.IN_PROGRESS,), wrong=wrong)
    if want is Want.DAY and (day is not None or find_more(words)):
        more = find_more(words)
        asked = read_reply(f"xin gia hạn {text}", today)
        return dataclasses.replace(asked, certainty=sure, day=day.on if day else None, more_days=more.days if more and not day else None)
    if want is Want.UNTIL and day is not None:
        return Reply(sure, (Meaning.SNOOZE,), day=day.on, note=read_reply(f"hoãn nhắc {text}", today).note or about.get("note", ""))
    if want is Want.REASON:
        until = dt.date.fromisoformat(about["day"]) if about.get("day") else None
        return Reply(sure, (Meaning.SNOOZE,), day=until, note=normalise(text))
    if want is Want.WHOM:
        return Reply(sure, (Meaning.HAND_OVER,), whom=normalise(text))
    if want is Want.CONFIRM:
        note = "" if reply.meaning is Meaning.RECEIVED or reply.meaning is Meaning.NOT_OURS else normalise(text)
        return Reply(sure, (Meaning.NOT_OURS,), note=note or about.get("note", ""), whom="confirmed")
    if want is Want.MEANING and reply.meaning is not None:
        return dataclasses.replace(reply, certainty=sure)
    return None
