"""Files of one folder, written whole or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
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

    A folder that is not there yet appears with all its files at once; in one that is, every file is complete
    beside its place before the first is moved there.  So an interrupt, a kill or a full disk leaves no half
    file, and no half folder where there was none.

    Raises
    ------
    UsageError
        If the operating system refuses.
    """
    try:
        if directory.exists():
            _fill(directory, contents)
        else:
            _appear(directory, contents)
    except OSError as e:
        raise UsageError(
            f"{e.filename or directory} cannot be written: {e.strerror}",
            hint="name another folder with --out",
        ) from None
    return tuple(directory / name for name in contents)


def _appear(directory: Path, contents: Mapping[str, str | bytes]) -> None:
    """A new folder with its files."""
    parent = directory.absolute().parent
    beside = parent / f".{directory.name}.{secrets.token_hex(4)}"
    beside.mkdir(parents=True)
    try:
        for name, content in contents.items():
            _write(beside / name, content)
        os.replace(beside, directory)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def _fill(directory: Path, contents: Mapping[str, str | bytes]) -> None:
    """Files into a folder that is there."""
    waiting: list[tuple[str, Path]] = []
    try:
        for name, content in contents.items():
            handle, temporary = tempfile.mkstemp(prefix=f".{name}.", dir=directory)
            os.close(handle)
            waiting.append((temporary, directory / name))
            _write(Path(temporary), content)
        for temporary, place in waiting:
            os.replace(temporary, place)
    finally:
        for temporary, _ in waiting:
            Path(temporary).unlink(missing_ok=True)


def _write(place: Path, content: str | bytes) -> None:
    place.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    os.chmod(place, 0o644)  # mkstemp's files are for their owner only
