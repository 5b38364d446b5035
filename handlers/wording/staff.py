"""What is said of who is there to be reminded: absences, silence, successors, agencies that nobody answers for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db.messages import Paragraph, bold, italic, line
from db.people import Contact
from handlers.wording import role_name
from scheduler.audience import LeftOut, Person
from scheduler.calendar import local_day
from scheduler.wording import GONE, NOT_SENT, format_day

# Days that cannot be taken, by their reason.
UNUSABLE_DAYS = {
    "no_such_day": "Không có ngày như vậy; chưa ghi nhận gì.",
    "past": "Ngày ấy đã qua; chưa ghi nhận gì.",
    "backwards": "Ngày về sớm hơn ngày bắt đầu vắng; chưa ghi nhận gì.",
    "too_long": "Chỉ ghi nhận vắng tối đa một năm; nếu thôi phụ trách, xin nhờ điều phối thay người.",
    "which_year": "Chưa rõ năm nào; xin ghi cả năm, ví dụ 20/02/{year}. Chưa ghi nhận gì.",
}
AWAY_HOW = "Xin cho biết vắng đến ngày nào, ví dụ: «vắng hôm nay», «vắng đến 15/01», «vắng từ 10/02 đến 20/02»."
AWAY_TODAY, AWAY_TOMORROW, BACK, NOT_AWAY_ANY_MORE = "Vắng hôm nay", "Vắng ngày mai", "Tôi đã về", "Hết vắng"
NOT_AWAY = "{who} không ghi là vắng mặt; không có gì thay đổi."
BACK_NOTED = "Đã ghi: {who} không còn vắng; lời nhắc lại gửi như thường."
BACK_BUT_SILENCED = "Đã ghi: hết vắng. Anh/chị vẫn đang dừng nhận lời nhắc; gõ «bật nhắc» để nhận lại."
YOU = "Anh/chị"
SILENCE_YES, SILENCE_NO, SILENCE_END = "Dừng nhắc tôi", "Không dừng", "Bật nhắc lại"
SILENCE_KEPT = "Không đổi gì; lời nhắc vẫn gửi cho anh/chị như thường."
ALREADY_SILENCED = "Anh/chị đã dừng nhận lời nhắc từ {since}. Gõ «bật nhắc» để nhận lại."
NOT_SILENCED = "Anh/chị vẫn đang nhận lời nhắc; không có gì thay đổi."
SILENCE_ENDED = "Đã bật: từ nay lời nhắc lại gửi cho anh/chị."
LEFT_ALONE = "{agency} không còn đầu mối nào nhận được tin. Gõ /khonglienhe để xem."
NO_SUCH_PERSON = "Không có ai mang số {phone} trong danh sách."
BAD_PHONE = "«{text}» không phải số điện thoại; xin ghi như 0912345678."
NO_SUCH_AGENCY = "Không có cơ quan «{text}» trong danh sách; xin ghi mã hoặc tên, ví dụ «đầu mối SNV». Gõ /daumoi để xem tất cả."
NOBODY_LISTED = "Chưa có cơ quan nào trong danh sách. Nhập bằng: python -m bot contacts import TỆP."
ARRANGE_HOW = "Ghi vắng: «vắng 0912345678 đến 20/01». Thay người: «thay 0912345678 bằng 0987654321 Họ Tên»."
ALL_REACHED = "Cơ quan nào trong danh sách cũng có đầu mối nhận được tin."
EXPORT, EXPORT_NAME, EXPORT_SHEET = "📄 Xuất Excel", "khong-lien-he.xlsx", "Không liên hệ được"
EXPORT_READY = "Danh sách {count} cơ quan chưa có đầu mối nhận được tin."
EXPORT_COLUMNS = ("TT", "Mã", "Cơ quan", "Phần việc đang mở", "Lý do", "Đầu mối (điện thoại)", "Người liên hệ khác (điện thoại)")
NOBODY_NAMED = "chưa cử đầu mối"
REPLACE_REFUSED = {
    "same": "Hai số là của cùng một người; không có gì thay đổi.",
    "name": "Số {phone} chưa có trong danh sách; xin ghi cả họ tên: «thay {old} bằng {phone} Nguyễn Văn A».",
    "bad_name": "Họ tên «{name}» không dùng được; xin ghi họ tên đầy đủ, tối đa 100 ký tự.",
    "agency": "{name} đang thuộc {agency}; xin sửa cơ quan trong danh sách trước, hoặc chọn người khác.",
    "role": "{name} đang là {role}; xin chọn người khác, hoặc sửa vai trò trong danh sách.",
}


def span(first: dt.date, last: dt.date | None) -> str:
    """«từ 10/02/2026 đến hết 20/02/2026», «ngày 10/02/2026», «từ 10/02/2026»"""
    if last == first:
        return f"ngày {format_day(first)}"
    return f"từ {format_day(first)}" + (f" đến hết {format_day(last)}" if last else " (chưa rõ ngày về)")


def standing(contact: Contact, day: dt.date) -> list[str]:
    """Why somebody is not reminded now, or will not be: for «/toi» and for lists."""
    told = []
    if contact.away_from is not None and (contact.away_until is None or contact.away_until >= day):
        told.append(f"Vắng mặt: {span(contact.away_from, contact.away_until)}; gõ «tôi đã về» để bỏ")
    if contact.silenced_at is not None:
        told.append(f"Đã dừng nhận lời nhắc từ {format_day(local_day(contact.silenced_at))}; gõ «bật nhắc» để nhận lại")
    return told


def called(contact: Contact) -> str:
    """«Trần Thị Bình (đầu mối dự phòng)»"""
    return f"{contact.name} ({role_name(contact.role, is_substitute=contact.is_substitute)})"


def why_left_out(person: Person, why: LeftOut) -> str:
    """Why somebody gets no reminders: «đã chặn trợ lý», «vắng mặt từ … đến …»."""
    contact = person.contact
    if why is LeftOut.OFF:
        return GONE.get(person.off_reason, NOT_SENT[why.value])
    if why is LeftOut.AWAY and contact.away_from is not None:
        return f"vắng {span(contact.away_from, contact.away_until)}"
    return NOT_SENT[why.value]


def instead(people: Sequence[Person]) -> str:
    """Who is reminded in somebody's place."""
    return f"Người được nhắc thay: {', '.join(called(one.contact) for one in people)}." if people else ""


