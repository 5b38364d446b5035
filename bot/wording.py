"""What this floor says to people, in Vietnamese."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

_VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")

# Doctor: a title for each check, then what was found and what to do.
CHECK_TITLES = {
    "database": "Cơ sở dữ liệu",
    "data_dir": "Thư mục dữ liệu",
    "disk": "Dung lượng trống",
    "secret_key": "Khóa bí mật",
    "model": "Mô hình tìm kiếm",
    "fonts": "Phông chữ tiếng Việt",
    "page": "Trang dùng thử",
    "telegram": "Telegram",
    "zalo": "Zalo Bot",
    "zalo_oa": "Zalo OA",
    "people": "Cán bộ và tin nhắn",
    "reminders": "Phần việc và lời nhắc",
    "focal_points": "Đầu mối của các cơ quan",
}

DATABASE_READY = "Đã sẵn sàng, phiên bản {revision}"
DATABASE_EMPTY = "Chưa có dữ liệu"
DATABASE_EMPTY_ADVICE = "Không cần làm gì: cơ sở dữ liệu được tạo ở lệnh đầu tiên"
DATABASE_OLDER = "Phiên bản {revision}, cũ hơn chương trình"
DATABASE_OLDER_ADVICE = "Không cần làm gì: lệnh tiếp theo tự nâng cấp; nên sao lưu trước"
DATABASE_NEWER = "Cơ sở dữ liệu ở phiên bản {revision}, mới hơn chương trình"
DATABASE_NEWER_ADVICE = "Cập nhật chương trình lên bản mới nhất rồi chạy lại"
DATABASE_UNREACHABLE_ADVICE = "Kiểm tra DATABASE_URL, máy chủ cơ sở dữ liệu và chỗ trống trên đĩa"
DATABASE_ADDRESS_ADVICE = "Đặt DATABASE_URL dạng sqlite:///đường-dẫn hoặc postgresql://người-dùng:mật-khẩu@máy-chủ/tên"

DATA_DIR_WRITABLE = "Ghi được vào {folder}"
DATA_DIR_LOCKED = "Không ghi được vào {folder}"
DATA_DIR_ADVICE = "Cấp quyền ghi cho thư mục, hoặc đặt DATA_DIR là thư mục khác"

DISK_FREE = "Còn {free:.1f} GB"
DISK_ADVICE = "Giải phóng dung lượng: nên còn ít nhất {least:.0f} GB"

SECRET_KEY_SET = "Đã có"
SECRET_KEY_MISSING = "Chưa có"
SECRET_KEY_ADVICE = "Chạy make setup, hoặc đặt SECRET_KEY từ 32 ký tự trở lên"

MODEL_LOADS = "Nạp được {name}"
MODEL_BROKEN = "Không nạp được: {reason}"
MODEL_ADVICE = "Để trống EMBEDDING_MODEL để dùng mô hình kèm theo; nếu vẫn lỗi, tải lại chương trình"

FONTS_FOUND = "Có {name}"
FONTS_MISSING = "Không tìm thấy"
FONTS_ADVICE = "Cài phông có dấu tiếng Việt, ví dụ: apt-get install fonts-dejavu fonts-noto-core"

CHANNEL_READY = "Đã cấu hình"
CHANNEL_OFF = "Chưa cấu hình, không bắt buộc"
CHANNEL_INCOMPLETE = "Thiếu {names}"
CHANNEL_INCOMPLETE_ADVICE = "Điền các giá trị còn thiếu vào .env rồi chạy lại"
TELEGRAM_ADVICE = "Muốn dùng Telegram: tạo bot với @BotFather rồi đặt TELEGRAM_BOT_TOKEN"
ZALO_ADVICE = "Muốn dùng Zalo: tạo Zalo Bot rồi đặt ZALO_BOT_TOKEN"
ZALO_OA_ADVICE = "Muốn gửi qua Zalo OA: đặt các giá trị ZALO_OA_… trong .env"

CHECK_MARKS = {True: "✓", False: "✗", None: "–"}

# Telegram.
TELEGRAM_KNOWN = "@{name} sẵn sàng ({ways})"
TELEGRAM_WAYS = {"polling": "tự hỏi tin mới", "webhook": "nhận tin tại {address}"}
TELEGRAM_NEXT = "Chạy python -m bot run rồi mở https://t.me/{name}"
TELEGRAM_UNKNOWN_TOKEN = "Telegram không nhận mã này"
TELEGRAM_TOKEN_ADVICE = "Chép lại TELEGRAM_BOT_TOKEN từ @BotFather (lệnh /mybots, API Token)"
TELEGRAM_UNREACHABLE = "Không kết nối được {base}"
TELEGRAM_NETWORK_ADVICE = "Kiểm tra mạng, tường lửa, TELEGRAM_API_BASE; khi có mạng trợ lý tự kết nối lại, tin đang chờ không mất"
PEOPLE_UNKNOWN = "Chưa có cơ sở dữ liệu"
PEOPLE_COUNTED = "{contacts} cán bộ, {linked} đã liên kết; {waiting} tin chờ gửi, {failed} tin không gửi được trong 7 ngày"
PEOPLE_NONE_ADVICE = "Gửi mã ADMIN_INVITE cho trợ lý để thành quản trị viên, rồi nhập danh sách: python -m bot contacts import TỆP"
PEOPLE_NO_ADMIN_ADVICE = "Đặt ADMIN_INVITE (từ 16 ký tự) trong .env; người đầu tiên gửi mã đó thành quản trị viên"
PEOPLE_INVITE_ADVICE = "Mời cán bộ: python -m bot contacts invite --all"
TELEGRAM_BAD_TOKEN = "TELEGRAM_BOT_TOKEN không đúng dạng; xin chép lại nguyên dòng mã từ @BotFather, ví dụ 123456:ABC-DEF…"
WEBHOOK_NEEDS_URL = "TELEGRAM_MODE=webhook cần PUBLIC_BASE_URL (https://…); hoặc đặt TELEGRAM_MODE=polling."
WEBHOOK_NEEDS_SECRET = "TELEGRAM_MODE=webhook cần TELEGRAM_WEBHOOK_SECRET hoặc SECRET_KEY; chạy make setup để có SECRET_KEY."
PORT_BUSY = "Không mở được {host}:{port} để lắng nghe: {reason}. Xin đặt WEB_HOST, WEB_PORT khác hoặc tắt chương trình đang dùng cổng."
TELEGRAM_FILE_MISSING = "(Không tìm thấy tệp «{name}» trên máy chủ; xin báo quản trị viên.)"
NO_CHANNEL_OUTSIDE_DEMO = (
    "DEMO=false mà chưa có kênh nào được cấu hình; đặt TELEGRAM_BOT_TOKEN trong .env, hoặc bỏ DEMO để dùng thử trên trang web."
)
NO_CHANNEL = "Chưa có kênh nào được cấu hình; đặt TELEGRAM_BOT_TOKEN trong .env rồi chạy lại."
TELEGRAM_SHARE_PHONE = "📱 Chia sẻ số điện thoại"
TELEGRAM_PHONE_INVITATION = "Xin mời bấm nút bên dưới để chia sẻ số điện thoại của chính mình."

# The command line.
CLI_ABOUT = "Trợ lý tra cứu và nhắc việc về kế hoạch của tỉnh thực hiện Nghị quyết 57-NQ/TW."
HELP_RUN = "chạy trợ lý trên các kênh đã cấu hình; chưa có kênh nào thì mở trang trò chuyện dùng thử trên máy này"
HELP_SEND = "chỉ gửi các tin đang chờ"
HELP_SAY = "nói với trợ lý như một người trong danh sách"
HELP_AS = "số điện thoại của người nói"
HELP_SAY_JSONL = "nhiều lời, mỗi dòng một đối tượng JSON {as, text, at?}"
HELP_AGENCIES = "danh sách cơ quan"
HELP_CONTACTS = "danh sách cán bộ"
HELP_IMPORT = "nhập từ tệp XLSX hoặc CSV; mẫu ở docs/templates"
HELP_SKIP_BAD = "bỏ qua dòng sai, nhập các dòng đúng"
HELP_INVITE = "tạo mã mời dùng một lần"
HELP_PHONES = "số điện thoại có trong danh sách"
HELP_INVITE_ALL = "mọi người chưa liên kết"
HELP_HOURS = "mã có hiệu lực mấy giờ: từ 10 phút (0.17) đến 168 giờ"
HELP_LIST_CONTACTS = "liệt kê, kèm ai đã liên kết"
HELP_REMOVE = "xoá dữ liệu cá nhân của một người"
HELP_REPLACE = "giao vị trí của một người cho người khác"
HELP_REPLACE_OLD, HELP_REPLACE_NEW = "số của người thôi phụ trách", "số của người thay"
HELP_REPLACE_NAME = "họ tên người thay, nếu chưa có trong danh sách"
HELP_UNREACHABLE = "cơ quan chưa có đầu mối nào nhận được tin"
HELP_CHAT = "trò chuyện trong cửa sổ lệnh"
HELP_MIGRATE = "tạo hoặc nâng cấp cơ sở dữ liệu"
HELP_INGEST = "nạp tệp hoặc thư mục văn bản"
HELP_DRAFT = "nạp làm bản nháp, chưa dùng để trả lời"
HELP_REPLACES = "mã văn bản bị thay thế"
HELP_SAMPLES = "nạp bản tóm lược đi kèm"
HELP_ASK = "hỏi một câu"
HELP_JSONL = "hỏi nhiều câu, mỗi dòng một đối tượng JSON {id, question, conversation?}"
HELP_CATALOGUE = "liệt kê những gì đọc được từ văn bản"
HELP_DUTIES = "các phần việc có hạn"
HELP_DUTIES_LIST = "liệt kê"
HELP_DUTIES_CONFIRM = "xác nhận để bắt đầu nhắc"
HELP_DUTIES_ADD = "giao việc trực tiếp, nhắc ngay từ đầu"
HELP_DUTIES_MOVE = "đổi hạn"
HELP_DUTIES_GIVE = "giao cho cơ quan khác"
HELP_DUTIES_CLOSE = "đóng, không phải làm nữa"
HELP_DUTIES_REOPEN = "mở lại"
HELP_DUTIES_LADDER = "lịch nhắc riêng của một phần việc"
HELP_DUTIES_IMPORT = "nhập danh sách phần việc (mẫu: duties template TỆP.xlsx); ở trạng thái đề xuất"
HELP_TEMPLATE = "ghi tệp mẫu để điền"
HELP_AGENCY = "mã, tên, tên gọi khác của cơ quan hoặc nhóm cơ quan; nhiều cơ quan cách nhau bằng dấu phẩy"
HELP_DUE = "ngày hoặc kỳ: 20/03/2026, «trước ngày 15/4», «quý I/2026»"
HELP_REASON = "lý do, cơ quan được báo kèm"
HELP_LADDER = "ngày so với hạn (âm là trước); «như thường» để theo lịch chung"
HELP_OPEN = "mở ngay, không qua bước xác nhận"
HELP_PREVIEW = "chỉ xem sẽ nhắc ai, bao nhiêu tin, ngày nào"
HELP_CONFIRM_AT = "tính như xác nhận vào lúc này"
HELP_REMIND = "xem lời nhắc của một thời điểm"
HELP_PROGRESS = "tiến độ các phần việc trong một khoảng ngày, ra tệp"
HELP_FROM = "ngày đầu"
HELP_TO = "ngày cuối, tính cả ngày ấy"
HELP_OUT = "tệp ghi ra: .xlsx (bảng theo dõi) hoặc .docx (dự thảo báo cáo)"
HELP_AGENCY = "chỉ một cơ quan: mã hoặc tên"
FROM_AFTER_TO = "--from ({first}) sau --to ({last}); xin đổi lại."
NAME_OUT = "Xin nêu tệp ghi ra: --out TỆP.xlsx hoặc TỆP.docx (hoặc --json để in từng dòng)."
OTHER_ENDING = "Không ghi được «{name}»: chỉ có dạng .xlsx và .docx."
BAD_DATE = "«{text}» không phải một ngày; ví dụ 2026-01-18"
PROGRESS_OF = "Tiến độ {period}: {count} phần việc, {as_of}"
PROGRESS_SILENT = "Chưa trả lời: {count} phần việc"
PROGRESS_WRITTEN = "Đã ghi {path}"
HELP_EVALUATE = "đo chất lượng tìm kiếm"
HELP_DOCTOR = "kiểm tra cài đặt và nói cần làm gì"
HELP_HELP = "xem cách dùng"
HELP_PATHS = "tệp hoặc thư mục; documents.yaml bên cạnh bổ sung điều tệp không ghi"
HELP_ALL = "mọi phần việc đang đề xuất"
HELP_TICK = "chạy một nhịp lập lời nhắc tại một thời điểm (để thử)"
TICKED = "Đã chạy nhịp của {at}; tin đã lập chờ được gửi."
HELP_AT = "thời điểm; không ghi múi giờ là giờ Việt Nam"
HELP_DRY_RUN = "chỉ xem, không gửi"
HELP_JSON = "in JSON, mỗi dòng một đối tượng"
BAD_INSTANT = "«{text}» không phải thời điểm; ví dụ 2026-01-12T08:00+07:00"
BAD_SETTINGS = "Cấu hình chưa đúng, xin sửa trong .env hoặc biến môi trường: {problems}"
BAD_LINE = "Dòng {number} không phải đối tượng JSON có id và question."
UNUSABLE_FILE = "Không dùng được tệp {path}: {reason}. Xin sửa tệp (mẫu ở scheduler/special_days.yaml) hoặc bỏ tệp đi."
FILE_TROUBLE = "Không đọc hoặc ghi được {path}: {reason}. Xin kiểm tra đường dẫn, quyền và chỗ trống trên đĩa."
USAGE_HINT = "Xem cách dùng: {program} --help"
BAD_RETRIEVAL_SET = "Không dùng được {folder}: {reason}. Cần có passages.jsonl, queries.jsonl và qrels.jsonl."
MIGRATED = "Cơ sở dữ liệu đã sẵn sàng."
NOTHING_TO_INGEST = "Xin nêu tệp hoặc thư mục cần nạp, hoặc chỉ --samples."
REPLACES_STANDS_ALONE = "--replaces dùng cho văn bản đã ban hành, không đi cùng --draft hay --samples."
REPLACES_TAKES_ONE = "--replaces dùng cho một văn bản; xin nạp riêng văn bản thay thế."
SAMPLES_NOT_NEEDED = "Kho đã có văn bản chính thức nên không nạp bản tóm lược."
NO_FILES_FOUND = "Không thấy tệp PDF, DOCX, TXT, Markdown hay HTML nào ở đó."
NO_SUCH_DOCUMENT = "Không có văn bản mã {id}; xem mã bằng: python -m bot catalogue documents"
ASK_ONE_OR_MANY = "Xin nêu một câu hỏi, hoặc --jsonl TỆP."
NAME_CODES = "Xin nêu mã phần việc (ví dụ PV12), hoặc --all."
NOT_PROPOSED = "Không có phần việc đang đề xuất mang mã: {codes}"
NOTHING_PROPOSED = "Không còn phần việc nào đang đề xuất."
CONFIRMED = "Đã xác nhận {count} phần việc: {codes}"
TEMPLATE_WRITTEN = "Đã ghi tệp mẫu {path}; điền rồi chạy: python -m bot duties import {path}"
NO_SUCH_DUTY = "Không có phần việc mã {code}; xem mã bằng: python -m bot duties list"
NO_SUCH_AGENCY = "Không có cơ quan «{words}»{nearest}; xin ghi mã hoặc tên trong danh sách cơ quan."
DUTY_THERE = "Phần việc này hôm nay đã được tạo; không có gì thay đổi."
BAD_DAY = "Chưa đọc được ngày trong «{words}»; ví dụ: 20/03/2026, «trước ngày 15/4/2026», «quý I/2026»."
BAD_LADDER = "Lịch nhắc ghi số ngày so với hạn, ví dụ: -7,-1,0; hoặc «như thường»."
DUTY_DONE = {
    "add": "Đã tạo {count} phần việc: {codes}",
    "move": "Đã đổi hạn {codes}: hết ngày {day}",
    "close": "Đã đóng {codes}",
    "reopen": "Đã mở lại {codes}",
    "give": "Đã giao {codes} cho {agency}",
    "ladder": "Đã đặt lịch nhắc của {codes}",
}
NAME_PHONES = "Xin nêu số điện thoại, hoặc --all."
SAY_ONE_OR_MANY = "Xin nêu --as SỐ và một câu, hoặc --jsonl TỆP."
BAD_SAY_LINE = "Dòng {number} không phải đối tượng JSON có as và text (at nếu có là thời điểm)."
NO_SUCH_CONTACT = "Không có ai mang số {phone} trong danh sách; xem: python -m bot contacts list"
NO_PHONE = "«{phone}» không phải số điện thoại; ví dụ 0912345678."
EVERYBODY_REACHED = "Cơ quan nào trong danh sách cũng có đầu mối nhận được tin."
UNREACHED_COUNTED = "{count} cơ quan chưa có đầu mối nhận được tin, {owing} cơ quan trong đó có phần việc đang mở"
NO_AGENCIES = "Chưa có danh sách cơ quan"
UNREACHED_NONE = "Cơ quan nào cũng có đầu mối nhận được tin"
UNREACHED_ADVICE = "Xem và gọi điện: python -m bot contacts unreachable; mời: python -m bot contacts invite --all"
BAD_HOURS = "--hours nhận từ 0.17 (10 phút) đến 168 (7 ngày)."
INVITE_NEEDS_KEY = "Chưa có SECRET_KEY nên không tạo được mã mời; chạy make setup."
NO_LINK = "Chưa hỏi được tên bot từ Telegram nên chỉ có mã, chưa có đường dẫn; xem python -m bot doctor."
EVERYONE_LINKED = "Mọi người trong danh sách đều đã liên kết."
REMOVED = "Đã xoá dữ liệu cá nhân của {phone}."
NO_REMINDERS = "Không có lời nhắc nào vào thời điểm này."
LOADING_SAMPLES = "Kho đang trống: nạp bản tóm lược đi kèm…"
PROGRESS_UNIT = " tệp"
CHAT_PROMPT = "Hỏi: "
CHAT_FAREWELL = "Tạm biệt."
CHAT_HELP = """Cứ hỏi bằng lời thường, có dấu hay không dấu; nêu rõ chỉ tiêu, năm hoặc cơ quan thì trả lời sát hơn. Ví dụ:
  • chỉ tiêu 5G năm 2030?     rồi hỏi tiếp: còn 2035?
  • Sở Nội vụ được giao việc gì?
  • hạn gửi kế hoạch về Sở KH&CN?
