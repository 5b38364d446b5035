"""What conversations say, in Vietnamese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db.deadlines import DeadlineRule, Recurrence
from db.duties import DutyState
from db.messages import Paragraph, bold, code, italic, line, lines
from db.people import Role
from knowledge.wording import spoken_date

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


# People and their rights.
ROLES = {
    Role.OFFICIAL: "cán bộ",
    Role.FOCAL_POINT: "cán bộ đầu mối",
    Role.LEADER: "lãnh đạo đơn vị",
    Role.COORDINATOR: "điều phối",
    Role.ADMIN: "quản trị viên",
}
SUBSTITUTE = "đầu mối dự phòng"
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


def role_name(role: Role, *, is_substitute: bool = False) -> str:
    """What a person is called by what they are here for."""
    return SUBSTITUTE if is_substitute and role is Role.FOCAL_POINT else ROLES[role]


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


def linked(name: str, role: str, agency: str, *, open_duties: int = 0) -> tuple[Paragraph, ...]:
    """The welcome, with what the agency owes where that is theirs to report on."""
    where = f", {agency}" if agency else ""
    told = [line(bold(f"Đã liên kết: {name}")), line(f"Vai trò: {role}{where}. Nếu không đúng, xin báo quản trị viên.")]
    if open_duties:
        told.append(line(f"Cơ quan có {open_duties} phần việc đang mở: gõ /viec."))
    return tuple(told)


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


def invitation(name: str, given: str, link: str | None, hours: int) -> tuple[Paragraph, ...]:
    """To whoever invites: the code to pass on, and for how long it is good."""
    until = f"{hours // 24} ngày" if hours % 24 == 0 else f"{hours} giờ"
    told = [line("Mã mời cho ", bold(name), f", dùng một lần trong {until}:"), line(code(given))]
    if link:
        told.append(line(f"Hoặc gửi đường dẫn: {link}"))
    return (*told, line("Chỉ chuyển mã cho đúng người; ai có mã sẽ nhận quyền của người đó."))


def own_data(
    *,
    name: str,
    role: str,
    agency: str,
    phone: str,
    channels: Sequence[str],
    inquiries: int,
    months: int,
    since: str,
    standing: Sequence[str] = (),
) -> tuple[Paragraph, ...]:
    """What is kept about somebody, for themselves; `role` is empty for a stranger, `standing` says why they are not reminded."""
    told = [line(bold("Dữ liệu trợ lý đang lưu về anh/chị"))]
    told.append(line(f"• Họ tên: {name}" if role else f"• Tên hiển thị: {name or 'không có'} (chưa liên kết)"))
    if role:
        told.append(line(f"• Vai trò: {role}{f', {agency}' if agency else ''}"))
    if phone:
        told.append(line(f"• Điện thoại: {phone}"))
    told += [line(f"• {one}") for one in standing]
    if channels:
        told.append(line(f"• Kênh: {', '.join(channels)}{f'; từ ngày {since}' if since else ''}"))
    told += [
        line(f"• Câu hỏi đang lưu, kèm câu trả lời và đánh giá: {inquiries}; tự xoá sau {months} tháng. Tin nhắn: 30 ngày."),
        line("• Báo cáo, lý do, tệp minh chứng về phần việc: hồ sơ của cơ quan, được giữ; xoá thì bỏ tên anh/chị."),
        line("• Tên hiển thị và mã tài khoản trên kênh: đến khi xoá. Nhật ký thao tác, không có nội dung tin: 3 năm."),
        line(
            "Mục đích: trả lời, nhắc việc đúng người, sửa câu trả lời sai. Tin nhắn đi qua máy chủ của kênh anh/chị dùng; "
            "ngoài ra không dùng vào việc khác, không chuyển cho ai, trừ câu trả lời anh/chị báo sai và tệp minh chứng: "
            "điều phối nhận kèm tên."
        ),
        line("Muốn xoá, gõ «xoá tôi» hoặc bấm nút dưới đây."),
    ]
    return tuple(told)
