"""What is logged, and that no secret is: a platform's token stands in its addresses, which libraries like to print."""

from __future__ import annotations

import logging

from pydantic import SecretStr

from bot.settings import Settings

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
# They write a line for every call.
_TALKATIVE = ("httpx", "httpcore", "aiohttp.access", "aiogram.event", "aiogram.dispatcher", "apscheduler", "faiss", "alembic")
# The one writes the whole page that a proxy answered with, and what came of a call is logged by us; the other writes what is
# stored, codes, names and questions among it.
_MUTE, _NEVER = ("telegram",), ("aiosqlite",)


class _WithoutSecrets(logging.Formatter):
    def __init__(self, secrets: list[str]) -> None:
        super().__init__(_FORMAT)
        self._secrets = secrets

    def format(self, record: logging.LogRecord) -> str:
        text = super().format(record)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        return text


def start_logging(settings: Settings) -> None:
    """Log to the error stream, at the level that is set, every secret of the settings blotted out, also in tracebacks."""
    secrets = [value.get_secret_value() for value in dict(settings).values() if isinstance(value, SecretStr)]
    handler = logging.StreamHandler()
    handler.setFormatter(_WithoutSecrets(sorted(filter(None, secrets), key=len, reverse=True)))
    logging.basicConfig(level=settings.log_level, handlers=[handler], force=True)
    for name in _NEVER:
        logging.getLogger(name).setLevel(logging.WARNING)
    if settings.log_level != "DEBUG":
        for name in _TALKATIVE:
            logging.getLogger(name).setLevel(logging.WARNING)
        for name in _MUTE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
