"""Somebody comes in for somebody else on the morning itself: said before, done in one tap, followed everywhere, undone."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from festival.acts import keeping, telling
from festival.acts.facts import ActFacts
from festival.consent.models import Consent, ConsentPurpose
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, Unavailability
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.judging.substituting import doing
from festival.judging.substituting.models import Substitution, SubstitutionState
from festival.judging.substituting.wanted import wanted
from festival.roster import families
from festival.roster.models import Entry, FamilyState
from festival.roster.teams.standing import let_stand
from festival.schedule.models import Act, ActState
from tests.house.test_statements import statements
from tests.registration.conftest import World
from tests.registration.morning import FIRST, RESERVE, SECOND, Morning, begun
from tests.registration.pages_kit import post, words
from tests.registration.registered import kinds, race
from tests.registration.team_kit import ruled, save, stands

pytestmark = pytest.mark.either_database

MOTHER, CHUNG, KHOI = 0, 1, 2
OURS = ("registration", "substitutions", "acts")


def differences(world: World) -> list[str]:
    """What is not as the ledger says; the judge and the turns of the morning were set without it."""
    with world.app.app_context(), snapshot():
        return [f"{seal}: {each.table}.{each.column}" for seal, each in inspect().named() if seal in OURS]


def clean(world: World) -> bool:
    return differences(world) == []


def names_in(day: Morning, number: int) -> list[str]:
    """Who performs in the family's own entry."""
    return next(row[-1] for row in day.stands()["entries"] if row[6] == day.families[number] and row[2])  # type: ignore[union-attr, attr-defined]


def test_one_performer_comes_in_for_another_of_the_family(world: World) -> None:
    day = begun(world)
    before, choice = day.stands(), day.performer(FIRST, KHOI, CHUNG)
    organiser = world.as_user(world.organiser)
    entry, leaves, comes = choice.split("-")
    led = organiser.get(day.page(FIRST), query_string={"entry": entry, "out": leaves, "in": comes})
    assert (led.status_code, led.location) == (302, day.page(FIRST, choice))
    said = words(organiser.get(led.location))
    for told in (
        "Danh Chung vào thay Danh Minh Khôi", "Danh Chung tự đồng ý.", "giữ số báo danh 1 và lượt", "Sân khấu A",
        "Không giám khảo nào có quan hệ", "Thẻ của gia đình vẫn dùng được.", "in lại hoặc sửa tay",
    ):  # fmt: skip
        assert told in said, told
    assert day.stands() == before and day.states() == [], "nothing is written by looking"
    refused = day.substitute(FIRST, choice, agreed="", why="cháu sốt")
    assert refused.status_code == 400 and 'value="cháu sốt"' in refused.text
    assert "Hãy hỏi những người phải đồng ý" in words(refused)
    done = day.substitute(FIRST, choice)
    assert done.status_code == 302 and "Đã thay" in words(organiser.get(done.location))
    mother = names_in(day, FIRST)[0]
    assert [name.split(" ")[-2] for name in names_in(day, FIRST)] == [mother.split(" ")[-2], "Chung"]
    after = day.stands()
    assert [row[:9] for row in after["entries"]] == [row[:9] for row in before["entries"]]  # type: ignore[attr-defined]
    assert after["passes"] == before["passes"] and clean(world)
    again = day.substitute(FIRST, choice)
    assert again.status_code == 409 and "không còn trong" in words(again), "who is out does not leave once more"
    assert day.decide("undo").status_code == 302
    assert day.stands() == before and day.states() == ["undone"] and clean(world)
    assert [kind for kind in kinds(world) if kind.startswith("substitution")] == [
        "substitution.asked", "substitution.decided", "substitution.decided",
    ]  # fmt: skip


def test_a_performer_of_another_family_comes_into_the_team(world: World) -> None:
    day = begun(world)
    before = day.stands()
    choice = day.performer(FIRST, CHUNG, KHOI, SECOND)
    said = words(world.as_user(world.organiser).get(day.page(FIRST, choice)))
    assert "Thạch Thị Sa Rươl" not in said.split("Ai phải đồng ý")[1].split("Khi thay")[0]
    assert "và chính bạn ấy đồng ý (từ 7 tuổi)" in said
    assert day.substitute(FIRST, choice).status_code == 302
    with world.app.app_context(), reading():
        team = day.team().id
    in_team = next(row[-1] for row in day.stands()["entries"] if row[0] == team)  # type: ignore[attr-defined]
    assert in_team == [f"Danh Chung {day.families[SECOND]}", f"Danh Minh Khôi {day.families[SECOND]}"]
    assert clean(world)
    # whose family lends somebody says so under its own name too
    assert "substitution.lent" in kinds(world)
    assert day.decide("undo").status_code == 302
    assert [row[-1] for row in day.stands()["entries"]] == [row[-1] for row in before["entries"]]  # type: ignore[attr-defined]
    assert clean(world)


