"""Names of files as they are kept: readable, harmless on every system, with the ending of what the file is."""

from __future__ import annotations

import re
import unicodedata

LONGEST = 120  # characters, ending included
_NAMELESS = "tep"
# Refused by Windows in a name; slashes of either kind part folders.
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)", re.IGNORECASE)
# Endings that say nothing but what a file is. «Kế hoạch số 5.KH» ends in none.
_KNOWN = frozenset(
    "pdf doc docx xls xlsx ppt pptx odt ods rtf txt text log md csv tsv jpg jpeg jpe jfif png gif bmp tif tiff webp heic heif".split()
)
_SUFFIX = re.compile(r"\.([A-Za-z0-9]{1,12})$")


def bare_name(given: str) -> str:
    """What is left of a name without folders, control and direction marks: «../a/Bao\u202ecao.docx» → «Baocao.docx»."""
    last = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    # Cc, Cf, Cs, Co, Cn: controls, marks that turn the direction or show nothing, halves of letters, letters of nobody.
    seen = "".join(" " if unicodedata.category(one) in ("Zl", "Zp", "Zs") else one for one in last if unicodedata.category(one)[0] != "C")
    return " ".join(_FORBIDDEN.sub("_", seen).split()).strip(". ")


def suffix_of(bare: str) -> str:
    """The ending of a bare name in small letters, without its dot: «Báo cáo.DOCX» → «docx»; none: «»."""
    found = _SUFFIX.search(bare)
    return found[1].lower() if found else ""


def clean_name(bare: str, suffix: str) -> str:
    """A bare name with the ending that the bytes call for: «ảnh.jpg» of a PNG → «ảnh.png»."""
    stem = (bare[: -len(suffix_of(bare)) - 1] if suffix_of(bare) in _KNOWN else bare).strip(". ") or _NAMELESS
    if _RESERVED.fullmatch(stem.partition(".")[0].strip()):
        stem = f"_{stem}"
    room = LONGEST - len(suffix)
    if len(stem) > room:
        cut = stem[:room]
        while cut and unicodedata.combining(stem[len(cut)]):
            cut = cut[:-1]
        stem = cut.rstrip(". ") or _NAMELESS
    return stem + suffix
