"""The invented world that the sample reports tell of: growth that saturates, town and country, seasons."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import pandas as pd

from warehouse.period import Period, month

START = Period("month", 2023, 11).first_month
SILENT = {"25865"}  # one unit never reports: every page must bear it
STOPS = {"25777": 14}  # one stops after so many months
# Tết empties February; the summer campaign fills June to August; the year's end brings everybody out again.
SEASON = (0.8, 0.45, 1.0, 1.0, 1.1, 1.5, 1.8, 1.5, 1.0, 1.1, 1.1, 1.25)
# By type of commune: share of households with e-wallets that it tends to, month of fastest growth, size of teams.
TYPES = {"Phường": (0.34, 8.0, 13), "Thị trấn": (0.31, 9.5, 12), "Xã": (0.26, 11.0, 11)}

DIFFICULTIES = (
    "Một số hộ lớn tuổi chưa có điện thoại thông minh, phải nhờ con cháu cài đặt.",
    "Công nhân ở trọ thường đi làm ca, khó gặp vào giờ hành chính.",
    "Sóng di động ở vài khu vực vườn cao su còn yếu, cài đặt ứng dụng hay bị gián đoạn.",
    "Tình nguyện viên thay đổi do đi học, đi làm xa; cần bổ sung người mới.",
    "Người dân còn ngại liên kết tài khoản ngân hàng vì lo bị lừa đảo.",
    "Thiếu máy tính và bàn hướng dẫn tại điểm hỗ trợ.",
)
PROPOSALS = (
    "Đề nghị tổ chức thêm lớp tập huấn kỹ năng hướng dẫn cho thành viên Tổ.",
    "Đề nghị ngân hàng cử nhân viên cùng đi mở tài khoản vào buổi tối.",
    "Đề nghị cấp tài liệu hướng dẫn khổ lớn cho người lớn tuổi.",
    "Đề nghị hỗ trợ kinh phí xăng xe, nước uống cho các đợt ra quân.",
    "",
)
RESULTS = (
    "Ra quân cuối tuần tại chợ và nhà văn hóa, người dân tham gia đông.",
    "Duy trì điểm hỗ trợ tại bộ phận một cửa vào sáng thứ Hai và thứ Năm.",
    "Hướng dẫn hộ kinh doanh quanh chợ treo mã QR.",
    "",
)
ADVANTAGES = ("Cấp ủy, chính quyền quan tâm chỉ đạo; lực lượng trẻ, nhiệt tình.", "Phối hợp tốt với Công an cấp xã.")
LIMITS = ("Tiến độ giữa các xã chưa đều.", "Một số xã gửi báo cáo còn chậm.")
COOPERATION = ("Công an cấp xã cùng đi kích hoạt VNeID.", "Trường cao đẳng cử sinh viên hỗ trợ dịp hè.", "")
MODELS = ("“Ngày thứ Bảy chuyển đổi số” tại nhà văn hóa.", "“Chợ không tiền mặt”.", "")


@dataclass(frozen=True)
class Told:
    """What one report says: values of the lists and texts, and for each khu/ấp the values of its row."""

    values: dict[str, object]
    rows: dict[str, dict[str, object]] = field(default_factory=dict)


@dataclass(frozen=True)
class Hamlet:
    """A khu/ấp of the story; its numbers follow from its month alone, so stocks never fall."""

    unit: str
    households: int
    people: int
    ceiling: float
    middle: float
    team_month: int
    team_size: int

    def tell(self, at: int, season: float) -> dict[str, object]:
        """Its row in the report of the month `at` months after the start of the plan."""
        numbers = random.Random(f"{self.unit} {at}")
        households, people = (round(count * (1.06 + 0.002 * at)) for count in (self.households, self.people))
        having = households * self._grown(at, self.ceiling)
        before = households * self._grown(at - 1, self.ceiling)
        active = at >= self.team_month
        members = 0 if not active else max(3, min(self.team_size, self.team_size - 3 + (at - self.team_month) // 2))
        neighbourhoods = max(2, self.households // 190)
        adults = round(people * 0.76)
        guided = 0.012 * people * season * (1 if active else 0.2)
        return {
            "people": people,
            "adults": adults,
            "households": households,
            "neighbourhoods": neighbourhoods,
            "hamlet_teams": int(active),
            "hamlet_team_members": members,
            "hamlet_team_trained": round(members * self._grown(at, 0.95)),
            "groups": round(neighbourhoods * self._grown(at, 1.05)) if active else 0,
            "households_assigned": round(households * min(1, self._grown(at, 0.92))) if active else 0,
            "households_visited": round(households * self._grown(at, 0.8)) if active else 0,
            **self._payment(having),
            "people_online_service_account": round(adults * self._grown(at + 5, 0.86)),
            "households_online_service_account": round(households * self._grown(at + 6, 0.93)),
            "people_digital_signature": round(adults * self._grown(at - 7, self.ceiling * 0.5)),
            "people_data_store": round(adults * self._grown(at - 4, self.ceiling * 0.6)),
            "people_payment_account": round(adults * self._grown(at + 4, 0.79)),
            **{field: round(guided * share * numbers.uniform(0.6, 1.4)) for field, share in GUIDED.items()},
            **_opened(max(0.0, having - before) * 1.15),
        }

    def _grown(self, at: float, ceiling: float) -> float:
        """A share that saturates: slow, fast, slow again."""
        return ceiling / (1 + math.exp(-(at - self.middle) / 4.2))

    def _payment(self, having: float) -> dict[str, object]:
        any_of_three = round(having)
        return {
            "households_e_payment_account": round(having * 0.74),
            "households_e_wallet": round(having * 0.58),
            "households_mobile_money": round(having * 0.17),
            "households_e_payment_any": any_of_three,
        }


GUIDED = {
    "guided_online_services": 1.0,
    "guided_online_shopping": 0.6,
    "guided_online_safety": 0.75,
    "guided_government_platforms": 0.5,
    "guided_mooc": 0.2,
}


def _opened(households: float) -> dict[str, object]:
    return {
        "accounts_opened_e_payment": round(households * 0.7),
        "accounts_opened_e_wallet": round(households * 0.55),
        "accounts_opened_mobile_money": round(households * 0.15),
    }


@dataclass(frozen=True)
class Sender:
    """A unit that reports, with the habits and the people it has in the story."""

    unit: str
    form: Literal["monthly", "periodic", "provincial"]
    type: str
    households: int
    hamlets: tuple[Hamlet, ...] = ()
    below: tuple["Sender", ...] = ()

    @cached_property
    def habits(self) -> random.Random:
        return random.Random(f"habits of {self.unit}")

    @cached_property
    def lateness(self) -> float:
        """How often it is late."""
        return random.Random(f"lateness of {self.unit}").choice((0.02, 0.05, 0.05, 0.1, 0.15, 0.35))

    def tell(self, period: Period) -> Told | None:
        """What it reports for a period; None when it sends nothing."""
        at = period.last_month - START
        numbers = random.Random(f"{self.unit} {period}")
        if self.form == "periodic":
            return self._district(period, at, numbers)
        if self.form == "provincial":
            return self._province(at, numbers)
        forgotten = numbers.random() < (0.18 if at < 2 else 0.02)
        if forgotten or at >= STOPS.get(self.unit, 99):
            return None
        return Told(
            self._commune(at, period, numbers), {each.unit: each.tell(at, _season(period)) for each in self.hamlets}
        )

    def _commune(self, at: int, period: Period, numbers: random.Random) -> dict[str, object]:
        season, scale = _season(period), self.households / 1000
        members = self._members(at)
        business = round(self.households * (0.09 if self.type == "Phường" else 0.05))

        def some(per_thousand: float) -> int:
            return round(per_thousand * scale * season * numbers.uniform(0.7, 1.3))

        floors = round(business * 0.22 / (1 + math.exp(-(at - 10) / 4)))
        requests = int(numbers.random() < 0.15) * numbers.randint(1, 2)
        return {
            "organising_committee": int(at >= 1),
            "commune_teams": int(at >= len(self.unit) - 5 + int(self.unit) % 3),
            "commune_team_members": members,
            "commune_team_trained": round(members * min(0.95, 0.2 + 0.06 * at)),
            "members_basic_it": round(members * 0.8),
            "member_list_sent": int(at >= int(self.unit) % 5),
            "online_group": 1,
            "teams_with_assigned_targets": round(
                sum(at >= each.team_month for each in self.hamlets) * min(1, 0.08 * at)
            ),
            "business_households": business,
            "enterprises": round(business * 0.35),
            "sellers_any": floors,
            "sellers_voso": math.ceil(floors * 0.5),
            "sellers_postmart": math.ceil(floors * 0.45),
            "sellers_binhduongtrade": math.ceil(floors * 0.2),
            "business_households_e_payment": round(business * min(0.9, 0.35 + 0.02 * at)),
            "business_households_cashless": round(business * min(0.85, 0.25 + 0.025 * at)),
            "business_households_supported": some(0.8),
            "training_sessions": numbers.choice((0, 0, 1, 1, 2)),
            "app_installs": some(14),
            "guided_portal": some(22),
            "guided_1022": some(9),
            "files_submitted_with_help": some(11),
            "outreach_events": numbers.randint(1, 6),
            "outreach_attendees": some(45),
            "guided_daily_life": some(12),
            "resident_classes": numbers.choice((0, 1, 1, 2)),
            "resident_learners": some(8),
            "guided_essential_services": some(20),
            "programmes_joined": numbers.choice((0, 0, 1, 2)),
            "support_points": 1 + len(self.hamlets) // 4,
            "outings": numbers.randint(1, 5),
            "news_items": numbers.randint(0, 9),
            "support_requests": requests,
            "support_requests_met": max(0, requests - int(numbers.random() < 0.3)),
            "text_results": numbers.choice(RESULTS),
            "text_difficulties": numbers.choice(DIFFICULTIES) if numbers.random() < 0.7 else "",
            "text_proposals": numbers.choice(PROPOSALS),
            "text_next": "Tiếp tục đi từng ngõ, gõ từng nhà ở các khu/ấp còn thấp." if numbers.random() < 0.6 else "",
        }

    def _members(self, at: int) -> int:
        goal = random.Random(f"team of {self.unit}").choice((17, 19, 20, 20, 21, 22, 22, 24, 25, 28))
        return max(8, min(goal, 12 + at * 2))

    def _district(self, period: Period, at: int, numbers: random.Random) -> Told:
        goal = random.Random(f"formation of {self.unit}").choice((18, 20, 22, 24, 25, 30))
        planned = {"quarter": 1, "half": 2, "year": 4}.get(period.kind, 8)
        findings = numbers.randint(2, 5) * planned
        households, having, teams = self._sums(period)
        money = {"quarter": 1, "half": 2, "year": 4}.get(period.kind, 8) * self.households / 10_000
        values = {
            "district_committee": 1,
            "helper_team": int(at >= 2),
            "district_plan_issued": int(at >= 1),
            "formations": 1,
            "formation_members": min(goal, 14 + at),
            "formation_trained": min(goal, round((14 + at) * 0.7)),
            "member_lists_received": sum(int(each.unit) % 5 <= at for each in self.below if each.unit not in SILENT),
            "training_sessions_district": numbers.randint(1, 3) * planned,
            "universities": 1 + int(self.type == "Thành phố"),
            "seconded_volunteers": numbers.randint(15, 60),
            "inspection_plan_issued": 1,
            "inspections_planned": planned,
            "inspections_done": max(0, planned - int(numbers.random() < 0.3)),
            "units_inspected": planned * 2,
            "findings": findings,
            "findings_followed_up": round(findings * numbers.uniform(0.6, 1)),
            "conferences": int(period.last_month % 12 in (5, 11)),
            "commended_collectives": numbers.randint(1, 5),
            "commended_individuals": numbers.randint(4, 20),
            "funds_state_budget": round(30 * money * numbers.uniform(0.8, 1.2), 1),
            "funds_integrated": round(8 * money * numbers.uniform(0.5, 1.5), 1),
            "funds_mobilised": round(12 * money * numbers.uniform(0.4, 1.6), 1),
            "volunteer_support_paid": round(15 * money * numbers.uniform(0.8, 1.2), 1),
            "households_total_reported": households,
            "households_e_payment_any_reported": having,
            "hamlet_teams_reported": teams,
            "text_advantages": numbers.choice(ADVANTAGES),
            "text_limits": numbers.choice(LIMITS),
            "text_inspection": "Đã nhắc nhở các xã cập nhật số liệu theo khu/ấp." if planned > 1 else "",
            "text_cooperation": numbers.choice(COOPERATION),
            "text_difficulties_district": numbers.choice(DIFFICULTIES),
            "text_proposals_district": numbers.choice(PROPOSALS),
            "text_models": numbers.choice(MODELS),
            "text_next_district": "Tập trung hỗ trợ các xã chưa đạt 30 % hộ.",
        }
        return Told(values)

    def _province(self, at: int, numbers: random.Random) -> Told:
        values = {
            "provincial_committee": 1,
            "provincial_helper_team": int(at >= 1),
            "district_lists_received": min(9, 2 + at // 2),
            "communication_channel": 1,
            "management_tool": int(at >= 8),
            "criteria_issued": int(at >= 12),
            "budget_in_estimate": int(at >= 13),
            "support_norms_issued": 0,
            "training_sessions_province": 1 + at // 4,
            "joint_evaluations": at // 6,
            "provincial_conferences": at // 12,
            "text_results_province": numbers.choice(RESULTS),
            "text_opinions_received": numbers.choice(DIFFICULTIES),
            "text_next_province": "Tập trung hỗ trợ các huyện còn nhiều xã chưa đạt.",
        }
        return Told(values)

    def _sums(self, period: Period) -> tuple[int, int, int]:
        """What the communes told for the period's last month, added up by the district."""
        told = [each.tell(month(period.last_month)) for each in self.below if each.unit not in SILENT]
        rows = [row for each in told if each for row in each.rows.values()]
        fields = ("households", "households_e_payment_any", "hamlet_teams")
        households, having, teams = (sum(row[field] for row in rows) for field in fields)
        return households, having, teams


