"""Whether a data folder is sound: files against receipts, lists, the seal of the log, a rebuild from nothing."""

import json
from pathlib import Path

from language import Text
from warehouse.audit import Audit
from warehouse.backup import Progress
from warehouse.entries import Entries
from warehouse.findings import BACK, BUILD_ANEW, SEND_AGAIN, Finding, some
from warehouse.rebuilt import rebuilt
from warehouse.receipts import receipts_in
from warehouse.store import serving
from warehouse.truth import ARCHIVE, ARRIVING, RECEIPTS, content, grows, in_archive, kept
from warehouse.whole import sum_of


def verify(data: Path, progress: Progress = lambda done, of: None, rebuild: bool = True) -> list[Finding]:
    """Everything that is wrong with a data folder. A load under way is waited for, and not held up by the long part."""
    found = [*files(data, progress), *lists(data)]
    if rebuild and not found:
        found += rebuilt(data)
    return found + _serves(data)


def files(data: Path, progress: Progress) -> list[Finding]:
    """Receipts against archived files, both ways, and each file against its sum."""
    lying = in_archive(data)  # in this order: what comes meanwhile is announced, or has its receipt
    arriving = set((data / ARRIVING).read_text("utf-8").split()) if (data / ARRIVING).exists() else set()
    try:
        receipts = receipts_in(data)
    except ValueError:
        return [_rewritten()]
    sums, lost, altered = receipts.archived(), [], []
    for done, (name, sha) in enumerate(sums.items(), start=1):
        path = data / ARCHIVE / name
        if not path.exists():
            lost.append(name)
        elif sum_of(path) != sha:
            altered.append(name)
        progress(done, len(sums))
    found = []
    if receipts.column("receipt") != list(range(1, len(receipts) + 1)):
        found.append(_rewritten())
    for names, vi, en, do in (
        (lost, "Tệp đã nhận nhưng không còn trong kho lưu trữ", "Received, but no longer in the archive", SEND_AGAIN),
        (altered, "Tệp trong kho lưu trữ đã bị thay đổi", "Altered in the archive", SEND_AGAIN),
        (sorted(lying - set(sums) - arriving), "Tệp trong kho lưu trữ không có biên nhận",
         "In the archive without a receipt", BACK),
    ):  # fmt: skip
        if names:
            found.append(Finding(Text(f"{vi}: {some(names)}", f"{en}: {some(names)}"), do))
    return found


def _rewritten() -> Finding:
    vi, en = "số thứ tự không liên tục; sổ đã bị sửa", "numbers do not follow; it was altered"
    return Finding(Text(f"{RECEIPTS}: {vi}.", f"{RECEIPTS}: {en}."), BACK)


def lists(data: Path) -> list[Finding]:
    """The lists that only grow: each line can be read, and the log's lines follow one on the other."""
    found = []
    for path in filter(grows, kept(data)):
        if (line := _unreadable(content(data, path), path.endswith(".jsonl"))) is not None:
            found.append(
                Finding(Text(f"{path}: không đọc được dòng {line}.", f"{path}: line {line} cannot be read."), BACK)
            )
    if found:
        return found
    try:
        Entries(data).all()
    except (ValueError, TypeError, KeyError):
        told = "entries.jsonl: có mục không hiểu được.", "entries.jsonl: an entry cannot be understood."
        found.append(Finding(Text(*told), BACK))
    if (line := Audit(data).broken()) is not None:
        told = f"Nhật ký audit.jsonl đã bị sửa từ dòng {line}.", f"The log audit.jsonl was altered from line {line} on."
        do = Text(
            "So với bản sao lưu để biết dòng nào bị sửa; báo người quản trị. Đừng sửa tay tệp này.",
            "Hold it against a backup to see which line; tell the administrator. Do not mend this file by hand.",
        )
        found.append(Finding(Text(*told), do))
    return found


def _unreadable(text: bytes, as_json: bool) -> int | None:
    """The number of the first line that is none; None where all are."""
    for number, line in enumerate(text.split(b"\n")[:-1], start=1):
        try:
            told = line.decode("utf-8")
            if as_json:
                json.loads(told)
        except ValueError:
            return number
    return None


def _serves(data: Path) -> list[Finding]:
    found = serving(data, anew=True)
    if found is None:
        return [Finding(Text("Chưa có số liệu nào để phục vụ.", "No snapshot serves."), BUILD_ANEW)]
    if found.damaged:
        told = (
            f"{found.damaged} bị hỏng; {found.snapshot.name} đang thay.",
            f"{found.damaged} is damaged; {found.snapshot.name} stands in.",
        )
        return [Finding(Text(*told), BUILD_ANEW)]
    return []
