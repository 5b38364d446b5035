"""An invented plan of an invented province, as it is stored: one passage and one fact of each kind."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from db.documents import (
    Content,
    Document,
    DocumentState,
    Rendition,
    add_document,
    add_rendition,
    add_version,
    list_current_versions,
)
from db.facts import Abbreviation, Assignment, Relation, Result, Target
from db.schema import Row
from knowledge import facts

SHA = "a" * 64

PASSAGE = {
    "ordinal": 0,
    "paragraph": 4,
    "kind": "bullet",
    "clause": "II.1.a",
    "headings": ("Mục tiêu", "Hạ tầng số"),
    "marker": "-",
    "text": "Mọi xã của tỉnh Hòa Giang có điểm truy cập công cộng.",
    "page": 2,
}
TARGET = facts.Target(
    clause="II.1.a",
    paragraph=4,
    page=2,
    indicator="Tỷ lệ xã có điểm truy cập công cộng",
    comparator=facts.Comparator.AT_LEAST,
    value=92.5,
    value_max=None,
    printed="92,5",
    unit="%",
    base="",
    horizon_year=2030,
    per_year=False,
    quantified=True,
    quote="đạt từ 92,5% trở lên",
    group="hạ tầng",
)
RESULT = facts.Result(
    clause="I.2",
    paragraph=1,
    page=None,
    indicator="Số trạm",
    value=31,
    printed="31",
    unit="trạm",
    approximate=True,
    hedge="khoảng",
    scope="cấp xã",
    as_of="2025-07",
    quote="khoảng 31 trạm",
)
ASSIGNMENT = facts.Assignment(
    clause="III.2",
    paragraph=9,
    page=4,
    task="Lập danh sách điểm chưa có sóng",
    lead=("Sở Xây dựng",),
    coordinating=("Sở Tài chính", "Công an tỉnh"),
    report_to=(),
    due_on=dt.date(2026, 3, 15),
    due_text="trước ngày 15/3/2026",
    inclusive=False,
    period_from=None,
    period_to=None,
    recurrence=(facts.Recurrence.QUARTER,),
    quote="Lập danh sách điểm chưa có sóng trước ngày 15/3/2026",
)
RELATION = facts.Relation(
    kind=facts.RelationKind.REPLACES, newer="", older="12/KH-HG", clause="mở đầu", paragraph=0, page=1, quote="thay Kế hoạch số 12/KH-HG"
)
ABBREVIATION = facts.Abbreviation(short="HTS", long="Hạ tầng số")

FACTS: dict[str, tuple[type[Row], Any]] = {
    "targets": (Target, TARGET),
    "results": (Result, RESULT),
    "assignments": (Assignment, ASSIGNMENT),
    "relations": (Relation, RELATION),
    "abbreviations": (Abbreviation, ABBREVIATION),
}


def fields_of(fact: Any) -> dict[str, Any]:
    """A fact as its table's columns."""
    return {part.name: getattr(fact, part.name) for part in dataclasses.fields(fact)}


def whole_content() -> Content:
    """A passage and one fact of each kind."""
    return Content(passages=[PASSAGE], **{name: [fields_of(fact)] for name, (_, fact) in FACTS.items()})


async def add_plan(session: AsyncSession, now: dt.datetime, **given: Any) -> Document:
    """A document in force with one version."""
    values = {"number": "15/KH-HG", "issued_on": "2025-09", "issuer": "UBND tỉnh Hòa Giang", "state": DocumentState.IN_FORCE, **given}
    document = await add_document(session, Document(**values, created_at=now))
    await add_version(session, document_id=document.id, text_fold_hash="folded", content=whole_content(), now=now)
    return document


async def add_plan_file(session: AsyncSession, document: Document, sha256: str) -> None:
    """One file of the document's current version; its bytes must have their row."""
    _, version = next(pair for pair in await list_current_versions(session) if pair[0].id == document.id)
    await add_rendition(
        session, Rendition(version_id=version.id, file_name="ke-hoach.docx", sha256=sha256, format="docx", pages=None, size=3)
    )
