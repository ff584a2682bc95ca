"""The map and the tile grid: one indicator over the units of a level, coloured by target or by quantile."""

import csv
from functools import cache
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from language import Text, order
from metrics.core.ledger import Ledger
from views import look
from views.charts import Drawing
from views.classes import UNKNOWN, classes, legend
from views.geography import ROOT, Geography, geography
from views.other_units import ESTIMATED, estimated_said
from views.shown import finding, root, shown, value_heading
from views.view import Choice, Column, View
from warehouse.period import Period

TILES = ROOT / "sample_data" / "province"


def shapes_around(data: Path, unit: str, period: Period, ledger: Ledger) -> Geography:
    """The shapes that a map of a unit draws: of a country its provinces, of what lies in a province the communes."""
    if not ledger.is_country:
        return geography(data, ledger.day(period))
    province = ledger.whole_of(unit, period)
    top = root(ledger.units(period))
    return geography(data, ledger.day(period), "" if province == top else province, country=True)


def unit_map(
    choice: Choice,
    ledger: Ledger,
    shapes: Geography,
    height: int = 520,
    zoom: str = "",
    limits: list[float] | None = None,
) -> View:
    """The choropleth. Units without a report are hollow and dashed, which is not zero.

    `zoom` "wards" shows the small units, where most live; `limits` are the classes of a map beside this one.
    """
    found = shown(choice, ledger)
    keys = classes(found, choice, limits)
    drawing = Drawing()
    geometry = shapes.of(choice.level)
    for key, colour, _, _ in legend(found, choice, limits):
        rows = found[(keys == key) & found.unit.isin(shapes.drawn)]
        unknown = key in UNKNOWN
        drawing.add(
            "choropleth", geojson=geometry, locations=rows.unit, z=[0] * len(rows), zmin=0, zmax=1, showscale=False,
            colorscale=[(0, colour), (1, colour)], customdata=rows.unit, text=rows.hover,
            hovertemplate="%{text}<extra></extra>",
            marker={"line": {"color": look.EDGE if unknown else look.GROUND, "width": 0.8}},
        )  # fmt: skip
    _borders(drawing, choice, shapes)
    _marks(drawing, found[found.status == "no_report"], shapes)
    west, south, east, north = _wards(found, shapes) if zoom == "wards" else _window(choice, shapes)
    drawing.layout["geo"] = {
        "visible": False, "projection": {"type": "mercator"}, "bgcolor": "rgba(0,0,0,0)",
        "lonaxis": {"range": [west, east]}, "lataxis": {"range": [south, north]},
    }  # fmt: skip
    return _view("map", found, drawing.plain(choice.language, height), choice)


def _borders(drawing: Drawing, choice: Choice, shapes: Geography) -> None:
    """The districts' borders; of a chosen district only its own."""
    own = shapes.lines.get(choice.unit)
    points = [point for line in ([own] if own else shapes.lines.values()) for point in line]
    lon, lat = zip(*points, strict=True)  # one line: each district's ends with a gap
    drawing.add("scattergeo", lon=lon, lat=lat, mode="lines", hoverinfo="skip", line={"color": look.INK, "width": 1.4})


def _marks(drawing: Drawing, silent: pd.DataFrame, shapes: Geography) -> None:
    """A hollow ring in the middle of each unit that sent nothing."""
    boxes = [shapes.bounds[unit] for unit in silent.unit if unit in shapes.bounds]
    if boxes:
        drawing.add(
            "scattergeo",
            lon=[(west + east) / 2 for west, _, east, _ in boxes],
            lat=[(south + north) / 2 for _, south, _, north in boxes],
            mode="markers", hoverinfo="skip",
            marker={"symbol": "circle-open", "size": 9, "color": look.SECOND_INK, "line": {"width": 1.6}},
        )  # fmt: skip


def _window(choice: Choice, shapes: Geography) -> tuple[float, float, float, float]:
    """What part of the earth is seen: the chosen district or commune, else all, with a little air."""
    boxes = [shapes.bounds[choice.unit]] if choice.unit in shapes.bounds else list(shapes.bounds.values())
    west, south = min(box[0] for box in boxes), min(box[1] for box in boxes)
    east, north = max(box[2] for box in boxes), max(box[3] for box in boxes)
    air = 0.03 * max(east - west, north - south)
    return west - air, south - air, east + air, north + air


