"""documents.yaml: what a person supplies about documents that do not say it themselves."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.text import normalise

FILE_NAME = "documents.yaml"
_DATE = re.compile(r"\d{4}(?:-\d{2}(?:-\d{2})?)?")
_FIELDS = {"files", "number", "issued_on", "held_on", "kind", "issuer", "subject", "sample", "audience"}


class SuppliedError(Exception):
    """A documents.yaml that cannot be used: `path`, and `problem` in Vietnamese with the entry it is about."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(f"{path}: {problem}")
        self.path = path
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Supplied:
    """One entry: files (names) that are one document, and what is known of it; empty means not supplied."""

    files: tuple[str, ...]
    number: str = ""
    issued_on: str = ""
    held_on: str = ""
    kind: str = ""
    issuer: str = ""
    subject: str = ""
    sample: bool = False
    audience: str = ""

    @property
    def dated(self) -> str:
        return self.held_on or self.issued_on


def load_supplied(folder: Path) -> list[Supplied]:
    """The entries of the folder's documents.yaml in order; none when there is no such file. Raises SuppliedError."""
    path = folder / FILE_NAME
    if not path.is_file():
        return []
    try:
        entries = yaml.safe_load(path.read_text("utf-8-sig"))
    except (yaml.YAMLError, ValueError, RecursionError, OSError) as error:
        # ValueError: bytes that are no UTF-8, and days that no month has (2026-02-30), which YAML reads as dates.
        raise SuppliedError(path, f"không đọc được ({_where(error)}); xin kiểm tra cú pháp YAML, mã UTF-8 và các ngày") from error
    if entries is None:
        return []
    if not isinstance(entries, list):
        raise SuppliedError(path, "cần là một danh sách, mỗi mục là một văn bản")
    read = [_read_entry(path, number, entry) for number, entry in enumerate(entries, 1)]
    named: dict[str, int] = {}
    for number, entry in enumerate(read, 1):
        for name in entry.files:
            if named.setdefault(normalise(name), number) != number:
                raise SuppliedError(path, f"tệp «{name}» có ở cả mục {named[normalise(name)]} và mục {number}; mỗi tệp thuộc một văn bản")
    return read


def _where(error: Exception) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"dòng {mark.line + 1}" if mark is not None else type(error).__name__


def _read_entry(path: Path, number: int, entry: object) -> Supplied:
    if not isinstance(entry, dict) or not isinstance(entry.get("files"), list) or not entry["files"]:
        raise SuppliedError(path, f"mục {number} thiếu «files: [tên tệp]»")
    unknown = set(map(str, entry)) - _FIELDS
    if unknown:
        raise SuppliedError(path, f"mục {number} có trường lạ: {', '.join(sorted(unknown))}")
    lists = [name for name, value in entry.items() if name != "files" and isinstance(value, list | dict)]
    if lists or any(isinstance(name, list | dict) or name is None for name in entry["files"]):
        raise SuppliedError(path, f"mục {number}: {lists[0] if lists else 'files'} cần là chữ, không phải danh sách")
    values = {name: str(entry[name]).strip() for name in _FIELDS - {"files", "sample"} if entry.get(name) is not None}
    for name in ("issued_on", "held_on"):
        if name in values and not _is_date(values[name]):
            raise SuppliedError(path, f"mục {number}: {name} cần dạng 2026-01-15 hoặc 2026-01")
    if values.get("audience", "public") not in ("public", "officials"):
        raise SuppliedError(path, f"mục {number}: audience là public hoặc officials")
    if not isinstance(entry.get("sample", False), bool):
        raise SuppliedError(path, f"mục {number}: sample là true hoặc false")
    return Supplied(tuple(str(name) for name in entry["files"]), sample=entry.get("sample", False), **values)


def _is_date(text: str) -> bool:
    """Whether it is a day, a month or a year that the calendar has."""
    if not _DATE.fullmatch(text):
        return False
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True
