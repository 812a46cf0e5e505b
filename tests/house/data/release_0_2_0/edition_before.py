"""How was the edition of 2023 made, which is over: everything published, the whole delegation signed?"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from festival.editions.document import parse
from festival.judging.actions import note_measure
from festival.registration.queries import rules_of, views
from festival.results.whole import whole_delegation
from flask import Flask
from jury import BEFORE, JURY, contest_named, decide, user_named, walk
from sqlalchemy import select

from festival.contests.models import ContestState
from festival.core.database import db
from festival.core.transaction import transaction
from festival.demo.build import DATA, districts
from festival.demo.invention import invent
from festival.editions.actions import open_phase
from festival.editions.models import Festival, PhaseKind
from festival.editions.unit_history import read as read_units
from festival.judging.models import MeasureState
from festival.office.festival_import import import_festival, read_file
from festival.registration import actions as registration
from festival.registration.models import Delegation, Family, Origin
from festival.results import actions as results
from festival.schedule.queries import enrolled

UNITS = ("899", "903", "905")
GAMES = ("bong-ro", "bong-da")


def edition_before(app: Flask) -> None:
    """A small edition of 2023 that has come to its end: everything published, the whole delegation signed."""
    units = read_units(parse((DATA / "units" / "kien-giang-2024.json").read_bytes()))
    three = [each for each in districts(units) if each[0] in UNITS]
    made_up = invent(7, 6, three, 0)
    with app.app_context():
        with transaction():
            file = read_file(json.dumps(_rules_before(), ensure_ascii=False).encode())
            festival = import_festival(file).festival
            festival.demo = True
            code = festival.code
            open_phase(festival.id, PhaseKind.REGISTRATION, festival.created_at)
            rules, by = rules_of(festival), user_named("bantochuc")
            for each in made_up.delegations:
                delegation = db.session.scalars(
                    select(Delegation).where(
                        Delegation.festival_id == festival.id, Delegation.unit.has(official_code=each.unit_code)
                    )
                ).one()
                households = [
                    (replace(family.household, members=_moved(family.household.members)), f"2023-{family.number}")
                    for family in each.families
                ]
                made = registration.register_families(
                    rules, delegation, households, Origin.EXCEL, submit=True, method="paper"
                )
                ids = [row.family_id for row in made]
                for item in views(list(db.session.scalars(select(Family).where(Family.id.in_(ids)))), rules):
                    done = registration.approve(rules, item, item.family.version, by)
                    assert isinstance(done, registration.Done), done
        with transaction():
            open_phase(_festival_id(code), PhaseKind.JUDGING, festival.created_at)
            for game in GAMES:
                row = contest_named(game, code)
                for value, entry in zip((7, 7, 5), enrolled(row.id), strict=True):
                    note_measure(row.id, entry.id, 1, MeasureState.VALID, value, 0, user_named("thuky"))
        for game in GAMES:
            walk(game, ContestState.PUBLISHED, code)
        decide(lambda: _whole_questions(code))
        with transaction():
            signed = results.sign_whole(_festival_id(code), "09/BB-2023", user_named("thuky"))
            assert isinstance(signed, results.Signed), signed


def _festival_id(code: str) -> int:
    return db.session.scalars(select(Festival.id).where(Festival.code == code)).one()


def _rules_before() -> dict[str, Any]:
    document: dict[str, Any] = json.loads((DATA / "rulesets" / "kien-giang-2024.json").read_text("utf-8"))
    document["festival"] |= {
        "code": BEFORE,
        "name": "Ngày hội Gia đình tiêu biểu tỉnh Kiên Giang lần thứ III - năm 2023",
        "short_name": "Ngày hội Gia đình tiêu biểu Kiên Giang 2023",
        "ordinal": "III",
        "starts_on": "2023-06-16",
        "ends_on": "2023-06-18",
        "registration_closes_on": "2023-06-05",
        "data_kept_until": "2023-12-31",
    }
    document["quotas"]["families_per_delegation"]["min"] = 1
    document["quotas"]["members_per_family"] = {"min": 1, "max": 9}
    document["contests"] = [each for each in document["contests"] if each["code"] in GAMES]
    document["whole_delegation"]["ties"] = [{"by": "first_places"}, {"by": "jury"}]
    document["special_prizes"] = []
    document["delegations"] = [each for each in document["delegations"] if each["unit_code"] in UNITS]
    return document


def _moved(members: Iterable[Any]) -> tuple[Any, ...]:
    """The two games stand for the contests the made-up families entered."""
    games = {"tai-nang": "bong-ro", "trang-phuc": "bong-da"}
    return tuple(
        replace(each, contests=tuple(games[code] for code in each.contests if code in games)) for each in members
    )


def _whole_questions(code: str) -> Callable[[], None] | None:
    festival = db.session.get_one(Festival, _festival_id(code))
    table = whole_delegation(festival)
    assert table is not None
    by = user_named("thuky")
    decided = {
        frozenset(entry for group in row.content.get("order", ()) for entry in group)
        for row in table.agenda.decided.rows
    }
    for tie in table.agenda.ties:
        order = sorted(each.entry for each in tie)
        if frozenset(order) not in decided:
            saying = results.TieOrder([[entry] for entry in order])
            return lambda: results.decide_whole(festival.id, saying, "đồng đều hơn", JURY, by)
    for question in table.open_questions:
        given = results.PrizesGiven(dict.fromkeys(question.entries, "Ba"))
        return lambda: results.decide_whole(festival.id, given, "ngang tài", JURY, by)
    return None
