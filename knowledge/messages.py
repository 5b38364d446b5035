"""What is asked in a message: one question, several in a row, or one behind a pasted text."""

from __future__ import annotations

import re

from knowledge.asks import Ask, read_asks
from knowledge.text import fold

_LONG = 40  # words; in a longer message what stands before a question is no part of it
_MOST = 3  # questions of one message that are answered
_ENDS = re.compile(r"(?<=[?!])\s+|\s*\n\s*|(?<=[.;])\s+(?=[A-ZÀ-ỸĐ])")
_ALSO = re.compile(
    r"\s*[,;.]\s*(?:(?:thế |vậy |và )?còn(?! (?:lại|thiếu|chưa|phải|hiệu))|(?:the |vay |va )?con(?! (?:lai|thieu|chua|phai|hieu|so))"
    r"|cho hỏi thêm|với cả|ngoài ra)\s+",
    re.IGNORECASE,
)
_VOCATIVES = frozenset("em anh chi co chu bac ban a ad admin bot oi da vang nha nhe nhi u uh um".split())
_POLITE = _VOCATIVES | frozenset(
    "alo chao xin cam on hello hi thanks thank you ok oke okay tot lam nhieu qua rat tam biet bye roi duoc".split()
)
_POLITE_WORDS = 7
_SAID_ONLY = {Ask.TARGET, Ask.RESULT, Ask.FOLLOWS, Ask.TASKS, Ask.SERIES}  # words of these stand in any report too


def is_courtesy(text: str) -> bool:
    """Whether a message only greets, thanks or takes leave: «alo», «cảm ơn em nhé»."""
    words = re.findall(r"[^\W_]+", fold(text))
    return bool(words) and len(words) <= _POLITE_WORDS and set(words) <= _POLITE and not {*words} <= _VOCATIVES


def split_message(text: str) -> list[str]:
    """The questions of a message in order, at most three; the message itself where it is one question or none.

    «… Cho hỏi: 5G năm 2030? Kinh tế số năm 2035?» → two. What is pasted before a question is left out.
    """
    sentences = [one for one in _ENDS.split(text.strip()) if one]
    asked = [one for one in sentences if one.rstrip(" »”\"')").endswith("?")]
    long = len(text.split()) > _LONG
    if not asked and long:
        asked = [one for one in sentences if read_asks(fold(one)) - _SAID_ONLY][-1:]
    if len(asked) < 2 and not (asked and long):
        asked = [text]
    questions = [part for one in asked for part in _parts(one)]
    return questions[:_MOST]


def _parts(question: str) -> list[str]:
    """«5G năm 2030 bao nhiêu, còn kinh tế số?» → two, where the first part asks something itself."""
    parts = _ALSO.split(question)
    if len(parts) == 1 or not all(len(part.split()) > 1 for part in parts) or not read_asks(fold(parts[0])) - {Ask.FOLLOWS}:
        return [question]
    return [parts[0], *(f"còn {part}" for part in parts[1:])]
