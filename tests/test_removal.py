"""What is left of a person who was removed: nothing that they said, to whomever it was passed on."""

from __future__ import annotations

import datetime as dt

from db.accounts import Account, letter_to
from db.conversations import Inquiry
from db.duties import Duty
from db.engine import Database
from db.messages import Message, plain
from db.outbox import OutboxRow, OutboxState, Priority, add_messages, claim_message, fail_waiting, settle_message
from db.people import Agency, Contact, find_contact, upsert_agencies
from db.removal import remove_account, remove_contact
from db.reports import ChangeKind, DutyChange
from handlers.call import Assistant
from scheduler import course
from scheduler.course import By
from scheduler.sender import pace_of
from tests.speaking import NOW, say
from tests.staffed import RULES, join, link, owe, told
from tests.telegram_bot import rows_of
from tests.worlds import COORDINATOR, FOCAL_POINT

PACE = pace_of(send_rate=1000, chat_rate=1000, group_rate=1000)
WORDS = "Trần Thị Bình hỏi: 5G?"


def person(user_id: str, now: dt.datetime) -> Account:
    return Account(channel="telegram", bot_id="1", user_id=user_id, chat_id=user_id, created_at=now)


def report_to(account: Account, state: OutboxState, now: dt.datetime, topic: str) -> OutboxRow:
    row = letter_to(account, plain(WORDS), priority=Priority.NUDGE, now=now, topic=topic)
    row.state, row.called_at = state, now
    return row


async def test_report_is_emptied_wherever_it_stands_and_so_is_its_new_form(database: Database, now: dt.datetime) -> None:
    asker = person("1", now)
    states = (OutboxState.SENT, OutboxState.PENDING, OutboxState.SENDING)
    async with database.write() as session:
        coordinators = [person(f"{number}", now) for number in range(2, 2 + len(states))]
        session.add_all([asker, *coordinators])
        await session.flush()
        inquiry = Inquiry(account_id=asker.id, question=WORDS, kind="none", answered=False, answer="", citations=(), asked_at=now)
        session.add(inquiry)
        await session.flush()
        topic = f"report:{inquiry.id}"
        reports = [report_to(one, state, now, topic) for one, state in zip(coordinators, states, strict=True)]
        await add_messages(session, reports)
        edit = letter_to(coordinators[0], plain(f"{WORDS} Đã xem xét."), priority=Priority.ANSWER, now=now)
        edit.edits = reports[0].id
        await add_messages(session, [edit])
    async with database.write() as session:
        stored = await session.get(Account, asker.id)
        assert stored is not None
        await remove_account(session, stored, now=now)
    left = {row.state: row for row in await rows_of(database, OutboxRow)}
    # What was not sent yet is not sent at all; what is in flight is forgotten when it is settled.
    assert set(left) == {OutboxState.SENT, OutboxState.SENDING}
    assert left[OutboxState.SENT].message == Message(paragraphs=())
    assert left[OutboxState.SENDING].is_secret
    async with database.write() as session:
        assert await settle_message(session, left[OutboxState.SENDING], now=now, state=OutboxState.SENT)
    assert not any("Bình" in row.message.text for row in await rows_of(database, OutboxRow))


async def test_secret_is_forgotten_however_its_message_ends(database: Database, now: dt.datetime) -> None:
    async with database.write() as session:
        secret = letter_to(person("1", now), plain("CDFGHJKLMN"), priority=Priority.ANSWER, now=now)
        other = letter_to(person("2", now), plain("CDFGHJKLMN"), priority=Priority.ANSWER, now=now)
        secret.is_secret = other.is_secret = True
        await add_messages(session, [secret, other])
        await fail_waiting(session, "telegram", "1", "2", reason="blocked", now=now)
        await claim_message(session, "telegram", "1", now=now, lease=lambda _: dt.timedelta(seconds=8), pace=PACE)
    async with database.write() as session:
        (row, _) = await rows_of(database, OutboxRow)
        assert await settle_message(session, row, now=now, state=OutboxState.UNCERTAIN)
    assert [row.message.text for row in await rows_of(database, OutboxRow)] == ["", ""]


async def test_name_goes_from_signatures_and_from_nowhere_else(database: Database, now: dt.datetime) -> None:
    said = "An toàn thông tin.\nCâu trả lời được duyệt ngày 05/01/2026 (An, Sở Y tế)."
    async with database.write() as session:
        author, reader = Contact(name="An", created_at=now), person("1", now)
        session.add_all([author, reader])
        await session.flush()
        session.add(Inquiry(question="?", kind="approved", answered=True, answer=said, citations=(), asked_at=now))
        await add_messages(session, [report_to(reader, OutboxState.SENT, now, "inquiry:1")])
        row = letter_to(reader, plain(said), priority=Priority.ANSWER, now=now, topic="inquiry:1")
        await add_messages(session, [row])
        # Of several questions in one message, and on the list where the source is gone.
        session.add(Inquiry(question="?", kind="target", answered=True, answer=f"1. Có.\n2. {said}", citations=(), asked_at=now))
        listed = letter_to(reader, plain("1. ? → Có (05/01/2026; An) – hết"), priority=Priority.ANSWER, now=now, topic="approvals")
        await add_messages(session, [listed])
        await remove_contact(session, author.id, name="đã xoá", now=now)
    wanted = said.replace("(An,", "(đã xoá,")
    assert [one.answer for one in await rows_of(database, Inquiry)] == [wanted, f"1. Có.\n2. {wanted}"]
    told = [one.message.text for one in await rows_of(database, OutboxRow)]
    assert told == [WORDS, wanted, "1. ? → Có (05/01/2026; đã xoá) – hết"]


async def test_what_a_removed_person_had_taken_on_is_nobodys_and_names_no_one(database: Database, now: dt.datetime) -> None:
    async with database.write() as session:
        await upsert_agencies(session, [Agency(code="SYT", name="Sở Y tế")])
        leaver = await join(session, "Trần Thị Bình", "0912000001", now, is_substitute=True, silenced_at=now, away_from=now.date())
        duty, other = await owe(session, now.date(), now), await owe(session, now.date(), now)
        await course.assign(session, duty, leaver.id, leaver.name, RULES, By(None, now))
        await course.assign(session, other, None, "Ngô Văn Phó", RULES, By(None, now))
        await remove_contact(session, leaver.id, name="đã xoá", now=now)
    assert {one.assignee_id for one in await rows_of(database, Duty)} == {None}
    assert [one.after for one in await rows_of(database, DutyChange) if one.kind is ChangeKind.ASSIGNED] == ["đã xoá", "Ngô Văn Phó"]
    (left,) = await rows_of(database, Contact)
    assert (left.is_substitute, left.silenced_at, left.away_from) == (False, None, None)


async def test_coordinator_is_told_when_a_removed_focal_point_was_the_last(assistant: Assistant) -> None:
    async with assistant.database.write() as session:
        coordinator = await find_contact(session, COORDINATOR)
        assert coordinator is not None
        await link(session, coordinator, NOW)
    assert "Đã xoá" in (await say(assistant, FOCAL_POINT, "xoá tôi chắc chắn")).text
    (passed_on,) = await told(assistant.database, coordinator)
    assert "đã yêu cầu xoá dữ liệu" in passed_on and "Sở Y tế không còn đầu mối nào nhận được tin" in passed_on