def _season(period: Period) -> float:
    return SEASON[period.last_month % 12]


def senders(units: pd.DataFrame) -> Iterator[Sender]:
    """The province of the plan, its districts and its communes with the khu/ấp that the register has for them."""
    before_reform = units[units["until"].notna() & (units["unit"].str.len() <= 8)]
    first = before_reform.drop_duplicates("unit")
    communes: dict[str, list[Sender]] = {}
    for row in first[first.level == "commune"].itertuples():
        below = first[(first.level == "hamlet") & (first.parent == row.unit)]
        hamlets = tuple(_hamlet(each, row.type) for each in below.itertuples())
        sender = Sender(row.unit, "monthly", row.type, int(row.households_2019), hamlets)
        communes.setdefault(row.parent, []).append(sender)
        yield sender
    for row in first[first.level == "district"].itertuples():
        yield Sender(row.unit, "periodic", row.type, int(row.households_2019), below=tuple(communes[row.unit]))
    for row in first[first.level == "province"].itertuples():
        yield Sender(row.unit, "provincial", row.type, int(row.households_2019))


def _hamlet(row: object, type: str) -> Hamlet:
    ceiling, middle, size = TYPES[type]
    commune, own = random.Random(f"commune {row.parent}"), random.Random(f"hamlet {row.unit}")
    local = commune.gauss(0, 0.07)
    return Hamlet(
        unit=row.unit,
        households=int(row.households_2019),
        people=int(row.people_2019),
        ceiling=min(0.72, max(0.1, ceiling + local + own.gauss(0, 0.05))),
        middle=middle + commune.gauss(0, 1.8) + own.gauss(0, 1.2),
        team_month=99 if own.random() < 0.03 else own.choice((0, 0, 0, 1, 1, 2, 3, 4, 6, 9)),
        team_size=max(6, round(own.gauss(size, 1.8))),
    )
