"""Text: the same words in Vietnamese and English, never one without the other."""

from dataclasses import dataclass
from typing import Literal, get_args

Language = Literal["vi", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)


@dataclass(frozen=True)
class Text:
    """Words in both languages: `text["vi"]`, `text["en"]`. Raises ValueError when one is missing."""

    vi: str
    en: str

    def __post_init__(self):
        if not (self.vi and self.en):
            raise ValueError(f"A Text needs both languages, got {self.vi!r} and {self.en!r}")

    def __getitem__(self, language: Language) -> str:
        return getattr(self, language)

    def format(self, **parts: object) -> "Text":
        """The same words with {parts} filled in; a part that is itself a Text is put in by language."""
        return Text(*(getattr(self, each).format(**_in(parts, each)) for each in LANGUAGES))


class TextError(ValueError):
    """Something that cannot be done; `text` says why in both languages."""

    def __init__(self, text: Text):
        super().__init__(text.en)
        self.text = text


def _in(parts: dict[str, object], language: Language) -> dict[str, object]:
    return {key: part[language] if isinstance(part, Text) else part for key, part in parts.items()}
