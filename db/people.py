"""Agencies: who owes duties, and by which names they are called."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ForeignKey, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.schema import Json, Row, insert_missing, upsert


class Agency(Row, table=True):
    """A department, office or commune. `short_names` are what people type; `groups` what a text may call it with others."""

    code: str = Field(primary_key=True)
    name: str
    short_names: tuple[str, ...] = Field(default=(), sa_type=Json(tuple[str, ...]))
    kind: str = ""
    groups: tuple[str, ...] = Field(default=(), sa_type=Json(tuple[str, ...]))
    # Checked at commit, so that a list may name a parent after its children.
    parent: str | None = Field(
        default=None, sa_column_args=[ForeignKey("agency.code", ondelete="SET NULL", deferrable=True, initially="DEFERRED")]
    )


async def list_agencies(session: AsyncSession) -> list[Agency]:
    """All agencies, by code."""
    return list((await session.execute(select(Agency).order_by(col(Agency.code)))).scalars())


async def upsert_agencies(session: AsyncSession, agencies: Sequence[Agency]) -> None:
    """Store agencies; one whose code is known takes over everything given (a list imported again, the last word wins)."""
    await upsert(session, list({agency.code: agency for agency in agencies}.values()))


async def ensure_agencies(session: AsyncSession, agencies: Sequence[Agency]) -> list[Agency]:
    """Store the agencies whose code is not known yet and return them; known ones stay as a person imported them."""
    added = await insert_missing(session, agencies, key="code")
    return [agency for agency in agencies if agency.code in added]
