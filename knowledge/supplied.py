"""documents.yaml: what a person supplies about documents that do not say it themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import yaml

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
    path = folder / "documents.yaml"
    if not path.is_file():
        return []
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SuppliedError(path, f"không đọc được ({error.__class__.__name__}); xin kiểm tra cú pháp YAML") from error
    if not isinstance(entries, list):
        raise SuppliedError(path, "cần là một danh sách, mỗi mục là một văn bản")
    return [_read_entry(path, number, entry) for number, entry in enumerate(entries, 1)]


def _read_entry(path: Path, number: int, entry: object) -> Supplied:
    if not isinstance(entry, dict) or not isinstance(entry.get("files"), list) or not entry["files"]:
        raise SuppliedError(path, f"mục {number} thiếu «files: [tên tệp]»")
    unknown = set(entry) - _FIELDS
    if unknown:
        raise SuppliedError(path, f"mục {number} có trường lạ: {', '.join(sorted(map(str, unknown)))}")
    values = {name: str(entry[name]).strip() for name in _FIELDS - {"files", "sample"} if entry.get(name) is not None}
    for name in ("issued_on", "held_on"):
        if name in values and not _DATE.fullmatch(values[name]):
            raise SuppliedError(path, f"mục {number}: {name} cần dạng 2026-01-15 hoặc 2026-01")
    if values.get("audience", "public") not in ("public", "officials"):
        raise SuppliedError(path, f"mục {number}: audience là public hoặc officials")
    return Supplied(tuple(str(name) for name in entry["files"]), sample=bool(entry.get("sample")), **values)
