"""Tables as CSV and XLSX: UTF-8 with its mark for the former, and no text that a spreadsheet would run as a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import islice

from xlsxwriter import Workbook

from lms.core import clock

MARK = "\ufeff"
FORMULA = frozenset("=+-@\t\r\n")
BATCH = 1000
Value = int | Decimal | str | None


def written(table: Iterable[Sequence[Value]]) -> Iterator[str]:
    """Write a table, piece by piece; its heads come first and at once."""
    buffer, rows, count = io.StringIO(), iter(table), 1
    buffer.write(MARK)
    writer = csv.writer(buffer)
    while batch := [[safe(value) for value in row] for row in islice(rows, count)]:
        writer.writerows(batch)
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        count = BATCH


def safe(value: Value) -> Value:
    """Keep a spreadsheet from taking a text for a formula; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value[:1] in FORMULA else value


def packed(table: Iterable[Sequence[Value]], title: str) -> bytes:
    """Write a table as XLSX, a row at a time; its first row are the heads, texts stay texts."""
    buffer = io.BytesIO()
    book = Workbook(buffer, {"constant_memory": True})
    book.set_properties({"title": title, "created": clock.now().replace(tzinfo=None)})
    sheet, head = book.add_worksheet(title), book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(table):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(number, column, value, None if number else head)
            elif value is not None:
                sheet.write_number(number, column, float(value))
    book.close()
    return buffer.getvalue()
