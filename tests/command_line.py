"""The command line run in this process, on a database of the test's own: exit status, what it prints, its JSON rows."""

from __future__ import annotations

import contextlib
import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from bot.settings import Settings

CORPUS = Path(__file__).parent / "corpus"


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        """One JSON object a line, as scripts read them."""
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def row(self) -> dict[str, Any]:
        (row,) = self.rows
        return row


class CommandLine:
    """`python -m bot` with `DATA_DIR` under the folder, and no `.env` in reach."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data_dir = folder / "data"

    def __call__(self, *arguments: str | Path, stdin: str = "", **settings: str) -> Ran:
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            for name in Settings.model_fields:
                patch.delenv(name.upper(), raising=False)
            for name, value in {"DATA_DIR": str(self.data_dir), **settings}.items():
                patch.setenv(name, value)
            patch.chdir(self.folder)
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            try:
                status = main([str(argument) for argument in arguments])
            except SystemExit as stop:  # as argparse ends: --help, and a command line that it refuses
                status = int(stop.code or 0)
        return Ran(status, out.getvalue(), err.getvalue())


def with_corpus(folder: Path) -> CommandLine:
    """A command line whose store holds the test corpus."""
    bot = CommandLine(folder)
    ran = bot("ingest", CORPUS, "--json")
    assert ran.status == 0, ran
    return bot