Gõ /help để xem lại, «thoát» hoặc Ctrl-D để dừng."""
CHAT_WELCOME = f"Xin chào! Trợ lý trả lời từ các văn bản đã nạp, kèm số văn bản và mục.\n{CHAT_HELP}"
CHAT_DIGEST = "Đang dùng bản tóm lược đi kèm, không phải nguyên văn; nạp văn bản của cơ quan: python -m bot ingest THƯ-MỤC"
CHAT_EMPTY = "Kho chưa có văn bản: nạp bằng python -m bot ingest THƯ-MỤC, hoặc --samples để dùng bản tóm lược đi kèm."
# What is typed (folded, without «/») that is no question, and what it does.
CHAT_ENDS = frozenset({"thoat", "exit", "quit", "bye", "tam biet"})
CHAT_REPLIES = {
    **dict.fromkeys(("help", "h", "?", "tro giup", "giup", "huong dan"), CHAT_HELP),
    **dict.fromkeys(("xin chao", "chao", "chao ban", "hello", "hi"), f"Xin chào! {CHAT_HELP}"),
    **dict.fromkeys(("cam on", "cam on ban", "xin cam on", "thanks"), "Rất vui được giúp. Xin cứ hỏi tiếp."),
}
OUTCOMES = {
    "new": "văn bản mới",
    "new_version": "bản mới của văn bản đã có",
    "rendition": "thêm một tệp của văn bản đã có",
    "unchanged": "đã có, không thay đổi",
}
_FOUND = {"passages": "đoạn", "targets": "chỉ tiêu", "results": "kết quả", "assignments": "nhiệm vụ", "relations": "quan hệ văn bản"}
_DOCUMENT_STATES = {"draft": "bản nháp", "in_force": "đang dùng", "superseded": "đã bị thay thế", "withdrawn": "đã rút"}
_STATES = {"proposed": "đề xuất", "open": "đang nhắc", "closed": "đã đóng"}
_ENDS = {
    "done": "đã hoàn thành",
    "dropped": "đã bỏ",
    "superseded": "văn bản đã bị thay thế",
    "split": "đã chia cho từng cơ quan",
}


# What argparse says, which it does in English only: its headings, then its complaints.
USAGE_TITLES = {"usage: ": "Cách dùng: ", "positional arguments:": "Tham số:", "options:": "Tùy chọn:"}
_USAGE_PROBLEMS = (
    (r"the following arguments are required: (.+)", "Còn thiếu: {}"),
    (r"unrecognized arguments: (.+)", "Không hiểu: {}"),
    (r"argument (\S+): invalid choice: (.+?) \(choose from (.+)\)", "{}: không có {}; chọn một trong: {}"),
    (r"argument (\S+): expected (?:one|at least one) argument", "{} cần một giá trị đi kèm"),
    (r"argument (\S+): invalid (?:int|Path) value: (.+)", "{}: {} không dùng được"),
    (r"argument (\S+): ignored explicit argument (.+)", "{} không nhận giá trị {}"),
    (r"ambiguous option: (\S+) could match (.+)", "{} chưa rõ, có thể là {}"),
    (r"argument \S+: (.+)", "{}"),
)


def usage_problem(message: str) -> str:
    """One Vietnamese sentence for what is wrong with a command line."""
    for pattern, sentence in _USAGE_PROBLEMS:
        found = re.fullmatch(pattern, message)
        if found:
            return sentence.format(*found.groups())
    return message


def telegram_file_too_large(name: str, size: int, most: int) -> str:
    """Instead of a file above the limit; both sizes in bytes, the file's rounded up so that it never reads as the limit."""
    megabytes = f"{math.ceil(size / 100_000) / 10:.1f}".replace(".", ",")
    return (
        f"Tệp «{name}» nặng {megabytes} MB, Telegram chỉ cho gửi đến {most // 1_000_000} MB; "
        "xin tải trên trang nội bộ hoặc hỏi đơn vị đầu mối."
    )


