"""Tables as CSV that opens in a spreadsheet: UTF-8 with its mark, and no text that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

MARK = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
BATCH = 200
Value = int | Decimal | str | None


def written(table: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Write a table, piece by piece."""
    buffer = io.StringIO()
    buffer.write(MARK)
    writer = csv.writer(buffer)
    for number, row in enumerate(table, 1):
        writer.writerow([safe(value) for value in row])
        if number % BATCH == 0:
            yield buffer.getvalue()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue()


def safe(value: Value) -> Value:
    """Keep a spreadsheet from taking a text for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
