"""What reminders say, in Vietnamese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

PROPOSED = "Phần việc mới được đề xuất, chưa được xác nhận."
NO_CONTACT = "Chưa có cán bộ đầu mối nào của cơ quan được liên kết."

CHANNELS = {"telegram": "Telegram", "zalo": "Zalo", "zalo_oa": "Zalo OA", "web": "trang web"}
# Why a chat cannot be reached.
GONE = {
    "blocked": "đã chặn trợ lý",
    "deactivated": "đã xoá tài khoản",
    "not_started": "chưa bắt đầu trò chuyện với trợ lý",
    "not_found": "không còn cuộc trò chuyện",
    "left": "trợ lý không còn trong nhóm",
}


@dataclass(frozen=True, slots=True)
class NudgeLine:
    """What a nudge says about one duty. `printed` is the document's wording of the deadline, empty when it has none."""

    code: str
    task: str
    last_day: dt.date
    printed: str
    source: str


def format_day(day: dt.date) -> str:
    """14/01/2026"""
    return f"{day:%d/%m/%Y}"


def time_left(last_day: dt.date, today: dt.date) -> str:
    """«còn 3 ngày», «hôm nay là ngày cuối», «đã quá hạn 2 ngày»"""
    days = (last_day - today).days
    if days > 0:
        return f"còn {days} ngày"
    return "hôm nay là ngày cuối" if days == 0 else f"đã quá hạn {-days} ngày"


def nudge(agency: str, lines: Sequence[NudgeLine], today: dt.date) -> str:
    """One reminder to one agency about one or more duties."""
    stage = "đến hạn hoặc đã quá hạn" if any(line.last_day < today for line in lines) else "sắp đến hạn"
    count = f"{len(lines)} " if len(lines) > 1 else ""
    opening = f"Kính gửi: {agency}.\nXin nhắc {count}phần việc {stage}:"
    return "\n\n".join([opening, *(_line(line, today) for line in lines), _answers(lines[0].code)])


def _line(line: NudgeLine, today: dt.date) -> str:
    due = f"Hạn: hết ngày {format_day(line.last_day)} ({time_left(line.last_day, today)})"
    printed = f"; văn bản ghi «{line.printed}»" if line.printed else ""
    return f"[{line.code}] {line.task}.\n{due}{printed}.\nTheo {line.source}."


def _answers(code: str) -> str:
    return f"Xin trả lời «xong {code}», «đang làm {code} 60%», «vướng {code}» kèm lý do, hoặc «xin gia hạn {code}» kèm ngày đề nghị."


def unreachable(name: str, agency: str, channel: str, reason: str) -> str:
    """To an administrator: who gets no messages any more, why, and what to do."""
    who = f"{name} ({agency})" if agency else name
    return (
        f"Không gửi được tin cho {who} qua {CHANNELS.get(channel, channel)}: {GONE.get(reason, reason)}.\n"
        "Tin đang chờ gửi cho người này đã dừng. Xin liên hệ bằng điện thoại; khi người đó nhắn lại cho trợ lý, kênh tự mở lại."
    )
