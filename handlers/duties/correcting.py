"""Duties corrected in a conversation: each command names a duty, changes it once, and shows it as it is afterwards."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Awaitable, Callable

from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import list_documents
from db.duties import Duty, DutyOutcome, DutyState, list_duties, lock_duties, words_of
from db.messages import Action, Message, plain
from handlers.call import Call
from handlers.duties import card, changing
from handlers.duties.changing import Changed, NotDone
from handlers.duties.days import no_such_day, read_day
from handlers.duties.deciding import by_of, settle
from handlers.duties.naming import Named, load_names
from handlers.duties.proposing import source_names
from handlers.wording import duties as wording
from knowledge.text import fold
from scheduler.calendar import local_day

MOST_TASK = 2000
_MOST_DAYS = 365
_MOST_BYTES = 64  # of a button's command
_SURELY = re.compile(r"[\s,;]*\bchac chan$")


async def move(call: Call, code: str, words: str | None = None) -> None:
    """«đổi hạn PV12 20/01/2026», «đổi hạn PV12 trước ngày 15/4 vì chờ kinh phí»; a day in the past only «chắc chắn»."""

    async def change(session: AsyncSession, duty: Duty) -> str:
        if not words:
            raise NotDone(wording.MOVE_HOW.format(code=duty.code))
        day, _, reason = _split_reason(words)
        surely = _SURELY.search(fold(day))
        day = day[: surely.start()] if surely else day
        if absent := no_such_day(day):
            raise NotDone(wording.NO_SUCH_DAY.format(day=absent) + wording.MOVE_HOW.format(code=duty.code))
        rule = read_day(day, local_day(call.now))
        if rule is None or rule.last_day is None:
            raise NotDone(wording.MOVE_UNREAD.format(code=duty.code, words=words))
        if rule.last_day < local_day(call.now) and not surely and await _would_move(session, duty, rule.last_day):
            raise _ask_surely(duty, rule.last_day, reason)
        changed = await changing.move_duty(session, duty, rule.last_day, call.assistant.rules, by_of(call, reason))
        read = f" («{rule.printed}»)" if not rule.inclusive else ""
        return f"Đã đổi hạn {_which(duty, changed)}: hết ngày {wording.day(rule.last_day)}{read}.{_told(changed)}"

    await _change(call, code, change)


async def _would_move(session: AsyncSession, duty: Duty, last_day: dt.date) -> bool:
    moved = await changing.affected(session, duty)
    return any(one.state is not DutyState.CLOSED and one.last_day != last_day for one in moved)


def _ask_surely(duty: Duty, last_day: dt.date, reason: str) -> NotDone:
    """A day in the past makes a duty overdue at once, and is mostly a slip."""
    command = f"đổi hạn {duty.code} {wording.day(last_day)} chắc chắn{f' vì {reason}' if reason else ''}"
    rows = [(Action(label=wording.MOVE_SURELY, command=command),)] if len(command.encode()) <= _MOST_BYTES else []
    return NotDone(wording.MOVE_PAST.format(code=duty.code, day=wording.day(last_day), command=command), *rows)


async def give(call: Call, code: str, words: str | None = None) -> None:
    """«giao PV12 cho STC», «giao PV12 cho Sở Tài chính vì đúng chức năng»; several that may be meant are a choice."""
    async with call.finish() as session:
        duty = await card.find(call, session, code)
        if duty is None:
            return
        if not words:
            return call.say(plain(wording.GIVE_HOW.format(code=duty.code)))
        names, (name, _, reason) = await load_names(session), _split_reason(words)
        named = names.find(name)
        if named.agency is None:
            return call.say(which_agency(named, f"giao {duty.code} cho"))
        try:
            changed = await changing.give_duty(session, duty, named.agency, call.assistant.rules, by_of(call, reason))
        except NotDone as error:
            return call.say(plain(error.reason))
        same = [one for one in await list_duties(session, agency_code=named.agency.code) if _is_same(one, duty)]
        noted = wording.OWED_ALREADY.format(agency=named.agency.name, codes=wording.codes(same)) if same else ""
        await _show(call, session, duty, f"Đã giao {duty.code} cho {named.agency.name}.{_told(changed)}{noted}")


def _is_same(one: Duty, given: Duty) -> bool:
    """Whether an agency that owes both owes one thing twice."""
    is_alike = one.last_day == given.last_day and words_of(one.task) == words_of(given.task)
    return is_alike and one.id != given.id and one.state is not DutyState.CLOSED


def which_agency(named: Named, command: str) -> Message:
    """Which agency words mean, to be chosen by a tap: never by a guess."""
    if not named.choices:
        return plain(wording.unknown_agency(named.words))
    buttons = [(Action(label=one.name[:64], command=f"{command} {one.code}"),) for one in named.choices]
    return plain(wording.choice(named.words, f"{command} {named.choices[0].code}"), *buttons)


async def drop(call: Call, code: str, reason: str | None = None) -> None:
    """«bỏ PV12 không cần nhắc»: a proposal that nobody wants; without a reason the usual ones are offered."""
    await _close(call, code, reason, "bỏ")


async def close(call: Call, code: str, reason: str | None = None) -> None:
    """«đóng PV12 văn bản đã rút»: not to be done any more, and told to the agency."""
    await _close(call, code, reason, "đóng")


async def _close(call: Call, code: str, reason: str | None, verb: str) -> None:
    async def change(session: AsyncSession, duty: Duty) -> str:
        changed = await changing.close_duty(session, duty, call.assistant.rules, by_of(call, _because(reason)))
        return f"Đã {verb} {_which(duty, changed)}.{_told(changed)} Mở lại: «mở lại {duty.code} lý do»."

    if reason:
        return await _change(call, code, change)
    async with call.finish() as session:
        duty = await card.find(call, session, code)
        if duty is None:
            return
        if duty.state is DutyState.PROPOSED:
            buttons = [(Action(label=one, command=f"bỏ {duty.code} {one}"),) for one in wording.DROP_REASONS]
            return call.say(plain(wording.DROP_HOW.format(code=duty.code), *buttons))
        call.say(plain(wording.REASON_NEEDED.format(example=f"đóng {duty.code} văn bản đã được điều chỉnh")))


async def reopen(call: Call, code: str, reason: str | None = None) -> None:
    """«mở lại PV12 thiếu biểu số 2»: the reason goes to the agency's focal points."""

    async def change(session: AsyncSession, duty: Duty) -> str:
        if not reason:
            raise NotDone(wording.REASON_NEEDED.format(example=f"mở lại {duty.code} báo cáo còn thiếu biểu số 2"))
        changed = await changing.reopen_duty(session, duty, call.assistant.rules, by_of(call, _because(reason)))
        return f"Đã mở lại {duty.code}.{_told(changed)}"

    await _change(call, code, change)


