"""What somebody types finds the family: words in any order, a phone however written, codes, the unit; at each door."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from festival.accounts.queries import all_users
from festival.checkin.lookup import look_up
from festival.core.database import db
from festival.core.phones import searched_digits
from festival.core.transaction import reading
from festival.registration.review import queries
from festival.registration.review.queries import review_page
from festival.roster import families
from festival.roster.searching.finding import terms
from tests.registration.conftest import World, household
from tests.registration.pages_kit import post, words
from tests.registration.registered import approve, register

PHONES = [
    "0912345678", "0912 345 678", "0912.345.678", "+84912345678", "+84 912 345 678", "(+84) 912-345-679"[:-1] + "8", "0084 912 345 678",
    "84912345678", "345 678", "5678",
]  # fmt: skip


def names_found(world: World, search: str) -> list[str]:
    with world.app.app_context(), reading():
        page = review_page(world.rules(), state=None, delegation="", search=search, page=1)
        return [item.family.name for item in page.families]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+84 912", "0912"),
        ("(+84) 912-345-679", "0912345679"),
        ("(0)912", "0912"),
        ("84912345678", "0912345678"),
        ("8491", "8491"),
    ],
)
def test_digits_as_somebody_looks_for_them(text: str, digits: str) -> None:
    assert searched_digits(text) == digits


def test_the_parts_of_a_search() -> None:
    assert terms("Sa Rươl (+84) 912-345-678 Danh") == (["sa", "ruol", "danh"], ["0912345678"])
    assert terms("hon-dat 12") == (["hon-dat", "12"], [])
    assert terms("  ") == ([], [])


def test_the_organisers_list_is_searched_in_every_way(world: World) -> None:
    made = register(world, household(1, phone="0912345678"))
    other = household(40)
    names = ("Trần Thị Hoa", "Trần Văn Nam", "Trần Gia Bảo")
    renamed = tuple(replace(member, name=name) for member, name in zip(other.members, names, strict=True))
    register(world, replace(other, members=renamed))
    (mine,) = names_found(world, made.code)
    for search in (
        *PHONES, "sa rươl thị thạch", "KHÔI minh", "rươl 0912 345 678", made.code.lower(), "khôi hòn đất 0912345678",
        "kg-0 5678", f"{world.hon_dat} 345678",
    ):  # fmt: skip
        assert names_found(world, search) == [mine], search
    for search in ("không ai", "0999999999", "khôi kiên lương", "100%", "_"):
        assert names_found(world, search) == [], search
    assert len(names_found(world, "hòn đất")) == len(names_found(world, "đất hòn")) == 2
    page = post(
        world.as_user(world.organiser),
        "/office/registrations/search",
        {"search": "+84 912 345 678"},
        page="/office/registrations",
    )
    shown = words(world.as_user(world.organiser).get(page.location))
    assert ("1 hồ sơ" in shown, "0912345678" in shown) == (True, True)


def test_many_words_are_as_many_statements_as_one(world: World) -> None:
    register(world, household(1))
    counts = []
    for search in ("danh", "chung danh minh khôi sa rươl 0900 000 001 hòn đất"):
        counted: list[str] = []

        def note(
            _connection: object, _cursor: object, statement: str, *_rest: object, kept: list[str] = counted
        ) -> None:
            kept.append(statement)

        with world.app.app_context(), reading():
            rules = world.rules()
            event.listen(db.engine, "before_cursor_execute", note)
            try:
                review_page(rules, state=None, delegation="", search=search, page=1)
            finally:
                event.remove(db.engine, "before_cursor_execute", note)
        counts.append(len([each for each in counted if "SELECT" in each.upper()]))
    assert counts[1] - counts[0] == 0


def test_the_gate_finds_by_any_spelling(world: World) -> None:
    made = register(world, household(1, phone="0912345678"))
    assert type(approve(world, made.family_id)).__name__ == "Done"
    with world.app.app_context(), reading():
        festival_id = families.family_by_id(made.family_id).festival_id
        for search in (*PHONES[:8], "5678", "rươl sa", "Khôi Danh", "khôi hòn đất"):
            assert [card.record["name"] for card in look_up(festival_id, search).found][:1] == [
                families.family_by_id(made.family_id).name
            ], search
        assert all(card.record["t"] != "family" for card in look_up(festival_id, "hòn đất").found)


def test_accounts_are_found_by_words_in_any_order(world: World) -> None:
    with world.app.app_context(), reading():
        every = all_users()
        one = next(user for user in every if " " in user.name)
        turned = " ".join(reversed(one.name.split()))
        assert one.login in [user.login for user in all_users(turned)]
        assert all_users("không có ai tên thế") == []


def test_the_phone_of_a_member_finds_too(world: World) -> None:
    home = household(1)
    register(
        world, replace(home, members=(home.members[0], replace(home.members[1], phone="0987111222"), home.members[2]))
    )
    assert len(names_found(world, "+84 987 111 222")) == 1


def test_each_page_of_a_search_is_the_next_part_in_one_order(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    made = [register(world, household(number)).family_id for number in range(1, 6)]
    with world.app.app_context(), reading():
        rules = world.rules()
        shown = [
            review_page(rules, state=None, delegation="", search="khôi danh", page=number) for number in (1, 2, 3, 9, 0)
        ]
        nobody = review_page(rules, state=None, delegation="", search="không ai", page=4)
    assert [[item.family.id for item in page.families] for page in shown] == [
        made[:2], made[2:4], made[4:], made[4:], made[:2],
    ]  # fmt: skip
    assert [(page.found, page.page, page.last) for page in shown] == [(5, number, 3) for number in (1, 2, 3, 3, 1)]
    assert (nobody.families, nobody.found, nobody.page, nobody.last) == ([], 0, 1, 1)
