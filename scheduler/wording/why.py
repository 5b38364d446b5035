"""Why somebody was, or was not, reminded, in Vietnamese."""

from __future__ import annotations

import datetime as dt

from db.duties import Awaited, DutyState, Pause
from db.messages import Paragraph, bold, line
from db.nudges import Nudge, NudgeState, Step
from scheduler.calendar import VIETNAM
from scheduler.why import Explanation, Reminded
from scheduler.wording import CHANNELS, NOT_SENT, format_day

_SHOWN = 4  # reminders of one person
_STEPS = {
    Step.FOCAL_POINT: "",
    Step.LEADER: ", với tư cách lãnh đạo cơ quan",
    Step.COORDINATOR: ", với tư cách điều phối vì quá hạn",
    Step.UNREACHED: ", với tư cách điều phối vì không nhắc được ai của cơ quan",
}
NEVER = "chưa đến lượt nhắc người này"
NOBODY = "Cơ quan chưa có cán bộ nào trong danh sách, nên không nhắc được ai."


def explanation_lines(found: Explanation) -> tuple[Paragraph, ...]:
    """For each person what was sent, what was not and why, and when the next reminder comes."""
    duty = found.duty
    told = [line(bold(f"Vì sao nhắc {duty.code}")), line(_state(found))]
    for person in found.people:
        told += [line(), *_person(person)]
    if not found.people:
        told.append(line(NOBODY))
    return tuple(told)


def rung_words(offset: int) -> str:
    """«trước hạn 3 ngày», «ngày cuối», «quá hạn 7 ngày»"""
    if offset == 0:
        return "ngày cuối của hạn"
    return f"trước hạn {-offset} ngày" if offset < 0 else f"quá hạn {offset} ngày"


def _state(found: Explanation) -> str:
    duty, rung = found.duty, found.next_rung
    if duty.state is DutyState.CLOSED:
        return "Phần việc đã đóng; không nhắc nữa."
    if duty.state is DutyState.PROPOSED:
        return "Phần việc chưa được xác nhận; chưa nhắc ai."
    if duty.awaits is not None:
        what = "yêu cầu gia hạn" if duty.awaits is Awaited.EXTENSION else "cơ quan thực hiện"
        return f"Đang chờ điều phối quyết định {what}; trong lúc đó không nhắc."
    if duty.last_day is None:
        return "Phần việc chưa có hạn cụ thể nên không có mốc nhắc."
    paused = ""
    if duty.paused_until is not None:
        why = "Cơ quan đã hẹn xong" if duty.pause is Pause.PROMISE else "Đã hoãn nhắc đến"
        paused = f"{why} {format_day(duty.paused_until)}; đến hết ngày đó không nhắc. "
    if rung is None:
        return f"{paused}Không còn mốc nhắc nào."
    step = "hỏi lại sau ngày hẹn" if rung.is_again else f"mốc {rung_words(rung.offset)}"
    return f"{paused}Lời nhắc tiếp theo: {_at(rung.at)} ({step})."


def _person(one: Reminded) -> list[Paragraph]:
    told = [line(bold(one.name), "" if one.is_of_agency else " (ngoài cơ quan)")]
    if len(one.nudges) > _SHOWN:
        told.append(line(f"• … {len(one.nudges) - _SHOWN} lời nhắc trước đó"))
    told += [line(f"• {_nudge(nudge)}") for nudge in one.nudges[-_SHOWN:]]
    if not one.nudges:
        told.append(line(f"• {NEVER}"))
    if one.left_out is not None:
        told.append(line(f"• Hiện không nhắc người này: {NOT_SENT[one.left_out.value]}."))
    elif one.is_next:
        told.append(line("• Lời nhắc tiếp theo sẽ gửi cho người này."))
    return told


def _nudge(one: Nudge) -> str:
    step = "hỏi lại sau ngày hẹn" if one.is_again else f"mốc {rung_words(one.rung)}"
    head = f"{format_day(one.due_at.astimezone(VIETNAM).date())}, {step}{_STEPS[one.step]}"
    if one.state is NudgeState.SENT:
        channel = CHANNELS.get(one.channel, one.channel)
        return f"{head}: đã gửi{f' lúc {_at(one.settled_at)}' if one.settled_at else ''}{f' qua {channel}' if channel else ''}"
    if one.state is NudgeState.DROPPED:
        return f"{head}: không gửi, vì {NOT_SENT.get(one.reason, one.reason or 'không rõ')}"
    return f"{head}: đang chờ gửi"


def _at(moment: dt.datetime) -> str:
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"
