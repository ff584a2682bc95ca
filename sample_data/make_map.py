"""Draw the schematic map from facts alone: true areas, true centres and the outline; no surveyed border.

An area-weighted Voronoi (power) diagram of the communes' centroids, clipped to the province: weights move each cell to
its true area, sites move each cell's centroid to the true one, in turn. Aurenhammer, Power diagrams, SIAM J. Comput. 16
(1987); Balzer & Deussen, Voronoi treemaps (2005), for the alternation.
"""

import csv
import json
import math
from datetime import date
from pathlib import Path

import numpy as np
import shapely
from scipy.optimize import linear_sum_assignment
from shapely.geometry import Polygon

from data_ingest.reshaped import reshaped
from warehouse.units import alive, read_units

HERE = Path(__file__).parent / "province"
ROUNDS, FIRST_STEP, LAST_STEP = 45, 0.35, 0.16
MOVING = 15  # rounds in which sites move too; later they would drift away from their cells
SHARE_OF_GAP = 0.15  # of the squared distance to the nearest site: a weight that jumps farther swallows it
MARGIN = 250_000.0  # square metres: how far inside its own cell a rescued site stands
GRID = 1.0  # metres: borders are snapped to it, or numeric slivers would part districts
ACROSS = 10  # tiles of the grid of 2025, each way
REFORM = date(2025, 7, 1)
LAT, LON = 11.2, 106.65  # middle of the province; a plane around it is true to 0.1 % over 60 km
EAST, NORTH = 111_320 * math.cos(math.radians(LAT)), 110_590.0


def to_plane(lon: float, lat: float) -> tuple[float, float]:
    """Degrees to metres around the middle of the province."""
    return (lon - LON) * EAST, (lat - LAT) * NORTH


def to_degrees(points: np.ndarray) -> np.ndarray:
    """Metres to degrees; five decimals, about a metre."""
    return np.round(points / [EAST, NORTH] + [LON, LAT], 5)


def half_plane(ring: np.ndarray, normal: np.ndarray, limit: float) -> np.ndarray:
    """The part of a convex ring where normal · x <= limit (Sutherland and Hodgman)."""
    inside = ring @ normal - limit
    if (inside <= 0).all():
        return ring
    kept = []
    for here, there, a, b in zip(ring, np.roll(ring, -1, 0), inside, np.roll(inside, -1), strict=True):
        if a <= 0:
            kept.append(here)
        if (a < 0 < b) or (b < 0 < a):
            kept.append(here + (there - here) * (a / (a - b)))
    return np.array(kept)


def power_cells(sites: np.ndarray, weights: np.ndarray, outline: Polygon) -> list[shapely.Geometry]:
    """For each site the part of the outline that is nearest to it by |x - site|² - weight."""
    west, south, east, north = outline.bounds
    box = np.array([(west, south), (east, south), (east, north), (west, north)])
    cells = []
    for site, weight in zip(sites, weights, strict=True):
        power = ((sites - site) ** 2).sum(1) - weights
        ring = box
        for other in np.argsort(power):  # the nearest first: most of the others then cut nothing
            normal = 2 * (sites[other] - site)
            if normal.any() and len(ring):
                limit = (sites[other] ** 2).sum() - weights[other] - (site**2).sum() + weight
                ring = half_plane(ring, normal, limit)
        cells.append(Polygon(ring).intersection(outline) if len(ring) > 2 else Polygon())
    return cells


def relax(centres: np.ndarray, areas: np.ndarray, outline: Polygon) -> list[shapely.Geometry]:
    """Cells whose areas and centroids are as near to the true ones as the rounds bring them."""
    sites, weights = centres.copy(), np.zeros(len(centres))
    areas = areas * outline.area / areas.sum()
    for turn, step in enumerate(np.linspace(FIRST_STEP, LAST_STEP, ROUNDS)):
        drawn = shapely.area(power_cells(sites, weights, outline))
        weights = rescued(sites, weights + _within(step * (areas - drawn), sites), drawn)
        if turn < MOVING:
            cells = power_cells(sites, weights, outline)
            found = np.array([(cell.centroid.x, cell.centroid.y) if cell.area else (np.nan, np.nan) for cell in cells])
            sites = sites + step * np.nan_to_num(centres - found)
    return power_cells(sites, weights, outline)


