"""A paragraph's sentences and clauses as spans, and runs of its words cut to a length."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SENTENCE_END = re.compile(r"(?<=[.!?…])[”\"')]?\s+(?=[^\W\d_a-z]|[“\"(])")
_CLAUSE_END = re.compile(r";\s+")

Span = tuple[int, int]


def sentences(text: str) -> list[Span]:
    """Spans of the sentences: cut after a full stop before a capital, not inside brackets."""
    return list(_cut(text, _SENTENCE_END, 0, len(text), capital=True))


def clauses(text: str, span: Span) -> list[Span]:
    """Spans of a sentence's clauses, cut at semicolons outside brackets."""
    return list(_cut(text, _CLAUSE_END, *span))


def _cut(text: str, pattern: re.Pattern[str], start: int, end: int, *, capital: bool = False) -> Iterator[Span]:
    begin = start
    for match in pattern.finditer(text, start, end):
        if capital and text[match.end() : match.end() + 1].islower():
            continue
        if text.count("(", begin, match.start()) > text.count(")", begin, match.start()):
            continue
        yield begin, match.end()
        begin = match.end()
    if begin < end:
        yield begin, end


def cut_to(text: str, limit: int) -> str:
    """The first words of a text, at most `limit` characters, ended at a clause's or word's end; nothing is added."""
    text = text.strip()
    if len(text) > limit:
        head = text[: limit + 1]
        ends = [match.start() for match in re.finditer(r"[;.]\s", head)] or [match.start() for match in re.finditer(r",\s", head)]
        good = [end for end in ends if end >= limit // 3]
        text = head[: good[-1]] if good else head[:limit].rsplit(" ", 1)[0]
    text = text.strip().rstrip(" ,;:./")
    return text if text.count("(") <= text.count(")") else text[: text.rindex("(")].rstrip(" ,;:") or text


def window(text: str, span: Span, holding: Span | None, limit: int) -> str:
    """An unbroken run of at most `limit` characters of a span: from its beginning, or so that `holding` is in it."""
    start, end = span
    whole = text[start:end].strip()
    if len(whole) <= limit:
        return whole
    if holding is None or holding[1] - start <= limit:
        last = max(holding[1] if holding else 0, start + limit // 2)
        ends = [match.start() + 1 for match in re.finditer(r"[;.,](?=\s)", text[start : start + limit])]
        good = [one for one in ends if start + one >= last]
        return text[start : start + good[-1]].rstrip(" ,;") if good else text[start : start + limit].rsplit(" ", 1)[0]
    first = holding[1] - limit
    begins = [first + match.end() for match in re.finditer(r"[;.,]\s+|\s", text[first : holding[0]])]
    marks = [first + match.end() for match in re.finditer(r"[;.,]\s+", text[first : holding[0]])]
    at = marks[0] if marks else begins[0] if begins else first
    return text[at : holding[1]].strip()
