"""WHAT IS MEASURED: every indicator of the plan, in the order of the plan, by topic."""

from metrics import (
    coverage,
    digital_skills,
    e_commerce,
    e_wallet,
    funding,
    online_services,
    organisation,
    outreach,
    reporting,
    staffing,
    supervision,
    training,
)
from metrics.core.indicator import Indicator

TOPICS = (
    coverage,
    staffing,
    training,
    e_wallet,
    e_commerce,
    online_services,
    digital_skills,
    outreach,
    organisation,
    supervision,
    funding,
    reporting,
)
INDICATORS: dict[str, Indicator] = {each.id: each for topic in TOPICS for each in topic.INDICATORS}
