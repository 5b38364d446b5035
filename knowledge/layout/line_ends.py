"""How a printed line ends, and what that says of the next one."""

from __future__ import annotations

import re

TERMINAL = (".", ";", ":", "!", "?", "…", "./.", ".”", ".)", ";”")
_OPEN_WORDS = {"và", "của", "hoặc", "về", "với", "cho", "các", "theo", "là", "tại", "từ", "do", "&"}
_OPEN_ENDS = (",", "-", "–", "(", "“")
_BEFORE_NUMBERS = {
    "số", "ngày", "năm", "khoản", "Điều", "trong", "đến", "tới", "trên", "dưới", "hơn", "gần", "khoảng", "đạt", "có", "còn", "lên",
    "xuống", "quá", "nhất", "thiểu", "đa", "đủ", "gồm", "thêm", "được",
}  # fmt: skip


def is_open(before: str, after: str) -> bool:
    """Whether a line ends in the middle of a phrase: «… theo», «… Nghị quyết số» before «193/2025/QH15», «… trong» before
    «10 ngày»."""
    last = before.rsplit(" ", 1)[-1]
    return before.endswith(_OPEN_ENDS) or last in _OPEN_WORDS or (last in _BEFORE_NUMBERS and after[:1].isdigit())


def join(before: str, after: str) -> str:
    """Two printed lines as one: «359-» + «KH/TU» is one document number, «khu vực» + «đô thị» two words."""
    if before.endswith("-") and re.search(r"\w-$", before) and re.match(r"[A-ZĐ]{2,}", after):
        return before + after
    return f"{before} {after}" if before else after
