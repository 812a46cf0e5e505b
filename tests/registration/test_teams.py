"""Mixed teams by name: who may be in them, what the rules refuse and warn of, and every way back."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from festival.consent.models import ConsentPurpose
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.registration import changing, decisions, leaving
from festival.registration.asked_changes import deciding
from festival.registration.teams import making
from festival.registration.teams.making import NEW, AtDoor, TypedTeam
from festival.roster import views
from festival.roster.deriving.derived import derive_entries
from festival.roster.families import family_by_id
from festival.roster.models import Entry, EntryState
from festival.roster.outcomes import Done
from festival.roster.teams.models import MixedTeam, TeamMember
from tests.registration.conftest import World, contest, household
from tests.registration.registered import approve, kinds, race, register
from tests.registration.team_kit import SPORT, codes, dissolve, lacks, refused, ruled, save, sealed, stands, taken, two

pytestmark = pytest.mark.either_database


def test_who_is_named_before_the_approval_appears_by_it(world: World) -> None:
    first, second = two(world)
    (mother, father, child), (_mother, _father, other) = codes(world, first, second)
    team = save(world, NEW, 0, [mother, other])
    name, both = "Đoàn huyện Hòn Đất", sorted([mother, other])
    assert stands(world) == [(name, "proposed", both, [])] and taken(world) == 1
    assert isinstance(approve(world, first), Done)
    assert stands(world) == [(name, "enrolled", both, [mother])], "the father was given by his family, and is not named"
    assert isinstance(approve(world, second), Done)
    assert stands(world) == [(name, "enrolled", both, both)]
    assert lacks(world) == ["not_in_a_team"]
    # out and in again
    save(world, team, 1, [mother, father])
    assert stands(world)[0][3] == sorted([mother, father])
    save(world, team, 2, [mother, other, child])
    assert stands(world)[0][3] == sorted([mother, other, child])
    # an approval undone takes its people out, and given again brings them back
    with world.app.app_context():
        with transaction():
            family = family_by_id(first)
            assert isinstance(decisions.undo_approval(world.rules(), family, family.version, "nhầm", None), Done)
        assert stands(world)[0][3] == [other]
        with transaction():
            family = family_by_id(first)
            item = views.view(family, world.rules())
            assert isinstance(decisions.approve(world.rules(), item, family.version, None), Done)
    assert stands(world)[0][3] == sorted([mother, other, child])
    assert taken(world) == 1 and sealed(world)
    assert [kind for kind in kinds(world) if kind.startswith("team.")] == ["team.made", "team.changed", "team.changed"]


def test_a_team_is_dissolved_and_made_again(world: World) -> None:
    first, _second = two(world)
    ((mother, father, _child),) = codes(world, first)
    team = save(world, NEW, 0, [mother, father])
    assert isinstance(approve(world, first), Done)
    with pytest.raises(BadInput):
        dissolve(world, team, 1, "  ")
    assert dissolve(world, team, 1) == "Đoàn huyện Hòn Đất"
    assert stands(world)[-1][1:] == ("withdrawn", [], []) and taken(world) == 0
    with pytest.raises(Overtaken):
        dissolve(world, team, 1)
    save(world, team, 2, [mother])
    assert stands(world)[-1][1:] == ("enrolled", [mother], [mother]) and taken(world) == 1
    assert sealed(world)


def test_a_team_that_stood_by_approvals_is_changed_by_name(world: World) -> None:
    first, second = two(world)
    for each in (first, second):
        assert isinstance(approve(world, each), Done)
    (one, two_) = codes(world, first, second)
    fathers = sorted([one[1], two_[1]])
    assert stands(world) == [("Đoàn huyện Hòn Đất", "enrolled", [], fathers)] and lacks(world) == []
    with world.app.app_context(), reading():
        code = db.session.scalars(select(Entry.code).where(Entry.family_id.is_(None))).one()
    save(world, code, 0, [one[1]], name="Đội Hòn Đất")
    assert stands(world) == [("Đội Hòn Đất", "enrolled", [one[1]], [one[1]])] and taken(world) == 1
    with pytest.raises(Overtaken):
        save(world, code, 0, [two_[1]])
    third = register(world, household(3)).family_id
    assert isinstance(approve(world, third), Done)
    assert stands(world)[0][3] == [one[1]], "from then on an approval alone lets nobody in"
    # dissolved, it keeps whom it named
    assert dissolve(world, code, 1) == "Đội Hòn Đất"
    with world.app.app_context(), reading():
        assert db.session.scalars(select(MixedTeam.former)).one() == [one[1]]
    assert sealed(world)


def test_nobody_is_in_two_teams_and_the_quota_holds(world: World) -> None:
    ruled(world, teams=2)
    first, second = two(world)
    one, other = codes(world, first, second)
    team = save(world, NEW, 0, one[:2])
    assert "Đang ở đội khác" in refused(world, NEW, 0, [one[0], other[0]])
    assert "Đoàn đã có đội tên" in refused(world, NEW, 0, other, name="Đoàn huyện Hòn Đất")
    save(world, NEW, 0, other[:2])
    assert [each[0] for each in stands(world)] == ["Đoàn huyện Hòn Đất", "Đoàn huyện Hòn Đất 2"]
    with pytest.raises(Conflict, match="đủ 2 đội"):
        save(world, NEW, 0, [one[2]])
    dissolve(world, team, 1)
    save(world, NEW, 0, [one[0]])
    with pytest.raises(Conflict, match="đủ 2 đội"):
        save(world, team, 2, [one[1]])
    assert taken(world) == 2 and sealed(world)


@pytest.mark.both_databases
def test_of_many_who_make_the_last_team_one_does(world: World) -> None:
    first, _second = two(world)
    ((mother, father, child),) = codes(world, first)
    who = iter([mother, father, child, mother])
    at = AtDoor(world.officer, office=False, open_now=True)

    def act() -> object:
        try:
            typed = TypedTeam("", (next(who),))
            making.save(world.rules(), world.delegation(), SPORT, NEW, 0, typed, at)
        except (BadInput, Conflict) as no:
            return type(no)
        return Done

    assert Counter(race(world.app, 4, act))[Done] == 1
    assert taken(world) == 1 and len(stands(world)) == 1


@pytest.mark.both_databases
def test_two_teams_with_one_person_are_refused_by_the_table(world: World) -> None:
    """Writing without having asked is what the key stands against."""
    ruled(world, teams=2)
    first, second = two(world)
    one, other = codes(world, first, second)
    save(world, NEW, 0, one)
    save(world, NEW, 0, other)
    with world.app.app_context(), pytest.raises(IntegrityError), transaction():
        rows = db.session.scalars(select(TeamMember).order_by(TeamMember.entry_id)).all()
        naive = TeamMember(contest_id=rows[0].contest_id, person_id=rows[0].person_id, entry_id=rows[-1].entry_id)
        db.session.expunge_all()
        db.session.add(naive)


def test_the_rules_refuse_and_warn(world: World) -> None:
    ruled(world, {"what": "families", "least": 2}, {"what": "women", "least": 2, "otherwise": "warn"}, most=3)
    first, second = two(world)
    one, other = codes(world, first, second)
    assert lacks(world) == ["not_in_a_team"]
    assert "ít nhất 2 gia đình, đang có 1" in refused(world, NEW, 0, one, "vì thế")
    assert "nhiều nhất 3 người, đang có 4" in refused(world, NEW, 0, [*one, other[0]])
    assert "ghi lý do" in refused(world, NEW, 0, [one[0], other[1]])
    assert "Chưa chọn ai" in refused(world, NEW, 0, [])
    assert "Không còn tham gia" in refused(world, NEW, 0, [one[0], other[0], "không có"])
    team = save(world, NEW, 0, [one[0], other[1]], "bà Hai ốm, không ai thay")
    with world.app.app_context(), reading():
        assert db.session.scalars(select(MixedTeam.reason)).one() == "bà Hai ốm, không ai thay"
    assert lacks(world) == ["not_in_a_team"], "what stands with a reason lacks nothing"
    # nothing warns: no reason is kept
    save(world, team, 1, [one[0], other[0]], "thừa")
    with world.app.app_context():
        with reading():
            assert db.session.scalars(select(MixedTeam.reason)).one() == ""
        # a family withdraws: the team is not what the rules say any more, and the desk says it
        with transaction():
            assert isinstance(decisions.withdraw_family(world.rules(), family_by_id(second), None, "officer"), Done)
    assert set(lacks(world)) == {"team_lacks", "not_in_a_team"} and sealed(world)


def test_a_contest_with_a_composition_has_no_team_by_itself(world: World) -> None:
    ruled(world, {"what": "families", "least": 2})
    first, second = two(world)
    for each in (first, second):
        assert isinstance(approve(world, each), Done)
    assert stands(world) == [] and taken(world) == 0
    one, other = codes(world, first, second)
    save(world, NEW, 0, [one[1], other[1]])
    assert stands(world)[0][3] == sorted([one[1], other[1]])


def test_who_is_taken_off_by_the_family_leaves_and_who_comes_back_is_in_it_again(world: World) -> None:
    first, second = two(world)
    one, other = codes(world, first, second)
    save(world, NEW, 0, [one[0], one[1], other[1]])
    # not sent for approval again yet: the family's own page shows the mother in the team, and takes the father off
    with world.app.app_context(), transaction():
        family = family_by_id(first)
        home = views.view(family, world.rules()).household
        assert [SPORT in each.contests for each in home.members] == [True, True, False]
        off = replace(home, members=(home.members[0], replace(home.members[1], contests=()), home.members[2]))
        assert isinstance(changing.change_family(world.rules(), family, off, family.version), Done)
    assert stands(world)[0][2] == sorted([one[0], other[1]])
    for each, version in ((first, 2), (second, 1)):
        assert isinstance(approve(world, each, version), Done)
    assert stands(world)[0][3] == sorted([one[0], other[1]])
    with world.app.app_context():
        with transaction():
            family = family_by_id(second)
            father = family.members[1]
            assert leaving.take_back(world.rules(), family, father, ConsentPurpose.TAKING_PART, "in_person")
        assert stands(world)[0][2:] == (sorted([one[0], other[1]]), [one[0]])
        with transaction():
            family = family_by_id(second)
            leaving.give_again(world.rules(), family, family.members[1], ConsentPurpose.TAKING_PART, "in_person")
    assert stands(world)[0][3] == sorted([one[0], other[1]]) and sealed(world)
    # after the approval by a change that the organiser accepts
    with world.app.app_context():
        with transaction():
            family = family_by_id(second)
            home = deciding.household_now(world.rules(), family)
            off = replace(home, members=(home.members[0], replace(home.members[1], contests=()), home.members[2]))
            deciding.ask(world.rules(), family, family.version, off, "bận", "officer", world.officer)
        with transaction():
            change = db.session.scalars(select(deciding.FamilyChange)).one()
            deciding.approve(world.rules(), change, world.organiser)
    assert stands(world)[0][2:] == ([one[0]], [one[0]]) and sealed(world)


def test_a_final_follows_its_team(world: World) -> None:
    first, second = two(world)
    one, other = codes(world, first, second)
    team = save(world, NEW, 0, [one[0], other[0]])
    for each in (first, second):
        assert isinstance(approve(world, each), Done)
    with world.app.app_context(), transaction():
        base = db.session.scalars(select(Contest).where(Contest.code == SPORT)).one()
        final = contest(base.festival_id, "cuoi", "Chung kết", 9, 1, base.entrant)
        final.entries_from_id = base.id
        db.session.add(final)
        db.session.flush()
        derive_entries(final, [db.session.scalars(select(Entry.id).where(Entry.code == team)).one()])
    save(world, team, 1, [one[0], one[1]])
    assert [each[3] for each in stands(world)] == [sorted(one[:2])] * 2


def test_who_may_change_a_team_and_until_when(world: World) -> None:
    first, second = two(world)
    one, _other = codes(world, first, second)
    with pytest.raises(Conflict, match="Đăng ký đang đóng"):
        save(world, NEW, 0, one, open_now=False)
    team = save(world, NEW, 0, one, office=True, open_now=False)
    with world.app.app_context(), transaction():
        db.session.execute(update(Contest).values(rules_fixed_at=now()))
    with pytest.raises(Conflict, match="đã có điểm"):
        save(world, team, 1, one[:1], office=True)
    with pytest.raises(Conflict, match="đã có điểm"):
        dissolve(world, team, 1)


def test_who_tampers_with_a_team_is_seen(world: World) -> None:
    first, second = two(world)
    one, other = codes(world, first, second)
    save(world, NEW, 0, [one[0], other[0]])
    assert sealed(world)
    of_team = update(Entry).where(Entry.family_id.is_(None))
    with world.app.app_context(), reading():
        mother, father = (each.id for each in family_by_id(first).members[:2])
    swapped = update(TeamMember).where(TeamMember.person_id == mother).values(person_id=father)
    for change, columns in (
        (update(MixedTeam).values(reason="khác"), ["reason"]),
        (of_team.values(name="Khác"), ["name", "reason"]),
        (swapped, ["members", "name", "reason"]),
        (of_team.values(state=EntryState.WITHDRAWN), ["dissolved", "members", "name", "reason"]),
    ):
        with world.app.app_context():
            with transaction():
                db.session.execute(change.execution_options(synchronize_session=False))
            with snapshot():
                assert sorted(each.column for _seal, each in inspect().named()) == columns
