"""The doctor finds what is missing and says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.doctor import Check, check_disk, check_folder, check_fonts, diagnose, format_checks
from bot.settings import Settings
from db.engine import open_database
from db.migrations import HEAD
from tests.telegram_api import FakeTelegram


async def find(name: str, settings: Settings) -> Check:
    return next(check for check in await diagnose(settings) if check.name == name)


async def test_fresh_installation_is_well_and_stays_untouched(settings: Settings) -> None:
    checks = {check.name: check for check in await diagnose(settings)}
    assert {name for name, check in checks.items() if check.ok} >= {"database", "data_dir", "disk", "model"}
    assert not settings.data_dir.exists()


async def test_ready_database_is_named_with_its_revision(database_url: str) -> None:
    check = await find("database", Settings(_env_file=None, database_url=database_url))
    assert (check.ok, check.advice) == (True, "")
    assert HEAD in check.detail


async def test_database_of_a_newer_program_is_a_finding(database_url: str) -> None:
    database = open_database(database_url)
    async with database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    check = await find("database", Settings(_env_file=None, database_url=database_url))
    assert check.ok is False
    assert "9999" in check.detail


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/plans", "mysql:///plans", "rubbish"])
async def test_database_that_does_not_answer_is_a_finding_with_advice(url: str) -> None:
    check = await find("database", Settings(_env_file=None, database_url=url))
    assert check.ok is False
    assert "DATABASE_URL" in check.advice


async def test_password_of_the_database_is_not_shown(settings: Settings) -> None:
    for url in ("postgresql://nobody:hush@127.0.0.1:1/plans", "mysql://nobody:hush@localhost/plans", "postgresql://nobody:hush@:x/plans"):
        assert "hush" not in (await find("database", settings.model_copy(update={"database_url": url}))).detail


async def test_file_that_is_no_database_is_a_finding(tmp_path: Path) -> None:
    file = tmp_path / "assistant.db"
    file.write_text("Kế hoạch " * 1000)
    assert (await find("database", Settings(_env_file=None, database_url=f"sqlite:///{file}"))).ok is False


def test_folder_that_cannot_be_written_is_a_finding(tmp_path: Path) -> None:
    # A file in the way stops root too, which permissions do not.
    (tmp_path / "data").write_text("")
    assert check_folder(tmp_path / "data").ok is False
    assert check_folder(tmp_path / "other" / "deeper").ok is True


def test_full_disk_is_a_finding(tmp_path: Path) -> None:
    assert check_disk(tmp_path, least=10**18).ok is False
    assert check_disk(tmp_path / "not yet there", least=1).ok is True


async def test_model_that_does_not_load_is_a_finding(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.encoder.BUNDLED", tmp_path)
    check = await find("model", settings)
    assert check.ok is False
    assert "EMBEDDING_MODEL" in check.advice


def test_fonts_without_vietnamese_letters_do_not_count(tmp_path: Path) -> None:
    (tmp_path / "Symbol.ttf").touch()
    assert check_fonts([tmp_path, tmp_path / "missing"]).ok is False
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "DejaVuSans-Bold.ttf").touch()
    assert check_fonts([tmp_path]).ok is True


@pytest.mark.parametrize(
    ("given", "name", "ok"),
    [
        ({}, "page", True),
        ({"WEB_HOST": "0.0.0.0"}, "page", False),
        ({"DEMO": "false"}, "page", None),
        ({}, "telegram", None),
        ({"TELEGRAM_BOT_TOKEN": "no token"}, "telegram", False),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_MODE": "webhook"}, "telegram", False),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_API_BASE": "http://127.0.0.1:9"}, "telegram", False),
        ({"ZALO_BOT_TOKEN": "1:a"}, "zalo", True),
        ({"ZALO_OA_ID": "1"}, "zalo_oa", False),
        ({}, "secret_key", False),
        ({"SECRET_KEY": "k" * 32}, "secret_key", True),
    ],
)
async def test_optional_parts_are_off_ready_or_incomplete(
    given: dict[str, str], name: str, ok: bool | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    for setting, value in given.items():
        monkeypatch.setenv(setting, value)
    assert (await find(name, Settings(_env_file=None))).ok is ok


async def test_token_is_shown_to_telegram_and_its_bot_named(settings: Settings) -> None:
    async with FakeTelegram(username="hoa_giang_bot") as telegram:
        known = {"telegram_bot_token": SecretStr(telegram.token), "telegram_api_base": telegram.base_url}
        check = await find("telegram", settings.model_copy(update=known))
        assert check.ok and "@hoa_giang_bot" in check.detail and "https://t.me/hoa_giang_bot" in check.advice
        unknown = await find("telegram", settings.model_copy(update=known | {"telegram_bot_token": SecretStr("8001:other")}))
        assert unknown.ok is False and "@BotFather" in unknown.advice


async def test_people_and_waiting_messages_are_counted(database_url: str) -> None:
    check = await find("people", Settings(_env_file=None, database_url=database_url))
    assert check.ok is None and "0 cán bộ" in check.detail and "ADMIN_INVITE" in check.advice


async def test_every_check_is_printed_with_a_title_and_its_advice(settings: Settings) -> None:
    checks = await diagnose(settings)
    printed = format_checks(checks)
    assert all(check.detail in printed and check.advice in printed for check in checks)
    assert "✗ Khóa bí mật: Chưa có\n    → Chạy make setup" in printed
