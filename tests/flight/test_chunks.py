"""Chunks: whoever computes them, they are the same; what was finished is kept, what is not right is not."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from crossflight.chunks import Kept, key_of, run_chunks
from crossflight.errors import UsageError

N_CHUNKS = 4


@dataclass(frozen=True)
class Work:
    """Writes down each chunk it computes; dies at `deadly`."""

    diary: Path
    deadly: int = -1

    def __call__(self, number: int) -> Mapping[str, NDArray[np.float64]]:
        if number == self.deadly:
            os.kill(os.getpid(), signal.SIGKILL)
        with self.diary.open("a") as file:
            file.write(f"{number} {os.getpid()}\n")
        return {"x": np.arange(3.0) + number, "y": np.full(2, np.nan)}

    def done(self) -> list[int]:
        return [int(line.split()[0]) for line in self.diary.read_text().splitlines()]


def killed(work: Work, kept: Kept) -> None:
    run_chunks(work, N_CHUNKS, kept=kept)


def same(a: list[Mapping[str, NDArray[np.float64]]], b: list[Mapping[str, NDArray[np.float64]]]) -> bool:
    return all(
        x.keys() == y.keys() and all(x[k].tobytes() == y[k].tobytes() for k in x)
        for x, y in zip(a, b, strict=True)
    )


def test_two_processes_compute_what_one_does(tmp_path: Path) -> None:
    work, seen = Work(tmp_path / "diary"), list[tuple[int, int]]()
    one = run_chunks(work, N_CHUNKS)
    two = run_chunks(work, N_CHUNKS, workers=2, on_progress=lambda k, n: seen.append((k, n)))
    assert same(one, two)
    assert [c["x"][0] for c in two] == [0, 1, 2, 3]
    assert seen == [(k, N_CHUNKS) for k in range(N_CHUNKS + 1)]
    assert str(os.getpid()) not in {
        line.split()[1] for line in work.diary.read_text().splitlines()[N_CHUNKS:]
    }


def test_one_chunk_starts_no_process(tmp_path: Path) -> None:
    work = Work(tmp_path / "diary")
    run_chunks(work, 1, workers=8)
    assert work.diary.read_text() == f"0 {os.getpid()}\n"


def test_a_killed_run_goes_on_where_it_ended(tmp_path: Path) -> None:
    kept = Kept(tmp_path / "kept", key_of("a"))
    work = Work(tmp_path / "diary")
    process = get_context("spawn").Process(target=killed, args=(Work(work.diary, deadly=2), kept))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    assert work.done() == [0, 1]
    found = run_chunks(work, N_CHUNKS, kept=kept)
    assert work.done() == [0, 1, 2, 3]
    assert same(found, run_chunks(work, N_CHUNKS))
    kept.drop()
    assert not kept.folder.exists()


@pytest.mark.parametrize("harm", ["cut", "changed", "foreign", "empty", "other number", "folder"])
def test_what_is_not_right_is_computed_anew(tmp_path: Path, harm: str) -> None:
    kept = Kept(tmp_path / "kept", key_of("a"))
    work = Work(tmp_path / "diary")
    first = run_chunks(work, 2, kept=kept)
    path = kept.path(1)
    content = path.read_bytes()
    path.unlink()
    if harm == "folder":
        path.mkdir()
        with pytest.raises(UsageError, match="cannot be written"):
            run_chunks(work, 2, kept=kept)
        return
    spoilt = {
        "cut": content[:-1],
        "changed": content[:-9] + bytes([content[-9] ^ 1]) + content[-8:],
        "foreign": Kept(kept.folder, key_of("b"))._head(1) + content[len(kept._head(1)) :],
        "empty": b"",
        "other number": kept.path(0).read_bytes(),
    }
    path.write_bytes(spoilt[harm])
    assert same(first, run_chunks(work, 2, kept=kept))
    assert work.done() == [0, 1, 1]
    assert path.read_bytes() == content


def test_another_key_takes_nothing_over(tmp_path: Path) -> None:
    work = Work(tmp_path / "diary")
    run_chunks(work, 2, kept=Kept(tmp_path, key_of(1.0)))
    run_chunks(work, 2, kept=Kept(tmp_path, key_of(1.0 + 2**-52)))
    assert work.done() == [0, 1, 0, 1]


def test_a_key_leaves_nothing_out() -> None:
    values = [
        1,
        1.0,
        True,
        "1",
        None,
        (1,),
        (1, None),
        {"a": 1},
        np.array([1.0]),
        np.array([[1.0]]),
        np.array([1]),
    ]
    assert len({key_of(v) for v in values}) == len(values)
    assert key_of("ab", "c") != key_of("a", "bc")
    assert key_of(Work(Path("x"), 1).deadly) == key_of(1)
    with pytest.raises(TypeError, match="set"):
        key_of({1, 2})


@pytest.mark.parametrize("workers", [0, -1, 1000])
def test_workers_without_sense_are_refused(tmp_path: Path, workers: int) -> None:
    with pytest.raises(UsageError, match="workers"):
        run_chunks(Work(tmp_path / "diary"), 1, workers=workers)
