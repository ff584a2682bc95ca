"""How cost grows from one province to the country, drawn beside what it would be if it grew as they do."""

from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt

COSTS = {
    "snapshot, MB": lambda told: told["snapshot"] / 1e6,
    "build, s": lambda told: told["seconds"],
    "memory of the build, MB": lambda told: told["memory"],
    "one figure of all parts, ms": lambda told: told["figure"],
    "one report more, s": lambda told: told["one"]["seconds"],
}


def plot(sizes: list[dict], path: Path) -> None:
    """A small drawing for each cost, over the provinces; dashed what it would be if it grew as they do."""
    figure, places = plt.subplots(1, len(COSTS), figsize=(4 * len(COSTS), 3.4))
    provinces = [each["provinces"] for each in sizes]
    for (name, cost), axes in zip(COSTS.items(), places, strict=True):
        costs = [cost(each) for each in sizes]
        axes.plot(provinces, costs, marker="o")
        axes.plot(provinces, [costs[0] * each / provinces[0] for each in provinces], "--", linewidth=1, color="grey")
        axes.set(title=name, xlabel="provinces", xscale="log", yscale="log")
        axes.grid(True, alpha=0.3)
    figure.tight_layout()
    figure.savefig(path, dpi=110)
