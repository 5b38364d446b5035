"""Whether a text that is no command answers for a duty, and if so for which: else it is a question, and answered as ever."""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Awaitable, Callable
from functools import partial

from db.duties import find_duty
from db.messages import plain
from db.prompts import Prompt, get_prompt
from handlers.call import Call
from handlers.command import Command
from handlers.permissions import Right, permits
from handlers.replies import acting
from handlers.replies.card import show_card
from handlers.replies.choosing import Meant, duties_of_message, find_answered, find_meant, open_duties
from handlers.replies.extending import grant, refuse
from handlers.replies.listing import show_duties
from handlers.replies.owning import give_back
from handlers.replies.prompting import DECISIONS, KIND, Want, complete, still_expected, want_of
from handlers.replies.saying import Said
from handlers.replies.words import Certainty, Meaning, Reply, asks_whether_done, is_question, read_reply, sounds_told
from handlers.wording import TEXT_ONLY
from handlers.wording import replies as wording
from knowledge.text import normalise
from scheduler.calendar import local_day

# Topics of messages that ask something of a duty.
_OURS = frozenset({"nudge", "reply", "duty", "decide", "extension", "owner", "status"})


async def listen(call: Call, text: str) -> Command | None:
    """The command that a free text stands for; None for a question. Nothing is written, and for people who answer for no duty
    nothing is looked up."""
    if call.contact is None or call.incoming.is_group:
        return None
    today = local_day(call.now)
    reply = read_reply(text, today)
    if not permits(call.contact, Right.REPORT):
        is_report = bool(reply.codes) and not reply.is_bare and reply.certainty is not Certainty.NONE
        return Command("reply", "", Right.GREET, _refuse, is_private=True) if is_report else _no_text(text)
    async with call.assistant.database.read() as session:
        prompt = await get_prompt(session, call.incoming.talk, now=call.now)
        if prompt is not None and prompt.kind != KIND:
            return None
        row = await find_answered(call, session)
        about = await duties_of_message(session, row)
    # What answers an answer to a question says nothing to what was asked of a duty.
    is_elsewhere = row is not None and (row.topic or "").partition(":")[0] not in _OURS
    is_passing = asks_whether_done(text) or _no_text(text) is not None
    if prompt is not None and not is_passing and not is_elsewhere and (about is None or prompt.about.get("duty") in about):
        command = _continue(call, prompt, text, reply)
        if command is not None:
            return command
    command = _no_text(text) or (None if is_elsewhere and not reply.codes else await _tell_state(call, text, reply, about))
    if command is None:
        command = await _understand(call, text, reply, about)
    if (command is None or is_passing) and prompt is not None and _is_aside(text, reply):
        call.aside = still_expected(prompt)
    return command


def _is_aside(text: str, reply: Reply) -> bool:
    return reply.certainty is not Certainty.CERTAIN or is_question(text)


def _no_text(text: str) -> Command | None:
    """What says nothing in words: «😀»."""
    has_words, has_pictures = any(one.isalnum() for one in text), any(unicodedata.category(one) == "So" for one in text)
    return Command("ask", "", Right.ASK, _ask_for_text) if has_pictures and not has_words else None


async def _ask_for_text(call: Call) -> None:
    async with call.finish():
        call.say(plain(TEXT_ONLY))


async def _refuse(call: Call) -> None:
    """A report of somebody who may give none."""
    call.is_allowed = False
    async with call.finish():
        call.say(plain(wording.NOT_A_REPORTER))


async def _tell_state(call: Call, text: str, reply: Reply, about: list[int] | None) -> Command | None:
    """«xong chưa?»: the card of the duty that is meant, else the list; None where there is nothing to show."""
    if not asks_whether_done(text) or call.contact is None:
        return None
    named = reply.codes or tuple(about or ())
    if len(named) == 1:
        return Command("duty", "", Right.SEE_DUTIES, partial(show_card, number=str(named[0])), is_private=True)
    async with call.assistant.database.read() as session:
        own = await open_duties(session, call.contact)
    if not own or permits(call.contact, Right.MANAGE_DUTIES):
        return None
    return Command("duties", "", Right.SEE_DUTIES, show_duties, is_private=True)


def _continue(call: Call, prompt: Prompt, text: str, reply: Reply) -> Command | None:
    """What a text says to what was asked last."""
    want, about = want_of(prompt), prompt.about
    if reply.is_mixed:
        return None
    if reply.codes and (want is not Want.DUTY or reply.certainty is not Certainty.NONE) and not reply.is_bare:
        return None  # a reply of its own
    if want in DECISIONS:
        if is_question(text) or reply.certainty is Certainty.CERTAIN:
            return None
        return _decision(want, about, text)
    if want is Want.DUTY:
        if is_question(text) and len(text.split()) > 2:
            return None
        codes = [one for one in about.get("among", ()) if one in reply.codes or text.strip() == str(one)]
        if len(codes) == 1:
            return _command(partial(choose, number=codes[0]))
        return None
    said = complete(prompt, text, local_day(call.now))
    if said is not None:
        return _command(partial(acting.act, said=said))
    if want is Want.MEANING and not is_question(text):
        return _command(partial(acting.give_up, duty_id=about.get("duty")))
    return None


