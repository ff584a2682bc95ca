"""Who has done what, and when: the log of deeds as a table."""

from collections.abc import Mapping, Sequence

import pandas as pd

from access.reader import COMMAND_LINE, OWN_MACHINE, ROLE_NAMES
from language import Language, Text, word, written
from views.view import Choice, Column, View
from warehouse.audit import Deed, Did

NAMES: dict[Did, Text] = {
    "received": Text("nhận tệp", "received files"),
    "accepted": Text("chấp nhận báo cáo", "accepted a report"),
    "rejected": Text("trả lại báo cáo", "rejected a report"),
    "loaded": Text("nạp số liệu", "loaded reports"),
    "spelling": Text("xác nhận cách viết", "confirmed a spelling"),
    "mapping": Text("xác nhận ánh xạ", "confirmed a mapping"),
    "units": Text("thay danh mục đơn vị", "replaced the register of units"),
    "targets": Text("giao chỉ tiêu", "assigned targets"),
    "calendar": Text("đặt lịch báo cáo", "set the calendar"),
    "boundaries": Text("thay ranh giới", "replaced the boundaries"),
    "meeting": Text("nhập cuộc họp", "entered a meeting"),
    "commitment": Text("nhập, sửa cam kết", "entered or changed a commitment"),
    "difficulty": Text("xử lý khó khăn, kiến nghị", "handled a difficulty or proposal"),
    "exported": Text("tải tệp về", "downloaded a file"),
    "account": Text("lập, sửa tài khoản", "made or changed an account"),
    "signed_in": Text("đăng nhập", "signed in"),
    "refused": Text("đăng nhập không được", "was refused at the door"),
    "signed_out": Text("đăng xuất", "signed out"),
    "backup": Text("sao lưu", "made a backup"),
    "restored": Text("khôi phục", "restored a backup"),
}
_WHO = {
    OWN_MACHINE.account: Text("máy này", "this machine"),
    COMMAND_LINE: Text("dòng lệnh trên máy chủ", "command line of the server"),
    "unknown": Text("không rõ", "unknown"),
}
_PARTS = {
    "account": Text("tài khoản", "account"), "active": Text("đang mở", "open"), "by": Text("bằng", "by"),
    "changed": Text("phần sửa", "changed"), "count": Text("số lượng", "count"), "day": Text("ngày", "day"),
    "file": Text("tệp", "file"), "files": Text("số tệp", "files"), "id": Text("mã", "id"),
    "login": Text("đăng nhập của tỉnh", "provider's login"), "password": Text("mật khẩu", "password"),
    "period": Text("kỳ", "period"), "reason": Text("lý do", "reason"), "receipt": Text("lần nhận", "receipt"),
    "receipts": Text("lần nhận", "receipts"), "reports": Text("số báo cáo", "reports"),
    "role": Text("vai trò", "role"), "unit": Text("đơn vị", "unit"), "why": Text("vì", "because of"),
}  # fmt: skip
_SAID = {  # what stands in the log as a code
    "changed": Text("đã đổi", "changed"), "password": Text("mật khẩu", "password"),
    "login": Text("đăng nhập lạ", "an unknown login"), "provider": Text("tài khoản của tỉnh", "province's account"),
    "withdrawn": Text("rút lại", "withdrawn"),
    **ROLE_NAMES,
}  # fmt: skip


def deeds(choice: Choice, found: Sequence[Deed], units: Mapping[str, str], sound: bool = True) -> View:
    """The deeds, latest first; `units` names the units that they speak of, `sound` whether no line was altered."""
    language = choice.language
    rows = [
        {
            "number": each.number,
            "at": f"{each.at:%d/%m/%Y %H:%M:%S}",
            "who": who(each.who, language),
            "did": NAMES[each.did][language],
            "what": _what(each.of, units, language),
        }
        for each in sorted(found, key=lambda deed: deed.number, reverse=True)
    ]
    columns = {
        "number": Column(Text("Số", "No."), "number"),
        "at": Column(Text("Lúc", "At")),
        "who": Column(Text("Tài khoản", "Account")),
        "did": Column(Text("Việc", "Deed")),
        "what": Column(Text("Nội dung", "What"), "prose"),
    }
    title = word("deeds_title", language, count=written(len(rows), language))
    note = word("deeds_sound" if sound else "deeds_broken", language)
    return View("deeds", title, pd.DataFrame(rows, columns=list(columns)), columns, note=note)


def who(account: str, language: Language) -> str:
    """What an account is called on a page: itself, but for those that are none."""
    return _WHO[account][language] if account in _WHO else account


def _what(of: Mapping[str, object], units: Mapping[str, str], language: Language) -> str:
    """account: so-tttt.tong-hop; vai trò: officer"""
    told = []
    for key, value in of.items():
        if value in ("", None, []):
            continue
        name = _PARTS[key][language] if key in _PARTS else key
        told.append(f"{name}: {_value(key, value, units, language)}")
    return "; ".join(told)


def _value(key: str, value: object, units: Mapping[str, str], language: Language) -> str:
    if isinstance(value, bool):
        return word("yes" if value else "no", language)
    if isinstance(value, int | float):
        return written(value, language)
    if isinstance(value, list):
        return ", ".join(_said(each, language) for each in value)
    return f"{units[str(value)]} ({value})" if key == "unit" and str(value) in units else _said(value, language)


def _said(value: object, language: Language) -> str:
    return _SAID[str(value)][language] if str(value) in _SAID else str(value)
