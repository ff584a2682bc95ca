"""Organisation (III.1.1, III.3, VII): what has to be set up before anything else, tier by tier; counts only."""

from language import Text
from metrics.core.indicator import Indicator, both
from metrics.core.sums import sum_of

NAME = Text("Tổ chức bộ máy", "Organisation")


def _set_up(
    id: str, flags: dict[str, str], name: Text, short: Text, source: str, requirement: str, inferred: bool = False
) -> Indicator:
    """The share of the units of some levels (`flags`: level → the flag that its units tell) that have something."""
    told = " or ".join(f"{flag} = 1" for flag in flags.values())
    levels = ", ".join(f"'{level}'" for level in flags)
    first_level, first = next(iter(flags.items()))
    tiers = _TIERS[first_level] if len(flags) == 1 else Text("đơn vị các cấp", "units of the tiers")
    return Indicator(
        id=id,
        name=name,
        short=short,
        source=source,
        requirement=requirement,
        measured_in="%",
        counts="unit",
        numerator=f"count(*) filter (where {told})",
        denominator=f"count(*) filter (where level in ({levels}))",
        target=100,
        inferred=inferred,
        digits=1,
        formula=Text(f"Số {tiers.vi} đã có / số {tiers.vi}", f"{tiers.en} that have it / {tiers.en}"),
        note=Text(
            "Mẫu số lấy từ danh mục đơn vị: đơn vị chưa báo cáo được tính là chưa có.",
            "The denominator comes from the register: a unit that did not report counts as without.",
        ),
        example=_example(flags),
    )


def _example(flags: dict[str, str]) -> tuple[list[dict[str, object]], float]:
    """Of each tier some have it, one has not and one is silent."""
    if set(flags) == {"province"}:
        return [{"level": "province", flags["province"]: 1}], 100
    rows = []
    for level, flag in flags.items():
        rows += [{"level": level, flag: told} for told in ((1,) if level == "province" else (1, 0, None, 1))]
    having = sum(1 for row in rows if 1 in (value for key, value in row.items() if key != "level"))
    return rows, 100 * having / len(rows)


_TIERS = {
    "province": Text("tỉnh", "provinces"),
    "district": Text("huyện", "districts"),
    "commune": Text("xã", "communes"),
}

