"""What stands above a table or under a picture of a report: what it holds, not what it finds."""

from language import Text
from views.pack import Page
from views.view import View
from views.wording import inside

NAMES = {  # by the view's id; of what is not named here its own title stands
    "scorecard": Text("Kết quả các chỉ tiêu có mục tiêu", "Results against the targets"),
    "main_targets": Text("Kết quả các chỉ tiêu chính", "Main targets"),
    "parts_by_target": Text("Kết quả từng đơn vị theo các chỉ tiêu chính", "Units by main target"),
    "history": Text("Diễn biến qua các kỳ: {indicator}", "Over the periods: {indicator}"),
    "parts": Text("Kết quả theo đơn vị: {indicator}", "By unit: {indicator}"),
    "map": Text("Bản đồ: {indicator}", "Map: {indicator}"),
    "leaders": Text("Đơn vị xếp đầu và cuối: {indicator}", "First and last: {indicator}"),
    "leaderboard": Text("Xếp hạng: {indicator}", "Ranking: {indicator}"),
    "movement": Text("Biến động thứ hạng: {indicator}", "Movement in rank: {indicator}"),
    "changes": Text("Các chỉ tiêu chính so với kỳ họp trước", "Main targets since the last meeting"),
    "restated": Text("Số liệu đã công bố nay có giá trị khác", "Published figures that are different now"),
    "staffing_gaps_hamlet_by_part": Text("Tổ ở khu/ấp còn thiếu, theo đơn vị", "What khu/ấp teams lack, by unit"),
    "staffing_gaps_commune_by_part": Text("Đội ở xã còn thiếu, theo đơn vị", "What commune teams lack, by unit"),
    "staffing_gaps_hamlet": Text("Khu/ấp có Tổ chưa đủ thành viên", "Khu/ấp teams with too few members"),
    "staffing_gaps_commune": Text("Xã có Đội chưa đủ thành viên", "Commune teams with too few members"),
    "late": Text("Đơn vị còn thiếu báo cáo", "Units that owe reports"),
    "attention": Text("Đơn vị cần quan tâm trước", "Units that need attention first"),
    "difficulties": Text("Khó khăn, kiến nghị của các đơn vị", "Difficulties and proposals of the units"),
    "commitments": Text("Tình hình thực hiện cam kết", "How commitments stand"),
    "emulation": Text("Danh sách đề xuất khen thưởng", "Shortlist for commendation"),
}


def caption(view: View, page: Page) -> str:
    """The name of a view on a page, with the page's indicator where it shows one."""
    language = page.choice.language
    if view.id not in NAMES:
        return view.title
    return NAMES[view.id][language].format(indicator=inside(page.choice.indicator.name[language], language))
