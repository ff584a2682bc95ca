"""What tells of a person, in a column, beside a label or inside a text; and what only looks like it and stays."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import MONTHLY

from data_ingest.personal import look
from language.persons import MASK, masked

PEOPLE = ["Nguyễn Văn Ẩn", "Trần Thị Bích", "Lê Hoàng Cường", "Phạm Dũng"]
PHONES = [f"09876543{n}1" for n in range(6)]
CITIZENS = [f"07409900123{n}" for n in range(6)]

# Columns and labels


HEADED = {
    "name": ("Họ và tên", "Họ tên", "HỌ VÀ TÊN CHỦ HỘ", "Tên chủ hộ", "ho va ten", "Tên người liên hệ", "Tổ trưởng",
             "Chủ hộ"),
    "phone": ("Số điện thoại", "SĐT", "Điện thoại liên hệ", "ĐT", "so dien thoai", "Zalo", "Số ĐT"),
    "identity": ("CCCD", "Số CMND/CCCD", "Số định danh cá nhân", "Căn cước công dân", "CMND"),
    "birth": ("Ngày sinh", "Năm sinh", "Ngày, tháng, năm sinh"),
    "mail": ("Email", "E-mail", "Địa chỉ email", "Thư điện tử"),
    "account": ("Số tài khoản", "STK", "Số TK ngân hàng"),
}  # fmt: skip
HELD = {
    "name": PEOPLE, "phone": ["0912345678", 912345678, "+84 912 345 679"], "identity": [*CITIZENS[:2], "281234567"],
    "birth": ["01/02/1990", 1985, "1-2-1971"], "mail": ["a@b.vn", "c.d@gmail.com"],
    "account": ["0071001234567", 65010001234567],
}  # fmt: skip


def column(heading: str, told: list, name: str = "STT") -> dict:
    cells = {(4, 0): name, (4, 1): heading}
    return cells | {(5 + n, 0): n + 1 for n in range(len(told))} | {(5 + n, 1): each for n, each in enumerate(told)}


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(("what", "heading"), [(what, each) for what, all_ in HEADED.items() for each in all_])
def test_a_column_is_known_by_its_heading_and_what_stands_in_it(what, heading, form):
    told = [unicodedata.normalize(form, each) if isinstance(each, str) else each for each in HELD[what]]
    (found,) = look(column(unicodedata.normalize(form, heading), told))
    assert len(found.cells) == len(told)
    assert found.heading == (4, 1)


@pytest.mark.parametrize(("what", "heading"), [(what, all_[0]) for what, all_ in HEADED.items()])
def test_a_label_with_its_value_beside_is_one_too(what, heading):
    (found,) = look({(3, 1): f"{heading}:", (3, 2): HELD[what][0]})
    assert found.cells == ((3, 2),)


@pytest.mark.parametrize(
    "heading",
    [
        "Số hộ có số điện thoại", "Số tài khoản mở mới", "Số công dân có CCCD",
        "Số người có tài khoản định danh điện tử",
        "Tổng số thuê bao điện thoại", "Số điện thoại thông minh", "Tỷ lệ dân số có CCCD gắn chíp",
        "Số trẻ sinh năm 2024",
        "Lượt truy cập Zalo", "Hộ có điện thoại", "Zalo", "Số tài khoản", "CCCD", "Email", "Địa chỉ", "Năm sinh",
        "Tổ trưởng",
    ],
)  # fmt: skip
def test_counts_are_never_taken_for_persons(heading):
    assert look(column(heading, [12, 340, 25, 7, 1250.0], "Khu phố")) == []
    assert look({(3, 1): heading, (3, 2): 125}) == []


@pytest.mark.parametrize("told", [PHONES, CITIZENS, [912345678 + n for n in range(5)], ["a@b.vn", "c@d.vn", "e@f.vn"]])
def test_a_column_that_says_nothing_is_known_by_its_values(told):
    (found,) = look(column("Ghi chú khác", told))
    assert len(found.cells) == len(told)


@pytest.mark.parametrize("heading", ["Kinh phí ngân sách", "Số tiền", "Kinh phí hỗ trợ tình nguyện viên", "Cột khác"])
def test_money_is_no_number_of_a_person(heading):
    assert look(column(heading, [350_000_000, 912_000_000, 120_000_000_000, 98_500_000])) == []
    assert heading == "Cột khác" or look(column(heading, [350_123_456, 912_345_678, 123_456_789_012])) == []


# Texts


@pytest.mark.parametrize(
    "text",
    [
        "Liên hệ 0912345678", "ĐT: 0912.345.678", "+84 912 345 678", "(0274) 3 822 825", "CCCD số 074099001234",
        "CMND: 281234567", "gửi về mai@gmail.com", "ông Nguyễn Văn An", "Bà TRẦN THỊ BÌNH", "đ/c Lê Văn Tám",
        "đồng chí Bí thư Trần Văn Nam", "anh Phạm Dũng", "Mr Nguyen Van An", "Người lập: Đỗ Thị Hoa",
        "chị Hồ Thị Kỷ, khu 3",
    ],
)  # fmt: skip
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_persons_inside_a_text_are_masked_and_the_rest_stays(text, form):
    told = masked(unicodedata.normalize(form, f"Đã làm. {text}; còn lại như cũ."))
    assert MASK in told
    assert told.startswith("Đã làm. ")
    assert told.endswith("; còn lại như cũ.")
    assert masked(told) == told


@pytest.mark.parametrize(
    "text",
    [
        "Phường Nguyễn Văn Cừ", "Khu phố Lê Hồng Phong", "đường Nguyễn Thị Minh Khai", "ấp Bà Đen", "Bà Rịa - Vũng Tàu",
        "Kế hoạch 5681/KH-UBND ngày 10/11/2023", "Từ 21.630 hộ lên 25.000 hộ trước 19/6/2025",
        "Tổng đài 1022, 18001022",
        "kinh phí 350000000 đồng", "120000000000 đồng", "bà con khu phố", "anh em đoàn viên", "chi đoàn Trần Phú",
        "CHI ĐOÀN THANH NIÊN", "đường Ông Nguyễn Văn Tiết", "chợ Bà Trần", "tỷ lệ 0.333333333", "15.06.2024-30.06.2024",
        "Trường THPT Võ Minh Đức", "mã 25942, 25945 và 25948", "10 000 000 người", "2024-06-30 17:00:00",
    ],
)  # fmt: skip
def test_places_figures_and_days_stay(text):
    assert masked(text) == text


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.characters(codec="utf-8", exclude_characters="@0123456789+()"), max_size=40),
    st.from_regex(r"0[35789]\d{2}[ .]?\d{3}[ .]?\d{3}", fullmatch=True),
)
def test_a_telephone_is_masked_whatever_stands_around_it(text, phone):
    assert phone not in masked(f"{text} {phone} {text}")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(st.integers(0, 9_999_999), min_size=3, max_size=5), min_size=1, max_size=8))
def test_no_table_of_counts_holds_persons(table):
    labels = list(MONTHLY.fields.values())
    cells = {(0, column): label for column, label in enumerate(labels[: len(table)])}
    cells |= {(row + 1, at): value for at, told in enumerate(table) for row, value in enumerate(told)}
    assert look(cells) == []
