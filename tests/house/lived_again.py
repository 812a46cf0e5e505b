"""What a day of a festival takes back, does twice, and does by another road: the second half of `lived_day`."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from festival.consent.models import ConsentPurpose
from festival.consent.rules import Ticks
from festival.contests.models import Contest, Judge
from festival.core.births import Birth
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.devices.handlers import DeviceRole, DeviceView
from festival.editions.models import Festival
from festival.judging.matches.ordering import OrderTaken, drop_order, note_order, to_be_placed
from festival.judging.tablets.whose_tablet import tell_of_another
from festival.judging.tally import read_tally
from festival.messages import announcing
from festival.messages.announcing import ToWhom
from festival.messages.gathered import told
from festival.messages.gathered.reading import notices
from festival.messages.models import Audience, ToldWay
from festival.office.festival_import import import_festival, read_file
from festival.passes.issue import reissue_pass
from festival.passes.renewing import latest, renew_all
from festival.privacy.ethnic import agreeing as ethnic
from festival.privacy.models import AskedFor, RequestState
from festival.privacy.requests import dealing
from festival.registration.asked_changes import deciding
from festival.registration.asked_changes.models import FamilyChange
from festival.registration.asked_changes.queries import changes_of
from festival.registration.coming_back.bringing_back import BackAgain, bring_back
from festival.registration.decisions import approve, restore_family, withdraw_family
from festival.registration.guarding import held, tails
from festival.registration.leaving import give_again, take_back
from festival.registration.models import MISSES_MOST, HeldDecision, HeldWhy
from festival.registration.officer.settling import settle
from festival.registration.outcomes import NotLookedAt
from festival.registration.receiving import choose_receiver, grown_ups
from festival.roster.links.of_families import replace_link
from festival.roster.models import Departure, Family, FamilyState
from festival.roster.outcomes import Done
from festival.roster.rules import Rules, rules_of
from festival.roster.views import view


def held_and_restored(festival_id: int, staff: int) -> None:
    """Two registrations wait for a look: one is another family, one the same once more; that one comes back and waits again."""
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        other, same = db.session.scalars(
            select(Family)
            .where(Family.festival_id == festival_id, Family.state.in_(held.UNDECIDED))
            .order_by(Family.state == FamilyState.SUBMITTED, Family.id)
            .limit(2)
        ).all()
        held.hold(rules.festival, other.id, other.code, HeldWhy.SAME_HOUSEHOLD, same)
        held.hold(rules.festival, other.id, other.code, HeldWhy.FILLED_TRAP)
        held.hold(rules.festival, same.id, same.code, HeldWhy.SAME_HOUSEHOLD, other)
        if not view(other, rules).lacks:
            assert approve(rules, view(other, rules), other.version, staff) == NotLookedAt()
        assert settle(rules, other, HeldDecision.NEW, staff, "cán bộ")
        assert settle(rules, same, HeldDecision.SAME, staff, "cán bộ")
        db.session.expire_all()
        assert same.state is FamilyState.WITHDRAWN
        assert isinstance(restore_family(rules, same, same.version, "rút nhầm", staff), Done)
        # It is withdrawn by its family before anybody has looked: nothing is left to say of it.
        db.session.expire_all()
        assert isinstance(withdraw_family(rules, same, None, "gia đình"), Done)
        db.session.expire_all()
        assert not settle(rules, same, HeldDecision.NEW, staff, "cán bộ")


def withdrawn_and_back(festival_id: int, staff: int) -> None:
    """An approved family withdraws by its link and comes back by it, is withdrawn by its officer and comes back as a draft."""
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        approved = (Family.festival_id == festival_id, Family.state == FamilyState.APPROVED)
        family = db.session.scalars(select(Family).where(*approved).order_by(Family.id.desc()).limit(1)).one()
        assert isinstance(withdraw_family(rules, family, None, "link", "link"), Done)
        db.session.expire_all()
        assert isinstance(bring_back(rules, family, family.version, "đến được", staff), BackAgain)
        db.session.expire_all()
        assert family.state is FamilyState.APPROVED
        waiting = select(Family).where(Family.festival_id == festival_id, Family.state == FamilyState.SUBMITTED)
        other = db.session.scalars(waiting.order_by(Family.id).limit(1)).first()
        if other is not None:
            assert isinstance(withdraw_family(rules, other, None, "cán bộ", "officer"), Done)
            db.session.expire_all()
            assert isinstance(bring_back(rules, other, other.version, "nhầm", staff), BackAgain)


def changed_after_approval(festival_id: int, staff: int) -> None:
    """A spelling is corrected at once, a birth asked, approved and undone, another refused, a third taken back."""
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        approved = (Family.festival_id == festival_id, Family.state == FamilyState.APPROVED)
        family = db.session.scalars(select(Family).where(*approved).order_by(Family.id.desc()).limit(1)).one()

        def asked(road: str, **values: object) -> FamilyChange:
            db.session.expire_all()
            home = deciding.household_now(rules, family)
            wanted = replace(home, members=(*home.members[:-1], replace(home.members[-1], **values)))  # type: ignore[arg-type]
            db.session.expire_all()
            deciding.ask(rules, family, family.version, wanted, "ghi nhầm", road, None if road == "link" else staff)
            return changes_of(family.id)[0].row

        last = deciding.household_now(rules, family).members[-1]
        year = last.birth.year if last.birth else 2000
        asked("officer", name=f"{last.name} Em")
        change = asked("link", birth=Birth(year - 1))
        deciding.approve(rules, change, staff)
        deciding.undo(rules, change, "nhầm", staff)
        deciding.refuse(rules, asked("officer", birth=Birth(year - 1)), "giấy tờ ghi khác", staff)
        deciding.take_back(rules, asked("link", birth=Birth(year - 1)), None)


def left_and_back(festival_id: int, staff: int) -> None:
    """Agreements are taken back: of publication, of somebody who comes back, of somebody who does not; links and passes."""
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        first, second, third = db.session.scalars(
            select(Family)
            .where(Family.festival_id == festival_id, Family.state == FamilyState.APPROVED)
            .order_by(Family.id)
            .limit(3)
        ).all()
        leader = first.members[0]
        assert take_back(rules, first, leader, ConsentPurpose.PUBLISH, "link")
        _led_by_another(rules, second)
        assert take_back(rules, third, third.members[-1], ConsentPurpose.TAKING_PART, "phone")
        db.session.expire_all()
        replace_link(rules, first, staff)
        for person in (*grown_ups(first)[-1:], *grown_ups(first)[:1]):
            choose_receiver(rules.festival, first, person.code, "officer", staff)
        for _guess in range(MISSES_MOST):
            tails.guess(first, False)
        assert tails.open_again(rules.festival, first, staff)
        reissue_pass(rules, second, staff)
        until = latest(festival_id)
    renew_all(db.session.get_one(Festival, festival_id), until, "in lại", staff)
    db.session.rollback()


def _led_by_another(rules: Rules, family: Family) -> None:
    """Who leads leaves, the family is called after somebody else; then comes back and it is called as before."""
    leader, called = family.members[0], family.name
    assert take_back(rules, family, leader, ConsentPurpose.TAKING_PART, "in_person")
    db.session.expire_all()
    assert family.name != called
    give_again(rules, family, leader, ConsentPurpose.TAKING_PART, "paper")
    db.session.expire_all()
    back = select(Departure.back_at).where(Departure.person_id == leader.id)
    assert db.session.scalars(back).one() is not None and family.name == called


def second_tablet(festival_id: int) -> None:
    """A judge opened another tablet."""
    with transaction():
        judge = db.session.scalars(select(Judge).where(Judge.marks).order_by(Judge.id)).first()
        assert judge is not None
        tablet = DeviceView(0, "x", 99, "", DeviceRole.JUDGE.value, judge.user_id, "", festival_id)
        tell_of_another(tablet, [7])


def final_order(staff: int) -> None:
    """Typed, corrected, taken back, typed again."""
    with transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == "cau-long")).one()
        codes = sorted(to_be_placed(read_tally(contest)))
        order = [[code] for code in codes]
        base = read_tally(contest).order_version

        def noted(places: list[list[str]], after: int) -> None:
            assert note_order(contest.id, places, after, staff) == OrderTaken(after + 1)

        noted(order[1:] + order[:1], base)
        noted(order[2:] + order[:2], base + 1)
        drop_order(contest.id, base + 2, staff)
        noted(order, base + 3)
        noted(order[::-1], base + 4)


def imported_again(festival_id: int) -> None:
    """The file once more, with another quota; a contest that has marks is renamed, one of its criteria too."""
    with transaction():
        document: dict[str, Any] = json.loads(json.dumps(db.session.get_one(Festival, festival_id).ruleset))
        document["quotas"]["members_per_family"]["max"] += 1
        talent = next(each for each in document["contests"] if each["code"] == "tai-nang")
        talent["name"], talent["criteria"][0]["name"] = "Tài năng gia đình", "Nội dung tiết mục"
        assert db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one().rules_fixed_at is not None
        assert len(import_festival(read_file(json.dumps(document).encode())).changes) == 3


def announced(festival_id: int, staff: int) -> None:
    """To all, corrected, withdrawn and put up again; to a delegation, withdrawn for good."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        delegation_id = db.session.scalars(select(Family.delegation_id).order_by(Family.id).limit(1)).one()
        until = now() + timedelta(hours=3)
        rain = announcing.announce(festival, "mua", ToWhom(Audience.ALL), "Mưa, thi trong nhà", until, staff)
        row = announcing.announcement(festival, rain)
        announcing.correct(row, 1, "Tạnh mưa, thi ở sân", until, staff)
        announcing.withdraw(row, 2, staff)
        announcing.put_up_again(row, 3, staff)
        bus = ToWhom(Audience.DELEGATION, delegation_id=delegation_id)
        announcing.withdraw(
            announcing.announcement(festival, announcing.announce(festival, "xe", bus, "Xe về 17 giờ", until, staff)),
            1,
            staff,
        )


