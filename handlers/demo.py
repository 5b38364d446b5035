"""The demo: invented people of a sample province for whoever tries the assistant, and its beginning anew."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from db.accounts import Account, ensure_account, has_accounts_elsewhere
from db.approved import forget_approved_by
from db.demo import forget_clock, get_clock
from db.engine import Database
from db.people import Agency, Contact, Role, add_contact, ensure_agencies, list_as_own, list_contacts
from db.removal import remove_account, remove_contact
from db.reset import forget_demo, propose_again
from db.transcripts import list_speakers
from handlers import wording
from handlers.duties.proposing import default_agencies, propose_from_documents

_COMMUNE = Agency(code="XBM", name="UBND xã Bình Mẫu", kind="commune", short_names=("xã Bình Mẫu",), groups=("các xã, phường, đặc khu",))
# Invented names; numbers of a range that no operator gives out.
_PEOPLE = (
    ("Lê Minh Châu", Role.OFFICIAL, "SYT", "0900000101"),
    ("Trần Thị Bình", Role.FOCAL_POINT, "SNV", "0900000102"),
    ("Nguyễn Văn Dũng", Role.FOCAL_POINT, "STC", "0900000103"),
    ("Đinh Thị Hoa", Role.FOCAL_POINT, _COMMUNE.code, "0900000104"),
    ("Phạm Quốc Hưng", Role.LEADER, "SNV", "0900000105"),
    ("Võ Thanh Hà", Role.COORDINATOR, "SKHCN", "0900000106"),
    ("Bùi Ngọc Lan", Role.ADMIN, "SKHCN", "0900000107"),
)
_SHOWN = 30  # people with an account on the demo's channel


@dataclass(frozen=True, slots=True)
class DemoChannel:
    """Where the demo's people are spoken with."""

    name: str
    bot_id: str


async def fill_demo(database: Database, channel: DemoChannel, *, now: dt.datetime, ids: Sequence[int] = ()) -> None:
    """Have people to speak as: those of the installation's own list, or invented ones (with these ids) where it has none yet."""
    async with database.write() as session:
        contacts = await list_contacts(session)
        if not contacts:
            contacts = await _add_sample_people(session, now, ids)
        known = {one.account.user_id for one in await list_speakers(session, channel.name, channel.bot_id)}
        for contact in contacts[:_SHOWN]:
            user_id = speaker_key(contact)
            # Who has left their account, or given it to somebody, is not brought back.
            if user_id in known:
                continue
            account = Account(channel=channel.name, bot_id=channel.bot_id, user_id=user_id, chat_id=user_id, created_at=now)
            account = await ensure_account(session, account, is_reachable=True)
            account.contact_id, account.linked_at = contact.id, now


def speaker_key(contact: Contact) -> str:
    """What a person is called on the demo's channel."""
    return f"c{contact.id}"


async def _add_sample_people(session: AsyncSession, now: dt.datetime, ids: Sequence[int]) -> list[Contact]:
    wanted = {code for _, _, code, _ in _PEOPLE}
    await ensure_agencies(session, [one for one in default_agencies() if one.code in wanted] + [_COMMUNE])
    # What is addressed to all departments and communes goes to these.
    await list_as_own(session, wanted)
    people = [
        Contact(name=name, role=role, agency_code=code, phone=phone, created_at=now, is_sample=True) for name, role, code, phone in _PEOPLE
    ]
    for contact, known in zip(people, ids, strict=False):
        contact.id = known
    return [await add_contact(session, one) for one in people]


async def unlist_sample_agencies(session: AsyncSession) -> None:
    """The sample province's agencies count as nobody's own any more, where its people are still there to be replaced."""
    if any(one.is_sample for one in await list_contacts(session)):
        await list_as_own(session, {code for _, _, code, _ in _PEOPLE}, listed=False)


async def withdraw_sample_people(session: AsyncSession, *, now: dt.datetime) -> int:
    """The invented people leave, with what they said and approved, before real ones come; returns how many."""
    invented = [one for one in await list_contacts(session) if one.is_sample]
    await forget_approved_by(session, [one.id for one in invented])
    for contact in invented:
        await remove_contact(session, contact.id, name=wording.REMOVED_NAME, now=now)
    return len(invented)


async def end_demo(database: Database, channel: DemoChannel, *, now: dt.datetime) -> None:
    """Before real channels are served: nobody is told anything on the demo's page any more, or in an invented person's place,
    and the world's clock counts. Nobody real is reminded of what was only tried: duties are proposed again."""
    async with database.write() as session:
        if await get_clock(session) is not None:
            await unlist_sample_agencies(session)
            await propose_again(session)
        await withdraw_sample_people(session, now=now)
        for speaker in await list_speakers(session, channel.name, channel.bot_id):
            await remove_account(session, speaker.account, now=now)
        await forget_clock(session)


async def is_in_use(database: Database, channel: DemoChannel) -> bool:
    """Whether people are served on other channels from this database: then it is no place for a demo."""
    async with database.read() as session:
        return await has_accounts_elsewhere(session, channel.name)


async def start_anew(database: Database, channel: DemoChannel, *, start: dt.datetime, anchor: dt.date | None) -> None:
    """Everything said, asked and done in the demo is forgotten, and its clock with it; documents, lists of agencies and of
    people of one's own stay. Duties are proposed anew, as on the first day."""
    async with database.write() as session:
        # They come again as who they were: a page that is open goes on as the same person.
        ids = await forget_demo(session)
        await propose_from_documents(session, now=start, anchor=anchor)
    await fill_demo(database, channel, now=start, ids=ids)
