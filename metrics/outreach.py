"""Outreach (II.3, III.2.c, III.2.e, VII.6): meetings, outings, support points, programmes, the press."""

from language import Text
from metrics.core.sums import sum_of

NAME = Text("Tuyên truyền, xã hội số", "Outreach")

_TIMES = Text("Đếm lượt, không đếm người.", "Counts times, not people.")

INDICATORS = [
    sum_of("outreach_events", Text("Buổi tuyên truyền", "Outreach meetings"), "III.2.c"),
    sum_of("outreach_attendees", Text("Lượt dự tuyên truyền", "Attendees of outreach"), "III.2.c", note=_TIMES),
    sum_of("guided_daily_life", Text("Hỗ trợ đời sống số", "Helped in daily life"), "III.2.c", note=_TIMES),
    sum_of("programmes_joined", Text("Mô hình tham gia", "Programmes joined"), "III.2.e"),
    sum_of("support_points", Text("Điểm hỗ trợ", "Support points"), "II.3"),
    sum_of("outings", Text("Lượt ra quân", "Outings"), "II.3"),
    sum_of("news_items", Text("Tin bài, phát thanh", "News and broadcasts"), "VII.6"),
]
