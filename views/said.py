"""What is said of the figures in whole sentences, as an office writes them: what they are, never why."""

import pandas as pd

from language import Language, word, written
from metrics.core.indicator import Indicator
from metrics.core.ledger import Ledger
from views import look
from views.agenda import Part
from views.overview import pace_said
from views.profile import changed
from views.reports import rates_said, year_of
from views.view import Choice, View
from warehouse.fields import MEASURES

NAMED = 3  # parts named in a sentence


def sentences(part: Part, choice: Choice, ledger: Ledger, views: tuple[View, ...]) -> tuple[str, ...]:
    """The paragraphs of a page: of a target in full, of any other view its finding."""
    if part.each:
        return of_target(choice, ledger)
    said = [_ended(view.title) for view in views if view.title]
    if "late" in part.views:
        said.insert(0, _ended(rates_said(choice, ledger, year_of(choice))))
    return tuple(dict.fromkeys(said))


def of_target(choice: Choice, ledger: Ledger) -> tuple[str, ...]:
    """One indicator of one unit: value against target; change; who has reached it and who lacks most; the reports."""
    found = ledger.one(choice.period, choice.indicator)
    own = found[found.unit == choice.unit]
    if own.empty or pd.isna(own.value.iloc[0]):
        told = {"indicator": choice.indicator.name[choice.language], "period": choice.period.name(choice.language)}
        return (word("say_unknown", choice.language, **told),)
    row = own.iloc[0]
    said = [_value(row, choice), _change(row, choice, ledger), _parts(found, choice, ledger), _pace(choice, ledger)]
    reports = word("say_reports", choice.language, received=f"{row.reports:.0f}", due=f"{row.reports_due:.0f}")
    return (*filter(None, said), reports)


def _value(row: pd.Series, choice: Choice) -> str:
    language, indicator = choice.language, choice.indicator
    told = {
        "period": choice.period.name(language),
        "indicator": _lower(indicator.name[language], language),
        "value": _with_measure(row.value, indicator, language),
        "of": _of(row, indicator, language),
    }
    said = word("say_value", language, **told)
    if pd.isna(row.target):
        return f"{said}."
    target = look.target_of(indicator, row.target, language)
    key = {"met": "say_met", "near": "say_short", "behind": "say_short"}.get(row.status)
    if key == "say_short" and row.missing > 0:
        what = MEASURES[indicator.counts][language]
        return said + word(key, language, target=target, missing=written(row.missing, language), what=what)
    return said + (word(key, language, target=target) if key == "say_met" else ".")


def _of(row: pd.Series, indicator: Indicator, language: Language) -> str:
    if not indicator.is_share:
        return ""
    share = "/".join(written(each, language) for each in (row.numerator, row.denominator))
    return f" ({share} {MEASURES[indicator.counts][language]})"


def _change(row: pd.Series, choice: Choice, ledger: Ledger) -> str:
    """Against the period before and the same a year before, where enough reports stand behind both."""
    language, said = choice.language, []
    pairs = {"say_before": ledger.before(choice.period), "say_year_before": choice.period.year_before}
    for key, other in pairs.items():
        if other is None or other.first_month < ledger.months[0].first_month:
            continue
        found = ledger.one(other, choice.indicator)
        was = found[found.unit == choice.unit]
        by = changed(choice.indicator, row, was.iloc[0]) if len(was) else None
        if by is not None:
            said.append(
                word(
                    key,
                    language,
                    period=_lower(other.name(language), language),
                    change=_by(by, choice.indicator, language),
                )
            )
    return _ended(_capital("; ".join(said))) if said else ""


def _by(by: float, indicator: Indicator, language: Language) -> str:
    """'tăng 2,4 điểm phần trăm'."""
    amount = round(by, indicator.digits)
    if amount == 0:
        return word("say_same", language)
    what = word("percentage_points", language) if indicator.is_share else indicator.unit_of_measure[language]
    return word(
        "say_up" if amount > 0 else "say_down",
        language,
        count=written(abs(amount), language, indicator.digits),
        what=what,
    )


def _parts(found: pd.DataFrame, choice: Choice, ledger: Ledger) -> str:
    """How many parts have reached the target, and which lack most."""
    language, indicator = choice.language, choice.indicator
    inside = found[(found.parent == choice.unit) & found.value.notna()]
    if inside.empty or inside.target.isna().all():
        return ""
    level = word(f"{inside.level.iloc[0]}s_lower", language)
    said = word("say_parts", language, met=int((inside.status == "met").sum()), of=len(inside), what=level)
    lacking = ledger.contributions(indicator, choice.unit, choice.period)
    lacking = lacking[lacking.unit.notna() & (lacking.gap > 0)].head(NAMED)
    if lacking.empty:
        return f"{said}."
    what = MEASURES[indicator.counts][language]
    names = "; ".join(f"{row.unit_name} ({written(row.gap, language)} {what})" for row in lacking.itertuples())
    return said + word("say_most", language, names=names)


def _pace(choice: Choice, ledger: Ledger) -> str:
    if choice.indicator.target is None:
        return ""
    pace = ledger.pace(choice.period, (choice.indicator.id,))
    own = pace[pace.unit == choice.unit]
    said = pace_said(own.iloc[0], choice) if len(own) else ""
    return word("say_pace", choice.language, said=said) if said else ""


def _with_measure(value: float, indicator: Indicator, language: Language) -> str:
    told = look.value_of(value, indicator, language)
    return told if indicator.is_share else f"{told} {indicator.unit_of_measure[language]}"


def _lower(text: str, language: Language) -> str:
    """Within a sentence, but not 'Đội' or 'Tổ', which are names."""
    first = text.split(" ", 1)[0]
    return (
        text if first in ("Đội", "Tổ", "Nhóm") or language == "en" and first.isupper() else text[0].lower() + text[1:]
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
