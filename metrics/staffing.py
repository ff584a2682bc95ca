"""Staffing (III.1.2, III.1.3): are the teams large enough, and trained?"""

from language import Text
from metrics.core.indicator import Indicator, both

NAME = Text("Nhân lực", "Staffing")

FORMATION_FLOOR, TEAM_FLOOR, HAMLET_TEAM_FLOOR = 20, 20, 10  # III.1.2

_UNKNOWN = Text(
    "Đơn vị đã báo cáo nhưng chưa thành lập thì thiếu đủ định mức; đơn vị chưa báo cáo thì chưa biết, không cộng vào.",
    "A unit that reported but has none lacks the whole floor; of a unit that did not report nothing is known.",
)


def _shortfall(teams: str, members: str, floor: int) -> str:
    told = f"{teams} is not null or {members} is not null"
    return f"sum(case when {told} then greatest(0, {floor} - coalesce({members}, 0)) end)"


_TRAINED = {"commune_team_trained": "commune_team_members", "formation_trained": "formation_members"}


def _tiers(fields: dict[str, str]) -> str:
    """The sum over the tiers of a field, each where the other was told too: the form of 2023 asks for no trained Tổ."""
    return " + ".join(f"coalesce({both(field, other)}, 0)" for field, other in fields.items())


INDICATORS = [
    Indicator(
        id="district_formation_compliance",
        name=Text("Tỷ lệ huyện có Đội hình đủ 20 thành viên", "Districts whose formation has 20 members or more"),
        short=Text("Đội hình ≥ 20 người", "Formations with ≥ 20"),
        source="III.1.2",
        requirement="A1",
        measured_in="%",
        counts="formation",
        numerator=f"count(*) filter (where formation_members >= {FORMATION_FLOOR})",
        denominator="count(*) filter (where level = 'district')",
        target=100,
        digits=1,
        formula=Text("Số huyện có Đội hình từ 20 người / số huyện", "Districts with 20 members or more / districts"),
        example=([{"formation_members": 24}, {"formation_members": 19}], 50),
    ),
    Indicator(
        id="commune_team_compliance",
        name=Text("Tỷ lệ xã có Đội đủ 20 thành viên", "Communes whose team has 20 members or more"),
        short=Text("Đội ≥ 20 người", "Commune teams ≥ 20"),
        source="III.1.2",
        requirement="A2",
        measured_in="%",
        counts="commune_team",
        numerator=f"count(*) filter (where commune_team_members >= {TEAM_FLOOR})",
        denominator="count(*) filter (where level = 'commune')",
        target=100,
        digits=1,
        formula=Text("Số xã có Đội từ 20 người / số xã", "Communes with 20 members or more / communes"),
        example=([{"commune_team_members": 20}, {"commune_team_members": 19}, {"commune_team_members": None}], 100 / 3),
    ),
    Indicator(
        id="hamlet_team_compliance",
        name=Text("Tỷ lệ khu/ấp có Tổ đủ 10 thành viên", "Khu/ấp whose team has 10 members or more"),
        short=Text("Tổ ≥ 10 người", "Khu/ấp teams ≥ 10"),
        source="III.1.2",
        requirement="A3",
        measured_in="%",
        counts="hamlet_team",
        numerator=f"count(*) filter (where hamlet_team_members >= {HAMLET_TEAM_FLOOR})",
        denominator="count(*) filter (where level = 'hamlet')",
        target=100,
        digits=1,
        formula=Text("Số khu/ấp có Tổ từ 10 người / số khu/ấp", "Khu/ấp with 10 members or more / all khu/ấp"),
        example=([{"hamlet_team_members": 10}, {"hamlet_team_members": 9}, {"hamlet_team_members": 12}], 200 / 3),
    ),
    Indicator(
        id="district_formation_shortfall",
        name=Text("Số thành viên Đội hình cấp huyện còn thiếu", "Members lacking in district formations"),
        short=Text("Đội hình còn thiếu", "Formation members lacking"),
        source="III.1.2",
        requirement="A1",
        measured_in="person",
        counts="person",
        numerator=_shortfall("formations", "formation_members", FORMATION_FLOOR),
        better="lower",
        target=0,
        formula=Text("Tổng của max(0; 20 − số thành viên)", "Sum of max(0, 20 − members)"),
        note=_UNKNOWN,
        example=([{"formation_members": 15}, {"formations": 0}, {"formation_members": None}], 25),
    ),
    Indicator(
        id="commune_team_shortfall",
        name=Text("Số thành viên Đội cấp xã còn thiếu", "Members lacking in commune teams"),
        short=Text("Đội còn thiếu", "Commune team members lacking"),
        source="III.1.2",
        requirement="A2",
        measured_in="person",
        counts="person",
        numerator=_shortfall("commune_teams", "commune_team_members", TEAM_FLOOR),
        better="lower",
        target=0,
        formula=Text("Tổng của max(0; 20 − số thành viên)", "Sum of max(0, 20 − members)"),
        note=_UNKNOWN,
        example=([{"commune_team_members": 18}, {"commune_team_members": 30}, {"commune_team_members": None}], 2),
    ),
    Indicator(
        id="hamlet_team_shortfall",
        name=Text("Số thành viên Tổ còn thiếu", "Members lacking in khu/ấp teams"),
        short=Text("Tổ còn thiếu", "Khu/ấp team members lacking"),
        source="III.1.2",
        requirement="A3",
        measured_in="person",
        counts="person",
        numerator=_shortfall("hamlet_teams", "hamlet_team_members", HAMLET_TEAM_FLOOR),
        better="lower",
        target=0,
        formula=Text("Tổng của max(0; 10 − số thành viên)", "Sum of max(0, 10 − members)"),
        note=_UNKNOWN,
        example=([{"hamlet_team_members": 7}, {"hamlet_teams": 0}, {"hamlet_team_members": 11}], 13),
    ),
    Indicator(
        id="team_members_trained_share",
        name=Text("Tỷ lệ thành viên đã được tập huấn", "Members trained"),
        short=Text("Thành viên đã tập huấn", "Members trained"),
        source="III.1.3",
        requirement="D1",
        measured_in="%",
        counts="person",
        numerator=_tiers({"hamlet_team_trained": "hamlet_team_members", **_TRAINED}),
        denominator=_tiers({"hamlet_team_members": "hamlet_team_trained", **{v: k for k, v in _TRAINED.items()}}),
        digits=1,
        formula=Text(
            "Thành viên đã tập huấn (Tổ, Đội, Đội hình) / thành viên (Tổ, Đội, Đội hình)",
            "Members trained (Tổ, Đội, Đội hình) / members (Tổ, Đội, Đội hình)",
        ),
        note=Text("Người vừa ở Đội vừa ở Tổ được tính ở cả hai.", "Someone in both a Đội and a Tổ is counted in both."),
        example=(
            [
                {"hamlet_team_trained": 6, "hamlet_team_members": 10},
                {"level": "commune", "commune_team_trained": 10, "commune_team_members": 20},
                {"level": "district", "formation_trained": 14, "formation_members": 20},
            ],
            60,
        ),
    ),
    Indicator(
        id="team_members_basic_it_share",
        name=Text("Tỷ lệ thành viên Đội có kiến thức CNTT cơ bản", "Commune team members with basic IT knowledge"),
        short=Text("Có kiến thức CNTT", "With basic IT knowledge"),
        source="III.1.2",
        requirement="F",
        measured_in="%",
        counts="person",
        numerator=both("members_basic_it", "commune_team_members"),
        denominator=both("commune_team_members", "members_basic_it"),
        digits=1,
        formula=Text("Thành viên có kiến thức CNTT cơ bản / thành viên Đội", "Members with basic IT / team members"),
        example=([{"members_basic_it": 18, "commune_team_members": 24}], 75),
    ),
    Indicator(
        id="households_per_volunteer",
        name=Text("Số hộ trên một thành viên Tổ", "Households per khu/ấp team member"),
        short=Text("Hộ/thành viên Tổ", "Households per volunteer"),
        source="III.1.2",
        requirement="A4",
        measured_in="household",
        counts="household",
        numerator=both("households", "hamlet_team_members"),
        denominator=both("hamlet_team_members", "households"),
        better="lower",
        digits=1,
        formula=Text("Tổng số hộ / số thành viên Tổ", "Households / khu/ấp team members"),
        example=([{"households": 900, "hamlet_team_members": 10}, {"households": 600, "hamlet_team_members": 15}], 60),
    ),
]
