"""What conversations say, in Vietnamese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from db.deadlines import DeadlineRule, Recurrence
from db.duties import DutyState
from db.messages import Paragraph, bold, code, italic, line, lines
from db.people import Role
from knowledge.wording import quoted, spoken_date

DUTY_STATES = {DutyState.PROPOSED: "đề xuất", DutyState.OPEN: "đang thực hiện", DutyState.CLOSED: "đã đóng"}
NEEDS_ANCHOR = "cần quản trị viên cho biết ngày bắt đầu của kỳ hai tuần"
NEEDS_DAY = "cần quản trị viên ấn định ngày cuối"


def document_label(*, kind: str, number: str | None, issued_on: str | None, held_on: str | None, subject: str, sample: bool) -> str:
    """How a document is named in a sentence: «Kế hoạch số 12/KH-UBND», «Thông báo (họp ngày 06/4/2026)»; a digest says so."""
    name = f"Tóm lược {kind or 'Văn bản'}" if sample else kind or "Văn bản"
    if number:
        return f"{name} số {number}"
    if held_on or issued_on:
        return f"{name} ({'họp ngày' if held_on else 'ban hành'} {spoken_date(held_on or issued_on or '')})"
    return f"{name} «{subject[:80]}»" if subject else name


def duty_deadline(rule: DeadlineRule, last_day: dt.date | None) -> str:
    """«hết ngày 14/01/2026 (văn bản ghi «trước ngày 15/01/2026»)», or what is missing before there is a day."""
    printed = f" (văn bản ghi «{rule.printed}»)" if rule.printed else ""
    if last_day is not None:
        return f"hết ngày {last_day:%d/%m/%Y}{printed}"
    return (NEEDS_ANCHOR if rule.recurrence is Recurrence.TWO_WEEKS else NEEDS_DAY) + printed


def duty_line(*, code: str, agency: str, task: str, rule: DeadlineRule, last_day: dt.date | None, state: DutyState) -> str:
    """One duty in a list a person reads: «PV12 (đề xuất) – Sở Y tế: … – hết ngày 14/01/2026»."""
    return f"{code} ({DUTY_STATES[state]}) – {agency}: {task} – {duty_deadline(rule, last_day)}"


# Lists of agencies and contacts that a person imports: the columns, why a file or a row of it is refused.
AGENCY_COLUMNS = {
    "code": "Mã",
    "name": "Tên cơ quan",
    "short_names": "Tên gọi khác",
    "kind": "Loại",
    "groups": "Nhóm",
    "parent": "Trực thuộc",
}
CONTACT_COLUMNS = {"name": "Họ và tên", "phone": "Số điện thoại", "agency": "Cơ quan", "role": "Vai trò"}

LIST_WITHOUT_ADMIN = "Nhập danh sách này thì không còn quản trị viên nào; xin ghi vai trò «quản trị viên» cho ít nhất một người."
LIST_MISSING = "Không mở được tệp; xin kiểm tra lại tên tệp và quyền đọc."
LIST_EMPTY = "Danh sách chưa có dòng nào; xin điền ít nhất một dòng dưới dòng tiêu đề rồi gửi lại."
LIST_OVERSIZED = "Tệp quá lớn (quá {limit} MB); xin bỏ hình ảnh, các trang tính không cần, hoặc tách thành nhiều tệp."
LIST_OVERFILLED = "Bảng tính có quá nhiều ô, trang tính hoặc định dạng; xin chép riêng danh sách sang một tệp mới rồi gửi lại."
LIST_OF_ANOTHER_KIND = (
    "Danh sách cần ở dạng .xlsx hoặc .csv; xin mở tệp bằng Excel, chọn «Lưu thành» (Save As) một trong hai dạng ấy rồi gửi lại."
)
LIST_MISNAMED = (
    "Nội dung tệp không đúng với đuôi {suffix}; xin mở danh sách bằng Excel, chọn «Lưu thành» (Save As) dạng .xlsx hoặc .csv rồi gửi lại."
)
LIST_DAMAGED = "Tệp bị hỏng hoặc tải chưa đủ, không mở được như một bảng tính; xin lưu lại bằng Excel dạng .xlsx hoặc .csv rồi gửi lại."
LIST_ENCRYPTED = "Tệp đang đặt mật khẩu; xin bỏ mật khẩu rồi gửi lại."
LIST_LEGACY_FONT = "Danh sách dùng phông chữ cũ (TCVN3, VNI); xin chuyển sang phông Unicode rồi gửi lại."
LIST_UNKNOWN_ENCODING = "Không đọc được bảng mã chữ của tệp; xin lưu lại dạng .xlsx hoặc «CSV UTF-8» rồi gửi lại."
LIST_WITHOUT_HEADER = (
    "Không thấy dòng tiêu đề trong {rows} dòng đầu; xin đặt một dòng tiêu đề có các cột: {columns}. Nếu chữ trong tệp mất dấu, "
    "xin lưu lại dạng .xlsx hoặc «CSV UTF-8»."
)
LIST_WITHOUT_COLUMNS = "Dòng tiêu đề (dòng {line}) còn thiếu cột: {columns}; xin thêm cột rồi gửi lại."
LIST_TOO_LONG = "Danh sách có quá {limit} dòng; xin tách thành nhiều tệp."
LIST_TOO_WIDE = "Danh sách có quá {limit} cột; xin bỏ bớt những cột không cần."
LIST_BROKEN_QUOTES = "Từ dòng {line} có dấu ngoặc kép không khép lại; xin sửa dấu ngoặc kép, hoặc lưu danh sách dạng .xlsx."

ROW_CELL_EMPTY = "Thiếu «{column}»; xin điền vào."
ROW_CELL_TOO_LONG = "«{column}» dài quá {limit} ký tự; xin viết gọn lại."
ROW_CELL_ERROR = "Ô «{column}» đang báo lỗi công thức {text}; xin gõ thẳng giá trị vào ô."
ROW_LETTERS_LOST = "«{column}» bị mất chữ («{text}»); xin gõ lại và lưu tệp dạng .xlsx hoặc «CSV UTF-8»."
ROW_WRONG_PHONE = (
    "Số điện thoại «{text}» không đúng; xin ghi một số di động 10 chữ số (đầu 03, 05, 07, 08, 09) hoặc một số máy bàn có mã vùng (đầu 02)."
)
ROW_SAME_PHONE = "Số điện thoại {phone} có ở các dòng {lines}; xin giữ lại một dòng."
ROW_SAME_CODE = "Mã «{code}» có ở các dòng {lines}; xin giữ lại một dòng hoặc đổi mã."
ROW_UNKNOWN_AGENCY = (
    "Không có cơ quan «{text}»{nearest}; xin sửa lại theo mã hoặc tên trong danh sách cơ quan, hoặc nhập cơ quan này trước."
)
ROW_UNKNOWN_PARENT = (
    "Không có cơ quan «{text}» ở cột «Trực thuộc»{nearest}; xin sửa lại theo mã hoặc tên, hoặc thêm cơ quan này vào danh sách."
)
ROW_NEAREST = " (gần nhất: «{name}»)"
ROW_SEVERAL_AGENCIES = "«{text}» là tên của nhiều cơ quan (mã {codes}); xin ghi mã."
ROW_BAD_PARENT = "Cơ quan trực thuộc «{code}» ở dòng {line} chưa đúng; xin sửa dòng đó trước."
ROW_PARENT_RING = "Cột «Trực thuộc» đi thành vòng ({codes}); xin sửa lại."
ROW_UNKNOWN_ROLE = "Không có vai trò «{text}»; xin ghi một trong: {roles}."
ROW_NEEDS_AGENCY = "Thiếu «Cơ quan»; chỉ vai trò {roles} được để trống cột này."


def list_lines(lines: list[int]) -> str:
    """«3 và 5», «3, 5 và 9»; a long list is cut."""
    shown = [str(line) for line in lines[:6]]
    return ", ".join(shown) + " và các dòng khác" if len(lines) > 6 else " và ".join(filter(None, [", ".join(shown[:-1]), shown[-1]]))


# People and their rights.
ROLES = {
    Role.OFFICIAL: "cán bộ",
    Role.FOCAL_POINT: "cán bộ đầu mối",
    Role.LEADER: "lãnh đạo đơn vị",
    Role.COORDINATOR: "điều phối",
    Role.ADMIN: "quản trị viên",
}
REMOVED_NAME = "đã xoá"
NOT_ALLOWED = "Việc này không thuộc quyền của anh/chị. Nếu cần, xin liên hệ quản trị viên."
NOT_IN_GROUP = "Việc này chỉ làm trong cuộc trò chuyện riêng với trợ lý, để không lộ thông tin cá nhân."
TOO_FAST = "Anh/chị gửi nhanh quá nên tin này chưa được xử lý. Xin chờ một phút rồi gửi lại."
TROUBLE = "Xin lỗi, trợ lý gặp lỗi khi xử lý tin này (mã {number}). Xin gửi lại; nếu vẫn lỗi, xin báo mã này cho quản trị viên."
TEXT_ONLY = "Trợ lý hiện chỉ đọc được tin nhắn chữ. Xin gõ câu hỏi, ví dụ: «chỉ tiêu 5G năm 2030?»"
STALE_TAP = "Nút này đã được dùng hoặc không còn hiệu lực; không có gì thay đổi."
DID_YOU_MEAN = "Không có lệnh {typed}. Có phải anh/chị muốn dùng {meant}?"
UNKNOWN_COMMAND = "Không có lệnh {typed}. Gõ /trogiup để xem các lệnh; hoặc cứ hỏi bằng lời thường."
CANCELLED = "Đã bỏ qua nội dung đang hỏi. Xin hỏi câu mới."
NOTHING_TO_CANCEL = "Không có gì đang dở. Xin cứ hỏi."
ASK_HOW = "Xin hỏi bằng lời thường, có dấu hay không dấu. Ví dụ:"
ASK_ON = "Có thể hỏi tiếp:"
# Where the documents hold too little for examples of their own.
EXAMPLES = ("chỉ tiêu 5G năm 2030?", "Sở Nội vụ được giao việc gì?", "hạn gửi nhu cầu kinh phí năm 2026?")

# Answers and what people say of them.
# Lines of an answer that tell where it stands or what to heed.
IN_ITALICS = ("Nguồn:", "Lưu ý:", "Câu trả lời được duyệt")
RIGHT, WRONG, MORE = "👍 Đúng", "👎 Chưa đúng", "Xem thêm"
MORE_COMMAND = "xem thêm"
THANKS_RIGHT = "Cảm ơn anh/chị đã xác nhận."
WRONG_TOLD = "Đã ghi nhận và báo cán bộ điều phối."
WRONG_KEPT = "Đã ghi nhận câu trả lời chưa đúng. Cảm ơn anh/chị."
VERDICT_STANDS = "Câu này đã được đánh giá trước đó; không có gì thay đổi."
NOT_YOUR_QUESTION = "Chỉ người đã hỏi mới đánh giá được câu trả lời này."
NO_SUCH_INQUIRY = "Không thấy câu hỏi số {number}; có thể đã hết thời gian lưu."
CORRECTION_TOLD = "Đã ghi nội dung đúng theo anh/chị và chuyển cán bộ điều phối. Cảm ơn anh/chị."
CORRECTION_KEPT = "Đã ghi nội dung đúng theo anh/chị. Cảm ơn anh/chị."
REVIEWED = "Đã xem xét"
REVIEW_NOTED = "Đã ghi nhận: anh/chị đã xem xét báo cáo này."
ALREADY_REVIEWED = "Báo cáo này đã có người xem xét; không có gì thay đổi."

# What is looked at again, and answers that are approved.
NOT_LINKED, NO_AGENCY = "người dùng chưa liên kết", "không thuộc cơ quan nào"
COMPOSE, BACK_TO_LIST, APPROVE, DROP, WITHDRAW = "✍ Soạn câu trả lời", "◀ Danh sách", "✓ Duyệt", "Bỏ", "Thu hồi"
REVIEW_FILTERS = {"tất cả": "Tất cả", "chưa trả lời": "Chưa trả lời được", "báo sai": "Báo sai"}
NO_REVIEWS = "Không còn câu nào cần xem."
DRAFT_EMPTY = "Chưa có nội dung. Ví dụ: «duyệt {number}: Tỷ lệ phủ sóng 5G đạt 100% (nguồn 359-KH/TU, mục II.2.2.a)»."
DRAFT_TOO_LONG = "Câu trả lời dài quá {limit} ký tự ({length}); xin viết gọn lại rồi gửi lại."
DRAFT_GONE = "Không có bản soạn số {number}; có thể đã được duyệt hoặc đã bỏ."
DRAFT_DROPPED = "Đã bỏ bản soạn số {number}; câu hỏi vẫn nằm trong danh sách cần xem."
SOURCE_HOW = "Chỉ cần gửi nguồn, ví dụ: «359-KH/TU, mục II.2.2.a», «KH 359 II.2.2.a», «văn bản 3 mục 2.c» (mã trong /vanban)."
SOURCE_MISSING = {
    "none": "Câu trả lời cần một nguồn trong kho văn bản.",
    "document": "Chưa rõ văn bản nào.",
    "several": "Có nhiều văn bản như vậy ({documents}); xin ghi mã trong /vanban.",
    "superseded": "{documents} đã bị thay thế; xin dẫn văn bản đang dùng.",
    "clause": "{documents} không có mục ấy, hoặc tin chưa ghi mục.",
}
STRANGE_FIGURES = (
    "Không duyệt được: {figures} không có trong {source}. Con số trong câu trả lời phải lấy từ văn bản; "
    "xin sửa câu trả lời («duyệt {number}: …») hoặc dẫn nguồn khác."
)
SOURCE_GONE = "Nguồn của bản soạn số {number} không còn dùng được (văn bản đã thay đổi); xin dẫn nguồn khác: «nguồn câu {number}: …»."
ALREADY_ANSWERED = "Câu hỏi này đã có câu trả lời được duyệt (câu {number}): «{answer}». Muốn thay, xin «thu hồi câu {number}» trước."
APPROVED_NOTE = "Đã duyệt; từ nay câu hỏi cùng nghĩa được trả lời bằng câu này."
WITHDRAWN_NOTE = "Đã thu hồi câu {number}; không còn được dùng để trả lời."
NO_SUCH_APPROVED = "Không có câu trả lời số {number} đang dùng."
NO_APPROVED = "Chưa có câu trả lời nào được duyệt. Gõ /canxem để xem các câu hỏi cần trả lời."

# What may be wanted after an answer.
WHOLE_CLAUSE, WHOLE_DIGEST, DOER, ROADMAP = "📄 Nguyên văn", "📄 Cả mục", "👤 Ai thực hiện", "📈 Lộ trình"
BEFORE, AFTER = "◀ Trước", "Sau ▶"
NOT_YOUR_BUTTON = "Chỉ người đã hỏi mới dùng được nút này. Anh/chị cứ hỏi câu của mình."
NOTHING_ASKED = "Chưa có câu hỏi nào trong cuộc trò chuyện này. Xin hỏi trước, ví dụ: «chỉ tiêu 5G năm 2030?»"
NO_CLAUSE = "Câu trả lời này không dẫn mục nào còn trong kho văn bản, nên không có nguyên văn để xem."
NO_DOER = "Văn bản không nêu cơ quan thực hiện nội dung này."
NO_SUCH_YEAR = "Câu trả lời này không nói về một chỉ tiêu theo năm. Xin hỏi kèm tên chỉ tiêu, ví dụ: «chỉ tiêu 5G năm {year}?»"
NO_ROADMAP = "Chỉ vẽ được lộ trình của chỉ tiêu có con số cho ít nhất hai mốc năm; câu trả lời này không nói về một chỉ tiêu như vậy."
PICTURE_NAME = "lo-trinh.png"

# Documents.
NO_DOCUMENTS = "Kho chưa có văn bản nào."
NO_SUCH_DOCUMENT = "Không có văn bản mã {number} mà anh/chị được xem. Gõ /vanban để xem danh sách."
FILE_MISSING = "Không tìm thấy tệp gốc của văn bản này; xin báo quản trị viên."
FILE = "📄 Tệp"
DOCUMENT_STATES = {"in_force": "đang dùng", "superseded": "đã bị thay thế"}

# Browsing targets; lists that are turned page by page.
BACK, ONWARD = "◀", "▶"
UP_TO_HORIZONS, UP_TO_GROUPS = "↑ Mốc", "↑ Nhóm"
NO_HEADING = "Không có đề mục"
NO_TARGETS = "Các văn bản hiện có không nêu chỉ tiêu nào."
ONLY_PAGES = "Danh sách chỉ có {count} trang."
NO_SUCH_TARGET = "Không có chỉ tiêu ở vị trí này; danh sách có thể đã thay đổi."

# Searching.
SEARCH_EXAMPLE = "/timkiem hạ tầng số"

# Linking.
INVITED_ONLY = (
    "Trợ lý này dành cho cán bộ được tỉnh mời. Để dùng, xin làm một trong hai cách:\n"
    "• Xin mã mời của Sở Khoa học và Công nghệ (hoặc quản trị viên) rồi gửi mã đó vào đây.\n"
    "• Hoặc bấm nút «Chia sẻ số điện thoại» bên dưới, nếu số của anh/chị đã có trong danh sách."
)
INVITED_TOO = "Cán bộ đã có trong danh sách: gửi mã mời vào đây, hoặc chia sẻ số điện thoại của mình, để dùng đầy đủ."
INVITED_IN_PRIVATE = "Trợ lý chỉ trả lời cán bộ đã được mời. Xin nhắn riêng cho trợ lý để biết cách được mời; không gửi mã mời vào nhóm."
CODE_WRONG = "Mã mời không đúng, đã dùng hoặc đã hết hạn. Xin kiểm tra lại, hoặc xin mã mới."
CODE_TOO_OFTEN = "Anh/chị đã nhập sai mã nhiều lần. Xin thử lại sau một giờ, hoặc liên hệ quản trị viên."
PHONE_NOT_OWN = "Xin chia sẻ số điện thoại của chính anh/chị bằng nút «Chia sẻ số điện thoại»."
PHONE_NOT_LISTED = "Số điện thoại này chưa có trong danh sách. Xin liên hệ Sở Khoa học và Công nghệ để được thêm, hoặc xin mã mời."
ALREADY_LINKED = "Tài khoản này đã được liên kết; không có gì thay đổi."
INVITE_WHOM = "Xin nêu số điện thoại có trong danh sách, ví dụ: «mời 0912345678»."
INVITE_UNKNOWN = "Chưa có ai mang số {phone} trong danh sách. Xin nhờ quản trị viên thêm vào danh sách."
UNLINKED_ELSEWHERE = (
    "Tài khoản này không còn liên kết với {name}, vì người đó vừa liên kết bằng một tài khoản khác. "
    "Nếu không phải anh/chị làm, xin báo quản trị viên ngay."
)

# One's own data.
REMOVE_ASK = (
    "Xoá dữ liệu cá nhân: họ tên, số điện thoại, tài khoản, nội dung trò chuyện và câu hỏi của anh/chị sẽ bị xoá, không khôi phục được. "
    "Báo cáo của cơ quan vẫn được giữ, không kèm tên. Điều phối và quản trị viên sẽ được báo. Anh/chị có chắc chắn muốn xoá không?"
)
REMOVE_YES, REMOVE_NO = "Xoá dữ liệu của tôi", "Không xoá"
KEPT = "Không xoá gì; dữ liệu của anh/chị vẫn như cũ."
REMOVE_DONE = "Đã xoá dữ liệu cá nhân của anh/chị. Cảm ơn anh/chị đã dùng trợ lý."
REMOVE_LAST_ADMIN = "Anh/chị là quản trị viên duy nhất; xin trao quyền cho người khác trước khi xoá."
REMOVAL_TOLD = "{name} ({role}{agency}) đã yêu cầu xoá dữ liệu cá nhân và không còn nhận tin. Xin cử người thay nếu cần."


def introduction(months: int, *, is_group: bool) -> tuple[Paragraph, ...]:
    """What the first answer tells besides: that a machine answers, what is kept, why and how long."""
    return (
        line(),
        line(
            italic(
                "Anh/chị đang trò chuyện với trợ lý tự động, không phải người. Trợ lý lưu tên hiển thị, mã tài khoản, "
                f"câu hỏi và câu trả lời để trả lời, nhắc việc và sửa sai; câu hỏi được xoá sau {months} tháng. "
                f"{'Nhắn riêng' if is_group else 'Gõ'} /toi để xem hoặc xoá."
            )
        ),
    )


def welcome(name: str, menu: Sequence[tuple[str, str]]) -> tuple[Paragraph, ...]:
    greeting = f"Xin chào {name}!" if name else "Xin chào!"
    about = "Tôi là trợ lý tra cứu và nhắc việc về kế hoạch của tỉnh thực hiện Nghị quyết 57-NQ/TW. Mỗi câu trả lời kèm văn bản và mục."
    return (line(bold(greeting)), line(about), line(), *menu_lines(menu), line(), *how_to_ask())


def how_to_ask(examples: Sequence[str] = ()) -> tuple[Paragraph, ...]:
    """How a question is put; the examples are said where they are no buttons."""
    return (line(ASK_HOW), *(line(f"• {one}") for one in examples))


def menu_lines(menu: Sequence[tuple[str, str]]) -> tuple[Paragraph, ...]:
    return tuple(line(f"{command} – {about}") for command, about in menu)


def left_out(items: int, quotes: int, number: int | None) -> tuple[Paragraph, ...]:
    """What a summary leaves out, and how to see it: by the number of one's own question, else by asking it."""
    how = f"bấm «{MORE}» hoặc gõ «{MORE_COMMAND} {number}»" if number else "hỏi lại câu trên để xem đủ"
    parts = [f"{items} mục" if items else "", f"{quotes} đoạn trích" if quotes else ""]
    told = f"Còn {' và '.join(filter(None, parts))}; {how}."
    return (remark(told),) if items or quotes else ()


