"""Every command that the README shows works, in one fresh store, in its order."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"```console\n(.*?)\n```", (ROOT / "README.md").read_text("utf-8"), re.DOTALL)
COMMANDS = [command for block in BLOCKS for command in re.findall(r"^\$ (.+)$", block, re.MULTILINE)]


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    return {
        **os.environ,
        "DATA_DIR": str(tmp_path / "data"),
        "DATABASE_URL": f"sqlite:///{tmp_path / 'data' / 'assistant.db'}",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PYTHONWARNINGS": "error",
    }


def test_make_run_is_the_command_that_loads_the_digest() -> None:
    ran = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "--always-make", "run"], cwd=ROOT, capture_output=True, text=True, timeout=20
    )
    assert ran.returncode == 0
    assert ran.stdout.splitlines()[-1].endswith("/python -m bot run")


def test_commands_of_the_readme_work(env: dict[str, str]) -> None:
    assert COMMANDS[0] == "make run"
    # What `make run` does to an empty store, without setting up and without staying.
    filled = subprocess.run([sys.executable, "-m", "bot", "ingest", "--samples"], cwd=ROOT, env=env, capture_output=True, timeout=50)
    assert filled.returncode == 0
    for command in COMMANDS[1:]:
        ran = subprocess.run(["bash", "-c", command], cwd=ROOT, env=env, capture_output=True, text=True, timeout=50)
        assert (ran.returncode, ran.stderr) == (0, ""), command
        assert ran.stdout, command
