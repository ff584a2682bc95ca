"""Supervision, reviews, commendations (III.5, IV): inspections planned, done and followed up."""

from language import Text
from metrics.core.indicator import Indicator, both
from metrics.core.sums import sum_of

NAME = Text("Kiểm tra, sơ kết, khen thưởng", "Supervision and reviews")

INDICATORS = [
    Indicator(
        id="inspection_plan_coverage",
        name=Text("Tỷ lệ huyện có kế hoạch kiểm tra, giám sát", "Districts with an inspection plan"),
        short=Text("Huyện có KH kiểm tra", "Districts with a plan to inspect"),
        source="IV",
        requirement="B4",
        measured_in="%",
        counts="unit",
        numerator="count(*) filter (where inspection_plan_issued = 1)",
        denominator="count(*) filter (where level = 'district')",
        target=100,
        inferred=True,
        digits=1,
        formula=Text("Số huyện có kế hoạch kiểm tra / số huyện", "Districts with an inspection plan / districts"),
        example=(
            [{"inspection_plan_issued": 1}, {"inspection_plan_issued": 0}, {"inspection_plan_issued": 1}],
            200 / 3,
        ),
    ),
    Indicator(
        id="inspection_completion",
        name=Text("Tỷ lệ cuộc kiểm tra đã thực hiện so với kế hoạch", "Inspections done of those planned"),
        short=Text("Kiểm tra đã thực hiện", "Inspections done"),
        source="IV",
        requirement="B4",
        measured_in="%",
        counts="inspection",
        numerator=both("inspections_done", "inspections_planned"),
        denominator=both("inspections_planned", "inspections_done"),
        target=100,
        inferred=True,
        digits=1,
        formula=Text("Số cuộc đã kiểm tra / số cuộc theo kế hoạch", "Inspections done / inspections planned"),
        note=Text("Vượt 100 % khi kiểm tra đột xuất nhiều hơn kế hoạch.", "Above 100 % where more was inspected."),
        example=(
            [{"inspections_done": 3, "inspections_planned": 4}, {"inspections_done": 0, "inspections_planned": 2}],
            50,
        ),
    ),
    sum_of("units_inspected", Text("Đơn vị được kiểm tra", "Units inspected"), "IV"),
    Indicator(
        id="findings_followed_up_share",
        name=Text("Tỷ lệ kiến nghị sau kiểm tra đã khắc phục", "Findings followed up"),
        short=Text("Kiến nghị đã khắc phục", "Findings followed up"),
        source="IV",
        requirement="E5",
        measured_in="%",
        counts="finding",
        numerator=both("findings_followed_up", "findings"),
        denominator=both("findings", "findings_followed_up"),
        digits=1,
        formula=Text("Kiến nghị đã khắc phục / kiến nghị", "Findings followed up / findings"),
        example=([{"findings_followed_up": 6, "findings": 8}, {"findings_followed_up": 3, "findings": 4}], 75),
    ),
    sum_of("conferences", Text("Hội nghị cấp huyện", "District conferences"), "III.5"),
    sum_of("provincial_conferences", Text("Hội nghị cấp tỉnh", "Provincial conferences"), "III.5"),
    sum_of("commended_collectives", Text("Tập thể được khen", "Collectives commended"), "III.5"),
    sum_of("commended_individuals", Text("Cá nhân được khen", "Individuals commended"), "III.5"),
    sum_of("joint_evaluations", Text("Đánh giá liên ngành", "Joint evaluations"), "VII.1"),
]
