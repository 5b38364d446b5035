"""Bytes → text: Unicode in its forms, and the Vietnamese code page of Windows."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from knowledge.formats.detect import guess_utf16
from knowledge.reading_errors import Illegibility, UnreadableText

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

_FEW_BROKEN = 0.005


def decode_text(data: bytes) -> str:
    """The text of the bytes. Raises UnreadableText where no reading of them gives text."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    # A few broken bytes in a long text leave it the text it was; a text in another encoding breaks at every accent.
    text = data.decode(guess_utf16(data) or "utf-8", errors="replace")
    if text.count("\ufffd") <= len(text) * _FEW_BROKEN:
        return text
    # windows-1258 writes «ế» as two bytes, a letter and a mark; what TCVN3 and VNI wrote comes out as Western letters,
    # which `find_illegibility` tells by their look.
    best = from_bytes(data, cp_isolation=["cp1258", "cp1252", "latin_1"]).best()
    if best is None:
        raise UnreadableText(Illegibility.LEGACY_FONT)
    return str(best)
