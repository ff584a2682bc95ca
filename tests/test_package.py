"""The package for analysts: the same numbers everywhere, described in both languages, nothing personal."""

import copy
import io
import json
import re
import zipfile
from datetime import date
from hashlib import sha256
from pathlib import Path

import duckdb
import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet

from exports.__main__ import main
from exports.package import package
from exports.package_files import table_csv
from exports.package_map import layers
from exports.package_tables import package_tables
from language import LANGUAGES, words
from metrics import INDICATORS
from metrics.__main__ import main as metrics_command
from metrics.core.ledger import Ledger
from views.geography import geography
from views.leaderboard import leaderboard
from views.view import Choice
from warehouse.period import Period
from warehouse.store import current

ROOT = Path(__file__).parent.parent
DAY = date(2025, 6, 20)
PERIODS = [Period.parse("2025-Q2"), Period.parse("2024-12")]
NEVER_THE_SAME = {"package.duckdb", "checksums.sha256"}
TABLES = ("results", "facts", "units", "crosswalk", "heirs", "indicators", "fields", "periods", "reports",
          "expected", "targets")  # fmt: skip
WRITTEN = {  # how a value of a type is written in csv
    "string": r"(?s:.+)", "integer": r"-?\d+", "number": r"-?\d+(\.\d+)?(e[+-]?\d+)?", "boolean": "true|false",
    "date": r"\d{4}-\d\d-\d\d", "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
}  # fmt: skip


@pytest.fixture(scope="session")
def then(sample) -> Ledger:
    return Ledger.open(current(sample), DAY)


@pytest.fixture(scope="session")
def made(then, sample) -> bytes:
    return package(then, PERIODS, "74", geography(sample))


