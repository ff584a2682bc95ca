"""Digital skills (III.2.d): five topics taught from door to door, and classes for residents (III.2.c)."""

from language import Text, capital
from metrics.core.indicator import Indicator, both
from metrics.core.sums import sum_of

NAME = Text("Kỹ năng số", "Digital skills")

_TIMES = Text(
    "Đếm lượt, không đếm người: một người được hướng dẫn hai lần là hai lượt.",
    "Counts times, not people: who is guided twice is counted twice.",
)
_TOPICS = {  # in the plan's order
    "guided_online_services": (
        Text("dịch vụ công trực tuyến", "online public services"),
        Text("dịch vụ công", "online services"),
    ),
    "guided_online_shopping": (
        Text("mua sắm và thanh toán trực tuyến", "online shopping and payment"),
        Text("mua sắm trực tuyến", "online shopping"),
    ),
    "guided_online_safety": (
        Text("tự bảo vệ trên không gian mạng", "staying safe online"),
        Text("an toàn mạng", "online safety"),
    ),
    "guided_government_platforms": (
        Text("nền tảng số của chính quyền", "government platforms"),
        Text("nền tảng số", "government platforms"),
    ),
    "guided_mooc": (Text("học trực tuyến (MOOC)", "online learning (MOOC)"), Text("học MOOC", "online learning")),
}


def _count(field: str, topic: Text, short: Text) -> Indicator:
    name = Text(f"Lượt hướng dẫn {topic.vi}", f"Times people were guided: {topic.en}")
    return sum_of(field, Text(f"Hướng dẫn {short.vi}", f"Guided: {short.en}"), "III.2.d", name, _TIMES)


def _rate(field: str, topic: Text, short: Text) -> Indicator:
    return Indicator(
        id=f"{field}_per_1000_adults",
        name=Text(f"Lượt hướng dẫn {topic.vi} trên 1.000 người", f"Guided per 1,000 adults: {topic.en}"),
        short=Text(f"{capital(short.vi)}/1.000 người", f"Per 1,000: {short.en}"),
        source="III.2.d",
        requirement="A7",
        measured_in="per_1000",
        counts="occasion",
        numerator=both(field, "adults"),
        denominator=both("adults", field),
        per=1000,
        digits=1,
        formula=Text(
            "1.000 × số lượt trong kỳ / số người từ 15 tuổi", "1,000 × times in the period / people aged 15 and over"
        ),
        note=_TIMES,
        example=([{field: 30, "adults": 400}, {field: 10, "adults": 100}], 80),
    )


INDICATORS = [
    *(_count(field, *words) for field, words in _TOPICS.items()),
    *(_rate(field, *words) for field, words in _TOPICS.items()),
    sum_of("resident_classes", Text("Lớp cho người dân", "Classes for residents"), "III.2.c"),
    sum_of("resident_learners", Text("Lượt người học", "Learners at classes"), "III.2.c", note=_TIMES),
]