def _within(change: np.ndarray, sites: np.ndarray) -> np.ndarray:
    """Changes of weight, none larger than a share of the gap to the nearest site."""
    gaps = ((sites[:, None] - sites[None]) ** 2).sum(2)
    np.fill_diagonal(gaps, np.inf)
    limit = SHARE_OF_GAP * gaps.min(1)
    return np.clip(change, -limit, limit)


def rescued(sites: np.ndarray, weights: np.ndarray, drawn: np.ndarray) -> np.ndarray:
    """A cell that has vanished under a heavy neighbour gets the weight at which its site is its own again."""
    for lost in np.flatnonzero(drawn == 0):
        power = weights - ((sites - sites[lost]) ** 2).sum(1)
        power[lost] = -np.inf
        weights[lost] = power.max() + MARGIN
    return weights


def faces(cells: list[shapely.Geometry], outline: Polygon) -> list[tuple[shapely.Geometry, int]]:
    """Faces of one net of snapped borders, each with the cell it lies in: shared borders are the same points."""
    net = shapely.unary_union([outline.boundary, *(cell.boundary for cell in cells)], grid_size=GRID)
    found = [face for face in shapely.polygonize([net]).geoms if outline.buffer(GRID).covers(face)]
    tree = shapely.STRtree(cells)
    return [(face, int(tree.nearest(face.representative_point()))) for face in found]


def in_one_piece(parts: list[tuple[shapely.Geometry, int]], of: list[int]) -> list[tuple[shapely.Geometry, int]]:
    """Each group keeps its largest piece; what is cut off goes to the neighbour of the longest shared border.

    `of[k]` is the group of owner k: itself for communes, its district for districts.
    """
    while strays := _strays(parts, of):
        owner = {place: parts[place][1] for place in range(len(parts))}
        for stray in strays:
            border = parts[stray][0].boundary
            others = [k for k in owner if k not in strays and of[owner[k]] != of[owner[stray]]]
            best = max(others, key=lambda k: border.intersection(parts[k][0].boundary).length)
            parts[stray] = (parts[stray][0], owner[best])
    return parts


def _strays(parts: list[tuple[shapely.Geometry, int]], of: list[int]) -> list[int]:
    found = []
    for group in sorted(set(of)):
        mine = [place for place, (_, owner) in enumerate(parts) if of[owner] == group]
        whole = shapely.unary_union([parts[place][0] for place in mine])
        if whole.geom_type == "MultiPolygon":
            largest = max(whole.geoms, key=lambda piece: piece.area)
            found += [place for place in mine if not largest.buffer(GRID).covers(parts[place][0])]
    return found


def draw(communes: list[dict[str, str]], outline: Polygon) -> list[Polygon]:
    """One polygon a commune, in metres; together the outline, without gap or overlap."""
    centres = np.array([to_plane(float(row["lon"]), float(row["lat"])) for row in communes])
    areas = np.array([float(row["area_km2"]) for row in communes])
    parts = in_one_piece(faces(relax(centres, areas, outline), outline), list(range(len(communes))))
    owners = range(len(communes))
    return [shapely.unary_union([face for face, owner in parts if owner == own]) for own in owners]


def feature(polygon: Polygon, code: str, name: str, parent: str) -> dict:
    """GeoJSON in degrees, its ring clockwise: the drawing library fills the whole frame otherwise."""
    rounded = shapely.transform(polygon, to_degrees)
    if not rounded.is_valid:  # points less than a metre apart have become one
        rounded = max(shapely.get_parts(rounded.buffer(0)), key=lambda part: part.area)
    turned = shapely.orient_polygons(rounded, exterior_cw=True)
    properties = {"code": code, "name": name, "parent_code": parent, "kind": "schematic"}
    return {"type": "Feature", "id": code, "properties": properties, "geometry": shapely.geometry.mapping(turned)}


def save(name: str, features: list[dict]) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, separators=(",", ":"))
    (HERE / name).write_text(text, encoding="utf-8")


