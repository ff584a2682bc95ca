"""E-commerce (II.4, III.2.b): businesses on e-commerce floors, with e-payment, taking payment without cash."""

from language import Text
from metrics.core.indicator import Indicator, both
from metrics.core.sums import sum_of

NAME = Text("Thương mại điện tử", "E-commerce")

_FLOORS = {"voso": "voso.vn", "postmart": "postmart.vn", "binhduongtrade": "binhduongtrade.vn"}
_ALL = "(coalesce(business_households, 0) + coalesce(enterprises, 0))"


_ON_EACH = Text(
    "Một cơ sở có gian hàng trên nhiều sàn được đếm ở mỗi sàn; không cộng các sàn với nhau.",
    "A business on several floors is counted on each; the floors do not add up.",
)


def _business(id: str, field: str, name: Text, short: Text, formula: Text) -> Indicator:
    return Indicator(
        id=id,
        name=name,
        short=short,
        source="III.2.b",
        requirement="A9",
        measured_in="%",
        counts="business_household",
        numerator=both(field, "business_households"),
        denominator=both("business_households", field),
        digits=1,
        formula=formula,
        example=([{field: 30, "business_households": 50}, {field: 10, "business_households": 50}], 40),
    )


INDICATORS = [
    Indicator(
        id="commerce_floor_share",
        name=Text(
            "Tỷ lệ hộ kinh doanh và doanh nghiệp có gian hàng trên sàn thương mại điện tử",
            "Businesses with a shop on at least one e-commerce floor",
        ),
        short=Text("Lên sàn TMĐT", "On an e-commerce floor"),
        source="III.2.b",
        requirement="A8",
        measured_in="%",
        counts="business",
        numerator="sum(sellers_any) filter (where business_households is not null or enterprises is not null)",
        denominator=f"sum({_ALL}) filter (where sellers_any is not null"
        " and (business_households is not null or enterprises is not null))",
        digits=1,
        formula=Text(
            "Số cơ sở có gian hàng trên ít nhất một sàn / (hộ kinh doanh + doanh nghiệp)",
            "Businesses on at least one floor / (business households + enterprises)",
        ),
        note=Text(
            "Một cơ sở lên nhiều sàn chỉ đếm một lần. Hộ kinh doanh và doanh nghiệp là số đơn vị tự báo cáo.",
            "A business on several floors counts once. Businesses are as the units themselves report them.",
        ),
        example=(
            [
                {"sellers_any": 15, "business_households": 80, "enterprises": 20},
                {"sellers_any": 5, "business_households": 100},
            ],
            10,
        ),
    ),
    *(
        sum_of(f"sellers_{floor}", Text(f"Gian hàng {site}", f"Sellers on {site}"), "II.4", note=_ON_EACH)
        for floor, site in _FLOORS.items()
    ),
    _business(
        "business_e_payment_share",
        "business_households_e_payment",
        Text("Tỷ lệ hộ kinh doanh có tài khoản thanh toán điện tử", "Business households with an e-payment account"),
        Text("Hộ KD có thanh toán ĐT", "Businesses with e-payment"),
        Text("Hộ kinh doanh có tài khoản / hộ kinh doanh", "Business households with an account / business households"),
    ),
    _business(
        "business_cashless_share",
        "business_households_cashless",
        Text(
            "Tỷ lệ hộ kinh doanh nhận thanh toán QR hoặc chuyển khoản", "Business households accepting QR or transfer"
        ),
        Text("Hộ KD nhận QR", "Businesses accepting QR"),
        Text("Hộ kinh doanh nhận QR, chuyển khoản / hộ kinh doanh", "Those accepting QR or transfer / all"),
    ),
    sum_of(
        "business_households_supported",
        Text("Hộ KD được hỗ trợ", "Businesses helped"),
        "III.2.b",
        note=Text(
            "Hộ được hỗ trợ trong hai tháng được đếm hai lần.", "One that is helped in two months is counted twice."
        ),
    ),
]
