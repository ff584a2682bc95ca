"""E-wallet adoption (III.2.b): at least 30 % of households with an e-payment account, an e-wallet or mobile money."""

from language import Text
from metrics.core.indicator import Indicator, both
from metrics.core.sums import sum_of

NAME = Text("Ví điện tử và thanh toán điện tử", "E-wallets and e-payment")

FLOOR = 30  # per cent of households, III.2.b

_OPENED = Text(
    "Đếm tài khoản mở mới có hỗ trợ, không đếm hộ; không so với số hộ đã có.",
    "Counts accounts opened with help, not households; not to be held against households that have one.",
)


def _kind(id: str, field: str, name: Text, short: Text) -> Indicator:
    return Indicator(
        id=id,
        name=name,
        short=short,
        source="III.2.b",
        requirement="A5",
        measured_in="%",
        counts="household",
        numerator=both(field, "households"),
        denominator=both("households", field),
        digits=1,
        formula=Text("Số hộ có loại này / tổng số hộ", "Households with this kind / households"),
        note=Text(
            "Một hộ có nhiều loại được đếm ở mỗi loại; không cộng ba loại với nhau.",
            "A household with several kinds counts in each; the three do not add up.",
        ),
        example=([{field: 24, "households": 80}, {field: 0, "households": 40}], 20),
    )


INDICATORS = [
    Indicator(
        id="e_wallet_household_share",
        name=Text(
            "Tỷ lệ hộ có tài khoản thanh toán điện tử, ví điện tử hoặc tiền điện tử",
            "Households with an e-payment account, e-wallet or mobile money",
        ),
        short=Text("Hộ có ví điện tử", "Households with e-wallets"),
        source="III.2.b",
        requirement="A5",
        measured_in="%",
        counts="household",
        numerator=both("households_e_payment_any", "households"),
        denominator=both("households", "households_e_payment_any"),
        target=FLOOR,
        digits=1,
        formula=Text(
            "Số hộ có ít nhất một trong ba loại / tổng số hộ", "Households with any of the three / households"
        ),
        note=Text("Một hộ chỉ đếm một lần.", "A household counts once."),
        example=([{"households_e_payment_any": 45, "households": 150}], 30),
    ),
    _kind(
        "e_payment_account_share",
        "households_e_payment_account",
        Text("Tỷ lệ hộ có tài khoản thanh toán điện tử", "Households with an e-payment account"),
        Text("Hộ có tài khoản thanh toán", "With an e-payment account"),
    ),
    _kind(
        "e_wallet_only_share",
        "households_e_wallet",
        Text("Tỷ lệ hộ có ví điện tử (riêng loại này)", "Households with an e-wallet, whatever else they have"),
        Text("Riêng ví điện tử", "With an e-wallet"),
    ),
    _kind(
        "mobile_money_share",
        "households_mobile_money",
        Text("Tỷ lệ hộ có tiền điện tử (mobile money)", "Households with mobile money"),
        Text("Hộ có mobile money", "With mobile money"),
    ),
    Indicator(
        id="hamlets_at_e_wallet_target_share",
        name=Text("Tỷ lệ khu/ấp đạt 30 % số hộ", "Khu/ấp that have reached 30 % of households"),
        short=Text("Khu/ấp đạt 30 %", "Khu/ấp at 30 %"),
        source="III.2.b",
        requirement="A5",
        measured_in="%",
        counts="hamlet",
        numerator=f"count(*) filter (where households > 0 and 100 * households_e_payment_any >= {FLOOR} * households)",
        denominator="count(*) filter (where households > 0 and households_e_payment_any is not null)",
        target=100,
        inferred=True,
        digits=1,
        formula=Text("Số khu/ấp đạt từ 30 % / số khu/ấp có báo cáo", "Khu/ấp at 30 % or more / khu/ấp that reported"),
        note=Text("So sánh số chưa làm tròn: 29,96 % là chưa đạt.", "Unrounded: 29.96 % has not reached it."),
        example=(
            [
                {"households_e_payment_any": 30, "households": 100},
                {"households_e_payment_any": 29, "households": 100},
                {"households": 100},
            ],
            50,
        ),
    ),
    Indicator(
        id="households_missing_to_e_wallet_target",
        name=Text("Số hộ còn thiếu để mọi khu/ấp đạt 30 %", "Households still missing for every khu/ấp to reach 30 %"),
        short=Text("Hộ còn thiếu (từng khu/ấp)", "Households missing (each khu/ấp)"),
        source="III.2.b",
        requirement="A5",
        measured_in="household",
        counts="household",
        # greatest() passes over a null, so a blank must be kept out of it
        numerator="sum(case when households is not null and households_e_payment_any is not null then"
        f" greatest(0, ceil({FLOOR} * households / 100.0) - households_e_payment_any) end)",
        better="lower",
        target=0,
        formula=Text(
            "Tổng theo khu/ấp của max(0; 30 % số hộ, làm tròn lên − số hộ đã có)",
            "Sum over khu/ấp of max(0, 30 % of households, rounded up − households that have one)",
        ),
        note=Text(
            "Cách đọc chặt: từng khu/ấp phải đạt; khu/ấp vượt không bù cho khu/ấp thiếu.",
            "The strict reading: each khu/ấp reaches it; what one has too many does not help another.",
        ),
        example=(
            [
                {"households_e_payment_any": 20, "households": 101},
                {"households_e_payment_any": 90, "households": 100},
            ],
            11,
        ),
    ),
    Indicator(
        id="households_missing_to_e_wallet_target_as_a_whole",
        name=Text(
            "Số hộ còn thiếu để cả đơn vị đạt 30 %", "Households still missing for the unit as a whole to reach 30 %"
        ),
        short=Text("Hộ còn thiếu (cả đơn vị)", "Households missing (unit as a whole)"),
        source="III.2.b",
        requirement="A5",
        measured_in="household",
        counts="household",
        additive=False,
        numerator="case when count(households_e_payment_any) > 0 then"
        f" greatest(0, ceil({FLOOR} * {both('households', 'households_e_payment_any')} / 100.0)"
        f" - {both('households_e_payment_any', 'households')}) end",
        better="lower",
        target=0,
        formula=Text(
            "max(0; 30 % tổng số hộ, làm tròn lên − tổng số hộ đã có)",
            "max(0, 30 % of all households, rounded up − all households that have one)",
        ),
        example=(
            [
                {"households_e_payment_any": 20, "households": 101},
                {"households_e_payment_any": 30, "households": 100},
            ],
            11,
        ),
    ),
    sum_of("accounts_opened_e_payment", Text("Tài khoản mở mới", "E-payment accounts opened"), "III.2.b", note=_OPENED),
    sum_of("accounts_opened_e_wallet", Text("Ví điện tử mở mới", "E-wallets opened"), "III.2.b", note=_OPENED),
    sum_of("accounts_opened_mobile_money", Text("Mobile money mở mới", "Mobile money opened"), "III.2.b", note=_OPENED),
]
