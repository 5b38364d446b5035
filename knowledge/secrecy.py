"""The secrecy mark of a document: MẬT, TỐI MẬT, TUYỆT MẬT (Law on the Protection of State Secrets 2018, article 8)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from knowledge.text import has_marks, normalise

_HEAD = 60  # printed lines: letterhead, stamp and title of any document stand within them
# Without blanks; a watermark repeats its word.
_STAMP = re.compile(r"(?:(TUYỆT|TỐI)?MẬT)+")
_STAMP_WITHOUT_DIACRITICS = re.compile(r"(?:(TUYET|TOI)?MAT)+")
_DEGREES = {"TUYET": "TUYỆT", "TOI": "TỐI"}
_LABELLED = re.compile(r"\b(?:độ|cấp độ) mật\s*[:.–-]\s*[\[(«“\"*]*(tuyệt mật|tối mật|mật)\b(?!\s*[,/;])", re.IGNORECASE)
# «… BẢO VỆ BÍ» / «MẬT» is a broken heading, not a stamp.
_BEGINS_A_WORD = re.compile(r"\b(?:bảo|bí|cơ|cẩn|thân)$", re.IGNORECASE)


def find_secrecy_mark(lines: Iterable[str]) -> str | None:
    """The mark in the head of a document, or None.

    A stamp is a line (or a table cell) of nothing but the mark in capitals, also spaced («M Ậ T») or framed
    («[TỐI MẬT]»); «Độ mật: Tối mật» counts in any case. «bảo mật», «bí mật nhà nước» in a sentence do not.
    """
    head = [normalise(line) for line in islice((line for line in lines if line.strip()), _HEAD)]
    stamps = [_STAMP] if any(map(has_marks, head)) else [_STAMP, _STAMP_WITHOUT_DIACRITICS]
    before = ""
    for line in head:
        labelled = _LABELLED.search(line)
        if labelled:
            return labelled.group(1).upper()
        for cell in line.split("|"):
            bare = re.sub(r"[\W_]+", "", cell)
            found = next((match for stamp in stamps if (match := stamp.fullmatch(bare))), None)
            if found and not _BEGINS_A_WORD.search(before):
                degree = found.group(1) or ""
                return f"{_DEGREES.get(degree, degree)} MẬT".strip()
        before = line
    return None
