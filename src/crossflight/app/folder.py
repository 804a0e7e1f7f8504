"""Files of one folder, written whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from crossflight.errors import UsageError


def refuse_unwritable(directory: Path) -> None:
    """Find out before the work that `directory` cannot be written: tries to, and takes the trial away again.

    Raises
    ------
    UsageError
        If it is a file, or lies under one, or nothing can be made there.
    """
    nearest, missing = directory, []
    while not nearest.exists() and nearest != nearest.parent:
        missing.append(nearest)
        nearest = nearest.parent
    if not nearest.is_dir():
        raise UsageError(f"{nearest} is not a folder", hint="name another folder with --out")
    made: list[Path] = []
    try:
        for folder in reversed(missing):
            folder.mkdir()
            made.append(folder)
        # Some file systems say that they may be written and refuse (/proc): only a file shows.
        handle, trial = tempfile.mkstemp(prefix=".crossflight.", dir=directory)
        os.close(handle)
        os.unlink(trial)
    except OSError as e:
        raise UsageError(
            f"{directory} may not be written: {e.strerror}", hint="name another folder with --out"
        ) from None
    finally:
        with suppress(OSError):  # somebody else may have begun to use it
            for folder in reversed(made):
                folder.rmdir()


def write_files(directory: Path, contents: Mapping[str, str | bytes]) -> tuple[Path, ...]:
    """Write `contents` (file name to bytes, or text as UTF-8) into `directory`, which is made if need be.

    Every file is complete beside its place before the first is moved there, so an interrupt or a
    full disk leaves no half file.

    Raises
    ------
    UsageError
        If the operating system refuses.
    """
    waiting: list[tuple[str, Path]] = []
    try:
        directory.mkdir(parents=True, exist_ok=True)
        for name, content in contents.items():
            handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=directory)
            waiting.append((temporary, directory / name))
            with os.fdopen(handle, "wb") as out:
                out.write(content.encode("utf-8") if isinstance(content, str) else content)
            os.chmod(temporary, 0o644)  # mkstemp's files are for their owner only
        for temporary, place in waiting:
            os.replace(temporary, place)
    except OSError as e:
        raise UsageError(
            f"{e.filename or directory} cannot be written: {e.strerror}",
            hint="name another folder with --out",
        ) from None
    finally:
        for temporary, _ in waiting:
            Path(temporary).unlink(missing_ok=True)
    return tuple(place for _, place in waiting)
