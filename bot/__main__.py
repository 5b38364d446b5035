"""`python -m bot …`: the command line, and what concerns the process as a whole."""

import gc
import signal
import sys
from types import FrameType
from typing import NoReturn

# Importing makes a hundred thousand objects that live as long as the process; looking through them for garbage again
# and again is a fifth of the time to a first answer.
gc.disable()
from bot.cli import main  # noqa: E402


def _interrupt(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    # asyncio takes the first Ctrl-C for itself where it finds Python's own handler, and whoever waits for a line to be
    # typed would wait for ever.
    signal.signal(signal.SIGINT, _interrupt)
    sys.exit(main(sys.argv[1:]))
