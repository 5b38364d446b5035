"""What is said of files that people send: taken in, turned away, asked about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db.messages import Paragraph, bold, line
from db.reports import Status
from handlers.files.refusals import Refusal, RefusedFile

_INSTEAD = "xin gửi PDF, Word, Excel, PowerPoint, ảnh hoặc TXT"
REFUSALS = {
    Refusal.EMPTY: "tệp trống, không có nội dung. Xin kiểm tra rồi gửi lại.",
    Refusal.TOO_LARGE: "tệp lớn quá {limit} MB. Xin nén ảnh, tách nhỏ hoặc xuất lại PDF rồi gửi.",
    Refusal.PROGRAM: f"đây là chương trình, mã lệnh hoặc trang web có thể chạy khi mở, nên không được nhận; {_INSTEAD}.",
    Refusal.MACRO: "tệp có macro nên không được nhận. Xin lưu lại thành DOCX, XLSX hoặc PDF (không macro) rồi gửi.",
    Refusal.LOCKED: "tệp đang đặt mật khẩu nên không kiểm tra và không xem được. Xin bỏ mật khẩu rồi gửi lại.",
    Refusal.ARCHIVE: "không nhận tệp nén. Xin giải nén rồi gửi từng tệp.",
    Refusal.BOMB: "tệp bung ra quá lớn nên không được nhận. Xin xuất lại thành PDF rồi gửi.",
    Refusal.DAMAGED: "tệp bị hỏng hoặc tải chưa đủ, không mở được. Xin gửi lại bản gốc.",
    Refusal.OTHER_KIND: f"không nhận loại tệp này; {_INSTEAD}.",
    Refusal.SECRET: (
        "tệp đóng dấu «{found}» thuộc bí mật nhà nước nên không được nhận và không lưu lại. "
        "Xin xoá tệp khỏi cuộc trò chuyện và gửi theo đúng quy định về bảo vệ bí mật nhà nước."
    ),
}
NOT_FROM_YOU = "Tệp chưa được nhận: chỉ cán bộ đầu mối, lãnh đạo đơn vị và điều phối gửi tệp minh chứng."
OTHER_THING = "Phần đi kèm (âm thanh, phim, nhãn dán…) chưa được nhận; minh chứng xin gửi bằng tệp hoặc ảnh."
NOT_FETCHED = "tệp không còn trên máy chủ của kênh nên chưa nhận được. Xin gửi lại."
TOO_MANY_AT_ONCE = "Mỗi lần gửi được nhiều nhất {limit} tệp; các tệp sau chưa được nhận."


def refusal(name: str, error: RefusedFile, *, limit_mb: int) -> str:
    """«bao-cao.docm: tệp có macro nên không được nhận. …»"""
    return f"«{shown_name(name)}»: {REFUSALS[error.reason].format(limit=limit_mb, found=error.found)}"


def not_fetched(name: str) -> str:
    return f"«{shown_name(name)}»: {NOT_FETCHED}"


def shown_name(name: str) -> str:
    """A name short enough for a sentence; its ending stays."""
    return name if len(name) <= 60 else f"{name[:44]}…{name[-12:]}"


def names(files: Sequence[str]) -> str:
    """«a.pdf», «b.jpg» và 3 tệp khác"""
    told = ", ".join(f"«{shown_name(one)}»" for one in files[:3])
    return f"{told} và {len(files) - 3} tệp khác" if len(files) > 3 else told


def received(files: Sequence[str]) -> str:
    return f"Đã nhận tệp {names(files)}" if len(files) == 1 else f"Đã nhận {len(files)} tệp: {names(files)}"


def duty_item(code: str, task: str, last_day: dt.date | None) -> Paragraph:
    """One of the duties to choose from."""
    return line(f"• {code}: {task}{f' – hạn {last_day:%d/%m/%Y}' if last_day else ''}")


NOT_THE_FILE = "Báo cáo đã ghi nhận; tệp chưa nhận được:"
KNOWN = "Tệp này đã có trong minh chứng của {code}; không ghi thêm."
IS_DONE = "{code} đã hoàn thành chưa?"
DONE, GOING = "✅ Đã hoàn thành", "🔄 Đang làm"
GO_ALONG = "sẽ ghi cùng phần việc anh/chị chọn."
WHICH = "Tệp này minh chứng cho phần việc nào? Xin bấm nút, hoặc gõ «tệp» kèm mã, ví dụ «tệp {code}»."
NO_DUTY = (
    "chưa ghi vào phần việc nào, vì cơ quan anh/chị không có phần việc đang mở. "
    "Nếu tệp thuộc một việc đã báo xong, xin gõ «tệp» kèm mã, ví dụ «tệp PV12», trong 24 giờ."
)
NAME_A_DUTY = "chưa ghi vào phần việc nào. Xin gõ «tệp» kèm mã phần việc, ví dụ «tệp PV12», trong 24 giờ."
NO_SUCH_DUTY = "Không có phần việc {code}, hoặc không thuộc cơ quan anh/chị. Xin kiểm tra lại mã."
NOT_OPEN_YET = "{code} chưa được xác nhận nên chưa nhận minh chứng. Xin liên hệ cơ quan điều phối."
IS_OVER = "{code} đã thôi theo dõi nên không nhận thêm minh chứng."
NO_EVIDENCE = "{code} chưa có tệp minh chứng nào. Xin gửi tệp hoặc ảnh vào đây, kèm chữ «tệp {code}»."


def attached(files: Sequence[str], code: str, task: str) -> tuple[Paragraph, ...]:
    """What was kept for which duty."""
    return (line(received(files), " – ghi vào ", bold(code), f": {task}"),)


def evidence_of(code: str, task: str, count: int, remark: str) -> tuple[Paragraph, ...]:
    """Above the files of a duty."""
    told = [line(bold(f"Tệp minh chứng {code} ({count})"), f": {task}")]
    return (*told, line(remark)) if remark else tuple(told)


def evidence_row(number: int, name: str, day: str, who: str) -> Paragraph:
    return line(f"{number}. {shown_name(name)} – {day}{f' ({who})' if who else ''}")


_SAID = {
    Status.NOT_STARTED: "chưa bắt đầu",
    Status.IN_PROGRESS: "đang làm",
    Status.OBSTACLE: "vướng mắc",
    Status.DONE: "hoàn thành",
    Status.NOT_OURS: "không phải việc của cơ quan",
}


def told_coordinator(who: str, agency: str, count: int, code: str, task: str, status: Status | None) -> tuple[Paragraph, ...]:
    """To a coordinator: somebody's files for a duty, which come along; with the report that they came with, where there is one."""
    with_report = f", kèm báo cáo «{_SAID[status]}»" if status else ""
    return (
        line(bold(f"📎 {count} tệp minh chứng cho {code}"), f"{with_report}: {task}"),
        # As signatures are written, so that a removed person's name can be put out.
        line(f"Người gửi: {who}, {agency or 'không rõ cơ quan'}"),
    )
