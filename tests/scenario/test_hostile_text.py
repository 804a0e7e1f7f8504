"""Texts that break YAML readers: refused in one error, or read as what they say."""

import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from input_errors import Refused, assert_placed

from crossflight.errors import InputError, SyntaxInputError
from crossflight.model import Scenario
from crossflight.scenario import (
    TEMPLATE,
    read_plan_text,
    read_scenario,
    read_scenario_text,
    read_text,
    yaml_tree,
)
from crossflight.scenario.yaml_tree import DEPTH_MAX, Map, Node, Scalar, Sequence, parse_tree

N_DEEP = 100_000
DEEP = {
    "flow lists": "[" * N_DEEP,
    "closed flow lists": "[" * N_DEEP + "]" * N_DEEP,
    "flow mappings": "{a: " * N_DEEP,
    "mixed": "[{a: " * N_DEEP,
    "block lists": "- " * N_DEEP + "x",
    "block mappings": "\n".join(" " * i + "a:" for i in range(1_800)),
    "below a key": "schema: " + "[" * N_DEEP,
}


@pytest.mark.parametrize("loader", ["C", "Python"])
@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_depth_is_refused(refused: Refused, text: str, loader: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if loader == "Python":
        monkeypatch.setattr(yaml_tree, "_LOADER", yaml_tree.yaml.Loader)
    refused(SyntaxInputError, f"deeper than {DEPTH_MAX} levels", parse_tree, text, "deep.yaml")


def test_the_greatest_depth_is_read() -> None:
    parse_tree("[" * DEPTH_MAX + "]" * DEPTH_MAX, "deep.yaml")


REFUSED = {
    "empty": ("", "the text is empty", 1, 1),
    "comments only": ("# nothing\n", "the text is empty", 1, 1),
    "alias": ("a: *b\n", "alias *b", 1, 4),
    "anchor": ("a: 1\nb: &c 2\n", "anchor &c", 2, 4),
    "laughs": ('a: &a ["x"]\nb: &b [*a, *a]\nc: [*b, *b]', "anchor &a", 1, 4),
    "tag": ("a: !!python/object:os.system x\n", "tag tag:yaml.org", 1, 4),
    "own tag": ("a: !x {}\n", "tag !x", 1, 4),
    "long tag": ("a: " + "!" * 1_000_000, "tag tag:yaml.org", 1, 4),
    "long anchor": ("a: &" + "b" * 1_000_000, "anchor &bbb", 1, 4),
    "long alias": ("a: *" + "b" * 1_000_000, "alias *bbb", 1, 4),
    "long key twice": ("{" + ("k" * 900 + ": 1, ") * 2 + "}", "stands twice", 1, 907),
    "anchored key": ("&k a: 1\n", "anchor &k", 1, 1),
    "two documents": ("a: 1\n---\nb: 2\n", "a second document", 2, 1),
    "directive": ("%YAML 1.1\n---\na: 1\n", "a YAML directive", 1, 1),
    "duplicate key": ("a: 1\nb: 2\na: 3\n", "key 'a' stands twice", 3, 1),
    "duplicate flow key": ("{a: 1, 'a': 2}", "key 'a' stands twice", 1, 8),
    "number as key": ("1: x\n", "a key that is not text", 1, 1),
    "true as key": ("a:\n  true: x\n", "a key that is not text", 2, 3),
    "list as key": ("[a]: x\n", "a key that is not text", 1, 1),
    "deep keys": ("? " * N_DEEP + "x", "a key that is not text", 1, 3),
    "mapping as key": ("? {a: 1}\n: x\n", "a key that is not text", 1, 3),
    "bell": ("a: 1\nb: x\x07y\n", "control character U+0007", 2, 5),
    "zero": ("a: \x00", "control character U+0000", 1, 4),
    "escape": ("a: \x1b[31m", "control character U+001B", 1, 4),
    "next line": ("a: x\x85y", "control character U+0085", 1, 5),
    "line separator": ("a: x\r\nb: \u2028y", "control character U+2028", 2, 4),
    "reversed text": ("a: x\u202ey", "control character U+202E", 1, 5),
    "lone surrogate": ("a: x\ud800y", "control character U+D800", 1, 5),
    "tab": ("a:\n\tb: 1\n", "indent with spaces", 2, 1),
    "unclosed": ("a: [1, 2\n", "this is not YAML", 1, 1),
    "unclosed quote": ('a: "x\n', "this is not YAML", 1, 1),
    "bad indentation": ("a: 1\n  b: 2\n", "this is not YAML", 2, 4),
    "bad escape": ('a: "\\q"\n', "this is not YAML", 1, 5),
    "many digits": ("a: " + "9" * 5_000, "more than 19 digits", 1, 4),
    "many hexadecimal digits": ("a: 0x" + "f" * 5_000, "more than 19 digits", 1, 4),
    "many values": ("[" + "1," * 200_001 + "]", "more than 200000 values", 1, 399_998 + 2),
}


@pytest.mark.parametrize(("text", "says", "line", "column"), REFUSED.values(), ids=REFUSED)
def test_refused_at_its_place(refused: Refused, text: str, says: str, line: int, column: int) -> None:
    error = refused(SyntaxInputError, says, parse_tree, text, "bad.yaml")
    if says != "this is not YAML":  # where the parser notices is the parser's
        assert (error.line, error.column) == (line, column)
    assert error.file == "bad.yaml"


SCALARS = {
    "NO": "NO",
    "yes": "yes",
    "off": "off",
    "12:30:45": "12:30:45",
    "2022-09-21": "2022-09-21",
    "2022-09-21T13:54:50Z": "2022-09-21T13:54:50Z",
    "'1'": "1",
    '"true"': "true",
    "=1+1": "=1+1",
    "1_000": "1_000",
    "<<": "<<",
    "true": True,
    "False": False,
    "null": None,
    "~": None,
    "": None,
    "007": 7,
    "-12": -12,
    "0x1F": 31,
    "0o17": 15,
    "1.5e3": 1500.0,
    ".5": 0.5,
    "-.inf": float("-inf"),
    "1e999": float("inf"),
    "<img src=x onerror=alert(1)>": "<img src=x onerror=alert(1)>",
}


@pytest.mark.parametrize("loader", ["C", "Python"])
@pytest.mark.parametrize(("text", "value"), SCALARS.items())
def test_scalars_follow_yaml_1_2(
    text: str, value: object, loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if loader == "Python":
        monkeypatch.setattr(yaml_tree, "_LOADER", yaml_tree.yaml.Loader)
    root = parse_tree(f"a: {text}\n", "-")
    assert isinstance(root, Map)
    found = root.items["a"]
    assert isinstance(found, Scalar)
    assert found.value == value
    assert type(found.value) is type(value)


def test_positions_count_characters_from_one() -> None:
    root = parse_tree("\ufeff# é\né😀ü: [x, {y: 1}]\r\nz: 2\r\n", "-")
    assert isinstance(root, Map)
    listed = root.items["é😀ü"]
    assert isinstance(listed, Sequence)
    assert (listed.line, listed.column) == (2, 6)
    inner = listed.items[1]
    assert isinstance(inner, Map)
    assert (inner.keys["y"].column, inner.items["y"].column) == (11, 14)
    assert (root.keys["z"].line, root.items["z"].column) == (3, 4)
    assert root.items["z"].origin.line(3) == "z: 2"


@pytest.mark.parametrize("n_bytes", [2_000_001, 100_000_000])
def test_a_long_file_is_refused_before_it_is_read(refused: Refused, tmp_path: Path, n_bytes: int) -> None:
    path = tmp_path / "long.yaml"
    with path.open("wb") as stream:
        stream.truncate(n_bytes)
    refused(SyntaxInputError, "more than the 2 MB", read_text, path)


def test_a_device_without_an_end_is_refused(refused: Refused) -> None:
    refused(SyntaxInputError, "more than the 2 MB", read_text, "/dev/zero")


@pytest.mark.parametrize("raw", [b"name: caf\xc3", b"a: 1\nb: \xff\xfe", "a: 1".encode("utf-16")])
def test_text_that_is_not_utf8_is_refused(refused: Refused, tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "bytes.yaml"
    path.write_bytes(raw)
    error = refused(SyntaxInputError, "is not UTF-8", read_text, path)
    assert error.line == raw[: raw.find(b"\xff") if b"\xff" in raw else -1].count(b"\n") + 1


def test_what_cannot_be_opened_is_an_input_error(tmp_path: Path) -> None:
    (tmp_path / "scenario.yaml").write_text("")
    for path, says in [
        (tmp_path / "scenari.yaml", "did you mean 'scenario.yaml'?"),
        (tmp_path, "cannot be read"),
        (tmp_path / "scenario.yaml" / "x.yaml", "cannot be read"),
        (Path(str(tmp_path / "x\0y.yaml")), "cannot be read"),
    ]:
        with pytest.raises(InputError) as caught:
            read_scenario(path)
        assert says in caught.value.message + caught.value.hint


def test_an_unknown_library_name_gets_the_near_one() -> None:
    with pytest.raises(InputError, match="no scenario 'iss2022'") as caught:
        read_scenario("iss2022")
    assert caught.value.hint == "did you mean 'iss-2022'?"


def test_a_dash_reads_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "in.yaml"
    path.write_text(TEMPLATE, encoding="utf-8")
    with path.open() as stream:
        monkeypatch.setattr(sys, "stdin", stream)
        assert read_scenario("-").name == "small-station"


BASE = TEMPLATE.encode()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_mutated_bytes_raise_input_errors_only(data: st.DataObject, tmp_path: Path) -> None:
    raw = bytearray(BASE)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw) - 1))
        n_cut = data.draw(st.sampled_from([0, 0, 1, 1, 2, 40, len(raw)]))
        piece = st.binary(max_size=4) | st.sampled_from(
            [
                b"[",
                b"{",
                b"- ",
                b": ",
                b"\n",
                b"\n  ",
                b"&a ",
                b"*a",
                b"null",
                b"-1",
                b"1e400",
                b'"',
                b"{}",
                b"[]",
            ]
        )
        raw[at : at + n_cut] = data.draw(piece)
        if not raw:
            raw = bytearray(b"x")
    path = tmp_path / "mutated.yaml"
    path.write_bytes(raw)
    _only_input_errors(path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(max_size=60) | st.text(max_size=60).map(lambda s: s.encode("utf-8", "surrogatepass")))
def test_any_bytes_raise_input_errors_only(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "any.yaml"
    path.write_bytes(raw)
    _only_input_errors(path)


def _only_input_errors(path: Path) -> None:
    try:
        scenario = read_scenario(path)
    except InputError as error:
        assert_placed(error)
    else:
        assert len(scenario.digest) == 16


@pytest.mark.parametrize(
    "text", ["- a\n- b\n", "just text", "42", "null", "schema: [x]", "schema: crossflight.plan/2"]
)
def test_another_kind_of_document_is_refused(small: Scenario, text: str) -> None:
    for read in (lambda: read_scenario_text(text, "f.yaml"), lambda: read_plan_text(text, small, "f.yaml")):
        with pytest.raises(InputError) as caught:
            read()
        assert_placed(caught.value)


def test_the_reader_has_the_fast_parser_here() -> None:
    assert yaml_tree._LOADER is yaml_tree.yaml.CLoader


def _depth(node: Node) -> int:
    children = list(node.items.values()) if isinstance(node, Map) else getattr(node, "items", [])
    return 1 + max(map(_depth, children), default=0)


def test_the_bound_leaves_room_for_scenarios() -> None:
    assert _depth(parse_tree(TEMPLATE, "-")) < DEPTH_MAX / 2
