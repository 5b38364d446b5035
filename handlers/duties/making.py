"""Duties made by hand: «giao việc STC: Báo cáo kinh phí, hạn 20/03/2026» is read, shown, and made by a second tap."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.deadlines import DeadlineRule
from db.duties import Duty, add_duties, fingerprint_of, words_of
from db.messages import Action, Message, line, plain
from db.people import Agency, ensure_agencies
from db.prompts import Prompt, ask, end_prompt, get_prompt
from handlers.call import Call
from handlers.duties.card import TOPIC
from handlers.duties.confirming import confirm_duties, load_membership
from handlers.duties.correcting import MOST_TASK, which_agency
from handlers.duties.days import ReadTask, no_such_day, read_day, read_recurrence, read_task, with_rhythm
from handlers.duties.deciding import by_of
from handlers.duties.foreseeing import foresee
from handlers.duties.naming import load_names
from handlers.paging import rows_of
from handlers.wording import duties as wording
from knowledge.agencies import GROUP
from knowledge.dates import due_at, month_end, quarter
from scheduler.calendar import local_day
from scheduler.course import By, Rules

PROMPT = "duty_draft"
_VALID = dt.timedelta(hours=12)


async def read_draft(call: Call, whom: str | None = None, words: str | None = None) -> None:
    """«giao việc STC, SNV: …»: what was understood, with «Tạo»; nothing is stored as a duty yet."""
    if words is None:
        whom, words = None, whom
    async with call.finish() as session:
        if not whom or not (words or "").strip():
            return call.say(plain(("" if words else wording.MAKE_NO_TASK) + wording.MAKE_HOW))
        named = (await load_names(session)).find_all(whom)
        for one in named:
            if one.agency is None:
                # What was said is kept, so that a tap is enough.
                about = {"whom": whom, "words": words, "unclear": one.words}
                await _keep(call, session, about)
                return call.say(which_agency(one, "cơ quan việc"))
        read = read_task(" ".join((words or "").split()), local_day(call.now), anchor=call.assistant.report_anchor)
        if not read.task:
            return call.say(plain(wording.MAKE_NO_TASK + wording.MAKE_HOW))
        if len(read.task) > MOST_TASK:
            return call.say(plain(wording.TASK_TOO_LONG.format(limit=MOST_TASK, length=len(read.task))))
        agencies = [one.agency.code for one in named if one.agency]
        await _show(call, session, list(dict.fromkeys(agencies)), read)


async def explain(call: Call) -> None:
    """«giao việc STC báo cáo kinh phí hạn 20/3»: where the task begins only a colon says."""
    async with call.finish():
        call.say(plain(wording.MAKE_COLON + wording.MAKE_HOW))


async def choose_agency(call: Call, code: str) -> None:
    """«cơ quan việc SKHCN»: which of the agencies that were named unclearly is meant."""
    async with call.assistant.database.read() as session:
        draft = await get_prompt(session, call.incoming.talk, now=call.now)
    about = draft.about if draft is not None and draft.kind == PROMPT else {}
    if "unclear" not in about:
        async with call.finish():
            return call.say(plain(wording.MAKE_HOW))
    await read_draft(call, about["whom"].replace(about["unclear"], code, 1), about["words"])


async def set_day(call: Call, words: str) -> None:
    """«hạn việc 20/3/2026»: the last day of what was read and has none yet, or another one."""
    async with call.finish() as session:
        draft = await get_prompt(session, call.incoming.talk, now=call.now)
        if draft is None or draft.kind != PROMPT or "task" not in draft.about:
            return call.say(plain(wording.MAKE_HOW))
        if absent := no_such_day(words):
            return call.say(plain(wording.NO_SUCH_DAY.format(day=absent) + "Xin gõ lại, ví dụ: «hạn việc 20/3/2026»."))
        rule = read_day(words, local_day(call.now))
        if rule is None:
            return call.say(plain(f"Chưa đọc được ngày trong «{words}». Ví dụ: «hạn việc 20/3/2026»."))
        task = draft.about["task"]
        rule = with_rhythm(rule, read_recurrence(task), local_day(call.now), call.assistant.report_anchor)
        await _show(call, session, draft.about["agencies"], ReadTask(task, rule))


async def make(call: Call, token: str) -> None:
    """«tạo việc 3f2a90bc»: makes and opens what was shown under this token, once."""
    async with call.finish() as session:
        draft = await get_prompt(session, call.incoming.talk, now=call.now)
        if draft is None or draft.kind != PROMPT or draft.about.get("token") != token:
            return call.acknowledge(plain(wording.DRAFT_GONE))
        about = draft.about
        rule = DeadlineRule.model_validate(about["rule"])
        names = await load_names(session)
        agencies = [one for code in about["agencies"] if (one := names.find(code).agency)]
        source = f"Phân công trực tiếp ngày {wording.day(local_day(call.now))}"
        opened = await make_duties(
            session, agencies, about["task"], rule, call.assistant.rules, by_of(call), source=source, token=f"{token} {draft.asked_at}"
        )
        await end_prompt(session, call.incoming.talk)
        call.subject = f"duties:{wording.codes(opened)[:60]}"
        foreseen = await foresee(session, opened, call.assistant.rules, now=call.now)
        told = wording.opened("việc vừa giao", opened, foreseen)
        buttons = [Action(label=one.code, command=f"xem {one.code}") for one in opened[:4]]
        await call.turn(session, Message(paragraphs=told, actions=rows_of(buttons, 4)), topic=f"{TOPIC}:draft {token}")


async def make_duties(
    session: AsyncSession,
    agencies: Sequence[Agency],
    task: str,
    rule: DeadlineRule,
    rules: Rules,
    by: By,
    *,
    source: str,
    token: str,
) -> list[Duty]:
    """Duties of these agencies (of a group: of each that belongs to it), open at once: whoever makes one may confirm it.

    The same `token` makes them once. Returns what is open because of it.
    """
    await ensure_agencies(session, agencies)
    new = await add_duties(session, [unasked(one, task, rule, by.at, source=source, token=token) for one in agencies])
    return await confirm_duties(session, [one.code for one in new], rules, by)


def unasked(agency: Agency, task: str, rule: DeadlineRule, at: dt.datetime, *, source: str, token: str, clause: str = "") -> Duty:
    """A duty that no document proposed, not stored yet."""
    last_day = rule.last_day
    # What comes back is one thing, whenever it is first asked for.
    when = rule.recurrence.value if rule.recurrence else last_day.isoformat() if last_day else ""
    return Duty(
        fingerprint=fingerprint_of(token, source, clause, agency.code, when, words_of(task)),
        agency_code=agency.code,
        clause=clause,
        task=task,
        source=source,
        rule=rule,
        last_day=last_day,
        due_at=due_at(last_day) if last_day else None,
        proposed_at=at,
    )


async def _show(call: Call, session: AsyncSession, codes: Sequence[str], read: ReadTask) -> None:
    """What was understood; with «Tạo» where the day is known, else with days to choose."""
    task, rule = read.task, read.rule
    today, names, membership = local_day(call.now), await load_names(session), await load_membership(session)
    agencies = [one for code in codes if (one := names.find(code).agency)]
    token = fingerprint_of(*codes, task, rule.model_dump_json(), call.now.isoformat())[:8]
    about = {"agencies": list(codes), "task": task, "rule": rule.model_dump(mode="json"), "token": token}
    await _keep(call, session, about)
    owing = [each for one in agencies for each in (membership.of_group(one) if one.kind == GROUP else [one])]
    told = wording.draft([one.name for one in agencies], len(owing), task, rule, today)
    if rule.last_day is None:
        days = read.choices or _usual_days(today)
        buttons = [Action(label=wording.day(one), command=f"hạn việc {wording.day(one)}") for one in days]
        message = Message(paragraphs=(*told[:-1], line(), *wording.ask_day(read.no_such_day)), actions=rows_of(buttons, 2))
    else:
        drafted = [unasked(one, task, rule, call.now, source="", token=token) for one in owing]
        foreseen = await foresee(session, drafted, call.assistant.rules, now=call.now, agencies=owing)
        # What comes back has the end of its period, then.
        wrong = [line(wording.NO_SUCH_DAY.format(day=read.no_such_day) + wording.OTHER_DAY)] if read.no_such_day else []
        told = (*told, *wrong, line(), *wording.foreseen_lines(foreseen))
        message = Message(paragraphs=told, actions=((Action(label=wording.CREATE, command=f"tạo việc {token}"),),))
    call.say(message, topic=f"{TOPIC}:draft {token}")


async def _keep(call: Call, session: AsyncSession, about: dict[str, Any]) -> None:
    await ask(session, Prompt(key=call.incoming.talk, kind=PROMPT, about=about, asked_at=call.now, expires_at=call.now + _VALID))


def _usual_days(today: dt.date) -> list[dt.date]:
    """A week and two from now, the ends of this month and of this quarter."""
    week = dt.timedelta(days=7)
    days = (today + week, today + 2 * week, month_end(today.year, today.month), quarter(today.year, (today.month + 2) // 3)[1])
    return sorted({one for one in days if one > today})
