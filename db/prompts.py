"""What a person was asked and has not answered yet: one open question a talk, the newest."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.schema import Json, Row, upsert


class Prompt(Row, table=True):
    """A question of ours that waits for an answer in a talk (`key` as in `Incoming.talk`). `kind` names it, `about` is what
    is known so far; after `expires_at` whatever is said is no answer to it."""

    key: str = Field(primary_key=True)
    kind: str
    about: dict[str, Any] = Field(default_factory=dict, sa_type=Json(dict[str, Any]))
    asked_at: datetime
    expires_at: datetime = Field(index=True)


async def ask(session: AsyncSession, prompt: Prompt) -> None:
    """Have this question wait for its answer; one that waited before does not any more."""
    await upsert(session, [prompt])


async def get_prompt(session: AsyncSession, key: str, *, now: datetime) -> Prompt | None:
    """What is being waited for in a talk."""
    prompt = await session.get(Prompt, key)
    return prompt if prompt is not None and prompt.expires_at > now else None


async def list_awaited_files(session: AsyncSession, *, now: datetime) -> set[str]:
    """The hashes of files whose sender was asked what they are for, and may still answer (`about["files"]`)."""
    query = select(col(Prompt.about)).where(col(Prompt.expires_at) > now)
    abouts = (await session.execute(query)).scalars()
    return {one["sha256"] for about in abouts for one in about.get("files", ()) if "sha256" in one}


async def end_prompt(session: AsyncSession, key: str) -> bool:
    """It was answered, or is not waited for any more; whether anything was."""
    ended = delete(Prompt).where(col(Prompt.key) == key).returning(col(Prompt.key))
    return (await session.execute(ended)).first() is not None


async def forget_prompts(session: AsyncSession, *, before: datetime) -> None:
    """Delete what nobody answered in time."""
    await session.execute(delete(Prompt).where(col(Prompt.expires_at) < before))