def _decision(want: Want, about: dict[str, int], text: str) -> Command:
    typed = normalise(text)
    if want is Want.RETURN:
        return Command("give_back", "", Right.MANAGE_DUTIES, partial(give_back, number=str(about["duty"]), reason=typed), is_private=True)
    number = str(about["extension"])
    if want is Want.GRANT:
        return Command("grant", "", Right.MANAGE_DUTIES, partial(grant, number=number, typed=typed), is_private=True)
    return Command("refuse", "", Right.MANAGE_DUTIES, partial(refuse, number=number, reason=typed), is_private=True)


async def _understand(call: Call, text: str, reply: Reply, about: list[int] | None) -> Command | None:
    """The command that a text is by itself, or as an answer to a message about duties."""
    if reply.certainty is Certainty.NONE:
        return None
    has_context = about is not None or (bool(reply.codes) and not reply.is_bare)
    if reply.certainty is not Certainty.CERTAIN and not has_context:
        if reply.meaning is not Meaning.DONE or not sounds_told(text):
            return None
        # Told of their own accord, in words that do not say of what: asked, not recorded.
        reply = dataclasses.replace(reply, certainty=Certainty.UNCLEAR)
    said = Said(reply, normalise(text), reply.codes)
    if reply.meaning is Meaning.UNDO and not reply.codes:
        return _command(partial(acting.act, said=said))
    if reply.is_mixed or (len(reply.codes) > 1 and reply.meaning is None):
        return _command(partial(acting.ask_one_by_one, said=said))
    meant = await _meant(call, reply, about)
    if meant is None:
        return None
    if meant.duty is None and meant.among and reply.meaning is Meaning.RECEIVED:
        meant = Meant(meant.among[0])
    if meant.duty is None and not (reply.codes and (meant.among == () or not reply.is_bare)):
        return _command(partial(acting.ask_which, said=said, meant=meant))
    said = dataclasses.replace(said, duty_ids=reply.codes if meant.duty is None else (meant.duty.id,))
    if reply.certainty is Certainty.UNCLEAR or reply.meaning is None:
        return _command(partial(acting.ask_meaning, said=said))
    return _command(partial(acting.act, said=said))


async def _meant(call: Call, reply: Reply, about: list[int] | None) -> Meant | None:
    """Which duty it is about; None where this person answers for none, and the text is thus a question."""
    assert call.contact is not None
    async with call.assistant.database.read() as session:
        if reply.codes and not reply.is_bare:
            return Meant(await find_duty(session, f"PV{reply.codes[0]}") if len(reply.codes) == 1 else None)
        own = await open_duties(session, call.contact)
        if reply.is_bare:
            duty = next((one for one in own if one.id == reply.codes[0]), None)
            # A number that is no duty of theirs is said to be none: another is not meant.
            return Meant(duty) if duty is not None or own else None
        if about is None and not own:
            return None
        return await find_meant(session, call.contact, about=about)


async def open_duty(call: Call, number: str) -> None:
    """«PV12»: its card; where it was just asked which duty is meant, and this is typed, it is the answer."""
    async with call.assistant.database.read() as session:
        prompt = await get_prompt(session, call.incoming.talk, now=call.now)
    is_asked = prompt is not None and prompt.kind == KIND and want_of(prompt) is Want.DUTY
    if call.incoming.pressed is None and is_asked and prompt is not None and int(number) in prompt.about.get("among", ()):
        return await choose(call, int(number))
    await show_card(call, number)


async def choose(call: Call, number: int) -> None:
    """«về PV12»: what was said before is said of this duty."""
    async with call.assistant.database.read() as session:
        prompt = await get_prompt(session, call.incoming.talk, now=call.now)
    if prompt is None or prompt.kind != KIND or want_of(prompt) is not Want.DUTY:
        return await show_card(call, str(number))
    # As it was meant on the day it was said.
    words = prompt.about["words"]
    reply = read_reply(words, local_day(prompt.asked_at))
    said = Said(dataclasses.replace(reply, codes=(number,), is_bare=False), words, (number,))
    if reply.certainty is Certainty.UNCLEAR or reply.meaning is None:
        return await acting.ask_meaning(call, said)
    await acting.act(call, said)


def _command(run: Callable[..., Awaitable[None]]) -> Command:
    return Command("reply", "", Right.REPORT, run, is_private=True)
