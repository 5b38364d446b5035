"""The soak in short: a few kills, without the platform's pace; `make soak` is the long one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.soak import soak


@pytest.mark.timeout(150)
async def test_killed_again_and_again_nothing_is_lost_or_sent_twice_without_cause(database_url: str, tmp_path: Path) -> None:
    verdict = await soak(messages=100, chats=20, kills=2, url=database_url, data_dir=tmp_path, seed=57, alive=(0.05, 0.4), quick=True)
    assert verdict.is_good, f"{verdict}\n{verdict.lost} {verdict.unexplained} {verdict.disordered}"
    assert sum(verdict.faults.values()) > 0
