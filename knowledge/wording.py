"""Everything that an answer says in Vietnamese: polite, short, fit to be pasted into a report."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from knowledge.catalogue import DocumentInfo
from knowledge.facts import Comparator, Result, Target

NO_EVIDENCE = "Không tìm thấy nội dung này trong các văn bản hiện có."
ASK_MORE = (
    "Không tìm thấy nội dung cần hỏi trong câu này. Xin nêu rõ chỉ tiêu, năm hoặc cơ quan, "
    "ví dụ: «chỉ tiêu 5G năm 2030?», «Sở Nội vụ được giao việc gì?»."
)
AT_YOUR_SERVICE = "Dạ, tôi sẵn sàng. Anh/chị cần tra cứu chỉ tiêu, nhiệm vụ hay thời hạn nào, xin cứ hỏi."
NO_DOCUMENTS = "Chưa có văn bản nào trong kho. Xin nạp văn bản trước khi hỏi."
NO_CONTACT = "Các văn bản hiện có không nêu số điện thoại, địa chỉ hay thông tin liên lạc này."
NO_MONEY = "Các văn bản hiện có không nêu số tiền này."
NEAREST = "Gần nhất:"
DIFFERENT_FIGURES = "Lưu ý: cùng một năm, văn bản nêu các con số khác nhau; xin đối chiếu trước khi dùng."
DIFFERENT_DATES = "Lưu ý: các văn bản ghi ngày khác nhau; xin đối chiếu bản gốc."
DIFFERENT_BASES = "Lưu ý: các con số tính trên mẫu số khác nhau ({bases}) nên không so trực tiếp được."
HELD_ON = "Ngày họp: {day}."
ISSUED_BY = "{name}: do {issuer} ban hành."
NO_ISSUER = "Bản hiện có của {name} không nêu cơ quan ban hành."
ABSENT = "Không tìm thấy {named} trong kho. Các văn bản hiện có:"
ISSUED_ON = "{name}: ban hành ngày {day}."
SIGNED_BY = "{name}, phần ký ghi:"
NO_SIGNER = "Bản hiện có của {name} không nêu người ký."
TASKS_SHARED = "Không thấy việc giao riêng cho {agency}; việc giao chung trong đó có {agency}:"
NO_TASKS = "{document} không nêu việc giao cho {agency}."
NO_DEADLINE = "Văn bản không nêu thời hạn của việc này."
NO_LEAD = "Văn bản không nêu cơ quan chủ trì."
NO_RESULT = "Các văn bản chưa có số liệu kết quả của «{indicator}»{years}; chỉ có chỉ tiêu:"
RESULTS_REPORTED = "Kết quả đã báo cáo:"
WRONG_CLAIM = "Không phải {claim}."
RIGHT_CLAIM = "Đúng."
NUMBER_UNKNOWN = "{name} không ghi số ký hiệu trong bản hiện có."
MORE = "… và {count} mục nữa; gõ «xem thêm» để xem tiếp."
NO_MORE = "Không còn mục nào nữa."
TARGETS_OF_YEAR = "Các chỉ tiêu đến hết năm {years} ({count} chỉ tiêu đọc được trong văn bản):"
TARGETS_LISTED = "Các chỉ tiêu đọc được trong văn bản ({count}):"
ASK_A_YEAR = "Xin nêu năm để xem danh sách, ví dụ: «các chỉ tiêu năm 2030»."
SEVERAL_READINGS = "Câu hỏi có thể hiểu theo {count} cách:"
YEARLY_AND_TOTAL = "Lưu ý: có năm nêu con số của cả kỳ, có năm nêu con số mỗi năm, nên không so trực tiếp được."
ROADMAP_OF = "Lộ trình: {indicator}"
RESULT_BELOW = "kết quả"
NOT_OWN_WORDS = ("«", "Nguồn:", "Lưu ý:")  # lines of an answer that quote, or tell where it stands
DOERS = "Chủ trì/thực hiện: {doers}."
ASK_YEAR, ASK_DOER = "Chỉ tiêu «{indicator}» năm {year}?", "Ai chủ trì {subject}?"
DIFFERENT_TIMES = "Lưu ý: các văn bản ghi số liệu khác nhau, xếp mới nhất trước; xin đối chiếu."

_SIGNS = {
    Comparator.AT_LEAST: "≥ ",
    Comparator.AT_MOST: "≤ ",
    Comparator.ABOUT: "khoảng ",
    Comparator.EQUAL: "",
    Comparator.RANGE: "",
    Comparator.TEXT: "",
}


EXAMPLE_TARGET = "chỉ tiêu {name} năm {year}?"
EXAMPLE_TASKS = "{agency} được giao việc gì?"
EXAMPLE_DEADLINE = "hạn {task}?"
EXAMPLE_RESULT = "kết quả {name} đến nay?"
_MORE = re.compile(re.escape(MORE).replace(r"\{count\}", r"(\d+)"))


def count_of_more(line: str) -> int | None:
    """How many entries of a list are left for later, by the line that says so; None for any other line."""
    found = _MORE.fullmatch(line)
    return int(found[1]) if found else None


def figure_words(target: Target) -> str:
    """«≥ 1,5% tổng chi ngân sách địa phương», «từ 12 người», «30 đến 40 dự án», «đạt 100%»; «mỗi năm» in front where so."""
    unit = "%" if target.unit == "%" else f" {target.unit}" if target.unit else ""
    printed = target.printed if target.printed.endswith("%") else f"{target.printed}{unit}"
    base = f" {target.base}" if target.base and target.base.lower() not in target.indicator.lower() else ""
    per_year = "mỗi năm " if target.per_year else ""
    return f"{per_year}{_SIGNS[target.comparator]}{printed}{base}"


def figure_alone(target: Target) -> str:
    """«≥ 12», «30 đến 40», «100%»: a target's figure with its sign, without what is counted."""
    bare = f"{_SIGNS[target.comparator]}{target.printed}"
    return f"{bare}%" if target.unit == "%" and not target.printed.endswith("%") else bare


