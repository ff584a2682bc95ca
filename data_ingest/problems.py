"""Problem: what is wrong, in which file, sheet and cell, and what to do, in both languages. Kinds are data."""

from dataclasses import asdict, dataclass, field

from language import Language, Text


@dataclass(frozen=True)
class Kind:
    """A kind of problem: what it says, what to do. One that blocks keeps the whole report out; else it is noted."""

    says: Text
    do: Text
    blocks: bool = True


_FIX_AND_SEND = Text("Sửa ô này rồi gửi lại tệp.", "Correct this cell and send the file again.")
_CHECK = Text("Kiểm tra lại; nếu sai thì gửi lại tệp đã sửa.", "Check it; if it is wrong, send a corrected file.")

KINDS: dict[str, Kind] = {
    "unreadable": Kind(
        Text("Không mở được tệp: {why}.", "The file cannot be opened: {why}."),
        Text(
            "Mở tệp bằng phần mềm bảng tính, lưu lại thành .xlsx rồi gửi lại.",
            "Open it in a spreadsheet program, save it as .xlsx and send it again.",
        ),
    ),
    "unknown_form": Kind(
        Text(
            "Không nhận ra mẫu báo cáo. Đã tìm các mẫu: {looked_for}. Trong tệp thấy: {found}.",
            "Not a form we know. Looked for: {looked_for}. Found in the file: {found}.",
        ),
        Text(
            "Dùng mẫu do lệnh “python -m data_ingest form” tạo ra, hoặc kiểm tra có gửi nhầm tệp không.",
            "Use the form made by “python -m data_ingest form”, or check whether this is the right file.",
        ),
    ),
    "blank_form": Kind(
        Text("Biểu mẫu trống, chưa có số liệu nào.", "The form is blank: it holds no figure."),
        Text("Điền số liệu rồi gửi lại.", "Fill it in and send it again."),
    ),
    "no_period": Kind(
        Text("Không đọc được kỳ báo cáo: “{given}”.", "The period cannot be read: “{given}”."),
        Text("Ghi như “Tháng 06/2024” hoặc “Quý II/2024”.", "Write it as “Tháng 06/2024” or “Quý II/2024”."),
    ),
    "wrong_period": Kind(
        Text("Mẫu {form} không dùng cho kỳ “{given}”.", "Form {form} is not for the period “{given}”."),
        Text("Chọn đúng mẫu cho kỳ này.", "Use the form for that period."),
    ),
    "unknown_unit": Kind(
        Text("Không có đơn vị “{given}”. Có phải {nearest}?", "There is no unit “{given}”. Is it {nearest}?"),
        Text("Ghi đúng tên hoặc mã đơn vị rồi gửi lại.", "Write the right name or code and send it again."),
    ),
    "ambiguous_unit": Kind(
        Text("Tên “{given}” có ở nhiều nơi: {nearest}.", "The name “{given}” stands for several: {nearest}."),
        Text("Ghi thêm tên huyện hoặc ghi mã đơn vị.", "Add the district's name, or the unit's code."),
    ),
    "unit_code_differs": Kind(
        Text(
            "Mã {code} là {by_code}, nhưng tên ghi “{given}”.", "Code {code} is {by_code}, but the name says “{given}”."
        ),
        Text("Sửa tên hoặc mã cho khớp nhau.", "Make name and code agree."),
    ),
    "unknown_hamlet": Kind(
        Text(
            "Xã này không có khu/ấp “{given}”. Có phải {nearest}?",
            "No khu/ấp “{given}” in this commune. Is it {nearest}?",
        ),
        Text(
            "Ghi đúng tên như trong mẫu; nếu là khu/ấp mới thì đề nghị bổ sung danh mục.",
            "Write the name as in the form; if it is new, ask for it to be added to the register.",
        ),
    ),
    "hamlet_twice": Kind(
        Text("Khu/ấp “{given}” có hai dòng.", "Khu/ấp “{given}” has two rows."),
        Text("Xóa hoặc gộp dòng thừa.", "Delete or merge the second row."),
    ),
    "hamlet_missing": Kind(
        Text("Thiếu {count} khu/ấp trong bảng: {names}.", "{count} khu/ấp are missing in the table: {names}."),
        Text("Bổ sung ở báo cáo gửi lại hoặc kỳ sau.", "Add them in a corrected report or the next one."),
        blocks=False,
    ),
    "not_a_number": Kind(
        Text("“{given}” ở “{label}” không phải là số.", "“{given}” at “{label}” is not a number."), _FIX_AND_SEND
    ),
    "not_whole": Kind(
        Text("“{label}” phải là số nguyên: {given}.", "“{label}” must be a whole number: {given}."), _FIX_AND_SEND
    ),
    "negative": Kind(Text("“{label}” không thể âm: {given}.", "“{label}” cannot be negative: {given}."), _FIX_AND_SEND),
    "formula_error": Kind(
        Text("Công thức ở “{label}” báo lỗi {given}.", "The formula at “{label}” gives {given}."), _FIX_AND_SEND
    ),
    "not_yes_no": Kind(
        Text("“{label}” chỉ nhận Có hoặc Không: {given}.", "“{label}” takes only Có or Không: {given}."), _FIX_AND_SEND
    ),
    "part_above_whole": Kind(
        Text(
            "“{label}” là {given}, lớn hơn “{whole_label}” là {whole} ({share} %).",
            "“{label}” is {given}, more than “{whole_label}”, {whole} ({share} %).",
        ),
        Text("Sửa một trong hai số rồi gửi lại.", "Correct one of the two and send it again."),
    ),
    "any_below_kind": Kind(
        Text(
            "“{label}” là {given}, ít hơn riêng “{kind_label}” là {kind}.",
            "“{label}” is {given}, fewer than “{kind_label}” alone, {kind}.",
        ),
        _CHECK,
        blocks=False,
    ),
    "total_differs": Kind(
        Text(
            "Dòng “{row}”, cột “{label}” ghi {given}, nhưng các dòng cộng lại là {sum}.",
            "Row “{row}”, column “{label}” says {given}, but its rows add up to {sum}.",
        ),
        Text("Dòng cộng không được nạp; kiểm tra lại công thức cộng.", "Totals are not loaded; check how it adds up."),
        blocks=False,
    ),
    "read_as": Kind(
        Text("“{given}” ở “{label}” được đọc là {value}.", "“{given}” at “{label}” is read as {value}."),
        Text("Nên ghi số không kèm dấu chấm, phẩy.", "Better write numbers without dots and commas."),
        blocks=False,
    ),
    "column_missing": Kind(
        Text("Mẫu thiếu mục “{label}”.", "The form lacks “{label}”."),
        Text("Số liệu này để trống; nên dùng mẫu mới nhất.", "It is left blank; better use the newest form."),
        blocks=False,
    ),
}


@dataclass(frozen=True)
class Problem:
    """One problem. `cell` is like C12, `given` is what stood there, `parts` is what else the message says."""

    kind: str
    file: str
    sheet: str = ""
    cell: str = ""
    given: str = ""
    parts: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> bool:
        return KINDS[self.kind].blocks

    def where(self) -> str:
        """tệp.xlsx › Khu ấp › C12"""
        return " › ".join(each for each in (self.file, self.sheet, self.cell) if each)

    def says(self, language: Language) -> str:
        """Where, what is wrong, and what to do."""
        kind = KINDS[self.kind]
        parts = {name: self.parts.get(f"{name}_{language}", told) for name, told in self.parts.items()}
        told = kind.says[language].format(given=self.given, **parts)
        return f"{self.where()}: {told} {kind.do[language]}"

    def as_dict(self) -> dict[str, object]:
        """For --json: plain values, and the message in both languages."""
        return {**asdict(self), "blocks": self.blocks, "vi": self.says("vi"), "en": self.says("en")}