def alone(agency: str, since: dt.date | None, *, is_told: bool) -> str:
    """A warning that nobody else is reminded (from a day on); `is_told`: a coordinator knows."""
    on = f"ngày {format_day(since)} " if since else ""
    told = "; điều phối đã được báo" if is_told else "; xin báo cơ quan điều phối"
    return f"Lưu ý: {on}{agency} không có đầu mối hoặc người dự phòng nào khác nhận được lời nhắc{told}."


def away(who: str, when: str, instead_words: str, warning: str, *, before: str = "") -> tuple[Paragraph, ...]:
    """What was noted; `before`: the absence that it takes the place of."""
    told = [line("Đã ghi: ", bold(f"{who} vắng {when}"), "; trong thời gian ấy không nhận lời nhắc.")]
    if before:
        told.append(line(f"Thay cho lần vắng đã ghi trước đó: {before}."))
    told += [line(one) for one in (instead_words, warning) if one]
    return (*told, line(italic("Ghi nhầm, hoặc về sớm: bấm nút dưới đây.")))


def away_told(name: str, when: str, by: str) -> str:
    """To somebody for whom another noted that they are away."""
    return f"{by} đã ghi: anh/chị ({name}) vắng {when}, trong thời gian ấy không nhận lời nhắc. Nếu không đúng, gõ «tôi đã về»."


def alone_told(name: str, agency: str, what: str) -> str:
    """To the coordinators: why an agency has nobody who can be reminded."""
    return f"{name} ({agency}) {what}; cơ quan không có đầu mối hoặc người dự phòng nào khác nhận được lời nhắc. Gõ /khonglienhe để xem."


def silence_ask(instead_words: str, agency: str) -> tuple[Paragraph, ...]:
    """Said before anybody is silenced; `agency` is named where nobody would be left."""
    told = [line("Dừng nhắc: anh/chị sẽ không nhận lời nhắc về phần việc của cơ quan nữa, đến khi gõ «bật nhắc». Điều phối sẽ được báo.")]
    if instead_words:
        told.append(line(instead_words))
    if agency:
        told.append(line(bold(f"Lưu ý: {agency} không có đầu mối hoặc người dự phòng nào khác nhận được lời nhắc.")))
    return (*told, line("Anh/chị có chắc chắn muốn dừng không? (Nếu chỉ vắng ít ngày, xin gõ «vắng đến 15/01».)"))


