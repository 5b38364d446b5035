"""What coordinators and administrators are told of the duties that they keep."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from db.deadlines import DeadlineRule, Recurrence
from db.duties import Duty, DutyOutcome, DutyState
from db.messages import Message, Paragraph, bold, code, italic, line, plain
from knowledge.wording import clause_words

RECURRENCES = {
    Recurrence.TWO_WEEKS: "hai tuần một lần",
    Recurrence.MONTH: "hằng tháng",
    Recurrence.QUARTER: "hằng quý",
    Recurrence.HALF_YEAR: "sáu tháng một lần",
    Recurrence.YEAR: "hằng năm",
    Recurrence.AD_HOC: "khi được yêu cầu",
}
OUTCOMES = {
    DutyOutcome.DONE: "đã hoàn thành",
    DutyOutcome.DROPPED: "đã bỏ",
    DutyOutcome.SUPERSEDED: "văn bản đã bị thay thế",
    DutyOutcome.SPLIT: "đã chia cho từng cơ quan",
}
STATES = {DutyState.PROPOSED: "đề xuất, chưa nhắc ai", DutyState.OPEN: "đang nhắc", DutyState.CLOSED: "đã đóng"}
OTHER_SOURCE = "Ngoài văn bản"

CONFIRM, MOVE, DROP, GIVE, MEMBERS = "✅ Xác nhận", "📅 Đổi hạn", "🗑 Bỏ", "🏛 Cơ quan khác", "👥 Các cơ quan"
CLOSE, REOPEN, STOP, ADD_MEMBERS, CREATE, BACK = "🗑 Đóng", "↩ Mở lại", "🔁 Ngừng lặp", "➕ Bổ sung cơ quan", "✅ Tạo", "◀ Danh sách"

NO_SUCH_DUTY = "Không có phần việc mã {code}. Gõ /giaoviec để xem các phần việc đang đề xuất."
NO_PROPOSALS = "Không có phần việc nào đang đề xuất. Giao việc trực tiếp: «giao việc STC: Báo cáo kinh phí, hạn 20/3/2026»."
OPEN_HOW = "Bấm mã để xem và xác nhận từng phần việc; hoặc xác nhận cả văn bản sau khi xem trước."
NOT_PROPOSED = "{code} không còn ở trạng thái đề xuất ({state}); không có gì thay đổi."
NOTHING_LEFT = "{source} không còn phần việc nào đang đề xuất; không có gì thay đổi."
COUNT_CHANGED = "Số phần việc đề xuất đã thay đổi từ lúc xem trước; xin xem lại."
MOVE_HOW = "Xin gõ hạn mới, ví dụ: «đổi hạn {code} 20/01/2026» hoặc «đổi hạn {code} trước ngày 15/4»."
MOVE_UNREAD = "Chưa đọc được ngày trong «{words}». Ví dụ: «đổi hạn {code} 20/01/2026», «đổi hạn {code} hết quý I/2026»."
NO_SUCH_DAY = "Không có ngày {day} trong lịch. "
OTHER_DAY = "Lấy ngày cuối kỳ; nếu là ngày khác, xin gõ «hạn việc 20/3/2026»."
MOVE_PAST = "Ngày {day} đã qua: đổi hạn như vậy thì {code} quá hạn ngay. Chưa có gì thay đổi. Nếu đúng ý, xin gõ «{command}»."
MOVE_SURELY = "✅ Đúng, đổi hạn"
MOVE_SAME = "Hạn của {code} đã là hết ngày {day}; không có gì thay đổi."
GIVE_HOW = "Xin gõ cơ quan nhận việc, ví dụ: «giao {code} cho STC» hoặc «giao {code} cho Sở Tài chính»."
GIVE_SAME = "{code} đang do {agency} thực hiện; không có gì thay đổi."
GIVE_GROUP = (
    "{agency} là một nhóm cơ quan; phần việc đã mở chỉ chuyển được cho một cơ quan. Muốn giao cả nhóm, xin gõ «giao việc {agency}: …»."
)
REASON_NEEDED = "Xin kèm lý do, ví dụ: «{example}»."
OWED_ALREADY = " ⚠ {agency} đã có {codes} cùng nội dung, cùng hạn."
DROP_HOW = "Xin chọn lý do bỏ {code}, hoặc gõ «bỏ {code} lý do»."
DROP_REASONS = ("không cần nhắc", "trùng phần việc khác", "đã xong từ trước")
CLOSED_ALREADY = "{code} đã đóng ({outcome}); muốn mở lại, xin gõ «mở lại {code} lý do»."
NOT_CLOSED = "{code} chưa đóng; không có gì thay đổi."
SPLIT_STAYS = "{code} đã chia cho từng cơ quan; xin mở lại phần việc của từng cơ quan."
SPLIT_GIVE = "{code} đã chia cho từng cơ quan; xin chuyển phần việc của từng cơ quan."
TASK_HOW = "Xin gõ nội dung mới sau dấu hai chấm, ví dụ: «sửa {code}: Báo cáo kết quả quý I»."
TASK_TOO_LONG = "Nội dung dài quá {limit} ký tự ({length}); xin viết gọn lại."
LADDER_HOW = "Xin gõ số ngày trước hạn, ví dụ: «nhắc {code} trước 10, 5, 2 ngày»; để theo lịch chung: «nhắc {code} như thường»."
NOT_REPEATING = "{code} không phải việc định kỳ, hoặc đã ngừng lặp; không có gì thay đổi."
NO_MEMBERS_MISSING = "Không có cơ quan nào cần bổ sung cho {code}."
NOT_A_GROUP = "{code} không phải phần việc đã chia cho một nhóm cơ quan."
MAKE_HOW = "Ví dụ: «giao việc STC: Báo cáo kinh phí, hạn 20/3/2026». Có thể nêu nhiều cơ quan («STC, SNV») hoặc một nhóm («các sở»)."
MAKE_COLON = "Xin đặt dấu hai chấm giữa tên cơ quan và nội dung việc. "
MAKE_NO_TASK = "Chưa có nội dung việc. "
DRAFT_GONE = "Bản nháp này đã được tạo hoặc không còn; không có gì thay đổi. Muốn giao việc khác, xin gõ lại «giao việc …: …»."
NO_SUCH_DOCUMENT = "Không có văn bản mã {number}. Gõ /vanban để xem danh sách."
NONE_OPEN = "{source} không còn phần việc nào đang mở; không có gì thay đổi."

_SHOWN_AGENCIES, _SHOWN_DAYS, _TASK = 10, 8, 400
_QUOTE = 700


def day(one: dt.date) -> str:
    return f"{one:%d/%m/%Y}"


def cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0].rstrip(" ,;:.-–") + "…"


def named(names: Sequence[str], limit: int = _SHOWN_AGENCIES) -> str:
    """«Sở Nội vụ, Sở Tài chính và 12 cơ quan khác»"""
    more = len(names) - limit
    return ", ".join(names[:limit]) + (f" và {more} cơ quan khác" if more > 0 else "")


def codes(duties: Sequence[Duty]) -> str:
    """«PV12», «PV12, PV14–PV20»: runs of codes are one."""
    return code_ranges([one.id for one in duties])


def code_ranges(ids: Sequence[int]) -> str:
    runs: list[list[int]] = []
    for one in sorted(ids):
        if runs and one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    parts = [f"PV{first}" if first == last else f"PV{first}{', ' if last == first + 1 else '–'}PV{last}" for first, last in runs]
    return ", ".join(parts)


def state_of(duty: Duty) -> str:
    return OUTCOMES[duty.outcome] if duty.state is DutyState.CLOSED and duty.outcome else STATES[duty.state]


def source_of(duty: Duty) -> str:
    """«Kế hoạch số 12/KH-UBND, mục II.1»"""
    return ", ".join(part for part in (duty.source, clause_words(duty.clause) if duty.clause else "") if part)


# The list.
@dataclass(frozen=True, slots=True)
class ListedDuty:
    code: str
    agency: str
    last_day: dt.date | None
    is_recurring: bool


@dataclass(frozen=True, slots=True)
class Heading:
    """A document's part of a page (`count`: of all its duties), or of a clause with its task."""

    source: str
    count: int
    clause: str
    task: str