def remark(text: str) -> Paragraph:
    return line(italic(text))


def linked(name: str, role: Role, agency: str) -> tuple[Paragraph, ...]:
    where = f", {agency}" if agency else ""
    return (line(bold(f"Đã liên kết: {name}")), line(f"Vai trò: {ROLES[role]}{where}. Nếu không đúng, xin báo quản trị viên."))


def correction_how(number: int) -> tuple[Paragraph, ...]:
    return lines(f"Nếu biết câu trả lời đúng, xin trả lời thẳng vào tin này, hoặc gõ: «sai {number} nội dung đúng». Không bắt buộc.")


def wrong_answer(
    *, number: int, who: str, question: str, answer: Sequence[Paragraph], quotes: Sequence[tuple[str, str]], correction: str
) -> tuple[Paragraph, ...]:
    """To a coordinator: an answer that its asker says is wrong, with the words it cited; quotes are (source, words)."""
    told = [line(bold(f"Báo câu trả lời chưa đúng (số {number})")), line(f"Người báo: {who}"), line("Câu hỏi: ", italic(question))]
    if correction:
        told.append(line(bold("Nội dung đúng theo người báo: "), correction))
    told += [line(), line(bold("Trợ lý đã trả lời:")), *answer]
    for source, words in quotes:
        told += [line(), line(f"Trích {source}:"), Paragraph(spans=line(words).spans, is_quote=True)]
    return tuple(told)


