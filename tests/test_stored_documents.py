"""Documents are kept with their versions, files and facts, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import dataclasses
import datetime as dt
import os
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from db.current import Current, fingerprint_current, load_current
from db.documents import (
    Content,
    Document,
    DocumentState,
    Origin,
    Version,
    add_document,
    add_version,
    find_document_by_identity,
    find_rendition_by_sha,
    find_versions_by_text,
    list_documents,
    list_passage_texts,
    mark_superseded,
    withdraw_samples,
)
from db.files import add_file, file_path, save_file
from db.schema import table_of
from db.sweep import delete_unlisted_files, delete_unused_rows, list_file_hashes
from tests.stored_plan import (
    FACTS,
    PASSAGE,
    SHA,
    add_plan,
    add_plan_file,
)


@pytest.mark.parametrize("name", FACTS)
def test_every_fact_has_its_columns(name: str) -> None:
    row, fact = FACTS[name]
    assert set(table_of(row).c.keys()) == {part.name for part in dataclasses.fields(fact)} | {"id", "version_id"}


async def test_current_holds_a_version_as_it_was_read(session: AsyncSession, tmp_path: Path, now: dt.datetime) -> None:
    document = await add_plan(session, now, provenance={"issued_on": Origin.SUPPLIED})
    saved = save_file(tmp_path, b"abc")
    await add_file(session, saved, now=now)
    await add_plan_file(session, document, saved.sha256)

    current = await load_current(session)

    (shown,) = current.documents
    assert (shown.number, shown.issued_on, shown.state, shown.provenance) == (
        "15/KH-HG",
        "2025-09",
        DocumentState.IN_FORCE,
        {"issued_on": Origin.SUPPLIED},
    )
    (passage,) = current.passages
    assert {name: getattr(passage, name) for name in PASSAGE} == PASSAGE
    (rendition,) = current.renditions
    assert (rendition.version_id, rendition.file_name, rendition.pages) == (shown.version_id, "ke-hoach.docx", None)
    for name, (_, fact) in FACTS.items():
        (row,) = getattr(current, name)
        assert type(fact)(**row.fields) == fact
        assert row.version_id == shown.version_id


async def test_only_the_newest_version_is_current(session: AsyncSession, now: dt.datetime) -> None:
    document = await add_plan(session, now)
    content = Content(passages=[{**PASSAGE, "text": "Đã sửa."}])
    newer = await add_version(session, document_id=document.id, text_fold_hash="other", content=content, now=now)
    current = await load_current(session)
    assert [passage.text for passage in current.passages] == ["Đã sửa."]
    assert current.targets == []
    assert newer.number == 2
    assert await list_passage_texts(session, newer.id) == ["Đã sửa."]
    # The older text is kept: an answer given from it can still be explained.
    assert [version.is_current for version in await find_versions_by_text(session, "folded")] == [False]


async def test_second_current_version_of_a_document_is_refused(session: AsyncSession, now: dt.datetime) -> None:
    document = await add_plan(session, now)
    session.add(Version(document_id=document.id, number=2, text_fold_hash="other", created_at=now, is_current=True))
    with pytest.raises(IntegrityError):
        await session.flush()


@pytest.mark.parametrize(
    ("state", "is_answered_from"),
    [(DocumentState.DRAFT, False), (DocumentState.IN_FORCE, True), (DocumentState.SUPERSEDED, True), (DocumentState.WITHDRAWN, False)],
)
async def test_state_decides_what_is_answered_from(
    session: AsyncSession, now: dt.datetime, state: DocumentState, is_answered_from: bool
) -> None:
    await add_plan(session, now, state=state)
    current = await load_current(session)
    assert bool(current.documents) == bool(current.passages) == is_answered_from


async def test_nothing_stored_is_nothing_current(session: AsyncSession) -> None:
    assert await load_current(session) == Current()


async def test_fingerprint_changes_with_what_is_current(session: AsyncSession, now: dt.datetime) -> None:
    seen = [await fingerprint_current(session)]
    document = await add_plan(session, now)
    seen.append(await fingerprint_current(session))
    await add_version(session, document_id=document.id, text_fold_hash="other", content=Content(), now=now)
    seen.append(await fingerprint_current(session))
    newer = await add_plan(session, now, number="20/KH-HG")
    seen.append(await fingerprint_current(session))
    await mark_superseded(session, document_id=document.id, by=newer.id)
    seen.append(await fingerprint_current(session))
    assert len(set(seen)) == len(seen)
    assert await fingerprint_current(session) == seen[-1]


async def test_known_bytes_lead_to_the_current_version_that_has_them(session: AsyncSession, tmp_path: Path, now: dt.datetime) -> None:
    saved = save_file(tmp_path, b"abc")
    await add_file(session, saved, now=now)
    document = await add_plan(session, now)
    await add_plan_file(session, document, saved.sha256)
    await add_version(session, document_id=document.id, text_fold_hash="other", content=Content(), now=now)

    holding = await find_rendition_by_sha(session, saved.sha256)
    assert holding is not None
    assert (holding.document.id, holding.version.number, holding.rendition.file_name) == (document.id, 1, "ke-hoach.docx")
    await add_plan_file(session, document, saved.sha256)
    holding = await find_rendition_by_sha(session, saved.sha256)
    assert holding is not None
    assert holding.version.number == 2
    assert await find_rendition_by_sha(session, SHA) is None


async def test_document_is_found_by_number_issuer_and_year(session: AsyncSession, now: dt.datetime) -> None:
    document = await add_plan(session, now, number="15/KH-HG", issuer="UBND tỉnh Hòa Giang", issued_on="2025-09")
    await add_plan(session, now, number="16/KH-HG", issuer="UBND tỉnh Hòa Giang", issued_on="2025-09", sample=True)

    async def find(number: str, issuer: str, year: int) -> Document | None:
        return await find_document_by_identity(session, number=number, issuer=issuer, year=year)

    assert await find("15/KH-HG", "UBND tỉnh Hòa Giang", 2025) is document
    assert await find("15/KH-HG", "UBND tỉnh Hòa Giang", 2024) is None
    assert await find("15/KH-HG", "Tỉnh ủy Hòa Giang", 2025) is None
    # A digest is not the document, whatever number it carries.
    assert await find("16/KH-HG", "UBND tỉnh Hòa Giang", 2025) is None


async def test_documents_come_newest_first_by_issue_else_by_the_day_held(session: AsyncSession, now: dt.datetime) -> None:
    for subject, issued_on, held_on in (("a", "2025-04-29", None), ("b", None, "2026-01-28"), ("c", None, None), ("d", "2025-09", None)):
        await add_document(session, Document(subject=subject, issued_on=issued_on, held_on=held_on, created_at=now))
    assert "".join(document.subject for document in await list_documents(session)) == "bdac"


async def test_superseding_names_the_newer_document(session: AsyncSession, now: dt.datetime) -> None:
    older, newer = await add_plan(session, now), await add_plan(session, now, number="20/KH-HG")
    await mark_superseded(session, document_id=older.id, by=newer.id)
    assert {shown.id: (shown.state, shown.superseded_by) for shown in (await load_current(session)).documents} == {
        older.id: (DocumentState.SUPERSEDED, newer.id),
        newer.id: (DocumentState.IN_FORCE, None),
    }
    with pytest.raises(ValueError):
        await mark_superseded(session, document_id=newer.id, by=newer.id)


async def test_withdrawing_samples_leaves_the_documents(session: AsyncSession, now: dt.datetime) -> None:
    sample, document = await add_plan(session, now, sample=True), await add_plan(session, now)
    assert await withdraw_samples(session) == [sample.id]
    assert [shown.id for shown in (await load_current(session)).documents] == [document.id]
    assert await withdraw_samples(session) == []


async def test_sweep_removes_orphans_and_spares_what_is_used_or_new(session: AsyncSession, tmp_path: Path, now: dt.datetime) -> None:
    used, unused, rowless = (save_file(tmp_path, data) for data in (b"used", b"unused", b"rowless"))
    (tmp_path / ".new-broken-off").touch()
    (tmp_path / "not ours.txt").touch()
    for saved in (used, unused):
        await add_file(session, saved, now=now)
    await add_plan_file(session, await add_plan(session, now), used.sha256)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(hours=2)

    assert await delete_unused_rows(session, before=now) == 0
    assert await delete_unused_rows(session, before=now + dt.timedelta(seconds=1)) == 1
    listed = await list_file_hashes(session)
    assert delete_unlisted_files(tmp_path, listed, before=now) == 0
    assert delete_unlisted_files(tmp_path, listed, before=later) == 3
    assert file_path(tmp_path, used.sha256).exists()
    assert not file_path(tmp_path, rowless.sha256).exists()
    assert (tmp_path / "not ours.txt").exists()


async def test_file_that_is_handed_in_again_is_new_again(session: AsyncSession, tmp_path: Path, now: dt.datetime) -> None:
    saved = save_file(tmp_path, b"abc")
    await add_file(session, saved, now=now)
    os.utime(file_path(tmp_path, saved.sha256), (0, 0))
    assert save_file(tmp_path, b"abc") == saved
    await add_file(session, saved, now=now + dt.timedelta(hours=1))
    assert delete_unlisted_files(tmp_path, [], before=now) == 0
    assert await delete_unused_rows(session, before=now + dt.timedelta(minutes=30)) == 0
    assert file_path(tmp_path, saved.sha256).read_bytes() == b"abc"


async def test_rendition_of_bytes_without_a_row_is_refused(session: AsyncSession, tmp_path: Path, now: dt.datetime) -> None:
    document = await add_plan(session, now)
    with pytest.raises(IntegrityError):
        await add_plan_file(session, document, SHA)


@pytest.mark.parametrize("name", ["../../etc/passwd", "", "A" * 64, "a" * 63])
def test_name_that_is_no_hash_is_no_path(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError):
        file_path(tmp_path, name)
