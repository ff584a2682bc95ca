"""What the office does about a file that is not right: send it back marked, confirm a spelling, map its headings."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from data_ingest.archive import Archive
from data_ingest.build import Built, Progress, build
from data_ingest.commands import CommandError, files_of
from data_ingest.guarded import Job, Readers
from data_ingest.lists import receive
from data_ingest.names import Spelling, bare
from data_ingest.reading import Reading
from data_ingest.sniff import UnreadableError
from data_ingest.standing import Standing
from data_ingest.template import Template
from language import Text


def send_back(data: Path, files: list[tuple[Path, list[Reading]]], out: Path) -> list[Text]:
    """Write each file that has problems into a folder, marked where they are; says what was written and what lost."""
    archive = Archive(data)
    standing = Standing.of(archive, archive.receipts())
    lines: list[Text] = []
    with Readers(standing.names) as readers:
        for path, told in files:
            if any(each.problems for each in told):
                lines += _sent_back(readers, path, told, out)
    return lines


def _sent_back(readers: Readers, path: Path, told: list[Reading], out: Path) -> list[Text]:
    name = told[0].file
    if (out / name).resolve() == path.resolve():
        raise CommandError(
            Text(
                f"{out} là thư mục của chính tệp gốc; chọn thư mục khác.", f"{out} holds the original; choose another."
            )
        )
    if any(each.kind == "unreadable" for reading in told for each in reading.problems):
        return [
            Text(f"{name}: không mở được nên không trả lại tệp có đánh dấu.", f"{name}: unreadable, so not marked.")
        ]
    problems = tuple(asdict(each) for reading in told for each in reading.problems)
    try:
        done = readers.do(
            Job(str(path.resolve()), name, task="mark", problems=problems, out=str(out.resolve()), first="clean")
        )
    except UnreadableError as error:
        return [Text(f"{name}: không đánh dấu được: {error.why.vi}", f"{name}: could not be marked: {error.why.en}")]
    lines = [Text(f"Trả lại: {done['path']}", f"To send back: {done['path']}")]
    if done["anew"]:
        lines.append(Text("  ghi lại thành .xlsx, không giữ định dạng", "  written anew as .xlsx, without its formats"))
    for kind, count in done["lost"].items():
        words = LOST[kind]
        lines.append(Text(f"  không giữ được: {count} {words.vi}", f"  could not be kept: {count} {words.en}"))
    return lines


LOST = {  # data_ingest/returned.py names what a marked workbook has lost
    "picture": Text("hình ảnh", "pictures"),
    "chart": Text("biểu đồ", "charts"),
    "embedded_object": Text("đối tượng nhúng", "embedded objects"),
    "slicer": Text("bộ lọc slicer", "slicers"),
    "diagram": Text("sơ đồ", "diagrams"),
    "form_control": Text("nút điều khiển", "form controls"),
    "threaded_comment": Text("chuỗi trao đổi", "threaded comments"),
    "drawing": Text("hình vẽ", "drawings"),
}


def confirm_spelling(data: Path, written: str, unit: str, progress: Progress = lambda done, of: None) -> Built:
    """Remember that a way of writing means a unit, and read again what was waiting for it."""
    archive = Archive(data)
    lives = Standing.of(archive, archive.receipts()).names.lives
    level = dict(zip(lives.unit, lives.level, strict=True)).get(unit)
    if level is None:
        raise CommandError(Text(f"Không có đơn vị mã {unit}.", f"There is no unit {unit}."))
    meant = [
        f"{name} ({each})"
        for each, own, name, *_ in zip(*lives, strict=True)
        if own == level != "hamlet" and bare(name)[0] == bare(written)[0]
    ]
    if meant:
        names = ", ".join(meant)
        raise CommandError(Text(f"“{written}” đã là tên của {names}.", f"“{written}” is already the name of {names}."))
    with archive.writing():
        archive.confirm(Spelling(written, unit), datetime.now().replace(microsecond=0))
    return build(data, progress)


def propose_mapping(data: Path, file: Path) -> dict[str, object]:
    """A mapping proposed for a foreign table (mapping.Proposal as values)."""
    archive = Archive(data)
    files_of([file])
    with Readers(Standing.of(archive, archive.receipts()).names) as readers:
        try:
            found = readers.do(Job(str(file.resolve()), file.name, task="map"))
        except UnreadableError as error:
            raise CommandError(error.why) from None
    if not found["toml"]:
        raise CommandError(Text(f"{file.name}: không thấy bảng nào.", f"{file.name}: there is no table in it."))
    return found


def confirm_mapping(data: Path, file: Path, progress: Progress = lambda done, of: None) -> Built:
    """Keep a mapping that a person has looked through; files of that layout load from now on."""
    archive = Archive(data)
    files_of([file])
    try:
        template = Template.of(file.stem, file.read_text(encoding="utf-8"))
    except (ValueError, KeyError, TypeError) as error:
        raise CommandError(Text(f"Ánh xạ chưa dùng được: {error}", f"The mapping cannot be used: {error}")) from None
    if not template.mapped or not template.fields or len(template.part) != 1:
        why = "cần một bảng và ít nhất một số liệu", "it needs one table and at least one figure"
        raise CommandError(Text(f"Ánh xạ chưa dùng được: {why[0]}.", f"The mapping cannot be used: {why[1]}."))
    receive(archive, file, "mapping", "")
    return build(data, progress)
