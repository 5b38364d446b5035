"""Settings come from the environment or `.env`, and say what does not fit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings

EXAMPLE = Path(__file__).parent.parent / ".env.example"


def test_example_has_every_setting_with_its_default_and_a_line_on_it() -> None:
    lines = EXAMPLE.read_text("utf-8").splitlines()
    names = [line.split("=")[0] for line in lines if re.match(r"[A-Z]", line)]
    assert sorted(names) == sorted(name.upper() for name in Settings.model_fields)
    assert all(lines[place - 1].startswith("# ") for place, line in enumerate(lines) if re.match(r"[A-Z]", line))
    assert Settings(_env_file=EXAMPLE) == Settings(_env_file=None)


def test_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / ".env"
    file.write_text("WEB_PORT=9000\nWEB_HOST=0.0.0.0\n")
    monkeypatch.setenv("WEB_PORT", "9001")
    settings = Settings(_env_file=file)
    assert (settings.web_host, settings.web_port) == ("0.0.0.0", 9001)


def test_database_lies_in_the_data_folder_unless_named(tmp_path: Path) -> None:
    assert Settings(_env_file=None, data_dir=tmp_path).database_url == f"sqlite:///{tmp_path}/assistant.db"
    assert Settings(_env_file=None, database_url="postgresql:///plans").database_url == "postgresql:///plans"


@pytest.mark.parametrize("name", ["TELEGRAM_BOT_TOKEN", "ZALO_BOT_TOKEN"])
def test_demo_ends_with_the_first_channel(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    assert Settings(_env_file=None).is_demo
    monkeypatch.setenv(name, "12345:abcdef")
    assert not Settings(_env_file=None).is_demo
    monkeypatch.setenv("DEMO", "true")
    assert Settings(_env_file=None).is_demo


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMIN_INVITE", "quá ngắn"),
        ("SECRET_KEY", "short"),
        ("TELEGRAM_API_BASE", "api.telegram.org"),
        ("TELEGRAM_MODE", "push"),
        ("TIMEZONE", "Asia/Hoa_Giang"),
        ("DEMO_START", "2026-01-05T08:00"),
        ("WORKING_HOURS", "morning"),
        ("WORKING_HOURS", "25:00-26:00"),
        ("WORKING_HOURS", "08:00-08:00"),
        ("SEND_RATE", "0"),
    ],
)
def test_value_that_does_not_fit_is_refused_by_name(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings(_env_file=None)
    assert caught.value.errors()[0]["loc"][0] == name.lower()


def test_secrets_are_not_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "12345:abcdef")
    assert "abcdef" not in repr(Settings(_env_file=None))
