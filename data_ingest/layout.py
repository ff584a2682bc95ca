"""Where a form's figures stand on a sheet: known by the headings that are printed, never by their place."""

import re
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property, lru_cache

from data_ingest.sheet import Sheet, at
from data_ingest.template import Part, key, synonyms, wordings
from language import plain

Place = tuple[Sheet, int, int]

ALIKE = 0.84  # how alike two wordings must be (0 to 1) before one is read as the other, which is always said
MOST_HEAD_ROWS = 4
LONGEST = 300  # letters of a label
NUMBER_HEADS = {"stt", "tt", "so tt", "so thu tu"}
NOTE_HEADS = {"ghi chu", "luu y", "chu thich"}
NAME_HEADS = {
    "khu pho, ap", "ten khu/ap", "khu/ap", "khu pho/ap", "ap/khu pho", "ap, khu pho", "ten khu pho, ap", "khu, ap",
    "don vi", "ten don vi", "dia ban", "dia phuong", "xa, phuong", "xa, phuong, thi tran", "xa/phuong", "phuong/xa",
    "phuong, xa", "xa phuong", "ten xa", "ten xa, phuong", "thon", "ap", "khu pho", "huyen", "quan/huyen",
}  # fmt: skip


class Labels:
    """Every printed text of some sheets, by its key."""

    def __init__(self, sheets: list[Sheet]):
        self.sheets = sheets

    @cached_property
    def _places(self) -> dict[str, list[Place]]:
        found: dict[str, list[Place]] = {}
        for sheet in self.sheets:
            for row, column, text in sheet.texts:
                if len(text) < LONGEST:
                    found.setdefault(key(text), []).append((sheet, row, column))
        return found

    def __add__(self, other: "Labels") -> "Labels":
        """The labels of both, the first's first."""
        return Labels(self.sheets + other.sheets)

    def number_of(self, sheet: Sheet) -> int:
        """Which of the sheets it is."""
        return next(number for number, each in enumerate(self.sheets) if each is sheet)

    def __contains__(self, label: str) -> bool:
        return key(label) in self._places

    def places(self, label: str) -> list[Place]:
        return self._places.get(key(label), [])

    def of_field(self, field_id: str, label: str) -> list[Place]:
        """Where a field's label stands: as this form prints it, or in other words that mean the same field."""
        if found := self.places(label):
            return found
        return [place for words in wordings().get(field_id, ()) for place in self._places.get(words, [])]

    def near(self, label: str, taken: set[str]) -> tuple[Place, str] | None:
        """The one text that is nearly the label; None where there is none, or two are equally near."""
        close = sorted(((alike(label, words), words) for words in self._places if words not in taken), reverse=True)[:2]
        if not close or close[0][0] < ALIKE or (len(close) > 1 and close[1][0] > close[0][0] - 0.03):
            return None
        return self._places[close[0][1]][0], close[0][1]


def alike(one: str, other: str) -> float:
    """How alike two wordings are, from 0 to 1: letters in order, words in any order, an aside in brackets or not."""
    one, other = key(one), key(other)
    if _counted(one) != _counted(other):
        return 0.0
    return max(_near(one, other), _near(_ASIDE.sub("", one).strip(), _ASIDE.sub("", other).strip()))


_ASIDE = re.compile(r"\s*\([^)]*\)?")
_COUNTED = {"ho", "nguoi", "to", "doi", "nhom", "luot", "khong", "luy", "ky", "moi", "nam", "nu", "ngheo"}


@lru_cache(maxsize=4096)
def _counted(words: str) -> frozenset[str]:
    """What is counted, and digits: 'số hộ …' is never 'số người …', nor a total a month's, however alike the rest."""
    return frozenset(word for word in re.findall(r"\w+", words) if word.isdigit() or word in _COUNTED)


def _near(one: str, other: str) -> float:
    if not one or not other or min(len(one), len(other)) * 2 < max(len(one), len(other)):
        return 0.0
    words, others = set(one.split()), set(other.split())
    shared = len(words & others) / len(words | others)
    return max(shared, SequenceMatcher(None, one, other).ratio()) if shared >= 0.3 else 0.0


