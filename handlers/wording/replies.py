"""What is said about replies to reminders, in Vietnamese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db.duties import Awaited, Duty, DutyOutcome, DutyState, Pause
from db.messages import Action, Message, Paragraph, bold, italic, line
from db.reports import Extension, ExtensionState, Status, StatusReport
from handlers import wording
from handlers.paging import shorten
from scheduler.calendar import VIETNAM
from scheduler.wording import answer_buttons, format_day, time_left

STATUSES = {
    Status.NOT_STARTED: "chưa bắt đầu",
    Status.IN_PROGRESS: "đang làm",
    Status.OBSTACLE: "vướng mắc",
    Status.DONE: "hoàn thành",
    Status.NOT_OURS: "không phải việc của cơ quan",
}
OUTCOMES = {
    DutyOutcome.DONE: "đã hoàn thành",
    DutyOutcome.DROPPED: "đã được bỏ khỏi danh sách",
    DutyOutcome.SUPERSEDED: "đã thôi, vì văn bản được thay thế",
    DutyOutcome.SPLIT: "đã tách thành phần việc của từng cơ quan",
}
EXTENSIONS = {
    ExtensionState.PENDING: "đang chờ quyết định",
    ExtensionState.GRANTED: "đã đồng ý",
    ExtensionState.REFUSED: "đã từ chối",
    ExtensionState.WITHDRAWN: "đã rút",
}
AWAITED = {Awaited.EXTENSION: "đang chờ quyết định gia hạn", Awaited.OWNER: "đang chờ xác định cơ quan thực hiện"}
_TASK = 140
UNDO_LABEL = "↩️ Hoàn tác"

NO_SUCH_DUTY = "Không có phần việc {code}. Gõ /viec để xem phần việc của cơ quan."
OTHER_AGENCY = "{code} là phần việc của cơ quan khác; anh/chị chỉ xem và trả lời được phần việc của cơ quan mình. Gõ /viec để xem."
HANDED_OVER = "{code} đã giao cho {agency} ngày {day}; cơ quan của anh/chị không phải báo cáo và không được nhắc nữa."
NOT_A_REPORTER = "Chỉ đầu mối và lãnh đạo cơ quan báo cáo phần việc; chưa ghi nhận gì. Xin nhờ đầu mối của cơ quan báo giúp."
NOT_CONFIRMED = "{code} chưa được điều phối xác nhận nên chưa cần báo cáo."
CLOSED = "{code} {outcome}{when}; không có gì thay đổi. Nếu chưa đúng, xin nhờ điều phối mở lại."
WITHOUT_CODE_NONE = "Cơ quan của anh/chị hiện không có phần việc nào đang mở, nên không có gì để ghi nhận."
NO_SUCH_REPORT = "Không thấy báo cáo số {number} để hoàn tác. Gõ mã phần việc (ví dụ «PV12») để xem lịch sử."
NOTHING_TO_UNDO = "Không có báo cáo nào của anh/chị trong 24 giờ qua để hoàn tác."
UNDONE_ALREADY = "Báo cáo này đã được hoàn tác trước đó; không có gì thay đổi."
UNDO_TOO_LATE = "Đã quá 24 giờ nên không hoàn tác được. Xin gửi báo cáo mới, hoặc nhờ điều phối mở lại phần việc."
UNDO_NOT_YOURS = "Chỉ người đã báo cáo hoặc người cùng cơ quan mới hoàn tác được."
EXTENSION_SETTLED = "GH{id} không hoàn tác được nữa vì {state}."
DROPPED = (
    "Trợ lý chưa rõ ý nên chưa ghi nhận gì. Khi cần, xin gõ theo mẫu: «xong {code}», «đang làm {code} 60%», «vướng {code} …», "
    "«xin lùi {code} đến 20/01»."
)
ONE_BY_ONE = (
    "Tin nói về nhiều phần việc với tình hình khác nhau; xin báo từng phần việc, ví dụ: «xong {first}», rồi «đang làm {second} 60%»."
)
THANKS = "Cảm ơn anh/chị. Khi xong, xin gõ «xong {code}»; nếu cần thêm thời gian: «đang làm, xong 20/01» hoặc «xin lùi đến 20/01»."
NO_DAY = "{code} không có hạn cụ thể nên không cần xin gia hạn."
DAY_PASSED = "Ngày {day} đã qua. Xin cho biết ngày sẽ xong {code}, ví dụ «20/02» hoặc «thứ 6 tuần sau»."
DAY_NOT_LATER = "Ngày {day} không muộn hơn hạn hiện tại của {code} (hết ngày {last_day}). Xin cho biết một ngày muộn hơn."
NO_SUCH_DAY = "Không có ngày {day} trong lịch."
NO_SUCH_SHARE = "Không có mức {share}: tiến độ từ 0% đến 100%."
ASK_PROMISE = "Xin cho biết ngày sẽ xong {code}, ví dụ «20/02» hoặc «thứ 6 tuần sau»."
DAY_UNCLEAR = "Chưa đọc được ngày. Xin gõ như «20/02», «thứ 6 tuần sau» hoặc «hết tháng 2»."


def task_of(duty: Duty) -> str:
    return shorten(duty.task, _TASK)


def at(moment: dt.datetime) -> str:
    """09:30 12/01/2026"""
    return f"{moment.astimezone(VIETNAM):%H:%M %d/%m/%Y}"


def names(people: Sequence[str]) -> str:
    return ", ".join(people)


def undo_button(command: str) -> tuple[Action, ...]:
    return (Action(label=UNDO_LABEL, command=command),)


def recorded(
    what: str, duty: Duty, *, more: Sequence[str] = (), told: Sequence[str] | None = None, files: int = 0, undo: str | None = None
) -> Message:
    """What was understood, said back; `told`: the coordinators who know of it (empty: none could be reached)."""
    lines = [line(bold("Đã ghi nhận: "), bold(f"{what} · {duty.code}")), line(task_of(duty)), *(line(one) for one in more if one)]
    if files:
        lines.append(line(f"Đã nhận kèm {files} tệp."))
    if told is not None:
        lines.append(line(f"Đã báo điều phối: {names(told)}." if told else "Chưa có điều phối nào nhận được tin; xin liên hệ trực tiếp."))
    return Message(paragraphs=tuple(lines), actions=(undo_button(undo),) if undo else ())


def done_when(duty: Duty, today: dt.date) -> str:
    if duty.last_day is None:
        return "Phần việc đã đóng."
    late = (today - duty.last_day).days
    return f"Phần việc đã đóng, {'muộn ' + str(late) + ' ngày' if late > 0 else 'đúng hạn'} (hạn: hết ngày {format_day(duty.last_day)})."


def next_reminder(duty: Duty) -> str:
    return f"Lời nhắc tiếp theo: {at(duty.remind_at)}." if duty.remind_at else ""


def promised(day: dt.date) -> str:
    return f"Hẹn xong: {format_day(day)}. Đến hết ngày đó trợ lý không nhắc; sau đó sẽ hỏi lại."


def promise_is_late(duty: Duty) -> str:
    return f"Ngày hẹn sau hạn ({format_day(duty.last_day)}); nếu cần dời hạn, xin gõ «xin gia hạn {duty.code}»." if duty.last_day else ""


def status_line(report: StatusReport) -> str:
    """«đang làm 60%, hẹn xong 20/01/2026 – thiếu kinh phí»"""
    percent = f" {report.percent}%" if report.percent is not None else ""
    day = f", hẹn xong {format_day(report.promised_on)}" if report.promised_on else ""
    return f"{STATUSES[report.status]}{percent}{day}{f' – {shorten(report.note, 200)}' if report.note else ''}"


def answered_by(duty: Duty, what: str, who: str, moment: dt.datetime) -> str:
    """Below the others' reminders: who answered what, when."""
    return f"↳ {duty.code}: {who} đã báo «{what}» lúc {at(moment)}."