INDICATORS = [
    _set_up(
        "provincial_committee_coverage",
        {"province": "provincial_committee"},
        Text("Ban Chỉ đạo cấp tỉnh đã thành lập", "Provincial steering committee set up"),
        Text("Ban Chỉ đạo tỉnh", "Provincial committee"),
        "III.1.1.a",
        "C1",
    ),
    _set_up(
        "organising_committee_coverage",
        {"commune": "organising_committee", "district": "district_committee"},
        Text("Tỷ lệ huyện, xã có Ban Tổ chức", "Districts and communes with an organising committee"),
        Text("Có Ban Tổ chức", "With a committee"),
        "III.1.1",
        "C2 C3",
    ),
    _set_up(
        "district_committee_coverage",
        {"district": "district_committee"},
        Text("Tỷ lệ huyện có Ban Tổ chức", "Districts with an organising committee"),
        Text("Huyện có Ban Tổ chức", "Districts with a committee"),
        "III.1.1.b",
        "C2",
    ),
    _set_up(
        "commune_committee_coverage",
        {"commune": "organising_committee"},
        Text("Tỷ lệ xã có Ban Tổ chức", "Communes with an organising committee"),
        Text("Xã có Ban Tổ chức", "Communes with a committee"),
        "III.1.1.c",
        "C3",
    ),
    _set_up(
        "helper_team_coverage",
        {"district": "helper_team", "province": "provincial_helper_team"},
        Text("Tỷ lệ Tổ giúp việc đã thành lập (tỉnh và huyện)", "Helper teams set up, province and districts"),
        Text("Có Tổ giúp việc", "With a helper team"),
        "III.1.1.d",
        "C4",
    ),
    _set_up(
        "district_plan_coverage",
        {"district": "district_plan_issued"},
        Text("Tỷ lệ huyện đã ban hành kế hoạch", "Districts that have issued a plan"),
        Text("Huyện có kế hoạch", "Districts with a plan"),
        "VII.7",
        "C5",
    ),
    _set_up(
        "member_list_coverage",
        {"commune": "member_list_sent"},
        Text("Tỷ lệ xã đã gửi danh sách thành viên", "Communes that have sent their membership list"),
        Text("Xã gửi danh sách", "Lists sent by communes"),
        "VII.1",
        "C6",
        inferred=True,
    ),
    sum_of(
        "member_lists_received",
        Text("Danh sách huyện đã nhận", "Lists received by districts"),
        "VII.1",
        note=Text(
            "Số huyện nói đã nhận; đối chiếu với số xã nói đã gửi. Chỉ đếm, không lưu danh sách.",
            "As districts say they received; hold it against what communes say they sent. Counted, never kept.",
        ),
    ),
    sum_of("district_lists_received", Text("Danh sách tỉnh đã nhận", "Lists received by the province"), "VII.1"),
    Indicator(
        id="assigned_targets_share",
        name=Text("Tỷ lệ Tổ đã được giao chỉ tiêu", "Khu/ấp teams with assigned targets"),
        short=Text("Tổ được giao chỉ tiêu", "Teams with targets"),
        source="III.3",
        requirement="C7",
        measured_in="%",
        counts="hamlet_team",
        numerator=both("teams_with_assigned_targets", "below_hamlet_teams"),
        denominator=both("below_hamlet_teams", "teams_with_assigned_targets"),
        target=100,
        inferred=True,
        digits=1,
        formula=Text("Số Tổ đã được giao chỉ tiêu / số Tổ đã thành lập", "Teams with assigned targets / teams set up"),
        note=Text(
            "Tổ đã thành lập là tổng các khu/ấp của xã; xã bỏ trống một trong hai số thì không tính.",
            "Teams set up are the sum of the commune's khu/ấp; a commune that left one of the two blank is left out.",
        ),
        example=(
            [
                {"teams_with_assigned_targets": 3, "below_hamlet_teams": 4},
                {"teams_with_assigned_targets": 1, "below_hamlet_teams": 4},
                {"below_hamlet_teams": 9},
            ],
            50,
        ),
    ),
    _set_up(
        "online_group_coverage",
        {"commune": "online_group"},
        Text("Tỷ lệ xã có nhóm trực tuyến điều hành", "Communes with an online working group"),
        Text("Xã có nhóm trực tuyến", "Communes with an online group"),
        "III.3",
        "C11",
        inferred=True,
    ),
    Indicator(
        id="reinforcement_met_share",
        name=Text("Tỷ lệ yêu cầu tăng cường lực lượng được đáp ứng", "Requests for reinforcement met"),
        short=Text("Tăng cường được đáp ứng", "Reinforcement met"),
        source="III.3",
        requirement="C8",
        measured_in="%",
        counts="request",
        numerator=both("support_requests_met", "support_requests"),
        denominator=both("support_requests", "support_requests_met"),
        digits=1,
        formula=Text("Yêu cầu đã đáp ứng / yêu cầu", "Requests met / requests"),
        note=Text("Không có yêu cầu nào thì không tính được.", "Where nobody asked there is no rate."),
        example=(
            [{"support_requests_met": 1, "support_requests": 2}, {"support_requests_met": 2, "support_requests": 2}],
            75,
        ),
    ),
    sum_of("universities", Text("Trường phối hợp", "Schools taking part"), "VII.1"),
    sum_of("seconded_volunteers", Text("Tình nguyện viên các trường", "Seconded volunteers"), "VII.1"),
    *(
        _set_up(f"{flag}_done", {"province": flag}, name, short, source, requirement, inferred)
        for flag, name, short, source, requirement, inferred in (
            (
                "communication_channel",
                Text("Kênh liên lạc với các Đội, Tổ, Nhóm đã có", "Channel to the teams set up"),
                Text("Kênh liên lạc", "Channel to the teams"),
                "VII.2",
                "C9",
                False,
            ),
            (
                "management_tool",
                Text("Công cụ quản lý hoạt động đã có", "Management tool in use"),
                Text("Công cụ quản lý", "Management tool"),
                "VII.2",
                "C9",
                False,
            ),
            (
                "criteria_issued",
                Text("Bộ tiêu chí đánh giá đã ban hành", "Set of evaluation criteria issued"),
                Text("Bộ tiêu chí", "Criteria issued"),
                "VII.2",
                "B6",
                False,
            ),
            (
                "budget_in_estimate",
                Text("Kinh phí đã đưa vào dự toán", "Funds entered in the budget estimate"),
                Text("Kinh phí trong dự toán", "Funds in the estimate"),
                "VI.1",
                "B9",
                False,
            ),
            (
                "support_norms_issued",
                Text("Mức hỗ trợ tình nguyện viên đã ban hành", "Norms of support for volunteers issued"),
                Text("Mức hỗ trợ TNV", "Norms of support"),
                "III.4",
                "E8",
                True,
            ),
        )
    ),
]
