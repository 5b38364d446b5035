"""Answers that a person approved for a question: in force from their approval until they are withdrawn or their source is replaced."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlmodel import Field

from db.conversations import Inquiry
from db.documents import Document
from db.people import Contact
from db.schema import Row, table_of


class ApprovedAnswer(Row, table=True):
    """A question, its answer in a person's words, and the clause that it rests on; `quote` are that clause's own words.

    A draft until `approved_at`. Whether the source still holds is not stored: it is seen in the documents of today.
    """

    __tablename__ = "approved_answer"
    # A number that people have seen on a button is never another answer's.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: int = Field(default=None, primary_key=True)
    inquiry_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Inquiry).c.id, ondelete="SET NULL")], index=True)
    question: str
    answer: str
    document_id: int = Field(sa_column_args=[ForeignKey(table_of(Document).c.id, ondelete="CASCADE")], index=True)
    clause: str
    quote: str
    author_id: int | None = Field(default=None, sa_column_args=[ForeignKey(table_of(Contact).c.id, ondelete="SET NULL")])
    created_at: datetime
    approved_at: datetime | None = None
    withdrawn_at: datetime | None = None
