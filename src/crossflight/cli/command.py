"""The command as a whole: its verbs, its exit status, and what every verb's failure looks like."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Sequence

import typer

from crossflight import __version__
from crossflight.cli import audit, check, init, plan
from crossflight.cli.failure import InterruptedByUserError, bug, report
from crossflight.errors import EXIT_OK, CrossflightError, UsageError

_EXIT_BROKEN_PIPE = 141  # what a shell sees of a program ended by SIGPIPE

app = typer.Typer(
    name="crossflight",
    help="Plan and judge integrated crewed flights to a space station.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    no_args_is_help=True,
)
app.command("audit")(audit.command)
app.command("plan")(plan.command)
app.command("check")(check.command)
app.command("init")(init.command)


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
            status = app(args=list(arguments), prog_name="crossflight", standalone_mode=False)
            sys.stdout.flush()
            return int(status or EXIT_OK)
        except CrossflightError as e:
            return report(e, is_json=is_json)
        except typer.TyperException as e:
            message = e.format_message()
            if not message or not arguments:  # no arguments: the help has been shown
                return e.exit_code
            usage = UsageError(message, hint="crossflight --help, or crossflight VERB --help")
            return report(usage, is_json=is_json)
        except (KeyboardInterrupt, typer.Abort):
            return report(InterruptedByUserError("interrupted; nothing was written"), is_json=is_json)
        except BrokenPipeError:
            raise
        except Exception as e:
            return report(bug(e), is_json=is_json)
    except BrokenPipeError:
        # Whoever read our output has gone; keep the interpreter from writing to it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return _EXIT_BROKEN_PIPE
