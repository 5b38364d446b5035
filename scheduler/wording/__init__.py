"""What reminders say, in Vietnamese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.duties import Awaited, Duty
from db.messages import Action, Message, Paragraph, bold, italic, line
from db.nudges import Step
from scheduler.calendar import VIETNAM, local_day

PROPOSED = "Phần việc mới được đề xuất, chưa được xác nhận."
NO_CONTACT = "Chưa có cán bộ đầu mối nào của cơ quan được liên kết."
OUTSIDE_HOURS = "Ngoài giờ làm việc; lời nhắc chờ đến giờ làm việc tiếp theo."

CHANNELS = {"telegram": "Telegram", "zalo": "Zalo", "zalo_oa": "Zalo OA", "web": "trang web"}
# Why a chat cannot be reached.
GONE = {
    "blocked": "đã chặn trợ lý",
    "deactivated": "đã xoá tài khoản",
    "not_started": "chưa bắt đầu trò chuyện với trợ lý",
    "not_found": "không còn cuộc trò chuyện",
    "left": "trợ lý không còn trong nhóm",
}


# Why a reminder is not sent, or was planned and then dropped.
NOT_SENT = {
    "closed": "phần việc đã đóng",
    "paused": "đã hẹn ngày xong hoặc đã hoãn nhắc",
    "undecided": "đang chờ cơ quan điều phối quyết định",
    "answered": "đã có trả lời sau khi lời nhắc được lập",
    "overtaken": "đã có lời nhắc mới hơn",
    "moved": "hạn đã được dời",
    "handed_over": "phần việc đã giao cơ quan khác",
    "replaced": "đã có người khác thay",
    "away": "đang vắng mặt",
    "silenced": "đã dừng nhận lời nhắc",
    "no_account": "chưa liên kết tài khoản",
    "off": "tài khoản không còn nhận được tin",
    **GONE,
}
_SHOWN = 8  # duties of one message; more are counted
_ANSWERABLE = 6  # duties with a button of their own
_NAMED = 10  # agencies behind a task that many owe
_TASK, _SHORT_TASK = 300, 120  # characters of a task
_LATE = dt.timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class NudgeLine:
    """What a nudge says about one duty. `printed` is the document's wording of the deadline, empty when it has none;
    `promised` the day by which they said it would be done."""

    code: str
    agency: str
    task: str
    last_day: dt.date
    printed: str
    source: str
    promised: dt.date | None = None


def format_day(day: dt.date) -> str:
    """14/01/2026"""
    return f"{day:%d/%m/%Y}"


def time_left(last_day: dt.date, today: dt.date) -> str:
    """«còn 3 ngày», «hôm nay là ngày cuối», «đã quá hạn 2 ngày»"""
    days = (last_day - today).days
    if days > 0:
        return f"còn {days} ngày"
    return "hôm nay là ngày cuối" if days == 0 else f"đã quá hạn {-days} ngày"


def nudge(name: str, agency: str, by_step: Mapping[Step, Sequence[NudgeLine]], *, now: dt.datetime, due_at: dt.datetime) -> Message:
    """One reminder to one person about all that is due for them, in each part that they have in it; to the agency while
    nobody (an empty `name`) is known there."""
    today = local_day(now)
    greeting = (bold(f"Kính gửi đồng chí {name}"), f" ({agency})" if agency else "") if name else (bold(f"Kính gửi {agency}"),)
    paragraphs = [line(*greeting)]
    if now - due_at > _LATE:
        paragraphs.append(line(italic(_late(now, due_at))))
    actions: list[tuple[Action, ...]] = []
    for step in Step:
        lines = by_step.get(step, ())
        if not lines:
            continue
        paragraphs += [line(), line(bold(_opening(step, lines, today)))]
        if step in (Step.COORDINATOR, Step.UNREACHED):
            paragraphs += _by_task(lines, today)
        else:
            for one in lines[:_SHOWN]:
                paragraphs += _paragraphs(one, today)
            if len(lines) > _SHOWN:
                paragraphs.append(line(f"… và {len(lines) - _SHOWN} phần việc khác; xin gõ /viec để xem đủ."))
        if step is Step.FOCAL_POINT:
            paragraphs += [line(), line(_answers(lines))]
            actions += answer_buttons(lines[0].code) if len(lines) == 1 else _choices(lines)
        else:
            paragraphs += [line(), line(_CLOSINGS[step])]
    return Message(paragraphs=tuple(paragraphs), actions=tuple(actions))


def answer_buttons(code: str) -> tuple[tuple[Action, ...], ...]:
    """What may be answered about one duty, each by one tap."""
    return (
        (Action(label="✅ Hoàn thành", command=f"xong {code}"), Action(label="🔄 Đang làm", command=f"đang làm {code}")),
        (Action(label="⚠️ Vướng mắc", command=f"vướng {code}"), Action(label="📅 Xin gia hạn", command=f"xin gia hạn {code}")),
        (Action(label="Không phải việc của tôi", command=f"không phải việc {code}"),),
    )


_CLOSINGS = {
    Step.LEADER: "Kính đề nghị đồng chí chỉ đạo thực hiện. Gõ mã phần việc (ví dụ «PV12») để xem chi tiết và lịch sử nhắc.",
    Step.COORDINATOR: "Đề nghị điều phối liên hệ cơ quan. Gõ mã phần việc để xem chi tiết, hoặc /tiendo để xem toàn tỉnh.",
    Step.UNREACHED: "Đề nghị liên hệ bằng điện thoại; gõ /khonglienhe để xem các cơ quan chưa có đầu mối nhận được tin.",
}


def _opening(step: Step, lines: Sequence[NudgeLine], today: dt.date) -> str:
    count = f"{len(lines)} phần việc" if len(lines) > 1 else "phần việc"
    if step is Step.UNREACHED:
        return f"Không nhắc được {count} sau, vì cơ quan chưa có ai nhận được tin:"
    if step is Step.COORDINATOR:
        return f"Đã quá hạn, đầu mối và lãnh đạo cơ quan đã được nhắc – {count}:"
    late = sum(one.last_day < today for one in lines)
    stage = "sắp đến hạn" if not late else "đã quá hạn" if late == len(lines) else "đến hạn hoặc đã quá hạn"
    whose = " của cơ quan" if step is Step.LEADER else ""
    return f"Xin nhắc {count}{whose} {stage}:"


def _paragraphs(one: NudgeLine, today: dt.date) -> list[Paragraph]:
    head = f"{one.code} · {time_left(one.last_day, today)}"
    printed = f" – văn bản ghi «{one.printed}»" if one.printed else ""
    shown = [line(bold(head), f" (hết ngày {format_day(one.last_day)}){printed}"), line(_shorten(one.task, _TASK))]
    if one.promised is not None:
        shown.append(line(f"Cơ quan đã hẹn xong ngày {format_day(one.promised)}; xin cho biết kết quả."))
    return [*shown, line(italic(f"Theo {one.source}"))] if one.source else shown


def _by_task(lines: Sequence[NudgeLine], today: dt.date) -> list[Paragraph]:
    """What many agencies owe alike is said once, with the agencies behind it: for whoever looks after all of them."""
    tasks: dict[tuple[str, dt.date], list[NudgeLine]] = {}
    for one in lines:
        tasks.setdefault((one.task, one.last_day), []).append(one)
    shown: list[Paragraph] = []
    for (task, last_day), owed in list(tasks.items())[:_SHOWN]:
        named = "; ".join(f"{one.agency} ({one.code})" for one in owed[:_NAMED])
        more = f" và {len(owed) - _NAMED} cơ quan khác" if len(owed) > _NAMED else ""
        shown.append(line(bold(f"{time_left(last_day, today)}"), f" (hết ngày {format_day(last_day)}): {_shorten(task, _SHORT_TASK)}"))
        shown.append(line(f"{named}{more}."))
    if len(tasks) > _SHOWN:
        shown.append(line(f"… và {len(tasks) - _SHOWN} nhiệm vụ khác; xin gõ /viec để xem đủ."))
    return shown


def _shorten(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"


def _choices(lines: Sequence[NudgeLine]) -> list[tuple[Action, ...]]:
    """A button for each duty, three in a row: a tap shows what may be answered about it."""
    buttons = [Action(label=f"Trả lời {one.code}", command=one.code) for one in lines[:_ANSWERABLE]]
    return [tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)]


def _answers(lines: Sequence[NudgeLine]) -> str:
    code = lines[0].code
    return f"Bấm nút, hoặc gõ: «xong {code}», «đang làm {code} 60%», «vướng {code} thiếu kinh phí», «xin lùi {code} đến 20/01»."


def _late(now: dt.datetime, due_at: dt.datetime) -> str:
    """How late a reminder comes, and that it is nobody's fault who reads it."""
    due = due_at.astimezone(VIETNAM)
    days = (local_day(now) - due.date()).days
    late = f"{days} ngày" if days else f"{int((now - due_at).total_seconds() // 3600)} giờ"
    return f"Lời nhắc này lẽ ra gửi lúc {due:%H:%M ngày %d/%m/%Y}; trợ lý gián đoạn nên đến chậm {late}."


