"""Field: a number or a text that units report. Declared once; forms, warehouse and dictionary follow."""

from dataclasses import dataclass, replace
from typing import Literal

from language import Text

Level = Literal["country", "province", "district", "commune", "hamlet"]
LEVELS: tuple[Level, ...] = ("country", "province", "district", "commune", "hamlet")
OF_A_PROVINCE = LEVELS[1:]  # a register of one province has no level above it, one of many provinces has
LEVEL_NAMES: dict[Level, Text] = {
    "country": Text("cả nước", "country"),
    "province": Text("tỉnh", "province"),
    "district": Text("huyện", "district"),
    "commune": Text("xã", "commune"),
    "hamlet": Text("khu/ấp", "khu/ấp"),
}

MEASURES: dict[str, Text] = {
    "account": Text("tài khoản", "accounts"),
    "business": Text("đơn vị", "businesses"),
    "business_household": Text("hộ KD", "businesses"),
    "collective": Text("tập thể", "collectives"),
    "commune": Text("xã", "communes"),
    "commune_team": Text("Đội", "teams"),
    "conference": Text("hội nghị", "conferences"),
    "enterprise": Text("doanh nghiệp", "enterprises"),
    "file": Text("hồ sơ", "files"),
    "finding": Text("kiến nghị", "findings"),
    "formation": Text("Đội hình", "formations"),
    "group": Text("Nhóm", "groups"),
    "hamlet": Text("khu/ấp", "khu/ấp"),
    "hamlet_team": Text("Tổ", "teams"),
    "household": Text("hộ", "households"),
    "inspection": Text("cuộc", "inspections"),
    "item": Text("tin", "items"),
    "meeting": Text("buổi", "meetings"),
    "million_vnd": Text("triệu đồng", "million VND"),
    "neighbourhood": Text("tổ dân phố", "neighbourhoods"),
    "occasion": Text("lượt", "times"),
    "person": Text("người", "people"),
    "point": Text("điểm", "points"),
    "programme": Text("mô hình", "programmes"),
    "request": Text("yêu cầu", "requests"),
    "school": Text("trường", "schools"),
    "seller": Text("gian hàng", "sellers"),
    "session": Text("lớp", "classes"),
    "unit": Text("đơn vị", "units"),
    "yes_no": Text("có/không", "yes/no"),
    "per_1000": Text("lượt/1.000 người", "per 1,000 people"),
    "report": Text("báo cáo", "reports"),
    "district": Text("huyện", "districts"),
    "words": Text("văn bản", "text"),
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """What is reported by one unit in one row: a `stock` is a state, of which the last counts; a `flow` adds up.

    A `flag` is a stock of 0 or 1. `part_of` names the field that it can never exceed. A `cumulative` stock counts up:
    when it falls, the unit should say why.
    """

    id: str
    level: Level
    kind: Literal["stock", "flow", "flag", "text"]
    name: Text
    measure: str
    requirement: str  # which requirements of the plan it answers: "A4 A5"
    part_of: str = ""
    cumulative: bool = False

    def __post_init__(self):
        if self.measure not in MEASURES:
            raise ValueError(f"field {self.id}: no measure {self.measure!r}; there are {sorted(MEASURES)}")

    @property
    def measured_in(self) -> Text:
        return MEASURES[self.measure]

    @property
    def whole(self) -> bool:
        """Counts are whole numbers; money may be broken."""
        return self.measure != "million_vnd"

    @property
    def stays(self) -> bool:
        """Whether it is a state that is mostly the same a month later, and no result that counts up."""
        return self.kind in ("stock", "flag") and not self.cumulative

    @property
    def column(self) -> str:
        """Its column in the table of facts."""
        if self.kind == "text":
            return f"{self.id} varchar"
        return f"{self.id} {'bigint' if self.whole else 'double'}"

    def over_months(self, lasts: bool = True) -> str:
        """How it is taken over the months of a period (SQL over the standing facts of one unit).

        Only the shortest kind of report of a form adds up: a half-year report tells again what the quarters told.
        The column `lasts` is false where a commune's stock was told later in other rows: of all its khu/ấp, or in one
        sum; where no report does, there need be none.
        """
        if self.kind == "flow":
            return f"sum({self.id}) filter (where adds_up)"
        return f"arg_max({self.id}, recency){' filter (where lasts)' if lasts else ''}"


def stock(id: str, vi: str, en: str, measure: str, requirement: str, part_of: str = "") -> Field:
    return Field(
        id=id,
        level="hamlet",
        kind="stock",
        name=Text(vi, en),
        measure=measure,
        requirement=requirement,
        part_of=part_of,
    )


def total(id: str, vi: str, en: str, measure: str, requirement: str, part_of: str = "") -> Field:
    """A stock that counts up from the start of the plan."""
    return replace(stock(id, vi, en, measure, requirement, part_of), cumulative=True)


def flow(id: str, vi: str, en: str, measure: str, requirement: str, part_of: str = "") -> Field:
    return replace(stock(id, vi, en, measure, requirement, part_of), kind="flow")


def flag(id: str, vi: str, en: str, requirement: str) -> Field:
    return replace(stock(id, vi, en, "yes_no", requirement), kind="flag")


def text(id: str, vi: str, en: str, requirement: str) -> Field:
    return replace(stock(id, vi, en, "words", requirement), kind="text")


def _of(level: Level, *fields: Field) -> list[Field]:
    return [replace(each, level=level) for each in fields]


# fmt: off
_ALL = [  # one line a field: id, vi, en, measured in, requirement
    *_of("hamlet",
        stock("people", "Số nhân khẩu", "Residents", "person", "A6"),
        stock("adults", "Số người từ 15 tuổi trở lên", "Residents aged 15 and over", "person", "A6 A7", part_of="people"),
        stock("households", "Tổng số hộ", "Households", "household", "A4 A5 A6"),
        stock("neighbourhoods", "Số tổ dân phố", "Neighbourhoods (tổ dân phố)", "neighbourhood", "A4"),
        stock("hamlet_teams", "Số Tổ đã thành lập", "Hamlet teams (Tổ) set up", "hamlet_team", "A3"),
        stock("hamlet_team_members", "Số thành viên Tổ", "Hamlet team members", "person", "A3"),
        stock("hamlet_team_trained", "Số thành viên Tổ đã tập huấn", "Hamlet team members trained", "person", "D1", part_of="hamlet_team_members"),
        stock("groups", "Số Nhóm phụ trách tổ dân phố", "Groups (Nhóm) in charge of a neighbourhood", "group", "A4"),
        stock("households_assigned", "Số hộ đã phân công người phụ trách", "Households assigned to a volunteer", "household", "A4", part_of="households"),
        total("households_visited", "Số hộ đã được đến hướng dẫn (lũy kế)", "Households visited so far", "household", "A7", part_of="households"),
        total("households_e_payment_account", "Số hộ có tài khoản thanh toán điện tử", "Households with an e-payment account", "household", "A5", part_of="households"),
        total("households_e_wallet", "Số hộ có ví điện tử", "Households with an e-wallet", "household", "A5", part_of="households"),
        total("households_mobile_money", "Số hộ có tiền điện tử (mobile money)", "Households with mobile money", "household", "A5", part_of="households"),
        total("households_e_payment_any", "Số hộ có ít nhất một trong ba loại", "Households with at least one of the three", "household", "A5", part_of="households"),
        total("people_online_service_account", "Số người có tài khoản dịch vụ công trực tuyến/VNeID", "People with an online public service/VNeID account", "person", "A6", part_of="people"),
        total("households_online_service_account", "Số hộ có ít nhất một tài khoản dịch vụ công/VNeID", "Households with at least one such account", "household", "A6", part_of="households"),
        total("people_digital_signature", "Số người có chữ ký số", "People with a digital signature", "person", "A6", part_of="people"),
        total("people_data_store", "Số người có kho dữ liệu cá nhân trực tuyến", "People with a personal online data store", "person", "A6", part_of="people"),
        total("people_payment_account", "Số người có tài khoản thanh toán", "People with a payment account", "person", "A6", part_of="people"),
        flow("guided_online_services", "Lượt hướng dẫn dịch vụ công trực tuyến", "People guided: online public services", "occasion", "A7 D2"),
        flow("guided_online_shopping", "Lượt hướng dẫn mua sắm và thanh toán trực tuyến", "People guided: online shopping and payment", "occasion", "A7"),
        flow("guided_online_safety", "Lượt hướng dẫn tự bảo vệ trên không gian mạng", "People guided: staying safe online", "occasion", "A7"),
        flow("guided_government_platforms", "Lượt hướng dẫn nền tảng số của chính quyền", "People guided: government platforms", "occasion", "A7"),
        flow("guided_mooc", "Lượt hướng dẫn học trực tuyến (MOOC)", "People guided: online learning (MOOC)", "occasion", "A7"),
        flow("accounts_opened_e_payment", "Tài khoản thanh toán điện tử mở mới", "E-payment accounts opened with help", "account", "D3"),
        flow("accounts_opened_e_wallet", "Ví điện tử mở mới", "E-wallets opened with help", "account", "D3"),
        flow("accounts_opened_mobile_money", "Tài khoản tiền điện tử mở mới", "Mobile money accounts opened with help", "account", "D3"),
    ),
    *_of("commune",
        stock("commune_teams", "Số Đội cấp xã đã thành lập", "Commune teams (Đội) set up", "commune_team", "A2"),
        stock("commune_team_members", "Số thành viên Đội", "Commune team members", "person", "A2"),
        stock("commune_team_trained", "Số thành viên Đội đã tập huấn", "Commune team members trained", "person", "D1", part_of="commune_team_members"),
        stock("members_basic_it", "Số thành viên có kiến thức cơ bản về công nghệ thông tin", "Members with basic IT knowledge", "person", "F", part_of="commune_team_members"),
        flag("member_list_sent", "Đã gửi danh sách thành viên", "Membership list sent", "C6"),
        flag("online_group", "Có nhóm trực tuyến điều hành", "Has an online working group", "C11"),
        flag("organising_committee", "Đã thành lập Ban Tổ chức cấp xã", "Commune organising committee set up", "C3"),
        stock("teams_with_assigned_targets", "Số Tổ đã được giao chỉ tiêu", "Teams with assigned targets", "hamlet_team", "C7"),
        stock("business_households", "Số hộ sản xuất kinh doanh", "Business households", "business_household", "A8 A9"),
        stock("enterprises", "Số doanh nghiệp", "Enterprises", "enterprise", "A8"),
        stock("sellers_voso", "Gian hàng trên voso.vn", "Sellers on voso.vn", "seller", "A8"),
        stock("sellers_postmart", "Gian hàng trên postmart.vn", "Sellers on postmart.vn", "seller", "A8"),
        stock("sellers_binhduongtrade", "Gian hàng trên binhduongtrade.vn", "Sellers on binhduongtrade.vn", "seller", "A8"),
        stock("sellers_any", "Số hộ kinh doanh và doanh nghiệp có gian hàng trên ít nhất một sàn", "Businesses on at least one floor", "business", "A8"),
        stock("business_households_e_payment", "Số hộ kinh doanh có tài khoản thanh toán điện tử", "Business households with an e-payment account", "business_household", "A9", part_of="business_households"),
        stock("business_households_cashless", "Số hộ kinh doanh nhận thanh toán QR hoặc chuyển khoản", "Business households accepting QR or transfer", "business_household", "A9", part_of="business_households"),
        flow("business_households_supported", "Số hộ kinh doanh được hỗ trợ vận chuyển và đóng gói", "Business households helped with shipping and packing", "business_household", "D4"),
        flow("training_sessions", "Số lớp tập huấn cho thành viên", "Training sessions for members", "session", "D1"),
        flow("app_installs", "Lượt cài đặt App Bình Dương số", "Installs of the province's app", "occasion", "D2"),
        flow("guided_portal", "Lượt hướng dẫn Cổng Dịch vụ công Bình Dương", "People guided to the service portal", "occasion", "D2"),
        flow("guided_1022", "Lượt hướng dẫn Tổng đài 1022", "People guided to hotline 1022", "occasion", "D2"),
        flow("files_submitted_with_help", "Số hồ sơ trực tuyến nộp có hỗ trợ", "Online files submitted with help", "file", "D2"),
        flow("outreach_events", "Số buổi tuyên truyền và sinh hoạt", "Outreach meetings and events", "meeting", "D5"),
        flow("outreach_attendees", "Lượt người dự", "Attendees", "occasion", "D5"),
        flow("guided_daily_life", "Lượt hỗ trợ việc làm, nhà ở, đi lại, tin tức, mua bán trực tuyến", "People helped: jobs, housing, transport, news, trading", "occasion", "D6"),
        flow("resident_classes", "Số lớp cho người dân", "Classes for residents", "session", "D7"),
        flow("resident_learners", "Lượt người học", "Learners", "occasion", "D7"),
        flow("guided_essential_services", "Lượt hướng dẫn dịch vụ số thiết yếu (y tế, giáo dục, điện, nước…)", "People guided: essential digital services", "occasion", "D8"),
        flow("programmes_joined", "Số mô hình và chương trình đã tham gia", "Programmes and models joined", "programme", "D9"),
        stock("support_points", "Số điểm hỗ trợ", "Support points", "point", "D10"),
        flow("outings", "Số lượt ra quân", "Outings", "occasion", "D10"),
        flow("news_items", "Số tin bài và lượt phát thanh", "News items and broadcasts", "item", "D11"),
        flow("support_requests", "Số yêu cầu tăng cường lực lượng", "Requests for reinforcement", "request", "C8"),
        flow("support_requests_met", "Số yêu cầu đã đáp ứng", "Requests met", "request", "C8", part_of="support_requests"),
        text("text_results", "Kết quả nổi bật", "Main results", "E1 E2"),
        text("text_difficulties", "Khó khăn, vướng mắc", "Difficulties", "E3"),
        text("text_proposals", "Kiến nghị, giải pháp", "Proposals", "E4"),
        text("text_next", "Phương hướng kỳ tới", "Next steps", "E7"),
    ),
    *_of("district",
        stock("formations", "Số Đội hình cấp huyện", "District formations", "formation", "A1"),
        stock("formation_members", "Số thành viên Đội hình (đội đông nhất nếu có nhiều)", "Members of the formation (the largest if several)", "person", "A1"),
        stock("formation_trained", "Số thành viên Đội hình đã tập huấn", "Formation members trained", "person", "D1", part_of="formation_members"),
        flag("district_committee", "Đã thành lập Ban Tổ chức cấp huyện", "District organising committee set up", "C2"),
        flag("helper_team", "Đã thành lập Tổ giúp việc", "Helper team set up", "C4"),
        flag("district_plan_issued", "Đã ban hành kế hoạch cấp huyện", "District plan issued", "C5"),
        stock("member_lists_received", "Số xã đã gửi danh sách thành viên", "Communes whose membership list was received", "commune", "C6"),
        flag("inspection_plan_issued", "Đã ban hành kế hoạch kiểm tra, giám sát", "Inspection plan issued", "B4 E5"),
        flow("inspections_planned", "Số cuộc kiểm tra theo kế hoạch", "Inspections planned", "inspection", "B4"),
        flow("inspections_done", "Số cuộc kiểm tra đã thực hiện", "Inspections done", "inspection", "B4 E5"),
        flow("units_inspected", "Số đơn vị được kiểm tra", "Units inspected", "unit", "B4 E5"),
        flow("findings_followed_up", "Số kiến nghị sau kiểm tra đã khắc phục", "Findings followed up", "finding", "E5", part_of="findings"),
        flow("findings", "Số kiến nghị sau kiểm tra", "Findings", "finding", "E5"),
        flow("conferences", "Số hội nghị sơ kết, tổng kết", "Review conferences", "conference", "B5"),
        flow("commended_collectives", "Số tập thể được khen thưởng", "Collectives commended", "collective", "B5 E6"),
        flow("commended_individuals", "Số cá nhân được khen thưởng", "Individuals commended", "person", "B5 E6"),
        flow("training_sessions_district", "Số lớp tập huấn cấp huyện", "District training sessions", "session", "D1"),
        stock("universities", "Số trường đại học và cao đẳng phối hợp", "Universities and colleges taking part", "school", "C10 E11"),
        stock("seconded_volunteers", "Số tình nguyện viên do các trường cử", "Volunteers seconded by them", "person", "C10 E11"),
        flow("funds_state_budget", "Kinh phí ngân sách", "State budget funds", "million_vnd", "B9 E9"),
        flow("funds_integrated", "Kinh phí lồng ghép", "Funds integrated from other programmes", "million_vnd", "E9"),
        flow("funds_mobilised", "Kinh phí xã hội hóa", "Mobilised funds", "million_vnd", "E9"),
        flow("volunteer_support_paid", "Kinh phí hỗ trợ tình nguyện viên", "Support paid to volunteers", "million_vnd", "E8"),
        stock("households_total_reported", "Tổng số hộ (huyện tổng hợp)", "Households as summed by the district", "household", "A5"),
        stock("households_e_payment_any_reported", "Số hộ có ít nhất một trong ba loại (huyện tổng hợp)", "Households with at least one of the three, as summed by the district", "household", "A5", part_of="households_total_reported"),
        stock("hamlet_teams_reported", "Số Tổ (huyện tổng hợp)", "Hamlet teams as summed by the district", "hamlet_team", "A3"),
        text("text_advantages", "Thuận lợi", "Advantages", "B7 E2"),
        text("text_limits", "Hạn chế", "Limits", "B7 E2"),
        text("text_inspection", "Kết quả kiểm tra, giám sát", "Inspection findings", "B4 E5"),
        text("text_cooperation", "Phối hợp của các trường, Công an và các ngành", "Co-operation of schools, police and others", "E11"),
        text("text_difficulties_district", "Khó khăn, vướng mắc", "Difficulties", "B7 E3"),
        text("text_proposals_district", "Kiến nghị, giải pháp", "Proposals", "B7 E4"),
        text("text_models", "Mô hình, cách làm hay", "Good practice", "E10"),
        text("text_next_district", "Phương hướng kỳ tới", "Next steps", "E7"),
    ),
    *_of("province",
        flag("provincial_committee", "Đã thành lập Ban Chỉ đạo cấp tỉnh", "Provincial steering committee set up", "C1"),
        flag("provincial_helper_team", "Đã thành lập Tổ giúp việc Ban Chỉ đạo", "Helper team of the steering committee set up", "C4"),
        stock("district_lists_received", "Số huyện đã gửi danh sách thành viên tổng hợp", "Districts whose combined membership list was received", "district", "C6"),
        flag("communication_channel", "Đã tạo kênh liên lạc với các Đội, Tổ, Nhóm", "Channel to the teams set up", "C9"),
        flag("management_tool", "Đã có công cụ quản lý hoạt động", "Management tool in use", "C9"),
        flag("criteria_issued", "Đã ban hành bộ tiêu chí đánh giá hiệu quả", "Set of evaluation criteria issued", "B6"),
        total("joint_evaluations", "Số lần đánh giá kết quả cùng các sở, ngành (lũy kế)", "Joint evaluations with departments so far", "occasion", "B8"),
        total("provincial_conferences", "Số hội nghị sơ kết, tổng kết cấp tỉnh (lũy kế)", "Provincial review conferences so far", "conference", "B5"),
        total("training_sessions_province", "Số lớp tập huấn cấp tỉnh (lũy kế)", "Provincial training sessions so far", "session", "D1"),
        flag("budget_in_estimate", "Đã đưa kinh phí vào dự toán ngân sách năm", "Funds entered in the yearly budget estimate", "B9"),
        flag("support_norms_issued", "Đã ban hành mức chi, mức hỗ trợ tình nguyện viên", "Norms of support for volunteers issued", "E8"),
        text("text_opinions_received", "Ý kiến, khó khăn, vướng mắc các đơn vị gửi về", "Opinions and difficulties received from units", "B10 E3"),
        text("text_results_province", "Kết quả nổi bật toàn tỉnh", "Main results of the province", "E1"),
        text("text_next_province", "Phương hướng toàn tỉnh kỳ tới", "Next steps of the province", "E7"),
    ),
]
# fmt: on

FIELDS: dict[str, Field] = {each.id: each for each in _ALL}
NUMBERS: list[Field] = [each for each in _ALL if each.kind != "text"]