def proposal_list(
    count: int, undated: int, rows: Sequence[tuple[Heading, Sequence[ListedDuty]]], *, page: int, pages: int, today: dt.date
) -> tuple[Paragraph, ...]:
    apart = f", trong đó {undated} chưa có ngày" if undated else ""
    told = [line(bold(f"{count} phần việc đang đề xuất{apart}"), f" – trang {page}/{pages}" if pages > 1 else "")]
    source, was_dated = "", True
    for head, duties in rows:
        is_dated = duties[0].last_day is not None
        if was_dated and not is_dated:
            told += [line(), line(bold("Chưa có ngày"))]
            source = ""
        was_dated = is_dated
        if head.source != source:
            told += [line(), line(bold(f"{head.source or OTHER_SOURCE} ({head.count})"))]
            source = head.source
        where = f"{clause_words(head.clause)}: " if head.clause else ""
        told.append(line(italic(where), cut(head.task, 160)))
        told += [line(f"• {one.code} · {_until(one, today)} – {one.agency}") for one in duties]
    return (*told, line(), line(OPEN_HOW))


def _until(one: ListedDuty, today: dt.date) -> str:
    if one.last_day is None:
        return "chưa có ngày"
    late = " (đã qua)" if one.last_day < today else ""
    return f"hết {day(one.last_day)}{late}{', định kỳ' if one.is_recurring else ''}"


