"""What conversations work with, made from the settings."""

from __future__ import annotations

from bot.settings import Settings, UnusableFile
from db.engine import Database
from handlers.call import Assistant
from handlers.files.receiving import MEGABYTE, FileDoor
from knowledge.encoder import load_encoder
from knowledge.shelf import Shelf
from scheduler.course import Rules
from scheduler.ladder import parse_ladder
from scheduler.working_time import BadSpecialDays, read_working_time

# In DATA_DIR: working days and days off that this installation knows besides the bundled ones.
SPECIAL_DAYS = "special_days.yaml"


def rules_of(settings: Settings) -> Rules:
    """By what reminders are timed, from the settings and the installation's own special days. Raises UnusableFile."""
    try:
        working = read_working_time(settings.working_hours, own=settings.data_dir / SPECIAL_DAYS)
    except BadSpecialDays as error:
        raise UnusableFile(error.path, error.reason) from error
    return Rules(parse_ladder(settings.ladder), working)


def file_door(settings: Settings, database: Database) -> FileDoor:
    """Where files that people send come in, from the settings."""
    return FileDoor(database, folder=settings.data_dir / "files", max_bytes=settings.evidence_max_mb * MEGABYTE)


def make_assistant(settings: Settings, database: Database) -> Assistant:
    """What conversations work with, from the settings."""
    key = settings.secret_key.get_secret_value() if settings.secret_key else ""
    return Assistant(
        database=database,
        shelf=Shelf(database, index_folder=settings.data_dir / "index", encoder=load_encoder(settings.embedding_model or None)),
        minutes=settings.conversation_minutes,
        public_questions=settings.public_questions,
        person_rate=settings.person_rate,
        stranger_rate=settings.stranger_rate,
        months_kept=settings.inquiry_months,
        secret=key.encode(),
        admin_invite=settings.admin_invite.get_secret_value() if settings.admin_invite else "",
        files_folder=settings.data_dir / "files",
        rules=rules_of(settings),
        report_anchor=settings.report_anchor,
    )
