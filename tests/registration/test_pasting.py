"""Is a pasted list read as its writer meant it, and does nothing of it vanish?"""

from __future__ import annotations

import unicodedata

import pytest

from festival.registration.grid.kin import read_kin
from festival.registration.grid.pasting import LONGEST_PASTE, Pasted, pasted
from festival.registration.grid.pieces import PastedWords
from festival.registration.grid.sheet import Sheet, from_json, to_json
from festival.registration.grid.typed import MOST_FAMILIES, TypedFamily, TypedPerson, compact, from_form
from festival.roster.people import Relation, Sex

WORDS = PastedWords({"gia dinh tai nang": "tai-nang", "nau an": "nau-an", "thi nau an": "nau-an"})

ZALO = """Chào chị, em gửi danh sách ạ
Gia đình 1: ĐT 0912 345 678, ấp Hòn Me, xã Thổ Sơn
1. Danh Chung, 1984, chồng, 0912345678
2. Trần Thị Bé - 3/2/1986 - vợ
3) Danh Minh Khôi (1-9-2014) con trai, thi nấu ăn
GĐ bà Lâm Thị Út
- Lâm Thị Út sinh năm 1970 +84 987 654 321
• Bà Nguyễn Thị Sáu, mẹ, 1945, ăn chay
* Lâm Bé Ba 2015 con gái, áo đỏ"""


def read(text: str) -> list[tuple[str, str, list[tuple[str, str, str, str]]]]:
    """Phone, what found no place, and the people of each family."""
    return [
        (each.phone, each.rest, [(one.name, one.relation, one.sex, one.birth) for one in each.people])
        for each in pasted(text, WORDS).families
    ]


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_list_out_of_zalo(form: str) -> None:
    greeting, first, second = read(unicodedata.normalize(form, ZALO))
    assert greeting == ("", "Chào chị, em gửi danh sách ạ", [])
    assert first == (
        "0912 345 678",
        "",
        [
            ("Danh Chung", "chồng", "male", "1984"),
            ("Trần Thị Bé", "vợ", "female", "3/2/1986"),
            ("Danh Minh Khôi", "con trai", "male", "1-9-2014"),
        ],
    )
    assert second == (
        "+84 987 654 321",
        "Lâm Bé Ba: áo đỏ",
        [
            ("Lâm Thị Út", "Người đại diện", "", "1970"),
            ("Nguyễn Thị Sáu", "mẹ", "female", "1945"),
            ("Lâm Bé Ba", "con gái", "female", "2015"),
        ],
    )
    families = pasted(ZALO, WORDS).families
    assert families[1].address == "ấp Hòn Me, xã Thổ Sơn"
    assert families[1].people[2].contests == ("nau-an",)
    assert families[2].people[1].needs == "ăn chay"


@pytest.mark.parametrize(
    ("text", "name", "relation", "sex"),
    [
        ("Phạm Thị Mai con gái 2012", "Phạm Thị Mai", "con gái", "female"),
        ("LÊ THỊ LAN nữ 1979", "LÊ THỊ LAN", "", "female"),
        ("Trần Văn Tám chồng nam 1975", "Trần Văn Tám", "chồng", "male"),
        ("Bà Nguyễn Thị Sáu mẹ 1945", "Nguyễn Thị Sáu", "mẹ", "female"),
        ("Nguyễn Văn nam, con, 2012", "Nguyễn Văn nam", "con", ""),  # a name that lost its capital
        ("nguyễn thị nữ, con, 2012", "nguyễn thị nữ", "con", ""),
        ("Trần Thị Con Gái, con, 2012", "Trần Thị Con Gái", "con", ""),
        ("Danh Nam, con, 2012", "Danh Nam", "con", ""),
    ],
)
def test_kin_and_sex_behind_a_name_without_a_comma_are_no_part_of_it(
    text: str, name: str, relation: str, sex: str
) -> None:
    ((_phone, rest, ((told, kin, read_as, _birth), *_others)),) = read(f"{text}\nLâm Thị Út, nữ, 1970")
    assert (rest, told, read_as) == ("", name, sex)
    # of whom none is told, is the representative
    assert kin == (relation or kin)


def test_cells_with_the_headings_of_the_template() -> None:
    text = (
        "Gia đình số\tHọ và tên\tQuan hệ với người đại diện\tGiới tính\tNgày sinh\tSố điện thoại\tĐịa chỉ\t"
        "Đã ký phiếu đồng ý\tThi: Gia đình tài năng\tDân tộc\tTrạng thái\n"
        '1\tDanh Chung\tNgười đại diện\tNam\t14/6/1984\t0912345678\t"ấp 1\nxã ""A"""\tx\tx\tKhmer\tĐang soạn\n'
        "1\tTrần Bé\tVợ hoặc chồng\tNữ\t1986\t\t\tx\t\t\t\n"
        "2\tLâm Út\tNgười đại diện\tNữ\t1970\t0987654321\t\t\tx\t\t"
    )
    first, second = pasted(text, WORDS).families
    assert (first.phone, first.address, first.rest) == ("0912345678", 'ấp 1 xã "A"', "Danh Chung: Dân tộc: Khmer")
    assert [(one.name, one.signed, one.contests) for one in (*first.people, *second.people)] == [
        ("Danh Chung", True, ("tai-nang",)),
        ("Trần Bé", True, ()),
        ("Lâm Út", False, ("tai-nang",)),
    ]