def database_unreachable(reason: object) -> str:
    """What the database's driver says, which may be several lines, on one."""
    return f"Không dùng được cơ sở dữ liệu: {' '.join(str(reason).split()).rstrip('.?')}"


def found_line(found: dict[str, int]) -> str:
    return ", ".join(f"{found[name]} {called}" for name, called in _FOUND.items() if found.get(name))


def ingest_summary(documents: int, files: int, withdrawn: int) -> str:
    text = f"{files} tệp, {documents} văn bản."
    return f"{text} Bản tóm lược đi kèm ({withdrawn} văn bản) đã được rút, từ nay trả lời theo văn bản đã nạp." if withdrawn else text


def import_report(added: int, changed: int, unchanged: int, bad: Sequence[tuple[int, str]], *, is_stored: bool) -> str:
    """What an imported list did, bad rows by line first."""
    told = [f"Dòng {number}: {reason}" for number, reason in bad]
    if not is_stored:
        return "\n".join(
            [*told, f"Chưa nhập gì: có {len(bad)} dòng sai. Xin sửa rồi nhập lại, hoặc thêm --skip-bad để nhập các dòng đúng."]
        )
    skipped = f", bỏ qua {len(bad)} dòng sai" if bad else ""
    return "\n".join([*told, f"Đã nhập: thêm {added}, sửa {changed}, giữ nguyên {unchanged}{skipped}."])