def figure_in_full(target: Target, *, base: str) -> str:
    """«mỗi năm ≥ 5 nhiệm vụ», «60% dân số»: the figure with all that it is counted by; `base` is empty where the name says it."""
    unit = f" {target.unit}" if target.unit not in ("", "%") else ""
    return f"{'mỗi năm ' if target.per_year else ''}{figure_alone(target)}{unit}{f' {base}' if base else ''}"


def result_alone(result: Result) -> str:
    """«gần 71%», «15»: a reported figure with its hedge, without what is counted."""
    percent = "%" if result.unit == "%" and not result.printed.endswith("%") else ""
    return f"{result.hedge} {result.printed}{percent}".strip()


def unit_words(unit: str, base: str, *, is_yearly: bool) -> str:
    """«% GRDP», «nhiệm vụ mỗi năm»; empty where the figures have nothing in common."""
    return " ".join(part for part in (unit, base, "mỗi năm" if is_yearly else "") if part)


def chart_subtitle(unit: str) -> str:
    """«Chỉ tiêu đến hết năm, đơn vị: % GRDP»."""
    return f"Chỉ tiêu đến hết năm; đơn vị: {unit}" if unit else "Chỉ tiêu đến hết năm"


def roadmap_line(when: str, figure: str, clause: str, document: str, *, is_result: bool) -> str:
    """«- 2030: ≥ 12 người (mục II.2.2.b)», «- tính đến 12/2025: gần 71% (mục I.1)»."""
    where = f"{clause_words(clause)}; {document}" if document else clause_words(clause)
    return f"- {'tính đến ' if is_result else ''}{when}: {figure} ({where})"


def roadmap_worded(year: int) -> str:
    return f"- {year}: văn bản không nêu con số"


def source_with_clauses(document: DocumentInfo, clauses: Iterable[str]) -> str:
    """«Kế hoạch 359-KH/TU ngày 29/4/2025, mục II.2.1.a, II.2.2.a»."""
    return f"{document_name(document)}, {', '.join([clause_words(one) for one in clauses]).replace(', mục ', ', ')}{_remark(document)}"


def short_document(document: DocumentInfo) -> str:
    """A document in a word or two, where there is little room: «359-KH/TU», «Thông báo 04/12/2025»; a digest says so."""
    short = document.number or " ".join(filter(None, (document.kind or "Văn bản", spoken_date(document.held_on or document.issued_on))))
    return f"Tóm lược {short}" if document.sample else short


def target_line(target: Target) -> str:
    """One target as a sentence: indicator, comparator, value, unit, year."""
    year = f" (đến hết năm {target.horizon_year})" if target.horizon_year else ""
    if not target.quantified:
        return f"{target.indicator}{year}; văn bản không nêu con số."
    return f"{target.indicator}: {figure_words(target)}{year}."


def target_question(target: Target) -> str:
    """One target as it would be asked for: «chỉ tiêu Sóng 5G phủ dân số năm 2030?»."""
    return f"chỉ tiêu {target.indicator}{f' năm {target.horizon_year}' if target.horizon_year else ''}?"


def reported_figure(result: Result, document: DocumentInfo) -> str:
    """«gần 1.480 Tổ (tính đến 04/12/2025)»: with the hedge as printed, the scope, and the day it was true."""
    unit = "%" if result.unit == "%" else f" {result.unit}" if result.unit else ""
    printed = result.printed if result.printed.endswith("%") else f"{result.printed}{unit}"
    scope = f", {result.scope}" if result.scope else ""
    as_of = result.as_of or document.dated
    return (
        f"{result.hedge} {printed}".strip() + f" (tính đến {spoken_date(as_of)}{scope})" if as_of else f"{result.hedge} {printed}".strip()
    )


