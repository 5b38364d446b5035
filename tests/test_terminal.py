"""The chat in a terminal: a person at the keyboard, or lines from a pipe."""

from __future__ import annotations

import importlib.util
import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.command_line import CommandLine, with_corpus

ROOT = Path(__file__).parent.parent
PROMPT = "Hỏi: "
WAIT = 30.0
# Makes the terminal the session's own, so that Ctrl-C in it is a signal, then becomes the chat.
LAUNCH = (
    "import fcntl, os, sys, termios\nfcntl.ioctl(0, termios.TIOCSCTTY, 0)\nos.execv(sys.executable, [sys.executable, '-m', 'bot', 'chat'])"
)


class Terminal:
    """`python -m bot chat` with a terminal of its own: what it shows, keys pressed, its exit status."""

    def __init__(self, data_dir: Path, *, locale: str = "C.UTF-8") -> None:
        self._keys, theirs = pty.openpty()
        env = {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": "", "LC_ALL": locale, "TERM": "dumb", "PYTHONWARNINGS": "error"}
        self._process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH], cwd=ROOT, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
        )
        os.close(theirs)
        self.shown = ""
        self._bytes = b""

    def press(self, keys: str) -> None:
        os.write(self._keys, keys.encode())

    def see(self, text: str, *, times: int = 1) -> str:
        """Wait until the text stands on the screen so often; everything shown so far."""
        ends = time.monotonic() + WAIT
        while self.shown.count(text) < times and time.monotonic() < ends and self._is_open() is not False:
            pass
        assert self.shown.count(text) >= times, self.shown
        return self.shown

    def end(self, *, again: str = "") -> int:
        """Wait for the process to leave; its exit status. `again` is pressed every second meanwhile, as people do: Python
        does not see a signal that comes in the instant before it begins to wait for keys."""
        ends = time.monotonic() + WAIT
        while time.monotonic() < ends and (more := self._is_open()) is not False:
            if more is None and again:
                self.press(again)
        return self._process.wait(WAIT)

    def _is_open(self) -> bool | None:
        """Read on for a second at most: None when nothing came, False when the other side is gone."""
        if not select.select([self._keys], [], [], 1)[0]:
            return None
        try:
            data = os.read(self._keys, 65536)
        except OSError:  # as a pty says it
            return False
        self._bytes += data
        self.shown = self._bytes.decode("utf-8", "ignore").replace("\r\n", "\n")
        return bool(data)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._keys)


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    return with_corpus(tmp_path_factory.mktemp("terminal"))


@pytest.fixture
def terminal(bot: CommandLine) -> Iterator[Terminal]:
    opened = Terminal(bot.data_dir)
    opened.see(PROMPT)
    yield opened
    opened.close()


def test_person_is_greeted_with_examples_and_told_how_to_leave(terminal: Terminal) -> None:
    assert terminal.shown.startswith("Xin chào! Trợ lý trả lời từ các văn bản đã nạp")
    assert terminal.shown.count("  • ") == 3
    assert "«thoát» hoặc Ctrl-D để dừng" in terminal.shown


def test_person_asks_asks_on_and_leaves_by_word(terminal: Terminal) -> None:
    terminal.press("chỉ tiêu phủ sóng 5G năm 2027?\n")
    assert "65%" in terminal.see(PROMPT, times=2)
    terminal.press("còn 2030?\n")
    assert "99%" in terminal.see(PROMPT, times=3)
    terminal.press("thoát\n")
    assert terminal.end() == 0
    assert terminal.shown.endswith("Tạm biệt.\n")


@pytest.mark.parametrize("keys", ["\x04", "\x03", "5G năm\x03"], ids=["ctrl-d", "ctrl-c", "ctrl-c within a line"])
def test_person_leaves_by_key_in_peace(terminal: Terminal, keys: str) -> None:
    terminal.press(keys)
    assert terminal.end(again=keys[-1]) == 0
    assert terminal.shown.endswith("\nTạm biệt.\n")
    assert "Traceback" not in terminal.shown


def test_empty_line_asks_again(terminal: Terminal) -> None:
    terminal.press("\n  \n")
    terminal.see(PROMPT, times=3)
    assert "Không tìm thấy" not in terminal.shown


@pytest.mark.skipif(importlib.util.find_spec("readline") is None, reason="this Python has no readline")
def test_line_typed_before_comes_back(terminal: Terminal) -> None:
    terminal.press("chỉ tiêu phủ sóng 5G năm 2027?\n")
    once = terminal.see(PROMPT, times=2).count("65%")
    terminal.press("\x10\n")  # Ctrl-P, as the arrow up
    assert terminal.see(PROMPT, times=3).count("65%") == 2 * once


def test_vietnamese_is_typed_in_a_locale_without_utf_8(bot: CommandLine) -> None:
    opened = Terminal(bot.data_dir, locale="C")
    opened.see(PROMPT)
    opened.press("chỉ tiêu phủ sóng 5G năm 2027?\n")
    assert "65%" in opened.see(PROMPT, times=2)
    opened.close()


def test_lines_from_a_pipe_get_answers_alone(bot: CommandLine) -> None:
    ran = bot("chat", stdin="chỉ tiêu phủ sóng 5G năm 2027?\n\ncòn 2030?\nthoát\nkhông ai đọc dòng này\n")
    assert (ran.status, ran.err) == (0, "")
    assert [figure in ran.out for figure in ("65%", "99%", PROMPT, "Xin chào")] == [True, True, False, False]
    assert ran.out.count("Nguồn:") == 2


@pytest.mark.parametrize("typed", ["/help", "Trợ giúp", "?", "/HELP"])
def test_help_is_no_question(bot: CommandLine, typed: str) -> None:
    said = bot("chat", stdin=f"{typed}\n").out
    assert "Cứ hỏi bằng lời thường" in said
    assert "Nguồn:" not in said


@pytest.mark.parametrize(("typed", "answer"), [("Xin chào!", "Xin chào!"), ("cảm ơn", "Rất vui được giúp."), ("CAM ON BAN.", "Rất vui")])
def test_courtesies_are_returned(bot: CommandLine, typed: str, answer: str) -> None:
    assert bot("chat", stdin=f"{typed}\n").out.startswith(answer)


def test_person_is_told_that_the_store_holds_the_digest_or_nothing(tmp_path: Path) -> None:
    bot = CommandLine(tmp_path)
    bot("migrate")
    for said in ("Kho chưa có văn bản", "Đang dùng bản tóm lược đi kèm, không phải nguyên văn"):
        opened = Terminal(bot.data_dir)
        assert said in opened.see(PROMPT)
        opened.close()
        bot("ingest", "--samples")
