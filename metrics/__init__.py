"""WHAT IS MEASURED: every indicator of the plan, in the order of the plan, by topic."""

from metrics import coverage, e_wallet, online_services, staffing
from metrics.core.indicator import Indicator

TOPICS = (coverage, staffing, e_wallet, online_services)
INDICATORS: dict[str, Indicator] = {each.id: each for topic in TOPICS for each in topic.INDICATORS}