def clause_marker(kind: str, marker: str) -> str:
    """What stands before a paragraph: «a) », «- », «Chú thích 4: »."""
    if kind == "note":
        return f"Chú thích {marker}: " if marker else ""
    return f"{marker} " if marker else ""


def clause_title(clause: str, *, is_original: bool) -> str:
    return f"Nguyên văn {clause}" if is_original else f"Cả {clause} của bản tóm lược"


def clause_page(
    title: str, headings: Sequence[str], body: Sequence[Paragraph], source: str, *, number: int, count: int
) -> tuple[Paragraph, ...]:
    """A page of a clause: which it is, the headings above it, its words, the source."""
    part = f" (phần {number}/{count})" if count > 1 else ""
    above = (line(italic(" › ".join(headings))),) if headings else ()
    return (line(bold(f"{title}{part}")), *above, *body, line(italic(source)))


def reviewed_by(name: str, at: str) -> str:
    return f"Đã xem xét: {name}, {at}."


class DocumentRow(NamedTuple):
    """One document in a list; `dated` is empty where its name tells the day."""

    number: int
    name: str
    dated: str
    subject: str
    state: str


def dated(issued_on: str | None, held_on: str | None) -> str:
    """«ban hành ngày 29/4/2025», «ban hành tháng 9/2025», «họp ngày 04/12/2025», or that nobody knows."""
    if not (iso := issued_on or held_on):
        return "không rõ ngày"
    grain = ("năm", "tháng", "ngày")[iso.count("-")]
    return f"{'ban hành' if issued_on else 'họp'} {grain} {spoken_date(iso)}"