def invitation_text(row: dict[str, Any]) -> str:
    until = dt.datetime.fromisoformat(row["expires_at"])
    link = f"\n    {row['link']}" if row["link"] else ""
    return f"{row['contact']} ({row['phone']}): {row['code']} – dùng một lần, đến {until:%H:%M %d/%m/%Y}{link}"


def replaced_text(row: dict[str, Any]) -> str:
    where = f" ({row['agency']})" if row["agency"] else ""
    told = f"Đã thay {row['leaver']} bằng {row['successor']}{where}; phần việc nhận riêng đã chuyển: {row['assigned']}."
    return told if row["is_linked"] else f"{told}\nNgười thay chưa liên kết: python -m bot contacts invite {row['phone']}"


def unreachable_line(row: dict[str, Any], numbers: Sequence[str]) -> str:
    owed = f"{row['open_duties']} phần việc đang mở" if row["open_duties"] else "chưa có phần việc đang mở"
    return f"{row['agency']} – {owed} – {row['why']} – gọi: {'; '.join(numbers) or 'chưa có số'}"


def contact_line(row: dict[str, Any], role: str) -> str:
    channels = ", ".join(row["channels"]) or "chưa liên kết"
    return f"{row['name']} – {row['phone'] or 'không có số'} – {row['agency'] or 'không thuộc cơ quan'} – {role} – {channels}"


