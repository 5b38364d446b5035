"""The libraries that a running assistant answers from, renewed when the documents change."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from db.current import fingerprint_current, load_current
from db.engine import Database
from knowledge.answer import Library
from knowledge.encoder import Encoder
from knowledge.loading import make_library

_LOOK_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class _Loaded:
    fingerprint: str
    officials: Library
    public: Library


class Shelf:
    """Two libraries, for officials and for everyone; one and the same while no document is internal."""

    def __init__(self, database: Database, *, index_folder: Path, encoder: Encoder) -> None:
        self._database, self._index_folder, self._encoder = database, index_folder, encoder
        self._loaded: _Loaded | None = None
        self._looked_at = 0.0
        self._loading = asyncio.Lock()

    async def library(self, *, officials: bool) -> Library:
        """The library of today's documents. While a changed store is being read, others are answered from the old one."""
        loaded = self._loaded
        if loaded is not None and monotonic() < self._looked_at + _LOOK_EVERY:
            return loaded.officials if officials else loaded.public
        async with self._database.read() as session:
            fingerprint = await fingerprint_current(session)
        self._looked_at = monotonic()
        if loaded is None or (loaded.fingerprint != fingerprint and not self._loading.locked()):
            async with self._loading:
                loaded = self._loaded
                if loaded is None or loaded.fingerprint != fingerprint:
                    loaded = self._loaded = await self._load(fingerprint)
        return loaded.officials if officials else loaded.public

    async def _load(self, fingerprint: str) -> _Loaded:
        async with self._database.read() as session:
            current = await load_current(session)

        def make(*, officials: bool) -> Library:
            return make_library(current, index_folder=self._index_folder, encoder=self._encoder, officials=officials)

        library = await asyncio.to_thread(make, officials=True)
        has_internal = any(one.internal for one in library.catalogue.documents.values())
        public = await asyncio.to_thread(make, officials=False) if has_internal else library
        return _Loaded(fingerprint, library, public)