def replaced_by(name: str) -> str:
    return f"đã bị thay thế bởi {name}"


def under_review(name: str) -> str:
    return f"đang được rà soát theo {name}"


def document_list(rows: Sequence[DocumentRow], count: int, note: str) -> tuple[Paragraph, ...]:
    """A page of the documents, newest first."""
    told = [line(bold(f"Văn bản đang có ({count}):"))]
    for one in rows:
        told.append(line(f"{one.number}. ", bold(one.name), *(f" – {part}" for part in (one.dated, one.subject) if part)))
        told.append(line(italic(f"   {one.state}")))
    return (*_noted(note, *told), line(f"Bấm «{FILE}» hoặc gõ «văn bản {rows[0].number}» để nhận tệp gốc."))


def horizon_label(horizon: int) -> str:
    return str(horizon) if horizon else "không gắn năm"


def by_horizon(horizon: int) -> str:
    return f"đến hết năm {horizon}" if horizon else "không gắn năm"


def no_horizon(horizon: int) -> str:
    return f"Không có chỉ tiêu {by_horizon(horizon)}."


def no_group(number: int, horizon: int) -> str:
    return f"Không có nhóm {number} trong các chỉ tiêu {by_horizon(horizon)}."


def no_target_with(words: str) -> str:
    return f"Không có chỉ tiêu nào mang các từ «{words}»."


