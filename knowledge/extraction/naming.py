"""What a figure measures, named from the words around it: those before it, the thing counted behind it, or both."""

from __future__ import annotations

import re

from knowledge.figures import Figure
from knowledge.units import is_measure, read_counted

_YEAR_WORDS = re.compile(
    r"\b(?:giai đoạn|thời kỳ|nhiệm kỳ)\s+(?:năm\s+)?20\d\d\s*(?:-|–|đến)\s*(?:năm\s+)?20\d\d\b"
    r"|\b(?:trước|đến|hết|chậm nhất)\s+(?:ngày\s+)?\d{1,2}/\d{1,2}/20\d\d\b"
    r"|\b(?:từ|đến|tới|trong|vào|hết|cuối)\s+(?:quý [IVX]+|tháng \d{1,2})\s*(?:/|năm )\s*20\d\d\b"
    r"|\b(?:đến|tới|trong|vào|hết|cuối)\s+(?:hết |cuối )?(?:năm\s+)?20\d\d\b|\bnăm 20\d\d\b",
    re.IGNORECASE,
)
_LEAD = re.compile(
    r"^(?:(?:phấn đấu|riêng|cụ thể|đến (?:hết |cuối )?năm 20\d\d|(?:đến|trong|vào) (?:năm )?20\d\d|mỗi năm|hằng năm|hàng năm"
    r"|bình quân (?:mỗi )?năm|bảo đảm|đảm bảo|duy trì|cung cấp|đẩy nhanh|nâng cao|nâng|toàn tỉnh|trên địa bàn(?: toàn)? tỉnh|có"
    r"|đạt được|đạt"
    r"|trong số đó|trong đó|từ|xây dựng được|hình thành|lập|và|là|với)(?!\w)\s*[,:]?\s*|[,;:.–-]+\s*)+",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"(?:\s*[,;]\s*phấn đấu\b[^,;]*|\s*[,:;.(–-]|\s+(?:phấn đấu|đạt|đạt mức|ở mức|là|(?<!cấp )bằng|chiếm|có|lên|tăng lên|nâng lên"
    r"|giảm còn|còn|giảm xuống"
    r"|xuống|xuống còn|giảm|ước|ước đạt|được|đạt được|và|gấp|tăng gấp|từ|mỗi năm|hằng năm|hàng năm|tối thiểu|ít nhất|với|khoảng|trên"
    r"|trong đó"
    r"|trong số đó|(?:thuộc|nằm trong|trong|vào) (?:nhóm|top|tốp)))+\s*$",
    re.IGNORECASE,
)
_COPULA = re.compile(
    r"(?:[:≥≤<>]|\b(?:đạt|đạt mức|ở mức|là|bằng|chiếm|giảm còn|còn|giảm xuống|xuống|lên|gấp|tăng lên|nâng lên))\s*(?:từ\s*)?$",
    re.IGNORECASE,
)
_GROWS = re.compile(r"\b(tăng(?: thêm| trưởng| bình quân)*|giảm(?: thêm| bình quân)*)\s*$", re.IGNORECASE)
_VERBS = (
    "hỗ trợ|đào tạo|bồi dưỡng|tập huấn|cập nhật|xây dựng|thành lập|thu hút|phát triển|kết nối|công bố|ban hành|tổ chức|triển khai"
    "|hoàn thành|đưa|đón|phục vụ|số hóa|chuyển đổi|tạo|tạo ra|tạo mới|tăng|tăng thêm|giảm|giảm thêm|trồng|cấp|mở|nâng cấp|lắp đặt"
    "|phủ|sản xuất|bố trí|huy động|giải quyết|giải ngân|thực hiện|đầu tư|ươm tạo|khai thác|sử dụng|tích hợp|đăng ký|công nhận|xử lý"
    "|tiếp nhận|rút ngắn|cắt giảm|kết nạp|khởi công|bàn giao|trang bị|lắp|nhân rộng|thí điểm|chuyển giao|nghiệm thu|tuyển dụng"
    "|tư vấn|kiểm tra|cải tạo|sửa chữa|khởi nghiệp|hoàn thiện|vận hành"
)
_VERB_ONLY = re.compile(
    rf"^(?:(?:tiếp tục|phấn đấu|đã|sẽ|ít nhất)\s+)*(?:{_VERBS})(?:(?:\s*,\s*|\s+và\s+|\s+)(?:{_VERBS}))*(?:\s+(?:mới|thêm|cho|được"
    rf"|thành công|kỹ năng))*$",
    re.IGNORECASE,
)
_ENDS_IN_VERB = re.compile(rf"(?<!\w)(?:{_VERBS})(?:\s+(?:mới|thêm|được|thành công))?$", re.IGNORECASE)
_COVERS = re.compile(r"(?<!\w)(?:phủ|phủ sóng|bao phủ|tới|đến)$", re.IGNORECASE)
_LISTED = re.compile(r"^[^,;:.()]{2,60}(?:,|\svà)\s*$")
_SHARED = re.compile(r"\s((?:đều )?được\s+[^\d;.()]{4,80})$", re.IGNORECASE)
_HAS_VERB = re.compile(
    r"(?<!\w)(?:được|có|đã|sử dụng|dùng|ứng dụng|tham gia|biết|đạt|đủ|kết nối|hoàn thành|triển khai|thực hiện|phủ|làm chủ)(?!\w)",
    re.IGNORECASE,
)
_ASSURED = re.compile(r"\s(?:bảo đảm|đảm bảo)$", re.IGNORECASE)
_EACH = re.compile(r"^(?:bình quân\s+)?((?:mỗi|cứ|từng)\s+(?!năm\b)[^,;:]{1,40}?)(?:\s+(?:có|đạt|được|thì có))*$", re.IGNORECASE)
_PART_OF = re.compile(r"^[\s,;]*(?:và\s+)?trong (?:số )?đó\b", re.IGNORECASE)
_NO_SUBJECT = re.compile(
    r"^(?:có|được|đạt|do|hoạt động|sử dụng|ứng dụng|tham gia|đăng ký|thuộc|đủ|tự|biết|xuất khẩu|kết nối|hoàn thành|đã)\b", re.IGNORECASE
)
_SCOPE_ONLY = re.compile(
    r"^(?:(?:ở|tại|đối với|riêng|trong đó)\s+)?(?:cấp (?:tỉnh|huyện|xã|sở|bộ|cơ sở)|khu vực [^,;:]{2,30}|vùng [^,;:]{2,30}|thành thị"
    r"|nông thôn|đô thị"
    r"|miền núi|các (?:sở|xã|phường|huyện|bộ|cơ quan)[^;:]{0,40}|[^,;:]{2,30} cũ)$",
    re.IGNORECASE,
)
_START_OF_CHANGE = re.compile(r"(?:^|\s+)(?:giảm |tăng )?từ\s+\d[\d.,]*\s*%?(?:\s+[^\W\d]+){0,3}$", re.IGNORECASE)
_STRIVE = re.compile(r"[,;]\s*phấn đấu\b", re.IGNORECASE)
_COMPARISON = re.compile(r"[\s,(]*(?:so với|so cùng kỳ|của năm|năm)\b.*$", re.IGNORECASE)


