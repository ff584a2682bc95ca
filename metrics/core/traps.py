"""What a reader may take wrongly, as it follows from how an indicator is made: one condition, two languages."""

from collections.abc import Callable
from typing import get_args

from language import Text
from metrics.core.indicator import BELOW, Indicator, names_in
from warehouse.fields import FIELDS, Field
from warehouse.period import Kind
from warehouse.schedule import DUTY_OF

TEAM_MEMBERS = {"hamlet_team_members", "commune_team_members", "formation_members"}
OWN_COUNTS = {"people", "adults", "households"}  # which a census tells too

KINDS = get_args(Kind)  # the shortest first


def traps(indicator: Indicator) -> list[Text]:
    """The indicator's own note, then every trap that its structure sets."""
    own = [indicator.note] if indicator.note else []
    return own + [said for applies, said in TRAPS if applies(indicator)]


def _counted(formula: str) -> set[str]:
    """The fields that a formula counts, without those that only say which units count."""
    names = {name.removeprefix(BELOW) for name in names_in(formula.split(" filter ")[0])}
    return names & FIELDS.keys()


def _of_register(i: Indicator) -> bool:
    return i.denominator.startswith("count(*) filter (where level") and i.finest != "province"


def _of_those_that_told(i: Indicator) -> bool:
    return "is not null" in i.denominator


def _of_the_one_province(i: Indicator) -> bool:
    return i.is_share and i.finest == "province" and not i.scheduled


def _may_pass_the_whole(i: Indicator) -> bool:
    """Whether it counts something above the line that is no part of what stands below it."""
    if not i.is_share or "least(" in i.numerator:
        return False
    whole = _counted(i.denominator)
    return any(not _with_all_it_is_part_of(field) & whole for field in _counted(i.numerator))


def _with_all_it_is_part_of(field: str) -> set[str]:
    above = FIELDS[field].part_of
    return {field, *(_with_all_it_is_part_of(above) if above else ())}


def _ratio(i: Indicator) -> bool:
    return i.denominator != "1" and i.finest != "province"


def _grows_with_the_period(i: Indicator) -> bool:
    return i.accumulates and not any(FIELDS[each].kind == "flow" for each in _counted(i.denominator))


def _of_one_kind_of_team(i: Indicator) -> bool:
    return i.counts == "person" and len(TEAM_MEMBERS & set(i.fields)) == 1


def _counts_times(i: Indicator) -> bool:
    return i.counts == "occasion" and i.finest in ("commune", "hamlet")


def _in_time(i: Indicator) -> bool:
    return any(each.endswith("_on_time") for each in i.scheduled)


def _any_field(is_such: Callable[[Field], bool]) -> Callable[[Indicator], bool]:
    return lambda i: any(is_such(FIELDS[each]) for each in i.fields)


def _first_told_by(kind: Kind) -> Callable[[Indicator], bool]:
    """Whether no period shorter than this is reported in any of its forms."""
    shorter = KINDS[: KINDS.index(kind)]
    return lambda i: bool(i.fields) and _kinds(i) & {kind} != set() and not _kinds(i) & set(shorter)


def _kinds(i: Indicator) -> set[Kind]:
    return {kind for form in i.forms for kind in DUTY_OF[form].kinds}


