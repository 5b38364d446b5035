"""The list of documents: what each is, whether it still holds, and its file; page by page."""

from __future__ import annotations

from db.documents import Document, DocumentState, Version
from handlers.call import Assistant
from tests.speaking import NOW, commands, say, walk
from tests.worlds import FOCAL_POINT


async def test_list_tells_day_state_and_subject_and_gives_every_file(assistant: Assistant) -> None:
    listed = await say(assistant, FOCAL_POINT, "/vanban")
    assert "Kế hoạch số 128/KH-UBND – ban hành ngày 14/3/2026 – Phát triển hạ tầng số" in listed.text
    assert "đang được rà soát theo Thông báo của UBND tỉnh Hòa Giang (họp ngày 11/8/2026)" in listed.text
    assert "Báo cáo (ban hành 7/2026) – Kết quả" in listed.text and "đang dùng" in listed.text
    for command in commands(listed):
        assert (await say(assistant, FOCAL_POINT, command)).attachments


async def test_pages_are_turned_and_what_is_beyond_gets_the_nearest(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        for at in range(1, 9):
            number, state = f"{at}/TB-UBND", DocumentState.IN_FORCE
            document = Document(
                number=number, kind="Thông báo", issuer="", subject=f"Việc {at}", state=state, provenance={}, created_at=NOW
            )
            session.add(document)
            await session.flush()
            session.add(Version(document_id=document.id, number=1, text_fold_hash=str(at), created_at=NOW, is_current=True))
    seen = await walk(assistant, FOCAL_POINT, "/vanban", stem="văn bản trang")
    assert len(seen) == 3 and "(11)" in seen["/vanban"].text
    assert sum("không rõ ngày" in line for line in seen["văn bản trang 2"].text.split("\n")) == 5
    for page in (0, 99):
        assert "chỉ có 2 trang" in (await say(assistant, FOCAL_POINT, f"/vanban trang {page}")).text


async def test_empty_store_says_so(empty_assistant: Assistant) -> None:
    assert "chưa có văn bản" in (await say(empty_assistant, FOCAL_POINT, "/vanban")).text
