"""python -m warehouse …: back up what is kept, bring it back, look whether all is sound."""

import argparse
import sys
from pathlib import Path

import duckdb

from language import LANGUAGES, Language, Text
from warehouse import log
from warehouse.audit import COMMAND_LINE, Audit
from warehouse.backup import backup, restore
from warehouse.engines import Chosen, EngineError, push
from warehouse.health import SIGNS, signs
from warehouse.progress import Bar
from warehouse.rebuilt import build
from warehouse.results import results_of
from warehouse.shelf import Shelf, ShelfError
from warehouse.store import DamagedError, current, data_folder
from warehouse.verify import verify
from warehouse.verify_shelf import verify_shelf

OK, PROBLEMS, WRONG_CALL, NO_ROOM = 0, 1, 2, 3


def main(arguments: list[str] | None = None) -> int:
    """0: all went well; 1: there were problems, told on the error output; 2: a wrong call; 3: no place to write."""
    options = _parser().parse_args(arguments)
    try:
        return options.run(options, options.language)
    except ShelfError as error:
        print(error.text[options.language], file=sys.stderr)
        return WRONG_CALL
    except EngineError as error:
        print(error.text[options.language], file=sys.stderr)
        return NO_ROOM
    except (OSError, duckdb.Error, DamagedError) as error:
        told = Text(
            f"Không đọc hoặc ghi được: {error}. Những gì đã có vẫn giữ nguyên; kiểm tra chỗ trống và quyền rồi chạy"
            " lại.",
            f"Cannot read or write: {error}. What was there is unchanged; look to free space and permissions, then run"
            " this again.",
        )
        print(told[options.language], file=sys.stderr)
        return NO_ROOM


def _parser() -> argparse.ArgumentParser:
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--data", type=Path, default=data_folder(), help="data folder (default: KPI_DATA or data/)")
    shared.add_argument("--language", choices=LANGUAGES, default="vi", help="language of the messages")
    parser = argparse.ArgumentParser("warehouse", description=__doc__)
    verbs = parser.add_subparsers(dest="verb", required=True)

    verb = verbs.add_parser("backup", parents=[shared], help="add a backup to a folder, only what is new")
    verb.add_argument("place", type=Path, metavar="DIR", help="folder of backups, best on another disk")
    verb.add_argument("--look", action="store_true", help="look through what is there, and mend damaged pieces")
    verb.set_defaults(run=_backup)

    verb = verbs.add_parser("restore", parents=[shared], help="put a backup into an empty data folder and build it")
    verb.add_argument("place", type=Path, metavar="BACKUP")
    verb.add_argument("--number", type=int, help="which backup (default: the last)")
    verb.set_defaults(run=_restore)

    verb = verbs.add_parser("health", parents=[shared], help="how the system does, in eight lines")
    verb.set_defaults(run=_health)

    verb = verbs.add_parser("push", parents=[shared], help="hand what serves to the engine that KPI_ENGINE names")
    verb.set_defaults(run=_push)

    verb = verbs.add_parser("verify", parents=[shared], help="look whether a data folder, or a backup, is sound")
    verb.add_argument("place", type=Path, nargs="?", metavar="DIR", help="data folder or backup (default: --data)")
    verb.add_argument("--no-rebuild", dest="rebuild", action="store_false", help="without building it from nothing")
    verb.set_defaults(run=_verify)
    return parser


def _push(options: argparse.Namespace, language: Language) -> int:
    chosen, snapshot = Chosen.now(), current(options.data)
    if snapshot is None:
        run = "python -m data_ingest build"
        _say(language, f"Chưa có kho số liệu; chạy: {run}", f"No warehouse yet; run: {run}", wrong=True)
        return PROBLEMS
    if not push(snapshot):
        _say(
            language,
            f"DuckDB đọc thẳng {snapshot.name}, không cần chuyển. Đặt KPI_ENGINE để chuyển sang ClickHouse hoặc Spark.",
            f"DuckDB reads {snapshot.name} itself, nothing to hand over. Set KPI_ENGINE to hand it to ClickHouse or"
            " Spark.",
        )
        return OK
    where = chosen.address or chosen.kind
    _say(language, f"Đã chuyển {snapshot.name} sang {where}.", f"{snapshot.name} was handed over to {where}.")
    return OK


