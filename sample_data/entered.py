"""Invented meetings, commitments and what the office did about difficulties, as people would have entered them."""

from datetime import datetime
from pathlib import Path

from warehouse.entries import Entries, difficulty_id
from warehouse.store import Engine, current

SHARE, TEAMS, ACCOUNTS = "e_wallet_household_share", "hamlet_team_compliance", "online_service_account_person_share"
MEETINGS = (
    ("2024-06-28", "Sơ kết 6 tháng đầu năm 2024"),
    ("2024-12-24", "Tổng kết năm 2024"),
    ("2025-03-20", "Giao ban quý I/2025"),
)
# unit, indicator, goal, due, meeting, what was said
COMMITMENTS = (
    ("724", SHARE, 25, "2025-06-19", "2025-03-20", "Tập trung các khu phố có nhiều nhà trọ công nhân."),
    ("721", SHARE, 28, "2025-06-19", "2025-03-20", "Mở thêm điểm hỗ trợ buổi tối tại Mỹ Phước."),
    ("718", SHARE, 27, "2025-06-19", "2025-03-20", "Phối hợp ngân hàng mở tài khoản tại nhà văn hóa."),
    ("74", SHARE, 30, "2025-12-19", "2024-12-24", "Cả tỉnh đạt chỉ tiêu của kế hoạch."),
    ("722", TEAMS, 95, "2025-05-31", "2025-03-20", "Bổ sung thành viên cho các Tổ dưới 10 người."),
    ("726", TEAMS, 90, "2025-05-31", "2025-03-20", "Kiện toàn Tổ ở các ấp còn thiếu."),
    ("725", ACCOUNTS, 85, "2025-06-19", "2024-12-24", "Công an cấp xã cùng đi kích hoạt VNeID."),
    ("25865", "monthly_reporting_rate", 100, "2025-04-30", "2025-03-20", "Nộp đủ báo cáo tháng."),
)
PERIOD, FIELD = "2025-04", "text_difficulties"
# status, answer: what the office did about the first difficulties of that month
ANSWERS = (
    ("closed", "Đã bố trí máy tính cho điểm hỗ trợ."),
    ("answered", "Tỉnh Đoàn đã hướng dẫn cách cài đặt tại công văn tháng 4."),
    ("in_progress", "Đang làm việc với ngân hàng về lịch mở tài khoản buổi tối."),
    ("in_progress", ""),
)


def enter(data: Path) -> int:
    """Enter all this where nothing has been entered yet; how many entries were made."""
    entries = Entries(data)
    if entries.all():
        return 0
    for day, title in MEETINGS:
        entries.add("meeting", {"day": day, "title": title, "unit": "74"}, at=_at(day), origin="sample")
    for unit, indicator, goal, due, meeting, text in COMMITMENTS:
        said = {"unit": unit, "indicator": indicator, "goal": goal, "due": due, "meeting": meeting, "text": text}
        entries.add("commitment", said, at=_at(meeting), origin="sample")
    for (unit, owner), (status, answer) in zip(_difficulties(data), ANSWERS, strict=False):
        said = {"unit": unit, "period": PERIOD, "field": FIELD, "status": status, "owner": owner, "due": "2025-06-30"}
        id = difficulty_id(unit, PERIOD, FIELD)
        entries.add("difficulty", {**said, "answer": answer}, id, at=_at("2025-05-05"), origin="sample")
    return len(entries.all())


def _at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T16:00:00")


def _difficulties(data: Path) -> list[tuple[str, str]]:
    """The first communes that told of difficulties then, each with the district that owns the answer."""
    found = Engine.open(current(data)).query(
        f"""
        select distinct f.unit, u.parent from facts f
        join reports r on r.report = f.report and r.period = '{PERIOD}'
        join units u on u.unit = f.unit and u.level = 'commune'
        where f.{FIELD} is not null
        order by f.unit limit {len(ANSWERS)}
        """
    )
    return list(found.itertuples(index=False, name=None))
