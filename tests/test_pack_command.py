"""python -m exports pack: the files of the page, their words to be edited; a wrong call is told what there is."""

import tomllib

import pytest

from exports.__main__ import main

CALL = ["pack", "--period", "2025-Q2", "--unit", "720", "--as-of", "2025-06-20"]


@pytest.fixture(scope="module")
def written(sample, tmp_path_factory):
    out = tmp_path_factory.mktemp("pack")
    assert main([*CALL, "--data", str(sample), str(out)]) == 0
    return out


def test_every_file_is_written_and_no_draft_is_left(written):
    names = sorted(path.name for path in written.iterdir())
    endings = sorted(name.rpartition(".")[2] for name in names)
    assert endings == ["docx", "docx", "html", "pptx", "toml", "xlsx"]
    assert not [name for name in names if name.startswith(".")]


def test_the_same_call_writes_the_same_bytes(written, sample, tmp_path):
    assert main([*CALL, "--data", str(sample), str(tmp_path)]) == 0
    for path in written.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes(), path.name


def test_edited_sentences_are_taken(written, sample, tmp_path):
    told = (written / "sentences.toml").read_text(encoding="utf-8")
    page = next(iter(tomllib.loads(told)))
    edited = tmp_path / "edited.toml"
    edited.write_text(f'"{page}" = ["Câu của văn phòng."]', encoding="utf-8")
    assert main([*CALL, "--data", str(sample), "--sentences", str(edited), str(tmp_path)]) == 0
    again = tomllib.loads((tmp_path / "sentences.toml").read_text(encoding="utf-8"))
    assert again[page] == ["Câu của văn phòng."]
    before = tomllib.loads(told)
    assert {key: value for key, value in again.items() if key != page} == {k: v for k, v in before.items() if k != page}


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (["--period", "2025-Q7"], "2025-Q7"),
        (["--as-of", "20/6/2025"], "20/6/2025"),
        (["--unit", "25750"], "25750"),
        (["--period", "2025-Q4"], "2025-Q4"),  # when the unit is no more
        (["--agenda", "weekly"], "quarter"),
        (["--indicator", "nothing"], "e_wallet_household_share"),
    ],
    ids=str,
)
def test_a_wrong_call_is_told_in_both_languages(change, told, sample, tmp_path, capsys):
    assert main([*CALL, *change, "--data", str(sample), str(tmp_path / "out")]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2 and all(told in line for line in lines)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("text", ['"nowhere" = ["x"]', '"late" = "x"', "no toml"], ids=str)
def test_sentences_that_fit_no_page_are_refused(text, sample, tmp_path, capsys):
    edited = tmp_path / "edited.toml"
    edited.write_text(text, encoding="utf-8")
    assert main([*CALL, "--data", str(sample), "--sentences", str(edited), str(tmp_path / "out")]) == 2
    assert "edited.toml" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_told_in_both_languages(sample, tmp_path, capsys):
    (tmp_path / "file").write_text("")
    assert main([*CALL, "--data", str(sample), str(tmp_path / "file" / "out")]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 2 and all("file/out" in line for line in lines)


def test_without_a_warehouse_it_says_what_to_run(tmp_path, capsys):
    assert main([*CALL, "--data", str(tmp_path), str(tmp_path / "out")]) == 2
    assert "python -m data_ingest build" in capsys.readouterr().err