def document_name(document: DocumentInfo) -> str:
    """«Kế hoạch 359-KH/TU ngày 29/4/2025», «Thông báo của UBND tỉnh về cuộc họp ngày 04/12/2025»; a sample says so."""
    if document.sample:
        return f"Tóm lược {_plain_name(document)}"
    return _plain_name(document)


def _plain_name(document: DocumentInfo) -> str:
    kind = document.kind or "Văn bản"
    if document.number:
        dated = f" ngày {spoken_date(document.issued_on)}" if document.issued_on and not document.sample else ""
        return f"{kind} {document.number}{dated}"
    issuer = f" của {document.issuer}" if document.issuer else ""
    if document.held_on:
        return f"{kind}{issuer} (họp ngày {spoken_date(document.held_on)})"
    if document.issued_on:
        return f"{kind}{issuer} ({_month_or_day(document.issued_on)})"
    return f"{kind}{issuer}: {document.subject}" if document.subject else f"{kind}{issuer}"


def _month_or_day(iso: str) -> str:
    return f"ngày {spoken_date(iso)}" if iso.count("-") == 2 else f"tháng {spoken_date(iso)}" if iso.count("-") == 1 else f"năm {iso}"


def spoken_date(iso: str) -> str:
    """ISO to the printed way: «2026-01-15» → «15/01/2026», «2025-04-29» → «29/4/2025», «2025-09» → «9/2025»."""
    parts = iso.split("-")
    if len(parts) == 3:
        month = parts[1] if int(parts[1]) in (1, 2) else str(int(parts[1]))
        return f"{parts[2]}/{month}/{parts[0]}"
    return f"{int(parts[1])}/{parts[0]}" if len(parts) == 2 else iso


def clause_words(clause: str) -> str:
    return clause if clause in ("mở đầu", "nơi nhận", "chữ ký") else f"mục {clause}"


def source_name(document: DocumentInfo) -> str:
    """The document and what must be said of it: that it is no original, or that its number was inferred."""
    return f"{document_name(document)}{_remark(document)}"


def tasks_of(agency: str) -> str:
    return f"Việc của {agency}:" if agency else "Các việc:"


def source_line(document: DocumentInfo, clause: str, page: int | None = None) -> str:
    """«Nguồn: Kế hoạch 359-KH/TU ngày 29/4/2025, mục II.2.2.a, trang 3»; what is inferred is said to be."""
    where = f", trang {page}" if page else ""
    return f"Nguồn: {document_name(document)}, {clause_words(clause)}{where}{_remark(document)}"


def _remark(document: DocumentInfo) -> str:
    if document.sample:
        return " (không phải nguyên văn)"
    return " (số, ngày theo văn bản khác viện dẫn)" if document.provenance.get("number") == "inferred" else ""


def superseded_notice(document: DocumentInfo) -> str:
    return f"Lưu ý: {document_name(document)} đã được thay thế bởi {document.superseded_by}."


def superseded_answer(document: DocumentInfo) -> str:
    return f"{document_name(document)} đã được thay thế bởi {document.superseded_by}, không còn hiệu lực."


def review_notice(document: DocumentInfo, by: DocumentInfo, clause: str) -> str:
    return f"Lưu ý: {document.kind or 'văn bản'} này ban hành trước, đang được rà soát theo {document_name(by)}, {clause_words(clause)}."


def no_target(indicator: str, years: Iterable[int]) -> str:
    named = ", ".join(str(year) for year in years)
    return f"Không có chỉ tiêu «{indicator}» năm {named} trong các văn bản hiện có."


def approved_by(author: str, agency: str, day: dt.date) -> str:
    """«Câu trả lời được duyệt ngày 05/01/2026 (Phạm Thị Dung, Sở Y tế).»; who has been removed is not named."""
    who = ", ".join(part for part in (author, agency if author else "") if part)
    return f"Câu trả lời được duyệt ngày {day:%d/%m/%Y}{f' ({who})' if who else ''}."


def quoted(text: str) -> str:
    return f"«{text}»"


RENDITION_DIFFERS = "Nội dung khác với tệp đã có của cùng văn bản theo documents.yaml; xin đối chiếu."
NO_NUMBER = "Văn bản không in số ký hiệu; có thể bổ sung trong documents.yaml."
NUMBER_SUPPLIED = "Số ký hiệu lấy từ documents.yaml, bản này không in."
NO_DATE = "Không rõ ngày ban hành hay ngày họp; có thể bổ sung trong documents.yaml."
NO_HEADINGS = "Không nhận ra đề mục (I., 1., a)); trích dẫn sẽ chỉ nêu «mở đầu»."
TARGETS_WITHOUT_YEAR = "{count} chỉ tiêu không gắn với năm nào; xin kiểm tra."


def stored_name(number: str | None, subject: str) -> str:
    return number or subject
