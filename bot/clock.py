"""The one clock: everything below takes the instant it is told."""

from __future__ import annotations

import datetime as dt


def now() -> dt.datetime:
    """This instant, aware."""
    return dt.datetime.now(dt.UTC)
