"""A person's data removed, wherever it is kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, String, and_, cast, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.accounts import Account, Invitation
from db.approved import empty_withdrawn_questions, forget_drafts
from db.conversations import Conversation, Inquiry
from db.duties import Duty, DutyState
from db.inbox import InboxRow, InboxState
from db.messages import Message
from db.outbox import OutboxRow, OutboxState
from db.people import Contact, Role
from db.prompts import Prompt, end_prompt
from db.reports import ChangeKind, DutyChange, StatusReport
from db.schema import table_of

_EMPTIED = {"message": Message(paragraphs=()), "topic": None}
# Kinds of topics whose messages name who approved an answer, or looked into a question.
_SIGNED = ("inquiry", "report", "reviews", "draft", "answered", "evidence")
_SIGNATURES = ("({},", "({})", "; {};", "; {})", ": {},")
# Kinds of topics whose messages say who answered for a duty, or decided; and how, where it begins or ends a line, in JSON.
_OF_DUTIES = ("nudge", "reply", "duty", "status", "extension", "owner", "decide", "history")
_NAMED = (": {} đã ", '"{} đã ', ' – {}"', " – {}: ", ": {}.", ": {}, ", ", {}.", ", {}, ", ' cho {}"', "({}, ")
# Kinds of topics whose messages say what somebody asked, by the number of the question.
_ABOUT_INQUIRY = ("inquiry", "report", "correction", "reviews", "compose", "search", "clause")
_PACED = timedelta(minutes=2)


async def remove_account(session: AsyncSession, account: Account, *, now: datetime) -> None:
    """Delete an account with everything that it said, asked and was told."""
    talk = f"{account.channel}:{account.bot_id}:"
    key = col(Conversation.key)
    in_groups = key.startswith(talk, autoescape=True) & key.endswith(f":{account.user_id}", autoescape=True)
    await session.execute(delete(Conversation).where(or_(key == f"{talk}{account.chat_id}", in_groups)))
    prompted = col(Prompt.key)
    in_private = or_(prompted == f"{talk}{account.chat_id}", prompted.startswith(f"{talk}{account.chat_id}:", autoescape=True))
    said_in_groups = prompted.startswith(talk, autoescape=True) & prompted.endswith(f":{account.user_id}", autoescape=True)
    await session.execute(delete(Prompt).where(or_(in_private, said_in_groups)))
    await _forget_inquiries(session, col(Inquiry.account_id) == account.id)
    await _empty_events(session, account)
    await _empty_messages(session, account, now)
    await session.delete(account)
    await session.flush()


async def remove_contact(session: AsyncSession, contact_id: int, *, name: str, now: datetime, talk: str | None = None) -> None:
    """Remove a person: their accounts with all that was said, open invitations, name and number.

    The row stays, with this for a name, since an agency's reports point to it. `talk`: one that no account had.
    """
    accounts = await session.execute(select(Account).where(col(Account.contact_id) == contact_id))
    for account in accounts.scalars().all():
        await remove_account(session, account, now=now)
    if talk is not None:
        await session.execute(delete(Conversation).where(col(Conversation.key) == talk))
        await end_prompt(session, talk)
        await _forget_inquiries(session, col(Inquiry.conversation) == talk)
    # A spent code is known as spent for ever; it tells nothing but that.
    await session.execute(delete(Invitation).where(col(Invitation.contact_id) == contact_id, col(Invitation.used_at).is_(None)))
    await forget_drafts(session, author_id=contact_id)
    await _forget_assignments(session, contact_id, name)
    # What they reported is the agency's and stays; how they said it was theirs.
    await session.execute(update(StatusReport).where(col(StatusReport.contact_id) == contact_id).values(words=""))
    await _forget_name(session, contact_id, name)
    cleared = {"name": name, "phone": None, "role": Role.OFFICIAL, "removed_at": now, "is_substitute": False}
    cleared |= {"away_from": None, "away_until": None, "silenced_at": None}
    await session.execute(update(Contact).where(col(Contact.id) == contact_id).values(cleared))


async def _forget_inquiries(session: AsyncSession, which: ColumnElement[bool]) -> None:
    """Delete questions, and the words of what was sent because of them, to whomever: reports to coordinators too."""
    numbers = (await session.execute(select(col(Inquiry.id)).where(which))).scalars().all()
    if not numbers:
        return
    # What was approved stays: it is a question of the office's by then, and nobody's name is on it.
    drafts = await forget_drafts(session, inquiries=numbers)
    # Unless it was taken back: then nobody needs the words of the question.
    has_emptied = await empty_withdrawn_questions(session, inquiries=numbers)
    await session.execute(delete(Inquiry).where(col(Inquiry.id).in_(numbers)))
    topics = [f"{kind}:{number}" for kind in _ABOUT_INQUIRY for number in numbers]
    topics += [f"{kind}:{number}" for kind in ("source", "draft") for number in drafts]
    # A page of the list may show any question.
    topics.append("reviews")
    if has_emptied:
        topics.append("approvals")
    about = (await session.execute(select(col(OutboxRow.id)).where(col(OutboxRow.topic).in_(topics)))).scalars().all()
    # With the new forms that they were given.
    await _empty(session, or_(col(OutboxRow.id).in_(about), col(OutboxRow.edits).in_(about)))


async def _forget_assignments(session: AsyncSession, contact_id: int, name: str) -> None:
    """What they had taken on is the focal points' again, and the history tells no name."""
    theirs = col(Duty.assignee_id) == contact_id
    await session.execute(update(Duty).where(theirs, col(Duty.state) != DutyState.CLOSED).values(assignee_id=None))
    known = (await session.execute(select(col(Contact.name)).where(col(Contact.id) == contact_id))).scalar_one()
    # Another of the same name loses it too: better one name less in a history than one too many.
    told = update(DutyChange).where(col(DutyChange.kind) == ChangeKind.ASSIGNED, col(DutyChange.after) == known)
    await session.execute(told.values(after=name))