def catalogue_line(kind: str, row: dict[str, Any]) -> str:
    """A row as a person reads it: what, then where."""
    if kind == "documents":
        called = " ".join(part for part in (row["kind"], row["number"]) if part) or "Văn bản"
        dated = _day(row["issued_on"] or row["held_on"]) or "không rõ ngày"
        digest = ", bản tóm lược" if row["sample"] else ""
        return f"[{row['id']}] {called} ({dated}) – {row['subject']} – {_DOCUMENT_STATES[row['state']]}{digest}"
    where = f"{row['document']}, mục {row['clause']}"
    if kind == "assignments":
        lead = ", ".join(row["lead"]) or "không nêu cơ quan"
        due = f" [{row['due_text']}]" if row["due_text"] else ""
        return f"{lead}: {row['task']}{due} ({where})"
    return f"{row['quote']} ({where})"


def duty_line(row: dict[str, Any]) -> str:
    state, last_day = _ENDS.get(row["outcome"]) or _STATES.get(row["state"], row["state"]), _day(row["last_day"]) or "chưa rõ"
    where = ", ".join(part for part in (row["document"], f"mục {row['clause']}" if row["clause"] else "") if part)
    return f"{row['code']} [{state}] {row['agency']}: {row['task']} – hạn {last_day}" + (f" ({where})" if where else "")