def taken_back_by(duty: Duty, who: str, moment: dt.datetime) -> str:
    return f"↳ {duty.code}: {who} đã hoàn tác báo cáo lúc {at(moment)}; phần việc vẫn cần trả lời."


def to_coordinator(title: str, duty: Duty, agency: str, who: str, more: Sequence[str], *actions: tuple[Action, ...]) -> Message:
    """What a coordinator is told about a reply."""
    deadline = wording.duty_deadline(duty.rule, duty.last_day)
    told = [line(bold(f"{title} · {duty.code}")), line(f"{agency} – {who}"), line(task_of(duty)), line(f"Hạn: {deadline}")]
    return Message(paragraphs=(*told, *(line(one) for one in more if one)), actions=actions)


def open_card(duty: Duty) -> Action:
    return Action(label=f"Xem {duty.code}", command=duty.code)


# What is asked.
def ask_percent(duty: Duty, problem: str = "") -> Message:
    code = duty.code
    shares = tuple(Action(label=f"{share}%", command=f"đang làm {code} {share}%") for share in (25, 50, 75))
    told = [line(problem)] if problem else []
    told += [line(bold(f"{code} đang làm đến đâu?")), line(task_of(duty))]
    told.append(line("Bấm nút, hoặc gõ phần trăm, hoặc gõ ngày sẽ xong (ví dụ «xong 20/01»): đến ngày đó trợ lý không nhắc."))
    return Message(paragraphs=tuple(told), actions=(shares, (Action(label="Chưa rõ %", command=f"đang làm {code} chưa tính được %"),)))


