"""Write the register: real units from official facts, and khu/ấp that are invented. The same bytes every time."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from warehouse.units import COLUMNS

HERE = Path(__file__).parent
REFORM, BEN_CAT_DAY = "2025-07-01", "2024-05-01"
HAMLETS, DI_AN, DI_AN_HAMLETS = 587, "724", 43  # 587 security teams stood at khu/ấp in 2024; Dĩ An named its 43
FEWEST = 3
Row = dict[str, object]


def read(name: str) -> list[dict[str, str]]:
    with (HERE / "province" / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(name: str, rows: list[Row]) -> None:
    with (HERE / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def heirs(crosswalk: list[dict[str, str]]) -> dict[str, list[tuple[str, float]]]:
    """What each commune became on 1 July 2025, with the share of its area. New codes stand for other territory."""
    found: dict[str, list[tuple[str, float]]] = {}
    for row in crosswalk:
        found.setdefault(row["old_code"], []).append((f"{row['new_code']}.2025", float(row["area_share_est"])))
    return {old: [(heir, share / sum(s for _, s in new)) for heir, share in new] for old, new in found.items()}


def before(rows: list[dict[str, str]], became: dict[str, list[tuple[str, float]]]) -> Iterator[Row]:
    """The units of November 2023; three of them change their type on 1 May 2024, and keep their codes."""
    for row in rows:
        unit = {
            "unit": row["code"], "code": row["code"], "level": row["level"], "type": row["type"], "name": row["name"],
            "full_name": row["full_name"], "parent": row["parent_code"], "until": REFORM, "lat": row["lat"],
            "became": " ".join(f"{heir}:{share:.4f}" for heir, share in became.get(row["code"], [])), "lon": row["lon"],
            "people_2019": row["pop_2019"], "households_2019": row["households_2019"], "area_km2": row["area_km2"],
            "invented": 0,
        }  # fmt: skip
        if row["level"] == "province":
            unit["became"] = "79:1"
        if row["full_name_2024_05"] == row["full_name"]:
            yield unit
            continue
        yield {**unit, "until": BEN_CAT_DAY, "became": f"{row['code']}:1"}
        new_type = row["full_name_2024_05"].removesuffix(row["name"]).strip()
        yield {**unit, "type": new_type, "full_name": row["full_name_2024_05"], "since": BEN_CAT_DAY}


def after(crosswalk: list[dict[str, str]], old: dict[str, dict[str, str]]) -> Iterator[Row]:
    """The province joined, and its 36 communes on the old territory; their census only where whole units add up."""
    yield {
        "unit": "79", "code": "79", "level": "province", "type": "Thành phố", "name": "Hồ Chí Minh",
        "full_name": "Thành phố Hồ Chí Minh", "invented": 0,
        "since": REFORM,  # it stood before; here it counts from the day on which the plan's communes are its own
    }  # fmt: skip
    for code in sorted({row["new_code"] for row in crosswalk}):
        parts = [row for row in crosswalk if row["new_code"] == code]
        whole = all(row["relation"] == "whole" for row in parts)
        type, _, name = parts[0]["new_name"].partition(" ")
        sums = {
            ours: sum(int(old[row["old_code"]][theirs]) for row in parts) if whole else ""
            for ours, theirs in (("people_2019", "pop_2019"), ("households_2019", "households_2019"))
        }
        area = round(sum(float(old[row["old_code"]]["area_km2"]) for row in parts), 2) if whole else ""
        yield {
            "unit": f"{code}.2025", "code": code, "level": "commune", "type": type, "name": name, "parent": "79",
            "full_name": parts[0]["new_name"], "since": REFORM, "area_km2": area, "invented": 0, **sums,
        }  # fmt: skip


def apportion(weights: dict[str, float], total: int, least: int = 0) -> dict[str, int]:
    """Whole numbers in proportion to weights that add up to the total, by the largest remainder."""
    spread = total - least * len(weights)
    ideal = {key: spread * weight / sum(weights.values()) for key, weight in weights.items()}
    given = {key: int(share) for key, share in ideal.items()}
    rest = sorted(weights, key=lambda key: (given[key] - ideal[key], key))[: spread - sum(given.values())]
    return {key: least + given[key] + (key in rest) for key in weights}


def hamlets(communes: list[dict[str, str]], became: dict[str, list[tuple[str, float]]]) -> Iterator[Row]:
    """Invented khu/ấp: more in larger communes, of unequal size, adding up exactly to the census of their commune."""
    weight = {row["code"]: int(row["households_2019"]) ** 0.5 for row in communes}
    in_di_an = {row["code"] for row in communes if row["parent_code"] == DI_AN}
    counts = apportion({c: w for c, w in weight.items() if c in in_di_an}, DI_AN_HAMLETS, FEWEST)
    counts |= apportion({c: w for c, w in weight.items() if c not in in_di_an}, HAMLETS - DI_AN_HAMLETS, FEWEST)
    for row in communes:
        yield from _of_commune(row, counts[row["code"]], became[row["code"]])


def _of_commune(row: dict[str, str], count: int, became: list[tuple[str, float]]) -> Iterator[Row]:
    numbers = random.Random(f"khu/ấp of {row['code']}")
    weights = {f"{row['code']}-{number:02}": numbers.uniform(0.5, 1.6) for number in range(1, count + 1)}
    households = apportion(weights, int(row["households_2019"]))
    people = apportion(weights, int(row["pop_2019"]))
    type = "Ấp" if row["type"] == "Xã" else "Khu phố"
    left = {heir: share * int(row["households_2019"]) for heir, share in became}
    for number, unit in enumerate(weights, start=1):
        # Each goes whole to the one new commune that still lacks most of its share: the bricks of 1 July 2025.
        heir = max(left, key=left.get)
        left[heir] -= households[unit]
        yield {
            "unit": unit, "level": "hamlet", "type": type, "name": str(number), "full_name": f"{type} {number}",
            "parent": row["code"], "until": REFORM, "became": f"{heir}:1", "people_2019": people[unit],
            "households_2019": households[unit], "invented": 1,
        }  # fmt: skip


def main() -> None:
    rows, crosswalk = read("communes_2023.csv"), read("crosswalk_2025.csv")
    became, by_code = heirs(crosswalk), {row["code"]: row for row in rows}
    write("units.csv", [*before(rows, became), *after(crosswalk, by_code)])
    write("hamlets.csv", list(hamlets([row for row in rows if row["level"] == "commune"], became)))


if __name__ == "__main__":
    main()