# One duty.
@dataclass(frozen=True, slots=True)
class Foreseen:
    """What confirming would bring: `days` as (day, messages, of them to leaders or coordinators only, overdue)."""

    agencies: tuple[str, ...]
    people: int
    unreached: tuple[str, ...]
    days: tuple[tuple[dt.date, int, int, bool], ...]


def duty_card(
    duty: Duty, *, agency: str, members: Sequence[str], quote: str, foreseen: Foreseen | None, history: Sequence[str], today: dt.date
) -> tuple[Paragraph, ...]:
    told = [line(bold(f"{duty.code} – {state_of(duty)}")), line(cut(duty.task, _TASK))]
    if where := source_of(duty):
        told.append(line(italic(f"Theo {where}" + (":" if quote else ""))))
    if quote:
        told.append(Paragraph(spans=line(cut(quote, _QUOTE)).spans, is_quote=True))
    told += [line(), *deadline_lines(duty.rule, duty.last_day, duty.repeats, today, duty.state)]
    if members:
        told.append(line(bold("Cơ quan: "), f"{agency} – {len(members)} cơ quan: {named(members)}"))
    else:
        told.append(line(bold("Cơ quan: "), agency))
    if duty.ladder is not None and duty.state is not DutyState.CLOSED:
        told.append(line(bold("Lịch nhắc riêng: "), ladder_words(duty.ladder)))
    if foreseen is not None:
        told += [line(), *foreseen_lines(foreseen, is_open=duty.state is DutyState.OPEN)]
    if history:
        told += [line(), *(line(f"• {one}") for one in history)]
    return tuple(told)


def deadline_lines(
    rule: DeadlineRule, last_day: dt.date | None, repeats: bool, today: dt.date, state: DutyState = DutyState.PROPOSED
) -> list[Paragraph]:
    """«trước ngày 15/01/2026» → hết ngày 14/01/2026; how often it comes back; that it is over."""
    read = f"«{rule.printed}» → " if rule.printed else ""
    if last_day is None:
        return [line(bold("Hạn: "), f"{read}chưa có ngày; xin ấn định bằng «đổi hạn», chưa có ngày thì không nhắc được")]
    moved = f" (văn bản: hết ngày {day(rule.last_day)})" if rule.last_day and rule.last_day != last_day else ""
    told = [line(bold("Hạn: "), f"{read}hết ngày {day(last_day)}{moved}")]
    if rule.recurrence is not None:
        period = f"; kỳ này {day(rule.period_from)} – {day(rule.period_to)}" if rule.period_from and rule.period_to else ""
        onward = "xác nhận một lần, các kỳ sau tự mở" if repeats else "đã ngừng lặp, không có kỳ sau"
        told.append(line(bold("Định kỳ: "), f"{RECURRENCES[rule.recurrence]}{period}; {onward}"))
    if last_day < today and state is not DutyState.CLOSED:
        is_over = rule.period_to is not None and rule.recurrence is not None and rule.period_to < today
        what = "Kỳ này đã hết" if is_over else "Đã quá hạn"
        advice = " Xác nhận thì chỉ còn nhắc quá hạn; có thể đổi hạn hoặc bỏ." if state is DutyState.PROPOSED else ""
        told.append(line(bold(f"⚠ {what} {(today - last_day).days} ngày."), advice))
    return told