def _wards(found: pd.DataFrame, shapes: Geography) -> tuple[float, float, float, float]:
    """Around the smallest third of the units shown: on the whole map they are too small to be clicked."""
    boxes = [shapes.bounds[unit] for unit in found.unit if unit in shapes.bounds]
    boxes = sorted(boxes, key=lambda box: (box[2] - box[0]) * (box[3] - box[1]))[: max(3, len(boxes) // 3)]
    middle = sorted(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2) for box in boxes)
    x, y = (sorted(each)[len(middle) // 2] for each in zip(*middle, strict=True))
    near = sorted(boxes, key=lambda box: abs((box[0] + box[2]) / 2 - x) + abs((box[1] + box[3]) / 2 - y))
    near = near[: max(3, len(near) * 4 // 5)]  # without those that lie far from the rest
    return min(b[0] for b in near), min(b[1] for b in near), max(b[2] for b in near), max(b[3] for b in near)


@cache
def _grid() -> dict[str, tuple[int, int, str, str]]:
    """unit → row, column, name, district of its tile; of the units of every day."""
    grid = {}
    for path in TILES.glob("tilegrid*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                grid[row["code"]] = (int(row["row"]), int(row["col"]), row["name"], row["district_code"])
    return grid


def tile_grid(choice: Choice, ledger: Ledger, height: int = 520) -> View:
    """Every commune as a square of the same size, so that the small urban wards can be seen and clicked."""
    found = shown(choice, ledger)
    keys, grid = classes(found, choice), _grid()
    drawing = Drawing()
    deep, wide = (1 + max((grid[unit][way] for unit in found.unit if unit in grid), default=0) for way in (0, 1))
    for key, colour, _, _ in legend(found, choice):
        rows = found[(keys == key) & found.unit.isin(grid)]
        places = [grid[unit] for unit in rows.unit]
        drawing.add(
            "scatter", x=[place[1] for place in places], y=[-place[0] for place in places], mode="markers+text",
            customdata=rows.unit, hovertext=rows.hover, hovertemplate="%{hovertext}<extra></extra>",
            text=[_short(place[2]) for place in places],
            textfont={"size": 9.5, "color": look.ink_on(colour)},
            marker={
                "symbol": "square", "size": min(38, (height - 20) / (deep + 1)), "color": colour,
                "line": {"color": look.EDGE, "width": 1.0},
            },
        )  # fmt: skip
    _tile_borders(drawing, {unit: grid[unit] for unit in found.unit if unit in grid})
    drawing.axis("xaxis", visible=False, fixedrange=True, range=[-0.7, wide - 0.3])
    drawing.axis("yaxis", visible=False, fixedrange=True, range=[0.4 - deep, 0.6], scaleanchor="x")
    return _view("tiles", found, drawing.plain(choice.language, height), choice)


def hamlet_tiles(choice: Choice, ledger: Ledger, height: int = 520) -> View:
    """The khu/ấp of the chosen unit as tiles, commune by commune: they have no borders of their own."""
    found = shown(choice, ledger)
    found = found.assign(by=found.unit_name.map(order)).sort_values(["district", "parent", "by"], ignore_index=True)
    found["x"], found["y"] = _in_rows(found)
    one_commune = found.parent.nunique() == 1
    keys, drawing, size = classes(found, choice), Drawing(), 66 if one_commune else 24
    for key, colour, _, _ in legend(found, choice):
        rows = found[keys == key]
        told = [_tile_said(row, choice) if one_commune else _number(row.unit_name) for row in rows.itertuples()]
        drawing.add(
            "scatter", x=rows.x, y=-rows.y, mode="markers+text", customdata=rows.unit, hovertext=rows.hover,
            hovertemplate="%{hovertext}<extra></extra>", text=told,
            textfont={"size": 12 if one_commune else 10, "color": look.ink_on(colour)},
            marker={"symbol": "square", "size": size, "color": colour, "line": {"color": look.EDGE, "width": 1.0}},
        )  # fmt: skip
    heads = found.head(0) if one_commune else found.drop_duplicates("parent")
    drawing.add(
        "scatter", x=[-0.7] * len(heads), y=-heads.y, mode="text", text=heads.district, textposition="middle left",
        textfont={"size": 12, "color": look.SECOND_INK}, hoverinfo="skip",
    )  # fmt: skip
    drawing.axis("xaxis", visible=False, fixedrange=True, range=[-0.7 if one_commune else -5, ACROSS - 0.3])
    rows = int(found.y.max()) + 1 if len(found) else 1
    drawing.axis("yaxis", visible=False, fixedrange=True, range=[-max(rows, 5) + 0.3, 0.7])
    return _view("hamlets", found, drawing.plain(choice.language, max(height, rows * (size + 6))), choice)


def _tile_said(row: object, choice: Choice) -> str:
    return f"{_number(row.unit_name)}<br>{look.value_of(row.value, choice.indicator, choice.language)}"


ACROSS = 9  # tiles of one commune side by side


def _in_rows(found: pd.DataFrame) -> tuple[list[int], list[int]]:
    """Columns and rows of the tiles; each commune begins a row of its own."""
    columns: list[int] = []
    rows: list[int] = []
    row, column, last = -1, 0, None
    for parent in found.parent:
        column = column + 1 if parent == last and column + 1 < ACROSS else 0
        row += column == 0
        last = parent
        columns.append(column)
        rows.append(row)
    return columns, rows


def _number(name: str) -> str:
    """What tells a khu/ấp from those beside it: 'Khu phố 3' → '3'."""
    name = name.partition(",")[0]
    return name.split()[-1] if name.split()[-1].isdigit() else _short(name.split(" ", 1)[-1])


def _tile_borders(drawing: Drawing, tiles: dict[str, tuple[int, int, str, str]]) -> None:
    """A line wherever two districts touch."""
    district = {(row, column): each for row, column, _, each in tiles.values()}
    x, y = [], []
    for (row, column), own in district.items():
        for beside, ends in (
            ((row, column + 1), ((column + 0.5, -row - 0.5), (column + 0.5, -row + 0.5))),
            ((row + 1, column), ((column - 0.5, -row - 0.5), (column + 0.5, -row - 0.5))),
            ((row, column - 1), ((column - 0.5, -row - 0.5), (column - 0.5, -row + 0.5))),
            ((row - 1, column), ((column - 0.5, -row + 0.5), (column + 0.5, -row + 0.5))),
        ):
            if district.get(beside) != own:
                x += [ends[0][0], ends[1][0], None]
                y += [ends[0][1], ends[1][1], None]
    drawing.add("scatter", x=x, y=y, mode="lines", hoverinfo="skip", line={"color": look.INK, "width": 1.6})


def _short(name: str) -> str:
    """A name that fits its tile: two lines of a few letters."""
    words = name.split()
    return "<br>".join(words[:2]) if len(words) > 1 else name


def _view(id: str, found: pd.DataFrame, figure: go.Figure, choice: Choice) -> View:
    indicator = choice.indicator
    table = found[["unit", "unit_name", "district", "value", "status", "rank", "reports", "reports_due"]]
    table = table.assign(estimated_said=[estimated_said(each, choice.language) for each in found.estimated])
    of_commune = {"district": Column(Text("Thuộc", "Belongs to"))} if choice.level == "hamlet" else {}
    columns = {
        "unit_name": Column(Text("Đơn vị", "Unit")),
        **of_commune,
        "value": Column(value_heading(indicator), "number", indicator.digits),
        "status": Column(Text("Đạt?", "Met?"), "sign"),
    }
    if found.estimated.notna().any():
        columns["estimated_said"] = ESTIMATED
    counts = ", ".join(f"{words}: {count}" for _, _, words, count in legend(found, choice))
    title = finding(found, choice)
    return View(id, title, table, columns, figure, alt=f"{title}. {counts}.")
