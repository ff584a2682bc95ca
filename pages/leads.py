"""Where things lead: a unit to its profile, a number to what it is made of."""

from pages.address import link
from pages.draw import Links
from views.view import Choice

# The addresses of pages/unit_profile.py, sources.py, commitments.py and reports.py: pages do not import each other.
PROFILE, SOURCES, COMMITMENTS, REPORTS = "ho-so", "nguon-so-lieu", "ket-luan-cam-ket", "lich-bao-cao"


def to_profile(unit: object) -> str | None:
    """The profile of a unit."""
    return link(PROFILE, unit=str(unit)) if unit else None


def to_sources(unit: object, indicator: object, period: object = None) -> str | None:
    """What a number is made of: contributing units, reports, cells."""
    changes = {"period": str(period)} if period else {}
    return link(SOURCES, of=str(unit), indicator=str(indicator), **changes) if unit else None


def to_units(choice: Choice) -> Links:
    """For tables with a row per unit: its name leads to its profile, its value to where it comes from."""
    return {
        "unit_name": lambda row: None if choice.level == "hamlet" else to_profile(row["unit"]),
        "value": lambda row: to_sources(row["unit"], choice.indicator.id),
    }
