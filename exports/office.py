"""The words around a report that no figure says: who issues it, who signs, who receives it (office.toml)."""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from views.pack import Pack
from views.wording import unit

_TYPE = re.compile(r"^(?:Tỉnh|Thành phố|Thị xã|Huyện) ")


@dataclass(frozen=True)
class Office:
    """One issuing body. `place` is where it is signed."""

    above: str
    issuer: str
    said: str
    number: str
    signs: str
    recipients: tuple[str, ...]
    place: str


@cache
def _told() -> dict[str, dict[str, dict[str, object]]]:
    return tomllib.loads(Path(__file__).with_name("office.toml").read_text(encoding="utf-8"))


def plan_day() -> str:
    """The day of the plan that is reported on."""
    return str(_told()["plan_day"])


def office_of(pack: Pack) -> Office:
    """The body that issues the report of a pack: the department for the province, else the unit's committee."""
    language = pack.choice.language
    told = _told()["district" if pack.agenda.district else "province"][language]
    names = {"unit": pack.unit.upper(), "name": unit(pack.unit, language)}
    filled = {key: value.format(**names) for key, value in told.items() if isinstance(value, str)}
    return Office(**filled, recipients=tuple(told["recipients"]), place=_TYPE.sub("", pack.unit))
