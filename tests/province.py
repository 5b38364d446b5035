"""A sample registry: 20 departments and 96 communes of an invented province, with their people, imported from spreadsheets.

Names say what is what: «Đầu mối X07» is the focal point of commune X07, «Phụ», «Lãnh đạo» its substitute and its leader.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from openpyxl import Workbook
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from db.accounts import Account
from db.engine import Database
from db.people import Contact, Role
from handlers.documents import SAMPLES, take_in
from handlers.importing import import_agencies, import_contacts
from knowledge.ingest import Limits
from tests.test_sender import BOT, CHANNEL

USUAL = ["SNV", "STC", "SCT", "SXD", "SKHCN", "SGDDT", "SYT", "SNNMT", "STP", "SVHTTDL", "SDTTG", "SNGV", "TTT", "VPUB"]
_NAMES = [
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Công Thương",
    "Sở Xây dựng",
    "Sở Khoa học và Công nghệ",
    "Sở Giáo dục và Đào tạo",
    "Sở Y tế",
    "Sở Nông nghiệp và Môi trường",
    "Sở Tư pháp",
    "Sở Văn hóa, Thể thao và Du lịch",
    "Sở Dân tộc và Tôn giáo",
    "Sở Ngoại vụ",
    "Thanh tra tỉnh",
    "Văn phòng UBND tỉnh",
]
DEPARTMENTS = [*USUAL, *(f"SM{number}" for number in range(1, 7))]
COMMUNES = [f"X{number:02}" for number in range(1, 97)]
KNOWN = {*DEPARTMENTS, *COMMUNES}
COORDINATOR, ADMIN = "Điều phối", "Quản trị"

# Who is where: every rule once.
NOBODY = {"SM6", *COMMUNES[11::12]}  # no person at all
SECOND = {"STC"}  # two focal points
SUBSTITUTE = set(DEPARTMENTS[::3])
LEADER = {*DEPARTMENTS[::2], *COMMUNES[::10]} - NOBODY
UNLINKED = {*COMMUNES[4::10]} - NOBODY  # the focal point never linked an account
BLOCKED = "X07"  # blocks the assistant before the first message
AWAY = {"SGDDT": (dt.date(2026, 1, 10), dt.date(2026, 1, 13)), "X02": (dt.date(2026, 1, 1), None)}
SILENCED = "X03"


def focal_points(agency: str) -> list[str]:
    if agency in NOBODY or agency not in KNOWN:
        return []
    return [f"Đầu mối {agency}", *([f"Đầu mối hai {agency}"] if agency in SECOND else [])]


def substitutes(agency: str) -> list[str]:
    return [f"Phụ {agency}"] if agency in SUBSTITUTE and agency not in NOBODY else []


def leaders(agency: str) -> list[str]:
    return [f"Lãnh đạo {agency}"] if agency in LEADER else []


async def make_province(database: Database, folder: Path, *, now: dt.datetime) -> None:
    """Import the registry, link who is linked, and take in the bundled digest."""
    agencies = [["Mã", "Tên cơ quan", "Loại"]]
    agencies += [[code, name, "Sở"] for code, name in zip(USUAL, _NAMES, strict=True)]
    agencies += [[code, f"Sở Mẫu {code[2:]}", "Sở"] for code in DEPARTMENTS[len(USUAL) :]]
    agencies += [[code, f"UBND xã Mẫu {code[1:]}", "xã"] for code in COMMUNES]
    done = await import_agencies(database, _write(folder / "agencies.xlsx", agencies))
    assert (done.added + done.changed, done.bad) == (116, ())
    people: list[list[str]] = []
    for code in (*DEPARTMENTS, *COMMUNES):
        for names, role in ((focal_points(code), "đầu mối"), (substitutes(code), "đầu mối"), (leaders(code), "lãnh đạo")):
            people += [[name, f"09{len(people) + place:08}", code, role] for place, name in enumerate(names)]
    people += [[COORDINATOR, "0899000001", "SKHCN", "điều phối"], [ADMIN, "0899000002", "VPUB", "quản trị viên"]]
    contacts = await import_contacts(
        database, _write(folder / "contacts.xlsx", [["Họ và tên", "Số điện thoại", "Cơ quan", "Vai trò"], *people]), now=now
    )
    assert (contacts.added, contacts.bad) == (len(people), ())
    async with database.write() as session:
        await _complete(session, now)
    limits = Limits(max_bytes=10_000_000, max_pages=200)
    await take_in(database, [SAMPLES], data_dir=folder, limits=limits, now=now, anchor=dt.date(2025, 12, 1), samples=True)


async def _complete(session: AsyncSession, now: dt.datetime) -> None:
    """What no list says yet: who is a substitute, away, silent; and who is linked."""
    for name in [name for code in SUBSTITUTE for name in substitutes(code)]:
        await _set(session, name, is_substitute=True)
    for code, (first, last) in AWAY.items():
        await _set(session, f"Đầu mối {code}", away_from=first, away_until=last)
    await _set(session, f"Đầu mối {SILENCED}", silenced_at=now)
    unlinked = {f"Đầu mối {code}" for code in UNLINKED}
    for one in (await session.execute(select(Contact).where(col(Contact.role) != Role.OFFICIAL))).scalars():
        if one.name not in unlinked:
            account = Account(channel=CHANNEL, bot_id=BOT, user_id=one.name, chat_id=one.name, created_at=now)
            account.contact_id, account.linked_at = one.id, now
            session.add(account)


async def _set(session: AsyncSession, name: str, **values: object) -> None:
    await session.execute(update(Contact).where(col(Contact.name) == name).values(values))


def _write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    book.save(path)
    return path
