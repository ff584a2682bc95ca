"""Charts: each is what the library understands, though nothing is checked while it is drawn; all have plain ground."""

import plotly.graph_objects as go
import pytest

from metrics import INDICATORS
from views.funnel import funnel
from views.geography import geography
from views.one_indicator import distribution, over_time
from views.profile_history import history
from views.staffing_gaps import gaps_by_part
from views.two_indicators import partner, two_indicators
from views.unit_map import hamlet_tiles, tile_grid, unit_map
from views.view import Choice, View
from warehouse.period import Period

# A share, a rate of what adds up, a count, and what is told of communes only.
TOLD = ("e_wallet_household_share", "guided_mooc_per_1000_adults", "resident_learners", "commune_team_compliance")


def drawn(choice: Choice, ledger, shapes) -> list[View]:
    """Every kind of chart of an indicator: dots and bars, funnel and sizes, maps and tiles."""
    fine = choice.at("hamlet")
    return [
        unit_map(choice, ledger, shapes),
        tile_grid(choice, ledger),
        *([hamlet_tiles(fine, ledger)] if fine.level == "hamlet" else []),
        distribution(choice, ledger),
        distribution(fine, ledger),
        funnel(choice, ledger),
        two_indicators(choice, partner(choice.indicator, INDICATORS), ledger),
        over_time(choice, ledger),
        history(choice, ledger),
    ]


@pytest.mark.parametrize("indicator", TOLD)
@pytest.mark.parametrize("period", ["2025-to-06", "2025-Q2"])
def test_the_library_understands_every_chart(indicator, period, ledger, tmp_path):
    choice = Choice("vi", Period.parse(period), "74", INDICATORS[indicator])
    views = [*drawn(choice, ledger, geography(tmp_path)), gaps_by_part(choice, ledger, "hamlet")]
    charts = [view.chart for view in views if view is not None and view.chart is not None]
    assert len(charts) > 5
    for chart in charts:
        told = chart.to_dict()
        assert go.Figure(told).to_dict().keys() == told.keys()  # raises on a word or a value that it does not know
        assert told["layout"]["separators"] == ",."
        assert told["layout"]["paper_bgcolor"] == "rgba(0,0,0,0)"
