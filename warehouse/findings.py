"""What may be found wrong with what is kept: what it is and what to do about it, in both languages."""

from dataclasses import dataclass
from pathlib import Path

from language import Language, Text

BUILD = "python -m data_ingest build"
MANY = 5  # names told; of more only the number


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, and what to do about it."""

    wrong: Text
    do: Text

    def says(self, language: Language) -> str:
        return f"✕ {self.wrong[language]}\n  → {self.do[language]}"


BACK = Text(
    "Lấy lại từ bản sao lưu: python -m warehouse restore BẢN_SAO_LƯU --data THƯ_MỤC_MỚI",
    "Take it from a backup: python -m warehouse restore BACKUP --data A_NEW_FOLDER",
)
SEND_AGAIN = Text(
    "Nạp lại đúng tệp đó (python -m data_ingest load TỆP), hoặc lấy lại từ bản sao lưu.",
    "Load the same file again (python -m data_ingest load FILE), or take it from a backup.",
)
BUILD_ANEW = Text(f"Chạy: {BUILD}", f"Run: {BUILD}")


def again(place: Path) -> Text:
    """What to do about a damaged backup."""
    run = f"python -m warehouse backup {place} --look"
    return Text(f"Sao lưu lại, mảnh hỏng được ghi lại: {run}", f"Back up again, which mends damaged pieces: {run}")


def some(names: list[str]) -> str:
    """The first few names, and of more how many there are."""
    return ", ".join(names[:MANY]) + (f" … ({len(names)})" if len(names) > MANY else "")