def ask_finished(duty: Duty) -> Message:
    told = [line(bold(f"{duty.code} đã hoàn thành chưa?")), line(task_of(duty)), line("Làm được 100% mà chưa báo hoàn thành; xin bấm nút.")]
    done = Action(label="✅ Hoàn thành", command=f"xong {duty.code}")
    going = Action(label="🔄 Đang làm, 100%", command=f"vẫn đang làm {duty.code} 100%")
    return Message(paragraphs=tuple(told), actions=((done,), (going,)))


def ask_obstacle(duty: Duty) -> Message:
    told = [line(bold(f"{duty.code} đang vướng gì?")), line(task_of(duty)), line("Xin gõ ngắn gọn vướng mắc, đang chờ cơ quan nào.")]
    return Message(paragraphs=tuple(told))


def ask_new_day(duty: Duty, days: Sequence[tuple[int, dt.date]], problem: str = "") -> Message:
    buttons = tuple(
        Action(label=f"+{count} ngày ({day:%d/%m})", command=f"xin gia hạn {duty.code} đến {format_day(day)}") for count, day in days
    )
    deadline = wording.duty_deadline(duty.rule, duty.last_day)
    told = [line(problem)] if problem else []
    told += [line(bold(f"Xin gia hạn {duty.code} đến ngày nào?")), line(task_of(duty)), line(f"Hạn hiện tại: {deadline}.")]
    told.append(line("Bấm nút, hoặc gõ ngày và lý do, ví dụ: «đến 25/01 vì chờ Bộ hướng dẫn»."))
    return Message(paragraphs=tuple(told), actions=tuple((one,) for one in buttons))


def ask_not_ours(duty: Duty, note: str) -> Message:
    told = [line(bold(f"{duty.code} không phải việc của cơ quan?")), line(task_of(duty))]
    if note:
        told.append(line(f"Lý do: {note}"))
    told.append(line("Bấm «Đúng vậy» để chuyển điều phối xem xét" + ("." if note else "; hoặc gõ lý do, cơ quan nào đúng.")))
    yes = Action(label="Đúng vậy", command=f"xác nhận không phải việc {duty.code}")
    return Message(paragraphs=tuple(told), actions=((yes, Action(label="Thôi", command=f"thôi {duty.code}")),))


def ask_whom(duty: Duty, people: Sequence[tuple[int, str]], problem: str = "") -> Message:
    told = [line(problem)] if problem else []
    told += [line(bold(f"Bàn giao {duty.code} cho ai?")), line(task_of(duty)), line("Bấm tên, hoặc gõ tên hay số điện thoại.")]
    buttons = tuple((Action(label=shorten(name, 60), command=f"bàn giao {duty.code} cho #{number}"),) for number, name in people)
    everybody = (Action(label="Tất cả đầu mối", command=f"bàn giao {duty.code} cho tất cả đầu mối"),)
    return Message(paragraphs=tuple(told), actions=(*buttons, *((everybody,) if duty.assignee_id is not None else ())))


