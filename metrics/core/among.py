"""Which units a question is about: of these and what is below them all is asked, of the others nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from warehouse.fields import Level

_OF_BRANCH = "e.unit in (select unnest($branch::varchar[]))"
_ABOVE_HAMLETS = "e.level <> 'hamlet'"


@dataclass(frozen=True)
class Among:
    """All units; or those of some levels, with their places among the others; or some `units`, placeless.

    `branch` holds them with all below them, and of a khu/ấp the commune that tells of it; None: the whole register. A
    place is that within a province, so of levels the branch is one of a province, or of a unit above.
    """

    levels: tuple[Level, ...] = ()
    units: Sequence[str] | None = None
    branch: Sequence[str] | None = None
    has_hamlets: bool = True  # whether there are any among those asked for
    has_sums: bool = True  # whether any report tells of a commune in one sum
    has_targets: bool = True  # whether any unit was assigned a target of its own
    in_one: bool = False  # whether all those below a province lie in one and the same

    @property
    def is_all(self) -> bool:
        return not self.levels and self.units is None

    @property
    def placed(self) -> bool:
        """Whether units are given their places."""
        return self.units is None

    @property
    def of_a_province(self) -> bool:
        """Whether it is about one province of several: that has its place only among the others, which are not seen."""
        return bool(self.levels) and self.branch is not None

    @property
    def heard(self) -> str:
        """The values that tell whose facts are needed (SQL); none where those of all are."""
        return "" if self.branch is None else "select unnest($branch::varchar[])"

    @property
    def given(self) -> dict[str, object]:
        """The parameters that the text leaves open."""
        told = {"levels": self.levels or None, "units": self.units, "branch": self.branch}
        return {name: list(each) for name, each in told.items() if each is not None}

    def steps(self, lives: str, hamlets: bool) -> dict[str, str]:
        """The named steps from the text of all that live: `lives`, those that count here, and `asked`.

        Khu/ấp are left out where nothing is made of what they tell.
        """
        only = ([] if self.branch is None else [_OF_BRANCH]) + ([] if hamlets else [_ABOVE_HAMLETS])
        steps = {"lives": f"select * from ({lives}) e where {' and '.join(only)}" if only else lives}
        if self.is_all:
            return steps
        chosen = "level in (select unnest($levels::varchar[]))" if self.levels else "true"
        chosen = "unit in (select unnest($units::varchar[]))" if self.units is not None else chosen
        return steps | {"asked": f"select * from lives where {chosen}"}
