"""What is said of questions that are looked at again, and of answers that are approved."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from db.messages import Paragraph, bold, code, italic, line, lines
from knowledge.wording import quoted

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
SOURCE_GONE = "Nguồn của bản soạn số {number} không còn dùng được (văn bản đã thay đổi); xin dẫn nguồn khác: «nguồn câu {number}: …»."
ALREADY_ANSWERED = "Câu hỏi này đã có câu trả lời được duyệt (câu {number}): «{answer}». Muốn thay, xin «thu hồi câu {number}» trước."
APPROVED_NOTE = "Đã duyệt; từ nay câu hỏi cùng nghĩa được trả lời bằng câu này."
WITHDRAWN_NOTE = "Đã thu hồi câu {number}; không còn được dùng để trả lời."
NO_SUCH_APPROVED = "Không có câu trả lời số {number} đang dùng."
NO_APPROVED = "Chưa có câu trả lời nào được duyệt. Gõ /canxem để xem các câu hỏi cần trả lời."


def reviewed_by(name: str, at: str) -> str:
    return f"Đã xem xét: {name}, {at}."


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


def strange_figures(figures: Sequence[str], source: str, number: int | None) -> str:
    """`number`: of the question, while it is kept: its answer can be written anew."""
    named = ", ".join(f"«{one}»" for one in figures)
    mend = f"sửa câu trả lời («duyệt {number}: …») hoặc dẫn nguồn khác" if number is not None else "dẫn nguồn khác"
    return f"Không duyệt được: {named} không có trong {source}. Con số trong câu trả lời phải lấy từ văn bản; xin {mend}."


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
