"""Phone numbers as people and spreadsheets write them → the one form that is stored."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 40
_WRITTEN = re.compile(r"'?\(?\+?[0-9\s.()\-\u2010-\u2015\u2212]+")
# What a spreadsheet writes into CSV where it took the number for one with decimals.
_AS_DECIMAL = re.compile(r"([1-9]\d{8,10})\.0")
# Mobile numbers since 2018; landlines with the area code, 10 digits before 2017 and in some networks still.
_NATIONAL = re.compile(r"0[35789]\d{8}|02\d{8,9}")


def normalise_phone(text: str) -> str | None:
    """A Vietnamese number as it is stored, national and digits only; None for anything else.

    «+84 912.345.678», «84912345678», «(0912) 345-678» and «912345678», whose zero a spreadsheet took away, are
    «0912345678»; «024 3825 1234» is «02438251234». Extensions and two numbers in one text are refused.
    """
    # What is copied from an address book carries marks of writing direction.
    text = "".join(letter for letter in unicodedata.normalize("NFKC", text) if unicodedata.category(letter) != "Cf").strip()
    if len(text) > _LONGEST or not _WRITTEN.fullmatch(text):
        return None
    decimal = _AS_DECIMAL.fullmatch(text)
    digits = decimal[1] if decimal else re.sub(r"[^0-9]", "", text)
    if text.lstrip("'(").startswith("+"):
        if not digits.startswith("84"):
            return None
        digits = digits[2:]
    elif digits.startswith("0084"):
        digits = digits[4:]
    elif digits.startswith("84") and len(digits) > 10:  # a shorter one is a mobile number 084… or 085… without its zero
        digits = digits[2:]
    national = digits if digits.startswith("0") else f"0{digits}"
    return national if _NATIONAL.fullmatch(national) else None
