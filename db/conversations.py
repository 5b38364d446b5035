"""What a talk was about, turn by turn, and every question with its answer and verdict."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, ConfigDict, JsonValue
from sqlalchemy import ForeignKey, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.accounts import Account
from db.people import Agency, Contact
from db.schema import Json, Row, table_of, text_enum, upsert

# The kind of a row that keeps words which were searched for, not a question.
SEARCH = "search"


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
    """The last turns of one talk; `key` names the chat («telegram:BOT:CHAT», in a group «…:PERSON»)."""

    key: str = Field(primary_key=True)
    turns: tuple[Turn, ...] = Field(sa_type=Json(tuple[Turn, ...]))
    updated_at: datetime


class Inquiry(Row, table=True):
    """A question, the answer given and what it cited; then what the asker said of it, and who has looked into that."""

    # A number that people have seen on a button is never another question's.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int = Field(default=None, primary_key=True)
    conversation: str | None = Field(default=None, index=True)
    account_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Account).c.id, ondelete="SET NULL")], index=True)
    question: str
    kind: str
    answered: bool
    answer: str
    citations: tuple[Citation, ...] = Field(sa_type=Json(tuple[Citation, ...]))
    # What the talk was about after it, in the words of whoever understands questions: buttons go on from there.
    about: dict[str, JsonValue] = Field(default_factory=dict, sa_type=Json(dict[str, JsonValue]))
    verdict: Verdict | None = Field(default=None, sa_type=text_enum(Verdict))
    correction: str = ""
    reviewed_by: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")])
    reviewed_at: datetime | None = None
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


async def get_inquiry(session: AsyncSession, inquiry_id: int) -> Inquiry | None:
    """The question with this number, while it is kept."""
    return await session.get(Inquiry, inquiry_id)


async def latest_inquiry(session: AsyncSession, key: str) -> Inquiry | None:
    """The question asked last in a talk, while it is kept."""
    query = select(Inquiry).where(col(Inquiry.conversation) == key).order_by(col(Inquiry.id).desc()).limit(1)
    return (await session.execute(query)).scalar_one_or_none()


async def move_inquiries(session: AsyncSession, old_account_id: int, account_id: int) -> None:
    """What somebody asked from an account that was theirs goes with them to the new one."""
    await session.execute(update(Inquiry).where(col(Inquiry.account_id) == old_account_id).values(account_id=account_id))


async def set_verdict(session: AsyncSession, inquiry_id: int, verdict: Verdict) -> bool:
    """Note what the asker said; false when there is no such question, or it has a verdict already."""
    query = update(Inquiry).where(col(Inquiry.id) == inquiry_id, col(Inquiry.verdict).is_(None)).values(verdict=verdict)
    return (await session.execute(query.returning(col(Inquiry.id)))).scalar_one_or_none() is not None


async def review_inquiry(session: AsyncSession, inquiry_id: int, contact_id: int, *, now: datetime) -> bool:
    """Note who looked into a disliked answer; false when somebody has already."""
    query = update(Inquiry).where(col(Inquiry.id) == inquiry_id, col(Inquiry.reviewed_at).is_(None))
    reviewed = query.values(reviewed_by=contact_id, reviewed_at=now).returning(col(Inquiry.id))
    return (await session.execute(reviewed)).scalar_one_or_none() is not None


async def count_inquiries(session: AsyncSession, account_ids: Collection[int]) -> int:
    """How many questions of these accounts are kept."""
    query = select(func.count()).select_from(Inquiry).where(col(Inquiry.account_id).in_(account_ids))
    return (await session.execute(query)).scalar_one()


async def forget_inquiries(session: AsyncSession, *, before: datetime) -> int:
    """Delete the questions from before then; returns how many."""
    query = delete(Inquiry).where(col(Inquiry.asked_at) < before).returning(col(Inquiry.id))
    return len((await session.execute(query)).scalars().all())


async def forget_talks(session: AsyncSession, *, before: datetime) -> int:
    """Delete the talks in which nothing was said since then; returns how many."""
    query = delete(Conversation).where(col(Conversation.updated_at) < before).returning(col(Conversation.key))
    return len((await session.execute(query)).scalars().all())


async def end_talk(session: AsyncSession, key: str) -> bool:
    """Forget what a talk was about; false when there was none."""
    query = delete(Conversation).where(col(Conversation.key) == key).returning(col(Conversation.key))
    return (await session.execute(query)).scalar_one_or_none() is not None


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """A question that a person should look at: it had no answer, or its answer was judged wrong; `agency` may know of it."""

    id: int
    question: str
    kind: str
    is_wrong: bool
    correction: str
    agency: str
    account_id: int | None
    conversation: str | None
    asked_at: datetime


async def list_unreviewed(session: AsyncSession, *, limit: int) -> list[Unreviewed]:
    """The questions without an answer, or judged wrong, that nobody has looked at: the latest ones, newest first."""
    is_wrong = col(Inquiry.verdict) == Verdict.WRONG
    # Words that were looked for and stand nowhere ask nothing.
    is_open = ~col(Inquiry.answered) & col(Inquiry.verdict).is_(None) & (col(Inquiry.kind) != SEARCH)
    query = (
        select(
            col(Inquiry.id),
            col(Inquiry.question),
            col(Inquiry.kind),
            func.coalesce(is_wrong, False),
            col(Inquiry.correction),
            func.coalesce(col(Agency.name), ""),
            col(Inquiry.account_id),
            col(Inquiry.conversation),
            col(Inquiry.asked_at),
        )
        .join(Account, col(Account.id) == col(Inquiry.account_id), isouter=True)
        .join(Contact, col(Contact.id) == col(Account.contact_id), isouter=True)
        .join(Agency, col(Agency.code) == col(Contact.agency_code), isouter=True)
        .where(col(Inquiry.reviewed_at).is_(None), or_(is_wrong, is_open))
        .order_by(col(Inquiry.id).desc())
        .limit(limit)
    )
    return [Unreviewed(*row) for row in await session.execute(query)]
