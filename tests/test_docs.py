"""Documents cannot fall behind: what the code writes is compared, what people wrote is tried."""

import re
from pathlib import Path

import pytest

from data_ingest.__main__ import _parser as intake
from data_ingest.dictionary import dictionary as fields
from language import LANGUAGES
from metrics import INDICATORS
from metrics.dictionary import dictionary as indicators
from metrics.requirements import table as requirements
from warehouse.fields import FIELDS

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "write"), [("fields", fields), ("indicators", indicators), ("requirements", requirements)]
)
def test_the_documents_in_docs_are_what_the_code_writes(name, write, language):
    assert (ROOT / "docs" / f"{name}.{language}.md").read_text(encoding="utf-8") == write(language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_field_and_every_indicator_is_in_its_dictionary(language):
    assert all(f"`{id}`" in fields(language) for id in FIELDS)
    assert all(f"`{id}`" in indicators(language) for id in INDICATORS)


def test_every_command_of_the_readme_exists():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"python -m data_ingest (\w+)", text))
    known = next(action.choices for action in intake()._actions if action.dest == "verb")
    assert named
    assert named <= set(known)


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#]+)\)", (ROOT / "README.md").read_text(encoding="utf-8")))
def test_every_link_of_the_readme_leads_somewhere(link):
    assert (ROOT / link).exists()


def test_every_column_of_the_warehouse_is_explained():
    tables = (ROOT / "warehouse" / "tables.sql").read_text(encoding="utf-8")
    for line in re.findall(r"^ {4}\w.*$", tables, re.MULTILINE):
        assert "--" in line or line.strip().startswith("value"), line
