"""What is said of one target of one unit: value, change, who has reached it, pace, and the reports behind it."""

import pandas as pd

from language import Language, capital, word, written
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.profile import changed
from views.shown import one
from views.view import Choice
from views.wording import LEVEL_SAID, NAMED, counted, ended, inside, unit
from warehouse.fields import MEASURES
from warehouse.period import Period


def of_target(choice: Choice, ledger: Ledger) -> tuple[str, ...]:
    """One indicator of one unit: value against target; change; who has reached it and who lacks most; the reports."""
    found, language = one(choice.but(level="hamlet"), ledger), choice.language
    own = found[found.unit == choice.unit]
    if own.empty or pd.isna(own.value.iloc[0]):
        told = {"indicator": inside(choice.indicator.name[language], language), "period": choice.period.name(language)}
        return (word("say_unknown", language, **told),)
    row = own.iloc[0]
    said = [_value(row, choice), _change(row, choice, ledger), _parts(found, choice, ledger), _pace(choice, ledger)]
    if not choice.indicator.scheduled:  # of a rate of reports numerator and denominator say it, of more forms
        told = {"received": written(row.reports, language), "due": written(row.reports_due, language)}
        said.append(word("say_reports", language, **told))
    return tuple(filter(None, said))


def _value(row: pd.Series, choice: Choice) -> str:
    language, indicator = choice.language, choice.indicator
    told = {
        "period": choice.period.name(language),
        "indicator": inside(indicator.name[language], language),
        "value": look.value_with_measure(row.value, indicator, language),
        "of": _of(row, indicator, language),
    }
    said = word("say_value", language, **told)
    if pd.isna(row.target):
        return f"{said}."
    target = look.target_of(indicator, row.target, language)
    key = {"met": "say_met", "near": "say_short", "behind": "say_short"}.get(row.status)
    if key == "say_short" and row.missing > 0:
        key = "say_short_reports" if indicator.scheduled else key
        return said + word(key, language, target=target, missing=counted(row.missing, indicator.counts, language))
    return said + (word(key, language, target=target) if key == "say_met" else ".")


def _of(row: pd.Series, indicator: Indicator, language: Language) -> str:
    if not indicator.is_share:
        return ""
    share = "/".join(written(each, language) for each in (row.numerator, row.denominator))
    return f" ({share} {MEASURES[indicator.counts][language]})"


def _change(row: pd.Series, choice: Choice, ledger: Ledger) -> str:
    """Against the period before and the same a year before, where enough reports stand behind both."""
    language, indicator, said = choice.language, choice.indicator, []
    pairs = {"say_before": ledger.before(choice.period), "say_year_before": choice.period.year_before}
    for key, other in pairs.items():
        if other is None or other.first_month < ledger.months[0].first_month:
            continue
        found = one(choice.but(period=other), ledger)
        was = found[found.unit == choice.unit]
        by = changed(indicator, row, was.iloc[0]) if len(was) else None
        if by is not None:
            period = inside(other.name(language), language)
            said.append(word(key, language, period=period, change=moved(by, indicator, language)))
    return ended(capital("; ".join(said))) if said else ""


def moved(by: float, indicator: Indicator, language: Language) -> str:
    """'tăng 2,4 điểm phần trăm'."""
    amount = round(by, indicator.digits)
    if amount == 0:
        return word("say_same", language)
    what = word("percentage_points", language) if indicator.is_share else indicator.unit_of_measure[language]
    key = "say_up" if amount > 0 else "say_down"
    return word(key, language, count=written(abs(amount), language, indicator.digits), what=what)


def _parts(found: pd.DataFrame, choice: Choice, ledger: Ledger) -> str:
    """How many parts have reached the target, and which lack most."""
    language, indicator = choice.language, choice.indicator
    inner = found[(found.parent == choice.unit) & found.value.notna()]
    if inner.empty or inner.target.isna().all():
        return ""
    level = LEVEL_SAID[inner.level.iloc[0]][language]
    counts = {"met": written(int((inner.status == "met").sum()), language), "of": written(len(inner), language)}
    said = word("say_parts", language, **counts, what=level)
    names = "; ".join(
        f"{unit(name, language)} ({counted(lack, indicator.counts, language)})"
        for name, lack in lacking_most(choice, ledger)
    )
    if not names:
        return f"{said}."
    return said + word("say_most", language, names=names)


def lacking_most(choice: Choice, ledger: Ledger) -> list[tuple[str, float]]:
    """The parts that make up most of the unit's gap, each with what it lacks itself, whole as in the tables."""
    gaps = ledger.contributions(choice.indicator, choice.unit, choice.period)
    gaps = gaps[gaps.unit.notna() & (gaps.gap > 0)].head(NAMED)
    own = one(choice.but(level="hamlet"), ledger).set_index("unit").missing
    return [(row.unit_name, own[row.unit]) for row in gaps.itertuples()]


def _own(choice: Choice, ledger: Ledger) -> tuple[str, ...] | None:
    """The unit alone where the register is a country's; of a province all are asked about sooner or later."""
    return (choice.unit,) if ledger.is_country else None


def _pace(choice: Choice, ledger: Ledger) -> str:
    """When the target is reached at this pace, or which pace it would need; as on the cards of the overview.

    Of a period that lies far back nothing is foretold that the day of the pack has overtaken.
    """
    if choice.indicator.target is None:
        return ""
    pace, language = ledger.pace(choice.period, (choice.indicator.id,), _own(choice, ledger)), choice.language
    own = pace[pace.unit == choice.unit]
    if own.empty or own.state.iloc[0] in ("met", "unknown"):
        return ""
    row = own.iloc[0]
    if row.state == "on_track" and Period.parse(row.projected).last_day < ledger.today:
        return ""
    if row.state == "on_track":
        return word("say_pace_on_track", language, month=f"{int(row.projected[5:])}/{row.projected[:4]}")
    if pd.isna(row.pace) or pd.isna(row.pace_needed):
        return ""
    needed, now = (
        counted(each, choice.indicator.counts, language, 0 if abs(each) >= 10 else 1)
        for each in (row.pace_needed, row.pace)
    )
    return word("say_pace_short", language, needed=needed, now=now)
