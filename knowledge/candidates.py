"""Files and folders handed in → the files to take in, each with what documents.yaml says of it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.supplied import FILE_NAME, Supplied, SuppliedError, load_supplied
from knowledge.text import normalise

SUFFIXES = {".pdf", ".docx", ".txt", ".md", ".markdown", ".html", ".htm"}
# Formats with pages first: of a document's files the first one is read for its passages, and cited.
_FORMAT_ORDER = {".pdf": 0, ".docx": 1, ".html": 2, ".htm": 2, ".md": 3, ".markdown": 3, ".txt": 4}
# Word's and LibreOffice's marks of a file that is open, and the note that tells what a folder is for.
_NOT_DOCUMENTS = (".", "~$", "readme.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file to take in, with its entry in documents.yaml."""

    path: Path
    supplied: Supplied | None

    @property
    def name(self) -> str:
        """The file's name as text: what neither database nor terminal takes (bytes that are no UTF-8, control characters) is «�»."""
        text = os.fsencode(self.path.name).decode("utf-8", "replace")
        return "".join(char if char.isprintable() else "\ufffd" for char in text)


def find_candidates(paths: Iterable[Path]) -> list[Candidate]:
    """The files to read, each once: those of one documents.yaml entry together, formats with pages first.

    Of a folder, what its name says is a document, in the order of its documents.yaml; a file named by itself is read
    whatever its name. Raises SuppliedError.
    """
    entries: dict[Path, dict[str, tuple[int, Supplied]]] = {}
    groups: dict[object, list[Candidate]] = {}
    seen: set[str] = set()
    for path in paths:
        for parent, files in _folders_under(path) if path.is_dir() else [(path.parent, [path])]:
            if parent not in entries:
                supplied = enumerate(load_supplied(parent))
                entries[parent] = {normalise(name): (place, entry) for place, entry in supplied for name in entry.files}
            named = entries[parent]
            for file in sorted(files, key=lambda file: named[normalise(file.name)][0] if normalise(file.name) in named else len(named)):
                real = os.path.realpath(file)
                if real in seen:
                    continue
                seen.add(real)
                _, entry = named.get(normalise(file.name), (0, None))
                groups.setdefault((parent, entry) if entry else file, []).append(Candidate(file, entry))
    return [one for group in groups.values() for one in sorted(group, key=lambda one: _format_order(one.path))]


def _folders_under(top: Path) -> Iterator[tuple[Path, list[Path]]]:
    """(folder, its files that are documents by their names, formats with pages first) of a folder and those below it."""
    for parent, folders, names in os.walk(top):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files = [Path(parent, name) for name in names if not name.lower().startswith(_NOT_DOCUMENTS)]
        yield Path(parent), sorted((one for one in files if one.suffix.lower() in SUFFIXES), key=lambda one: (_format_order(one), one.name))


def _format_order(path: Path) -> int:
    return _FORMAT_ORDER.get(path.suffix.lower(), 9)


def refuse_digest(candidates: Iterable[Candidate]) -> None:
    """A digest taken for the official text would be quoted as one."""
    for one in candidates:
        if one.supplied is not None and one.supplied.sample:
            raise SuppliedError(one.path.parent / FILE_NAME, f"«{one.name}» là bản tóm lược; xin nạp bằng: ingest --samples")
