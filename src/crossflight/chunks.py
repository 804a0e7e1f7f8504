"""Work in numbered chunks: by one process or several, kept on disk as they end, the same bytes either way.

A chunk is a function of its number alone, always of the same size; whoever computes it, and in whatever
order, gets the same columns.  With a folder each finished chunk is written beside its place and renamed, so
that a run that was killed goes on where it ended.  A file counts only if its digest and its key are right;
the key says everything the chunk depends on.  Anything else is computed anew.
"""

from __future__ import annotations

import hashlib
import io
import os
import signal
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, fields, is_dataclass
from itertools import islice
from multiprocessing import connection, get_context, parent_process
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from crossflight.errors import LimitError, UsageError
from crossflight.times import Instant

Columns = Mapping[str, NDArray[Any]]

WORKERS_MAX: Final = 64
_MAGIC: Final = b"crossflight chunk 1\n"
_N_BYTES_MAX: Final = 200_000_000


@dataclass(frozen=True, slots=True)
class Kept:
    """Where finished chunks are kept, and the key of all that determines them (see `key_of`)."""

    folder: Path
    key: str

    def path(self, number: int) -> Path:
        """The file of a chunk."""
        return self.folder / f"chunk-{self.key[:16]}-{number:05d}"

    def read(self, number: int) -> Columns | None:
        """A chunk that was finished before; None where there is none that can be trusted."""
        try:
            path = self.path(number)
            if path.stat().st_size > _N_BYTES_MAX:
                return None
            content = path.read_bytes()
        except OSError:
            return None
        head, size = self._head(number), hashlib.sha256().digest_size
        digest, rest = content[len(head) : len(head) + size], content[len(head) + size :]
        if not content.startswith(head) or hashlib.sha256(rest).digest() != digest:
            return None
        with np.load(io.BytesIO(rest), allow_pickle=False) as found:
            return {name: found[name] for name in found.files}

    def write(self, number: int, columns: Columns) -> None:
        """Keep a finished chunk.

        Raises
        ------
        UsageError
            If the folder cannot be written.
        """
        packed = io.BytesIO()
        arrays: dict[str, Any] = dict(columns)
        np.savez(packed, **arrays)
        rest = packed.getvalue()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(prefix=".chunk-", dir=self.folder)
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(self._head(number) + hashlib.sha256(rest).digest() + rest)
                Path(name).replace(self.path(number))
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
        except OSError as e:
            raise UsageError(
                f"{self.folder} cannot be written: {e.strerror}", hint="name another folder with --out"
            ) from None

    def untrusted(self, n_chunks: int) -> Iterator[str]:
        """What lies in the folder and is not taken: half-written chunks, and those of other campaigns."""
        own = {self.path(number).name for number in range(n_chunks)}
        for path in sorted(self.folder.glob("chunk-*")) if self.folder.is_dir() else ():
            if path.name not in own:
                yield f"{path} is of another campaign, or past its end, and is left alone"
            elif self.read(int(path.name.rsplit("-", 1)[1])) is None:
                yield f"{path} is half-written or not what it says, and is computed anew"

    def drop(self) -> None:
        """Remove the chunks of this key, and the folder where nothing else is in it."""
        for path in [*self.folder.glob(f"chunk-{self.key[:16]}-*"), *self.folder.glob(".chunk-*")]:
            path.unlink(missing_ok=True)
        if self.folder.is_dir() and not any(self.folder.iterdir()):
            self.folder.rmdir()

    def _head(self, number: int) -> bytes:
        return _MAGIC + f"{self.key}\n{number}\n".encode()


def run_chunks(
    compute: Callable[[int], Columns],
    n_chunks: int,
    *,
    workers: int = 1,
    kept: Kept | None = None,
    on_progress: Callable[[int, int], None] | None = None,
) -> list[Columns]:
    """The columns of chunks 0 to `n_chunks`, in order.

    Parameters
    ----------
    compute
        Of a chunk's number; what it is bound to can be pickled.
    workers
        Processes; no more are started than there are chunks to compute, and none for one.
    on_progress
        Called with the number of chunks done and of all, at the beginning and after each.

    Raises
    ------
    UsageError
        If the number of workers is out of range, or the folder cannot be written.
    LimitError
        If a worker was killed.
    """
    if not 1 <= workers <= WORKERS_MAX:
        raise UsageError(f"{workers} workers are asked for; 1 to {WORKERS_MAX} can be had")
    found: dict[int, Columns] = {}
    for number in range(n_chunks):
        known = None if kept is None else kept.read(number)
        if known is not None:
            found[number] = known
    missing = [number for number in range(n_chunks) if number not in found]
    if on_progress is not None:
        on_progress(len(found), n_chunks)
    for number, columns in _computed(compute, missing, min(workers, len(missing))):
        if kept is not None:
            kept.write(number, columns)
        found[number] = columns
        if on_progress is not None:
            on_progress(len(found), n_chunks)
    return [found[number] for number in range(n_chunks)]


def _computed(
    compute: Callable[[int], Columns], numbers: list[int], workers: int
) -> Iterator[tuple[int, Columns]]:
    if workers <= 1:
        for number in numbers:
            yield number, compute(number)
        return
    left = iter(numbers)
    # Fresh processes: one that is forked would share the threads and locks of compiled code.
    with ProcessPoolExecutor(workers, get_context("spawn"), initializer=_begin) as pool:
        running: dict[Future[Columns], int] = {}
        while True:
            # No more than are computed at once, so that an interrupt has little to wait for.
            for number in islice(left, workers - len(running)):
                running[pool.submit(compute, number)] = number
            if not running:
                return
            for done in wait(running, return_when=FIRST_COMPLETED).done:
                try:
                    columns = done.result()
                except BrokenProcessPool:
                    raise LimitError(
                        "a worker process was ended from outside, perhaps for want of memory",
                        hint="take fewer --workers; with --out what was finished is kept, and the same "
                        "command goes on from it",
                    ) from None
                yield running.pop(done), columns


def _begin() -> None:
    """In a worker: die at once by Ctrl-C, which the parent answers, and when the parent is killed."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        connection.wait([parent.sentinel])
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def key_of(*parts: object) -> str:
    """A digest of values: dataclasses, arrays, instants, numbers, texts, tuples, lists and mappings of them.

    Raises
    ------
    TypeError
        For anything else: a key must not leave anything out.
    """
    digest = hashlib.sha256()
    for part in parts:
        for piece in _pieces(part):
            digest.update(len(piece).to_bytes(8, "little") + piece)
    return digest.hexdigest()


def _pieces(value: object) -> Iterator[bytes]:
    yield type(value).__qualname__.encode()
    if is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            yield field.name.encode()
            yield from _pieces(getattr(value, field.name))
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype.str} {value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif isinstance(value, Instant):
        yield str(value.us).encode()
    elif isinstance(value, float):
        yield value.hex().encode()
    elif value is None or isinstance(value, bool | int | str):
        yield repr(value).encode()
    elif isinstance(value, tuple | list):
        yield str(len(value)).encode()
        for item in value:
            yield from _pieces(item)
    elif isinstance(value, Mapping):
        yield from _pieces(sorted(value.items()))
    else:
        raise TypeError(f"a {type(value).__name__} cannot be part of a key")
