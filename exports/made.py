"""Every file of a meeting's pack, made in one go: slides, report, workbook, handouts, a page for a phone."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from exports.book import book
from exports.document import document
from exports.handout import handout
from exports.leaflet import leaflet
from exports.slides import slides
from language import Text, written
from metrics.core.ledger import Ledger
from views.agenda import Agenda
from views.geography import Geography
from views.pack import Pack, Progress, handouts, pack
from views.view import Choice

Writer = Callable[[Pack, Geography], bytes]
WRITERS: dict[str, tuple[str, Text, Writer]] = {  # id → ending, what it is, writer
    "slides": ("pptx", Text("Bài trình chiếu", "Slides"), slides),
    "workbook": ("xlsx", Text("Tệp số liệu", "Workbook"), book),
    "page": ("html", Text("Trang xem trên điện thoại", "Page for a phone"), leaflet),
}
REPORT = Text("Báo cáo", "Report")
HANDOUTS = Text("Tờ tóm tắt từng huyện", "Handouts, one a district")


@dataclass(frozen=True)
class Made:
    """A pack with its districts' packs: figures are worked out once, files are written from them as often as needed."""

    pack: Pack
    districts: tuple[Pack, ...]
    shapes: Geography

    @classmethod
    def of(
        cls, agenda: Agenda, choice: Choice, ledger: Ledger, shapes: Geography,
        progress: Progress = lambda done, of, title: None,
    ) -> "Made":  # fmt: skip
        """Work out everything that the files show. `progress` hears of each page before it is made."""
        found = pack(agenda, choice, ledger, shapes, progress)
        return cls(found, tuple(handouts(found.choice, ledger, shapes, progress)), shapes)

    def but(self, sentences: dict[str, tuple[str, ...]]) -> "Made":
        """The same with other words for some pages of the pack (Pack.but)."""
        return replace(self, pack=self.pack.but(sentences))

    def files(self, progress: Progress = lambda done, of, title: None) -> dict[str, bytes]:
        """Every file by its name. The same pack gives the same bytes."""
        language, name = self.pack.choice.language, self.pack.id
        told: dict[str, bytes] = {}
        steps = len(WRITERS) + 1 + len(self.districts)
        for ending, what, write in WRITERS.values():
            progress(len(told), steps, what[language])
            told[f"{name}.{ending}"] = write(self.pack, self.shapes)
        progress(len(told), steps, REPORT[language])
        told[f"{name}.docx"] = document(self.pack, self.shapes, self.districts)
        for each in self.districts:
            progress(len(told), steps, f"{HANDOUTS[language]}: {each.unit}")
            told[f"{name}_{each.choice.unit}.docx"] = handout(each, self.shapes)
        progress(steps, steps, "")
        return told

    def named(self, files: dict[str, bytes]) -> dict[str, str]:
        """What each file is, in words with its size; a handout by its district."""
        language, name = self.pack.choice.language, self.pack.id
        told = {f"{name}.{ending}": what[language] for ending, what, _ in WRITERS.values()}
        told[f"{name}.docx"] = REPORT[language]
        told |= {f"{name}_{each.choice.unit}.docx": each.unit for each in self.districts}
        return {
            each: f"{told[each]} (.{each.rpartition('.')[2]}, {written(len(data) / 1000, language)} kB)"
            for each, data in files.items()
        }