def reminder_text(row: dict[str, Any]) -> str:
    status = "sẽ gửi" if row["will_send"] else f"chưa gửi: {row['reason']}"
    return f"{row['at']} → {row['agency']} ({', '.join(row['codes'])}; {status})\n{row['text']}\n"


def _day(iso: str | None) -> str:
    """«2026-01-14» → «14/01/2026», «2025-09» → «09/2025»; nothing for nothing."""
    return "/".join(reversed((iso or "").split("-")))


# The local web chat.
WEB_READY = "Trang trò chuyện: {address}  (Ctrl+C để dừng)"
PAGE_OFF = "Tắt, vì đã có kênh thật (hoặc DEMO=false)"
PAGE_ON = "make run mở {address}, chỉ máy này vào được"
WEB_CHANNELS_SILENT = "DEMO=true: chỉ chạy trang dùng thử; Telegram không nhận và không gửi gì."
WEB_STORE_IN_USE = "Kho dữ liệu này đã có người dùng trên kênh thật, không dùng thử ở đây được: xin đặt lại token, hoặc đặt DATA_DIR khác."
CLOCK_STUCK = "Đồng hồ dừng giữa chừng: một việc chưa làm xong. Xin chờ giây lát rồi cho chạy tiếp."
WEB_LOOPBACK_ONLY = "Bản dùng thử chỉ mở trên máy này: xin đặt WEB_HOST=127.0.0.1 (đang là {host})."
WEB_GUEST, WEB_STRANGER = "Khách", "Chưa liên kết"
WEB_PHONE_SHARED = "📱 Đã chia sẻ số điện thoại {phone}"
WEB_SECRET_GONE = "(Tin có mã mời chỉ hiện một lần, không lưu lại.)"
WEB_WRONG_HOST = "Trang này chỉ mở được trên chính máy đang chạy trợ lý, tại địa chỉ 127.0.0.1 hoặc localhost."
WEB_WRONG_ORIGIN = "Yêu cầu đến từ một trang khác nên không được nhận. Xin mở trang trò chuyện và làm lại ở đó."
WEB_NOT_JSON = "Yêu cầu phải ở dạng application/json."
WEB_BAD_REQUEST = "Yêu cầu không đọc được. Xin tải lại trang rồi thử lại."
WEB_NO_TEXT = "Tin nhắn chưa có chữ nào."
WEB_FILE_REFUSED = "📎 (tệp không được nhận)"
WEB_NO_FILE = "Chưa có tệp nào được gửi lên."
WEB_TOO_MANY_BYTES = "Tệp gửi lên lớn quá. Mỗi tệp nhiều nhất {limit} MB, mỗi lần nhiều nhất {count} tệp."
WEB_TOO_LONG = "Tin nhắn dài quá {limit} ký tự; xin chia thành nhiều tin."
WEB_NO_SUCH_PERSON = "Không có người này trong bản dùng thử. Xin tải lại trang và chọn lại."
WEB_NOTHING_HERE = "Không có trang này."
WEB_FILE_MISSING = "Không tìm thấy tệp này; có thể tin nhắn đã hết thời gian lưu."
WEB_DATABASE_AWAY = "Cơ sở dữ liệu không trả lời. Xin thử lại sau giây lát."
CLOCK_REFUSALS = {
    "moving": "Đồng hồ đang chạy tới; xin chờ xong rồi chuyển tiếp.",
    "past": "Đồng hồ chỉ chạy tới, không lùi lại; xin chọn thời điểm sau lúc này.",
    "far": "Mỗi lần chỉ chuyển tới được tối đa một năm.",
    "no_reminder": "Chưa có lời nhắc nào sắp tới: chưa có phần việc nào được xác nhận.",
    "unreadable": "Thời điểm không đọc được; xin chọn ngày và giờ.",
}


CONFIRM_ADVICE = "Xem và xác nhận: gõ /giaoviec trong trò chuyện (quản trị, điều phối), hoặc chạy «python -m bot duties confirm»."


def reminders_counted(is_open: int, proposed: int, at: dt.datetime | None) -> str:
    """«12 phần việc đang nhắc, 3 chờ xác nhận; lần nhắc tới 08:00 ngày 12/01/2026»"""
    soon = f"; lần nhắc tới {at.astimezone(_VIETNAM):%H:%M ngày %d/%m/%Y}" if at else ""
    return f"{is_open} phần việc đang nhắc, {proposed} chờ xác nhận{soon}"
