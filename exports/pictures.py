"""Maps as crisp pictures, for paper and slides: the classes and colours of the screen, drawn from the same view."""

import io
import re
from functools import lru_cache
from pathlib import Path
from typing import Literal

import geopandas as gpd
import matplotlib
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from views import look
from views.classes import UNKNOWN, classes, legend
from views.geography import Geography
from views.shown import value_heading
from views.view import Choice, View

DOTS = 200  # to the inch
_TYPE = re.compile(r"^(?:Thành phố|Thị xã|Thị trấn|Huyện|Phường|Xã) ")
HATCH = "////"  # of units of which nothing is known: hollow, and told without colour too
# A fixed salt and no date: the same map twice is the same file twice.
matplotlib.rcParams.update({"svg.hashsalt": "map", "svg.fonttype": "none", "hatch.linewidth": 0.5})


FEW, NAMED = 15, 0.14  # areas that all bear their names; of more, those with a side of this share of the map's


@lru_cache(maxsize=8)
def _shapes(path: Path) -> gpd.GeoDataFrame:
    return gpd.read_file(path).set_index("id", drop=False)


def map_picture(
    view: View,
    choice: Choice,
    shapes: Geography,
    size: tuple[float, float] = (7.2, 5.6),
    kind: Literal["png", "svg"] = "png",
    legend_at: Literal["right", "below"] = "right",
    dots: int = DOTS,
) -> bytes:
    """A map's view as a picture (png or svg), `size` in inches, `dots` to each: units in the colour of their class.

    The view is that of unit_map for this choice, whose table holds each unit's value and status.
    The legend counts the units of each class.
    """
    level = "communes" if choice.level == "commune" else "districts"
    areas, districts = (_shapes(each) for each in shapes.files)
    areas = areas if level == "communes" else districts
    found = view.table.set_index("unit")
    keys = classes(found, choice)
    # Not through pyplot, which keeps every figure and is made for one thread.
    figure = Figure(figsize=size, layout="constrained")
    axes = figure.subplots()
    for key, colour, _, _ in legend(found, choice):
        rows = areas[areas["id"].isin(keys.index[keys == key])]
        unknown = key in UNKNOWN
        if len(rows):
            rows.plot(
                ax=axes, color=colour, edgecolor=look.SECOND_INK if unknown else look.GROUND, linewidth=0.5,
                hatch=HATCH if unknown else None, aspect=None,
            )  # fmt: skip
    own = districts[districts["id"] == choice.unit]
    (own if len(own) else districts).boundary.plot(ax=axes, color=look.INK, linewidth=1.1, aspect=None)
    _name(axes, _large_enough(areas[areas["id"].isin(found.index)]) if len(own) else districts)
    _frame(axes, areas[areas["id"].isin(found.index)])
    _legend(figure, view, choice, legend_at)
    out = io.BytesIO()
    quiet = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
    figure.savefig(out, format=kind, dpi=dots, metadata=quiet, facecolor=look.GROUND)
    return out.getvalue()


def _large_enough(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Those whose names fit: of many areas, names in the small ones would lie on each other."""
    if len(areas) <= FEW:
        return areas
    west, south, east, north = areas.total_bounds
    sides = areas.geometry.map(lambda area: area.area**0.5)
    return areas[sides > NAMED * max(east - west, north - south)]


def _name(axes: matplotlib.axes.Axes, areas: gpd.GeoDataFrame) -> None:
    """Names in the middle of their areas, without their type, on a ground that parts them from the colours."""
    for name, area in zip(areas["name"], areas.geometry, strict=True):
        middle = area.representative_point()
        axes.annotate(
            _TYPE.sub("", str(name)), (middle.x, middle.y), ha="center", va="center", fontsize=8, color=look.INK,
            bbox={"boxstyle": "round,pad=0.15", "facecolor": look.GROUND, "edgecolor": "none", "alpha": 0.8},
        )  # fmt: skip


def _frame(axes: matplotlib.axes.Axes, inside: gpd.GeoDataFrame) -> None:
    """What is seen: the units shown with a little air, at the proportions of their latitude."""
    if len(inside):
        west, south, east, north = inside.total_bounds
        air = 0.03 * max(east - west, north - south)
        axes.set_xlim(west - air, east + air)
        axes.set_ylim(south - air, north + air)
    axes.set_aspect(1.02)  # 1/cos of 11 degrees
    axes.set_axis_off()


def _legend(figure: Figure, view: View, choice: Choice, at: str) -> None:
    """Every class with how many units are in it."""
    patches = [
        Patch(
            facecolor=colour, edgecolor=look.SECOND_INK, linewidth=0.5, hatch=HATCH if key in UNKNOWN else None,
            label=f"{words}: {count}",
        )
        for key, colour, words, count in legend(view.table, choice)
    ]  # fmt: skip
    figure.legend(
        handles=patches, title=value_heading(choice.indicator)[choice.language],
        loc="outside right center" if at == "right" else "outside lower center", ncols=1 if at == "right" else 2,
        frameon=False, fontsize=9, title_fontsize=9, alignment="left",
    )  # fmt: skip
