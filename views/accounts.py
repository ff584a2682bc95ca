"""Who may sign in, as what: accounts as a table."""

from collections.abc import Iterable, Mapping

import pandas as pd

from access.accounts import Account
from access.reader import ROLE_NAMES
from language import Text, word
from views.view import Choice, Column, View
from warehouse.audit import Deed


def accounts(choice: Choice, found: Mapping[str, Account], units: Mapping[str, str], log: Iterable[Deed]) -> View:
    """Open accounts first; with each what it may see, how it signs in, and when it last did (by the log)."""
    language = choice.language
    last = {each.who: each.at for each in log if each.did == "signed_in"}
    rows = [
        {
            "section": word("accounts_open" if each.active else "accounts_closed", language),
            "name": each.name,
            "role": ROLE_NAMES[each.role][language],
            "sees": units.get(each.unit, each.unit) if each.unit else word("whole_province", language),
            "ways": ", ".join(
                word(f"way_{way}", language) for way in ("password", "login") if getattr(each, way)
            ) or word("way_none", language),
            "last": f"{last[each.name]:%d/%m/%Y %H:%M}" if each.name in last else "–",
        }
        for each in sorted(found.values(), key=lambda account: (not account.active, account.name))
    ]  # fmt: skip
    columns = {
        "name": Column(Text("Tài khoản", "Account")),
        "role": Column(Text("Vai trò", "Role")),
        "sees": Column(Text("Được xem", "Sees")),
        "ways": Column(Text("Cách đăng nhập", "Signs in by")),
        "last": Column(Text("Lần vào gần nhất", "Last signed in")),
    }
    title = word("accounts_title", language, count=sum(each.active for each in found.values()))
    return View("accounts", title, pd.DataFrame(rows, columns=["section", *columns]), columns)
