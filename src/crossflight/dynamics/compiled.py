"""Compiled force models, kept on disk so that only the first run of a machine compiles.

A file holds a digest, the key it was made for and heyoka's own serialisation of the machine code.  Such
a file is code.  It is therefore read only from a directory that is the user's own and that nobody else
may write to, only if it is a plain file under the same conditions, only if digest and key are right, and
through an unpickler that knows heyoka's function and nothing else.  Anything else is compiled anew.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import pickle
import platform
import stat
import sys
import tempfile
import time
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from crossflight.dynamics import forces
from crossflight.dynamics.forces import ForceModel

if TYPE_CHECKING:
    import heyoka

_MAGIC: Final = b"crossflight compiled forces 1\n"
_N_BYTES_MAX: Final = 200_000_000
CACHE_VARIABLE: Final = "CROSSFLIGHT_CACHE"

# Called before a compilation with the model, the seconds it may take and False; after it with the seconds
# it took and True.
Progress = Callable[[ForceModel, float, bool], None]

_memory: dict[ForceModel, heyoka.cfunc_dbl] = {}


def cache_directory() -> Path:
    """Where compiled models are kept: `CROSSFLIGHT_CACHE`, or ``crossflight`` in the user's cache."""
    named = os.environ.get(CACHE_VARIABLE)
    if named:
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base and Path(base).is_absolute() else Path.home() / ".cache") / "crossflight"


def expected_compile_s(model: ForceModel) -> float:
    """About how long compiling takes; measured on 2 cores: 20 x 20 0.3 to 0.8 s, 36 x 36 0.6 to 2.4 s."""
    return 0.3 + 1.2e-3 * model.degree * max(model.order, 1)


def right_hand_side(model: ForceModel, on_compile: Progress | None = None) -> heyoka.cfunc_dbl:
    """The acceleration of `model` as compiled code: from memory, from disk, or compiled now and stored.

    Parameters
    ----------
    on_compile
        Called before a compilation with the model, the seconds it may take and False; after it with the
        seconds it took and True.  Not called where nothing is compiled.
    """
    found = _memory.get(model)
    if found is None:
        found = _stored(model) or _compiled(model, on_compile)
        _memory[model] = found
    return found


def forget() -> None:
    """Drop what is in memory; what is on disk stays."""
    _memory.clear()


def _compiled(model: ForceModel, on_compile: Progress | None) -> heyoka.cfunc_dbl:
    import heyoka

    if on_compile is not None:
        on_compile(model, expected_compile_s(model), False)
    begin = time.monotonic()
    variables, total = forces.acceleration(model)
    function = heyoka.cfunc(total, vars=variables)
    took_s = time.monotonic() - begin
    _store(model, function)
    if on_compile is not None:
        on_compile(model, took_s, True)
    return cast("heyoka.cfunc_dbl", function)


@lru_cache(maxsize=1)
def _machine() -> str:
    """What the machine code depends on: the processor's model and features, the system, Python."""
    processor = platform.processor()
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            kept = ("model name", "cpu family", "model", "stepping", "flags", "Features")
            for line in lines:
                if not line.strip():
                    break
                if line.split(":")[0].strip() in kept:
                    processor += line
    except OSError:
        pass
    parts = (processor, platform.machine(), platform.system(), sys.version, platform.libc_ver()[1])
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _key(model: ForceModel) -> bytes:
    import heyoka

    key = {
        "forces": forces.VERSION,
        "heyoka": heyoka.__version__,
        "machine": _machine(),
        "model": model.text(),
    }
    return json.dumps(key, sort_keys=True).encode() + b"\n"


def code_text(model: ForceModel) -> str:
    """All that the compiled code of a model depends on, this machine included."""
    return _key(model).decode()


def _path(key: bytes) -> Path:
    return cache_directory() / f"forces-{hashlib.sha256(key).hexdigest()[:32]}"


def _is_private(status: os.stat_result) -> bool:
    """Whether it is the user's own and nobody else may write to it."""
    if os.name != "posix":
        return True  # the user's profile is private by inheritance there
    return status.st_uid == os.geteuid() and not status.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _stored(model: ForceModel) -> heyoka.cfunc_dbl | None:
    key = _key(model)
    path = _path(key)
    try:
        if not _is_private(path.parent.stat()):
            return None
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not (stat.S_ISREG(status.st_mode) and _is_private(status)) or status.st_size > _N_BYTES_MAX:
                return None
            content = file.read()
    except OSError:
        return None
    head = len(_MAGIC)
    digest, rest = content[head : head + 32], content[head + 32 :]
    if content[:head] != _MAGIC or hashlib.sha256(rest).digest() != digest or not rest.startswith(key):
        return None
    try:
        function = _OnlyFunctions(io.BytesIO(rest[len(key) :])).load()
        n_right = (function.nvars, function.nouts) == (6, 3) and function.nparams <= forces.N_PARAMETERS
    except Exception:  # whatever a stale serialisation raises: compile anew
        return None
    return cast("heyoka.cfunc_dbl", function) if n_right else None


def _store(model: ForceModel, function: heyoka.cfunc_dbl) -> None:
    """Write beside and rename; where that cannot be done, work without."""
    key = _key(model)
    path = _path(key)
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(path.parent.stat()):
            return
        rest = key + pickle.dumps(function)
        handle, name = tempfile.mkstemp(prefix=".forces-", dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(_MAGIC + hashlib.sha256(rest).digest() + rest)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError:
        return


class _OnlyFunctions(pickle.Unpickler):
    """An unpickler that knows heyoka's compiled function."""

    def find_class(self, module: str, name: str) -> Any:
        """The one class there is.

        Raises
        ------
        UnpicklingError
            For any other.
        """
        if (module, name) != ("heyoka._core", "cfunc_dbl"):
            raise pickle.UnpicklingError(f"{module}.{name} does not belong into a compiled force model")
        return super().find_class(module, name)