def test_who_comes_into_a_team_made_by_name_is_named_for_it(world: World) -> None:
    day = begun(world)
    with world.app.app_context(), reading():
        team, chung, khoi = day.team().code, day.person(FIRST, CHUNG).code, day.person(SECOND, KHOI).code
        others = [day.person(SECOND, CHUNG).code]
    save(world, team, 0, [chung, *others], by=world.organiser, office=True)
    before = stands(world)
    ruled(world, {"what": "ages", "from": 18, "to": 99, "least": len(others) + 1, "otherwise": "refuse"}, most=9)
    page = words(world.as_user(world.organiser).get(day.page(FIRST, day.performer(FIRST, CHUNG, KHOI, SECOND))))
    assert "Đội cần ít nhất" in page and "Thay ngay" not in page, "a child does not make the team one of grown-ups"
    # what it was outside of before the change bars nobody from changing places
    ruled(world, {"what": "members", "least": 5, "otherwise": "refuse"}, most=9)
    assert day.substitute(FIRST, day.performer(FIRST, CHUNG, KHOI, SECOND)).status_code == 302
    with world.app.app_context(), transaction():
        let_stand(world.delegation().id)  # as the next approval does
    (_name, _state, named, appear) = stands(world)[0]
    assert set(named) == set(appear) == {khoi, *others} and clean(world)
    assert day.decide("undo").status_code == 302
    assert stands(world) == before and clean(world)


def test_a_family_in_reserve_comes_in_with_number_turn_and_pass(world: World) -> None:
    day = begun(world)
    before = day.stands()
    said = words(world.as_user(world.organiser).get(day.page(FIRST, day.family())))
    for told in ("được gọi lên từ dự bị và có thẻ mới", "thẻ hết hiệu lực", "giữ số báo danh 1", "Ai phải đồng ý"):
        assert told in said, told
    assert day.substitute(FIRST, day.family()).status_code == 302
    after = day.stands()
    one, two, reserve = (day.families[number] for number in (FIRST, SECOND, RESERVE))
    assert after["passes"] == sorted([two, reserve]) and after["approved"] == before["approved"]
    assert after["places"] == before["places"]
    assert after["families"] == [
        (one, FamilyState.WITHDRAWN, None), (two, FamilyState.APPROVED, None), (reserve, FamilyState.APPROVED, None)
    ]  # fmt: skip
    was = next(row for row in before["entries"] if row[2] == 1)  # type: ignore[attr-defined]
    now_ = next(row for row in after["entries"] if row[2] == 1)  # type: ignore[attr-defined]
    assert (now_[0], now_[1], now_[7], now_[8]) == (was[0], was[1], was[7], was[8]), (
        "the same entry, code, act and time"
    )
    assert now_[6] == reserve and all(name.endswith(reserve) for name in now_[-1]) and was[3] != now_[3]
    assert clean(world)
    assert day.decide("undo").status_code == 302
    assert day.stands() == before and clean(world), "everything stands as it stood"


def test_what_was_said_of_the_act_and_its_track_go_with_the_family(world: World) -> None:
    day = begun(world)
    with world.app.app_context(), transaction():
        festival = world.rules().festival
        own, theirs = day.entry(FIRST), day.entry(RESERVE)
        telling.tell(festival, own, ActFacts(title="Điệu lý", minutes=4), 0, "", "officer", world.officer)
        telling.tell(festival, theirs, ActFacts(title="Bài ca", words="Hai dòng"), 0, "", "officer", world.officer)
        keeping.note_usb(festival, own, world.organiser)

    def act() -> tuple[str, str, int | None, list[int]]:
        """Title, words for the MC, minutes, the tracks that stand, of number 1."""
        with world.app.app_context(), reading():
            entry = db.session.scalars(select(Entry).where(Entry.number == 1)).one()
            facts = telling.facts_of(entry, telling.versions_of(entry.id)[0])
            tracks = [row.number for row in keeping.files_of(entry.id) if row.standing]
            return facts.title, facts.words, facts.minutes, tracks

    assert act() == ("Điệu lý", "", 4, [1])
    said = words(world.as_user(world.organiser).get(day.page(FIRST, day.family())))
    assert "nhạc nền, ảnh của Gia đình bà Thạch Thị Sa Rươl thôi dùng" in said
    assert day.substitute(FIRST, day.family()).status_code == 302
    assert act() == ("Bài ca", "Hai dòng", None, [])
    with world.app.app_context(), transaction():
        keeping.note_usb(world.rules().festival, day.entry(RESERVE), world.organiser)
    assert act()[3] == [2] and clean(world)
    assert day.decide("undo").status_code == 302
    assert act() == ("Điệu lý", "", 4, [1]) and clean(world)


