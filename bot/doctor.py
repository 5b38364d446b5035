"""What is configured, what is missing, and what to do about it."""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from bot import wording
from bot.clock import now
from bot.settings import Settings, UnusableFile
from db.engine import UnreachableDatabaseError, get_revision, open_database
from db.migrations import HEAD, REVISIONS

_LATELY = dt.timedelta(days=7)
_GB = 10**9
_LEAST_FREE = 1 * _GB
# Families whose files carry every Vietnamese letter, as their file names begin.
_FONTS = ("DejaVuSans", "NotoSans-", "LiberationSans", "FreeSans", "Arial", "arial", "times", "Times", "Roboto", "OpenSans")
_FONT_FOLDERS = {
    "linux": ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts"),
    "darwin": ("/System/Library/Fonts", "/Library/Fonts", "~/Library/Fonts"),
    "win32": ("C:/Windows/Fonts",),
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at. `ok` is None for something optional that is not set up; `advice` is empty when all is well."""

    name: str
    ok: bool | None
    detail: str
    advice: str = ""


async def diagnose(settings: Settings) -> list[Check]:
    """Look at everything this installation stands on; changes nothing, raises nothing."""
    return [
        await _check_database(settings.database_url),
        check_folder(settings.data_dir),
        check_disk(settings.data_dir, least=_LEAST_FREE),
        _check_secret_key(settings),
        await asyncio.to_thread(_check_model, settings.embedding_model),
        check_fonts([Path(folder).expanduser() for folder in _FONT_FOLDERS.get(sys.platform, ())]),
        _check_page(settings),
        await _check_telegram(settings),
        *_check_zalo(settings),
        await _check_people(settings),
        await _check_reminders(settings),
        await _check_focal_points(settings),
    ]


def format_checks(checks: Iterable[Check]) -> str:
    """The checks as a person reads them: one line each, advice below."""
    lines = []
    for check in checks:
        lines.append(f"{wording.CHECK_MARKS[check.ok]} {wording.CHECK_TITLES[check.name]}: {check.detail}")
        if check.advice:
            lines.append(f"    → {check.advice}")
    return "\n".join(lines)


async def _check_database(url: str) -> Check:
    try:
        database = open_database(url)
    except ValueError as error:
        return Check("database", False, wording.database_unreachable(error), wording.DATABASE_ADDRESS_ADVICE)
    try:
        revision = await get_revision(database)
    except UnreachableDatabaseError as error:
        reason = wording.database_unreachable(error.reason)
        return Check("database", False, reason, wording.DATABASE_UNREACHABLE_ADVICE)
    finally:
        await database.close()
    if revision == HEAD:
        return Check("database", True, wording.DATABASE_READY.format(revision=revision))
    if revision is None:
        return Check("database", True, wording.DATABASE_EMPTY, wording.DATABASE_EMPTY_ADVICE)
    if revision in REVISIONS:
        return Check("database", True, wording.DATABASE_OLDER.format(revision=revision), wording.DATABASE_OLDER_ADVICE)
    return Check("database", False, wording.DATABASE_NEWER.format(revision=revision), wording.DATABASE_NEWER_ADVICE)


def check_folder(folder: Path) -> Check:
    """Whether the folder, or the nearest one above it that exists, can be written to."""
    try:
        with tempfile.TemporaryFile(dir=_nearest(folder)):
            return Check("data_dir", True, wording.DATA_DIR_WRITABLE.format(folder=folder))
    except OSError:
        return Check("data_dir", False, wording.DATA_DIR_LOCKED.format(folder=folder), wording.DATA_DIR_ADVICE)


def check_disk(folder: Path, *, least: int) -> Check:
    """Whether at least so many bytes are free where the folder is, or will be."""
    free = shutil.disk_usage(_nearest(folder)).free
    advice = "" if free >= least else wording.DISK_ADVICE.format(least=least / _GB)
    return Check("disk", free >= least, wording.DISK_FREE.format(free=free / _GB), advice)


def _nearest(folder: Path) -> Path:
    return next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())


def _check_secret_key(settings: Settings) -> Check:
    if settings.secret_key:
        return Check("secret_key", True, wording.SECRET_KEY_SET)
    return Check("secret_key", False, wording.SECRET_KEY_MISSING, wording.SECRET_KEY_ADVICE)


def _check_model(name_or_path: str) -> Check:
    from knowledge.encoder import load_encoder

    try:
        encoder = load_encoder(name_or_path or None)
        encoder.encode(["chỉ tiêu"])
    except Exception as error:
        # Whatever stands in the way is the finding; tokenizers raises bare Exception.
        return Check("model", False, wording.MODEL_BROKEN.format(reason=error), wording.MODEL_ADVICE)
    return Check("model", True, wording.MODEL_LOADS.format(name=encoder.name))


def check_fonts(folders: Iterable[Path]) -> Check:
    """Whether a font with every Vietnamese letter lies in one of these folders: pages and charts need one."""
    files = (file for folder in folders for file in sorted(folder.rglob("*.tt[fc]")))
    found = next((file.stem for file in files if file.name.startswith(_FONTS)), None)
    if found is None:
        return Check("fonts", False, wording.FONTS_MISSING, wording.FONTS_ADVICE)
    return Check("fonts", True, wording.FONTS_FOUND.format(name=found))


def _check_page(settings: Settings) -> Check:
    """On in the demo, for this machine alone."""
    from bot.web.guard import is_loopback

    if not settings.is_demo:
        return Check("page", None, wording.PAGE_OFF)
    if not is_loopback(settings.web_host):
        return Check("page", False, wording.WEB_LOOPBACK_ONLY.format(host=settings.web_host))
    return Check("page", True, wording.PAGE_ON.format(address=f"http://{settings.web_host}:{settings.web_port}"))


async def _check_telegram(settings: Settings) -> Check:
    """Off without a token; else complete, and known to Telegram by its name."""
    if settings.telegram_bot_token is None:
        return Check("telegram", None, wording.CHANNEL_OFF, wording.TELEGRAM_ADVICE)
    if settings.telegram_mode == "webhook" and settings.public_base_url is None:
        return Check("telegram", False, wording.CHANNEL_INCOMPLETE.format(names="PUBLIC_BASE_URL"), wording.WEBHOOK_NEEDS_URL)
    from bot.telegram.sending import identify, is_token
    from scheduler.channel import LockedOut

    token = settings.telegram_bot_token.get_secret_value()
    if not is_token(token):
        return Check("telegram", False, wording.TELEGRAM_BAD_TOKEN)
    name = await identify(token, api_base=settings.telegram_api_base)
    if isinstance(name, str):
        ways = wording.TELEGRAM_WAYS[settings.telegram_mode].format(address=settings.public_base_url)
        return Check("telegram", True, wording.TELEGRAM_KNOWN.format(name=name, ways=ways), wording.TELEGRAM_NEXT.format(name=name))
    if isinstance(name, LockedOut):
        return Check("telegram", False, wording.TELEGRAM_UNKNOWN_TOKEN, wording.TELEGRAM_TOKEN_ADVICE)
    return Check("telegram", False, wording.TELEGRAM_UNREACHABLE.format(base=settings.telegram_api_base), wording.TELEGRAM_NETWORK_ADVICE)


async def _check_people(settings: Settings) -> Check:
    """Whether anybody is there to use it, and how many messages wait or failed lately."""
    from db.accounts import count_linked
    from db.outbox import count_by_state
    from db.people import list_contacts

    try:
        database = open_database(settings.database_url)
    except ValueError:
        return Check("people", None, wording.PEOPLE_UNKNOWN)
    try:
        if await get_revision(database) != HEAD:
            return Check("people", None, wording.PEOPLE_UNKNOWN)
        async with database.read() as session:
            contacts, linked = len(await list_contacts(session)), await count_linked(session)
            waiting, failed = await count_by_state(session, since=now() - _LATELY)
    except UnreachableDatabaseError:
        return Check("people", None, wording.PEOPLE_UNKNOWN)
    finally:
        await database.close()
    detail = wording.PEOPLE_COUNTED.format(contacts=contacts, linked=linked, waiting=waiting, failed=failed)
    if not contacts:
        return Check("people", None, detail, wording.PEOPLE_NONE_ADVICE if settings.admin_invite else wording.PEOPLE_NO_ADMIN_ADVICE)
    return Check("people", True, detail, "" if linked else wording.PEOPLE_INVITE_ADVICE)


async def _check_focal_points(settings: Settings) -> Check:
    """How many agencies have nobody who can be reminded."""
    from handlers.staff.unreachable import list_answering
    from scheduler.calendar import local_day

    try:
        database = open_database(settings.database_url)
    except ValueError:
        return Check("focal_points", None, wording.PEOPLE_UNKNOWN)
    try:
        if await get_revision(database) != HEAD:
            return Check("focal_points", None, wording.PEOPLE_UNKNOWN)
        async with database.read() as session:
            known = await list_answering(session, local_day(now()))
    except UnreachableDatabaseError:
        return Check("focal_points", None, wording.PEOPLE_UNKNOWN)
    finally:
        await database.close()
    unreached = [one for one in known if not one.is_reached]
    if not unreached:
        return Check("focal_points", True if known else None, wording.UNREACHED_NONE if known else wording.NO_AGENCIES)
    owing = sum(one.open_duties > 0 for one in unreached)
    detail = wording.UNREACHED_COUNTED.format(count=len(unreached), owing=owing)
    # Nothing of the installation is broken by it.
    return Check("focal_points", None, detail, wording.UNREACHED_ADVICE)


def _check_zalo(settings: Settings) -> list[Check]:
    account = {
        "ZALO_OA_ID": settings.zalo_oa_id,
        "ZALO_OA_APP_ID": settings.zalo_oa_app_id,
        "ZALO_OA_APP_SECRET": settings.zalo_oa_app_secret,
    }
    return [
        _check_channel("zalo", {"ZALO_BOT_TOKEN": settings.zalo_bot_token}, wording.ZALO_ADVICE),
        _check_channel("zalo_oa", account, wording.ZALO_OA_ADVICE),
    ]


def _check_channel(name: str, values: Mapping[str, object], advice: str) -> Check:
    """Off when nothing of it is set, incomplete when something is missing."""
    missing = [setting for setting, value in values.items() if not value]
    if not missing:
        return Check(name, True, wording.CHANNEL_READY)
    if len(missing) == len(values):
        return Check(name, None, wording.CHANNEL_OFF, advice)
    return Check(name, False, wording.CHANNEL_INCOMPLETE.format(names=", ".join(missing)), wording.CHANNEL_INCOMPLETE_ADVICE)


async def _check_reminders(settings: Settings) -> Check:
    """Whether anything is there to be reminded of, and by which calendar."""
    from bot.assistant import rules_of
    from db.duties import DutyState, count_duties
    from db.nudges import next_look

    try:
        rules_of(settings)
    except UnusableFile as error:
        return Check("reminders", False, wording.UNUSABLE_FILE.format(path=error.path, reason=error.reason))
    try:
        database = open_database(settings.database_url)
    except ValueError:
        return Check("reminders", None, wording.PEOPLE_UNKNOWN)
    try:
        if await get_revision(database) != HEAD:
            return Check("reminders", None, wording.PEOPLE_UNKNOWN)
        async with database.read() as session:
            counts, at = await count_duties(session), await next_look(session)
    except UnreachableDatabaseError:
        return Check("reminders", None, wording.PEOPLE_UNKNOWN)
    finally:
        await database.close()
    is_open, proposed = counts.get(DutyState.OPEN, 0), counts.get(DutyState.PROPOSED, 0)
    detail = wording.reminders_counted(is_open, proposed, at)
    return Check("reminders", True if is_open else None, detail, wording.CONFIRM_ADVICE if proposed else "")
