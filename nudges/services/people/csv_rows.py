"""Rows of files that companies send: this module reads CSV however it was saved, and refuses faulty files whole."""

import csv
import io
from collections.abc import Mapping, Sequence

from nudges.errors import ImportRefused

SHOWN = 200  # faulty lines listed at most

Row = Mapping[str | None, str | None]


def open_csv(text: str) -> "csv.DictReader[str]":
    """Return a reader of the rows, whatever spreadsheet the file came from."""
    body = text.lstrip("\ufeff")
    first = body.split("\n", 1)[0]
    # A spreadsheet set to a country with decimal commas saves its files with semicolons.
    delimiter = max(",;\t", key=first.count)
    return csv.DictReader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)


def text_of(row: Row, name: str) -> str:
    """Return a field's words without outer spaces; empty when the row has none."""
    return (row.get(name) or "").strip()


def refuse_faults(what: str, faults: Sequence[str], *, has_rows: bool) -> None:
    """Raise ImportRefused, listing every faulty line, unless there are rows and none is faulty."""
    if faults:
        more = f"\n... and {len(faults) - SHOWN} more" if len(faults) > SHOWN else ""
        shown = "\n".join(faults[:SHOWN]) + more
        raise ImportRefused(f"The {what} has {len(faults)} faults, so nothing was taken from it:\n{shown}")
    if not has_rows:
        raise ImportRefused(f"The {what} has a header and nothing below it.")