@dataclass
class Found:
    """A table on a sheet: the column of each field, where its rows begin, and what was noticed in its headings."""

    sheet: Sheet
    top: int  # the first row of its headings, and of its rows
    first: int
    name: int
    over: int | None = None  # a second column of names: the units that those of `name` belong to
    number: int | None = None
    note: int | None = None
    columns: dict[str, int] = field(default_factory=dict)
    read_as: dict[str, str] = field(default_factory=dict)  # field → heading that is not quite its label
    twice: dict[str, list[str]] = field(default_factory=dict)  # field → cells of headings that both say it
    unknown: dict[str, str] = field(default_factory=dict)  # cell → heading that no field has
    left: dict[int, list[str]] = field(default_factory=dict)  # column → headings that are no field's, word for word
    guessed: bool = False  # the column of names has no heading


def find_table(sheet: Sheet, fields: dict[str, str], part: Part | None = None) -> Found | None:
    """The table on a sheet that has most of these fields (id → label) word for word, in whatever order."""
    wanted = {key(label): field_id for field_id, label in fields.items()}
    also = {words: meant for words, meant in synonyms().items() if meant in fields and words not in wanted}
    meant = also | wanted
    name_heads = NAME_HEADS | ({key(part.columns["label"])} if part else set())
    band = _band(sheet, meant, name_heads)
    if band is None:
        return None
    top, bottom = band
    paths = _paths(sheet, top, bottom)
    found = Found(sheet, top, bottom + 1, -1)
    left: dict[int, Path] = {}
    for column, (path, own) in paths.items():
        last = key(path[-1])
        if not found.columns and any(key(words) in name_heads for words in path):
            found.over, found.name = (found.name if found.name >= 0 else None), column
        elif found.number is None and last in NUMBER_HEADS:
            found.number = column
        elif last in NOTE_HEADS:
            found.note = column
        elif field_id := next((meant[words] for words in _sayings(path, own) if words in meant), ""):
            _assign(found, field_id, column, at(bottom, column))
        else:
            left[column] = path
    found.left = left
    if found.name < 0 and found.columns:
        found.name, found.guessed = _name_column(found, left), True
    return found if found.columns and found.name >= 0 else None


def complete(found: Found, fields: dict[str, str]) -> None:
    """Find the fields still missing by headings that are nearly theirs, and name the columns that no field has."""
    _read_as(found, found.left, fields)
    found.unknown = {at(found.first - 1, column): " – ".join(path) for column, path in found.left.items()}


def headings(sheet: Sheet) -> tuple[Found, dict[int, str]] | None:
    """The table of any sheet, known figures or not: where its rows begin and are named, and each column's heading."""
    band = _band(sheet, synonyms(), NAME_HEADS) or _band_by_shape(sheet)
    if band is None:
        return None
    paths = _paths(sheet, *band)
    found = Found(sheet, band[0], band[1] + 1, -1)
    over: dict[int, str] = {}
    for column, (path, _) in paths.items():
        if key(path[-1]) in NUMBER_HEADS:
            found.number = column
        elif not over and found.name < 0 and any(key(words) in NAME_HEADS for words in path):
            found.name = column
        elif key(path[-1]) not in NOTE_HEADS:
            over[column] = " – ".join(path)
    if found.name < 0:
        found.columns = {"": max(over, default=0)}
        found.name = _name_column(found, {})
        over.pop(found.name, None)
    return (found, over) if found.name >= 0 and over else None


def _band_by_shape(sheet: Sheet) -> tuple[int, int] | None:
    """A row of at least three texts with numbers under two of them."""
    for row, line in enumerate(sheet.rows[:60]):
        texts = [column for column, value in enumerate(line) if isinstance(value, str) and not _is_number(value)]
        below = [sheet.value(later, column) for column in texts for later in (row + 1, row + 2)]
        numbers = sum(isinstance(v, int | float) or (isinstance(v, str) and _is_number(v)) for v in below)
        if len(texts) >= 3 and numbers >= 2:
            return row, row
    return None


def _assign(found: Found, field_id: str, column: int, cell: str) -> None:
    if field_id in found.columns:
        found.twice.setdefault(field_id, [at(found.first - 1, found.columns[field_id])]).append(cell)
    else:
        found.columns[field_id] = column


