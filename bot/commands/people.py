"""Agencies and people: lists imported, codes given out, somebody removed; and a message as somebody."""

from __future__ import annotations

import argparse
import datetime as dt
import json
import sys
from typing import TYPE_CHECKING, Any

from bot import wording
from bot.commands.opening import clock_of, lines, opened, print_json
from bot.settings import Settings

if TYPE_CHECKING:
    from db.engine import Database
    from handlers.call import Assistant
    from handlers.importing import Imported


async def agencies(settings: Settings, options: argparse.Namespace) -> int:
    from db.audit import AuditEntry, add_entry
    from handlers.importing import UnreadableList, import_agencies

    async with opened(settings) as database:
        now = await clock_of(settings, database)
        try:
            imported = await import_agencies(database, options.file, skip_bad=options.skip_bad)
        except UnreadableList as error:
            print(error.reason, file=sys.stderr)
            return 2
        if imported.is_stored:
            async with database.write() as session:
                subject = f"added:{imported.added} changed:{imported.changed}"
                await add_entry(session, AuditEntry(at=now(), action="import_agencies", subject=subject))
    return report_import(imported, as_json=options.json)


async def contacts(settings: Settings, options: argparse.Namespace) -> int:
    async with opened(settings) as database:
        match options.action:
            case "import":
                return await _import(settings, database, options)
            case "invite":
                return await _invite(settings, database, options)
            case "list":
                return await _list(database, options)
            case "replace":
                return await _replace(settings, database, options)
            case "unreachable":
                return await _unreachable(settings, database, options)
            case _:
                return await _remove(settings, database, options)


async def _import(settings: Settings, database: Database, options: argparse.Namespace) -> int:
    from handlers.importing import UnreadableList, import_contacts

    now = await clock_of(settings, database)
    try:
        imported = await import_contacts(database, options.file, now=now(), skip_bad=options.skip_bad)
    except UnreadableList as error:
        print(error.reason, file=sys.stderr)
        return 2
    return report_import(imported, as_json=options.json)


def report_import(imported: Imported, *, as_json: bool) -> int:
    """Print what an imported list did; the exit status."""
    bad = [(one.line, one.reason) for one in imported.bad]
    if as_json:
        counts = {"added": imported.added, "changed": imported.changed, "unchanged": imported.unchanged}
        print_json({**counts, "is_stored": imported.is_stored, "bad": [{"line": line, "reason": reason} for line, reason in bad]})
    else:
        print(wording.import_report(imported.added, imported.changed, imported.unchanged, bad, is_stored=imported.is_stored))
    return 1 if bad else 0


async def _invite(settings: Settings, database: Database, options: argparse.Namespace) -> int:
    from db.audit import AuditEntry, add_entry
    from db.people import get_person
    from handlers.linking import LONGEST, SHORTEST, find_invited, invite

    valid = dt.timedelta(hours=options.hours)
    if not SHORTEST <= valid <= LONGEST:
        print(wording.BAD_HOURS, file=sys.stderr)
        return 2
    if settings.secret_key is None:
        print(wording.INVITE_NEEDS_KEY, file=sys.stderr)
        return 2
    link_for = await _link_maker(settings)
    at = (await clock_of(settings, database))()
    async with database.write() as session:
        invited, unknown = await find_invited(session, None if options.all else options.phones)
        rows = []
        for contact in invited:
            code = await invite(session, contact, secret=settings.secret_key.get_secret_value().encode(), now=at, valid=valid)
            await add_entry(session, AuditEntry(at=at, action="invite", subject=f"contact:{contact.id}"))
            person = await get_person(session, contact.id)
            rows.append(
                {
                    "contact": contact.name,
                    "phone": contact.phone,
                    "agency": person.agency.name if person.agency else None,
                    "code": code,
                    "link": link_for(code) if link_for else None,
                    "expires_at": (at + valid).astimezone(_zone(settings)).isoformat(timespec="minutes"),
                }
            )
    for row in rows:
        print_json(row) if options.json else print(wording.invitation_text(row))
    if options.all and not rows:
        print(wording.EVERYONE_LINKED, file=sys.stderr)
    for phone in unknown:
        print(wording.NO_SUCH_CONTACT.format(phone=phone), file=sys.stderr)
    return 1 if unknown else 0


def _zone(settings: Settings) -> dt.tzinfo:
    from zoneinfo import ZoneInfo

    return ZoneInfo(settings.timezone)


