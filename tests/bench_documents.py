"""Administrative texts of our own in any number, for measuring how answering grows: plans and reports of invented provinces."""

from __future__ import annotations

import random
from collections.abc import Iterator

_FIRST = "An Bình Cẩm Đông Giang Hòa Khánh Lam Long Minh Nam Phú Sơn Tân Thanh Thuận Vĩnh Xuân Yên Bắc".split()
_SECOND = "Châu Dương Hải Hậu Khê Lộc Mỹ Ninh Phong Quang Sa Tây Thịnh Trạch Vân Xá Đức Hưng Kỳ Lĩnh".split()
_AGENCIES = (
    "Sở Khoa học và Công nghệ", "Sở Tài chính", "Sở Nội vụ", "Sở Y tế", "Sở Xây dựng", "Sở Công Thương", "Sở Tư pháp",
    "Sở Giáo dục và Đào tạo",
    "Sở Nông nghiệp và Môi trường", "Sở Văn hóa, Thể thao và Du lịch", "Công an tỉnh", "Văn phòng UBND tỉnh", "UBND các xã, phường",
    "Thanh tra tỉnh",
)  # fmt: skip
_THINGS = (
    "hộ dân nông thôn dùng nước sạch", "trạm y tế xã có bác sĩ", "trường mầm non có bếp ăn đạt chuẩn",
    "tuyến đường liên xã được trải nhựa", "hồ chứa nhỏ có thiết bị đo mực nước",
    "hợp tác xã áp dụng tiêu chuẩn hữu cơ", "chợ dân sinh thanh toán không dùng tiền mặt", "thửa đất đã lên bản đồ số",
    "làng nghề có hệ thống xử lý nước thải", "cán bộ xã qua lớp tin học nâng cao",
    "doanh nghiệp nhỏ kê khai thuế điện tử", "hồ sơ đất đai trả kết quả đúng hẹn", "lao động phổ thông được đào tạo lại",
    "rừng phòng hộ có biển báo cháy", "bãi rác tạm được đóng cửa",
    "nhà văn hóa thôn có mạng không dây", "bệnh nhân mạn tính có sổ theo dõi", "thư viện huyện phục vụ sách nói",
    "cây cầu dân sinh được kiểm định", "vùng trồng cây ăn quả có mã số",
    "người cao tuổi được khám định kỳ", "học sinh nội trú học bơi", "điểm du lịch cộng đồng có bảng chỉ dẫn song ngữ",
    "xe buýt chạy điện", "trạm biến áp được giám sát từ xa",
    "tàu cá lắp thiết bị định vị", "giống lúa chịu hạn đưa vào sản xuất", "kho lạnh bảo quản nông sản", "vườn ươm giống lâm nghiệp",
    "camera an ninh tại ngã tư",
)  # fmt: skip
_VERBS = (
    "rà soát",
    "xây dựng",
    "nâng cấp",
    "tổng hợp",
    "kiểm tra",
    "hướng dẫn",
    "bố trí",
    "thẩm định",
    "công khai",
    "đấu nối",
    "chuẩn hóa",
    "mở rộng",
)
_ENDS = (
    "bảo đảm thiết thực, tiết kiệm, không làm tăng biên chế và không phát sinh thủ tục mới cho người dân",
    "ưu tiên các xã vùng cao, nơi đi lại khó khăn và còn thiếu cán bộ chuyên môn",
    "lồng ghép với nguồn vốn của chương trình mục tiêu và phần đóng góp tự nguyện của doanh nghiệp trên địa bàn",
    "gắn với phong trào thi đua của từng đơn vị, kết quả là một căn cứ để xếp loại cuối năm",
    "dùng lại các phần mềm sẵn có, chỉ mua mới khi thật cần và đã có ý kiến của cơ quan chuyên môn",
)
_COMPARED = ("đạt ≥ {value}%", "đạt từ {value}% trở lên", "đạt ít nhất {value}%", "đạt {value}%", "không quá {value}%")
_YEARS = (2027, 2030, 2035, 2040)


def make_texts(*, seed: int = 57) -> Iterator[str]:
    """Plans and reports in turn, without end, always the same for one seed; some 150 passages each."""
    chance = random.Random(seed)
    while True:
        province = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)}"
        yield _plan(chance, province)
        yield _report(chance, province)


def _plan(chance: random.Random, province: str) -> str:
    lines = [
        f"ỦY BAN NHÂN DÂN\nTỈNH {province.upper()}",
        f"Số: {chance.randint(10, 999)}/KH-UBND",
        f"{province}, ngày {chance.randint(10, 28)} tháng {chance.randint(3, 12)} năm {chance.randint(2021, 2025)}",
        "KẾ HOẠCH",
        f"Nâng chất lượng dịch vụ và hạ tầng nông thôn tỉnh {province}",
        "I. MỤC TIÊU",
    ]
    for number, year in enumerate(_YEARS, 1):
        lines.append(f"{number}. Đến hết năm {year}")
        for thing in chance.sample(_THINGS, 14):
            lines.append(f"- Tỷ lệ {thing} {chance.choice(_COMPARED).format(value=chance.randint(5, 100))}.")
    lines.append("II. NHIỆM VỤ")
    for number, agency in enumerate(chance.sample(_AGENCIES, 8), 1):
        lines.append(f"{number}. {agency}")
        for letter in "abcdeg":
            day = f"{chance.randint(1, 28):02}/{chance.randint(1, 12)}/2026"
            due = chance.choice(
                (f", hoàn thành trước ngày {day}", f"; báo cáo UBND tỉnh chậm nhất ngày {day}", "", ", định kỳ hằng quý báo cáo UBND tỉnh")
            )
            lines.append(
                f"{letter}) Chủ trì, phối hợp với {chance.choice(_AGENCIES)} {chance.choice(_VERBS)} việc {chance.choice(_THINGS)} "
                f"tại xã {chance.choice(_FIRST)} {chance.choice(_SECOND)}, {chance.choice(_ENDS)}{due}."
            )
    return "\n\n".join([*lines, "III. TỔ CHỨC THỰC HIỆN", "Các cơ quan phản ánh khó khăn về UBND tỉnh để được xem xét./."])


def _report(chance: random.Random, province: str) -> str:
    year = chance.randint(2021, 2025)
    lines = ["BÁO CÁO", f"Tình hình dịch vụ và hạ tầng nông thôn tỉnh {province} năm {year}"]
    for number, title in enumerate(("Kết quả", "Hạn chế", "Kiến nghị"), 1):
        lines.append(f"{'I' * number}. {title.upper()}")
        for part in range(1, 6):
            lines.append(f"{part}. {chance.choice(_ENDS).capitalize()}")
            for _ in range(9):
                where = f"xã {chance.choice(_FIRST)} {chance.choice(_SECOND)}"
                lines.append(
                    f"- Đến ngày {chance.randint(1, 28):02}/{chance.randint(1, 12)}/{year}, {where} có {chance.randint(3, 900)} "
                    f"{chance.choice(_THINGS)}, đạt {chance.randint(10, 99)},{chance.randint(1, 9)}%; "
                    f"{chance.choice(_AGENCIES)} đã {chance.choice(_VERBS)} {chance.choice(_THINGS)}, {chance.choice(_ENDS)}."
                )
    return "\n\n".join(lines)
