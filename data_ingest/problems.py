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
_COUNTS_ONLY = Text(
    "Lần sau chỉ gửi số lượng, không kèm dữ liệu cá nhân.", "Next time send counts alone, without personal data."
)

KINDS: dict[str, Kind] = {
    "unreadable": Kind(
        Text("Không mở được tệp: {why}.", "The file cannot be opened: {why}."),
        Text(
            "Gửi lại bảng tính .xlsx; nếu cần thì mở bằng phần mềm bảng tính và lưu lại.",
            "Send an .xlsx workbook; if need be, open this one in a spreadsheet program and save it again.",
        ),
    ),
    "archive_altered": Kind(
        Text("Tệp trong kho lưu trữ đã bị thay đổi.", "The archived file has been altered since it was received."),
        Text(
            "Lấy lại tệp gốc từ bản sao lưu, hoặc đề nghị đơn vị gửi lại.",
            "Restore it from a backup, or ask the unit to send it again.",
        ),
    ),
    "archive_missing": Kind(
        Text("Tệp không còn trong kho lưu trữ.", "The file is gone from the archive."),
        Text(
            "Lấy lại tệp gốc từ bản sao lưu, hoặc đề nghị đơn vị gửi lại.",
            "Restore it from a backup, or ask the unit to send it again.",
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
    "only_carried": Kind(
        Text(
            "Biểu mẫu chỉ có số của lần báo cáo trước, chưa điền số liệu của kỳ này.",
            "The form holds only the figures of the last report, none of this period.",
        ),
        Text("Điền số liệu của kỳ này rồi gửi lại.", "Fill in the figures of this period and send it again."),
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
    "not_computed": Kind(
        Text(
            "Công thức ở “{label}” chưa được tính: {given}.", "The formula at “{label}” has not been computed: {given}."
        ),
        Text(
            "Mở tệp bằng Excel, bấm F9 rồi lưu lại; hoặc ghi thẳng con số.",
            "Open the file in a spreadsheet program, press F9 and save it; or write the number itself.",
        ),
    ),
    "percentage": Kind(
        Text("“{label}” cần số lượng, không phải tỷ lệ: {given}.", "“{label}” takes a count, not a share: {given}."),
        _FIX_AND_SEND,
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
    "any_above_kinds": Kind(
        Text(
            "“{label}” là {given}, nhiều hơn cả các loại cộng lại ({sum}).",
            "“{label}” is {given}, more than all its kinds together ({sum}).",
        ),
        _CHECK,
        blocks=False,
    ),
    "too_large": Kind(
        Text("“{label}” là {given}, lớn quá mức có thể ({most}).", "“{label}” is {given}, more than can be ({most})."),
        _FIX_AND_SEND,
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
    "no_unit": Kind(
        Text("Không thấy tên đơn vị báo cáo.", "The report does not say whose it is."),
        Text("Ghi tên hoặc mã đơn vị cạnh “Đơn vị báo cáo”.", "Write the unit's name or code beside “Đơn vị báo cáo”."),
    ),
    "unit_in_letterhead": Kind(
        Text("Đơn vị được đọc từ tiêu đề: {unit}.", "The unit is read from the letterhead: {unit}."),
        _CHECK,
        blocks=False,
    ),
    "period_in_title": Kind(
        Text("Kỳ báo cáo được đọc từ “{given}”: {period}.", "The period is read from “{given}”: {period}."),
        _CHECK,
        blocks=False,
    ),
    "no_table": Kind(
        Text("Không thấy bảng số liệu theo đơn vị.", "There is no table with a row for each unit."),
        Text("Dùng bảng theo mẫu, mỗi đơn vị một dòng.", "Use the form's table, one unit a row."),
    ),
    "row_without_name": Kind(
        Text("Dòng này có số liệu nhưng không có tên đơn vị.", "This row has figures but no unit's name."),
        Text(
            "Ghi tên khu/ấp hoặc xóa dòng thừa rồi gửi lại.", "Write the khu/ấp's name, or delete the row; send again."
        ),
    ),
    "column_twice": Kind(
        Text("Cột “{label}” có nhiều lần: {cells}.", "The column “{label}” stands there more than once: {cells}."),
        Text("Chỉ để lại một cột rồi gửi lại.", "Leave only one of them and send the file again."),
    ),
    "column_unknown": Kind(
        Text("Cột “{given}” không có trong mẫu, không nạp.", "No form has the column “{given}”; it is not loaded."),
        Text(
            "Nếu cần số liệu này, lập ánh xạ bằng “python -m data_ingest map”.",
            "If its figures are needed, map it with “python -m data_ingest map”.",
        ),
        blocks=False,
    ),
    "heading_read_as": Kind(
        Text("Tiêu đề “{given}” được hiểu là “{label}”.", "The heading “{given}” is read as “{label}”."),
        _CHECK,
        blocks=False,
    ),
    "hidden_sheet": Kind(
        Text("Trang tính này bị ẩn, không đọc.", "This sheet is hidden and was not read."),
        Text("Bỏ ẩn rồi gửi lại nếu có số liệu cần nạp.", "Show it and send the file again if its figures count."),
        blocks=False,
    ),
    "hidden_rows": Kind(
        Text("{count} dòng bị ẩn, không đọc: {rows}.", "{count} hidden rows were not read: {rows}."),
        Text("Bỏ ẩn rồi gửi lại nếu có số liệu cần nạp.", "Show them and send the file again if their figures count."),
        blocks=False,
    ),
    "encoding": Kind(
        Text(
            "Chữ trong tệp theo bảng mã {given}, đã chuyển sang Unicode.",
            "Its text is in {given}; turned into Unicode.",
        ),
        Text("Nên lưu bằng Unicode (phông Times New Roman).", "Better save it as Unicode."),
        blocks=False,
    ),
    "bad_byte": Kind(
        Text("Có ký tự bị hỏng: “{given}”.", "A letter is damaged: “{given}”."),
        Text("Xem lại ô này; lưu tệp bằng UTF-8.", "Look at this cell; save the file in UTF-8."),
        blocks=False,
    ),
    "file_blocked": Kind(
        Text("Tệp này còn lỗi ở phần của đơn vị khác.", "Another unit's part of this file has errors."),
        Text("Sửa các lỗi đã nêu rồi gửi lại cả tệp.", "Correct them and send the whole file again."),
    ),
    "file_name_differs": Kind(
        Text(
            "Tên tệp nói {named}, nhưng báo cáo là của {told}.",
            "The file's name says {named}, but the report is {told}.",
        ),
        _CHECK,
        blocks=False,
    ),
    "falls": Kind(
        Text(
            "{unit}: “{label}” là số lũy kế nhưng giảm từ {before} ({when}) còn {given}, không ghi chú.",
            "{unit}: “{label}” counts up, but falls from {before} ({when}) to {given} without a note.",
        ),
        Text("Kiểm tra lại; nếu đúng thì ghi lý do vào cột Ghi chú.", "Check it; if it is right, note why beside it."),
        blocks=False,
    ),
    "jumps": Kind(
        Text(
            "{unit}: “{label}” thay đổi bất thường, từ {before} ({when}) thành {given}.",
            "{unit}: “{label}” changes out of line, from {before} ({when}) to {given}.",
        ),
        _CHECK,
        blocks=False,
    ),
    "households_move": Kind(
        Text(
            "{unit}: “{label}” khác nhiều so với {when}: {before} thành {given}.",
            "{unit}: “{label}” differs much from {when}: {before} became {given}.",
        ),
        _CHECK,
        blocks=False,
    ),
    "far_from_census": Kind(
        Text(
            "{unit}: tổng “{label}” là {given}, lệch xa Tổng điều tra 2019 ({census}).",
            "{unit}: “{label}” add up to {given}, far from the census of 2019 ({census}).",
        ),
        _CHECK,
        blocks=False,
    ),
    "other_sender": Kind(
        Text("Nơi gửi là “{given}”, thường là “{usual}”.", "It was sent by “{given}”; usually it is “{usual}”."),
        Text("Hỏi lại nơi gửi trước khi dùng số liệu.", "Ask the sender before the figures are used."),
        blocks=False,
    ),
    "sums_differ": Kind(
        Text(
            "“{label}” ghi {given}, nhưng {communes} xã tự báo cáo cộng lại là {own}.",
            "“{label}” says {given}, but the own reports of {communes} communes add up to {own}.",
        ),
        Text("Đối chiếu lại với các xã.", "Settle it with the communes."),
        blocks=False,
    ),
    "tables_differ": Kind(
        Text(
            "{unit}: “{label}” trong bảng của huyện là {given}, xã tự báo cáo là {own} (dùng số của xã).",
            "{unit}: “{label}” is {given} in the district's table, {own} in its own report, which counts.",
        ),
        Text("Đối chiếu lại với xã.", "Settle it with the commune."),
        blocks=False,
    ),
    "no_targets": Kind(
        Text("Không thấy bảng giao chỉ tiêu.", "There is no table of assigned targets."),
        Text(
            "Cần một cột Đơn vị hoặc Mã đơn vị và một cột cho mỗi chỉ tiêu, ghi đúng tên hoặc mã chỉ tiêu; lập mẫu"
            " trống bằng “python -m data_ingest targets --blank”.",
            "It needs a column Đơn vị or Mã đơn vị and one for each indicator, by its name or id; make a blank one with"
            " “python -m data_ingest targets --blank”.",
        ),
    ),
    "no_such_indicator": Kind(
        Text("Cột “{given}” không phải chỉ tiêu nào.", "The column “{given}” is no indicator."),
        Text(
            "Ghi đúng tên hoặc mã trong từ điển chỉ tiêu.", "Write its name or id as in the dictionary of indicators."
        ),
    ),
    "target_is_fraction": Kind(
        Text("Mục tiêu “{label}” là {given}.", "The target of “{label}” is {given}."),
        Text(
            "Tỷ lệ ghi bằng phần trăm: 35, không ghi 0,35; bỏ định dạng phần trăm của ô.",
            "Write a share in per cent: 35, not 0.35; take the percentage format off the cell.",
        ),
    ),
    "target_above_100": Kind(
        Text("Mục tiêu “{label}” vượt 100 %: {given}.", "The target of “{label}” is above 100 %: {given}."),
        _FIX_AND_SEND,
    ),
    "target_needs_period": Kind(
        Text(
            "“{label}” cộng dồn theo thời gian nên mục tiêu {given} phải có kỳ.",
            "“{label}” adds up over time, so its target {given} needs a period.",
        ),
        Text("Ghi kỳ ở ô Kỳ áp dụng, như “Năm 2025”.", "Write it beside Kỳ áp dụng, as “Năm 2025”."),
    ),
    "indicator_not_of_level": Kind(
        Text("“{label}” không tính được ở cấp của đơn vị này.", "“{label}” is not told at the level of this unit."),
        Text("Xóa ô này.", "Clear this cell."),
    ),
    "target_twice": Kind(
        Text("Đơn vị này đã có mục tiêu “{label}” ở dòng trên.", "The unit has a target of “{label}” above already."),
        Text("Xóa một trong hai dòng.", "Delete one of the two rows."),
    ),
    "personal_data": Kind(
        Text(
            "{what} ({cells}, {count} ô) không được lưu: các ô này đã bỏ trống trong bản lưu.",
            "{what} ({cells}, {count} cells) are not kept: these cells are empty in the copy that is.",
        ),
        _COUNTS_ONLY,
        blocks=False,
    ),
    "personal_in_text": Kind(
        Text(
            "{what} trong lời văn ({cells}, {count} ô) đã được che trong bản lưu.",
            "{what} inside texts ({cells}, {count} cells) are masked in the copy that is kept.",
        ),
        _COUNTS_ONLY,
        blocks=False,
    ),
    "personal_around": Kind(
        Text(
            "Dữ liệu cá nhân trong nhận xét, hộp chữ, đầu hoặc chân trang ({count} chỗ) đã được che trong bản lưu.",
            "Personal data in comments, text boxes, headers or footers ({count} places) are masked in the copy kept.",
        ),
        _COUNTS_ONLY,
        blocks=False,
    ),
    "not_kept": Kind(
        Text(
            "Không xem được bên trong nên không lưu tệp này: có thể có dữ liệu cá nhân.",
            "What is in it cannot be looked through, so the file is not kept: it may hold personal data.",
        ),
        Text("Bản gốc vẫn ở nơi gửi; sửa rồi gửi lại.", "The sender still has it; mend it and send it again."),
    ),
    "column_missing": Kind(
        Text("Mẫu thiếu mục “{label}”.", "The form lacks “{label}”."),
        Text("Số liệu này để trống; nên dùng mẫu mới nhất.", "It is left blank; better use the newest form."),
        blocks=False,
    ),
}


def digits(value: float) -> str:
    """A number as it is typed into a cell: 1234567, 12.5."""
    return str(int(value)) if float(value).is_integer() else str(value)


@dataclass(frozen=True)
class Problem:
    """One problem. `cell` is like C12, `given` is what stood there, `parts` is what else the message says."""

    kind: str
    file: str = ""
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

    def told(self, language: Language) -> str:
        """What is wrong, and what to do; a kept one of a kind that this version does not know is told by its name."""
        return " ".join(filter(None, self.what_and_do(language)))

    def what_and_do(self, language: Language) -> tuple[str, str]:
        """What is wrong; and what to do about it."""
        if self.kind not in KINDS:
            return self.kind, ""
        kind = KINDS[self.kind]
        parts = {name: self.parts.get(f"{name}_{language}", told) for name, told in self.parts.items()}
        return kind.says[language].format(given=self.given, **parts), kind.do[language]

    def says(self, language: Language) -> str:
        """Where, what is wrong, and what to do."""
        return f"{self.where()}: {self.told(language)}"

    def as_dict(self) -> dict[str, object]:
        """For --json: plain values, and the message in both languages."""
        return {**asdict(self), "blocks": self.blocks, "vi": self.says("vi"), "en": self.says("en")}


def told(kind: str, given: str, parts: dict[str, str], language: Language) -> str:
    """The words of a problem as the warehouse keeps it."""
    return Problem(kind, given=given, parts=parts).told(language)