def _say(language: Language, vi: str, en: str, wrong: bool = False) -> None:
    print(Text(vi, en)[language], file=sys.stderr if wrong else sys.stdout)


def _backup(options: argparse.Namespace, language: Language) -> int:
    made = backup(options.data, options.place, Bar("sao lưu / backing up"), options.look)
    manifest = made.manifest
    size = f"{made.new / 1e6:.1f} MB"
    _say(
        language,
        f"Bản sao lưu số {manifest.number}: {len(manifest.files)} danh sách và tệp, thêm {size} mới.",
        f"Backup number {manifest.number}: {len(manifest.files)} lists and files, {size} of them new.",
    )
    for name in manifest.lost:
        vi = f"✕ Biên nhận không còn tệp: {name}. Nạp lại tệp đó; xem: python -m warehouse verify"
        _say(language, vi, f"✕ A receipt without its file: {name}. Load that file again; see: … verify", wrong=True)
    for path in made.rewritten:
        vi = f"✕ {path} không còn bắt đầu như bản trước: đã bị sửa. Bản cũ vẫn nằm trong bản sao lưu trước."
        en = f"✕ {path} no longer begins as it did: it was altered. The backup before this one holds it as it was."
        _say(language, vi, en, wrong=True)
    wrong = len(manifest.lost) + len(made.rewritten)
    Audit(options.data).note(COMMAND_LINE, "backup", number=manifest.number, bytes=made.new, problems=wrong)
    log.event("backup", bytes=made.new, problems=wrong)
    return PROBLEMS if wrong else OK


def _restore(options: argparse.Namespace, language: Language) -> int:
    manifest = restore(options.place, options.data, options.number, Bar("khôi phục / restoring"))
    Audit(options.data).note(COMMAND_LINE, "restored", number=manifest.number, made=manifest.at.isoformat())
    log.event("restored")
    build(options.data)
    anew, then = results_of(current(options.data)), manifest.results
    which = f"{manifest.number} ({manifest.at})"
    vi, en = f"Đã khôi phục bản số {which}", f"Restored: number {which}"
    if then.get("inputs") == anew["inputs"] and then["database"] == anew["database"]:
        same = then["tables"] == anew["tables"]
        vi += "; kết quả đúng như khi sao lưu." if same else "; KẾT QUẢ KHÁC khi sao lưu."
        en += "; results are those of the backup." if same else "; RESULTS DIFFER from those of the backup."
        _say(language, vi, en, wrong=not same)
        return OK if same else PROBLEMS
    _say(language, f"{vi}.", f"{en}.")
    return OK


def _health(options: argparse.Namespace, language: Language) -> int:
    if not options.data.is_dir():
        raise ShelfError(Text(f"Không có thư mục {options.data}.", f"There is no folder {options.data}."))
    found = signs(options.data)
    for each in found:
        print(f"{SIGNS[each.state]} {each.name[language]}: {each.told[language]}")
        if each.state != "good":
            print(f"  → {each.do[language]}")
    return OK if all(each.state == "good" for each in found) else PROBLEMS


def _verify(options: argparse.Namespace, language: Language) -> int:
    place = options.place or options.data
    if not place.is_dir():
        raise ShelfError(Text(f"Không có thư mục {place}.", f"There is no folder {place}."))
    look = verify_shelf if Shelf(place).is_one else verify
    found = look(place, Bar("kiểm tra / looking through"), options.rebuild)
    for each in found:
        print(each.says(language), file=sys.stderr)
    if not found:
        _say(language, f"{place}: mọi thứ nguyên vẹn.", f"{place}: all is sound.")
    return PROBLEMS if found else OK


if __name__ == "__main__":
    sys.exit(main())
