"""What a talk was about, turn by turn, and every question with its answer and verdict."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.schema import Json, Row, text_enum, upsert


class Turn(BaseModel):
    """One question of a talk, and what it was about in the words of whoever understands questions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asked_at: AwareDatetime
    question: str
    about: dict[str, JsonValue] = {}


class Citation(BaseModel):
    """Where an answer stands: the file, its document, and the words; days are ISO, may be a month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    document: str
    file: str
    issued_on: str | None = None
    held_on: str | None = None
    clause: str = ""
    page: int | None = None
    quote: str = ""


class Verdict(StrEnum):
    """What the asker said of an answer."""

    RIGHT = "right"
    WRONG = "wrong"


class Conversation(Row, table=True):
    """The last turns of one talk; `key` names the chat («telegram:12345»)."""

    key: str = Field(primary_key=True)
    turns: tuple[Turn, ...] = Field(sa_type=Json(tuple[Turn, ...]))
    updated_at: datetime


class Inquiry(Row, table=True):
    """A question, the answer given and what it cited."""

    id: int = Field(default=None, primary_key=True)
    conversation: str | None = None
    question: str
    kind: str
    answered: bool
    answer: str
    citations: tuple[Citation, ...] = Field(sa_type=Json(tuple[Citation, ...]))
    verdict: Verdict | None = Field(default=None, sa_type=text_enum(Verdict))
    asked_at: datetime = Field(index=True)


async def get_turns(session: AsyncSession, key: str, *, since: datetime) -> tuple[Turn, ...]:
    """The last turns of a talk, oldest first; empty when nothing was said in it since then."""
    query = select(col(Conversation.turns)).where(col(Conversation.key) == key, col(Conversation.updated_at) >= since)
    return (await session.execute(query)).scalar_one_or_none() or ()


async def put_turns(session: AsyncSession, key: str, turns: Sequence[Turn], *, now: datetime) -> None:
    """Store the turns of a talk in place of what was there."""
    await upsert(session, [Conversation(key=key, turns=tuple(turns), updated_at=now)])


async def add_inquiry(session: AsyncSession, inquiry: Inquiry) -> Inquiry:
    """Store a question with its answer; it has its `id` afterwards."""
    session.add(inquiry)
    await session.flush()
    return inquiry


async def set_verdict(session: AsyncSession, inquiry_id: int, verdict: Verdict) -> bool:
    """Note what the asker said; false when there is no such question."""
    query = update(Inquiry).where(col(Inquiry.id) == inquiry_id).values(verdict=verdict).returning(col(Inquiry.id))
    return (await session.execute(query)).scalar_one_or_none() is not None
