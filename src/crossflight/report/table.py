"""How tables are made: columns by a mark, rows of cells."""

from __future__ import annotations

from crossflight.report.shape import Cell, Column, Table


def columns(*names: str) -> list[Column]:
    """Column kinds by a mark at the end of the name: ``#`` numbers, ``@`` times."""
    made: list[Column] = []
    for name in names:
        if name.endswith("#"):
            made.append({"name": name[:-1], "kind": "number"})
        elif name.endswith("@"):
            made.append({"name": name[:-1], "kind": "time"})
        else:
            made.append({"name": name, "kind": "text"})
    return made


def table(
    ident: str,
    title: str,
    columns: list[Column],
    rows: list[list[Cell]],
    *,
    note: str = "",
    is_open: bool = False,
) -> Table:
    """A table; `ident` is its address within the page."""
    return {"id": ident, "title": title, "note": note, "columns": columns, "rows": rows, "is_open": is_open}
