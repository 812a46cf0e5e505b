"""When are two registrations the same people? The rule, person by person."""

from __future__ import annotations

import pytest

from festival.core.births import Birth
from festival.roster.household import Household, Member
from festival.roster.people import Relation
from festival.roster.searching.twins import Alike, Home, Likeness, Someone, compare, merged, twins_in

HEAD, WIFE, SON = (
    ("Lý Văn Đuợc", Birth(1984, 6, 14)),
    ("Trịnh Thị Duyên", Birth(1986, 3, 2)),
    ("Lý Gia Bách", Birth(2014, 1, 9)),
)


def home(*people: tuple[str, Birth | None], phone: str = "0912340301", unit: int = 1) -> Home:
    return Home(unit, phone, tuple(Someone(name, birth) for name, birth in people))


FIRST = home(HEAD, WIFE, SON)


@pytest.mark.parametrize(
    ("other", "likeness"),
    [
        (home(("Lý Văn Được", Birth(1984, 6, 14)), WIFE, SON), Likeness.CERTAIN),
        (home(HEAD, WIFE, SON, phone="0987654321"), Likeness.CERTAIN),
        (home(WIFE, SON, ("Lý Văn Mười", Birth(1960)), phone="0987654321", unit=2), Likeness.CERTAIN),
        (home(("ly van duoc", Birth(1984)), ("Trịnh thị Duyên", Birth(1986))), Likeness.CERTAIN),
        (home(("Lý Văn Đước", Birth(1984, 6, 14)), phone="0987654321"), Likeness.PROBABLE),
        (home(("Lý Văn Được", Birth(1984)), ("Trần Văn An", Birth(1950))), Likeness.PROBABLE),
        (home(("Lý Văn Được", Birth(1984)), ("Trịnh Thị Duyên", Birth(1986)), phone="", unit=2), Likeness.PROBABLE),
        (home(("Lý Văn Được", Birth(1984)), phone="0987654321"), None),
        (home(("Lý Văn Được", Birth(1985, 6, 14)), ("Trịnh Thị Duyên", Birth(1987))), None),
        (home(("Lý Văn Được", None), ("Trịnh Thị Duyên", None)), None),
        (home(("Trần Văn An", Birth(1950, 1, 1)), ("Lê Thị Hoa", Birth(1952))), None),
    ],
)  # fmt: skip
def test_how_much_two_families_resemble_each_other(other: Home, likeness: Likeness | None) -> None:
    for found in (compare(FIRST, other), compare(other, FIRST)):
        assert (found.likeness if found else None) == likeness


def test_the_reasons_name_the_people() -> None:
    found = compare(FIRST, home(("Lý Văn Đượm", Birth(1984, 6, 14)), WIFE, phone="1"))
    assert found is not None
    assert sorted(found.shared) == [(0, 0, Alike.RESPELT), (1, 1, Alike.DAY)]


def test_within_one_file_the_later_is_found_beside_the_earlier() -> None:
    others = [home((f"Trần Văn {chr(65 + at)}", Birth(1950 + at, 1, 1)), phone=str(at)) for at in range(5)]
    found = twins_in([FIRST, *others, home(HEAD, SON, phone="9")])
    assert {place: (other, twin.likeness) for place, (other, twin) in found.items()} == {6: (0, Likeness.CERTAIN)}


def test_merging_takes_what_the_other_has_more_and_replaces_nothing() -> None:
    kept = Household(
        "0912340301", "", "Ấp Hòn Me", "", (Member("Lý Văn Được", Relation.REPRESENTATIVE, birth=Birth(1984)),)
    )
    other = Household(
        "0987654321", "nha@example.vn", "Ấp Khác", "",
        (
            Member("Trịnh Thị Duyên", Relation.REPRESENTATIVE, birth=Birth(1986), code="X"),
            Member("LÝ VĂN ĐƯỢC", Relation.SPOUSE, birth=Birth(1984, 6, 14), needs="ăn chay", contests=("tai-nang",)),
        ),
    )  # fmt: skip
    home_kept, taken = merged(kept, other)
    assert (home_kept.phone, home_kept.email, home_kept.address) == ("0912340301", "nha@example.vn", "Ấp Hòn Me")
    head, wife = home_kept.members
    assert (head.name, head.relation, str(head.birth), head.needs, head.contests) == (
        "Lý Văn Được", Relation.REPRESENTATIVE, "14/6/1984", "ăn chay", ("tai-nang",),
    )  # fmt: skip
    assert (wife.name, wife.relation, wife.code) == ("Trịnh Thị Duyên", Relation.OTHER, "")
    assert [str(each) for each in taken] == [
        "Thư điện tử: nha@example.vn",
        "Ngày sinh của Lý Văn Được: 14/6/1984",
        "Nhu cầu hỗ trợ của Lý Văn Được: ăn chay",
        "Phần thi của Lý Văn Được: tai-nang",
        "Thêm người: Trịnh Thị Duyên",
    ]
