"""Bytes → text: Unicode in its forms, and the Vietnamese code page of Windows."""

from __future__ import annotations

import codecs

from charset_normalizer import from_bytes

from knowledge.formats.detect import guess_utf16
from knowledge.reading_errors import Illegibility, UnreadableText

_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def decode_text(data: bytes) -> str:
    """The text of the bytes. Raises UnreadableText where no reading of them gives text."""
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    encoding = guess_utf16(data) or "utf-8"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        # A file cut inside its last letter is still UTF-8.
        if error.start >= len(data) - 4:
            return data[: error.start].decode(encoding)
    # windows-1258 writes «ế» as two bytes, a letter and a mark; what TCVN3 and VNI wrote comes out as Western letters,
    # which `find_illegibility` tells by their look.
    best = from_bytes(data, cp_isolation=["cp1258", "cp1252", "latin_1"]).best()
    if best is None:
        raise UnreadableText(Illegibility.LEGACY_FONT)
    return str(best)