async def correct(call: Call, code: str, task: str | None = None) -> None:
    """«sửa PV12: Báo cáo kết quả quý I»."""

    async def change(session: AsyncSession, duty: Duty) -> str:
        words = " ".join((task or "").split())
        if not words:
            raise NotDone(wording.TASK_HOW.format(code=duty.code))
        if len(words) > MOST_TASK:
            raise NotDone(wording.TASK_TOO_LONG.format(limit=MOST_TASK, length=len(words)))
        changed = await changing.correct_task(session, duty, words, call.assistant.rules, by_of(call))
        return f"Đã sửa nội dung {_which(duty, changed)}."

    await _change(call, code, change)


async def set_ladder(call: Call, code: str, words: str | None = None) -> None:
    """«nhắc PV12 trước 10, 5, 2 ngày», «nhắc PV12 trước 5 ngày và đúng ngày»."""

    async def change(session: AsyncSession, duty: Duty) -> str:
        offsets = read_offsets(words or "")
        if not offsets:
            raise NotDone(wording.LADDER_HOW.format(code=duty.code))
        changed = await changing.set_ladder(session, duty, offsets, call.assistant.rules, by_of(call))
        return f"Từ nay nhắc {_which(duty, changed)}: {wording.ladder_words(offsets)}; quá hạn thì như thường."

    await _change(call, code, change)


async def usual_ladder(call: Call, code: str) -> None:
    """«nhắc PV12 như thường»."""

    async def change(session: AsyncSession, duty: Duty) -> str:
        changed = await changing.set_ladder(session, duty, None, call.assistant.rules, by_of(call))
        return f"Từ nay nhắc {_which(duty, changed)} theo lịch chung."

    await _change(call, code, change)


def read_offsets(words: str) -> tuple[int, ...] | None:
    """«trước 10, 5, 2 ngày và đúng ngày» → (-10, -5, -2, 0); None where that is no such list."""
    text = re.sub(r"\b(?:và|va)?\s*(?:đúng|dung) (?:ngày|ngay)(?: (?:hạn|han))?\b", " 0 ", words.lower())
    if re.sub(r"\d+|[,;\s]|\b(?:trước|truoc|ngày|ngay|và|va)\b", "", text):
        return None
    days = {int(one) for one in re.findall(r"\d+", text)}
    return tuple(sorted(-one for one in days)) if days and max(days) <= _MOST_DAYS else None


