"""Answers that a person approved for a question: in force from their approval until they are withdrawn or their source is replaced."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ForeignKey, case, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import Field, col

from db.conversations import Inquiry
from db.documents import Document
from db.people import Agency, Contact
from db.schema import Row, table_of


class ApprovedAnswer(Row, table=True):
    """A question, its answer in a person's words, and the clause that it rests on; `quote` are that clause's own words.

    A draft until `approved_at`, at first perhaps without a source. `author_id` wrote it, then whoever approved it.
    Whether the source still holds is not stored: it is seen in the documents of today.
    """

    __tablename__ = "approved_answer"
    # A number that people have seen on a button is never another answer's.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int = Field(default=None, primary_key=True)
    inquiry_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Inquiry).c.id, ondelete="SET NULL")], index=True)
    question: str
    answer: str
    document_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Document).c.id, ondelete="CASCADE")], index=True)
    clause: str = ""
    quote: str = ""
    author_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")])
    created_at: datetime
    approved_at: datetime | None = None
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CurrentApproved:
    """An approved answer with who approved it: `author` is empty once they have been removed, `agency` when they had none."""

    id: int
    inquiry_id: int | None
    question: str
    answer: str
    document_id: int
    clause: str
    quote: str
    author: str
    agency: str
    approved_at: datetime
    withdrawn_at: datetime | None


async def load_approved(session: AsyncSession, *, also_withdrawn: bool = False) -> tuple[CurrentApproved, ...]:
    """The answers that were approved and not withdrawn (or withdrawn as well), in the order they were written."""
    answer, contact, agency = table_of(ApprovedAnswer).c, table_of(Contact).c, table_of(Agency).c
    name = case((contact.removed_at.is_(None), contact.name), else_="")
    query = (
        select(
            answer.id,
            answer.inquiry_id,
            answer.question,
            answer.answer,
            answer.document_id,
            answer.clause,
            answer.quote,
            func.coalesce(name, ""),
            func.coalesce(agency.name, ""),
            answer.approved_at,
            answer.withdrawn_at,
        )
        .join_from(table_of(ApprovedAnswer), table_of(Contact), contact.id == answer.author_id, isouter=True)
        .join(table_of(Agency), agency.code == contact.agency_code, isouter=True)
        .where(answer.approved_at.is_not(None))
        .order_by(answer.id)
    )
    if not also_withdrawn:
        query = query.where(answer.withdrawn_at.is_(None))
    return tuple(CurrentApproved(*row) for row in await session.execute(query))


async def lock_approvals(session: AsyncSession) -> None:
    """Let one at a time approve, until the transaction ends: two answers to one question would else both be approved."""
    # On SQLite a writing transaction is alone already.
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtext("approved"))))


async def get_answer(session: AsyncSession, answer_id: int, *, is_locked: bool = True) -> ApprovedAnswer | None:
    """The draft or approved answer with this number; `is_locked`: to be changed, which a reading session cannot."""
    return await session.get(ApprovedAnswer, answer_id, with_for_update=True if is_locked else None)


async def put_draft(session: AsyncSession, inquiry: Inquiry, author_id: int, answer: str, *, now: datetime) -> ApprovedAnswer:
    """Store what somebody would answer, in place of what they wrote for the same question before."""
    query = select(ApprovedAnswer).where(
        col(ApprovedAnswer.inquiry_id) == inquiry.id, col(ApprovedAnswer.author_id) == author_id, col(ApprovedAnswer.approved_at).is_(None)
    )
    draft = (await session.execute(query.limit(1).with_for_update())).scalar_one_or_none()
    if draft is None:
        draft = ApprovedAnswer(inquiry_id=inquiry.id, author_id=author_id, question=inquiry.question, answer=answer, created_at=now)
        session.add(draft)
    draft.answer, draft.created_at = answer, now
    draft.document_id, draft.clause, draft.quote = None, "", ""
    await session.flush()
    return draft


async def find_draft_without_source(session: AsyncSession, author_id: int, *, since: datetime) -> int | None:
    """The number of the latest draft of this person that lacks nothing but its source."""
    query = select(col(ApprovedAnswer.id)).where(col(ApprovedAnswer.author_id) == author_id, col(ApprovedAnswer.created_at) >= since)
    query = query.where(col(ApprovedAnswer.approved_at).is_(None), col(ApprovedAnswer.document_id).is_(None))
    return (await session.execute(query.order_by(col(ApprovedAnswer.created_at).desc()).limit(1))).scalar_one_or_none()


async def approve_answer(session: AsyncSession, answer_id: int, author_id: int, *, now: datetime) -> bool:
    """Put a draft in force; false when it is none any more. Of two at once, one does."""
    query = update(ApprovedAnswer).where(col(ApprovedAnswer.id) == answer_id, col(ApprovedAnswer.approved_at).is_(None))
    approved = query.values(approved_at=now, author_id=author_id).returning(col(ApprovedAnswer.id))
    return (await session.execute(approved)).scalar_one_or_none() is not None


async def withdraw_answer(session: AsyncSession, answer_id: int, *, now: datetime) -> bool:
    """Answer with it no more; false when it was not approved, or is withdrawn already."""
    query = update(ApprovedAnswer).where(col(ApprovedAnswer.id) == answer_id, col(ApprovedAnswer.approved_at).is_not(None))
    withdrawn = query.where(col(ApprovedAnswer.withdrawn_at).is_(None)).values(withdrawn_at=now).returning(col(ApprovedAnswer.id))
    return (await session.execute(withdrawn)).scalar_one_or_none() is not None


async def drop_draft(session: AsyncSession, answer_id: int) -> bool:
    """Delete a draft; false when there is none, or it was approved."""
    query = delete(ApprovedAnswer).where(col(ApprovedAnswer.id) == answer_id, col(ApprovedAnswer.approved_at).is_(None))
    return (await session.execute(query.returning(col(ApprovedAnswer.id)))).scalar_one_or_none() is not None


async def forget_drafts(
    session: AsyncSession, *, inquiries: Collection[int] = (), author_id: int | None = None, before: datetime | None = None
) -> list[int]:
    """Delete the drafts that answer these questions, that this person wrote, or that are older; returns their numbers."""
    is_meant: list[ColumnElement[bool]] = [col(ApprovedAnswer.inquiry_id).in_(inquiries)]
    if author_id is not None:
        is_meant.append(col(ApprovedAnswer.author_id) == author_id)
    if before is not None:
        is_meant.append(col(ApprovedAnswer.created_at) < before)
    query = delete(ApprovedAnswer).where(or_(*is_meant), col(ApprovedAnswer.approved_at).is_(None)).returning(col(ApprovedAnswer.id))
    return list((await session.execute(query)).scalars())


async def forget_approved_by(session: AsyncSession, author_ids: Collection[int]) -> None:
    """Delete the answers, drafts too, of these people."""
    await session.execute(delete(ApprovedAnswer).where(col(ApprovedAnswer.author_id).in_(author_ids)))


async def forget_withdrawn(session: AsyncSession, *, before: datetime) -> None:
    """Delete the answers that were withdrawn before then."""
    await session.execute(delete(ApprovedAnswer).where(col(ApprovedAnswer.withdrawn_at) < before))


async def empty_withdrawn_questions(session: AsyncSession, *, inquiries: Collection[int]) -> bool:
    """Take the words of these questions from the answers to them that were withdrawn; whether there were any."""
    query = update(ApprovedAnswer).where(col(ApprovedAnswer.inquiry_id).in_(inquiries), col(ApprovedAnswer.withdrawn_at).is_not(None))
    return bool((await session.execute(query.values(question="").returning(col(ApprovedAnswer.id)))).scalars().all())
