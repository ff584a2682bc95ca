"""A view's table as a file: numbers as numbers, words that no spreadsheet takes for a formula."""

import csv
import io
import re

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from language import Language, word
from views import look
from views.told import is_nothing
from views.view import Column, View

HEAD = 3  # the row of the headings: above it title and mark
WIDEST = 420  # pixels of a column: longer words are broken into lines


def plain_value(value: object, column: Column, language: Language) -> object:
    """What stands in a cell of a file: a number, words, or nothing."""
    if column.kind in NAMED:
        name = NAMED[column.kind](value)
        return name[language] if name else None
    if is_nothing(value):
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
    write_sheet(book, book.add_worksheet(view.id[:31]), view, language, sample)
    book.close()
    return out.getvalue()


def write_sheet(book: xlsxwriter.Workbook, sheet: Worksheet, view: View, language: Language, sample: bool) -> None:
    """A view as a sheet of a workbook: numbers as numbers, each column in its format, headings frozen and filtered."""
    bold, head = _style(book, bold=True), _style(book, bold=True, bottom=1, text_wrap=True)
    lines = _style(book, text_wrap=True, valign="top")
    sheet.write_string(0, 0, _cell(view.title), bold)
    sheet.write_string(1, 0, word("sample_band", language) if sample else "")
    styles = []
    for place, column in enumerate(view.filed.values()):
        sheet.write_string(HEAD, place, _cell(column.name[language]), head)
        decimals = "." + "0" * column.digits if column.digits else ""
        styles.append(_style(book, num_format=f"#,##0{decimals}", valign="top"))
    for row, values in enumerate(_rows(view, language), start=HEAD + 1):
        for place, (value, style) in enumerate(zip(values, styles, strict=True)):
            if isinstance(value, str):
                sheet.write_string(row, place, _cell(value), lines)
            elif value is not None:
                sheet.write_number(row, place, value, style)
    sheet.freeze_panes(HEAD + 1, 0)
    sheet.autofilter(HEAD, 0, HEAD + len(view.table), max(len(view.filed) - 1, 0))
    sheet.autofit(max_width=WIDEST)
    sheet.set_column(0, 0, _first_width(view, language))  # the title may run over, the first column need not be so wide
    sheet.write_string(HEAD + 2 + len(view.table), 0, _cell(view.note))


def _style(book: xlsxwriter.Workbook, **how: object) -> Format:
    """A format of the book, made once: a workbook with thousands of equal formats opens slowly."""
    made = book.__dict__.setdefault("made_styles", {})
    key = tuple(sorted(how.items()))
    if key not in made:
        made[key] = book.add_format(how)
    return made[key]


def _first_width(view: View, language: Language) -> int:
    """So many letters as the longest of the first column has, within bounds."""
    first, column = next(iter(view.filed.items()), (None, None))
    told = [str(plain_value(each, column, language) or "") for each in view.table[first]] if first else []
    return min(max(10, *(len(each) for each in [*told, column.name[language] if column else ""])) + 1, 48)


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