def horizons(count: int, note: str) -> tuple[Paragraph, ...]:
    """What is said above the years to choose from."""
    if not count:
        return (line(NO_TARGETS),)
    return _noted(note, line(bold(f"Chỉ tiêu trong các văn bản ({count})")), line("Chọn mốc; số sau dấu chấm là số chỉ tiêu."))


def target_groups(horizon: int, count: int, documents: Sequence[tuple[str, Sequence[int]]], note: str) -> tuple[Paragraph, ...]:
    """What is said above the groups of a horizon: (document, its groups' numbers)."""
    told = [line(bold(f"Chỉ tiêu {by_horizon(horizon)} ({count})")), line("Chọn nhóm; số sau dấu chấm là số chỉ tiêu.")]
    if len(documents) == 1:
        return (*_noted(note, *told), *sources([documents[0][0]]))
    spans = [(name, f"{of[0]}–{of[-1]}" if len(of) > 1 else str(of[0])) for name, of in documents]
    return _noted(note, *told, *(line(f"• nhóm {span}: ", italic(name)) for name, span in spans))


def targets_of_group(horizon: int, name: str, count: int, note: str) -> tuple[Paragraph, ...]:
    return _noted(note, line(bold(name)), line(f"Chỉ tiêu {by_horizon(horizon)} ({count}); bấm số để xem nguyên văn."))


