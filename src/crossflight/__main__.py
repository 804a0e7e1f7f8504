"""``python -m crossflight`` is ``crossflight``."""

from crossflight.cli import process

if __name__ == "__main__":
    process()
