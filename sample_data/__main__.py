"""python -m sample_data [--data DIR]: make the invented reports and load them, unless real ones are there."""

import argparse
import sys
from pathlib import Path

from data_ingest.archive import Archive
from data_ingest.build import Built, build
from data_ingest.commands import load, log
from sample_data.entered import enter
from sample_data.make import LOG, make
from warehouse.progress import Bar
from warehouse.store import data_folder


def main() -> int:
    parser = argparse.ArgumentParser("sample_data", description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="data folder (default: KPI_DATA or data/)")
    data = parser.parse_args().data
    receipts = Archive(data).receipts()
    if receipts.having("kind", ["report"]).having("origin", ["office"]):
        built = build(data, Bar("đọc báo cáo / reading reports"))
        print(f"Đã có báo cáo thật / Real reports are there: {built.snapshot.name}")
        return 0
    built = prepare(data)
    print(f"Số liệu minh họa / Invented sample data: {built.snapshot.name}, {built.read} + {built.reused}")
    return 0


def prepare(data: Path) -> Built:
    """Make the invented reports, load what is not loaded yet, and enter the invented commitments."""
    known = Archive(data).receipts()
    folder = data / "sample"
    made = make(folder, Bar("lập báo cáo minh họa / making sample reports"))
    reading = Bar("đọc báo cáo / reading reports")
    if made or not known:
        built = load(data, [folder], log(folder / LOG), progress=reading, origin="sample").built
    else:
        built = build(data, reading)
    enter(data)
    return built


if __name__ == "__main__":
    sys.exit(main())