def targets_with(words: str, count: int, note: str, *, is_whole: bool) -> tuple[Paragraph, ...]:
    more = "" if is_whole else " Dưới đây là phần đầu; xin gõ ít từ hơn."
    return _noted(note, line(bold(f"Chỉ tiêu có «{words}» ({count})")), line(f"Bấm số để xem nguyên văn.{more}"))


def target_row(number: int, name: str, figure: str, where: str) -> Paragraph:
    """«7. Doanh nghiệp công nghệ số: ≥ 40 doanh nghiệp (mục I.1.đ)», the figure in bold."""
    return line(f"{number}. {name}", *((": ", bold(figure)) if figure else ()), f" ({where})" if where else "")


def sources(names: Sequence[str]) -> tuple[Paragraph, ...]:
    """«Nguồn: …» of each document; of more than three only how many more."""
    more = (remark(f"và {len(names) - 3} văn bản khác"),) if len(names) > 3 else ()
    return (*(remark(f"Nguồn: {name}") for name in names[:3]), *more)


def search_how() -> tuple[Paragraph, ...]:
    told = line("Tìm các đoạn văn bản có những từ cần xem, có dấu hay không dấu, viết tắt cũng được. Ví dụ:")
    return (told, line(code(SEARCH_EXAMPLE)), line("Muốn biết một con số, một thời hạn, xin cứ hỏi bằng lời thường."))


