"""A reader: by which account, what that account may do, and which branch of the tree it sees."""

from dataclasses import dataclass
from typing import Literal

from language import Text
from warehouse.audit import COMMAND_LINE as COMMAND_LINE

Role = Literal["viewer", "officer", "administrator"]
Deed = Literal["look", "enter", "receive", "administer"]

ROLE_NAMES: dict[Role, Text] = {
    "viewer": Text("Người xem", "Viewer"),
    "officer": Text("Cán bộ tổng hợp", "Officer"),
    "administrator": Text("Quản trị", "Administrator"),
}
DEEDS: dict[Role, frozenset[Deed]] = {
    "viewer": frozenset({"look"}),
    "officer": frozenset({"look", "enter", "receive"}),  # enter: commitments, answers; receive: files, spellings
    "administrator": frozenset({"look", "enter", "receive", "administer"}),  # units, targets, calendar, accounts
}


@dataclass(frozen=True)
class Reader:
    """Who looks or does. `account` names a post in the office, never a person; it is what the log calls them.

    `unit` is the top of the branch that a viewer sees; blank is the whole province. Only viewers are kept to a branch:
    who receives files or sets targets works for the province.
    """

    account: str
    role: Role = "viewer"
    unit: str = ""

    def __post_init__(self) -> None:
        if self.unit and self.role != "viewer":
            raise ValueError(f"{self.account} is {self.role} of {self.unit}; expected a viewer, or no unit")

    def may(self, deed: Deed) -> bool:
        return deed in DEEDS[self.role]


OWN_MACHINE = Reader("own_machine", "administrator")  # without accounts the program serves only this machine