def _band(sheet: Sheet, meant: dict[str, str], name_heads: set[str]) -> tuple[int, int] | None:
    """The rows of the headings, first and last: where most headings stand, and what is merged over and under them."""
    hits: dict[int, int] = {}
    heads: dict[int, int] = {}
    for row, _, text in sheet.texts:
        if len(text) < LONGEST:
            words = key(text)
            hits[row] = hits.get(row, 0) + (words in meant)
            heads[row] = heads.get(row, 0) + (words in name_heads or words in NUMBER_HEADS)
    best = max(hits, key=lambda row: (hits[row], heads[row]), default=None)
    if best is None or hits[best] < 2:  # headings in pieces: begin at the row that names the rows
        best = max((row for row in heads if heads[row]), key=lambda row: (heads[row], -row), default=None)
        if best is None:
            return None
        return best, _last_head_row(sheet, best)
    top = next((row for row in range(best, max(-1, best - MOST_HEAD_ROWS), -1) if heads.get(row)), best)
    return top, max(best, _last_head_row(sheet, top))


def _last_head_row(sheet: Sheet, top: int) -> int:
    """The last row of headings that begin at `top`: before the first row with a number, a Roman figure or a total."""
    merged = max((last for first, _, last, _ in sheet.merged if first == top), default=top)
    last = top
    for row in range(top + 1, min(top + MOST_HEAD_ROWS, len(sheet.rows))):
        line = [value for value in sheet.rows[row] if value is not None]
        if row <= merged:
            last = row
        elif not line or any(not isinstance(value, str) or _is_number(value) for value in line) or row > merged + 1:
            break
        elif len(line) > 2 and not any(_begins_data(value) for value in line[:2]):
            last = row
    return last


def _is_number(value: str) -> bool:
    return bool(re.fullmatch(r"[\d.,\s%]+", value))


def _begins_data(value: str) -> bool:
    return bool(re.fullmatch(r"[ivx]+|tong.*|cong.*|(?:khu|ap|phuong|xa|kp)\b.*", plain(value)))


Path = list[str]


def _paths(sheet: Sheet, top: int, bottom: int) -> dict[int, tuple[Path, Path]]:
    """Over each column the headings from top to bottom, and those of them that are its own and no group's."""
    over = {
        (row, column): (" ".join(value.split()), True)
        for row in range(top, bottom + 1)
        for column, value in enumerate(sheet.rows[row] if row < len(sheet.rows) else [])
        if isinstance(value, str) and value.strip()
    }
    for first, left, last, right in sheet.merged:
        if (first, left) in over and last >= top and right - left < 100:
            _spread(over, first, left, min(last, bottom), right)
    paths: dict[int, tuple[Path, Path]] = {}
    for row, column in sorted(over):
        words, own = over[row, column]
        path, owned = paths.setdefault(column, ([], []))
        if words not in path:
            path.append(words)
            if own:
                owned.append(words)
    return dict(sorted(paths.items()))


def _spread(over: dict, first: int, left: int, last: int, right: int) -> None:
    """A merged heading stands over all columns that it covers; over several, it is the heading of a group."""
    told = over[first, left][0], left == right
    over[first, left] = told
    for row in range(first, last + 1):
        for column in range(left, right + 1):
            over.setdefault((row, column), told)


def _sayings(path: Path, own: Path) -> list[str]:
    """What a column's headings may say, the most exact first: the lowest two together, all, each of its own."""
    joined = [key(" ".join(path[-2:])), key(" ".join(path)), key(" – ".join(path))] if len(path) > 1 else []
    return [*joined, *(key(words) for words in reversed(own[-2:]))]


def _read_as(found: Found, left: dict[int, Path], fields: dict[str, str]) -> None:
    """Fields not found yet, by headings that are nearly their labels; each is taken once, and said."""
    for field_id in [each for each in fields if each not in found.columns]:
        labels = [fields[field_id], *wordings().get(field_id, ())]
        close = sorted(
            (
                (max(alike(label, words) for label in labels for words in (path[-1], " ".join(path[-2:]))), column)
                for column, path in left.items()
            ),
            reverse=True,
        )
        if close and close[0][0] >= ALIKE and (len(close) == 1 or close[1][0] < close[0][0]):
            column = close[0][1]
            found.columns[field_id] = column
            found.read_as[field_id] = " – ".join(left.pop(column))


def _name_column(found: Found, left: dict[int, Path]) -> int:
    """Without a heading of its own: the first column left of the figures in which texts stand."""
    for column in range(min(found.columns.values(), default=0)):
        if column == found.number:
            continue
        texts = [found.sheet.value(row, column) for row in range(found.first, len(found.sheet.rows))]
        if sum(isinstance(value, str) and not _is_number(value) for value in texts) >= 2:
            left.pop(column, None)
            return column
    return -1