def save_rows(name: str, told: list[list[object]]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(told)


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measured(polygons: list[Polygon], communes: list[dict[str, str]]) -> str:
    """How near the drawing comes to the facts."""
    place = {row["code"]: k for k, row in enumerate(communes)}
    areas = np.array([float(row["area_km2"]) for row in communes])
    drawn = shapely.area(polygons) / 1e6
    scale = drawn.sum() / areas.sum()
    true = np.array([to_plane(float(row["lon"]), float(row["lat"])) for row in communes])
    off = np.hypot(*(np.array([(p.centroid.x, p.centroid.y) for p in polygons]) - true).T)
    pairs = [(place[row["code_a"]], place[row["code_b"]]) for row in rows("adjacency.csv") if row["kind"] == "rook"]
    kept = sum(polygons[a].intersection(polygons[b]).length > 0 for a, b in pairs)
    return (
        f"area error {100 * np.mean(abs(drawn / areas / scale - 1)):.1f} % on average,"
        f" centroids off by {off.mean():.0f} m, neighbourhoods kept {kept} of {len(pairs)}"
    )


def main() -> None:
    every = rows("communes_2023.csv")
    communes = [row for row in every if row["level"] == "commune"]
    outline = Polygon([to_plane(float(row["lon"]), float(row["lat"])) for row in rows("outline.csv")])
    polygons = draw(communes, outline)
    save("schematic.geojson", [
        feature(polygon, row["code"], row["full_name"], row["parent_code"])
        for polygon, row in zip(polygons, communes, strict=True)
    ])  # fmt: skip
    parents = [row["parent_code"] for row in communes]
    districts = [row for row in every if row["level"] == "district"]
    save("schematic_districts.geojson", [
        feature(
            shapely.unary_union([p for p, own in zip(polygons, parents, strict=True) if own == row["code"]]),
            row["code"], row["full_name"], row["parent_code"],
        )
        for row in districts
    ])  # fmt: skip
    print(measured(polygons, communes))
    after_the_reform(polygons, communes)


def after_the_reform(polygons: list[Polygon], communes: list[dict[str, str]]) -> None:
    """The units of 1 July 2025: the same map, reshaped, and a grid of tiles."""
    units = read_units(HERE.parent / "units.csv")
    whole = {row["code"]: polygon for polygon, row in zip(polygons, communes, strict=True)}
    shapes = reshaped(whole, units, REFORM)
    named = alive(units, REFORM).set_index("unit")
    save(f"schematic_{REFORM}.geojson", [
        feature(shape, unit, named.full_name[unit], named.parent[unit]) for unit, shape in shapes.items()
    ])  # fmt: skip
    save(f"schematic_districts_{REFORM}.geojson", [
        feature(shapely.unary_union([shapes[each] for each in shapes if named.parent[each] == unit]), unit,
                named.full_name[unit], "")
        for unit in dict.fromkeys(named.parent[each] for each in shapes)
    ])  # fmt: skip
    told = [
        [unit, named.name[unit], named.full_name[unit], named.parent[unit], "", *place]
        for unit, place in tiles(shapes).items()
    ]
    save_rows(
        f"tilegrid_{REFORM}.csv", [["code", "name", "full_name", "district_code", "district", "row", "col"], *told]
    )


def tiles(shapes: dict[str, shapely.Geometry]) -> dict[str, tuple[int, int]]:
    """unit → row and column of its tile: the places of a grid over the map that are nearest to the units' middles."""
    middles = np.array([(shape.centroid.x, -shape.centroid.y) for shape in shapes.values()])
    low, size = middles.min(0), np.sqrt(sum(shape.area for shape in shapes.values()) / len(shapes))
    places = np.argwhere(np.ones((ACROSS, ACROSS), bool))
    far = ((((middles - low) / size)[:, None] - places[None]) ** 2).sum(2)
    _, chosen = linear_sum_assignment(far)
    used = places[chosen] - places[chosen].min(0)
    return {unit: (int(row), int(column)) for unit, (column, row) in zip(shapes, used, strict=True)}


if __name__ == "__main__":
    main()