def test_cells_without_headings_and_a_phone_that_lost_its_zero() -> None:
    text = "1\tDanh Chung\tNam\t14/6/1984\tchồng\t912345678\n2\tTrần Bé\tNữ\t1986\tvợ\t\n1\tLâm Út\tNữ\t1970\t\t0987654321\n2\tLâm Ba\tNam\t2015\tcon\t"
    assert read(text) == [
        ("0912345678", "", [("Danh Chung", "chồng", "male", "14/6/1984"), ("Trần Bé", "vợ", "female", "1986")]),
        ("0987654321", "", [("Lâm Út", "Người đại diện", "female", "1970"), ("Lâm Ba", "con", "male", "2015")]),
    ]


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("Danh Chung\nTrần Bé\n\nLâm Út\nLâm Ba", [2, 2]),  # parted by an empty line
        ("1. Danh Chung 1984\n\n2. Trần Bé 1986\n\n3. Lâm Ba 2015", [3]),  # an empty line between any two people
        ("1. A B 1984\n2. C D 1986\n1. E F 1970", [2, 1]),  # the numbers begin anew
        ("A B, chủ hộ, 1984\nC D, vợ, 1986\nE F, chủ hộ, 1970", [2, 1]),  # the next representative
        ("Chồng: Danh Chung 1984\nVợ: Trần Thị B, sn 1986\nCon: Danh C 2010\nĐT: 0912345678", [3]),
    ],
)
def test_where_a_family_ends(text: str, families: list[int]) -> None:
    assert [len(each.people) for each in pasted(text, WORDS).families] == families


def test_one_column_is_filled_down_from_the_hand() -> None:
    found = pasted("1984\n3/2/1986\n2014", WORDS)
    assert found == Pasted(column=("birth", ("1984", "3/2/1986", "2014")))
    sheet = Sheet("k", (TypedFamily(phone="0912345678", people=(TypedPerson(name="Danh Chung"),)),))
    after = sheet.taking("", found, 0, 0)
    assert [one.birth for one in after.families[0].people] == ["1984", "3/2/1986", "2014"]
    assert (after.families[0].people[0].name, str(after.back[0].what)) == ("Danh Chung", "dán 3 ô")
    assert after.undone().families == sheet.families
    assert after.undone().redone().families == after.families


def test_too_much_is_refused_whole_and_stays_to_be_seen() -> None:
    text = "\n".join(f"Gia đình {number}\n1. Danh Chung 1984, chồng" for number in range(MOST_FAMILIES + 1))
    sheet = Sheet("k", (TypedFamily(phone="1"),))
    after = sheet.taking(text, pasted(text, WORDS), 0, 0)
    assert (after.families, after.text, after.refused and after.refused.code) == (
        sheet.families,
        text,
        "too_much_pasted",
    )
    assert from_json(to_json(after)) == after
    assert pasted("a" * (LONGEST_PASTE + 1), WORDS).refused is not None
    nothing = pasted(" \n\t\n", WORDS)
    assert nothing.refused is not None and nothing.refused.code == "nothing_pasted"


def test_people_alone_join_the_family_at_hand_and_families_go_behind() -> None:
    sheet = Sheet("k", (TypedFamily(phone="0912345678", people=(TypedPerson(name="Danh Chung"), TypedPerson())),))
    joined = sheet.taking("", pasted("Trần Bé 1986 vợ", WORDS), 0, 1)
    assert [one.name for one in joined.families[0].people] == ["Danh Chung", "Trần Bé"]
    behind = sheet.taking("", pasted("Gia đình 1: 0987654321\n1. Trần Bé 1986 vợ", WORDS), 0, 1)
    assert [each.phone for each in behind.families] == ["0912345678", "0987654321"]


def test_only_the_fields_of_a_grid_are_read_from_a_form() -> None:
    sent = {
        "phone": ["0912"], "state": ["approved"], "family_id": ["7"], "members-0-name": ["Danh Chung"], "members-0-id": ["9"],
        "members-0-signed": ["y"], "members-1-contests": ["a", "b"], "f1-members-0-birth": ["31/2"], "f99-phone": ["1"],
        "members-77-name": ["x"], "people": ["x"],
    }  # fmt: skip
    first, second = from_form(sent)
    assert first == TypedFamily(
        phone="0912", people=(TypedPerson(name="Danh Chung", signed=True), TypedPerson(contests=("a", "b")))
    )
    assert second == TypedFamily(people=(TypedPerson(birth="31/2"),))
    assert compact((TypedFamily(people=(TypedPerson(),)), second)) == (second,)


@pytest.mark.parametrize(
    ("text", "relation", "sex"),
    [
        ("bà", Relation.GRANDPARENT, Sex.FEMALE),
        ("ba", Relation.PARENT, Sex.MALE),
        ("con gái út", Relation.CHILD, Sex.FEMALE),
        ("con dâu", Relation.CHILD, Sex.FEMALE),
        ("chủ hộ", Relation.REPRESENTATIVE, None),
        ("vợ hoặc chồng", Relation.SPOUSE, None),
        ("bà con", Relation.OTHER, None),
        ("spouse", Relation.SPOUSE, None),
        ("áo đỏ", None, None),
    ],
)
def test_a_word_of_kinship_says_relation_and_sex(text: str, relation: Relation | None, sex: Sex | None) -> None:
    assert read_kin(text, {}) == (relation, sex)
