"""Units of figures: measures, and the things that plans and reports count."""

from __future__ import annotations

import re

_MEASURES = """\
    giờ, ngày, tháng, năm, phút, giây, tuần, km, km2, ha, m2, m3, m, mét, lít, tấn, kg, tạ, MW, kW, kWh, TB, GB, PB, Mbps, Gbps,
    đồng, tỷ đồng, tỉ đồng, triệu đồng, nghìn đồng, nghìn tỷ đồng, ngàn tỷ đồng, tỷ, tỉ, USD, triệu USD, tỷ USD, nghìn USD,
    lần, bậc, điểm phần trăm, độ, tuổi"""
_COUNTED = """\
    doanh nghiệp, DN, tổ chức, công trình, cán bộ, công chức, viên chức, nhiệm vụ, đơn, bài báo, bài, vườn ươm, trung tâm,
    sản phẩm, sản phẩm OCOP, dự án, sáng kiến, người, người dân, đề tài, sáng chế, bằng sáng chế, trạm BTS, trạm, cơ sở,
    xã, phường, đặc khu, huyện, tỉnh, sở, lượt người, lượt, lượt khách, hồ sơ, dịch vụ, dịch vụ công, hệ thống, ứng dụng,
    nền tảng, hộ, hộ gia đình, hộ kinh doanh, khu, khu công nghiệp, cụm, cụm công nghiệp, phòng, phòng học, phòng họp, lớp,
    học viên, học sinh, giáo viên, sinh viên, chuyên gia, kỹ sư, bác sĩ, tiến sĩ, thạc sĩ, giường bệnh, bệnh viện, trường,
    trường học, trường hợp, mô hình, nhóm, tổ, tổ dân phố, thành viên, hội viên, cơ quan, đơn vị, địa phương, văn bản,
    bài toán, hợp tác xã, HTX, tổ hợp tác, chuỗi, thủ tục, thủ tục hành chính, TTHC, DVCTT, CSDL, cơ sở dữ liệu, HTTT,
    bộ dữ liệu, tập dữ liệu, bộ, việc làm, lao động, nhân lực, nhân viên, CBCC, việc, phiên, phiên họp, cuộc, cuộc họp,
    buổi, hội nghị, đoàn, quy trình, thôn, bản, làng, làng nghề, đại biểu, chương trình, kế hoạch, quyết định, nghị quyết,
    chỉ tiêu, tiêu chí, mục tiêu, hạng mục, máy tính, máy, thiết bị, camera, chiếc, cái, cột, nhãn hiệu, giải thưởng, giải,
    hợp đồng, khách, khách hàng, du khách, tài khoản, giao dịch, chữ ký số, chứng thư số, đề xuất, ý kiến, tin, tin bài,
    phóng sự, chuyên mục, con, cây, căn, căn nhà, nhà, nhà khoa học, nông dân, kho, tuyến, tuyến đường, cầu, hồ, điểm,
    điểm cầu, điểm du lịch, phần mềm, tàu, phương tiện, vụ, vụ việc, mã, mã định danh, di tích, lễ hội, câu lạc bộ"""
MEASURES, COUNTED = (tuple(one.strip() for one in names.split(",")) for names in (_MEASURES, _COUNTED))
_UNIT = re.compile(rf"\s*({'|'.join(sorted(map(re.escape, (*MEASURES, *COUNTED)), key=len, reverse=True))})(?!\w)", re.IGNORECASE)
_IS_MEASURE = frozenset(unit.lower() for unit in MEASURES) | {"%"}
# Words that open no counted thing: what stands behind a figure without a unit («đạt 0,68 vào cuối kỳ»).
_NO_NOUN = re.compile(
    r"(?:được|của|có|tại|trên|về|trong|là|và|để|cho|mới|đạt|so|với|từ|đến|tới|theo|ở|do|khi|sau|trước|hoặc|cùng|trở|một|các|những|này|đó"
    r"|nêu|thì|mà|bằng|vào|lên|xuống|còn|đã|đang|sẽ|chưa|không|nhưng|như|nhằm|tăng|giảm|tương|thuộc|nếu|phải)",
    re.IGNORECASE,
)
_WORDS = re.compile(r"\s*([^\W\d_]+)(?:\s+([^\W\d_]+))?")


def read_unit(after: str) -> str:
    """The unit that the words behind a figure begin with, as printed; empty when it is none of the known ones."""
    match = _UNIT.match(after)
    return match.group(1) if match else ""


def is_measure(unit: str) -> bool:
    """Whether a unit measures («giờ», «tỷ đồng», «ha») rather than names the things counted («doanh nghiệp»)."""
    return unit.lower() in _IS_MEASURE


def read_counted(after: str) -> str:
    """The thing counted in the words behind a figure, known or not: « nghệ nhân được phong tặng» → «nghệ nhân»; at most
    two syllables where the noun is not a known unit, empty where none follows."""
    known = read_unit(after)
    if known:
        return known
    words = _WORDS.match(after)
    if words is None or _NO_NOUN.fullmatch(words.group(1)):
        return ""
    second = words.group(2)
    return words.group(1) if second is None or _NO_NOUN.fullmatch(second) else f"{words.group(1)} {second}"
