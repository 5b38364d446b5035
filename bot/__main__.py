"""`python -m bot …`: the command line."""

import gc
import sys

# Importing makes a hundred thousand objects that live as long as the process; looking through them for garbage again
# and again is a fifth of the time to a first answer.
gc.disable()
from bot.cli import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
