"""Reporting (III.3, V, VII.7): what was expected, what came, and what came in time."""

from language import Text
from metrics.core.indicator import Indicator
from warehouse.schedule import DUTIES, FORMS

NAME = Text("Chế độ báo cáo", "Reporting")

_SECTIONS = {"monthly": ("III.3", "B1"), "periodic": ("VII.7", "B2 B3"), "provincial": ("V", "B8")}
_PAIRS = Text(
    "Đếm từng cặp đơn vị và kỳ: nộp một trong ba tháng chưa phải là nộp đủ quý. Báo cáo ngoài danh sách phải nộp không"
    " được tính vào; báo cáo chưa đến hạn chỉ tính khi đã nộp, nên tỷ lệ không vượt 100 %.",
    "Counts pairs of unit and period: one month of three is not the quarter. What nobody expected is not counted; what"
    " is not due yet counts only once it has come, so the rate never exceeds 100 %.",
)
_TIME = Text(
    "Tính theo bản được chấp nhận đầu tiên: sửa sau hạn không làm báo cáo thành trễ.",
    "By the first accepted version: a correction after the due day does not make a report late.",
)


def _all(what: str, forms: tuple[str, ...]) -> str:
    return " + ".join(f"coalesce(sum({form}_{what}), 0)" for form in forms)


def _rate(id: str, what: str, forms: tuple[str, ...], name: Text, short: Text) -> Indicator:
    in_time = what == "on_time"
    first = forms[0]
    source, requirement = _SECTIONS[first] if len(forms) == 1 else ("III.3, V, VII.7", "B1 B2 B3 B8")
    return Indicator(
        id=id,
        name=name,
        short=short,
        source=source,
        requirement=requirement,
        measured_in="%",
        counts="report",
        numerator=_all(what, forms),
        denominator=_all("expected", forms),
        target=100,
        digits=1,
        formula=Text(
            f"Số báo cáo được chấp nhận{' đúng hạn' if in_time else ''} trong số phải nộp / số báo cáo phải nộp",
            f"Reports accepted{' in time' if in_time else ''} of those expected / reports expected",
        ),
        note=_TIME if in_time else _PAIRS,
        example=(
            [{f"{first}_expected": 3, f"{first}_{what}": 1}, {f"{first}_expected": 3, f"{first}_{what}": 3}, {}],
            200 / 3,
        ),
    )


INDICATORS = [
    _rate(
        "reporting_rate",
        "accepted",
        FORMS,
        Text("Tỷ lệ báo cáo đã nộp (mọi mẫu)", "Reporting rate, all forms"),
        Text("Báo cáo đã nộp", "Reporting rate"),
    ),
    _rate(
        "on_time_rate",
        "on_time",
        FORMS,
        Text("Tỷ lệ báo cáo đúng hạn (mọi mẫu)", "On-time rate, all forms"),
        Text("Báo cáo đúng hạn", "On-time rate"),
    ),
    *(
        _rate(
            f"{form}_reporting_rate",
            "accepted",
            (form,),
            Text(f"Tỷ lệ {name.vi} đã nộp", f"Reporting rate, {name.en}"),
            Text(f"Đã nộp: {name.vi}", f"Received: {name.en}"),
        )
        for form, name in ((duty.form, duty.name) for duty in DUTIES)
    ),
    *(
        _rate(
            f"{form}_on_time_rate",
            "on_time",
            (form,),
            Text(f"Tỷ lệ {name.vi} đúng hạn", f"On-time rate, {name.en}"),
            Text(f"Đúng hạn: {name.vi}", f"On time: {name.en}"),
        )
        for form, name in ((duty.form, duty.name) for duty in DUTIES)
    ),
]