def silenced(instead_words: str, agency: str, *, is_told: bool) -> str:
    """`agency` is named where nobody is left; `is_told`: a coordinator knows."""
    warning = f"Lưu ý: {agency} hiện không còn đầu mối nào nhận được lời nhắc." if agency else ""
    return "\n".join(filter(None, [f"Đã dừng nhắc anh/chị{'; điều phối đã được báo' if is_told else ''}.", instead_words, warning]))


def silence_told(name: str, role: str, agency: str, *, is_alone: bool) -> str:
    """To the coordinators."""
    told = f"{name} ({role}{f', {agency}' if agency else ''}) đã dừng nhận lời nhắc."
    return f"{told} {LEFT_ALONE.format(agency=agency)}" if is_alone else told


def replaced(leaver: str, successor: str, agency: str, assigned: int, *, is_new: bool) -> tuple[Paragraph, ...]:
    """To whoever replaced somebody; `assigned` counts the duties that the leaver had taken on."""
    where = f" ({agency})" if agency else ""
    told = [line(bold(f"Đã thay {leaver} bằng {successor}{where}."))]
    told.append(line(f"{'Người mới đã được thêm vào danh sách. ' if is_new else ''}Phần việc nhận riêng đã chuyển: {assigned}."))
    return (*told, line("Tài khoản của người cũ không còn liên kết; tên vẫn ở trong lịch sử. Thay nhầm thì thay ngược lại."))


def replaced_told_leaver(agency: str, successor: str) -> str:
    where = f" của {agency}" if agency else ""
    return (
        f"Phần việc{where} do anh/chị phụ trách đã chuyển cho {successor}. Tài khoản này không còn liên kết và không nhận lời nhắc nữa. "
        "Cảm ơn anh/chị; nếu không đúng, xin báo cơ quan điều phối."
    )


def replaced_told_successor(leaver: str, role: str, agency: str, open_duties: int) -> str:
    where = f" của {agency}" if agency else ""
    owed = f" Cơ quan có {open_duties} phần việc đang mở: gõ /viec." if open_duties else ""
    return f"Từ nay anh/chị là {role}{where}, thay {leaver}.{owed}"


def mark(person: Person, why: LeftOut | None) -> str:
    """«✓ Trần Thị Bình» or «✗ Trần Thị Bình – chưa liên kết tài khoản»"""
    return f"✗ {person.contact.name} – {why_left_out(person, why)}" if why else f"✓ {person.contact.name}"


def agency_staff(
    name: str, people: Sequence[tuple[Person, LeftOut | None]], channels: Sequence[str], open_duties: int
) -> tuple[Paragraph, ...]:
    """An agency's people, each with role, number, channel, and why they are not reminded."""
    told = [line(bold(name), f" – {open_duties} phần việc đang mở")]
    for (person, why), channel in zip(people, channels, strict=True):
        contact = person.contact
        role = role_name(contact.role, is_substitute=contact.is_substitute)
        about = why_left_out(person, why) if why else channel
        told.append(line(f"{'✗' if why else '✓'} ", bold(contact.name), f" – {role} – {contact.phone or 'không có số'} – {about}"))
    if not people:
        told.append(line("Chưa có ai trong danh sách cán bộ."))
    return tuple(told)


def focal_points_heading(count: int, missing: int) -> Paragraph:
    told = f"; {missing} cơ quan chưa có ai nhận được tin, xếp trước" if missing else "; cơ quan nào cũng có người nhận được tin"
    return line(bold(f"Đầu mối của {count} cơ quan"), told)


def focal_points_line(number: int, agency: str, people: Sequence[tuple[Person, LeftOut | None]], *, is_reached: bool) -> Paragraph:
    """An agency with its focal points and substitutes."""
    shown = "; ".join(mark(*one) + (" (dự phòng)" if one[0].contact.is_substitute else "") for one in people)
    return line(f"{number}. ", agency if is_reached else bold(agency), f": {shown or NOBODY_NAMED}")


def unreached_part(*, owes: bool, count: int) -> Paragraph:
    """The heading above one of the two parts of the list."""
    if owes:
        return line(bold(f"Có phần việc đang mở, chưa có đầu mối nào nhận được tin ({count}):"))
    return line(bold(f"Chưa có phần việc đang mở ({count}):"))


def unreached_line(number: int, agency: str, open_duties: int, why: str, call: Sequence[str]) -> Paragraph:
    owed = f" – {open_duties} phần việc" if open_duties else ""
    return line(f"{number}. ", bold(agency), f"{owed}: {why}", f". Gọi: {'; '.join(call)}" if call else ". Chưa có số điện thoại nào")
