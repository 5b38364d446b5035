"""The libraries that a running assistant answers from, renewed when the documents or the approved answers change."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from time import monotonic

from db.approved import CurrentApproved, load_approved
from db.current import fingerprint_current, load_current
from db.engine import Database
from knowledge.answer import Library
from knowledge.encoder import Encoder
from knowledge.loading import approved_of, make_library

_LOOK_EVERY = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class _Loaded:
    fingerprint: str
    approved: tuple[CurrentApproved, ...]
    officials: Library
    public: Library

    def with_approved(self, rows: tuple[CurrentApproved, ...]) -> _Loaded:
        """The same documents with the approved answers of now: nothing is read anew."""
        officials = self.officials.with_approved(approved_of(rows))
        public = officials if self.public is self.officials else self.public.with_approved(approved_of(rows))
        return _Loaded(self.fingerprint, rows, officials, public)


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
            fingerprint, approved = await fingerprint_current(session), await load_approved(session)
        self._looked_at = monotonic()
        if loaded is None or (loaded.fingerprint != fingerprint and not self._loading.locked()):
            async with self._loading:
                loaded = self._loaded
                if loaded is None or loaded.fingerprint != fingerprint:
                    loaded = self._loaded = await self._load(fingerprint)
        if loaded.approved != approved:
            loaded = self._loaded = loaded.with_approved(approved)
        return loaded.officials if officials else loaded.public

    def look_again(self) -> None:
        """Something was just changed here: the next question is answered with it, not a second later."""
        self._looked_at = 0.0

    async def _load(self, fingerprint: str) -> _Loaded:
        async with self._database.read() as session:
            current, rows = await load_current(session), await load_approved(session)

        def make(*, officials: bool) -> Library:
            return make_library(
                current, index_folder=self._index_folder, encoder=self._encoder, officials=officials, approved=approved_of(rows)
            )

        library = await asyncio.to_thread(make, officials=True)
        has_internal = any(one.internal for one in library.catalogue.documents.values())
        public = await asyncio.to_thread(make, officials=False) if has_internal else library
        return _Loaded(fingerprint, rows, library, public)