def opened_zip(made: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def inside(made) -> dict[str, bytes]:
    return opened_zip(made)


@pytest.fixture(scope="session")
def described(inside) -> dict:
    return json.loads(inside["datapackage.json"])


@pytest.fixture(scope="session")
def schemas(described) -> dict[str, dict]:
    """Resource → its schema."""
    return {each["name"]: each["schema"] for each in described["resources"] if "schema" in each}


@pytest.fixture(scope="session")
def csvs(inside) -> dict[str, pd.DataFrame]:
    """Every csv as text: a blank is ''."""
    return {
        id: pd.read_csv(io.BytesIO(inside[f"csv/{id}.csv"]), dtype=str, keep_default_na=False, encoding="utf-8-sig")
        for id in TABLES
    }


@pytest.fixture(scope="session")
def database(inside, tmp_path_factory):
    path = tmp_path_factory.mktemp("package") / "package.duckdb"
    path.write_bytes(inside["package.duckdb"])
    with duckdb.connect(str(path), read_only=True) as con:
        yield con


def test_every_file_is_as_its_checksum_and_its_description_say(inside, described):
    sums = {path: sum for sum, path in (line.split("  ") for line in inside["checksums.sha256"].decode().splitlines())}
    assert sums == {path: sha256(data).hexdigest() for path, data in inside.items() if path != "checksums.sha256"}
    told = {each["path"]: each for each in described["resources"]}
    others = {"datapackage.json", "README.vi.md", "README.en.md", "checksums.sha256"}
    assert set(told) == set(inside) - others
    for path in set(told) - NEVER_THE_SAME:
        assert (told[path]["bytes"], told[path]["hash"]) == (len(inside[path]), f"sha256:{sums[path]}")


def test_the_same_snapshot_day_and_choice_give_the_same_bytes(then, sample):
    one, again = (opened_zip(package(then, PERIODS[:1], "720", geography(sample))) for _ in range(2))
    assert one.keys() == again.keys()
    assert {path for path in one if one[path] != again[path]} <= NEVER_THE_SAME


def test_the_description_is_a_data_package_with_its_snapshot_sources_and_licence(described, then):
    assert described["profile"] == "data-package"
    assert re.fullmatch(r"[-a-z0-9._/]+", described["name"])
    assert described["version"] == described["snapshot"] == then.about["snapshot"]
    assert (described["as_of"], described["created"]) == (str(DAY), f"{DAY}T00:00:00Z")
    names = [each["name"] for each in described["resources"]]
    assert len(set(names)) == len(names)
    for each in [*described["licenses"], *described["sources"]]:
        assert all(each["titles"][language] in each["title"] for language in LANGUAGES)


def test_every_column_of_every_file_is_described_in_both_languages(inside, described, schemas, database):
    for each in described["resources"]:
        assert all(each["descriptions"][language] for language in LANGUAGES)
        for field in each.get("schema", {}).get("fields", []):
            assert all(field[key][language] for key in ("titles", "descriptions") for language in LANGUAGES)
            assert all(field["descriptions"][language] in field["description"] for language in LANGUAGES)
    columns = {name: [field["name"] for field in schema["fields"]] for name, schema in schemas.items()}
    for id in TABLES:
        head = inside[f"csv/{id}.csv"].decode("utf-8-sig").splitlines()[0]
        kept = parquet.read_schema(io.BytesIO(inside[f"parquet/{id}.parquet"]))
        assert head.split(",") == columns[id] == columns[f"{id}-parquet"] == kept.names
        assert all(kept.field(name).metadata[language.encode()] for name in kept.names for language in LANGUAGES)
        commented = database.execute(
            "select column_name from duckdb_columns() where table_name = ? and comment is not null", [id]
        ).fetchall()
        assert {name for (name,) in commented} == set(columns[id])
    for path in (path for path in inside if path.endswith(".geojson")):
        told = columns[f"{Path(path).stem}-geojson".lower()]
        for feature in json.loads(inside[path])["features"]:
            assert [*feature["properties"], "geometry"] == told


def test_a_file_of_many_tables_names_the_description_of_each(inside, described, schemas, database, tmp_path):
    many = {each["name"]: {one["name"]: one["resource"] for one in each["tables"]}
            for each in described["resources"] if "tables" in each}  # fmt: skip
    assert set(many["package-duckdb"]) == {name for (name,) in database.execute("show tables").fetchall()}
    path = tmp_path / "boundaries.gpkg"
    path.write_bytes(inside["boundaries/boundaries.gpkg"])
    assert set(many["boundaries-gpkg"]) == set(gpd.list_layers(path).name)
    for layer, resource in many["boundaries-gpkg"].items():
        told = [field["name"] for field in schemas[resource]["fields"]]
        assert list(gpd.read_file(path, layer=layer).columns) == told


@pytest.mark.parametrize("id", TABLES)
def test_every_value_is_of_its_type_and_within_its_limits(id, csvs, schemas):
    table = csvs[id]
    for field in schemas[id]["fields"]:
        values, limits = table[field["name"]], field["constraints"]
        told = values[values != ""]
        wrong = told[~told.str.fullmatch(WRITTEN[field["type"]])]
        assert wrong.empty, (field["name"], wrong.head())
        assert not limits["required"] or len(told) == len(values), field["name"]
        assert set(told) <= set(limits.get("enum", told)), field["name"]
        assert "minimum" not in limits or (told.astype(float) >= limits["minimum"]).all(), field["name"]
        assert not limits.get("unique") or told.is_unique
    assert not table.duplicated(schemas[id]["primaryKey"]).any()


@pytest.mark.parametrize("id", TABLES)
def test_whatever_is_named_can_be_found_in_the_table_that_is_named(id, csvs, schemas):
    for key in schemas[id].get("foreignKeys", []):
        told = set(csvs[id][key["fields"]]) - {""}
        there = csvs[key["reference"]["resource"] or id][key["reference"]["fields"]]
        assert told <= set(there), key


@pytest.mark.parametrize("level", ["district", "commune"])
@pytest.mark.parametrize("period", PERIODS, ids=str)
@pytest.mark.parametrize(
    "indicator", ["e_wallet_household_share", "guided_mooc_per_1000_adults", "households_per_volunteer"]
)
@pytest.mark.parametrize("unit", ["74", "724"])
def test_plain_sql_on_the_database_gives_the_leaderboard(unit, indicator, period, level, database, then):
    if (unit, level) == ("724", "district"):
        return
    choice = Choice("vi", period, unit, INDICATORS[indicator], level)
    board = leaderboard(choice, then).table
    board = board[board.place.notna()]
    asked = database.execute(
        f"""
        select r.unit, rank() over (order by case i.better when 'higher' then -value else value end) as place, r.value
        from results r join indicators i using (indicator)
        where indicator = ? and period = ? and level = ? and enough and value is not null
        {"and parent = '724'" if unit == "724" else ""}
        """,
        [indicator, str(period), level],
    ).fetchall()
    assert len(asked) == len(board) > 0
    assert set(asked) == set(zip(board.unit, board.place.astype(int), board.value, strict=True))


def told_alike(one: pd.Series, other: pd.Series) -> bool:
    return bool(((one == other) | (one.isna() & other.isna())).all())


def test_csv_parquet_and_database_hold_the_results_to_the_last_digit(then, csvs, inside, database):
    told = pd.concat([then.results(each) for each in PERIODS], ignore_index=True)
    kept = pd.read_parquet(io.BytesIO(inside["parquet/results.parquet"]))
    held = database.execute("select * from results").df()
    written = csvs["results"]
    assert len(told) == len(kept) == len(held) == len(written)
    for column in told.columns:
        assert told_alike(kept[column], told[column]), column
        assert told_alike(held[column], told[column]), column
        if column in ("numerator", "denominator", "value", "target", "missing"):
            assert told_alike(pd.to_numeric(written[column].replace("", None)), told[column]), column


@pytest.mark.parametrize("level", ["province", "commune"])
def test_the_csv_says_what_the_command_says(level, csvs, sample, capsys):
    asked = ["results", "--period", "2025-Q2", "--level", level, "--as-of", str(DAY), "--data", str(sample)]
    assert metrics_command(asked) == 0
    said = pd.read_csv(io.StringIO(capsys.readouterr().out), dtype=str, keep_default_na=False)
    own = csvs["results"].rename(columns={"unit": "unit_code"})
    own = own[(own.period == "2025-Q2") & (own.level == level)]
    both = said.merge(own, on=["indicator", "unit_code"], suffixes=("", "_package"))
    assert len(both) == len(said) == len(own)
    for column in ("numerator", "denominator", "value", "target", "status", "rank", "reports", "reports_due"):
        assert (both[column] == both[f"{column}_package"]).all(), column


def test_the_sql_of_the_results_runs_on_the_database_and_gives_them_again(inside, database):
    again = database.execute(inside["results.sql"].decode()).df()
    held = database.execute("select * exclude sample from results").df()
    key = ["indicator", "unit", "period"]
    again, held = (each.sort_values(key, ignore_index=True) for each in (again, held))
    assert len(again) == len(held)
    assert all(told_alike(again[column], held[column]) for column in held.columns)


def test_the_examples_of_the_documents_run_on_the_database(inside, database):
    texts = [(ROOT / "docs" / "package.md").read_text(encoding="utf-8")]
    texts += [inside[f"README.{language}.md"].decode() for language in LANGUAGES]
    examples = [query for text in texts for query in re.findall(r"```sql\n(.*?)```", text, re.DOTALL)]
    assert len(examples) == 3
    for query in (part for example in examples for part in example.split(";\n") if "select" in part):
        assert database.execute(query).fetchall()


def test_reports_are_those_of_the_day_and_only_the_figures_of_those_that_stand_are_told(then, csvs):
    received = pd.concat([then.received(each) for each in PERIODS])
    received = received[received.accepted]
    own = csvs["reports"]
    told = {(int(row.report), int(row.version), row.standing == "true", row.sha256) for row in own.itertuples()}
    assert told == set(received[["report", "version", "standing", "sha256"]].itertuples(index=False, name=None))
    replaced = own[own.standing == "false"]
    assert len(replaced)  # the sample holds a correction
    assert (replaced.superseded_at != "").all()
    assert set(csvs["facts"].report) <= set(own.report[own.standing == "true"])


def test_the_calendar_says_of_each_report_owed_whether_it_came(then, csvs):
    told = pd.concat([then.reporting(each) for each in PERIODS])
    came = told.received_at.notna()
    own = csvs["expected"].set_index(["form", "unit", "period"])
    assert len(own) == len(told)
    for row, here in zip(told.itertuples(), came, strict=True):
        held = own.loc[(row.form, row.unit, row.period)]
        assert (held.received_at != "", held.due) == (here, str(row.due)[:10])


def test_blank_is_blank_and_never_zero(then, csvs, inside):
    silent = then.results(PERIODS[0])
    silent = silent[(silent.status == "no_report") & (silent.level == "commune")]
    assert len(silent)
    own = csvs["results"].merge(silent[["indicator", "unit", "period"]])
    assert len(own) == len(silent)
    assert set(own.value) == set(own.numerator) == {""}
    shapes = json.loads(inside["boundaries/communes_2025-Q2.geojson"])["features"]
    shown = {each["id"]: each["properties"] for each in shapes}
    assert all(shown[row.unit][row.indicator] is None for row in silent.itertuples())
    filled = (then.engine.query("select count(people) as n from facts where report in (select unnest($told))",
                                {"told": csvs["facts"].report.astype(int).unique().tolist()}).n[0])  # fmt: skip
    assert (csvs["facts"].people != "").sum() == filled > 0


@pytest.mark.parametrize("period", PERIODS, ids=str)
@pytest.mark.parametrize("level", ["commune", "district"])
def test_the_map_files_hold_the_results_of_their_units(level, period, inside, then, tmp_path):
    path, name = tmp_path / "boundaries.gpkg", f"{level}s_{period}"
    path.write_bytes(inside["boundaries/boundaries.gpkg"])
    features = {each["id"]: each for each in json.loads(inside[f"boundaries/{name}.geojson"])["features"]}
    layer = gpd.read_file(path, layer=name).set_index("unit")
    assert layer.crs.to_epsg() == 4326
    found = then.results(period)
    found = found[found.level == level]
    assert set(found.unit) == set(features) == set(layer.index)
    for row in found.itertuples():
        value = None if pd.isna(row.value) else row.value
        held = layer.at[row.unit, row.indicator]
        assert features[row.unit]["properties"][row.indicator] == value == (None if pd.isna(held) else held)
        assert layer.at[row.unit, f"{row.indicator}_status"] == row.status


def test_the_crosswalk_is_that_of_the_reform(csvs):
    given = pd.read_csv(ROOT / "sample_data" / "province" / "crosswalk_2025.csv", dtype=str)
    given = given.assign(largest=given.is_largest_area.str.lower(), share=given.area_share_est.astype(float))
    own = csvs["crosswalk"]
    own = own[(own.level == "commune") & (own.day == "2025-07-01")]
    own = own.assign(largest=own.is_largest_share, share=own.area_share.astype(float))
    # Two communes had become wards a year before: the list has them under their old type.
    names = [each.assign(old_name=each.old_name.str.split(n=1).str[1]) for each in (given, own)]
    columns = ["old_code", "old_name", "relation", "new_code", "new_name", "share", "largest"]
    told, kept = ({tuple(row) for row in each[columns].itertuples(index=False)} for each in names)
    assert kept == told


def test_what_units_say_in_words_senders_and_names_of_files_are_in_no_file(inside, then, csvs):
    said = set(then.narratives(PERIODS[0]).text)
    received = then.engine.query("select distinct file from receipts").file
    assert len(said) > 10
    told = b"\n".join(inside[f"csv/{id}.csv"] for id in TABLES if id != "results").decode()
    assert not [each for each in [*said, *received] if each in told]
    texts = {name for name in csvs["facts"] if csvs["facts"][name].str.contains(r"[^\d.\-]").any()}
    assert texts == {"level", "adds_up", "sample"}


def test_a_package_of_the_sample_says_so_everywhere(inside, described, csvs):
    assert described["sample"] is True
    for language in LANGUAGES:
        assert words()["sample_band"][language] in inside[f"README.{language}.md"].decode()
        assert words()["sample_band"][language] in described["descriptions"][language]
    for id in ("results", "facts", "reports", "expected"):
        assert set(csvs[id]["sample"]) == {"true"}
    feature = json.loads(inside["boundaries/districts_2024-12.geojson"])["features"][0]
    assert feature["properties"]["sample"] is True


def test_a_package_of_real_reports_does_not(then, sample):
    real = copy.copy(then)
    real.about = {**then.about, "sample": "0"}
    own = opened_zip(package(real, PERIODS[:1], "25741", geography(sample)))
    assert json.loads(own["datapackage.json"])["sample"] is False
    assert not [name for name in ("README.vi.md", "README.en.md", "datapackage.json")
                for language in LANGUAGES if words()["sample_band"][language] in own[name].decode()]  # fmt: skip
    assert set(parquet.read_table(io.BytesIO(own["parquet/results.parquet"]))["sample"].to_pylist()) == {False}


def test_a_package_of_one_district_holds_it_and_what_is_below_with_the_same_numbers(then, sample, csvs):
    rows = package_tables(then, PERIODS[:1], "720")
    own, whole = rows["results"].to_pandas(), then.results(PERIODS[0])
    below = set(whole.unit[(whole.unit == "720") | (whole.parent == "720")])
    below |= set(whole.unit[whole.parent.isin(below)])
    assert set(own.unit) == below
    expected = whole[whole.unit.isin(below)].reset_index(drop=True)
    assert all(told_alike(own[column], expected[column]) for column in expected.columns)
    assert set(rows["reports"]["unit"].to_pylist()) <= below
    assert set(rows["facts"]["report"].to_pylist()) <= set(rows["reports"]["report"].to_pylist())
    assert rows["units"].num_rows == len(csvs["units"])
    drawn = layers(rows["results"], PERIODS[:1], geography(sample), True)
    assert {row["unit"] for layer in drawn for row in layer.rows} == {each for each in below if "-" not in each}


def test_names_that_look_like_formulas_are_harmless_in_csv(tmp_path):
    told = ["=1+1", "@sum", "\tx", "a;=1", "Ấp 2", None, "-5 điểm"]
    lines = pd.read_csv(io.BytesIO(table_csv(pa.table({"name": told}))), encoding="utf-8-sig", keep_default_na=False)
    assert lines.name.tolist() == ["'=1+1", "'@sum", "'\tx", "a;'=1", "Ấp 2", "", "-5 điểm"]


def test_a_ledger_of_no_day_is_refused(ledger, sample):
    with pytest.raises(ValueError, match="one day"):
        package(ledger, PERIODS, "74", geography(sample))


def test_the_command_writes_the_file(sample, tmp_path, capsys):
    out = tmp_path / "new" / "out.zip"
    asked = ["data", "--period", "2024-12", "--unit", "25741", "--as-of", str(DAY), "--data", str(sample), str(out)]
    assert main(asked) == 0
    assert capsys.readouterr().out.strip() == str(out)
    assert "results.sql" in opened_zip(out.read_bytes())
    assert [each.name for each in out.parent.iterdir()] == ["out.zip"]


def test_the_command_says_in_both_languages_what_it_cannot_do(sample, tmp_path, capsys):
    out = str(tmp_path / "out.zip")
    assert main(["data", "--period", "2024-12", "--unit", "x1", "--data", str(sample), out]) == 1
    assert main(["data", "--period", "2024-12", "--data", str(tmp_path), out]) == 1
    said = capsys.readouterr().err.splitlines()
    assert "x1" in said[0]
    assert all(" / " in line for line in said)
    assert not (tmp_path / "out.zip").exists()
