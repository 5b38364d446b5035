"""Why a file cannot be read: one error a cause, each with its facts, and the sentence a person gets for it."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar


class ReadingError(Exception):
    """The one family of errors that `read_file` raises. `code` is stable and goes into logs and JSON."""

    code: ClassVar[str] = "unreadable_file"


class MissingFile(ReadingError):
    """Nothing there, a folder, or a file that may not be opened."""

    code = "missing_file"


class EmptyFile(ReadingError):
    """No bytes, or no text where the format has nothing else to read (a picture of a page is UnreadableText)."""

    code = "empty_file"


class DamagedFile(ReadingError):
    """The bytes are not what the format asks for: cut short, altered, or something else under a wrong name."""

    code = "damaged_file"

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


class EncryptedFile(ReadingError):
    """A password is needed to open the file."""

    code = "encrypted_file"

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class OversizedFile(ReadingError):
    """More bytes than allowed, as stored or after unpacking. `size` is in bytes, at least that many."""

    code = "oversized_file"

    def __init__(self, *, limit: int, size: int) -> None:
        super().__init__(limit, size)
        self.limit = limit
        self.size = size


class TooManyPages(ReadingError):
    """More pages than allowed."""

    code = "too_many_pages"

    def __init__(self, *, limit: int, pages: int) -> None:
        super().__init__(limit, pages)
        self.limit = limit
        self.pages = pages


class UnsupportedFormat(ReadingError):
    """A kind of file that is not read; `found` names it («doc», «xlsx», «zip», or the file's suffix)."""

    code = "unsupported_format"

    def __init__(self, found: str) -> None:
        super().__init__(found)
        self.found = found


class Illegibility(StrEnum):
    """What makes a text layer useless."""

    SCAN = "scan"  # pages are pictures without a text layer
    TORN = "torn"  # letters lost or scattered: a font without a map to Vietnamese letters
    LEGACY_FONT = "legacy_font"  # bytes of TCVN3, VNI and the like, shown as Latin letters


class UnreadableText(ReadingError):
    """There is writing, but no text to be had from it. `pages` names the pages concerned; empty: the whole file."""

    code = "unreadable_text"

    def __init__(self, cause: Illegibility, pages: tuple[int, ...] = ()) -> None:
        super().__init__(cause, pages)
        self.cause = cause
        self.pages = pages


class StateSecret(ReadingError):
    """The head of the document carries a secrecy mark; `mark` is the mark as printed."""

    code = "state_secret"

    def __init__(self, mark: str) -> None:
        super().__init__(mark)
        self.mark = mark


_SAVE_AS = {
    "doc": "Tệp Word đời cũ (.doc) chưa đọc được; xin mở bằng Word, lưu thành DOCX hoặc PDF rồi gửi lại.",
    "xls": "Bảng tính Excel không phải là văn bản để tra cứu; xin gửi văn bản dạng DOCX hoặc PDF.",
    "xlsx": "Bảng tính Excel không phải là văn bản để tra cứu; xin gửi văn bản dạng DOCX hoặc PDF.",
    "ppt": "Tệp trình chiếu chưa đọc được; xin lưu thành PDF rồi gửi lại.",
    "pptx": "Tệp trình chiếu chưa đọc được; xin lưu thành PDF rồi gửi lại.",
    "zip": "Tệp nén chưa đọc được; xin giải nén rồi gửi từng văn bản dạng DOCX hoặc PDF.",
}
_ILLEGIBLE = {
    Illegibility.SCAN: "{where} chỉ là ảnh chụp, không có lớp chữ; xin gửi bản DOCX, PDF xuất từ Word, hoặc bản đã nhận dạng chữ.",
    Illegibility.TORN: "Lớp chữ của {where} bị lỗi phông, mất dấu và mất chữ tiếng Việt; xin gửi bản DOCX hoặc PDF xuất lại từ Word.",
    Illegibility.LEGACY_FONT: "{where} dùng phông chữ cũ (TCVN3, VNI); xin chuyển sang phông Unicode rồi gửi lại.",
}


def explain_reading_error(error: ReadingError) -> str:
    """One polite Vietnamese sentence: what is wrong with the file and what to do next."""
    match error:
        case MissingFile():
            return "Không mở được tệp; xin kiểm tra lại tên tệp và quyền đọc rồi gửi lại."
        case EmptyFile():
            return "Tệp không có nội dung chữ nào; xin kiểm tra lại và gửi tệp khác."
        case DamagedFile():
            return f"Tệp bị hỏng hoặc tải chưa đủ, không mở được như một tệp {error.expected.upper()}; xin gửi lại bản gốc."
        case EncryptedFile():
            return "Tệp đang đặt mật khẩu; xin bỏ mật khẩu rồi gửi lại."
        case OversizedFile():
            size, limit = _megabytes(error.size), _megabytes(error.limit)
            return f"Tệp quá lớn ({size}, mức cho phép là {limit}); xin tách nhỏ hoặc bỏ bớt hình ảnh rồi gửi lại."
        case TooManyPages():
            return f"Tệp có {error.pages} trang, vượt mức {error.limit} trang; xin tách thành nhiều tệp rồi gửi lại."
        case UnsupportedFormat():
            fallback = f"Định dạng «{error.found}» chưa đọc được; xin gửi văn bản dạng DOCX, PDF, TXT, Markdown hoặc HTML."
            return _SAVE_AS.get(error.found, fallback)
        case UnreadableText():
            sentence = _ILLEGIBLE[error.cause].format(where=_name_pages(error.pages))
            return sentence[:1].upper() + sentence[1:]
        case StateSecret():
            return (
                f"Văn bản đóng dấu «{error.mark}» thuộc bí mật nhà nước nên hệ thống từ chối và không lưu lại; "
                "xin xoá tệp khỏi cuộc trò chuyện và xử lý theo quy định về bảo vệ bí mật nhà nước."
            )
    return "Không đọc được tệp; xin gửi lại văn bản dạng DOCX hoặc PDF."


def remark_on_pages_left_out(cause: Illegibility, pages: tuple[int, ...]) -> str:
    """For a file of which some pages could be read: which could not, so that nobody takes it for complete.

    «Chưa đọc được trang 3, 4: trang chỉ là ảnh chụp, không có lớp chữ.»
    """
    reason = {
        Illegibility.SCAN: "trang chỉ là ảnh chụp, không có lớp chữ",
        Illegibility.TORN: "lớp chữ bị lỗi phông",
        Illegibility.LEGACY_FONT: "lớp chữ dùng phông cũ (TCVN3, VNI)",
    }[cause]
    return f"Chưa đọc được {_name_pages(pages)}: {reason}."


def remark_on_blank_pages(pages: tuple[int, ...]) -> str:
    """Pages without text or picture, which may be blank or damaged: «Không thấy nội dung ở trang 3.»"""
    return f"Không thấy nội dung ở {_name_pages(pages)}; xin kiểm tra lại bản gốc."


def _name_pages(pages: tuple[int, ...]) -> str:
    if not pages:
        return "tệp này"
    shown = ", ".join(map(str, pages[:12]))
    return f"trang {shown}" + (" và các trang khác" if len(pages) > 12 else "")


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB".replace(".", ",")