def test_the_way_back_ends_when_the_act_is_on_stage(world: World) -> None:
    day = begun(world)
    assert day.substitute(FIRST, day.performer(FIRST, KHOI, CHUNG)).status_code == 302
    day.calls(1)
    page = f"/office/substitutions/{world.hon_dat}/1"
    assert "đã lên sân khấu" in words(world.as_user(world.organiser).get(page))
    with world.app.app_context(), pytest.raises(Conflict, match="đã lên sân khấu"), transaction():
        row = db.session.scalars(select(Substitution)).one()
        doing.undo(world.rules(), row, "nhầm", world.organiser)
    day.calls(1, ActState.READY)
    assert day.decide("undo").status_code == 302 and day.states() == ["undone"]


def test_what_stands_against_it_is_said_and_refused(world: World) -> None:
    """Each case: made, read on the page, refused by the deed, nothing written; taken away again it is possible."""
    day = begun(world)
    own, whole = day.performer(SECOND, KHOI, CHUNG), day.family()
    organiser = world.as_user(world.organiser)

    def refused(choice: str, why: str) -> None:
        before = day.stands()
        page = words(organiser.get(day.page(SECOND, choice)))
        assert why in page and "Thay ngay" not in page, page
        with world.app.app_context(), pytest.raises(Conflict, match=why), transaction():
            family = families.family_by_code(day.families[SECOND])
            asked = wanted(family, choice, all_told=True)
            doing.ask(world.rules(), asked, family.version, "ốm", "office", world.organiser)
        assert day.stands() == before and day.states() == []

    day.calls(2)
    refused(own, "đã lên sân khấu")
    refused(whole, "đã lên sân khấu")
    day.calls(2, ActState.WAITING)
    # the agreement of who comes in was taken back
    with world.app.app_context(), transaction():
        chung = day.person(RESERVE, CHUNG).id
        given = (Consent.person_id == chung, Consent.purpose == ConsentPurpose.TAKING_PART)
        db.session.execute(update(Consent).where(*given).values(withdrawn_at=now()))
    refused(whole, "Danh Chung chưa đồng ý tham gia ngày hội")
    with world.app.app_context(), transaction():
        db.session.execute(update(Consent).where(*given).values(withdrawn_at=None))
    # nobody would be left to mark
    with world.app.app_context(), transaction():
        lan = db.session.scalars(select(Judge).where(Judge.user_id == day.judge)).one()
        tie = Unavailability(judge_id=lan.id, family_id=day.id(RESERVE), reason="cháu dự thi", noted_at=now())
        db.session.add(tie)
    refused(whole, "không còn ai chấm")
    # a second judge is left: told, not refused
    with world.app.app_context(), transaction():
        talent = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        db.session.add(Judge(contest_id=talent.id, user_id=day.mc, seat=PanelSeat.MEMBER, letter="B"))
    page = words(organiser.get(day.page(SECOND, whole)))
    assert "Giám khảo Danh Thị Lan có quan hệ với người vào thay" in page and "Thay ngay" in page
    # the team has no room, the contest is locked
    with world.app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "the-thao").values(performers_max=1))
    refused(whole, "nhiều nhất 1 người")
    with world.app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.code == "the-thao").values(performers_max=None))
        db.session.execute(update(Contest).where(Contest.code == "tai-nang").values(state=ContestState.LOCKED))
    refused(whole, "đã khóa")


def test_a_clash_with_the_timetable_is_said_and_refused(world: World) -> None:
    """Khôi of the second family into the team that plays while his mother's act is on: two places at one time."""
    day = begun(world)
    with world.app.app_context(), transaction():
        # the second family has nobody in the team, which plays while it performs
        chung, team = day.person(SECOND, CHUNG), day.team()
        db.session.execute(
            update(Act)
            .where(Act.entry_id == team.id)
            .values(starts_at=select(Act.starts_at).where(Act.entry_id == day.entry(SECOND).id).scalar_subquery())
        )
        mother = day.person(FIRST, MOTHER)
        families = (chung.family, mother.family)
        doing.exchange_people(world.rules().festival, team, chung, mother, families, None)  # type: ignore[arg-type]
    choice = day.performer(FIRST, CHUNG, KHOI, SECOND)
    page = words(world.as_user(world.organiser).get(day.page(FIRST, choice)))
    assert "phải ở hai nơi cùng lúc" in page and "Thay ngay" not in page
    with world.app.app_context(), transaction():
        db.session.execute(update(Act).where(Act.entry_id == team.id).values(starts_at=now() + timedelta(hours=9)))
    assert "Thay ngay" in words(world.as_user(world.organiser).get(day.page(FIRST, choice)))