def foreseen_lines(one: Foreseen, *, is_open: bool = False) -> list[Paragraph]:
    """Who will get how many messages when."""
    head = "Sẽ nhắc" if is_open else "Nếu xác nhận bây giờ, sẽ nhắc"
    told = [line(bold(f"{head} {one.people} người của {len(one.agencies) - len(one.unreached)}/{len(one.agencies)} cơ quan"))]
    before, late = [each for each in one.days if not each[3]], [each for each in one.days if each[3]]
    for title, days in (("", before), ("Quá hạn mà chưa báo xong: ", late)):
        if days:
            more = f"; và {len(days) - _SHOWN_DAYS} ngày nữa" if len(days) > _SHOWN_DAYS else ""
            onward = "; rồi hằng tuần" if title else ""
            shown = "; ".join(f"{day(at)}: {_messages(count, others)}" for at, count, others, _ in days[:_SHOWN_DAYS])
            told.append(line(f"• {title}{shown}{more}{onward}"))
    if one.days:
        total = sum(count for _, count, _, is_late in one.days if not is_late)
        told.append(line(f"• Cộng {total} tin đến hết hạn; mỗi người mỗi ngày nhận một tin."))
    else:
        told.append(line("• Không có lời nhắc nào."))
    if one.unreached:
        told.append(line(bold(f"Chưa có ai nhận được tin ({len(one.unreached)}): "), named(one.unreached)))
    return told


def _messages(count: int, others: int) -> str:
    if not others:
        return f"{count} tin"
    return f"{count} tin (cho lãnh đạo, điều phối)" if others == count else f"{count} tin ({others} cho lãnh đạo, điều phối)"


def ladder_words(offsets: Sequence[int]) -> str:
    """«trước 10, 5 ngày; đúng ngày hạn; sau 2 ngày»"""
    before = sorted((-one for one in offsets if one < 0), reverse=True)
    after = sorted(one for one in offsets if one > 0)
    parts = [f"trước {', '.join(map(str, before))} ngày"] if before else []
    parts += ["đúng ngày hạn"] if 0 in offsets else []
    parts += [f"sau {', '.join(map(str, after))} ngày rồi hằng tuần"] if after else []
    return "; ".join(parts)


def opened(asked: str, duties: Sequence[Duty], foreseen: Foreseen) -> tuple[Paragraph, ...]:
    """After confirming: what is open now, and when the first reminders go out."""
    told = [line(bold(f"Đã xác nhận {asked}"), f": mở {len(duties)} phần việc ({cut(codes(duties), 300)}).")]
    if foreseen.days:
        at, count, *_ = foreseen.days[0]
        told.append(line(f"Lời nhắc đầu tiên: {day(at)}, {count} tin. Chưa có tin nào được gửi đi lúc này."))
    if foreseen.unreached:
        told.append(line(bold(f"Chưa có ai nhận được tin ({len(foreseen.unreached)}): "), named(foreseen.unreached)))
    return tuple(told)


def total_preview(source: str, count: int, foreseen: Foreseen, overdue: int, undated: int) -> tuple[Paragraph, ...]:
    told = [line(bold(f"Xem trước: xác nhận {count} phần việc – {source}")), *foreseen_lines(foreseen)]
    if overdue:
        told.append(line(f"⚠ {overdue} phần việc đã quá hạn: xác nhận thì nhắc quá hạn ngay; nên bỏ hoặc đổi hạn trước."))
    if undated:
        told.append(line(f"⚠ {undated} phần việc chưa có ngày: xác nhận cũng không nhắc cho đến khi có hạn."))
    return (*told, line(), line("Chưa có gì thay đổi. Bấm nút để xác nhận tất cả."))


def decided_by(name: str, at: str) -> str:
    return f"Đã có quyết định: {name}, {at}."


def choice(words: str, command: str) -> str:
    return f"«{words}» có thể là nhiều cơ quan; xin chọn, hoặc gõ mã: «{command}»."


def unknown_agency(words: str) -> str:
    return f"Không có cơ quan «{words}». Xin gõ mã, tên hoặc tên gọi khác trong danh sách, ví dụ: STC, Sở Tài chính."


# Made by hand.
def draft(agencies: Sequence[str], members: int, task: str, rule: DeadlineRule, today: dt.date) -> tuple[Paragraph, ...]:
    """What was understood of a duty before it is made."""
    among = f" ({members} cơ quan)" if members > len(agencies) else ""
    told = [line(bold("Giao việc – xin kiểm tra trước khi tạo")), line(bold("Cơ quan: "), named(agencies) + among)]
    told += [line(bold("Nội dung: "), task), *deadline_lines(rule, rule.last_day, True, today)]
    return tuple(told)