TRAPS: tuple[tuple[Callable[[Indicator], bool], Text], ...] = (
    (
        _of_register,
        Text(
            "Tỷ lệ thấp có thể chỉ do thiếu báo cáo: đơn vị trong danh mục chưa báo cáo vẫn ở mẫu số.",
            "A low share may only mean missing reports: a unit that is silent stays in the denominator.",
        ),
    ),
    (
        _of_those_that_told,
        Text(
            "Đơn vị bỏ trống một số cần cho phép tính thì không được tính vào đâu: mẫu số có thể nhỏ hơn tổng thật.",
            "A unit that left a needed figure blank counts nowhere: the denominator may be less than the true total.",
        ),
    ),
    (
        _of_the_one_province,
        Text("Chỉ một đơn vị là tỉnh: kết quả là 0 hoặc 100 %.", "There is one province: the result is 0 or 100 %."),
    ),
    (
        _may_pass_the_whole,
        Text(
            "Tử số không phải là một phần của mẫu số nên có thể vượt 100 %; khi vượt thì không có khoảng tin cậy.",
            "The numerator is no part of the denominator, so it may pass 100 %; then no interval is told.",
        ),
    ),
    (
        _ratio,
        Text(
            "Kết quả của cấp trên là thương của hai tổng, không phải trung bình kết quả của các đơn vị.",
            "A parent's result is the ratio of two sums, not the mean of its units' results.",
        ),
    ),
    (
        lambda i: not i.additive,
        Text(
            "Không cộng được: kết quả của cấp trên tính lại từ tổng, không phải tổng kết quả của các đơn vị.",
            "It does not add up: a parent's result is worked out anew, and is not the sum of its units' results.",
        ),
    ),
    (
        _any_field(lambda field: field.kind == "stock"),
        Text(
            "Số hiện có lấy theo báo cáo cuối trong kỳ: đơn vị ngừng báo cáo giữ nguyên số cũ đến hết kỳ.",
            "A state is taken from the last report in the period: a unit that stopped reporting keeps its old figure"
            " until the period ends.",
        ),
    ),
    (
        _any_field(lambda field: field.cumulative),
        Text(
            "Số lũy kế từ đầu kế hoạch, không phải phần tăng trong kỳ; số giảm là dấu hiệu báo cáo sai.",
            "Counted from the start of the plan, not within the period; where it falls, a report is probably wrong.",
        ),
    ),
    (
        lambda i: i.accumulates,
        Text(
            "Chỉ cộng các báo cáo đã nhận: thiếu kỳ báo cáo nào thì thiếu số của kỳ đó.",
            "Only reports received are added up: of a unit that missed some, the number is too small.",
        ),
    ),
    (
        _grows_with_the_period,
        Text(
            "Kỳ dài hơn thì số lớn hơn: chỉ so sánh các kỳ dài như nhau.",
            "A longer period has more of it: compare only periods of the same length.",
        ),
    ),
    (
        lambda i: i.accumulates and "periodic" in i.forms,
        Text(
            "Cộng từ báo cáo quý; báo cáo 6 tháng và năm kể lại các quý nên không cộng thêm.",
            "Added up from quarterly reports; those of the half-year and the year tell the same again.",
        ),
    ),
    (
        _first_told_by("quarter"),
        Text(
            "Báo cáo theo quý, không theo tháng: chọn kỳ tháng thì không có số.",
            "Reported by quarter, not by month: of a month there is no figure.",
        ),
    ),
    (
        _first_told_by("half"),
        Text(
            "Báo cáo 6 tháng và năm: chọn kỳ tháng hoặc kỳ quý thì không có số.",
            "Reported by half-year and year: of a month or a quarter there is no figure.",
        ),
    ),
    (
        lambda i: i.finest == "district",
        Text(
            "Từ 1/7/2025 không còn cấp huyện nên không còn huyện báo cáo.",
            "Since 1/7/2025 there is no district tier, and so no district that reports.",
        ),
    ),
    (
        _counts_times,
        Text(
            "Số lượt không phải số người, số hộ khác nhau: không suy ra được bao nhiêu phần dân số đã được phục vụ.",
            "Times are not different people or households: no share of residents served can be read from them.",
        ),
    ),
    (
        _of_one_kind_of_team,
        Text(
            "Không cộng Tổ, Đội và Đội hình thành số người: một người có thể ở nhiều nơi.",
            "Tổ, Đội and Đội hình do not add up to people: one person may be in several.",
        ),
    ),
    (
        lambda i: bool(_counted(i.denominator) & OWN_COUNTS),
        Text(
            "Số hộ, số người ở mẫu số do đơn vị tự báo cáo, có thể khác số của điều tra dân số.",
            "Households and people in the denominator are the units' own, and may differ from the census.",
        ),
    ),
    (
        _any_field(lambda field: field.kind == "flag"),
        Text(
            "Đơn vị tự khai có hoặc không; báo cáo không kèm văn bản để đối chiếu.",
            "Units declare it themselves; no document comes with the report to check it against.",
        ),
    ),
    (
        lambda i: i.counts == "million_vnd",
        Text(
            "Tính bằng triệu đồng: ghi bằng đồng hay nghìn đồng sẽ sai hàng nghìn lần trở lên.",
            "In millions of VND: a figure written in VND or thousands is wrong by a thousand times or more.",
        ),
    ),
    (
        _in_time,
        Text(
            "Hạn lấy từ lịch đã thiết lập, kể cả những ngày mà kế hoạch không ghi.",
            "Due days are those of the calendar as set, some of which the plan does not name.",
        ),
    ),
    (
        lambda i: bool(i.scheduled),
        Text(
            "Báo cáo được chấp nhận vẫn có thể còn ô trống: tỷ lệ này không nói lên độ đầy đủ.",
            "An accepted report may still have blanks: this rate says nothing about completeness.",
        ),
    ),
)
