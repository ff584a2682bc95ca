"""The colours: told apart also by readers who do not see all of them, and never alone in saying something."""

import re
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest

from views import look

# What is left of red, green and blue (in linear light) where one of the three kinds of cone is missing.
# Machado, Oliveira and Fernandes, "A physiologically-based model for simulation of color vision deficiency", 2009,
# severity 1.0.
SIGHT = {
    "all cones": np.eye(3),
    "protanopia": np.array([
        [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998],
    ]),
    "deuteranopia": np.array([
        [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
    ]),
    "tritanopia": np.array([
        [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900],
    ]),
}  # fmt: skip
# To the OKLab space, in which equal distances look equally different; 0.02 is about the least that is seen.
CONES = np.array([
    [0.4122214708, 0.5363325363, 0.0514459929],
    [0.2119034982, 0.6806995451, 0.1073969566],
    [0.0883024619, 0.2817188376, 0.6299787005],
])  # fmt: skip
LAB = np.array([
    [0.2104542553, 0.7936177850, -0.0040720468],
    [1.9779984951, -2.4285922050, 0.4505937099],
    [0.0259040371, 0.7827717662, -0.8086757660],
])  # fmt: skip
CLEAR = 0.1  # five times the least difference that is seen: told apart at a glance, side by side
STYLE = (Path(__file__).parent.parent / "pages" / "style.css").read_text(encoding="utf-8")


def linear(colour: str) -> np.ndarray:
    parts = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def seen(colour: str, kind: str) -> np.ndarray:
    return LAB @ np.cbrt(CONES @ np.clip(SIGHT[kind] @ linear(colour), 0, 1))


def difference(one: str, other: str, kind: str) -> float:
    return float(np.linalg.norm(seen(one, kind) - seen(other, kind)))


def contrast(one: str, other: str) -> float:
    low, high = sorted(float(np.array([0.2126, 0.7152, 0.0722]) @ linear(each)) for each in (one, other))
    return (high + 0.05) / (low + 0.05)


def test_the_measure_finds_what_readers_without_green_cones_confuse():
    assert difference("#00796B", "#5B6776", "all cones") > 0.08
    assert difference("#00796B", "#5B6776", "deuteranopia") < 0.03
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)


@pytest.mark.parametrize("kind", SIGHT)
def test_any_two_statuses_are_told_apart_by_colour(kind):
    judged = {name: look.STATUS_COLOUR[name] for name in look.STATUSES if name != "not_applicable"}
    close = {pair: difference(judged[pair[0]], judged[pair[1]], kind) for pair in combinations(judged, 2)}
    assert min(close.values()) > CLEAR, min(close, key=close.get)


@pytest.mark.parametrize("kind", SIGHT)
def test_neighbouring_classes_of_the_map_are_told_apart_and_grow_darker(kind):
    assert min(difference(one, other, kind) for one, other in pairwise(look.SEQUENCE)) > CLEAR
    lightness = [seen(each, kind)[0] for each in look.SEQUENCE]
    assert lightness == sorted(lightness, reverse=True)


def test_no_status_and_no_report_is_told_by_its_colour_alone():
    for signs in (look.STATUS_SIGN, {state: sign for state, (sign, _) in look.REPORTS.items()}):
        assert len(set(signs.values())) == len(signs)
        assert all(signs.values())


@pytest.mark.parametrize("colour", [*look.STATUS_COLOUR.values(), *look.SEQUENCE])
def test_what_is_written_on_a_colour_can_be_read(colour):
    assert contrast(colour, look.ink_on(colour)) >= 4.5


def test_the_page_has_the_charts_colours_and_turns_them_with_itself():
    """pages/style.css names the same light colours, and knows each of them in the charts by its parts."""
    light = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", STYLE))
    own = {"accent": look.ACCENT, "ink": look.INK, "quiet": look.SECOND_INK, "line": look.LINE, "ground": look.GROUND}
    assert {name: light[name] for name in own} == own
    assert (light["good"], light["bad"]) == (look.STATUS_COLOUR["met"], look.STATUS_COLOUR["behind"])
    for colour in own.values():
        red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
        assert f"stroke: rgb({red}, {green}, {blue})" in STYLE


def test_every_colour_of_the_page_has_one_for_the_dark():
    light = dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", STYLE))
    pairs = {name: one for name, one in re.findall(r"--([\w-]+): light-dark\((#[0-9A-F]{6}), #[0-9A-F]{6}\);", STYLE)}
    assert pairs == light
    assert set(re.findall(r"var\(--([\w-]+)\)", STYLE)) <= set(light)
