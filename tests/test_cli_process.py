"""`python -m bot` as a process of its own: what it imports, broken pipes, locales, Ctrl-C, the time to a first answer."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.command_line import with_corpus

ROOT = Path(__file__).parent.parent
BOT = (sys.executable, "-m", "bot")
# Torch alone takes seconds; the others belong to channels, readers, charts and the scheduler, not to an answer.
HEAVY = {"torch", "transformers", "sentence_transformers", "aiogram", "telegram", "apscheduler", "docx", "pypdfium2", "haystack", "tqdm"}
HEAVY |= {"matplotlib", "PIL"}
FIRST_ANSWER = 5.0  # seconds; about one on a laptop, and the machine that tests may be busy


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return with_corpus(tmp_path_factory.mktemp("process")).data_dir


@pytest.fixture
def env(data_dir: Path) -> dict[str, str]:
    return {**os.environ, "DATA_DIR": str(data_dir), "DATABASE_URL": f"sqlite:///{data_dir / 'assistant.db'}", "PYTHONWARNINGS": "error"}


@pytest.mark.parametrize("command", [["ask", "5G năm 2027?", "--json"], ["duties", "list", "--json"], ["catalogue", "targets", "--json"]])
def test_answering_and_listing_import_nothing_heavy(command: list[str], env: dict[str, str]) -> None:
    script = (
        "import sys\n"
        "from bot.cli import main\n"
        f"status = main({command!r})\n"
        "print(status, *sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    )
    ran = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=env, capture_output=True, text=True, timeout=50)
    status, *modules = ran.stderr.split()
    assert status == "0"
    assert ran.stdout
    assert "db" in modules
    assert HEAVY.isdisjoint(modules)


def test_first_answer_comes_soon(env: dict[str, str]) -> None:
    started = time.perf_counter()
    ran = subprocess.run([*BOT, "ask", "5G năm 2027?"], cwd=ROOT, env=env, capture_output=True, text=True, timeout=50)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "65%" in ran.stdout
    assert time.perf_counter() - started < FIRST_ANSWER


def test_answers_come_one_by_one_as_questions_do(env: dict[str, str]) -> None:
    command = [*BOT, "ask", "--jsonl", "-"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr
        for number in (1, 2):
            process.stdin.write(f'{{"id": {number}, "question": "5G năm 2027?"}}\n'.encode())
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(20) == 0
        assert process.stderr.read() == b""


def test_ctrl_c_ends_at_once_with_130_and_without_a_traceback(env: dict[str, str]) -> None:
    command = [*BOT, "ask", "--jsonl", "-"]
    with subprocess.Popen(command, cwd=ROOT, env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(b'{"id": 1, "question": "5G?"}\n')
        process.stdin.flush()
        assert process.stdout.readline()  # now it waits for the next line
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
        assert process.stderr.read() == b""


@pytest.mark.parametrize("command", ["catalogue targets --json", "duties list", "ask --jsonl -"])
def test_reader_that_has_had_enough_is_no_trouble(command: str, env: dict[str, str]) -> None:
    questions = "".join(f'{{"id": {number}, "question": "5G năm 2027?"}}\n' for number in range(200))
    shell = f"'{sys.executable}' -m bot {command} | head -1"
    ran = subprocess.run(["bash", "-c", shell], cwd=ROOT, env=env, input=questions, capture_output=True, text=True, timeout=50)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.count("\n") == 1


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}]
)
def test_vietnamese_goes_in_and_out_in_any_locale(locale: dict[str, str], env: dict[str, str]) -> None:
    line = json.dumps({"id": 1, "question": "chỉ tiêu phủ sóng 5G năm 2027?"}, ensure_ascii=False)
    ran = subprocess.run(
        [*BOT, "ask", "--jsonl", "-"], cwd=ROOT, env={**env, **locale}, input=line.encode(), capture_output=True, timeout=50
    )
    assert (ran.returncode, ran.stderr) == (0, b"")
    row = json.loads(ran.stdout.decode())
    assert (row["question"], row["answered"]) == ("chỉ tiêu phủ sóng 5G năm 2027?", True)
    asked = subprocess.run(
        [*BOT, "ask", "chỉ tiêu phủ sóng 5G năm 2027?"], cwd=ROOT, env={**env, **locale}, capture_output=True, timeout=50
    )
    assert "Nguồn: Kế hoạch 128/KH-UBND" in asked.stdout.decode()


def test_bytes_that_are_no_text_are_answered_all_the_same(env: dict[str, str]) -> None:
    line = b'{"id": 1, "question": "\xff\xfe 5G n\xc4\x83m 2027?"}\n'
    ran = subprocess.run([*BOT, "ask", "--jsonl", "-"], cwd=ROOT, env=env, input=line, capture_output=True, timeout=50)
    assert (ran.returncode, ran.stderr) == (0, b"")
    assert "65%" in json.loads(ran.stdout.decode())["text"]


def test_refusal_is_on_the_error_stream_with_status_2(env: dict[str, str]) -> None:
    ran = subprocess.run([*BOT, "hỏi"], cwd=ROOT, env=env, capture_output=True, timeout=50)
    assert (ran.returncode, ran.stdout) == (2, b"")
    assert "không có 'hỏi'" in ran.stderr.decode()
