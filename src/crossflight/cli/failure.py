"""How a command fails: one clear error on stderr, a JSON object on request, the exit status."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Final

from crossflight.app.document import error_document
from crossflight.cli.terminal import emit_json, safe, say
from crossflight.errors import (
    EXIT_BUG,
    EXIT_INTERRUPTED,
    CrossflightError,
    InputError,
    ManifestError,
    PlanRefusedError,
)

_EXCERPT_WIDTH: Final = 120


class InterruptedByUserError(CrossflightError):
    """Ctrl-C before there was anything to keep."""

    code = "interrupted"
    exit_status = EXIT_INTERRUPTED


class BugError(CrossflightError):
    """An exception nobody expected."""

    code = "bug"
    exit_status = EXIT_BUG


def report(error: CrossflightError, *, is_json: bool) -> int:
    """Say the error; returns the exit status."""
    if is_json:
        emit_json(error_document(error))
    say(f"{_place(error)}error: {error.message}")
    if isinstance(error, InputError) and error.excerpt and error.line:
        _show_excerpt(error)
    if isinstance(error, PlanRefusedError | ManifestError):
        for finding in error.findings:
            say(f"  {finding}")
    if error.hint:
        say(f"hint: {error.hint}")
    return error.exit_status


def bug(exception: Exception) -> BugError:
    """The error to report for an exception nobody expected."""
    if os.environ.get("CROSSFLIGHT_TRACEBACK") == "1":
        traceback.print_exception(exception, file=sys.stderr)
    return BugError(
        f"this is a bug: {type(exception).__name__}: {exception}",
        hint="run again with CROSSFLIGHT_TRACEBACK=1 and report what it prints",
    )


def _place(error: CrossflightError) -> str:
    if not isinstance(error, InputError) or not error.file:
        return ""
    place = error.file
    if error.line:
        place += f":{error.line}"
        if error.column:
            place += f":{error.column}"
    return place + ": "


def _show_excerpt(error: InputError) -> None:
    """The line with a caret under the column; a long line is cut around it."""
    column = max(1, error.column)
    first = max(0, column - 1 - _EXCERPT_WIDTH // 2)
    shown = error.excerpt[first : first + _EXCERPT_WIDTH]
    before = safe(shown[: column - 1 - first].replace("\t", " "))
    number = f"{error.line:5d} | "
    say(number + safe(shown.replace("\t", " ")))
    if error.column:
        say(" " * (len(number) - 2) + "| " + " " * len(before) + "^")