def strip_years(text: str) -> str:
    """The text without its horizon («đến hết năm 2030», «giai đoạn 2026 - 2030»)."""
    return _YEAR_WORDS.sub("", text)


def strip_lead(text: str) -> str:
    """The text without the words that lead to it: «Phấn đấu có», «Mỗi năm», «Riêng …,»."""
    return _LEAD.sub("", re.sub(r"\s+", " ", text).strip(" ,;:.–-") + " ").strip()


def is_scope(name: str) -> bool:
    """Whether a name says only where: «cấp xã», «Hòa Nam cũ», «khu vực nông thôn»."""
    return _SCOPE_ONLY.match(name.strip()) is not None


def begins_part(text: str) -> bool:
    """Whether a part speaks of the thing named before it: «, trong đó 10% có khách hàng nước ngoài»."""
    return _PART_OF.match(text) is not None


def lacks_subject(name: str) -> bool:
    """Whether a name begins with its verb: «có khách hàng nước ngoài»."""
    return _NO_SUBJECT.match(name) is not None


def name_indicator(before: str, figure: Figure, after: str) -> str:
    """The words that name what is measured; `before` and `after` are the words of the same part around the figure.

    «Hồ sơ trễ hạn giảm còn» 2% → «Hồ sơ trễ hạn»; «Mỗi năm đào tạo» 1.200 «người về an toàn thông tin» → «đào tạo người
    về an toàn thông tin»; «mỗi xã có» 01 «điểm truy cập» → «điểm truy cập (mỗi xã)».
    """
    printed = before.rstrip(' (“"')
    has_copula = _COPULA.search(printed) is not None
    grows = _GROWS.search(strip_years(printed).rstrip())
    head = strip_lead(_TAIL.sub("", " " + strip_years(before)).strip(" ,;:.–-“”"))
    head = _START_OF_CHANGE.sub("", head).strip(" ,")
    if grows and head and not head.endswith(grows.group(1)):
        head = f"{head} {grows.group(1)}"
    behind = _behind(figure, re.sub(r"\s?/\s?năm\b", "", strip_years(after)))
    if grows and not head and behind:
        return f"{grows.group(1)} {behind}"
    if behind and figure.unit == "%" and _ASSURED.search(head):
        return behind  # whoever is to see to it
    each = _EACH.match(head)
    if each and behind:
        return f"{behind} ({_lower_first(each.group(1).strip())})"
    words = len(head.split())
    if not head or not behind or has_copula:
        return head or behind
    if _VERB_ONLY.match(head) or words == 1 or (words == 2 and figure.unit == "%"):
        return f"{head} {behind}"
    if figure.unit == "%" or is_measure(figure.unit):
        return f"{head} {behind}" if opening_verb(before) and figure.unit == "%" else head
    return _with_counted(head, before, figure, behind)