def undecided(duties: Sequence[Duty], names: Mapping[str, str]) -> Message:
    """To the coordinators: what has waited for their decision, each to be opened by a tap."""
    paragraphs = [
        line(bold(f"Đang chờ đồng chí quyết định: {len(duties)} đề nghị")),
        line("Các phần việc này tạm dừng nhắc đến khi có quyết định."),
    ]
    for one in duties[:_SHOWN]:
        due = f", hạn {format_day(one.last_day)}" if one.last_day else ""
        paragraphs.append(line(bold(one.code), f" – {names.get(one.agency_code, one.agency_code)}: {_AWAITED[one.awaits]}{due}"))
    if len(duties) > _SHOWN:
        paragraphs.append(line(f"… và {len(duties) - _SHOWN} đề nghị khác."))
    buttons = [Action(label=f"Mở {one.code}", command=one.code) for one in duties[:_SHOWN]]
    return Message(paragraphs=tuple(paragraphs), actions=tuple(tuple(buttons[at : at + 3]) for at in range(0, len(buttons), 3)))


_AWAITED = {Awaited.EXTENSION: "xin gia hạn", Awaited.OWNER: "báo không phải việc của cơ quan", None: ""}


def unreachable(name: str, agency: str, channel: str, reason: str) -> str:
    """To an administrator: who gets no messages any more, why, and what to do."""
    who = f"{name} ({agency})" if agency else name
    return (
        f"Không gửi được tin cho {who} qua {CHANNELS.get(channel, channel)}: {GONE.get(reason, reason)}.\n"
        "Tin đang chờ gửi cho người này đã dừng. Xin liên hệ bằng điện thoại; khi người đó nhắn lại cho trợ lý, kênh tự mở lại."
    )