def ask_snooze_day(duty: Duty) -> Message:
    until = f", muộn nhất là {format_day(duty.last_day)}" if duty.last_day else ""
    return Message(paragraphs=(line(bold(f"Hoãn nhắc {duty.code} đến ngày nào?")), line(f"Xin gõ ngày{until}, và lý do.")))


def ask_snooze_reason(duty: Duty, day: dt.date) -> Message:
    return Message(paragraphs=(line(bold(f"Vì sao hoãn nhắc {duty.code} đến {format_day(day)}?")), line("Xin gõ ngắn gọn lý do.")))


def ask_promise(duty: Duty, problem: str) -> Message:
    return Message(paragraphs=(line(problem), line(task_of(duty))))


def ask_which(duties: Sequence[Duty], total: int, words: str) -> Message:
    told = [line(bold("Anh/chị trả lời cho phần việc nào?")), line(italic(f"«{shorten(words, 120)}»"))]
    for duty in duties:
        day = f" (hết ngày {format_day(duty.last_day)})" if duty.last_day else ""
        told.append(line(bold(duty.code), f"{day}: {shorten(duty.task, 90)}"))
    if total > len(duties):
        told.append(line(f"… và {total - len(duties)} phần việc khác: xin gõ mã, hoặc /viec để xem đủ."))
    buttons = [Action(label=one.code, command=f"về {one.code}") for one in duties]
    return Message(paragraphs=tuple(told), actions=tuple(tuple(buttons[first : first + 3]) for first in range(0, len(buttons), 3)))


def ask_which_done(open_code: str, others: Sequence[Duty]) -> Message:
    told = [line(bold("Phần việc nào đã xong?")), line("Tin nói về nhiều phần việc nên chưa ghi nhận gì; xin báo từng phần việc.")]
    told += [line(bold(one.code), f": {shorten(one.task, 90)}") for one in others]
    buttons = [Action(label=f"✅ Xong {one.code}", command=f"xong {one.code}") for one in others]
    buttons.append(Action(label=f"Chưa làm {open_code}", command=f"chưa làm {open_code}"))
    return Message(paragraphs=tuple(told), actions=tuple((one,) for one in buttons))


def ask_meaning(duty: Duty, words: str, offered: Sequence[Action]) -> Message:
    told = [line(bold(f"Về {duty.code}, ý anh/chị là gì?")), line(italic(f"«{shorten(words, 120)}»")), line(task_of(duty))]
    return Message(paragraphs=tuple(told), actions=tuple((one,) for one in offered))


def reminder_of_prompt(code: str, what: str) -> str:
    return f"{code}: đang chờ anh/chị {what}. Không trả lời nữa thì gõ /huy."


WANTED = {
    "percent": "cho biết đã làm đến đâu",
    "note": "cho biết vướng gì",
    "day": "cho biết ngày",
    "promise": "cho biết ngày sẽ xong",
    "until": "cho biết hoãn đến ngày nào",
    "reason": "cho biết lý do",
    "whom": "cho biết bàn giao cho ai",
    "duty": "chọn phần việc",
    "meaning": "chọn tình hình",
    "confirm": "xác nhận",
    "refusal": "cho biết lý do từ chối",
    "grant": "cho biết ngày gia hạn",
    "return": "cho biết lý do trả lại",
}


# Extensions.
def extension_line(one: Extension) -> str:
    day = one.granted_day if one.state is ExtensionState.GRANTED and one.granted_day else one.asked_day
    return (
        f"xin gia hạn đến {format_day(day)} (GH{one.id}, {EXTENSIONS[one.state]}){f' – {shorten(one.reason, 200)}' if one.reason else ''}"
    )


def decide_buttons(one: Extension, duty: Duty) -> tuple[tuple[Action, ...], ...]:
    yes, no = Action(label="✅ Đồng ý", command=f"đồng ý GH{one.id}"), Action(label="❌ Từ chối", command=f"từ chối GH{one.id}")
    return ((yes, no), (Action(label="📅 Ngày khác", command=f"ngày khác GH{one.id}"), open_card(duty)))