async def _forget_name(session: AsyncSession, contact_id: int, name: str) -> None:
    """Put another name in place of a person's, in answers and messages that said who approved or looked into something."""
    known = (await session.execute(select(col(Contact.name)).where(col(Contact.id) == contact_id))).scalar_one()
    # Of several questions one may be answered so, and the answer counts as another kind.
    # As a signature is written, not wherever the letters stand: «An» is a part of many words.
    signatures = [(said.format(known), said.format(name)) for said in _SIGNATURES]
    answers = update(Inquiry).where(col(Inquiry.answer).contains(known, autoescape=True))
    for before, after in signatures:
        await session.execute(answers.values(answer=func.replace(col(Inquiry.answer), before, after)))
    # SQLite keeps JSON with every letter beyond ASCII escaped, PostgreSQL as it is.
    stored = cast(table_of(OutboxRow).c.message, String)
    is_said = or_(*(stored.contains(one, autoescape=True) for one in (known, json.dumps(known)[1:-1])))
    signed = or_(*(col(OutboxRow.topic).startswith(f"{kind}:") for kind in _SIGNED), col(OutboxRow.topic) == "approvals")
    of_duties = or_(*(col(OutboxRow.topic).startswith(f"{kind}:") for kind in _OF_DUTIES))
    in_json, instead = (json.dumps(one, ensure_ascii=False)[1:-1] for one in (known, name))
    named = [(said.format(in_json), said.format(instead)) for said in _NAMED]
    written = [(json.dumps(before, ensure_ascii=False)[1:-1], after) for before, after in signatures]
    for kinds, pairs in ((signed, written), (of_duties, named)):
        originals = select(col(OutboxRow.id)).where(kinds)
        rows = select(OutboxRow).where(is_said, or_(col(OutboxRow.id).in_(originals), col(OutboxRow.edits).in_(originals)))
        for row in (await session.execute(rows.with_for_update())).scalars():
            words = row.message.model_dump_json()
            for before, after in pairs:
                words = words.replace(before, after)
            row.message = Message.model_validate_json(words)
    await session.flush()


async def _empty_events(session: AsyncSession, account: Account) -> None:
    """What was heard is emptied; what still waits is answered yet, and forgotten in its time."""
    heard = update(InboxRow).where(
        col(InboxRow.channel) == account.channel, col(InboxRow.bot_id) == account.bot_id, col(InboxRow.sender) == account.user_id
    )
    await session.execute(heard.where(col(InboxRow.state) != InboxState.RECEIVED).values(payload={}))
    await session.execute(heard.where(col(InboxRow.settled_at).is_not(None)).values(sender="", chat=""))


async def _empty_messages(session: AsyncSession, account: Account, now: datetime) -> None:
    chat = (
        col(OutboxRow.channel) == account.channel,
        col(OutboxRow.bot_id) == account.bot_id,
        col(OutboxRow.recipient) == account.chat_id,
    )
    # Rows of the last minutes stay without their words: the pace is told by when they were sent.
    old = (col(OutboxRow.state) != OutboxState.SENDING, col(OutboxRow.called_at) < now - _PACED)
    await session.execute(delete(OutboxRow).where(*chat, *old))
    await _empty(session, and_(*chat))


async def _empty(session: AsyncSession, which: ColumnElement[bool]) -> None:
    """What waits is not sent, what was sent loses its words, what is in flight loses them when it is settled."""
    state = col(OutboxRow.state)
    await session.execute(delete(OutboxRow).where(which, state == OutboxState.PENDING))
    await session.execute(update(OutboxRow).where(which, state != OutboxState.SENDING).values(_EMPTIED))
    await session.execute(update(OutboxRow).where(which, state == OutboxState.SENDING).values(is_secret=True, topic=None))
