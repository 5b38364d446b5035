"""What an installation can set, by environment or `.env`: each name once, with its default."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, AwareDatetime, Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class UnusableFile(Exception):
    """A file of the installation's own cannot be used; `reason` says why."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}") from error
    return name


def _real_hours(hours: str) -> str:
    times = sorted(dt.time.fromisoformat(one) for one in re.split("[-,]", hours))
    if times[0] == times[-1]:
        raise ValueError("no time between them")
    return hours


def _header_safe(secret: SecretStr) -> SecretStr:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret.get_secret_value()):
        raise ValueError("1 to 256 letters, digits, _ or -")
    return secret


def _without_slash(address: str) -> str:
    return address.rstrip("/")


Address = Annotated[str, Field(pattern=r"^https?://[^/\s]+"), AfterValidator(_without_slash)]
Rate = Annotated[float, Field(gt=0)]


class Settings(BaseSettings):
    """The settings of one installation; environment names are the fields' in upper case. Empty means not set.

    Raises `pydantic.ValidationError` naming every value that does not fit.
    """

    model_config = SettingsConfigDict(env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore", frozen=True)

    # Where things are kept.
    data_dir: Path = Path("data")
    database_url: str = ""
    documents_dir: Path | None = None
    secret_key: SecretStr | None = Field(default=None, min_length=32)

    # How questions are answered.
    embedding_model: str = ""
    public_questions: bool = False
    conversation_minutes: int = Field(default=30, ge=1)
    inquiry_months: int = Field(default=12, ge=1)
    # Messages a minute that one person may send, a registered one and a stranger.
    person_rate: int = Field(default=40, ge=1)
    stranger_rate: int = Field(default=10, ge=1)
    ingest_max_mb: int = Field(default=50, ge=1)
    evidence_max_mb: int = Field(default=20, ge=1, le=20)
    ingest_max_pages: int = Field(default=1000, ge=1)

    # Demo: None means that it is on when no channel has a token.
    demo: bool | None = None
    demo_start: AwareDatetime = dt.datetime(2026, 1, 5, 8, tzinfo=dt.timezone(dt.timedelta(hours=7)))

    # The web page.
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8057, ge=0, le=65535)
    public_base_url: Address | None = None
    admin_invite: SecretStr | None = Field(default=None, min_length=16)

    # Telegram.
    telegram_bot_token: SecretStr | None = None
    telegram_api_base: Address = "https://api.telegram.org"
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: Annotated[SecretStr, AfterValidator(_header_safe)] | None = None

    # Zalo: the bot (free), then the official account with its paid notices.
    zalo_bot_token: SecretStr | None = None
    zalo_api_base: Address = "https://bot-api.zaloplatforms.com"
    zalo_webhook_secret: SecretStr | None = Field(default=None, min_length=8)
    zalo_quota_users: int = Field(default=50, ge=0)
    zalo_quota_month: int = Field(default=3000, ge=0)
    zalo_oa_id: str = ""
    zalo_oa_app_id: str = ""
    zalo_oa_app_secret: SecretStr | None = None
    zalo_oa_secret_key: SecretStr | None = None
    zalo_oa_template_id: str = ""
    zalo_oa_api_base: Address = "https://openapi.zalo.me"
    zalo_oauth_base: Address = "https://oauth.zaloapp.com"
    zalo_zns_base: Address = "https://business.openapi.zalo.me"

    # Time, reminders and reports.
    timezone: Annotated[str, AfterValidator(_known_zone)] = "Asia/Ho_Chi_Minh"
    working_hours: Annotated[str, AfterValidator(_real_hours)] = Field(
        default="07:30-17:00", pattern=r"^\d\d:\d\d-\d\d:\d\d(,\d\d:\d\d-\d\d:\d\d)*$"
    )
    ladder: str = Field(default="-14,-7,-3,-1,0", pattern=r"^[+-]?\d+(,[+-]?\d+)*$")
    report_anchor: dt.date = dt.date(2026, 1, 5)
    report_at: dt.time = dt.time(8)

    # Sending: messages a second over all, a second in one chat, a minute in one group; how many at once.
    send_rate: Rate = 30
    chat_rate: Rate = 1
    group_rate: Rate = 20
    send_concurrency: int = Field(default=8, ge=1)

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="after")
    def _place_database(self) -> Self:
        if not self.database_url:
            # Frozen, so through the door that pydantic itself uses for this.
            object.__setattr__(self, "database_url", f"sqlite:///{self.data_dir / 'assistant.db'}")
        return self

    @property
    def has_channel(self) -> bool:
        """Whether any messaging channel has a token."""
        return bool(self.telegram_bot_token or self.zalo_bot_token or (self.zalo_oa_id and self.zalo_oa_app_secret))

    @property
    def is_demo(self) -> bool:
        """Whether this is a demo: as `DEMO` says, else when no channel has a token."""
        return not self.has_channel if self.demo is None else self.demo
