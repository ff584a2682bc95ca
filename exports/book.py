"""The workbook of a pack: contents, a sheet for each table, the dictionary, and the cells behind the main figures."""

import io

import pandas as pd
import xlsxwriter

from exports.fixed import fixed
from exports.table_files import harmless, write_sheet
from language import Text, word
from metrics.dictionary import COLUMNS, LISTS, entries
from views.geography import Geography
from views.pack import NAMES, Pack
from views.view import Column, View

LONGEST_NAME = 31  # letters of a sheet's name, as spreadsheets allow
_ODD = str.maketrans({each: "-" for each in "[]:*?/\\'"})


def book(pack: Pack, shapes: Geography) -> bytes:
    """An xlsx with a sheet per table of the pack: numbers as numbers, filters, frozen headings, contents with links."""
    language, out = pack.choice.language, io.BytesIO()
    file = xlsxwriter.Workbook(out, {"in_memory": True})
    file.set_properties({"title": pack.title, "subject": pack.unit, "comments": pack.id})
    contents = file.add_worksheet(_name(word("contents", language), set()))
    taken: set[str] = {contents.get_name().lower()}
    listed = []
    for part, view in [*_views(pack), *_about(pack)]:
        name = _name(part, taken)
        write_sheet(file, file.add_worksheet(name), view, language, pack.sample)
        listed.append((name, part, view))
    _contents(file, contents, pack, listed)
    contents.activate()
    file.close()
    return fixed(out.getvalue(), pack.choice.as_of)


def _views(pack: Pack) -> list[tuple[str, View]]:
    """Every table of the pack with the name of its sheet."""
    language, found = pack.choice.language, []
    for page in pack.pages:
        for name, view in zip(page.names, page.views, strict=True):
            if len(view.table) and view.columns:
                short = NAMES[name][language]
                of = f"{page.choice.indicator.short[language]}, " if page.part.each else ""
                found.append((f"{of[: LONGEST_NAME - len(short) - len(' 99')]}{short}", view))
    return found


def _about(pack: Pack) -> list[tuple[str, View]]:
    """The dictionary of indicators."""
    language = pack.choice.language
    told = [{key: "\n".join(each[key]) if key in LISTS else each[key] for key in COLUMNS} for each in entries(language)]
    columns = {key: Column(name, "prose") for key, name in COLUMNS.items()}
    title = Text("Từ điển chỉ tiêu", "Dictionary of indicators")[language]
    return [(title, View("dictionary", title, pd.DataFrame(told), columns))]


def _name(wanted: str, taken: set[str]) -> str:
    """A sheet's name that is allowed, and not taken yet."""
    plain = wanted.translate(_ODD).strip() or "-"
    name, number = plain[:LONGEST_NAME], 1
    while name.lower() in taken:
        number += 1
        name = f"{plain[: LONGEST_NAME - len(str(number)) - 1]} {number}"
    taken.add(name.lower())
    return name


def _contents(file: xlsxwriter.Workbook, sheet: object, pack: Pack, listed: list[tuple[str, str, View]]) -> None:
    """What the workbook is, of whom and when, and a line for each sheet that leads to it."""
    language = pack.choice.language
    bold, large = file.add_format({"bold": True}), file.add_format({"bold": True, "font_size": 15})
    quiet, wrapped = file.add_format({"font_color": "#5B6776"}), file.add_format({"text_wrap": True, "valign": "top"})
    linked = file.add_format({"font_color": "#0B4A8F", "underline": 1, "valign": "top"})
    sheet.write_string(0, 0, harmless(pack.title), large)
    sheet.write_string(1, 0, pack.subtitle)
    sheet.write_string(2, 0, pack.complete, quiet)
    sheet.write_string(3, 0, word("sample_band", language) if pack.sample else "", bold)
    sheet.write_string(4, 0, f"{word('pack_id', language)}: {pack.id}", quiet)
    for place, each in enumerate(("sheet_name", "sheet_content", "sheet_rows")):
        sheet.write_string(6, place, word(each, language), bold)
    for row, (name, _, view) in enumerate(listed, start=7):
        sheet.write_url(row, 0, f"internal:'{name}'!A1", linked, harmless(name))
        sheet.write_string(row, 1, harmless(view.title), wrapped)
        sheet.write_number(row, 2, len(view.table))
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
