"""Files kept before personal data were left out of them: which of those in the archive hold some."""

from data_ingest.archive import Archive
from data_ingest.guarded import Readers
from data_ingest.looking import copies
from data_ingest.standing import Standing
from language import Text
from warehouse.receipts import Receipt, Receipts

_AT_ONCE = 64  # files whose copies are in memory, though only their number is told


def told_of_copies(receipts: Receipts) -> list[Text]:
    """How many files are kept without their personal data, and of how many nothing is."""
    copied = receipts.but("came", [""])
    nothing = sum(each.is_lost for each in copied)
    partly = len(copied) - nothing
    lines = []
    if partly:
        lines.append(
            Text(f"Lưu không kèm dữ liệu cá nhân: {partly} tệp", f"Kept without personal data: {partly} files")
        )
    if nothing:
        lines.append(
            Text(
                f"Không xem được bên trong nên không lưu: {nothing} tệp",
                f"Not kept, since they could not be looked through: {nothing} files",
            )
        )
    return lines


def told_of_held(archive: Archive, receipts: Receipts) -> list[Text]:
    """Look through every file that was kept as it came, with care: takes about as long as to read them all."""
    found = _held(archive, receipts.having("came", [""]).having("kind", ["report"]))
    if not found:
        return [Text("Không có dữ liệu cá nhân trong các tệp còn lại", "No personal data in the other files")]
    names = ", ".join(each.file for each in found[:20]) + (" …" if len(found) > 20 else "")
    return [
        Text(
            f"Có dữ liệu cá nhân, lưu từ trước: {len(found)} tệp: {names}",
            f"Hold personal data, kept before they were left out: {len(found)} files: {names}",
        )
    ]


def _held(archive: Archive, receipts: Receipts) -> list[Receipt]:
    found = []
    there = [each for each in receipts if archive.is_whole(each)]
    with Readers(Standing.of(archive, archive.receipts()).names) as readers:
        for start in range(0, len(there), _AT_ONCE):
            some = there[start : start + _AT_ONCE]
            made = copies(readers, [(archive.path(each), each.sha256) for each in some])
            found += [each for each, copy in zip(some, made, strict=True) if copy and copy.whole]
    return found
