"""By which words it is known what is said about a duty; everything folded, chat spellings written out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol

from knowledge.text import fold

SHORT = 12  # words of an answer that is taken for one without being asked for

CHAT = {
    "r": "roi", "rui": "roi", "roai": "roi", "k": "khong", "ko": "khong", "kg": "khong", "hok": "khong", "hong": "khong",
    "khg": "khong", "hk": "khong", "dc": "duoc", "dx": "duoc", "bc": "bao cao", "bcao": "bao cao", "xog": "xong",
    "xg": "xong", "sog": "xong", "ht": "hoan thanh", "hthanh": "hoan thanh", "htat": "hoan tat", "lm": "lam", "dg": "dang", "đg": "dang",
    "chx": "chua", "hnay": "hom nay", "hqua": "hom qua", "nvu": "nhiem vu", "trc": "truoc",
    "vs": "voi", "sep": "lanh dao", "ld": "lanh dao", "kp": "kinh phi", "j": "gi", "bh": "bao gio", "bn": "bao nhieu", "ntn": "the nao",
    "cv": "cong van", "vb": "van ban", "kq": "ket qua", "qd": "quyet dinh", "hs": "ho so", "dvi": "don vi", "dv": "don vi",
    "cq": "co quan", "done": "xong", "oke": "ok", "okie": "ok", "okela": "ok", "okay": "ok", "ah": "", "z": "vay", "v": "vay",
}  # fmt: skip
# Words of address and courtesy: nothing depends on them. «da» without marks may be «đã» and stays.
_POLITE = frozenset("em e anh a ma c minh mik tui ad nha nhe nhen nghen ha hen oi ui hihi luon nhi bot".split())
_ADDRESS = frozenset({"ạ", "à", "ạh", "dạ", "vâng", "thưa", "đc", "chị", "bác", "chú", "kính", "tôi"})
# «toi» without marks is «tôi» before these, and else mostly «tới» or «tối».
AFTER_I = frozenset("da dang chua xong vua xin nop gui bi khong se lam bao".split())


def is_polite(word: str, typed: str) -> bool:
    """Whether a word (folded, and as typed) only makes the rest polite: «ạ», «em», «dạ», but not «đã»."""
    return word in _POLITE or typed.lower() in _ADDRESS


QUESTION = re.compile(
    r"\?|\b(?:bao nhieu|bao gio|bao lau|khi nao|luc nao|ngay nao|la gi|lam gi|cai gi|gi vay|gi the|viec gi|can gi|gom gi|nhung gi|gi$"
    r"|nao\b|o dau|di dau|dau vay|ve dau|vao dau|(?<!xong )(?<!nop )(?<!lam )dau$|the nao|nhu nao|ra sao|tai sao"
    r"|vi sao|sao lai|sao vay|ai lam|ai nop|ai phu trach"
    r"|cho ai|nhung ai|co phai|phai khong|duoc khong|duoc chua|co khong|dung khong|chua vay|chua the|chua nhi|hay chua|hay khong"
    r"|may (?:ngay|viec|chi tieu|phan|nhiem vu|don vi|hom|nguoi)|khong$|(?<!van )(?<!^)chua$|ai$)"
)
# A search or a request to be told something.
ASKING = re.compile(
    r"(?:cho hoi|xin hoi|hoi |cho biet|xin cho biet|tim |tra cuu|liet ke|danh sach|xem |ai |chi tieu|tien do|muc tieu|ty le|thoi han"
    r"|han (?!nop xong)|deadline|neu cac|cac |nhung |tat ca cac|ket qua |quy dinh|ke hoach \d|nghi quyet|noi dung|trach nhiem"
    r"|co quan nao|nhiem vu (?!da|nay|do|xong|hoan|dang|chua)|cong thuc|huong dan)"
)
ASKING_SURELY = re.compile(r"(?:cho hoi|xin hoi|hoi |cho biet|xin cho biet|tra cuu|liet ke|chi tieu|muc tieu|ty le|thoi han|tien do)")
WH = re.compile(r"\b(?:bao nhieu|bao gio|khi nao|la gi|lam gi|nao|o dau|the nao|ra sao|tai sao|vi sao|ai)\b")
# «xin lùi đến 20/01 được không?» asks for something, and says so.
REQUEST = re.compile(
    r"(?:(?:xin|cho|de nghi|mong|co the cho|ben xin)(?: (?:phep|duoc|ben|so|don vi|phong))* )?(?:gia han|lui"
    r"|doi han|hoan (?!thanh|tat|tac|nhac)|them)"
)
WHETHER_DONE = re.compile(
    r"(?:(?:cac )?(?:viec|phan viec|nhiem vu)(?: nay| do)? )?(?:da )?(?:lam )?"
    r"(?:xong|hoan thanh|hoan tat|nop|gui)(?: het| viec)? (?:hay )?chua"
    r"(?: (?:vay|nhi))?(?: \?)*"
)
# «nộp rồi, còn PV67 thì chưa»
MIXED = re.compile(
    r"(?P<first>[^?]+?)(?: [,.;])* (?:con|nhung|rieng)(?: (?:lai|viec|phan viec|nhiem vu|cai|kia|,))*"
    r" (?:thi )?(?:van )?chua"
)
DOUBT = re.compile(
    r"\b(?:neu |co the|chac la|chac (?=se|xong|da|mai)|hinh nhu|khong biet|khong chac|khong ro|chua chac|hay la"
    r"|de xem|hy vong|co le|nghe noi)"
)
REASON = re.compile(r"\b(?:vi|do|ly do|tai|boi vi|boi)\b(?: la\b| vi\b)?(?: :)?")
BARE_CODE = re.compile(
    r"(?:da )?(?:xong|hoan thanh|nop|da nop|da gui|hoan tat|vuong|dang lam|chua lam|xin gia han|gia han"
    r"|xin lui)(?: viec| phan viec| so)? (\d{1,6})(?: roi)?"
)

_THING = r"(?:viec|nhiem vu|phan viec|phan|trach nhiem|chuc nang|tham quyen)"
EXTENSION = re.compile(
    r"(?:xin |de nghi |cho |mong )?(?:(?:phep |duoc )*)(?:gia han|lui(?: han| ngay| lai| thoi han| den| sang)?"
    r"|doi (?:han|thoi han)|keo dai|them thoi gian|xin them"
    r"|cho them|hoan (?:den|sang|han|lai|nop)|(?:xin|cho) hoan\b(?! thanh| tat| tac| nhac))"
)
EXTENSION_FIRST = re.compile(
    r"(?:(?:xin |de nghi |mong |cho )+(?:phep |duoc )*(?:gia han|lui|doi han|hoan (?:den|sang|han)|them (?:thoi gian|\d))|gia han)"
)
UNDO = re.compile(r"^(?:hoan tac|(?:em |da )?(?:bam|ghi|bao|go|tra loi) nham|huy bao cao(?: vua roi)?|rut lai(?: bao cao)?)\b")
NOT_OURS_SHORT = re.compile(r"^khong phai$|^(?:viec |nhiem vu )?(?:la )?cua (?:so|don vi|phong|ben|co quan|ban|ubnd) ")
UNDO_SHORT = re.compile(r"^nham(?: roi)?$")
SNOOZE = re.compile(r"(?:hoan nhac|tam (?:dung|hoan) nhac|khoan nhac|de sau (?:hay |hang )?nhac|dung nhac (?:den|toi|trong))")
RESUME = re.compile(r"(?:nhac lai|tiep tuc nhac|bat nhac)")
NOT_OURS = re.compile(
    rf"khong phai(?: la)? (?:{_THING}|cua (?:so|don vi|phong|ben|co quan|minh|toi|chung)|so|don vi|ben|phong)"
    rf"|khong thuoc (?:{_THING}|pham vi|so|don vi|phong|ben|co quan|linh vuc)|(?:nham|sai|giao nham|gui nham"
    rf"|nhac nham) (?:co quan|don vi|so|dia chi|phong)"
    rf"|(?:viec|nhiem vu|phan viec|cai) (?:(?:nay |do )(?:la )?|la )cua (?:so|don vi|phong|ben|co quan|ban|ubnd)(?! (?:minh"
    rf"|toi|em))|khong lien quan"
    rf"|khong (?:duoc )?(?:chu tri|phu trach)|khong co trach nhiem"
)


HAND_OVER = re.compile(
    r"(?:ban giao(?: lai)?(?: viec| nhiem vu| phan viec)?(?: nay)?(?: (?:cho|sang|qua|toi|ve))?"
    r"|chuyen(?: viec| nhiem vu| phan viec)?(?: nay)?(?: lai)? (?:cho|sang|qua|(?=phong|nguoi|ban|bo phan|can bo))"
    r"|(?:da )?giao(?: lai)?(?: viec| nhiem vu)?(?: nay)? cho"
    r"|nho (?=.* (?:lam|phu trach|theo doi) (?:giup|thay|ho)))\s*"
)
SOMEBODY = re.compile(r"|(?:nguoi|can bo|dong chi|phong|bo phan|ban|chuyen vien|dau moi) khac.*|ai do|nguoi ta|khac")

OBSTACLE = re.compile(
    r"(?P<said>(?:(?:hien |van |con )?(?:dang |bi |con |gap |co )*(?:vuong(?: mac)?|kho khan(?: vuong mac)?"
    r"|truc trac|tac(?= o|$)|ket(?= o| vi| do|$))"
    r"(?: do| vi| ve| o| la|:)?)|(?=thieu (?!nhi|nien|so)|chua co (?:kinh phi|huong dan|von|nguoi|nhan luc|can bo"
    r"|van ban|y kien|chi dao|tien)"
    r"|chua duoc (?:cap|bo tri|phe duyet|duyet|huong dan|phan bo)|chua (?:bo tri|cap) (?:duoc )?(?:kinh phi|von)"
    r"|khong co (?:kinh phi|nguoi|tien|von)|het (?:tien|kinh phi)"
    r"|(?:dang |con |phai )+cho (?!phep)))(?:\b|\s)"
)
OBSTACLE_WITHIN = re.compile(
    r"(?P<said>(?<=, )(?:vuong(?: mac)?|kho khan)|\b(?:dang|bi|con|gap) (?:vuong(?: mac)?|kho khan)"
    r"|\bnhung (?:vuong(?: mac)?|kho khan))(?: do| vi| ve| o)?\b"
)

NOT_BEGUN = re.compile(
    r"(?:van |hien )?chua (?:he )?(?:lam|bat dau|bat tay|trien khai|thuc hien|dong den|khoi dong|kip lam|ban hanh"
    r"|xay dung|tien hanh)(?! xong| het| duoc het)"
)
NOT_DONE = re.compile(
    r"\b(?:chua|khong|cha)(?: the| kip| co| duoc| he)* (?:xong|nop|hoan thanh|gui|kip|hoan tat|trinh|lam xong"
    r"|bao cao)\b|\b(?:xong|hoan thanh|nop|gui|lam) khong kip\b|^(?:van )?chua$|van chua$"
)
PARTLY = re.compile(
    r"\b(?:sap|gan|chuan bi) (?:xong|hoan thanh|nop|gui|hoan tat)|\b(?:mot phan|mot so|phan lon|co ban|con lai"
    r"|con \d+|con (?:phan|mot|thieu|cho|lai|viec))\b|\b(?:gan|sap) nhu\b|\bsap$"
    r"|\bxong (?P<share>\d+)/(?!(?P=share)\b)\d+ (?:viec|phan|noi dung|so|muc|nhiem vu)"
)
NEARLY = re.compile(r"(?:da |cung )?(?:sap|gan) (?:xong|hoan thanh|nop|gui|hoan tat)(?: roi)?$")
HALF = re.compile(r"\b(?:mot nua|duoc nua|1/2|nua chung)\b")
_GOING_VERBS = (
    r"(?:lam|thuc hien|trien khai|soan(?: thao)?|hoan thien|hoan chinh|tham muu|trinh(?: ky| lanh dao)?|xu ly"
    r"|lay y kien|tong hop|ra soat|xay dung|viet"
    r"|chuan bi|tien hanh|du thao|gap rut|phoi hop|trong qua trinh|theo doi|cap nhat|to chuc|thu thap|tham dinh|in"
    r"|ky|nop|gui|don doc|hoan thanh|khan truong|tiep tuc)"
)
GOING = re.compile(
    rf"(?:van |hien |ben )?dang (?:duoc )?{_GOING_VERBS}\b|^dang$|^(?:van )?(?:tiep tuc|tien hanh) (?:lam"
    rf"|thuc hien)\b|^da (?:trien khai|lam|thuc hien)(?: duoc)?(?= \d)"
)
_DONE = r"(?:xong|hoan thanh|hoan tat)"
_SENT = r"(?:nop|gui|trinh|bao cao|ban hanh|phat hanh|lam|thuc hien|to chuc|cap nhat|chuyen|ky|up|tai len|giai quyet|xu ly)"
_SUBJECT = (
    r"(?:(?:ben |phia )?(?:so|phong|don vi|co quan|xa|phuong|ubnd|ban|van phong|trung tam|ben)(?: (?!da |dang "
    r"|chua |xin |vua )\w+){0,4} (?=da |dang |vua |nop |gui |xong|hoan|moi |lam ))?"
)
_DONE_FIRST = re.compile(
    rf"{_SUBJECT}(?:(?:cung |thi )?(?:da |vua |moi |duoc )*(?:{_SENT} )?(?:(?:bao cao|ke hoach|ho so|viec|nhiem vu"
    rf"|phan viec|van ban|cong van)(?: nay)? )?(?:da )?{_DONE}\b(?: het| ca| roi| toan bo| day du)*"
    rf"|(?:viec |nhiem vu |phan viec |bao cao |ke hoach |cong viec )(?:nay |do |thang |quy )?(?:da |vua "
    rf"|duoc )*(?:{_SENT} )?(?:{_DONE}|{_SENT})\b(?: roi)?"
    rf"|(?:da |vua |moi |vua moi )+(?:duoc )?{_SENT}\b(?: roi)?"
    rf"|{_SENT}\b(?=(?: \S+){{0,8}} roi\b)(?: roi)?)"
)
_DONE_WITHIN = re.compile(
    rf"\b(?:da|vua) (?:{_SENT} )?(?:{_DONE}|{_SENT})\b|\b(?:{_DONE}|nop|gui) (?:het )?roi\b|^roi$|^(?:co )?roi do$|^da co\b"
)
_NO_DONE = re.compile(
    r"\b(?:chua|khong|sap|gan|se|can|phai|muon|de|khi nao|truoc khi|sau khi|neu) (?:duoc )?(?:the )?(?:xong|nop|gui"
    r"|hoan thanh|hoan tat|lam xong|trinh)\b"
)
PAST = re.compile(r"\b(?:da|roi|vua|hom qua|hom kia|hom truoc|tuan truoc|thang truoc|moi day|luc nay|ban nay)\b")
DOING = re.compile(rf"\b(?:{_DONE}|nop|gui|trinh|co$|ban hanh|bao cao|du kien|se|hen|hua|lam)\b")
DOING_ONLY = re.compile(rf"(?:{_SENT}|da trien khai|da lam|da thuc hien)(?: bao cao| ho so| ke hoach)?")
RECEIVED = re.compile(
    r"(?:(?:ok|a|em|anh|nhe|da|vang|uh|um|u|yes|duoc|roi|ro|biet|nhan|tiep nhan|cam on|da nhan|da ro|da biet"
    r"|da tiep nhan|nam duoc|duoc roi|ghi nhan|se lam|tin|thong tin|nhan duoc|hieu)[ ,.!]*)+"
)


@dataclass(frozen=True, slots=True)
class Done:
    """Words that say that it is done: where they end, and whether they begin the answer."""

    end: int
    is_first: bool


def done(words: str) -> Done | None:
    """Where an answer says that it is done; None when it does not, or says that it is not."""
    if _NO_DONE.search(words):
        return None
    if match := _DONE_FIRST.match(words):
        return Done(match.end(), True)
    match = _DONE_WITHIN.search(words)
    return Done(match.end(), False) if match else None


PLAIN_DONE = re.compile(r"(?!.*\b(?:da|roi|vua|xong|het|100)\b).*\bhoan (?:thanh|tat)\b.+")
TOLD = re.compile(
    r"(?:(?:ben |phia )?(?:so|phong|don vi|co quan|xa|phuong|ubnd|ben) (?:\w+ ){0,3}?)?"
    r"da (?:hoan thanh|xong|nop|gui|trinh|ban hanh|bao cao)\b"
)
TOPIC = re.compile(r"\b(?:chi tieu|muc tieu|ty le|5g|20[2-9]\d)\b")
PASSIVE = re.compile(r"(?:van |hien )?dang duoc\b")
# What goes with an answer without making it one about something else.
_USUAL = frozenset(
    fold(
        "xong hoàn thành tất nộp gửi trình báo cáo ban hành phát lam làm thực hiện triển khai đã rồi vừa mới được hết cả toàn bộ đầy đủ "
        "kế hoạch hồ sơ văn bản công văn nhiệm vụ việc phần này đó nay file tệp mail email số liệu biểu mẫu bảng qua cho sở phòng đơn vị "
        "cơ quan bên hôm kia trước sáng chiều tối trưa lúc nãy ngày tháng năm tuần quý đang đến hẹn dự kiến sẽ trong khoảng độ mai thứ hai "
        "ba tư năm sáu bảy chủ nhật cuối đầu giữa sau tới vào là và thì cũng mà nhé đúng hạn soạn thảo kịp chờ ký lãnh đạo xin đạt tầm cỡ "
        "hiện tại vẫn tốt nữa ok nhưng bản cứng mềm điện tử theo yêu cầu phút giờ up hệ thống khcn skhcn bằng từ lâu nhà chuyển cập nhật "
        "phần trăm mọt một nửa chưa"
    ).split()
)
_NUMBER = re.compile(r"[\d.,/:%-]+|[,.;:!]|t[2-7]|cn")


def unusual(words: str) -> int:
    """How many words there are that an answer about a duty does not need."""
    return sum(1 for word in words.split() if word not in _USUAL and not _NUMBER.fullmatch(word))


class _Place(Protocol):
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


_LITTLE = re.compile(r"(?:den|toi|ngay|khoang|duoc|dat|moi|vao|truoc|trong|tam|la|them|xin|chac|roi|[,.!; ])*")


def only(words: str, part: _Place | re.Pattern[str]) -> bool:
    """Whether a text is this part and little else: «đến 20/01», «được 60%»."""
    if isinstance(part, re.Pattern):
        match = part.search(words)
        if match is None:
            return False
        start, end = match.span()
    else:
        start, end = part.start, part.end
    return bool(_LITTLE.fullmatch(words[:start])) and bool(_LITTLE.fullmatch(words[end:]))