def test_an_officer_asks_and_the_organiser_answers(world: World) -> None:
    day = begun(world)
    before, choice = day.stands(), day.performer(FIRST, KHOI, CHUNG)
    assert day.ask(FIRST, choice).status_code == 302
    assert day.stands() == before and day.states() == ["waiting"]
    officer, organiser = world.as_user(world.officer), world.as_user(world.organiser)
    assert "Rút lại yêu cầu" in words(officer.get(day.officers(FIRST)))
    assert "Chờ Ban Tổ chức" in words(organiser.get("/office/substitutions"))
    assert "1 yêu cầu thay người, thay gia đình" in words(organiser.get("/office"))
    twice = day.ask(FIRST, choice)
    assert twice.status_code == 409 and "đang chờ Ban Tổ chức" in words(twice) and 'value="ốm sáng nay"' in twice.text
    back = f"/delegation/{world.hon_dat}/families/{day.families[FIRST]}/substitutions/1"
    assert post(officer, back, {}, page=day.officers(FIRST)).status_code == 302
    assert day.states() == ["taken_back"]
    assert post(officer, back, {}, page=day.officers(FIRST) + f"/{choice}").status_code == 409, "it is over"
    assert day.ask(FIRST, choice).status_code == 302 and day.decide("refuse", 2).status_code == 302
    assert "đã khỏe lại" in words(officer.get(day.officers(FIRST)))
    assert day.ask(FIRST, day.family()).status_code == 302
    assert "được gọi lên từ dự bị" in words(organiser.get(f"/office/substitutions/{world.hon_dat}/3"))
    assert day.decide("do", 3).status_code == 302
    assert day.states() == ["taken_back", "refused", "done"] and clean(world)
    other = world.as_user(world.other_officer)
    assert other.get(day.officers(FIRST)).status_code == 404


@pytest.mark.both_databases
def test_of_two_who_decide_at_once_one_does_it(world: World) -> None:
    day = begun(world)
    assert day.ask(FIRST, day.family()).status_code == 302

    def decide() -> object:
        try:
            doing.do(world.rules(), db.session.scalars(select(Substitution)).one(), world.organiser)
        except (Conflict, Overtaken) as refused:
            db.session.rollback()
            return refused
        return "done"

    assert race(world.app, 4, decide).count("done") == 1
    assert day.states() == ["done"] and kinds(world).count("substitution.decided") == 1 and clean(world)


@pytest.mark.both_databases
def test_looking_first_and_doing_then_does_it_twice(world: World) -> None:
    """The naive control: all see that it waits, all write."""
    day = begun(world)
    assert day.ask(FIRST, day.performer(FIRST, KHOI, CHUNG)).status_code == 302
    looked, wrote = threading.Barrier(4), []

    def naive() -> None:
        with world.app.app_context():
            with reading():
                waits = db.session.scalar(select(Substitution.state)) is SubstitutionState.WAITING
            looked.wait(30)
            if waits:
                with transaction():
                    values = {"state": SubstitutionState.DONE, "decided_at": now()}
                    db.session.execute(update(Substitution).values(values))
                wrote.append(True)
            db.session.remove()

    threads = [threading.Thread(target=naive) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(wrote) > 1


def test_what_was_moved_outside_the_ledger_is_found(world: World) -> None:
    day = begun(world)
    assert day.substitute(FIRST, day.family()).status_code == 302 and clean(world)
    with world.app.app_context(), transaction():
        db.session.execute(update(Substitution).values(state=SubstitutionState.REFUSED))
        db.session.execute(update(Entry).where(Entry.number == 1).values(family_id=None))
    assert Counter(differences(world)) == {"substitutions: substitution.state": 1, "substitutions: entry.family": 1}


def test_a_page_asks_at_most_twenty_two_things(world: World) -> None:
    """Two more than other pages: who is in the team by now, which other team names the one who comes, what the timetable keeps."""
    day = begun(world)
    team, whole = day.performer(FIRST, CHUNG, KHOI, SECOND), day.family()
    assert day.ask(FIRST, team).status_code == day.ask(FIRST, whole).status_code == 302
    organiser, officer = world.as_user(world.organiser), world.as_user(world.officer)
    pages = [(organiser, f"/office/substitutions/{world.hon_dat}/{number}") for number in (1, 2)]
    pages += [(organiser, day.page(FIRST, each)) for each in ("", team, whole)]
    pages += [(officer, f"{day.officers(FIRST)}/{each}".rstrip("/")) for each in ("", team, whole)]
    asked = {}
    for client, page in pages:
        assert client.get(page).status_code == 200
        with statements(world.app) as seen:
            client.get(page)
        asked[page] = len(seen)
    assert {page: number for page, number in asked.items() if number > 22} == {}
