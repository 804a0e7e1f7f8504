"""The command as a whole: its verbs, its exit status, and what every verb's failure looks like."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from functools import wraps

import typer

from crossflight import __version__
from crossflight.cli import (
    agreements,
    audit,
    check,
    diff,
    doctor,
    explain,
    export,
    fly,
    import_,
    init,
    landings,
    orbit,
    plan,
    ready,
    replan,
    slip,
    stress,
    validate,
    windows,
)
from crossflight.cli import (
    report as report_,
)
from crossflight.cli.failure import InterruptedByUserError, bug, report
from crossflight.errors import EXIT_OK, EXIT_USAGE, CrossflightError, UsageError

_EXIT_BROKEN_PIPE = 141  # what a shell sees of a program ended by SIGPIPE

app = typer.Typer(
    name="crossflight",
    help="Plan and judge integrated crewed flights to a space station.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _verb(function: Callable[..., int]) -> Callable[..., int]:
    """The command with Ctrl-C as one of our errors; typer would leave without a word."""

    @wraps(function)
    def verb(*args: object, **options: object) -> int:
        try:
            return function(*args, **options)
        except KeyboardInterrupt:
            raise InterruptedByUserError("interrupted; nothing was written") from None

    return verb


for _name, _module in (
    ("audit", audit),
    ("plan", plan),
    ("check", check),
    ("diff", diff),
    ("explain", explain),
    ("ready", ready),
    ("replan", replan),
    ("windows", windows),
    ("landings", landings),
    ("orbit", orbit),
    ("fly", fly),
    ("slip", slip),
    ("report", report_),
    ("stress", stress),
    ("agreements", agreements),
    ("validate", validate),
    ("doctor", doctor),
    ("import", import_),
    ("export", export),
    ("init", init),
):
    app.command(_name)(_verb(_module.command))


def _show_version(value: bool) -> None:
    if value:
        print(f"crossflight {__version__}")
        raise typer.Exit(EXIT_OK)


@app.callback()
def _options(
    version: bool = typer.Option(
        False, "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
    ),
) -> None:
    pass


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; no exception leaves here."""
    is_json = "--json" in arguments
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            shown = list(arguments) or ["--help"]
            status = app(args=shown, prog_name="crossflight", standalone_mode=False)
            sys.stdout.flush()
            return int(status or EXIT_OK) if arguments else EXIT_USAGE
        except CrossflightError as e:
            return report(e, is_json=is_json)
        except typer.TyperException as e:
            usage = UsageError(e.format_message(), hint="crossflight --help, or crossflight VERB --help")
            return report(usage, is_json=is_json)
        except BrokenPipeError:
            raise
        except Exception as e:
            return report(bug(e), is_json=is_json)
    except BrokenPipeError:
        # Whoever read our output has gone; keep the interpreter from writing to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _EXIT_BROKEN_PIPE
