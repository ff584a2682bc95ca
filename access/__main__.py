"""python -m access VERB …: accounts of those who may sign in. A password is asked for, never given on the line."""

import argparse
import getpass
import sys
from pathlib import Path

from access.accounts import AccountError, Accounts
from access.reader import COMMAND_LINE, ROLE_NAMES
from access.settings import SettingsError, read_settings
from language import LANGUAGES, Text
from warehouse.audit import Audit
from warehouse.branch import tree_around
from warehouse.store import current, data_folder


def main(arguments: list[str] | None = None) -> int:
    """0: done; 1: refused, told on the error output."""
    options = _parser().parse_args(arguments)
    try:
        told = options.run(options, Accounts(options.data))
    except (AccountError, SettingsError) as error:
        print(error.text[options.language], file=sys.stderr)
        return 1
    print(told[options.language])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("access", description=__doc__)
    parser.add_argument("--data", type=Path, default=data_folder(), help="data folder (default: KPI_DATA or data/)")
    parser.add_argument("--language", choices=LANGUAGES, default="vi")
    verbs = parser.add_subparsers(dest="verb", required=True)
    for name, run, help in (
        ("add", _add, "a new account"),
        ("change", _change, "another role or unit"),
        ("password", _password, "a new password; whoever is signed in must sign in again"),
        ("tie", _tie, "tie an account to a login of the identity provider"),
        ("close", _close, "nobody can sign in with it any more"),
        ("open", _open, "open a closed account again"),
    ):
        verb = verbs.add_parser(name, help=help, description=help)
        verb.add_argument("name", metavar="ACCOUNT", help="called after a post, never after a person")
        verb.set_defaults(run=run)
        if name in ("add", "change"):
            verb.add_argument("--role", choices=ROLE_NAMES, required=name == "add")
            verb.add_argument("--unit", help="the one branch that a viewer sees: a unit's code; '' for the province")
        if name == "add":
            verb.add_argument("--no-password", action="store_true", help="who signs in at the identity provider only")
        if name == "tie":
            verb.add_argument("login", help="what the provider calls its owner (a mail address, say)")
    verbs.add_parser("list", help="every account").set_defaults(run=_list)
    verbs.add_parser("check", help="whether access.toml can be followed").set_defaults(run=_check)
    return parser


def _add(options: argparse.Namespace, accounts: Accounts) -> Text:
    unit = _unit(options)
    accounts.add(options.name, options.role, unit or "", COMMAND_LINE)
    if not options.no_password:
        accounts.set_password(options.name, _asked(options), COMMAND_LINE)
    return Text(f"Đã lập tài khoản {options.name}.", f"Account {options.name} made.")


def _change(options: argparse.Namespace, accounts: Accounts) -> Text:
    unit = _unit(options)
    said = {"role": options.role, "unit": unit}
    accounts.change(options.name, COMMAND_LINE, **{key: value for key, value in said.items() if value is not None})
    return Text(f"Đã sửa tài khoản {options.name}.", f"Account {options.name} changed.")


def _unit(options: argparse.Namespace) -> str | None:
    """The unit that was named, if there is one of that code."""
    snapshot = current(options.data)
    if options.unit and snapshot:
        below, _ = tree_around(snapshot, options.unit)
        if not below:
            raise AccountError(
                Text(f"Không có đơn vị mã “{options.unit}”.", f"There is no unit with the code “{options.unit}”.")
            )
    return options.unit


def _asked(options: argparse.Namespace) -> str:
    """A password, asked for twice; from a pipe it is read as one line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass(Text("Mật khẩu: ", "Password: ")[options.language])
    if first != getpass.getpass(Text("Nhập lại: ", "Once more: ")[options.language]):
        raise AccountError(Text("Hai lần nhập không giống nhau.", "The two are not the same."))
    return first


def _password(options: argparse.Namespace, accounts: Accounts) -> Text:
    accounts.set_password(options.name, _asked(options), COMMAND_LINE)
    return Text(f"Đã đổi mật khẩu của {options.name}.", f"The password of {options.name} is changed.")


def _tie(options: argparse.Namespace, accounts: Accounts) -> Text:
    accounts.tie(options.name, options.login, COMMAND_LINE)
    return Text(f"Đã gắn {options.name}; chỉ giữ mã băm.", f"{options.name} is tied; only a hash is kept.")


def _close(options: argparse.Namespace, accounts: Accounts) -> Text:
    accounts.change(options.name, COMMAND_LINE, active=False)
    return Text(f"Đã đóng tài khoản {options.name}.", f"Account {options.name} closed.")


def _open(options: argparse.Namespace, accounts: Accounts) -> Text:
    accounts.change(options.name, COMMAND_LINE, active=True)
    return Text(f"Đã mở lại tài khoản {options.name}.", f"Account {options.name} opened again.")


def _list(options: argparse.Namespace, accounts: Accounts) -> Text:
    rows = []
    for each in accounts.all().values():
        ways = [name for name, has in (("mật khẩu/password", each.password), ("SSO", each.login)) if has]
        state = "" if each.active else "  [đóng/closed]"
        role = ROLE_NAMES[each.role][options.language]
        rows.append(f"{each.name}  {role}  {each.unit or '–'}  {', '.join(ways) or '–'}{state}")
    return Text("\n".join(rows) or "Chưa có tài khoản nào.", "\n".join(rows) or "There are no accounts yet.")


def _check(options: argparse.Namespace, accounts: Accounts) -> Text:
    settings = read_settings(options.data)
    if not settings.on:
        return Text("Không có access.toml: chỉ phục vụ máy này.", "No access.toml: only this machine is served.")
    broken = Audit(options.data).broken()
    if broken:
        line = f"audit.jsonl: dòng/line {broken}"
        raise AccountError(Text(f"Nhật ký đã bị sửa ({line}).", f"The log has been altered ({line})."))
    able = sum(
        each.active and bool(each.password or (settings.oidc and each.login)) for each in accounts.all().values()
    )
    return Text(f"Cấu hình dùng được; {able} tài khoản đăng nhập được.", f"Sound; {able} accounts can sign in.")


if __name__ == "__main__":
    sys.exit(main())
