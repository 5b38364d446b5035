"""Bodies that no registry lists, told by a kind word and a capitalised name: «Trung tâm Xúc tiến đầu tư», «UBND xã Bình Minh»."""

from __future__ import annotations

import re

_KINDS = (
    "Sở", "Bộ", "Trung tâm", "Trường Đại học", "Trường Cao đẳng", "Trường", "Học viện", "Viện", "Cục", "Chi cục", "Tổng cục",
    "Ban Quản lý", "Ban", "Văn phòng", "Phòng",
    "Hội đồng", "Hội", "Hiệp hội", "Liên đoàn", "Liên minh", "Liên hiệp", "Ngân hàng", "Kho bạc", "Bệnh viện", "Công ty",
    "Tập đoàn", "Tổng công ty",
    "Đài", "Quỹ", "Tổ", "Bưu điện", "Công an xã", "Công an phường", "Điện lực", "VNPT", "Viettel", "Mobifone", "MobiFone",
    "UBND xã", "UBND phường", "UBND đặc khu", "UBND huyện", "UBND thị xã", "UBND thành phố",
    "Ủy ban nhân dân xã", "Ủy ban nhân dân phường", "Ủy ban nhân dân đặc khu", "Ủy ban nhân dân huyện", "Ủy ban nhân dân thị xã",
    "Ủy ban nhân dân thành phố", "Đảng ủy xã", "Đảng ủy phường", "Đảng ủy", "Huyện ủy", "Thành ủy", "Thị ủy",
)  # fmt: skip
# Capitals and small letters alternate in Unicode's Vietnamese blocks, so a range of them would hold both.
_CAPITAL = "".join(char for code in (*range(0x41, 0x5B), *range(0xC0, 0x250), *range(0x1E00, 0x1F00)) if (char := chr(code)).isupper())
_HEAD = re.compile(rf"(?<!\w)(?:{'|'.join(sorted(_KINDS, key=len, reverse=True))})\s+(?=[{_CAPITAL}])")
_WORD = re.compile(r"\s+(?:-\s+)?([^\W\d_]+)")
_LINK = re.compile(rf"(?:\s+và|,|\s+-|\s*&)\s*(?=[{_CAPITAL}])")
# Words after which a name has ended: verbs of directives, function words.
_STOPS = frozenset({
    "chủ", "trì", "phối", "hợp", "tham", "mưu", "xây", "thực", "triển", "tổ", "tiếp", "tăng", "báo", "trình", "gửi", "có", "phải",
    "cần", "chịu", "là", "được", "và", "của", "về", "với", "cho", "theo", "tại", "từ", "do", "để", "trong", "trên", "các", "những",
    "này", "khẩn", "rà", "đề", "hướng", "kiểm", "giám", "chỉ", "nghiên", "thẩm", "hoàn", "tổng", "lập", "đẩy", "nâng", "phát", "làm",
    "sẽ", "đã", "đang", "bảo", "đảm", "ban", "căn", "thường", "hỗ", "tuyên", "vận", "cùng", "hoặc", "nhằm", "khi", "sau", "trước",
    "vào", "ra", "lên", "xuống", "như", "thì", "mà", "nếu", "nhưng", "đồng", "phân", "giao", "yêu", "thông", "quyết", "ký", "cung",
    "quản", "phụ", "chuẩn", "xem",
})  # fmt: skip
# … and those of them that are no second syllable either («Sở Ngoại giao» against «Trường Quân sự và …»).
_ENDS = frozenset({
    "và", "của", "là", "về", "với", "cho", "theo", "tại", "từ", "do", "để", "trong", "trên", "các", "những", "này", "phải", "có",
    "được", "chủ", "phối", "tham", "sẽ", "đã", "cần", "khẩn", "tiếp",
})  # fmt: skip
_OF = frozenset({"Sở", "Ban", "Bộ", "Cục"})
_SCOPES = frozenset({"tỉnh", "xã", "huyện", "phường"})
_LONGEST = 7  # lower-case syllables that may follow a capital before the name must have ended


PLACE = re.compile(rf"(?:\s+tỉnh)?((?:\s+[{_CAPITAL}][^\W\d_]*[^\W\d_{_CAPITAL}]){{1,3}})(?!\w)")
PLACE_TAIL = re.compile(rf"\s+và\s+(?:các\s+)?(?:Khu công nghiệp|KCN|Khu kinh tế)(?:\s+[{_CAPITAL}][^\W\d_{_CAPITAL}]+){{0,3}}")


def find_unlisted(text: str) -> list[tuple[int, int]]:
    """Spans of such names, in reading order. The name runs over capitalised syllables, what belongs to them, and «tỉnh»."""
    found: list[tuple[int, int]] = []
    for head in _HEAD.finditer(text):
        if found and head.start() < found[-1][1]:
            continue
        end = _name_end(text, head.end())
        if end > head.end():
            found.append((head.start(), end))
    return found


def _name_end(text: str, at: int) -> int:
    first = re.compile(r"[^\W\d_]+|[^\W_]+").match(text, at)
    if not first:
        return at
    end = first.end()
    if first[0] in _OF and text[end : end + 2].strip()[:1].islower():
        return end  # «Văn phòng Sở theo dõi»
    acronym, alone = first[0].isupper() and len(first[0]) > 1, True
    while True:
        end = end if acronym else _lower_run(text, end, alone=alone)
        link = _LINK.match(text, end)
        following = re.compile(rf"(?:\s+)?[{_CAPITAL}][^\W\d_]*").match(text, link.end() if link else end)
        if not following or (not link and not text[end : end + 1].isspace()):
            return end
        if link and link[0].strip() == ",":
            return end  # a comma may as well begin the next body of a list
        acronym = following[0].strip().isupper() and len(following[0].strip()) > 1
        alone = link is not None or _ends_in_word(text, end)
        end = following.end()


def _ends_in_word(text: str, end: int) -> bool:
    """Whether the syllable before `end` is in lower case: then the capital after it begins a word, not a proper name."""
    return text[:end].rsplit(" ", 1)[-1].islower()


def _lower_run(text: str, end: int, *, alone: bool) -> int:
    """The end of the lower-case syllables that belong to the capitalised one before `end`.

    They belong when a stop word, a mark or the text's end follows soon; else only the next one does (Vietnamese words
    have two syllables: «Xúc tiến»), and that one only where the capital stands `alone` («Bình Minh phối hợp»).
    """
    words: list[re.Match[str]] = []
    here = end
    while len(words) <= _LONGEST and (word := _WORD.match(text, here)) and word[1][0].islower():
        if word[1] in (_ENDS if alone and not words else _STOPS):
            break
        words.append(word)
        here = word.end()
        if word[1] in _SCOPES:
            return here
    if not words or not alone:
        return end
    if len(words) > _LONGEST:
        return words[0].end()
    return words[-1].end()