def opening_verb(before: str) -> str:
    """The words before a figure where they end in what is done to the thing behind it: «Sóng 5G phủ» 60% «số thôn»."""
    head = strip_lead(_TAIL.sub("", " " + strip_years(before)).strip(" ,;:.–-“”"))
    return head if len(head.split()) > 2 and _COVERS.search(head) else ""


def is_apart(between: str) -> bool:
    """Whether a figure is set apart from the one before it: «đạt 90%, riêng lĩnh vực đất đai đạt 85%»."""
    return re.match(r"^[^,;]*[,;]\s*(?:và\s+)?riêng\s+(?!năm\b)", between, re.IGNORECASE) is not None


def with_shared(name: str, after: str, rest: str) -> str:
    """A name with what the end of its part says of all that is listed: «100% hồ sơ cấp tỉnh và 90% hồ sơ cấp xã được xử lý
    trên mạng»."""
    shared = _SHARED.search(rest.rstrip(" .,;")) if _LISTED.match(after) and not _HAS_VERB.search(name) else None
    return f"{name} {shared.group(1)}" if shared else name


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _behind(figure: Figure, after: str) -> str:
    """The words behind a figure without its measure: «% tỷ lệ doanh nghiệp» → «doanh nghiệp …», « ha rừng» → «rừng»."""
    text = after.lstrip()
    if figure.unit and figure.unit != "%" and is_measure(figure.unit) and text.lower().startswith(figure.unit.lower()):
        text = _COMPARISON.sub("", text[len(figure.unit) :])
        text = re.sub(r"^\s*(?:/|mỗi |một |hằng |hàng )\s*\w+", "", text)
    text = _TAIL.sub("", " " + text).strip(" ,;:.–-")
    return re.sub(r"^(?:của|trên|trở lên|trở xuống)\s+", "", re.sub(r"^tỷ lệ (?=\w)", "", text)) if figure.unit == "%" else text


def _with_counted(head: str, before: str, figure: Figure, behind: str) -> str:
    """A subject with what it counts: «Kho dữ liệu mở công bố» 120 «bộ dữ liệu»; a subject that names it stays alone."""
    if _STRIVE.search(before):
        return behind
    noun = (figure.unit or read_counted(behind)).lower()
    if noun and noun in head.lower():
        return head
    if _ENDS_IN_VERB.search(head):
        return f"{head} {behind}"
    return f"{head} có {behind}" if re.search(r"\bcó\s*(?:\w+\s+){0,2}$", before) else head
