"""What is left of a person who was removed: nothing that they said, to whomever it was passed on."""

from __future__ import annotations

import datetime as dt

from db.accounts import Account, letter_to
from db.conversations import Inquiry
from db.engine import Database
from db.messages import Message, plain
from db.outbox import OutboxRow, OutboxState, Priority, add_messages, claim_message, fail_waiting, settle_message
from db.people import Contact
from db.removal import remove_account, remove_contact
from scheduler.sender import pace_of
from tests.telegram_bot import rows_of

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
