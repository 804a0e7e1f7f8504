"""The cache of compiled models: used when it is right and private, and never otherwise."""

import os
import pickle
import stat
from pathlib import Path

import pytest

from crossflight.dynamics import compiled
from crossflight.dynamics.compiled import cache_directory, forget, right_hand_side
from crossflight.dynamics.forces import ForceModel

MODEL = ForceModel(2, 0, sun=False, moon=False, drag=False)
STATE = [7e6, 0.0, 1e6, 0.0, 7.5e3, 0.0]
PARS = [1.0, 0, 0, 0, 1, 0, 0, 0, 1]


class Compilations:
    def __init__(self) -> None:
        self.said: list[tuple[ForceModel, float, bool]] = []

    def __call__(self, model: ForceModel, seconds: float, is_done: bool) -> None:
        self.said.append((model, seconds, is_done))

    @property
    def n(self) -> int:
        return sum(is_done for _, _, is_done in self.said)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CROSSFLIGHT_CACHE", str(tmp_path / "cache"))
    forget()
    yield tmp_path / "cache"
    forget()


def again() -> int:
    """How many compilations a process that remembers nothing makes."""
    forget()
    count = Compilations()
    function = right_hand_side(MODEL, count)
    assert function(STATE, pars=PARS)[0] == pytest.approx(-7.9, abs=0.5)
    return count.n


def the_file(folder: Path) -> Path:
    (path,) = folder.iterdir()
    return path


def test_the_first_run_compiles_and_says_so_and_the_second_does_not(folder: Path) -> None:
    count = Compilations()
    right_hand_side(MODEL, count)
    assert [(model, is_done) for model, _, is_done in count.said] == [(MODEL, False), (MODEL, True)]
    assert again() == 0
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(the_file(folder).stat().st_mode) == 0o600


def test_in_one_process_nothing_is_read_twice(folder: Path) -> None:
    first = right_hand_side(MODEL)
    the_file(folder).unlink()
    assert right_hand_side(MODEL) is first


@pytest.mark.parametrize("at", [0, 5, 40, 70, 500, -1])
def test_a_damaged_file_is_compiled_anew_and_replaced(folder: Path, at: int) -> None:
    right_hand_side(MODEL)
    path = the_file(folder)
    content = bytearray(path.read_bytes())
    content[at] ^= 0x55
    path.write_bytes(content)
    assert again() == 1
    assert again() == 0


@pytest.mark.parametrize("content", [b"", b"garbage", pickle.dumps({"a": 1})])
def test_a_file_of_another_make_is_not_read(folder: Path, content: bytes) -> None:
    right_hand_side(MODEL)
    the_file(folder).write_bytes(content)
    assert again() == 1


def test_a_pickle_that_wants_more_than_a_function_is_not_run(folder: Path) -> None:
    """Digest and key are right and the directory is private: still only heyoka's function is built."""
    right_hand_side(MODEL)
    marker = folder.parent / "ran"

    class Hostile:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (os.system, (f"touch {marker}",))

    rest = compiled._key(MODEL) + pickle.dumps(Hostile())
    the_file(folder).write_bytes(compiled._MAGIC + compiled.hashlib.sha256(rest).digest() + rest)
    assert again() == 1
    assert not marker.exists()


def test_a_file_for_another_model_is_not_taken(folder: Path) -> None:
    right_hand_side(MODEL)
    content = the_file(folder).read_bytes()
    other = ForceModel(3, 0, sun=False, moon=False, drag=False)
    compiled._path(compiled._key(other)).write_bytes(content)
    forget()
    count = Compilations()
    right_hand_side(other, count)
    assert count.n == 1


@pytest.mark.parametrize("part", ["heyoka", "machine", "forces"])
def test_another_machine_or_version_has_another_file(
    folder: Path, part: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right_hand_side(MODEL)
    if part == "heyoka":
        import heyoka

        monkeypatch.setattr(heyoka, "__version__", "0.0.1")
    elif part == "machine":
        monkeypatch.setattr(compiled, "_machine", lambda: "another")
    else:
        monkeypatch.setattr(compiled.forces, "VERSION", -1)
    assert again() == 1
    assert len(list(folder.iterdir())) == 2


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
@pytest.mark.parametrize("mode", [0o770, 0o707, 0o777])
def test_a_directory_others_may_write_to_is_not_used(folder: Path, mode: int) -> None:
    right_hand_side(MODEL)
    folder.chmod(mode)
    assert again() == 1
    assert again() == 1


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's")
def test_a_file_others_may_write_to_or_a_link_is_not_read(folder: Path) -> None:
    right_hand_side(MODEL)
    path = the_file(folder)
    path.chmod(0o666)
    assert again() == 1  # and replaced
    moved = folder.parent / "elsewhere"
    path.rename(moved)
    path.symlink_to(moved)
    assert again() == 1
    assert not path.is_symlink()
    path.unlink()
    os.mkfifo(path)
    assert again() == 1


@pytest.mark.skipif(os.name != "posix", reason="owners are POSIX's")
def test_what_somebody_else_owns_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    right_hand_side(MODEL)
    monkeypatch.setattr(os, "geteuid", lambda: folder.stat().st_uid + 1)
    assert again() == 1


def test_where_nothing_can_be_written_it_works_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "a file"
    blocked.write_text("here")
    monkeypatch.setenv("CROSSFLIGHT_CACHE", str(blocked / "cache"))
    assert again() == 1
    assert again() == 1
    forget()


def test_a_write_that_fails_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    assert again() == 1
    assert list(folder.iterdir()) == []


def test_the_directory_is_the_users_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CROSSFLIGHT_CACHE", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", os.path.join(os.sep, "x"))
    assert cache_directory() == Path(os.sep, "x", "crossflight")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_directory() == Path.home() / ".cache" / "crossflight"
