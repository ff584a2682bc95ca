"""The table of contents: every page, in the groups of the navigation."""

from language import Text
from pages import (
    administration,
    commitments,
    data_quality,
    deeds,
    dictionary,
    difficulties,
    emulation,
    explore,
    health,
    leaderboard,
    meeting_pack,
    one_indicator,
    overview,
    receive,
    reports,
    sources,
    staffing_gaps,
    unit_map,
    unit_profile,
)

CONTENTS: dict[Text, tuple] = {  # a page is a module with TITLE, ADDRESS and show(choice, ledger)
    Text("Điều hành", "Steering"): (overview, unit_map, leaderboard, unit_profile, commitments, meeting_pack),
    Text("Báo cáo và chất lượng", "Reports and quality"): (
        receive,
        reports,
        data_quality,
        staffing_gaps,
        difficulties,
        sources,
    ),  # fmt: skip
    Text("Phân tích", "Analysis"): (one_indicator, explore, emulation, dictionary),
    Text("Hệ thống", "System"): (administration, deeds, health),
}
