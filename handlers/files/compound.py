"""The container of Office 97 to 2003 ([MS-CFB]): which streams it holds, and the bytes of one. Bounded by the file's own size."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from handlers.files.refusals import Refusal, RefusedFile

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER, _ENTRY = 512, 128
_LAST_SECTOR = 0xFFFFFFFA  # what is above names no sector
_STREAM, _ROOT = 2, 5


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class Compound:
    """A container, its directory read. Raises RefusedFile for one that cannot be read."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            shift, mini_shift = struct.unpack_from("<HH", data, 30)
            directory, _, self._cutoff, mini_table, _, further, _ = struct.unpack_from("<7I", data, 48)
            if shift not in (9, 12) or mini_shift != 6:
                raise RefusedFile(Refusal.DAMAGED, "doc")
            self._sector, self._mini_sector = 1 << shift, 1 << mini_shift
            self._most = len(data) // self._sector + 1
            self._next = self._read_table(further)
            raw = self._follow(directory)
            self._entries = tuple(self._read_directory(raw))
            self._mini_next = self._numbers(self._follow(mini_table))
        except struct.error as error:
            raise RefusedFile(Refusal.DAMAGED, "doc") from error

    @property
    def names(self) -> frozenset[str]:
        """The names of everything in it, storages and streams of every level, in small letters."""
        return frozenset(one.name.lower() for one in self._entries)

    def stream(self, name: str) -> bytes:
        """The bytes of the first stream of this name; none where there is no such stream."""
        found = next((one for one in self._entries if one.kind == _STREAM and one.name.lower() == name.lower()), None)
        if found is None:
            return b""
        if found.size >= self._cutoff:
            return self._follow(found.start)[: found.size]
        root = next((one for one in self._entries if one.kind == _ROOT), None)
        small = self._follow(root.start) if root else b""
        places = self._chain(found.start, self._mini_next, len(small) // self._mini_sector + 1)
        return b"".join(small[at * self._mini_sector : (at + 1) * self._mini_sector] for at in places)[: found.size]

    def _read_table(self, further: int) -> tuple[int, ...]:
        """Which sector follows which: the table's own sectors are named in the header, then in a chain of lists."""
        named = list(struct.unpack_from("<109I", self._data, 76))
        seen: set[int] = set()
        while further < _LAST_SECTOR and further not in seen and len(seen) < self._most:
            seen.add(further)
            *more, further = self._numbers(self._at(further)) or (_LAST_SECTOR,)
            named += more
        return self._numbers(b"".join(self._at(one) for one in named[: self._most] if one < _LAST_SECTOR))

    def _read_directory(self, raw: bytes) -> Iterator[_Entry]:
        for at in range(0, len(raw) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", raw, at + 64)
            start, size = struct.unpack_from("<II", raw, at + 116)
            if kind and 2 <= length <= 64:
                yield _Entry(raw[at : at + length - 2].decode("utf-16-le", "replace"), kind, start, size)

    def _follow(self, start: int) -> bytes:
        return b"".join(self._at(one) for one in self._chain(start, self._next, self._most))

    def _chain(self, start: int, following: tuple[int, ...], most: int) -> Iterator[int]:
        """The places of a chain; one that bites its own tail ends after as many as there can be."""
        at = start
        while at < len(following) and most > 0:
            yield at
            at, most = following[at], most - 1

    def _at(self, sector: int) -> bytes:
        begin = max(_HEADER, self._sector) + sector * self._sector
        return self._data[begin : begin + self._sector]

    @staticmethod
    def _numbers(raw: bytes) -> tuple[int, ...]:
        count = len(raw) // 4
        return struct.unpack(f"<{count}I", raw[: count * 4])
