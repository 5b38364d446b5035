"""A duty handed to somebody else of the agency: from then on they are reminded, and told what it is about."""

from __future__ import annotations

import re

from sqlalchemy.ext.asyncio import AsyncSession

from db.duties import Duty
from db.messages import Message, line
from db.nudges import Step
from db.people import Contact, list_contacts_of
from handlers.call import Call
from handlers.permissions import Right, permits
from handlers.phones import normalise_phone
from handlers.replies.prompting import Want, wait_for
from handlers.replies.saying import Said, agency_name, by, card_topic, speaker, topic_of
from handlers.wording import replies as wording
from knowledge.text import fold, normalise
from scheduler import course
from scheduler.nudging import line_of
from scheduler.reach import tell
from scheduler.wording import nudge

_SHOWN = 8
_TITLES = re.compile(r"^(?:(?:dong chi|d/c|dc|anh|chi|co|chu|bac|ong|ba|em|can bo|chuyen vien)\s+)+")
_EVERYBODY = re.compile(r"(?:tat ca|ca|cac|moi)(?: cac)? (?:dau moi|nguoi|can bo).*")
_PHONE = re.compile(r"\+?\d[\d .-]{7,}\d")


async def hand_on(call: Call, session: AsyncSession, duty: Duty, said: Said) -> None:
    """«bàn giao PV12 cho chị Lan», by name, by phone or (a button) by number; without a name it is asked whom."""
    people = [one for one in await list_contacts_of(session, [duty.agency_code]) if permits(one, Right.REPORT)]
    people = [one for one in people if one.agency_code == duty.agency_code]
    typed = fold(normalise(said.reply.whom)).strip(" .,")
    rules = call.assistant.rules
    if _EVERYBODY.fullmatch(typed):
        await course.assign(session, duty, None, wording.ASSIGNED_TO_ALL, rules, by(call))
        call.subject = f"duty:{duty.id}"
        return await call.turn(session, wording.recorded(wording.ASSIGNED_TO_ALL, duty), topic=topic_of(duty))
    found = _find(typed, people) if typed else []
    if len(found) != 1:
        problem = "" if not typed else (wording.SEVERAL_PEOPLE if found else wording.SOMEBODY_UNKNOWN).format(name=said.reply.whom)
        offered = [(one.id, one.name) for one in (found or people) if one.id != duty.assignee_id][:_SHOWN]
        await wait_for(call, session, Want.WHOM, duty=duty, said=said)
        return await call.turn(session, wording.ask_whom(duty, offered, problem), topic=topic_of(duty))
    whom = found[0]
    await course.assign(session, duty, whom.id, whom.name, rules, by(call))
    call.subject = f"duty:{duty.id}"
    more = [wording.ONLY_THEY_REMINDED.format(name=whom.name)]
    if whom.id != speaker(call).id:
        is_told = await tell(session, [whom], await _content(call, session, duty, whom), now=call.now, topic=card_topic(duty.id))
        more.append((wording.NEW_ONE_TOLD if is_told else wording.NEW_ONE_UNREACHED).format(name=whom.name))
    await call.turn(session, wording.recorded(wording.ASSIGNED.format(name=whom.name), duty, more=more), topic=topic_of(duty))


def _find(typed: str, people: list[Contact]) -> list[Contact]:
    """Those who are meant: by number («#12»), by phone, by the whole name, or by words of it."""
    if typed.startswith("#") and typed[1:].isdecimal():
        return [one for one in people if one.id == int(typed[1:])]
    if (match := _PHONE.search(typed)) and (phone := normalise_phone(match[0])):
        return [one for one in people if one.phone == phone]
    name = _TITLES.sub("", typed).strip()
    same = [one for one in people if fold(normalise(one.name)) == name]
    words = name.split()
    return same or [one for one in people if words and set(words) <= set(fold(normalise(one.name)).split())]


async def _content(call: Call, session: AsyncSession, duty: Duty, whom: Contact) -> Message:
    """What a reminder would say, with who hands it on."""
    agency = await agency_name(session, duty.agency_code)
    who = wording.assigned_to_you(speaker(call).name)
    if duty.last_day is None:
        return Message(paragraphs=(line(f"{duty.code}: {duty.task}"), who), actions=((wording.open_card(duty),),))
    message = nudge(whom.name, agency, {Step.FOCAL_POINT: [line_of(duty, agency)]}, now=call.now, due_at=call.now)
    return message.model_copy(update={"paragraphs": (message.paragraphs[0], who, *message.paragraphs[1:])})
