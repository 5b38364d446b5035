"""What a document prints of itself: its number, the day it was issued or held, its issuer. (placeholder, being written)"""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.reading import Line
from knowledge.structure import Structure


@dataclass(frozen=True, slots=True)
class Header:
    number: str = ""
    issued_on: str = ""
    held_on: str = ""
    issuer: str = ""
    place: str = ""


def read_header(structure: Structure, lines: tuple[Line, ...]) -> Header:
    return Header()
