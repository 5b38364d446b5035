"""What is said where documents, targets and passages are leafed through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from db.messages import Paragraph, bold, code, italic, line
from handlers.wording import remark
from knowledge.wording import spoken_date


# Documents.
class DocumentRow(NamedTuple):
    """One document in a list; `dated` is empty where its name tells the day."""

    number: int
    name: str
    dated: str
    subject: str
    state: str


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