def turns_told(festival_id: int, staff: int) -> None:
    """All are told by hand what is published; one group not after all; letters note nobody twice."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        every = [each["said"] for each in notices(festival)]
        assert told.tell(festival, every, ToldWay.BY_HAND, staff) == len(every) > 4
        assert told.tell(festival, every, ToldWay.LETTER, staff) == 0
        told.take_back(festival, every[0], staff)


def asked_about_data(festival_id: int, staff: int) -> None:
    """Requests of every end, one opened again, a day off written down."""
    with transaction():
        family = db.session.scalars(select(Family).where(Family.festival_id == festival_id).order_by(Family.id)).first()
        assert family is not None
        see = dealing.ask(family, family.members[0], AskedFor.SEE, "", "link")
        dealing.answer(see, "Đến quầy nhận bản in.", staff)
        dealing.close(see, RequestState.DONE, "Đã trao bản in.", staff)
        correct = dealing.ask(family, None, AskedFor.CORRECT, "Sai năm sinh", "phone", staff)
        dealing.close(correct, RequestState.REFUSED, "Đúng như giấy khai sinh.", staff)
        dealing.reopen(correct, staff)
        erase = dealing.ask(family, None, AskedFor.ERASE, "", "link")
        dealing.grant_erasure(erase, staff)
        dealing.close(erase, RequestState.TAKEN_BACK, "", None)
        head = family.members[0]
        ethnic.write_down(family, head, "05", Ticks(agreed=True, guardian=head.name), "link")
        ethnic.take_back(family, head, "link")
        ethnic.write_down(family, head, "01", Ticks(agreed=True, guardian=head.name), "link")
