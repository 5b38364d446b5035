"""What the files of a progress report say, in Vietnamese; the form is that of Nghị định 30/2020/NĐ-CP."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db.progress import Standing
from db.reports import ExtensionState
from scheduler.progress import Counts
from scheduler.wording import format_day
from scheduler.wording.progress import STANDINGS, shorten_task, shown

NO_WORDS = "(không nêu nội dung)"
NOT_OURS = "Cơ quan cho rằng không phải việc của mình; chờ điều phối quyết định"

# Sheets and their columns; those of the details are the six «rõ» and what came of it.
SHEETS = ("Tổng hợp", "Chi tiết", "Vướng mắc", "Chưa trả lời")
TITLE = "TỔNG HỢP TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ"
ORDINAL, CODE, TOTAL, AGENCY, ALL = "TT", "Mã", "Tổng số", "Cơ quan", "Tổng cộng"
IN_TIME_SHARE = "Tỷ lệ hoàn thành"
SIX_CLEAR = ("Rõ người", "Rõ việc", "Rõ thời gian", "Rõ trách nhiệm", "Rõ sản phẩm", "Rõ thẩm quyền")
DETAILS = (
    ORDINAL,
    CODE,
    AGENCY,
    *SIX_CLEAR,
    "Tình trạng",
    "Tiến độ (%)",
    "Kết quả báo cáo",
    "Người báo cáo",
    "Ngày báo cáo",
    "Khó khăn, vướng mắc",
    "Ngày hoàn thành",
    "Số ngày chậm",
    "Số lần nhắc",
)
OBSTACLES = (
    ORDINAL,
    CODE,
    AGENCY,
    "Nhiệm vụ",
    "Hạn",
    "Khó khăn, vướng mắc",
    "Báo từ ngày",
    "Người báo cáo",
    "Đề nghị gia hạn",
    "Tình trạng",
)
SILENT = (ORDINAL, CODE, AGENCY, "Đầu mối", "Nhiệm vụ", "Hạn", "Số ngày quá hạn", "Số lần nhắc", "Lần nhắc gần nhất", "Đã nhắc ai")
NO_PERSON, NOT_REMINDED, NO_PRODUCT = "Chưa có đầu mối", "Chưa nhắc được ai", "Chưa có"
NO_DAY = "Không nêu hạn"

# The document.
NATION, MOTTO = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"
FILL = "…………"
KIND = "BÁO CÁO"
SUBJECT = "Kết quả thực hiện nhiệm vụ khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số ({period})"
TO = "Kính gửi: Ủy ban nhân dân tỉnh{place}."
BASIS_NOTICE = "Thực hiện chế độ báo cáo định kỳ 02 tuần một lần nêu tại mục II.2.j Thông báo kết luận cuộc họp ngày 04/12/2025;"
BASIS_SOURCES = "Căn cứ các văn bản giao nhiệm vụ: {sources};"
SECTIONS = (
    "I. TÌNH HÌNH CHUNG",
    "II. KẾT QUẢ THỰC HIỆN",
    "III. TỒN TẠI, KHÓ KHĂN, VƯỚNG MẮC",
    "IV. NHIỆM VỤ TRỌNG TÂM THỜI GIAN TỚI VÀ ĐỀ XUẤT",
)
DONE_HEAD, DOING_HEAD = "1. Nhiệm vụ đã hoàn thành", "2. Nhiệm vụ đang thực hiện"
OVERDUE_HEAD, OBSTACLE_HEAD, SILENT_HEAD = "1. Nhiệm vụ quá hạn", "2. Khó khăn, vướng mắc được báo cáo", "3. Cơ quan chưa trả lời"
COMING_HEAD, ASK_HEAD = "1. Nhiệm vụ đến hạn trong 14 ngày tới", "2. Đề xuất"
NOTHING = "Không có."
ASK = (
    "Đề nghị lãnh đạo UBND tỉnh chỉ đạo các cơ quan có nhiệm vụ quá hạn khẩn trương hoàn thành, các cơ quan chưa trả lời báo cáo ngay "
    "tình hình thực hiện, và cho ý kiến giải quyết các khó khăn, vướng mắc nêu tại mục III."
)
NO_ASK = "Không có nội dung cần trình xin ý kiến chỉ đạo trong kỳ."
CLOSING = "Chi tiết từng nhiệm vụ theo yêu cầu «6 rõ» tại Phụ lục kèm theo./."
RECIPIENTS_HEAD = "Nơi nhận:"
RECIPIENTS = ("Như trên;", "Các sở, ban, ngành, địa phương liên quan;", "Lưu: VT, {code}.")
SIGN_HERE = "(Chữ ký, dấu của cơ quan)"
APPENDIX, APPENDIX_TITLE = "Phụ lục", "BẢNG THEO DÕI TIẾN ĐỘ THỰC HIỆN NHIỆM VỤ"
APPENDIX_OF = "(Kèm theo Báo cáo số {fill}/BC-{code} ngày …/…/{year})"
APPENDIX_COLUMNS = (ORDINAL, *SIX_CLEAR, "Tình trạng, kết quả", "Khó khăn, vướng mắc")
APPENDIX_MORE = "… và {count} nhiệm vụ khác; xem đủ trong bảng tính kèm theo."
UNKNOWN_ISSUER, UNKNOWN_CODE = "CƠ QUAN BAN HÀNH", "…"


def document(kind: str, number: str | None) -> str:
    return f"{kind or 'Văn bản'} số {number}" if number else kind or "Văn bản"


def request(asked_day: dt.date, state: ExtensionState, granted: dt.date | None) -> str:
    """«xin lùi đến 20/01/2026, chờ quyết định»; empty where it was taken back."""
    after = {
        ExtensionState.PENDING: "chờ quyết định",
        ExtensionState.GRANTED: f"được lùi đến {format_day(granted or asked_day)}",
        ExtensionState.REFUSED: "không được chấp thuận",
    }.get(state)
    return f"xin lùi đến {format_day(asked_day)}, {after}" if after else ""


def deadline(last_day: dt.date | None, printed: str) -> str:
    """«Hết ngày 14/01/2026 (văn bản ghi «trước ngày 15/01/2026»)»"""
    day = f"Hết ngày {format_day(last_day)}" if last_day else NO_DAY
    return f"{day} (văn bản ghi «{printed}»)" if printed else day


def responsibility(agency: str, coordinating: tuple[str, ...]) -> str:
    return f"Chủ trì: {agency}" + (f"; phối hợp: {', '.join(coordinating)}" if coordinating else "")


def authority(name: str) -> str:
    return f"Báo cáo, trình: {name}" if name else ""


def cited(source: str, clause: str) -> str:
    """«Kế hoạch số 128/KH-UBND, mục II.2.1»"""
    where = clause if not clause or clause.startswith("mở đầu") else f"mục {clause}"
    return ", ".join(part for part in (source, where) if part)


def standing(one: Standing, percent: int | None, days_late: int) -> str:
    """«Quá hạn 7 ngày», «Đang làm 60%», «Xong chậm 2 ngày»"""
    if one in (Standing.OVERDUE, Standing.DONE_LATE) and days_late:
        return f"{STANDINGS[one]} {days_late} ngày"
    return f"{STANDINGS[one]} {percent}%" if one is Standing.IN_PROGRESS and percent is not None else STANDINGS[one]


def general(total: int, counts: Counts, agencies: int, as_of: str, *, agency: str = "") -> str:
    """The paragraph that a report begins with."""
    whose = f"của {agency}" if agency else f"của {agencies} cơ quan"
    if not total:
        return f"Trong kỳ không có nhiệm vụ nào đến hạn, được nhắc hoặc có báo cáo ({as_of})."
    parts = "; ".join(f"{STANDINGS[one].lower()}: {count} ({counts.share(one)}%)" for one, count in shown(counts))
    return f"Trong kỳ theo dõi {total} nhiệm vụ {whose}, {as_of}, gồm: {parts}."


AND_MORE = "… và {count} nhiệm vụ khác, xem Phụ lục."


def opening(issuer: str, first: dt.date, last: dt.date) -> str:
    """The sentence that the sections follow."""
    period = f"trong kỳ từ ngày {format_day(first)} đến ngày {format_day(last)}"
    return f"{issuer or 'Cơ quan'} báo cáo kết quả thực hiện nhiệm vụ {period} như sau:"


def listed(agency: str, task: str, limit: int, words: str) -> str:
    """«Sở Y tế: Lập danh sách điểm chưa có sóng – xong đúng hạn; ngày 12/01/2026»"""
    shown = shorten_task(task, limit).rstrip(" .;")
    return f"{agency}: {shown} – {words}." if words else f"{agency}: {shown}."


def silent_agencies(duties: Sequence[tuple[str, str]]) -> list[str]:
    """«Sở Y tế: 2 nhiệm vụ (PV3, PV9).», an agency each."""
    by_agency: dict[str, list[str]] = {}
    for agency, code in duties:
        by_agency.setdefault(agency, []).append(code)
    named = {agency: ", ".join(codes[:8]) + (", …" if len(codes) > 8 else "") for agency, codes in by_agency.items()}
    return [f"{agency}: {len(codes)} nhiệm vụ ({named[agency]})." for agency, codes in by_agency.items()]


def signer(issuer: str) -> str:
    """The office of who signs: a department's director, else the head whom the agency calls its own."""
    return "GIÁM ĐỐC" if issuer.startswith("Sở ") else "THỦ TRƯỞNG CƠ QUAN"
