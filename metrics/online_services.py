"""Online public services (III.2.d): an account, a digital signature and a data store for every person or household."""

from language import Text
from metrics.core.indicator import Indicator, both
from metrics.core.sums import sum_of

NAME = Text("Dịch vụ công trực tuyến", "Online public services")

_ADULTS = Text(
    "Kế hoạch nói “mỗi người dân/hộ gia đình”; ở đây lấy người từ 15 tuổi làm mẫu số, nên có thể vượt 100 %.",
    "The plan says “each person/household”; those aged 15 and over stand below the line, so it may pass 100 %.",
)

_TIMES = Text("Đếm lượt, không đếm người.", "Counts times, not people.")


def _share(id: str, field: str, below: str, name: Text, short: Text) -> Indicator:
    person = below == "adults"
    return Indicator(
        id=id,
        name=name,
        short=short,
        source="III.2.d",
        requirement="A6",
        measured_in="%",
        counts="person" if person else "household",
        numerator=both(field, below),
        denominator=both(below, field),
        target=100,
        inferred=True,
        digits=1,
        formula=Text("Số người có / số người từ 15 tuổi", "People who have one / people aged 15 and over")
        if person
        else Text("Số hộ có / tổng số hộ", "Households that have one / households"),
        note=_ADULTS if person else None,
        example=([{field: 150, below: 200}, {field: 50, below: 300}], 40),
    )


INDICATORS = [
    _share(
        "online_service_account_person_share",
        "people_online_service_account",
        "adults",
        Text("Tỷ lệ người có tài khoản DVC trực tuyến/VNeID", "People with an online public service/VNeID account"),
        Text("Người có DVC/VNeID", "People with DVC/VNeID"),
    ),
    _share(
        "online_service_account_household_share",
        "households_online_service_account",
        "households",
        Text("Tỷ lệ hộ có tài khoản DVC trực tuyến/VNeID", "Households with an online public service/VNeID account"),
        Text("Hộ có DVC/VNeID", "Households with DVC/VNeID"),
    ),
    _share(
        "digital_signature_share",
        "people_digital_signature",
        "adults",
        Text("Tỷ lệ người có chữ ký số", "People with a digital signature"),
        Text("Người có chữ ký số", "People with a signature"),
    ),
    _share(
        "data_store_share",
        "people_data_store",
        "adults",
        Text("Tỷ lệ người có kho dữ liệu cá nhân trực tuyến", "People with a personal online data store"),
        Text("Người có kho dữ liệu", "People with a data store"),
    ),
    _share(
        "payment_account_person_share",
        "people_payment_account",
        "adults",
        Text("Tỷ lệ người có tài khoản thanh toán", "People with a payment account"),
        Text("Người có tài khoản thanh toán", "People with a payment account"),
    ),
    sum_of("guided_portal", Text("Hướng dẫn Cổng DVC", "Guided to the portal"), "III.2.a", note=_TIMES),
    sum_of("guided_1022", Text("Hướng dẫn Tổng đài 1022", "Guided to hotline 1022"), "III.2.a", note=_TIMES),
    sum_of("app_installs", Text("Cài App Bình Dương số", "Installs of the province's app"), "III.2.a", note=_TIMES),
    sum_of("files_submitted_with_help", Text("Hồ sơ nộp có hỗ trợ", "Files submitted with help"), "III.2.a"),
    sum_of("guided_essential_services", Text("Dịch vụ số thiết yếu", "Essential services"), "II.4", note=_TIMES),
]
