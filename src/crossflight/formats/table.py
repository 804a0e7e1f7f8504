"""A table of text cells, whatever file it came from, and names as people vary them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Final

N_BYTES_MAX: Final = 5_000_000
N_ROWS_MAX: Final = 20_000
N_COLUMNS_MAX: Final = 100
N_CELL_CHARACTERS_MAX: Final = 2_000

# Letters that Unicode does not take apart into a base letter and a mark.
_LETTERS: Final = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
        "\N{LATIN SMALL LETTER DOTLESS I}": "i",
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `number` is what the program of the file calls it, counted from 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a CSV file or of one sheet.

    `lettered` columns are called A, B ... as spreadsheets do; `n_formulas` cells were computed by
    another program and hold what it last computed.
    """

    file: str
    rows: tuple[Row, ...]
    sheet: str = ""
    is_lettered: bool = False
    n_formulas: int = 0

    def place(self, row: int, column: int | None = None) -> str:
        """Where a cell is, as people find it: ``plan.xlsx, sheet flights, cell C7``."""
        where = f"{self.file}, sheet {self.sheet}" if self.sheet else self.file
        if column is None:
            return f"{where}, row {row}"
        if self.is_lettered:
            return f"{where}, cell {letters(column)}{row}"
        return f"{where}, row {row}, column {column + 1}"


def letters(column: int) -> str:
    """A column as spreadsheets call it; `column` counts from 0."""
    name = ""
    n = column + 1
    while n:
        n, rest = divmod(n - 1, 26)
        name = chr(ord("A") + rest) + name
    return name


def folded(text: str) -> str:
    """A name without case, marks on letters, and punctuation: what two spellings have in common."""
    plain = unicodedata.normalize("NFKD", text.casefold()).translate(_LETTERS)
    kept = (c if c.isalnum() else " " for c in plain if not unicodedata.combining(c))
    return " ".join("".join(kept).split())