def extension_asked(one: Extension) -> Sequence[str]:
    return (f"Xin đến hết ngày {format_day(one.asked_day)}.", f"Lý do: {one.reason}" if one.reason else "Không nêu lý do.")


def extension_decided(one: Extension, duty: Duty, who: str) -> Message:
    """To the agency."""
    if one.state is ExtensionState.GRANTED and one.granted_day:
        head, what = "Đồng ý gia hạn", f"Hạn mới: hết ngày {format_day(one.granted_day)}."
        if one.granted_day != one.asked_day:
            what += f" Cơ quan xin đến {format_day(one.asked_day)}."
    else:
        head = "Không đồng ý gia hạn"
        what = f"Hạn vẫn là hết ngày {format_day(duty.last_day)}." if duty.last_day else ""
    told = [line(bold(f"{head} · {duty.code}")), line(task_of(duty)), line(what), line(f"Người quyết định: {who}.")]
    if one.answer:
        told.append(line(f"Ý kiến: {one.answer}"))
    return Message(paragraphs=tuple(told), actions=((open_card(duty),),))


def agency_told(count: int) -> str:
    return "Đã báo cơ quan." if count else "Chưa ai của cơ quan nhận được tin; xin liên hệ trực tiếp."


def decided_by(one: Extension, who: str) -> str:
    day = f" đến {format_day(one.granted_day)}" if one.state is ExtensionState.GRANTED and one.granted_day else ""
    return f"{who} {EXTENSIONS[one.state]}{day} lúc {at(one.decided_at)}." if one.decided_at else EXTENSIONS[one.state]


NO_SUCH_EXTENSION = "Không có yêu cầu gia hạn GH{id}."
ASK_REFUSAL = "Lý do từ chối GH{id}? Xin gõ lý do, hoặc bấm nút."
ASK_GRANT = "Gia hạn GH{id} đến ngày nào? Xin gõ ngày, ví dụ «25/01»."
NO_REASON = "Không nêu lý do"
DAY_OF_GRANT_PASSED = "Ngày {day} đã qua; xin gõ một ngày từ hôm nay trở đi."

# Whose duty it is.
GIVE_BACK = "Trả lại cơ quan"
ASK_RETURN = "Vì sao {code} vẫn là việc của cơ quan? Xin gõ lý do để báo lại cơ quan."
NOT_WAITING_FOR_OWNER = "{code} không chờ xác định cơ quan thực hiện; không có gì thay đổi."


def how_to_hand_over(duty: Duty) -> str:
    return f"Giao cơ quan khác: gõ «giao {duty.code} cho <tên cơ quan>». Giữ nguyên: gõ «trả lại {duty.code} lý do»."


def given_back(duty: Duty, who: str, reason: str) -> Message:
    told = [
        line(bold(f"{duty.code} vẫn là việc của cơ quan")),
        line(task_of(duty)),
        line(f"Lý do: {reason}"),
        line(f"Người trả lời: {who}."),
    ]
    return Message(paragraphs=tuple(told), actions=answer_buttons(duty.code))


# Handing on, pauses.
SOMEBODY_UNKNOWN = "Không thấy «{name}» trong những người trả lời được cho cơ quan."
SEVERAL_PEOPLE = "Có nhiều người tên «{name}»."
ASSIGNED = "Bàn giao cho {name}"
ASSIGNED_TO_ALL = "Giao lại cho tất cả đầu mối của cơ quan"
ONLY_THEY_REMINDED = "Từ nay trước hạn trợ lý nhắc {name}."
NEW_ONE_TOLD = "Đã gửi {name} nội dung phần việc."
NEW_ONE_UNREACHED = "{name} chưa liên kết tài khoản nên chưa nhận được tin; xin báo trực tiếp."
SNOOZED = "Hoãn nhắc đến hết {day}"
SNOOZE_PAST_LAST_DAY = "Không hoãn nhắc quá hạn ({last_day}). Xin gõ một ngày không muộn hơn hạn, hoặc «xin gia hạn {code}»."
SNOOZE_AFTER_LAST_DAY = (
    "{code} đã quá hạn nên không hoãn nhắc được. Xin báo ngày sẽ xong («đang làm {code}, xong 20/01») hoặc «xin gia hạn {code}»."
)
RESUMED = "Nhắc lại bình thường"
NOT_PAUSED = "{code} không bị hoãn nhắc; không có gì thay đổi."
LEFT = "Đã bỏ qua; {code} không có gì thay đổi."


