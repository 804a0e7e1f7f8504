"""The CSV reader of the record: hostile tables give one of our errors with file and line."""

import string
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossflight.errors import InputError, ReferenceInputError, SchemaError, SyntaxInputError
from crossflight.history.record import packaged, read_record
from crossflight.history.table import N_BYTES_MAX, read_table

COLUMNS = ("a", "b")


@pytest.mark.parametrize(
    ("text", "error", "line"),
    [
        ("", SchemaError, 1),
        ("a\n1\n", SchemaError, 1),
        ("b,a\n1,2\n", SchemaError, 1),
        ("a,b,c\n", SchemaError, 1),
        ("a,b\n1\n", SchemaError, 2),
        ("a,b\n1,2\n1,2,3\n", SchemaError, 3),
        ("a,b\n\n", SchemaError, 2),
        ('a,b\n1,"2\n', SyntaxInputError, 2),
        ('a,b\n1,"2"x\n', SyntaxInputError, 2),
        ("a,b\n1," + "x" * 200_000 + "\n", SyntaxInputError, 2),
        (b"a,b\n1,2\n\xff,3\n", SyntaxInputError, 3),
        (b"\xff\xfea\x00", SyntaxInputError, 1),
        ("a,b\n" + "1,2\n" * (N_BYTES_MAX // 4), SyntaxInputError, 1),
    ],
)
def test_bad_table(text: str | bytes, error: type[InputError], line: int) -> None:
    with pytest.raises(error) as caught:
        read_table(text, "bad.csv", COLUMNS)
    assert caught.value.file == "bad.csv"
    assert caught.value.line == line


@given(
    st.one_of(st.text(max_size=200), st.binary(max_size=200), st.text(alphabet='a,b"\n\r;\x00', max_size=60))
)
def test_no_foreign_exception(text: str | bytes) -> None:
    error = _refusal(lambda: read_table(text, "any.csv", COLUMNS))
    assert error is None or (error.file == "any.csv" and error.line >= 1)


def _refusal(read: Callable[[], object]) -> InputError | None:
    """Our error, or None where the table is good; any other exception passes."""
    try:
        read()
    except InputError as e:
        return e
    return None


def _edited(file: str, old: str, new: str) -> InputError:
    """The error of the record with the first `old` in one table replaced."""
    text = packaged(file).decode()
    assert old in text

    def content(name: str) -> str | bytes:
        return text.replace(old, new, 1) if name == file else packaged(name)

    with pytest.raises(InputError) as caught:
        read_record(content)
    assert caught.value.file == file
    assert caught.value.line >= 2
    assert caught.value.column >= 1
    return caught.value


@pytest.mark.parametrize(
    ("file", "old", "new", "word"),
    [
        ("flights.csv", "MS-08,rotation", "MS-08,rotatoin", "did you mean 'rotation'"),
        ("flights.csv", "2018-03-21T17:44", "21 March 2018", "is not a UTC time"),
        ("flights.csv", "2018-03-23T20:40", "2018-03-20T20:40", "is not after launch_utc"),
        ("flights.csv", "MS-09,rotation", "MS-08,rotation", "twice"),
        ("flights.csv", "Oleg Artemyev;", "Oleg Artemjev;", "not in people.csv"),
        ("flights.csv", "Oleg Artemyev;", "Oleg Artemyev;;", "empty name"),
        ("flights.csv", "Poisk zenith,2018-10-04T07:57", ",2018-10-04T07:57", "a port goes with a docking"),
        ("flights.csv", "2018-10-04T07:57,time", "2018-10-04T07:57,open", "does not go with undock_utc"),
        ("cargo.csv", "Progress MS-14,cargo", ",cargo", "missing"),
        ("relocations.csv", "MS-13,", "MS-133,", "not in flights.csv"),
        ("relocations.csv", "2019-08-26T03:59", "2019-08-26T03:00", "not after the undocking"),
        ("seat_moves.csv", "2019-09-27T12:00", "2019-12-27T12:00", "outside"),
        ("seat_moves.csv", ",Christina Koch,", ",Kristina Koch,", "not in people.csv"),
        ("people.csv", "JAXA,USOS,crew", "JAXA,,crew", "has side"),
        ("people.csv", "JAXA,USOS,crew", "JAXA,USA,crew", "not one of"),
    ],
)
def test_bad_record(file: str, old: str, new: str, word: str) -> None:
    error = _edited(file, old, new)
    assert word in f"{error.message} {error.hint}"
    assert isinstance(error, SchemaError | ReferenceInputError)


@given(st.sampled_from(["flights.csv", "people.csv", "seat_moves.csv", "relocations.csv"]), st.data())
def test_any_edit_of_the_record_is_read_or_refused(file: str, data: st.DataObject) -> None:
    text = packaged(file).decode()
    at = data.draw(st.integers(0, len(text) - 1))
    new = data.draw(st.text(alphabet=string.printable, max_size=3))

    def content(name: str) -> str | bytes:
        return text[:at] + new + text[at + 1 :] if name == file else packaged(name)

    # A name changed in one table is missed in another: any of them may complain.
    error = _refusal(lambda: read_record(content))
    assert error is None or (error.file.endswith(".csv") and error.line >= 1)
