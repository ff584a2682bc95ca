"""The place where files are dropped: from whom and when they came, and what became of each as it is read."""

from collections.abc import Callable
from datetime import date, datetime, time
from html import escape

import pandas as pd
import streamlit as st

from data_ingest import waiting
from data_ingest.archive import Archive
from data_ingest.unpacked import LARGEST_FILE, dropped
from language import LANGUAGES, Language, Text, day, order, word
from pages import who
from warehouse.store import data_folder
from warehouse.units import alive

TYPES = ["xlsx", "xlsm", "xls", "ods", "csv", "tsv", "zip"]
MEGABYTES = LARGEST_FILE // 1_000_000
Said = tuple[Callable[[str], object], Text]


def drop(language: Language, units: pd.DataFrame) -> None:
    """Choose sender and day, drop files; they are kept and read at once."""
    in_our_words(language)
    sender, came, files = st.columns([1.25, 0.75, 2.6], vertical_alignment="top")
    with sender:
        names = _senders(units)
        whose = st.selectbox(
            word("receive_sender", language), list(names), None, format_func=names.get, key="receive-sender",
            placeholder=word("choose_one", language),
        )  # fmt: skip
    with came:
        on = st.date_input(
            word("receive_came", language), date.today(), min_value=date(2023, 11, 3), max_value=date.today(),
            key="receive-came", format="DD/MM/YYYY",
        )  # fmt: skip
    turn = st.session_state.setdefault("receive-turn", 0)
    with files, st.container(key="dropzone"):
        given = st.file_uploader(
            word("receive_drop", language, size=MEGABYTES), TYPES, accept_multiple_files=True, key=f"drop-{turn}",
            max_upload_size=MEGABYTES,
        )  # fmt: skip
    if given:
        st.session_state["receive-turn"] = turn + 1  # an uploader of its own for the next ones
        _take([(each.name, each.getvalue()) for each in given], names.get(whose, ""), on, language)
        st.rerun()


def in_our_words(language: Language) -> None:
    """The framework's own words beside the place to drop are English: ours stand in their place."""
    choose, refused = word("receive_choose", language), word("receive_refused_file", language, size=MEGABYTES)
    button = ".st-key-dropzone [data-testid='stFileUploaderDropzone'] button[kind='secondary']"
    st.html(
        f"<style>{button}::after {{ content: '{choose}'; }}"
        f" .st-key-dropzone [data-testid='stFileUploaderFileErrorMessage']::after {{ content: '{refused}'; }}</style>"
    )


def _senders(units: pd.DataFrame) -> dict[str, str]:
    """Units from which files may come, by their codes: never a person."""
    living = alive(units, date.today())
    shown = pd.concat([living, units])
    shown = shown[shown.level != "hamlet"].drop_duplicates("unit")
    names = dict(zip(shown.unit, shown.full_name, strict=True))
    return {unit: names[unit] for unit in sorted(names, key=lambda each: order(names[each]))}


def reading(bar: st.delta_generator.DeltaGenerator, language: Language) -> waiting.Told:
    """Says in a place which file is being read."""
    return lambda done, of, name: bar.progress(
        done / max(of, 1), word("receive_reading", language, done=done, of=of, file=name)
    )


def _take(given: list[tuple[str, bytes]], sender: str, on: date, language: Language) -> None:
    """Open zips, keep what can be kept, read it; what came of it is said when the page is drawn anew."""
    bar, found = st.progress(0.0), dropped(given)
    at = None if on >= date.today() else datetime.combine(on, time())

    def keeping(done: int, of: int, name: str) -> None:
        bar.progress(done / of / 3, word("receive_keeping", language, done=done, of=of, file=name))

    try:
        came = waiting.receive(data_folder(), found.files, sender, at, keeping)
    except OSError as error:
        _say([(st.error, _text("receive_writing", error=str(error)))])
        return
    if came.new:
        who.note("received", files=len(came.new), receipts=[each.receipt for each in came.new])
    waiting.waiting(data_folder(), reading(bar, language))
    bar.empty()
    key = "receive_came_in" if came.new else "receive_none_came"
    lines: list[Said] = [(st.success if came.new else st.info, _text(key, count=len(came.new)))]
    lines += [(st.warning, each) for each in found.refused]
    lines += [(st.info, _known(name, receipt)) for name, receipt in came.known]
    _say(lines)


def _known(name: str, receipt: object) -> Text:
    """What became of the same file when it came before."""
    if receipt is None:
        return _text("receive_known", file=name)
    archive = Archive(data_folder())
    waits = receipt.origin == "page" and receipt.receipt not in archive.decisions.all()
    return _text(
        "receive_known_waits" if waits else "receive_known_counts", file=name, day=day(receipt.received_at.date())
    )


def _text(key: str, **parts: object) -> Text:
    return Text(*(word(key, language, **parts) for language in LANGUAGES))


def _say(lines: list[Said]) -> None:
    st.session_state["receive-said"] = lines


def say_once(language: Language) -> None:
    """What was said of the files that were dropped last."""
    few = st.session_state.pop("receive-said", [])
    for show, text in few[:MOST_SAID]:
        show(text[language])
    if rest := few[MOST_SAID:]:
        lines = "".join(f"<li>{escape(text[language])}</li>" for _, text in rest)
        st.html(f"<ul class='lines'>{lines}</ul>")


MOST_SAID = 6  # messages of their own; the others stand in a list