async def stop(call: Call, code: str) -> None:
    """«ngừng lặp PV12»: what is open stays open; no period comes after it."""

    async def change(session: AsyncSession, duty: Duty) -> str:
        changed = await changing.stop_repeating(session, duty, call.assistant.rules, by_of(call))
        still = [one for one in changed.duties if one.state is DutyState.OPEN]
        left = f" Các kỳ đã mở vẫn còn: {wording.codes(still)}." if still else ""
        return f"{duty.code} ngừng lặp: không có kỳ sau.{left}"

    await _change(call, code, change)


async def close_document(call: Call, number: str) -> None:
    """«đóng các việc của văn bản 3»: how many would be closed; nothing changes yet."""
    await _close_document(call, int(number), None)


async def close_document_surely(call: Call, count: str, number: str) -> None:
    """«đóng 12 việc của văn bản 3»: all that are open, where there are still that many."""
    await _close_document(call, int(number), int(count))


async def _close_document(call: Call, number: int, count: int | None) -> None:
    async with call.finish() as session:
        await lock_duties(session)
        call.subject = f"document:{number}"
        source = (await source_names(session)).get(number) if number in {one.id for one in await list_documents(session)} else None
        if source is None:
            return call.say(plain(wording.NO_SUCH_DOCUMENT.format(number=number)))
        duties = [one for one in await list_duties(session, DutyState.OPEN) if one.document_id == number]
        if not duties:
            return call.acknowledge(plain(wording.NONE_OPEN.format(source=source)))
        if len(duties) != count:
            button = Action(label=f"🗑 Đóng cả {len(duties)} phần việc", command=f"đóng {len(duties)} việc của văn bản {number}")
            shown = f"{source} còn {len(duties)} phần việc đang mở: {wording.cut(wording.codes(duties), 300)}. Chưa có gì thay đổi."
            return await call.turn(session, plain(shown, (button,)), topic=f"{card.TOPIC}:closing {number}")
        told = 0
        for duty in duties:
            changed = await changing.close_duty(
                session, duty, call.assistant.rules, by_of(call, "văn bản không còn hiệu lực"), outcome=DutyOutcome.SUPERSEDED
            )
            told += changed.told or 0
        done = f"Đã đóng {len(duties)} phần việc của {source}.{wording.reached(told)}"
        await call.turn(session, plain(done), topic=f"{card.TOPIC}:closing {number}")


async def _change(call: Call, code: str, change: Callable[[AsyncSession, Duty], Awaitable[str]]) -> None:
    """Find the duty, change it, and show it; what cannot be done is said, and changes nothing."""
    async with call.finish() as session:
        duty = await card.find(call, session, code)
        if duty is None:
            return
        try:
            said = await change(session, duty)
        except NotDone as error:
            return call.say(plain(error.reason, *error.rows))
        await _show(call, session, duty, said)


async def _show(call: Call, session: AsyncSession, duty: Duty, said: str) -> None:
    shown = await card.duty_card(session, call, duty)
    message = shown.model_copy(update={"paragraphs": (*plain(said).paragraphs, *plain("").paragraphs, *shown.paragraphs)})
    await settle(call, session, duty, message)


def _which(duty: Duty, changed: Changed) -> str:
    return f"{len(changed.duties)} phần việc của {duty.code}" if duty.outcome is DutyOutcome.SPLIT else duty.code


def _told(changed: Changed) -> str:
    return "" if changed.told is None else wording.reached(changed.told)


_REASON = re.compile(r"^(.*?)(?:\s*[,;(–-]?\s+(?:vì|vi|do|lý do:?|ly do:?)\s+)(.+)$", re.IGNORECASE | re.DOTALL)


def _split_reason(words: str) -> tuple[str, bool, str]:
    """«20/01/2026 vì chờ kinh phí» → the first part, whether there is a reason, and the reason."""
    found = _REASON.match(words)
    return (found[1].strip(), True, found[2].strip(" )")) if found else (words.strip(), False, "")


def _because(reason: str | None) -> str:
    """«vì trùng» → «trùng»."""
    return re.sub(r"^(?:vì|vi|do|lý do|ly do)\b[\s:]*", "", (reason or "").strip(" :,.–-"), flags=re.IGNORECASE).strip()
