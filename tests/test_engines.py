"""The same metrics on another engine: ClickHouse, within the program and behind an address, and a Spark cluster."""

import ast
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from importlib.util import find_spec
from pathlib import Path

import pandas as pd
import pytest
from clickhouse_stand_in_at import PASSWORD_OF_IT, stand_in
from spark_cluster import LOCAL, cluster
from test_independent import AT_ONCE, batched, compared, program

from metrics import INDICATORS
from metrics.core import extract
from metrics.core.ledger import Ledger
from metrics.core.sql_box import _standing
from warehouse.__main__ import main as warehouse
from warehouse.engines import Chosen, EngineError, opened
from warehouse.engines.chosen import PASSWORD, VARIABLE
from warehouse.fields import LEVELS
from warehouse.period import Period
from warehouse.store import Engine, current

ROOT = Path(__file__).parent.parent
ALIKE = 1e-9  # relative, of broken numbers only: sums of the same figures in another order
PACKAGES = {"clickhouse": "chdb", "server": "chdb", "spark": "pyspark"}
QUARTER, PLAN = Period.parse("2025-Q2"), Period("plan")
SHARE, FLOW, IN_TIME = (
    INDICATORS[each] for each in ("e_wallet_household_share", "guided_online_services", "monthly_on_time_rate")
)
SINCE = date(2025, 3, 20)
UNITS = ["720", "721", "25741", "25750"]
