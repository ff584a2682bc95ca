"""Funding (VI, III.4): three sources of money, and what volunteers are paid of it."""

from language import Text
from metrics.core.indicator import Indicator
from metrics.core.sums import sum_of

NAME = Text("Kinh phí", "Funding")

_ALL = "sum(coalesce(funds_state_budget, 0) + coalesce(funds_integrated, 0) + coalesce(funds_mobilised, 0))"
_TOLD = "filter (where coalesce(funds_state_budget, funds_integrated, funds_mobilised) is not null)"
_EXAMPLE = [
    {"funds_state_budget": 30.0, "funds_integrated": 8.0, "funds_mobilised": 12.0},
    {"funds_state_budget": 20.0, "funds_mobilised": 10.0},
]

INDICATORS = [
    Indicator(
        id="funds_total",
        name=Text("Tổng kinh phí thực hiện", "Funds in all"),
        short=Text("Tổng kinh phí", "Funds in all"),
        source="VI",
        requirement="E9",
        measured_in="million_vnd",
        counts="million_vnd",
        numerator=f"{_ALL} {_TOLD}",
        digits=1,
        formula=Text("Ngân sách + lồng ghép + xã hội hóa", "State budget + integrated + mobilised"),
        note=Text(
            "Chỉ kinh phí do cấp huyện báo cáo; nguồn để trống tính là không có khi có ít nhất một nguồn được ghi.",
            "Only what districts report; a source left blank counts as none where another one is told.",
        ),
        example=(_EXAMPLE, 80),
    ),
    sum_of("funds_state_budget", Text("Ngân sách nhà nước", "State budget"), "VI.1", digits=1),
    sum_of("funds_integrated", Text("Kinh phí lồng ghép", "Integrated funds"), "VI.2", digits=1),
    sum_of("funds_mobilised", Text("Kinh phí xã hội hóa", "Mobilised funds"), "VI.3", digits=1),
    Indicator(
        id="mobilised_funds_share",
        name=Text("Tỷ lệ kinh phí xã hội hóa", "Share of mobilised funds"),
        short=Text("Xã hội hóa", "Share mobilised"),
        source="VI",
        requirement="E9",
        measured_in="%",
        counts="million_vnd",
        numerator="sum(funds_mobilised)",
        denominator=f"{_ALL} filter (where funds_mobilised is not null)",
        digits=1,
        formula=Text("Kinh phí xã hội hóa / tổng kinh phí", "Mobilised funds / funds in all"),
        example=(_EXAMPLE, 27.5),
    ),
    sum_of(
        "volunteer_support_paid",
        Text("Hỗ trợ tình nguyện viên", "Support to volunteers"),
        "III.4",
        digits=1,
        note=Text("Là một phần của chi, không phải nguồn kinh phí thứ tư.", "It is spent money, no fourth source."),
    ),
]
