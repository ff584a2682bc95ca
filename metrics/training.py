"""Training (III.1.3, VII): the classes at which members of the teams are taught."""

from language import Text
from metrics.core.sums import sum_of

NAME = Text("Tập huấn lực lượng", "Training of members")

INDICATORS = [
    sum_of("training_sessions", Text("Lớp tập huấn cấp xã", "Commune classes for members"), "III.1.3"),
    sum_of("training_sessions_district", Text("Lớp tập huấn cấp huyện", "District classes for members"), "VII.7"),
    sum_of("training_sessions_province", Text("Lớp tập huấn cấp tỉnh", "Provincial classes for members"), "VII.2"),
]
