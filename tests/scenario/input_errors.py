"""What every input error owes the person who reads it."""

from collections.abc import Callable

from crossflight.errors import InputError

Refused = Callable[..., InputError]


def assert_placed(error: InputError) -> None:
    assert error.line >= 1
    assert error.column >= 1
    assert error.file
    assert "\n" not in error.message + error.excerpt
    assert len(error.message) < 1_000
    assert len(error.excerpt) <= 200
