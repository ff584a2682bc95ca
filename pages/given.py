"""A file that an administrator gives to a page: looked at outside the data folder, taken by a second click."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath

import streamlit as st

from language import Language, Text, word
from pages.dropping import MEGABYTES, in_our_words
from pages.entering import kept, refused


def given(place: str, label: str, types: list[str], language: Language) -> object | None:
    """The place to drop one file; what was dropped."""
    in_our_words(language)
    told = {"type": types, "key": _key(place), "accept_multiple_files": False, "max_upload_size": MEGABYTES}
    with st.container(key="dropzone"):
        return st.file_uploader(label, **told)


@contextmanager
def written(upload: object) -> Iterator[Path]:
    """The file in a folder of this program alone, under its own name without any path; gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="given-") as folder:
        path = Path(folder) / (PurePath(upload.name.replace("\\", "/")).name or "file")
        path.write_bytes(upload.getvalue())
        yield path


def take(
    place: str, language: Language, do: Callable[[Path], tuple[list[Text], bool]], note: Callable[[str], None]
) -> None:
    """The button that takes the file. `do` says what came of it and whether it was taken, `note` writes it down."""
    key = _key(place)

    def taken() -> int:
        upload = st.session_state.get(key)
        if upload is None:
            return 0
        with written(upload) as path:
            lines, accepted = do(path)
        if not accepted:
            raise refused(*lines)
        note(upload.name)
        st.session_state[f"{place}-lines"] = lines
        st.session_state[f"{place}-given"] = st.session_state.get(f"{place}-given", 0) + 1
        return 1

    st.button(
        word("take_file", language),
        key=f"{key}-take",
        type="primary",
        on_click=lambda: kept(place, taken, "administer"),
    )


def came_of_it(place: str, language: Language) -> None:
    """Say once what the taken file has brought."""
    for line in st.session_state.pop(f"{place}-lines", []):
        st.caption(line[language])


def _key(place: str) -> str:
    """Another one after each file that was taken, so that the place is empty again."""
    return f"give-{place}-{st.session_state.get(f'{place}-given', 0)}"
