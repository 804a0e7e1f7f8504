"""Bytes to text: files, standard input and the scenarios that ship with the package."""

from __future__ import annotations

import os
import sys
from importlib.resources import files
from pathlib import Path
from typing import BinaryIO, Final

from crossflight.errors import InputError, SyntaxInputError
from crossflight.scenario.near import near_hint
from crossflight.scenario.yaml_tree import N_BYTES_MAX

STDIN: Final = "-"
STDIN_LABEL: Final = "standard input"
_LIBRARY: Final = files("crossflight.scenario") / "library"


def library_names() -> tuple[str, ...]:
    """The scenarios that ship with the package, sorted."""
    return tuple(
        sorted(
            entry.name.removesuffix(".yaml")
            for entry in _LIBRARY.iterdir()
            if entry.name.endswith(".yaml") and not entry.name.startswith("_")
        )
    )


def library_text(name: str) -> str:
    """The text of one of `library_names`, or of the template ``_template``."""
    return (_LIBRARY / f"{name}.yaml").read_text(encoding="utf-8")


def read_text(path: str | os.PathLike[str]) -> tuple[str, str]:
    """The text of a file (``-``: standard input) and the name that errors call it by.

    Raises
    ------
    InputError
        If it cannot be opened, is longer than `N_BYTES_MAX` bytes or not UTF-8.
    """
    name = os.fspath(path)
    if name == STDIN:
        return _decoded(_bounded(sys.stdin.buffer, STDIN_LABEL), STDIN_LABEL), STDIN_LABEL
    try:
        with open(name, "rb") as stream:
            n_bytes = os.fstat(stream.fileno()).st_size
            if n_bytes > N_BYTES_MAX:
                raise _too_long(name, f"{n_bytes / 1e6:.1f} MB")
            return _decoded(_bounded(stream, name), name), name
    except FileNotFoundError:
        raise InputError(f"there is no file {name!r}", hint=_beside(name), file=name) from None
    except (OSError, ValueError) as e:
        why = e.strerror if isinstance(e, OSError) and e.strerror else str(e)
        raise InputError(f"{name!r} cannot be read: {why}", file=name) from None


def scenario_text(name_or_path: str | os.PathLike[str]) -> tuple[str, str]:
    """The text of a library scenario or of a file, and the name that errors call it by."""
    name = os.fspath(name_or_path)
    known = library_names()
    if name in known:
        return library_text(name), f"{name}.yaml"
    is_path = name == STDIN or os.sep in name or name.endswith((".yaml", ".yml")) or os.path.exists(name)
    if not is_path:
        raise InputError(
            f"there is no scenario {name!r}",
            hint=near_hint(name, known) or f"the library has {', '.join(known)}; or give a file",
            file=name,
        )
    return read_text(name)


def _bounded(stream: BinaryIO, name: str) -> bytes:
    """All of a stream; one without an end (a device, a pipe) is read to the limit only."""
    chunks = []
    n_left = N_BYTES_MAX + 1
    while n_left > 0 and (chunk := stream.read(n_left)):
        chunks.append(chunk)
        n_left -= len(chunk)
    if n_left <= 0:
        raise _too_long(name, "it")
    return b"".join(chunks)


def _decoded(raw: bytes, name: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as e:
        before = raw[: e.start].decode("utf-8", errors="replace")
        last = before.rsplit("\n", 1)[-1]
        raise SyntaxInputError(
            f"byte 0x{raw[e.start]:02x} is not UTF-8",
            hint="save the file as UTF-8",
            file=name,
            line=before.count("\n") + 1,
            column=len(last) + 1,
            excerpt="".join(c if c.isprintable() else "\ufffd" for c in last[:200]),
        ) from None


def _too_long(name: str, what: str) -> InputError:
    limit = f"{N_BYTES_MAX / 1e6:g} MB"
    message = f"{what} is more than the {limit} a file may have"
    return SyntaxInputError(message, hint="a scenario is well under 100 kB", file=name, line=1, column=1)


def _beside(name: str) -> str:
    folder = Path(name).parent
    try:
        beside = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    except OSError:
        beside = []
    return near_hint(Path(name).name, beside)
