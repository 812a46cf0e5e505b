"""Entries that come from another contest: nobody registers for such a contest, and the family's coming and going reaches them."""

from __future__ import annotations

import pytest
from sqlalchemy import select, update

from festival.consent.models import ConsentPurpose
from festival.contests.models import Contest, EntrantKind
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.office.festival_import import _keep_origins
from festival.registration.changing import change_family
from festival.registration.decisions import restore_family, withdraw_family
from festival.registration.leaving import give_again, take_back
from festival.roster.deriving.derived import derive_entries
from festival.roster.families import contests_by_person, family_by_id, household_of_family
from festival.roster.models import ContestPlace, Entry, EntryPerson, Family, Person
from tests.registration.conftest import World, contest, household
from tests.registration.registered import approve, race, register


@pytest.fixture
def final(world: World) -> World:
    """A contest each takes its entries from the family's and from the mixed team's contest."""
    with world.app.app_context(), transaction():
        talent, sport = (
            db.session.scalars(select(Contest).where(Contest.code == code)).one() for code in ("tai-nang", "the-thao")
        )
        for place, (base, code, entrant) in enumerate(
            ((talent, "chung-ket", EntrantKind.FAMILY), (sport, "thao-cuoi", EntrantKind.TEAM))
        ):
            made = contest(base.festival_id, code, f"Chung kết {base.name}", 9 + place, 1, entrant)
            made.entries_from_id = base.id
            db.session.add(made)
    return world


def into(world: World, code: str) -> list[str]:
    """Everybody enrolled in its base is taken in."""
    made = db.session.scalars(select(Contest).where(Contest.code == code)).one()
    bases = db.session.scalars(
        select(Entry.id).where(Entry.contest_id == made.entries_from_id, Entry.state == "enrolled")
    )
    return [each.name for each in derive_entries(made, list(bases))]


def standing(world: World) -> dict[str, list[str]]:
    """Contest → who appears in its entries and the state of these."""
    with world.app.app_context(), reading():
        rows = db.session.execute(
            select(Contest.code, Entry.state, Person.name)
            .join(Entry, Entry.contest_id == Contest.id)
            .outerjoin(EntryPerson, EntryPerson.entry_id == Entry.id)
            .outerjoin(Person, Person.id == EntryPerson.person_id)
            .order_by(Contest.position, Person.position)
        )
        found: dict[str, list[str]] = {}
        for code, state, name in rows:
            found.setdefault(code, []).append(f"{state.value} {(name or 'nobody').split()[-1]}")
        return found


BOTH = ["enrolled Rươl", "enrolled Khôi"]


def taken_in(world: World) -> int:
    made = register(world, household(1))
    approve(world, made.family_id)
    with world.app.app_context(), transaction():
        assert into(world, "chung-ket") and into(world, "thao-cuoi")
    assert standing(world) == {
        "tai-nang": BOTH, "the-thao": ["proposed Chung", "enrolled Chung"], "chung-ket": BOTH, "thao-cuoi": ["enrolled Chung"],
    }  # fmt: skip
    return made.family_id


def test_nobody_registers_for_it_and_it_holds_no_place(final: World) -> None:
    family_id = taken_in(final)
    with final.app.app_context(), reading():
        rules = final.rules()
        assert set(rules.contests) == {"tai-nang", "nau-an", "the-thao"}
        assert {each.code for each in rules.quotas.contests} == set(rules.contests)
        assert set(contests_by_person([family_id]).values()) == {("tai-nang",), ("the-thao",)}
        held = select(Contest.code).join(ContestPlace, ContestPlace.contest_id == Contest.id)
        assert set(db.session.scalars(held)) == {"tai-nang", "the-thao"}
    asked = household(2)
    asked = type(asked)(**{**{name: getattr(asked, name) for name in asked.__dataclass_fields__}, "members": tuple(
        type(each)(**{**{name: getattr(each, name) for name in each.__dataclass_fields__}, "contests": ("chung-ket",)}) for each in asked.members
    )})  # fmt: skip
    register(final, asked)
    assert len(standing(final)["chung-ket"]) == 2  # who asks for it by name is not in it
    officer = final.as_user(final.officer)
    assert "Chung kết" not in officer.get(f"/officer/{final.hon_dat}/families/new").text


def test_a_family_that_withdraws_and_comes_back_is_in_it_again(final: World) -> None:
    family_id = taken_in(final)
    with final.app.app_context(), transaction():
        withdraw_family(final.rules(), family_by_id(family_id), None, "office")
    gone = standing(final)
    assert gone["chung-ket"] == ["withdrawn Rươl", "withdrawn Khôi"] and gone["thao-cuoi"] == ["withdrawn nobody"]
    with final.app.app_context(), transaction():
        family = family_by_id(family_id)
        restore_family(final.rules(), family, family.version, "nhầm", None)
        family = family_by_id(family_id)
        # the family sends its form again, and keeps the contests it had
        again = household_of_family(family, contests_by_person([family_id]))
        change_family(final.rules(), family, again, family.version)
        db.session.execute(update(Family).values(state="submitted"))
    with final.app.app_context(), reading():
        version = family_by_id(family_id).version
    approve(final, family_id, version)
    back = standing(final)
    assert back["chung-ket"] == BOTH and back["thao-cuoi"] == ["enrolled Chung"]


def test_somebody_who_leaves_and_comes_back_is_in_it_again(final: World) -> None:
    family_id = taken_in(final)
    for leaves, expected in ((True, ["enrolled Rươl"]), (False, BOTH)):
        with final.app.app_context(), transaction():
            family = family_by_id(family_id)
            khoi = next(each for each in family.members if each.name.endswith("Khôi"))
            change = take_back if leaves else give_again
            change(final.rules(), family, khoi, ConsentPurpose.TAKING_PART, "in_person")
        found = standing(final)
        assert (found["chung-ket"], found["tai-nang"]) == (expected, expected)


def test_two_who_derive_at_one_moment_make_it_once(final: World) -> None:
    register_and_approve = register(final, household(1))
    approve(final, register_and_approve.family_id)
    made = race(final.app, 4, lambda: into(final, "chung-ket"))
    assert sorted(len(each) for each in made) == [0, 0, 0, 1]  # type: ignore[arg-type]
    assert standing(final)["chung-ket"] == BOTH


def test_where_entries_come_from_stays_once_there_are_some(final: World) -> None:
    taken_in(final)
    for code, origin in (("tai-nang", "nau-an"), ("chung-ket", None)):
        with final.app.app_context(), pytest.raises(Conflict, match="nơi lấy lượt thi"), transaction():
            other = select(Contest.id).where(Contest.code == origin).scalar_subquery() if origin else None
            db.session.execute(update(Contest).where(Contest.code == code).values(entries_from_id=other))
            db.session.expire_all()
            _keep_origins(list(db.session.scalars(select(Contest))))
