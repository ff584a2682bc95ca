"""The register: real units with their lives, invented khu/ấp that add up, and lists that offices have."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from made import loaded
from pandas.testing import assert_frame_equal

from data_ingest import __main__ as command_line
from data_ingest.archive import Archive
from data_ingest.register import RegisterError, read_register
from data_ingest.standing import SHIPPED, Standing
from language import LANGUAGES, Language
from metrics import INDICATORS
from sample_data import make_register
from views.registered import changes
from views.view import Choice
from warehouse.period import Period
from warehouse.receipts import receipts_in
from warehouse.units import COLUMNS, alive, check, read_units

UNITS = pd.concat([read_units(path) for path in SHIPPED], ignore_index=True)
HAMLETS = UNITS[UNITS.level == "hamlet"]


@pytest.mark.parametrize(
    ("day", "levels"),
    [
        (date(2023, 11, 3), {"province": 1, "district": 9, "commune": 91, "hamlet": 587}),
        (date(2025, 6, 30), {"province": 1, "district": 9, "commune": 91, "hamlet": 587}),
        (date(2025, 7, 1), {"province": 1, "commune": 36}),
    ],
)
def test_on_a_day_these_units_live(day, levels):
    assert alive(UNITS, day).level.value_counts().to_dict() == levels


def test_the_census_is_the_statistics_offices():
    communes = alive(UNITS, date(2024, 1, 1)).query("level == 'commune'")
    assert (communes.households_2019.sum(), communes.people_2019.sum()) == (832_087, 2_426_561)


def test_the_register_contradicts_itself_nowhere():
    check(UNITS)


@pytest.mark.parametrize(
    ("unit", "before", "after"),
    [("721", "Thị xã", "Thành phố"), ("25840", "Xã", "Phường"), ("25843", "Xã", "Phường")],
)
def test_three_units_change_their_type_on_1_may_2024_and_keep_their_codes(unit, before, after):
    types = [alive(UNITS, day).set_index("unit").type[unit] for day in (date(2024, 4, 30), date(2024, 5, 1))]
    assert types == [before, after]


@pytest.mark.parametrize("commune", HAMLETS.parent.unique())
def test_invented_khu_ap_add_up_to_their_commune_and_are_marked(commune):
    own, whole = HAMLETS[HAMLETS.parent == commune], UNITS[UNITS.unit == commune].iloc[0]
    assert len(own) >= 3
    assert (own.invented == 1).all()
    assert (own.households_2019.sum(), own.people_2019.sum()) == (whole.households_2019, whole.people_2019)


def test_every_khu_ap_goes_whole_to_one_new_commune():
    heirs = HAMLETS.became.str.rpartition(":")
    assert set(heirs[2]) == {"1"}
    assert set(heirs[0]) <= set(alive(UNITS, date(2025, 7, 1)).unit)


def test_the_script_writes_the_same_register_again(tmp_path, monkeypatch):
    before = [path.read_bytes() for path in SHIPPED]
    monkeypatch.setattr(make_register, "write", lambda name, rows: _write(tmp_path, name, rows))
    make_register.main()
    assert [(tmp_path / path.name).read_bytes() for path in SHIPPED] == before


def _write(folder: Path, name: str, rows: list) -> None:
    here, make_register.HERE = make_register.HERE, folder
    try:
        _real_write(name, rows)
    finally:
        make_register.HERE = here


_real_write = make_register.write


@pytest.mark.parametrize(
    ("column", "value", "fault"),
    [
        ("parent", "nowhere", "not in the register"),
        ("level", "village", "unknown level"),
        ("became", "nowhere:1", "not in the register"),
        ("became", "25750.2025:0.4", "add up to"),
    ],
)
def test_a_register_that_contradicts_itself_is_refused(column, value, fault):
    wrong = UNITS.copy()
    wrong.loc[wrong.index[wrong.unit == "25744"][0], column] = value
    with pytest.raises(ValueError, match=fault):
        check(wrong)


def test_two_lives_at_once_are_refused():
    with pytest.raises(ValueError, match="two lives|begins twice"):
        check(pd.concat([UNITS, UNITS[UNITS.unit == "25744"]], ignore_index=True))


# Lists that offices have

GSO = ["Tỉnh Thành Phố", "Mã TP", "Quận Huyện", "Mã QH", "Phường Xã", "Mã PX", "Cấp", "Tên Tiếng Anh"]
ROWS = [
    ["Thành phố Cần Thơ", 92, "Quận Ninh Kiều", 916, "Phường Cái Khế", 31117, "Phường", ""],
    ["Thành phố Cần Thơ", 92, "Quận Ninh Kiều", 916, "Phường An Hòa", 31120, "Phường", ""],
    ["Thành phố Cần Thơ", 92, "Huyện Thới Lai", 927, "Xã Trường Xuân B", 31298, "Xã", ""],
    ["Thành phố Hà Nội", 1, "Quận Ba Đình", 1, "Phường Phúc Xá", 1, "Phường", ""],
]


def book(folder: Path, rows: list[list], name: str = "list.xlsx") -> Path:
    with xlsxwriter.Workbook(str(folder / name)) as made:
        sheet = made.add_worksheet("Sheet1")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
    return folder / name


@pytest.mark.parametrize("above", [[], [["TỔNG CỤC THỐNG KÊ"], [], ["Danh sách đơn vị hành chính"]]])
def test_the_statistics_offices_list_is_read_wherever_its_headings_stand(above, tmp_path):
    units = read_register(book(tmp_path, [*above, GSO, *ROWS]), "92").units
    assert units.level.value_counts().to_dict() == {"commune": 3, "district": 2, "province": 1}
    row = units.set_index("unit").loc["31117"]
    assert (row["name"], row.type, row.parent, row.code) == ("Cái Khế", "Phường", "916", "31117")


def test_codes_have_their_full_length_again(tmp_path):
    assert list(read_register(book(tmp_path, [GSO, *ROWS]), "01").units.unit) == ["01", "001", "00001"]


def test_a_district_without_communes_is_kept(tmp_path):
    island = ["Tỉnh Quảng Trị", 45, "Huyện Cồn Cỏ", 471, "", "", "", ""]
    units = read_register(book(tmp_path, [GSO, island]), None).units
    assert list(units.level) == ["province", "district"]


@pytest.mark.parametrize("province", [None, "74"])
def test_of_several_provinces_one_must_be_chosen_and_they_are_named(province, tmp_path):
    with pytest.raises(RegisterError) as refused:
        read_register(book(tmp_path, [GSO, *ROWS]), province)
    assert "92 Thành phố Cần Thơ" in refused.value.lines[0].vi
    assert "01 Thành phố Hà Nội" in refused.value.lines[0].en


def test_a_list_put_in_the_registers_place_stands_after_a_rebuild(tmp_path, capsys):
    data = tmp_path / "data"
    path = book(tmp_path, [GSO, *ROWS])
    assert command_line.main(["units", str(path), "--province", "92", "--data", str(data)]) == 0
    assert "3 xã" in capsys.readouterr().out
    for snapshot in data.glob("warehouse-*"):
        snapshot.unlink()
    assert command_line.main(["build", "--data", str(data)]) == 0
    command_line.main(["status", "--data", str(data)])
    assert "đơn vị: 6" in capsys.readouterr().out


def in_own_columns(folder: Path, **names: str) -> Path:
    """The shipped register as one csv, with some units under another name."""
    units = UNITS.set_index("unit", drop=False)
    units.loc[list(names), "full_name"] = list(names.values())
    units[COLUMNS].to_csv(folder / "register.csv", index=False)
    return folder / "register.csv"


def test_the_registers_own_columns_come_back_in_with_codes_of_after_the_reform(tmp_path, capsys):
    data = tmp_path / "data"
    assert command_line.main(["units", str(in_own_columns(tmp_path)), "--data", str(data)]) == 0
    archive = Archive(data)
    assert_frame_equal(Standing.of(archive, archive.receipts()).units, UNITS)


@pytest.mark.parametrize(("language", "said"), [("vi", "Chưa có gì thay đổi"), ("en", "Nothing has changed")])
def test_a_list_that_would_be_another_without_what_looks_personal_is_not_taken(language, said, tmp_path, capsys):
    data = loaded(tmp_path, 1)
    before = receipts_in(data)
    path = in_own_columns(tmp_path, **{"25741-01": "Khu phố ông Nguyễn Văn An 0901 234 567"})
    assert command_line.main(["units", str(path), "--data", str(data), "--language", language]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert "F143" in told  # the first of the khu/ấp, behind 141 units
    assert "0901" not in told
    assert receipts_in(data) == before
    assert command_line.main(["status", "--data", str(data)]) == 0


KHU_AP = ["Xã, phường, thị trấn", "Thuộc huyện", "Khu/ấp", "Số hộ"]


def test_a_sheet_of_the_provinces_own_replaces_the_invented_khu_ap_only(tmp_path):
    rows = [["Phường Bình An", "Dĩ An", "Khu phố Bình Thung", "1.234"], ["25942", "", "Khu phố Nhị Đồng 1", 800]]
    register = read_register(book(tmp_path, [KHU_AP, *rows]), None, UNITS)
    assert register.replaces == "hamlets"
    assert list(register.units.parent) == ["25951", "25942"]
    assert list(register.units.households_2019) == [1234, 800]
    assert (register.units.invented == 0).all()


def test_every_row_that_cannot_be_placed_is_named_by_its_cell_and_nothing_is_taken(tmp_path):
    rows = [["Phường Không Có", "", "Khu phố 1", 1], ["An Bình", "", "Khu phố 1", 1], ["Bình An", "Dĩ An", "", 1]]
    path = book(tmp_path, [["Danh sách"], KHU_AP, *rows])
    with pytest.raises(RegisterError) as refused:
        read_register(path, None, UNITS)
    assert [line.vi.split(":")[0] for line in refused.value.lines] == ["Sheet1 › A3", "Sheet1 › A4", "Sheet1 › C5"]
    data = tmp_path / "data"
    assert command_line.main(["units", str(path), "--data", str(data)]) == 2
    assert not (data / "receipts.csv").exists()


@pytest.mark.parametrize("data", [b"", b"hello", b"PK\x03\x04"])
def test_what_is_no_list_is_told(data, tmp_path):
    (tmp_path / "list.xlsx").write_bytes(data)
    with pytest.raises(RegisterError):
        read_register(tmp_path / "list.xlsx", None, UNITS)


# What a new list would change, as the page shows it


def looking(language: Language) -> Choice:
    return Choice(language, Period.parse("2025-06"), "74", next(iter(INDICATORS.values())))


CHANGES = {
    "full_name": ("Khu phố Mới", "tên: Khu phố 1 → Khu phố Mới", "name: Khu phố 1 → Khu phố Mới"),
    "households_2019": (12_345, "→ 12.345", "→ 12,345"),
    "level": ("commune", "cấp: khu/ấp → xã", "level: khu/ấp → commune"),
    "until": (date(2025, 3, 9), "đến ngày: 1/7/2025 → 9/3/2025", "until: 1/7/2025 → 9/3/2025"),
    "since": (None, "", ""),
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("part", CHANGES)
def test_what_would_change_is_said_in_words_of_the_reader(part, language):
    after, (value, *said) = UNITS.copy(), CHANGES[part]
    after.loc[after.unit == "25741-01", part] = value
    table = changes(UNITS, after, looking(language)).table
    expected = dict(zip(LANGUAGES, said, strict=True))[language]
    assert [expected in each for each in table.said] == [True] * bool(expected)


def test_nothing_of_a_person_is_shown_of_a_list_that_is_only_looked_at():
    after = UNITS.copy()
    after.loc[after.unit == "25741-01", "full_name"] = "Khu phố 1, ông Nguyễn Văn An 0901 234 567"
    shown = changes(UNITS, after, looking("vi")).table.to_string()
    assert "•••" in shown
    assert not [each for each in ("0901", "Nguyễn Văn An") if each in shown]