def assigned_to_you(who: str) -> Paragraph:
    return line(italic(f"Phần việc này do {who} bàn giao cho đồng chí."))


# Undone.
def undone(what: str, duty: Duty) -> Message:
    told = [line(bold(f"Đã hoàn tác: {what} · {duty.code}")), line(task_of(duty)), line(state_of(duty))]
    return Message(paragraphs=tuple(told), actions=answer_buttons(duty.code) if duty.state is DutyState.OPEN else ())


UNDONE_REASON = "hoàn tác báo cáo"


def withdrawn_remark(who: str, moment: dt.datetime) -> str:
    return f"{who} đã rút lại lúc {at(moment)}."


# The card.
def state_of(duty: Duty) -> str:
    """«Đang thực hiện; cơ quan đã hẹn xong 20/01/2026, đến đó không nhắc.»"""
    if duty.state is DutyState.PROPOSED:
        return "Tình trạng: mới đề xuất, chưa xác nhận."
    if duty.state is DutyState.CLOSED:
        outcome = OUTCOMES[duty.outcome] if duty.outcome else "đã đóng"
        return f"Tình trạng: {outcome}{f' ({at(duty.closed_at)})' if duty.closed_at else ''}."
    parts = ["đang mở"]
    if duty.awaits:
        parts.append(AWAITED[duty.awaits])
    if duty.paused_until and duty.pause:
        why = "cơ quan hẹn xong" if duty.pause is Pause.PROMISE else "hoãn nhắc đến"
        parts.append(f"{why} {format_day(duty.paused_until)}")
    return f"Tình trạng: {', '.join(parts)}."


def card(
    duty: Duty, agency: str, today: dt.date, *, assignee: str, latest: str, files: int, history: Sequence[str], rest: int
) -> tuple[Paragraph, ...]:
    left = f" – {time_left(duty.last_day, today)}" if duty.last_day and duty.state is DutyState.OPEN else ""
    told = [line(bold(f"{duty.code} · {agency}")), line(duty.task)]
    told.append(line(f"Hạn: {wording.duty_deadline(duty.rule, duty.last_day)}{left}"))
    if duty.source:
        told.append(line(italic(f"Theo {duty.source}{f', mục {duty.clause}' if duty.clause else ''}")))
    told.append(line(state_of(duty)))
    if assignee:
        told.append(line(f"Người nhận việc: {assignee}"))
    told.append(line(f"Báo cáo mới nhất: {latest or 'chưa có'}"))
    if files:
        told.append(line(f"Tệp minh chứng: {files}"))
    if history:
        told += [line(), line(bold("Lịch sử")), *(line(f"• {one}") for one in history)]
    if rest:
        told.append(line(f"… và {rest} việc trước đó."))
    return tuple(told)


KEEP = "Sửa, giao, đóng"
HISTORY, WHY = "🕑 Lịch sử", "❓ Vì sao nhắc"
BY_ITSELF = "trợ lý"
FIRST_LINE = "Phần việc của cơ quan"
ALL_AGENCIES = "Phần việc của các cơ quan, quá hạn trước"
NO_DUTIES = "Không có phần việc nào đang mở."
NO_AGENCY = "Anh/chị chưa thuộc cơ quan nào trong danh sách nên không có phần việc."


def duty_item(duty: Duty, today: dt.date, agency: str) -> Paragraph:
    left = f" · {time_left(duty.last_day, today)} ({duty.last_day:%d/%m/%Y})" if duty.last_day else " · chưa có hạn"
    paused = f" · {AWAITED[duty.awaits]}" if duty.awaits else f" · đến {duty.paused_until:%d/%m} không nhắc" if duty.paused_until else ""
    whose = f"{agency}: " if agency else ""
    return line(bold(f"{duty.code}{left}"), f"{paused}\n{whose}{shorten(duty.task, 110)}")
