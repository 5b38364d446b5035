"""How the plan stands, in Vietnamese: what states are called, and the short messages that go out by the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from db.messages import Action, Message, Paragraph, bold, italic, line
from db.progress import Standing
from db.reports import Status
from scheduler.calendar import VIETNAM, local_day
from scheduler.progress import Counts
from scheduler.wording import format_day

STANDINGS = {
    Standing.OVERDUE: "Quá hạn",
    Standing.OBSTACLE: "Vướng mắc",
    Standing.NOT_REPORTED: "Chưa báo cáo",
    Standing.IN_PROGRESS: "Đang làm",
    Standing.NOT_DUE: "Chưa đến hạn",
    Standing.DONE_LATE: "Xong chậm",
    Standing.DONE_IN_TIME: "Xong đúng hạn",
}
SIGNS = {
    Standing.OVERDUE: "🔴",
    Standing.OBSTACLE: "🟠",
    Standing.NOT_REPORTED: "🟡",
    Standing.IN_PROGRESS: "🔵",
    Standing.NOT_DUE: "⚪",
    Standing.DONE_LATE: "🟤",
    Standing.DONE_IN_TIME: "🟢",
}
STATUSES = {
    Status.NOT_STARTED: "chưa bắt đầu",
    Status.IN_PROGRESS: "đang làm",
    Status.OBSTACLE: "vướng mắc",
    Status.DONE: "hoàn thành",
    Status.NOT_OURS: "báo không phải việc của cơ quan",
}
_TASK = 160  # characters of a task in a short message
_SHOWN = 12  # duties of the weekly list; more are counted


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A duty as a short message shows it."""

    code: str
    agency: str
    task: str
    last_day: dt.date | None
    standing: Standing
    reported: str = ""


def as_of(at: dt.datetime) -> str:
    """«tính đến 08:05 ngày 12/01/2026»; the end of a day is that day's."""
    local = at.astimezone(VIETNAM)
    if local.time() == dt.time():
        return f"tính đến hết ngày {local.date() - dt.timedelta(days=1):%d/%m/%Y}"
    return f"tính đến {local:%H:%M} ngày {local:%d/%m/%Y}"


def reported_words(status: Status | None, percent: int | None) -> str:
    """«đang làm 60%»; empty where nothing was reported."""
    if status is None:
        return ""
    return f"{STATUSES[status]} {percent}%" if status is Status.IN_PROGRESS and percent is not None else STATUSES[status]


def standing_words(one: DutyLine, today: dt.date) -> str:
    """«quá hạn 7 ngày (đang làm 60%)», «đang làm 60%, hạn 20/01/2026»"""
    if one.standing is Standing.OVERDUE and one.last_day is not None:
        late = f"quá hạn {(today - one.last_day).days} ngày"
        return f"{late} ({one.reported})" if one.reported else f"{late} (chưa có báo cáo)"
    words = one.reported if one.standing is Standing.IN_PROGRESS and one.reported else STANDINGS[one.standing].lower()
    return f"{words}, hạn {format_day(one.last_day)}" if one.last_day else words


def shorten_task(text: str, limit: int = _TASK) -> str:
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-–") + "…"


def count_lines(counts: Counts) -> tuple[Paragraph, ...]:
    """«🔴 Quá hạn: 12 (10%)», a line each state that there is, the worst first."""
    return tuple(line(f"{SIGNS[one]} {STANDINGS[one]}: ", bold(str(count)), f" ({counts.share(one)}%)") for one, count in shown(counts))


def shown(counts: Counts) -> list[tuple[Standing, int]]:
    """The states that there are, the worst first."""
    return [(one, counts.of(one)) for one in Standing if counts.of(one)]


def period_words(first: dt.date, last: dt.date) -> str:
    return f"từ {format_day(first)} đến {format_day(last)}"


def file_name(first: dt.date, last: dt.date, ending: str) -> str:
    """«bao-cao-tien-do-2026-01-05-2026-01-18.xlsx»"""
    return f"bao-cao-tien-do-{first.isoformat()}-{last.isoformat()}.{ending}"


def period_report(
    first: dt.date, last: dt.date, counts: Counts, worst: Sequence[DutyLine], *, silent: int, at: dt.datetime, whose: str = ""
) -> Message:
    """With the files of a report: the counts, the worst, how many did not answer; `whose`: of one agency alone."""
    today = local_day(at - dt.timedelta(microseconds=1))
    of = f" của {whose}" if whose else ""
    told = [line(bold(f"Báo cáo tiến độ{of} {period_words(first, last)}")), line(italic(f"{counts.total} phần việc, {as_of(at)}"))]
    told += count_lines(counts)
    if worst:
        told += [line(), line(bold("Cần chú ý nhất:"))]
        told += [line(bold(one.code), f" · {one.agency} · {standing_words(one, today)}: {shorten_task(one.task)}") for one in worst]
    if silent:
        told += [line(), line(f"{silent} phần việc đã nhắc mà chưa có báo cáo nào (trang «Chưa trả lời» của bảng tính).")]
    told += [line(), line("Kèm theo: bảng tính theo dõi «6 rõ» và dự thảo báo cáo; xin điền số, ngày và người ký.")]
    buttons = tuple(Action(label=one.code, command=one.code) for one in worst)
    return Message(paragraphs=tuple(told), actions=(buttons,) if buttons else ())


def weekly_list(monday: dt.date, duties: Sequence[DutyLine], *, today: dt.date) -> Message:
    """To the leadership: what stayed overdue although focal point, leader and coordinator were told."""
    told = [
        line(bold(f"Danh sách tuần từ {format_day(monday)}: {len(duties)} phần việc quá hạn kéo dài")),
        line(italic("Đã nhắc đầu mối, lãnh đạo cơ quan và cơ quan điều phối mà chưa hoàn thành.")),
    ]
    for one in duties[:_SHOWN]:
        told.append(line(bold(one.code), f" · {one.agency} · {standing_words(one, today)}: {shorten_task(one.task)}"))
    if len(duties) > _SHOWN:
        told.append(line(f"… và {len(duties) - _SHOWN} phần việc khác; gõ «/tiendo quá hạn» để xem đủ."))
    told += [line(), line("Gõ mã phần việc để xem chi tiết, /tiendo để xem toàn tỉnh.")]
    return Message(paragraphs=tuple(told))
