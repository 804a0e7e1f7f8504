"""``python -m crossflight`` is ``crossflight``."""

import sys

from crossflight.cli import main

if __name__ == "__main__":
    sys.exit(main())