def ask_day(no_such_day: str = "") -> tuple[Paragraph, ...]:
    """`no_such_day`: the day that was typed, where there is none."""
    wrong = NO_SUCH_DAY.format(day=no_such_day) if no_such_day else ""
    return (line(f"{wrong}Chưa có hạn. Xin chọn, hoặc gõ ", code("hạn việc 20/3/2026"), "."),)


# To the agencies.
def told_moved(duty: Duty, reason: str) -> Message:
    last = day(duty.last_day) if duty.last_day else "chưa ấn định"
    return plain(f"Phần việc {duty.code} được đổi hạn: hết ngày {last}.\n{cut(duty.task, 300)}{_because(reason)}")


def told_closed(duty: Duty, reason: str) -> Message:
    return plain(f"Phần việc {duty.code} không phải thực hiện nữa; trợ lý thôi nhắc.\n{cut(duty.task, 300)}{_because(reason)}")


def told_reopened(duty: Duty, reason: str) -> Message:
    last = f" Hạn: hết ngày {day(duty.last_day)}." if duty.last_day else ""
    return plain(f"Phần việc {duty.code} được mở lại, đề nghị cơ quan tiếp tục thực hiện.{last}\n{cut(duty.task, 300)}{_because(reason)}")


def told_given_away(duty: Duty, agency: str, reason: str) -> Message:
    return plain(
        f"Phần việc {duty.code} được giao cho {agency}; cơ quan đồng chí không phải thực hiện nữa.\n{cut(duty.task, 300)}{_because(reason)}"
    )


def told_given(duty: Duty, before: str, reason: str) -> Message:
    last = f" Hạn: hết ngày {day(duty.last_day)}." if duty.last_day else ""
    return plain(
        f"Cơ quan đồng chí được giao phần việc {duty.code} (trước do {before} thực hiện).{last}\n{cut(duty.task, 300)}{_because(reason)}"
    )


def _because(reason: str) -> str:
    return f"\nLý do: {reason}" if reason else ""


def reached(count: int) -> str:
    return f" Đã báo {count} người của cơ quan." if count else " Chưa báo được cho cơ quan: chưa có ai nhận được tin."


# A document that is no longer in force.
def replaced_document(source: str, rows: Sequence[tuple[str, str, str, dt.date | None]], count: int) -> tuple[Paragraph, ...]:
    """(code, agency, task, last day) of what is open of it."""
    told = [line(bold(f"{source} không còn hiệu lực, nhưng còn {count} phần việc đang mở."))]
    for one, agency, task, last in rows:
        told.append(line(f"• {one} – {agency}: {cut(task, 100)}{f' – hết {day(last)}' if last else ''}"))
    if count > len(rows):
        told.append(line(f"… và {count - len(rows)} phần việc khác."))
    return (*told, line("Các phần việc này vẫn được nhắc. Xin quyết định từng việc, hoặc đóng tất cả."))


# A list that is imported.
IMPORT_COLUMNS = {
    "agency": "Cơ quan",
    "task": "Nội dung",
    "due": "Hạn",
    "source": "Nguồn (văn bản)",
    "clause": "Mục",
    "recurrence": "Chu kỳ",
}
ROW_NO_DAY = "Chưa đọc được ngày trong «Hạn» («{text}»); xin ghi như 20/03/2026, «trước ngày 15/4/2026» hoặc «quý I/2026»."
ROW_NO_RHYTHM = "Không hiểu «Chu kỳ» («{text}»); xin ghi: hai tuần, hằng tháng, hằng quý, sáu tháng, hằng năm."
ROW_NEEDS_DAY = "Thiếu «Hạn» và «Chu kỳ»; xin điền ít nhất một cột."
ROW_CHOOSE_AGENCY = "«{text}» có thể là nhiều cơ quan ({names}); xin ghi mã."
ROW_UNKNOWN_AGENCY = "Không có cơ quan «{text}»; xin ghi mã, tên hoặc tên gọi khác trong danh sách cơ quan."
ROW_SAME = "Trùng với dòng {line}; xin giữ lại một dòng."
TEMPLATE_ROWS = (
    ("STC", "Báo cáo nhu cầu kinh phí năm 2026", "trước ngày 15/4/2026", "Thông báo số 12/TB-UBND", "3.a", ""),
    ("các sở, ban, ngành", "Gửi kế hoạch của đơn vị", "30/4/2026", "Kế hoạch số 128/KH-UBND", "III.4", ""),
    ("SKHCN; SNV", "Báo cáo tiến độ", "", "", "", "hằng quý"),
)
