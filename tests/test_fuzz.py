"""Damaged at random, a report is told or read rightly: no figure is taken that did not stand there."""

import fuzz
import pytest

CASES, SEEDS = 150, range(3)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_damage_changes_a_figure_unnoticed(seed, tmp_path):
    assert fuzz.run(CASES, seed, tmp_path) == []
