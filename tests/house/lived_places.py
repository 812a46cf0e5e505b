"""A delegation is given places and days of its own, and they are taken back; officers are reminded, invited, let in and shut out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import N_
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.registration.allotting import reminding, setting, standing
from festival.registration.allotting.wanted import AllottedPlaces
from festival.registration.inviting import asking, links
from festival.roster.delegations import delegations
from festival.roster.models import Delegation
from festival.roster.rules import rules_of

PASSWORD = "a hash"


def allotted_and_invited(festival_id: int, staff: int) -> None:
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        rules, first = rules_of(festival), _delegations(festival_id)[0]
        contest = next(iter(rules.contests))
        steps = [
            AllottedPlaces((0, 90), 900, {contest: 90}, {contest: 900}),
            AllottedPlaces(people=800),
            AllottedPlaces(),
        ]
        for seen, places in enumerate(steps, start=first.places_version):
            setting.allot(festival, first, rules.contests, places, "công văn", seen, staff)
            db.session.expire_all()
        second = _delegations(festival_id)[1]
        for until in (now() + timedelta(days=3), None, now() + timedelta(days=4)):
            setting.extend(festival, second, until, "mưa lũ", second.places_version, staff)
            db.session.expire_all()
        # whoever lacks nothing is reminded of something for this day
        stands = standing.stands_of(rules_of(festival), _delegations(festival_id)[:1])
        lacking = [replace(each, lacks=(N_("Thiếu."),)) for each in stands]
        assert reminding.remind(festival, [*lacking, *lacking], staff).lately == 1
    with transaction():
        delegation = _delegations(festival_id)[0]
        for seen in (0, 1):
            links.make_invitation(delegation, 7, seen, staff)
        links.revoke(delegation, 2, staff)
        links.revoke(delegation, 2, staff, back=True)
        row = links.invitation_of(delegation.id)
        assert row is not None
        code = links.invitation_code(row)
        for number in (1, 2):
            asked = asking.ask_for_account(code, "Lâm Thị Mai", f"09870000{number:02d}", PASSWORD, f"form {number}")
            assert asked is not None
            if number == 1:
                asking.confirm(asked, 1, staff)
                asking.wait_again(asked, 2, staff)
            else:
                asking.refuse(asked, "nhầm đoàn", 1, staff)
    db.session.expire_all()


def _delegations(festival_id: int) -> list[Delegation]:
    return delegations(festival_id)
