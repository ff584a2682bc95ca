"""The verbs waiting, accept and reject: what the page does about files that wait, on the command line."""

import argparse
from collections.abc import Callable
from pathlib import Path

from data_ingest import waiting
from data_ingest.commands import CommandError, problem_lines
from data_ingest.waiting import Waiting
from language import Language, Text
from warehouse.audit import COMMAND_LINE, Audit
from warehouse.entries import EntryError, refuse_personal
from warehouse.progress import Bar

OK, PROBLEMS = 0, 1
STATES = {
    "good": Text("không có lỗi", "without problems"),
    "noted": Text("có lưu ý", "with notes"),
    "blocked": Text("có lỗi phải sửa", "blocked"),
}


def add(verb: Callable[..., argparse.ArgumentParser]) -> None:
    """Add the verbs: `verb` makes one by its name, what it runs and its help."""
    verb("waiting", _waiting, "the files that came through the page and wait to be accepted or rejected")
    accepting = verb("accept", _accept, "let files that wait count")
    accepting.add_argument(
        "receipts", nargs="+", type=int, metavar="RECEIPT", help="as the verb `waiting` numbers them"
    )
    rejecting = verb("reject", _reject, "refuse a file that waits; it stays in the archive and counts for nothing")
    rejecting.add_argument("receipt", type=int, metavar="RECEIPT")
    rejecting.add_argument("--reason", required=True, help="why; no names of persons")


def _waiting(options: argparse.Namespace) -> int:
    found = waiting.waiting(options.data)
    for each in found:
        print(_line(each, options.language))
        for line in problem_lines(list(each.readings), options.language):
            print(f"   {line}")
    if not found:
        print(Text("Không có tệp nào chờ duyệt.", "No file waits.")[options.language])
    return PROBLEMS if any(each.state == "blocked" for each in found) else OK


def _line(each: Waiting, language: Language) -> str:
    came = each.receipt.received_at.strftime("%d/%m/%Y %H:%M")
    whose = ", ".join(f"{one.unit or '?'} {one.period or '?'}" for one in each.readings)
    return f"{each.receipt.receipt}. {each.receipt.file} · {whose} · {came} · {STATES[each.state][language]}"


def _accept(options: argparse.Namespace) -> int:
    _known(options.data, set(options.receipts))
    done = waiting.accept(options.data, options.receipts, COMMAND_LINE, Bar())
    for each in done.accepted:
        Audit(options.data).note(COMMAND_LINE, "accepted", receipt=each.receipt.receipt, reports=len(each.readings))
    for each in done.decided:
        print(_decided(each)[options.language])
    for each in done.blocked:
        told = Text(
            f"{each.receipt.receipt}: còn lỗi phải sửa, không nhận được; chỉ có thể từ chối.",
            f"{each.receipt.receipt}: it is blocked and cannot be accepted, only rejected.",
        )
        print(told[options.language])
    count = len(done.accepted)
    print(Text(f"Đã chấp nhận {count} tệp.", f"Files accepted: {count}.")[options.language])
    return OK if count == len(set(options.receipts)) else PROBLEMS


def _reject(options: argparse.Namespace) -> int:
    _known(options.data, {options.receipt})
    try:
        refuse_personal(options.reason)
    except EntryError as error:
        raise CommandError(error.text) from None
    before = {each.receipt for each in waiting.receipts(options.data)}
    done = waiting.reject(options.data, options.receipt, COMMAND_LINE, options.reason)
    print(_decided(done)[options.language])
    if options.receipt not in before or done.decided != "rejected":
        return PROBLEMS
    Audit(options.data).note(COMMAND_LINE, "rejected", receipt=options.receipt)
    return OK


def _known(data: Path, receipts: set[int]) -> None:
    """Raise CommandError for numbers of nothing that came through the page."""
    there = waiting.through_the_page(data)
    if unknown := sorted(receipts - there):
        names = ", ".join(map(str, unknown))
        raise CommandError(
            Text(f"Không có tệp nào chờ duyệt mang số {names}.", f"No file of number {names} came through the page.")
        )


def _decided(each: waiting.Decision) -> Text:
    at = each.at.strftime("%d/%m/%Y %H:%M")
    vi, en = {"accepted": ("chấp nhận", "accepted"), "rejected": ("từ chối", "rejected")}[each.decided]
    return Text(f"{each.receipt}: đã {vi} lúc {at} ({each.by}).", f"{each.receipt}: {en} on {at} by {each.by}.")
