"""A view's table as a file: numbers as numbers, words that no spreadsheet takes for a formula."""

import csv
import io
import re

import pandas as pd
import xlsxwriter

from language import Language, word
from views import look
from views.view import Column, View

WIDEST = 420  # pixels of a column: longer words are broken into lines


def plain_value(value: object, column: Column, language: Language) -> object:
    """What stands in a cell of a file: a number, words, or nothing."""
    if column.kind in NAMED:
        name = NAMED[column.kind](value)
        return name[language] if name else None
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    if isinstance(value, str):
        return harmless(value)
    if column.kind == "day":
        return pd.Timestamp(value).date().isoformat()
    return round(float(value), column.digits) if column.digits else int(round(float(value)))


NAMED = {
    "status": lambda value: look.STATUS_NAME[str(value)],
    "sign": lambda value: look.STATUS_NAME[str(value)],
    "judgement": lambda value: look.JUDGEMENTS[str(value)][1],
    "trend": lambda value: look.TRENDS[str(value)][1],
}


# What a spreadsheet may take for a formula: a sign, also in full width, after anything that it passes over; a tab or an
# end of line in front. Not so a number below zero with its measure: "-5 điểm" can do nothing and stays as it is.
_PASSED_OVER, _SIGN = r"[\s\x00-\x20\u200b-\u200f\u2060\ufeff]*", r"[=+\-@＝＋－＠]"
_RUNS = re.compile(rf"[\t\r\n]|{_PASSED_OVER}{_SIGN}")
_BELOW_ZERO = re.compile(r"-\d[\d.,]*(?:[ \u00a0]?%|(?:[ \u00a0][^\W\d_]+)+)?")
_INSIDE = re.compile(rf"([;\t\r\n]{_PASSED_OVER})(?={_SIGN})")
LONGEST = 32_767  # letters that a cell of a workbook may hold


def harmless(text: str) -> str:
    """Words that begin like a formula get an apostrophe in front, which a spreadsheet shows as text."""
    return f"'{text}" if _RUNS.match(text) and not _BELOW_ZERO.fullmatch(text) else text


def harmless_csv(text: str) -> str:
    """The same, and in front of what would begin a cell where the reader parts cells at ; or a tab, or ends a line."""
    return harmless(_INSIDE.sub(r"\1'", text))


def _cell(text: str) -> str:
    """Words for a cell of a workbook: harmless, and no longer than a cell may be (else nothing would be written)."""
    told = harmless(text)
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"


def workbook(view: View, language: Language, sample: bool) -> bytes:
    """An xlsx: title, heading, rows, note; frozen heading, filter, and the mark of invented figures."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet(view.id[:31])
    bold, head = book.add_format({"bold": True}), book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    sheet.write_string(0, 0, _cell(view.title), bold)
    sheet.write_string(1, 0, word("sample_band", language) if sample else "")
    lines = book.add_format({"text_wrap": True, "valign": "top"})
    styles = []
    for place, column in enumerate(view.filed.values()):
        sheet.write_string(3, place, _cell(column.name[language]), head)
        decimals = "." + "0" * column.digits if column.digits else ""
        styles.append(book.add_format({"num_format": f"#,##0{decimals}"}))
    for row, values in enumerate(_rows(view, language), start=4):
        for place, (value, style) in enumerate(zip(values, styles, strict=True)):
            if isinstance(value, str):
                sheet.write_string(row, place, _cell(value), lines)
            elif value is not None:
                sheet.write_number(row, place, value, style)
    sheet.freeze_panes(4, 0)
    sheet.autofilter(3, 0, 3 + len(view.table), max(len(view.filed) - 1, 0))
    sheet.autofit(max_width=WIDEST)
    sheet.write_string(5 + len(view.table), 0, _cell(view.note))
    book.close()
    return out.getvalue()


def table_text(view: View, language: Language, sample: bool) -> bytes:
    """A csv in UTF-8 with its mark, so that a spreadsheet reads the accents."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([harmless_csv(column.name[language]) for column in view.filed.values()])
    for row in _rows(view, language):
        writer.writerow([harmless_csv(each) if isinstance(each, str) else each for each in row])
    if sample:
        writer.writerow([word("sample_band", language)])
    return out.getvalue().encode("utf-8-sig")


def _rows(view: View, language: Language) -> list[list[object]]:
    return [
        [plain_value(row[name], column, language) for name, column in view.filed.items()]
        for row in view.table.to_dict("records")
    ]
