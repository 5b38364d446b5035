"""What each command does: open what it needs, call one use case, print the outcome."""

from __future__ import annotations

import argparse
import gc
import sys
from importlib import import_module

from pydantic import ValidationError

from bot import wording
from bot.settings import Settings, UnusableFile
from db.engine import UnknownRevisionError, UnreachableDatabaseError

# Each command's module and function there; a module is loaded by the commands that need it.
_COMMANDS = {
    "run": ("serving", "run"),
    "send": ("serving", "send"),
    "chat": ("serving", "chat"),
    "migrate": ("serving", "bring_up_to_date"),
    "doctor": ("serving", "check"),
    "ingest": ("documents", "ingest"),
    "ask": ("documents", "ask"),
    "catalogue": ("documents", "catalogue"),
    "evaluate": ("documents", "evaluate"),
    "duties": ("duties", "duties"),
    "remind": ("duties", "remind"),
    "tick": ("duties", "tick"),
    "progress": ("progress", "progress"),
    "agencies": ("people", "agencies"),
    "contacts": ("people", "contacts"),
    "say": ("people", "say"),
}


async def run_command(options: argparse.Namespace) -> int:
    """Run the command that the options name; 0 when all went well, 1 when something must be mended, 2 for bad input."""
    gc.freeze()
    gc.enable()
    try:
        settings = Settings()
    except ValidationError as error:
        problems = "; ".join(f"{'.'.join(map(str, one['loc'])).upper()}: {one['msg']}" for one in error.errors(include_input=False))
        print(wording.BAD_SETTINGS.format(problems=problems), file=sys.stderr)
        return 2
    module, name = _COMMANDS[options.command]
    run = getattr(import_module(f"bot.commands.{module}"), name)
    try:
        status: int = await run(settings, options)
        return status
    except UnreachableDatabaseError as error:
        print(f"{wording.database_unreachable(error.reason)}. {wording.DATABASE_UNREACHABLE_ADVICE}.", file=sys.stderr)
    except UnknownRevisionError as error:
        print(f"{wording.DATABASE_NEWER.format(revision=error.revision)}. {wording.DATABASE_NEWER_ADVICE}.", file=sys.stderr)
    except UnusableFile as error:
        print(wording.UNUSABLE_FILE.format(path=error.path, reason=error.reason), file=sys.stderr)
    except BrokenPipeError:
        raise
    except OSError as error:
        print(wording.FILE_TROUBLE.format(path=error.filename or settings.data_dir, reason=error.strerror or error), file=sys.stderr)
    return 1