async def _link_maker(settings: Settings) -> Any:
    """What makes a code a link to tap; None where no channel says its name."""
    if settings.telegram_bot_token is None:
        return None
    from bot.telegram.sending import deep_link, identify

    name = await identify(settings.telegram_bot_token.get_secret_value(), api_base=settings.telegram_api_base)
    if isinstance(name, str):
        return lambda code: deep_link(name, code)
    print(wording.NO_LINK, file=sys.stderr)
    return None


async def _list(database: Database, options: argparse.Namespace) -> int:
    from db.people import Role
    from handlers.people import describe_contacts
    from handlers.wording import role_name

    async with database.read() as session:
        rows = await describe_contacts(session)
    for row in rows:
        role = role_name(Role(row["role"]), is_substitute=row["is_substitute"])
        print_json(row) if options.json else print(wording.contact_line(row, role))
    return 0


async def _replace(settings: Settings, database: Database, options: argparse.Namespace) -> int:
    from bot.assistant import rules_of
    from handlers.people import NoSuchNumber, replace_by_phone
    from handlers.staff.replacing import NotReplaced

    now, rules = await clock_of(settings, database), rules_of(settings)
    try:
        done = await replace_by_phone(database, options.old, options.new, options.name, rules, now=now())
    except NoSuchNumber as error:
        print((wording.NO_SUCH_CONTACT if error.is_listed_nowhere else wording.NO_PHONE).format(phone=error.phone), file=sys.stderr)
        return 2
    except NotReplaced as error:
        print(error.sentence, file=sys.stderr)
        return 2
    row = {
        "leaver": done.leaver.name,
        "successor": done.successor.name,
        "phone": done.successor.phone,
        "agency": done.agency or None,
        "assigned": done.assigned,
        "is_new": done.is_new,
        "is_linked": done.is_linked,
    }
    print_json(row) if options.json else print(wording.replaced_text(row))
    return 0


async def _unreachable(settings: Settings, database: Database, options: argparse.Namespace) -> int:
    from handlers.staff.unreachable import describe, list_unreached
    from scheduler.calendar import local_day

    now = await clock_of(settings, database)
    async with database.read() as session:
        found = await list_unreached(session, local_day(now()))
    for one in found:
        print_json(describe(one)) if options.json else print(wording.unreachable_line(describe(one), one.numbers))
    if not found and not options.json:
        print(wording.EVERYBODY_REACHED)
    return 0


async def _remove(settings: Settings, database: Database, options: argparse.Namespace) -> int:
    from handlers.people import remove_by_phone

    now = await clock_of(settings, database)
    if not await remove_by_phone(database, options.phone, now=now()):
        print(wording.NO_SUCH_CONTACT.format(phone=options.phone), file=sys.stderr)
        return 2
    print(wording.REMOVED.format(phone=options.phone))
    return 0


async def say(settings: Settings, options: argparse.Namespace) -> int:
    """Messages as contacts, through the same door as any channel's; what would be answered is printed, not sent."""
    from bot.assistant import make_assistant

    said = [(options.phone, options.text, None)] if options.jsonl is None else None
    async with opened(settings) as database:
        assistant, now = make_assistant(settings, database), await clock_of(settings, database)
        for number, one in enumerate(said or (_said(line) for line in lines(options.jsonl)), 1):
            if one is None:
                print(wording.BAD_SAY_LINE.format(number=number), file=sys.stderr)
                return 2
            replies = await _dispatch(assistant, *one, now=now())
            if replies is None:
                print(wording.NO_SUCH_CONTACT.format(phone=one[0]), file=sys.stderr)
                return 2
            if options.json or said is None:
                print_json({"replies": replies}, flush=True)
            else:
                print("\n\n".join(reply["text"] for reply in replies))
    return 0


def _said(line: str) -> tuple[str, str, dt.datetime | None] | None:
    try:
        row = json.loads(line.lstrip("\ufeff"))
        at = dt.datetime.fromisoformat(row["at"]) if row.get("at") else None
        return (row["as"], row["text"], at) if isinstance(row["as"], str) and isinstance(row["text"], str) else None
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return None


async def _dispatch(
    assistant: Assistant, phone: str, text: str, at: dt.datetime | None, *, now: dt.datetime
) -> list[dict[str, Any]] | None:
    from handlers.people import speak_as

    at = at if at is None or at.tzinfo else at.replace(tzinfo=dt.timezone(dt.timedelta(hours=7)))
    replies = await speak_as(assistant, phone, text, now=at or now)
    if replies is None:
        return None
    return [
        {
            "text": one.text,
            "actions": [{"label": action.label, "command": action.command} for row in one.actions for action in row],
            "files": [file.file_name for file in one.attachments],
        }
        for one in replies
    ]
