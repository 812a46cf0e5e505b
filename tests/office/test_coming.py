"""Does the lead see, act by act, which performers have not come, and whom to call?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.contests.models import Contest
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import reading, transaction
from festival.office.gates.coming import coming_acts
from festival.roster.models import Entry, EntryPerson, Person
from festival.schedule.models import Act, ActState, Plan
from tests.portal.test_delegation_page import MORNING, come, let_in

pytestmark = pytest.mark.either_database


def test_acts_of_the_next_three_hours_name_who_is_missing_and_a_number(app: Flask) -> None:
    with time_machine.travel(MORNING):
        head = come(app, 3)
        with app.app_context(), transaction():
            today = db.session.scalars(select(Act).order_by(Act.starts_at).limit(3)).all()
            for minutes, act in enumerate(today):
                act.starts_at = now() + timedelta(minutes=10 + minutes)
            late = db.session.scalars(select(Act).where(Act.id.not_in([act.id for act in today]))).all()
            for act in late:
                act.starts_at = now() + timedelta(hours=5)
            late_code, late_contest = late[-1].entry.code, late[-1].entry.contest_id
            by_family = {act.entry.family_id: act.entry_id for act in today}
            first, second, _third = head.scene.families
            # of the second family only one appears, and she has come
            shown = db.session.scalars(
                select(Person).where(Person.family_id == second).order_by(Person.position)
            ).first()
            assert shown is not None
            db.session.add(EntryPerson(entry_id=by_family[second], person_id=shown.id))
            let_in(head.scene, 0, 1)
            let_in(head.scene, 1, 1)
            lead = create_user("lead", "Trưởng cổng", "", [Role.GATE_LEAD])
            db.session.flush()
            token = open_sign_in(lead.id, 48).token
        with app.app_context(), reading():
            found = {each.act.entry.family_id: each for each in coming_acts(head.scene.festival_id, now())}
        told = [(found[family].away, found[family].of) for family in head.scene.families]
        assert told == [(1, 2), (0, 1), (2, 2)], (
            "an entry that names nobody stands for its whole family; later acts wait"
        )
        browser = app.test_client()
        browser.set_cookie(SESSION_COOKIE, token)
        page = browser.get("/office/gates/coming").get_data(as_text=True)
        calls = re.findall(r'href="tel:(\d+)"', page)
        assert sorted(calls) == sorted(f"0912{family:06d}" for family in (first, head.scene.families[2]))
        with app.app_context():
            noted = db.session.scalars(select(SecurityNote).where(SecurityNote.kind == SecurityKind.READ_CHILDREN))
            assert [note.subject["what"] for note in noted] == ["missing"]
        with app.app_context(), transaction():
            for act in db.session.scalars(select(Act).join(Entry).where(Entry.family_id == first)):
                act.state = ActState.ON_STAGE
            for act in db.session.scalars(select(Act).join(Entry).where(Entry.family_id == second)):
                act.state = ActState.ABSENT  # still looked for: they may run in after all
        with app.app_context(), reading():
            left = {each.act.entry.family_id for each in coming_acts(head.scene.festival_id, now())}
        assert left == set(head.scene.families[1:]), "who is on the stage was seen"
        # who cooks is awaited from the start of cooking, whenever they present
        with app.app_context(), transaction():
            plan = db.session.scalars(select(Plan)).one()
            presents, cooks = local(now() + timedelta(hours=4)).isoformat(), local(now() + timedelta(minutes=20))
            (act,) = [each for each in plan.content["acts"] if each["entry"] == late_code]
            session = act | {"label": "", "starts_at": cooks.isoformat(), "ends_at": presents, "together_min": 180}
            content = {"acts": [act | {"starts_at": presents}], "sessions": [session]}
            db.session.add(Plan(festival_id=plan.festival_id, version=2, content=content, published_at=now()))
            db.session.get_one(Contest, late_contest).together_min = 180
        with app.app_context(), reading():
            (coming,) = coming_acts(head.scene.festival_id, now())
        assert (coming.act.entry.code, coming.needed_at, coming.of) == (late_code, cooks, 2)
        page = browser.get("/office/gates/coming").get_data(as_text=True)
        assert "trình bày lúc" in page
