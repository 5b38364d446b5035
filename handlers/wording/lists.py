"""What is said of lists of agencies and contacts that a person imports."""

from __future__ import annotations

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
