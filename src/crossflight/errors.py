"""Every error crossflight raises on purpose, in one tree.

::

    CrossflightError            code, message, hint
    |-- UsageError              exit 2   the command cannot mean anything
    |   `-- OffPlaneError                  a launcher cannot steer into the plane from there
    |-- InputError              exit 3   a file says something wrong; carries file, line, column
    |   |-- SyntaxInputError             not YAML, or YAML we refuse (aliases, depth, size)
    |   |-- SchemaError                  unknown key, wrong type, missing value
    |   |-- ReferenceInputError          names something that is not there
    |   |-- ManifestError                a manifest whose rows cannot all be taken; carries findings
    |   `-- PlanMismatchError            a plan of another scenario
    |-- LimitError              exit 4   a limit was reached and there is no plan
    `-- PlanRefusedError        exit 70  the checker refuses what the planner made: a bug

This module imports nothing of crossflight.
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_VIOLATIONS = 1
EXIT_USAGE = 2
EXIT_BAD_INPUT = 3
EXIT_LIMIT = 4
EXIT_BUG = 70
EXIT_INTERRUPTED = 130


class CrossflightError(Exception):
    """Base of the tree.

    Parameters
    ----------
    message
        One sentence with the offending value and the limit in units.
    hint
        One sentence that says the way out; may be empty.
    """

    code = "error"
    exit_status = EXIT_BUG

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(CrossflightError):
    """The command line cannot mean anything."""

    code = "usage"
    exit_status = EXIT_USAGE


class OffPlaneError(UsageError):
    """A lift-off farther off the target's plane than the launcher can steer."""

    code = "off-plane"


class InputError(CrossflightError):
    """A file says something wrong; `file`, 1-based `line` and `column` say where.

    `excerpt` is the offending line of the file, without its newline.
    """

    code = "input"
    exit_status = EXIT_BAD_INPUT

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        file: str = "",
        line: int = 0,
        column: int = 0,
        excerpt: str = "",
    ) -> None:
        super().__init__(message, hint=hint)
        self.file = file
        self.line = line
        self.column = column
        self.excerpt = excerpt


class SyntaxInputError(InputError):
    """Not YAML, or YAML that is refused."""

    code = "syntax"


class SchemaError(InputError):
    """Unknown key, wrong type, value out of range, missing or duplicate value."""

    code = "schema"


class ReferenceInputError(InputError):
    """Names something that is not there."""

    code = "reference"


class ManifestError(InputError):
    """Rows of a manifest that cannot be taken as they are; `findings` says which, one line each."""

    code = "manifest"

    def __init__(
        self, message: str, *, hint: str = "", file: str = "", findings: tuple[str, ...] = ()
    ) -> None:
        super().__init__(message, hint=hint, file=file)
        self.findings = findings


class PlanMismatchError(InputError):
    """A plan that belongs to another scenario."""

    code = "plan-mismatch"


class LimitError(CrossflightError):
    """A limit was reached and there is no plan to show."""

    code = "limit"
    exit_status = EXIT_LIMIT


class PlanRefusedError(CrossflightError):
    """The checker refuses a plan of our own planner; `findings` says why, one line each."""

    code = "plan-refused"

    def __init__(self, message: str, *, hint: str = "", findings: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.findings = findings
