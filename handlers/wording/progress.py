"""What is said of how the plan stands, and of its reports."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db.messages import Paragraph, bold, italic, line
from db.progress import Standing
from scheduler.calendar import Period
from scheduler.progress import Counts
from scheduler.wording import format_day
from scheduler.wording.progress import STANDINGS, DutyLine, as_of, count_lines, shorten_task, shown, standing_words

WHOLE_PROVINCE = "toàn tỉnh"
CHART, BY_AGENCY, SUMMARY = "📊 Biểu đồ", "Theo cơ quan", "↑ Tổng hợp"
CHART_NAME = "tien-do.png"
DONE = "Đã xong"
NO_AGENCY = "Anh/chị chưa thuộc cơ quan nào trong danh sách; xin nhờ quản trị viên cập nhật rồi gõ lại."
OWN_AGENCY_ONLY = "Anh/chị xem được tiến độ của {agency}; xin gõ /tiendo."
REPORT_FOR_WHOM = "Chỉ điều phối, quản trị và lãnh đạo cơ quan lập được báo cáo. Xin gõ /tiendo để xem tiến độ của cơ quan mình."
REPORT_OWN_ONLY = "Anh/chị lập được báo cáo của {agency}; xin gõ «/baocao» kèm khoảng ngày, ví dụ «/baocao 05/01 - 18/01»."
BAD_PERIOD = "Ngày bắt đầu ({first}) sau ngày kết thúc ({last}); xin gõ lại, ví dụ «/baocao 05/01 - 18/01»."
NO_SUCH_DAY = "«{text}» không phải một ngày có trong lịch; xin gõ lại, ví dụ «05/01 - 18/01»."
NOT_BEGUN = "Kỳ báo cáo hai tuần đầu tiên chưa kết thúc; xin gõ khoảng ngày, ví dụ «/baocao 05/01 - 18/01»."
NOT_YET = "Khoảng ngày này chưa bắt đầu (từ {first}); xin chọn ngày không sau hôm nay."
NOTHING_TO_REPORT = "Không có phần việc nào đến hạn, được nhắc hoặc có báo cáo {period}{agency}. Xin chọn khoảng ngày khác."
NOTHING_TO_DRAW = "Chưa có đủ hai cơ quan để vẽ biểu đồ; xin xem số liệu bằng /tiendo."
NO_DOCUMENT = "Không có văn bản mã {number}. Gõ /vanban để xem mã các văn bản."
CHART_TITLE = "Tiến độ theo cơ quan"
CHART_REST = "và {count} cơ quan khác"

# How a filter is typed where a button stands for it, without marks to be short.
STATE_COMMANDS = {
    Standing.OVERDUE: "qua han",
    Standing.OBSTACLE: "vuong mac",
    Standing.NOT_REPORTED: "chua bao cao",
    Standing.IN_PROGRESS: "dang lam",
    Standing.NOT_DUE: "chua den han",
    Standing.DONE_LATE: "xong cham",
    Standing.DONE_IN_TIME: "dung han",
}


def not_understood(words: str) -> str:
    return (
        f"Không hiểu «{words}». Có thể lọc theo cơ quan, kỳ hạn, văn bản, tình trạng; ví dụ: /tiendo STC, /tiendo quý 1, "
        "/tiendo tháng 1/2026, /tiendo 05/01 - 18/01, /tiendo văn bản 3, /tiendo quá hạn."
    )


def several_agencies(words: str, names: Sequence[str]) -> str:
    return f"«{words}» có thể là: {'; '.join(names)}. Xin gõ lại bằng mã hoặc tên đầy đủ."


def period_label(period: Period) -> str:
    """«Quý 1/2026», «tháng 1/2026», «năm 2026», else the days."""
    first, last = period.first, period.last
    months = (last.month - first.month + 1) if first.year == last.year and first.day == 1 and (last + dt.timedelta(days=1)).day == 1 else 0
    if months == 1:
        return f"tháng {first.month}/{first.year}"
    if months == 3 and first.month % 3 == 1:
        return f"quý {(first.month + 2) // 3}/{first.year}"
    if months == 12:
        return f"năm {first.year}"
    return f"{format_day(first)} – {format_day(last)}"


def scope_words(agency: str, period: Period | None, document: str) -> str:
    """«Sở Y tế · hạn trong quý 1/2026 · Kế hoạch số 128/KH-UBND»"""
    parts = [agency or WHOLE_PROVINCE, f"hạn trong {period_label(period)}" if period else "", document]
    return " · ".join(part for part in parts if part)


def summary(
    scope: str,
    counts: Counts,
    worst: Sequence[DutyLine],
    coming: Sequence[DutyLine],
    *,
    at: dt.datetime,
    today: dt.date,
    names_agency: bool,
) -> tuple[Paragraph, ...]:
    """The counts, what is worst, what comes next."""
    told = [line(bold("Tiến độ thực hiện"), f" – {scope}"), line(italic(f"{counts.total} phần việc, {as_of(at)}"))]
    if not counts.total:
        return (*told[:1], line(f"Chưa có phần việc nào được xác nhận trong phạm vi này, {as_of(at)}."))
    told += [line(), *count_lines(counts)]
    if worst:
        told += [line(), line(bold("Cần chú ý trước:")), *(_row(one, today, names_agency=names_agency) for one in worst)]
    if coming:
        told += [line(), line(bold("Hạn tới:")), *(_row(one, today, names_agency=names_agency) for one in coming)]
    return tuple(told)


def listed(
    scope: str, states: Sequence[Standing], count: int, rows: Sequence[DutyLine], remark: str, *, today: dt.date, names_agency: bool
) -> tuple[Paragraph, ...]:
    """A page of the duties in some states."""
    called = " và ".join(STANDINGS[one].lower() for one in states)
    told = [line(italic(remark))] if remark else []
    told.append(line(bold(f"Phần việc {called} ({count})"), f" – {scope}"))
    if not rows:
        return (*told, line("Không có phần việc nào."))
    return (*told, *(_row(one, today, names_agency=names_agency) for one in rows), line(italic("Bấm mã để xem chi tiết.")))


def by_agency(scope: str, rows: Sequence[tuple[str, Counts]], count: int, remark: str, *, at: dt.datetime) -> tuple[Paragraph, ...]:
    """A page of the agencies, the worst first."""
    told = [line(italic(remark))] if remark else []
    told += [line(bold(f"Tiến độ của {count} cơ quan"), f" – {scope}"), line(italic(as_of(at)[:1].upper() + as_of(at)[1:]))]
    for name, counts in rows:
        parts = ", ".join(f"{number} {STANDINGS[one].lower()}" for one, number in shown(counts))
        told.append(line(bold(name), f": {counts.total} phần việc – {parts}"))
    return tuple(told)


def picture(scope: str, at: dt.datetime) -> tuple[Paragraph, ...]:
    return (line(bold(CHART_TITLE), f" – {scope}, {as_of(at)}"),)


def chart_subtitle(scope: str, at: dt.datetime) -> str:
    return f"{scope[:1].upper()}{scope[1:]}; số phần việc, {as_of(at)}"


def _row(one: DutyLine, today: dt.date, *, names_agency: bool) -> Paragraph:
    whose = f" · {one.agency}" if names_agency else ""
    return line(bold(one.code), f"{whose} · {standing_words(one, today)}: {shorten_task(one.task, 110)}")