def nothing_found(words: str) -> tuple[Paragraph, ...]:
    return (
        line(f"Không thấy đoạn nào có «{words}» trong các văn bản hiện có."),
        line("Xin thử ít từ hơn, hoặc hỏi bằng lời thường, ví dụ:"),
    )


def passages_found(words: str, count: int, note: str, *, is_cut: bool) -> tuple[Paragraph, ...]:
    nearest = " sát nhất" if is_cut else ""
    return _noted(note, line(bold(f"Tìm «{words}»: {count} đoạn{nearest}")))


def _noted(note: str, *told: Paragraph) -> tuple[Paragraph, ...]:
    return (line(italic(note)), *told) if note else told


def invitation(name: str, given: str, link: str | None, hours: int) -> tuple[Paragraph, ...]:
    """To whoever invites: the code to pass on, and for how long it is good."""
    until = f"{hours // 24} ngày" if hours % 24 == 0 else f"{hours} giờ"
    told = [line("Mã mời cho ", bold(name), f", dùng một lần trong {until}:"), line(code(given))]
    if link:
        told.append(line(f"Hoặc gửi đường dẫn: {link}"))
    return (*told, line("Chỉ chuyển mã cho đúng người; ai có mã sẽ nhận quyền của người đó."))


def own_data(
    *, name: str, role: Role | None, agency: str, phone: str, channels: Sequence[str], inquiries: int, months: int, since: str
) -> tuple[Paragraph, ...]:
    """What is kept about somebody, for themselves."""
    told = [line(bold("Dữ liệu trợ lý đang lưu về anh/chị"))]
    told.append(line(f"• Họ tên: {name}" if role else f"• Tên hiển thị: {name or 'không có'} (chưa liên kết)"))
    if role:
        told.append(line(f"• Vai trò: {ROLES[role]}{f', {agency}' if agency else ''}"))
    if phone:
        told.append(line(f"• Điện thoại: {phone}"))
    if channels:
        told.append(line(f"• Kênh: {', '.join(channels)}{f'; từ ngày {since}' if since else ''}"))
    told += [
        line(f"• Câu hỏi đang lưu, kèm câu trả lời và đánh giá: {inquiries}; tự xoá sau {months} tháng. Tin nhắn: 30 ngày."),
        line("• Tên hiển thị và mã tài khoản trên kênh: đến khi xoá. Nhật ký thao tác, không có nội dung tin: 3 năm."),
        line(
            "Mục đích: trả lời, nhắc việc đúng người, sửa câu trả lời sai. Tin nhắn đi qua máy chủ của kênh anh/chị dùng; "
            "ngoài ra không dùng vào việc khác, không chuyển cho ai, trừ câu trả lời anh/chị báo sai: điều phối nhận kèm tên."
        ),
        line("Muốn xoá, gõ «xoá tôi» hoặc bấm nút dưới đây."),
    ]
    return tuple(told)


def review_list(
    named: str, count: int, rows: Sequence[tuple[str, int, bool, str, dt.datetime]], *, first: int, page: int, pages: int
) -> tuple[Paragraph, ...]:
    """(question, how often, judged wrong, agency, when) of each question that is to be looked at."""
    told = [line(bold(f"Câu hỏi cần xem – {REVIEW_FILTERS[named].lower()} ({count})"), f", trang {page}/{pages}" if pages > 1 else "")]
    for number, (question, times, is_wrong, agency, at) in enumerate(rows, first):
        about = [f"{times} lần" if times > 1 else "", "báo sai" if is_wrong else "chưa trả lời được", agency, f"{at:%d/%m/%Y}"]
        told.append(line(f"{number}. {_cut(question, 150)} ", italic(f"({', '.join(one for one in about if one)})")))
    return (*told, line("Bấm số để mở câu hỏi." if rows else NO_REVIEWS))


def inquiry_opened(
    *, number: int, who: str, count: int, question: str, answer: str, corrections: Sequence[str], quotes: Sequence[tuple[str, str]]
) -> tuple[Paragraph, ...]:
    """One question that is to be looked at; quotes are (source, words)."""
    times = f"; {count} lần" if count > 1 else ""
    told = [line(bold(f"Câu hỏi số {number}"), f" ({who}{times})"), line(italic(_cut(question, 600)))]
    told += [line(bold("Theo người báo: "), _cut(one, 400)) for one in corrections]
    told += [line(), line(bold("Trợ lý đã trả lời:")), *lines(answer[:1500])]
    for source, words in quotes:
        told += [line(), line(f"Gần nhất – {source}:"), Paragraph(spans=line(words).spans, is_quote=True)]
    return tuple(told)


def compose_how(number: int, question: str) -> tuple[Paragraph, ...]:
    return (
        line(bold(f"Soạn câu trả lời cho câu hỏi số {number}: "), italic(_cut(question, 200))),
        line("Xin trả lời (Reply) thẳng vào tin này, hoặc gõ:"),
        line(code(f"duyệt {number}: nội dung câu trả lời (nguồn 359-KH/TU, mục II.2.2.a)")),
        line("Mọi con số phải có trong mục được dẫn. Có thể gửi nguồn sau; chưa có gì được dùng trước khi anh/chị bấm «Duyệt»."),
    )


def source_wanted(number: int, problem: str, answer: str) -> tuple[Paragraph, ...]:
    """What is missing of the source, while the text is kept."""
    kept = line("Nội dung đã được giữ: ", italic(_cut(answer, 300)))
    return (line(bold(problem)), line(SOURCE_HOW), line(f"Hoặc chọn một nguồn bên dưới, hay gõ «nguồn câu {number}: …»."), kept)


def draft_preview(*, number: int, question: str, answer: str, source: str, quote: str, remark: str) -> tuple[Paragraph, ...]:
    told = [line(bold(f"Xem lại trước khi duyệt (câu {number})")), line("Câu hỏi: ", italic(_cut(question, 300))), line()]
    told += [*lines(answer), line(italic(source)), Paragraph(spans=line(quoted(quote)).spans, is_quote=True), line()]
    return (*told, line(remark or "Duyệt rồi, câu hỏi cùng nghĩa được trả lời bằng câu này, kèm tên người duyệt."))


def asker_told(question: str) -> Paragraph:
    return line(f"Câu hỏi «{_cut(question, 300)}» của anh/chị nay đã có câu trả lời được duyệt:")


def approved_list(rows: Sequence[tuple[int, str, str, str, str]], count: int, *, page: int, pages: int) -> tuple[Paragraph, ...]:
    """(number, question, answer, about it, state) of each answer that was approved."""
    told = [line(bold(f"Câu trả lời đã duyệt ({count})"), f", trang {page}/{pages}" if pages > 1 else "")]
    for number, question, answer, about, state in rows:
        told.append(line(f"{number}. ", italic(_cut(question, 120)), f" → {_cut(answer, 160)} ({about}) – ", bold(state)))
    return tuple(told)


APPROVED_STATES = {"in_force": "đang dùng", "lapsed": "hết hiệu lực vì nguồn bị thay thế", "withdrawn": "đã thu hồi"}


def _cut(text: str, limit: int) -> str:
    """One line of a text, at most so many characters."""
    text = " ".join(text.split())
    return text if len(text) <= limit else f"{text[: limit - 1].rsplit(' ', 1)[0]}…"
