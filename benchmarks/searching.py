"""How long does somebody wait for a name, a phone, a unit or a code among 20,000 people, and what does one changed family cost?

In one process, without HTTP: 5,000 families of four with names of their own in fifteen delegations. The gate searches in the list its
process holds, the office in the database.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from random import Random

from flask import Flask
from sqlalchemy import insert, select, update

from benchmarks.load import Outcome
from benchmarks.measure import SEED, Bench, report
from benchmarks.registration import SYLLABLES
from festival.checkin.lookup import look_up
from festival.checkin.offline_list import gate_state
from festival.core.database import db
from festival.core.names import fold
from festival.core.transaction import reading, transaction
from festival.devices.handlers import DeviceRole, DeviceView
from festival.editions.models import Festival, Unit
from festival.registration.review.queries import review_page
from festival.roster.models import Delegation, Family, Person
from festival.roster.rules import rules_of
from tests.devices.kit import Fair, open_fair

FAMILIES = 5_000
AGAIN = 9
UNITS = "Hòn Đất,Kiên Lương,Hà Tiên,Giồng Riềng,Gò Quao,An Biên,An Minh,Châu Thành,Tân Hiệp,Vĩnh Thuận,Phú Quốc,Rạch Giá,U Minh,Kiên Hải"


def search(bench: Bench, database: str) -> None:
    """Each kind of question several times; the first answer of each is not timed."""
    app, fair = _festival(bench, database)
    with app.app_context(), reading():
        rules = rules_of(db.session.get_one(Festival, fair.festival_id))
        family = db.session.scalars(select(Family).order_by(Family.id).offset(FAMILIES // 2).limit(1)).one()
        last, first = family.members[0].name.split()[-1], family.members[0].name.split()[0]
        asked = {
            "part of a name without marks": fold(last),
            "words in any order": f"{last} {first}",
            "a word everybody has": "danh",
            "phone": f"+84 {family.phone[1:]}",
            "name and unit": f"{last} kien luong",
        }
        codes = {"office": family.code, "gate": next(iter(fair.typed.values()))}
        places: dict[str, Callable[[str], object]] = {
            "office": lambda text: review_page(rules, state=None, delegation="", search=text, page=1),
            "gate": lambda text: look_up(fair.festival_id, text),
        }
        for place, answer in places.items():
            for what, text in {**asked, "code": codes[place]}.items():
                _timed(f"search at the {place}, {what}", database, lambda text=text, answer=answer: answer(text))  # type: ignore[misc]
        db.session.remove()


def changed(bench: Bench, database: str) -> None:
    """One family gets another name; a gate's phone asks what is new."""
    app, fair = _festival(bench, database)
    phone = DeviceView(1, "may-1", 1, "Máy 1", DeviceRole.GATE, None, "Cổng 1", fair.festival_id)
    with app.app_context():
        with reading():
            state = gate_state(phone, "-.0..2")
            while "left" in state:
                state = gate_state(phone, f"{state['cursor']}.{state['parts']}.2")
            ids = db.session.scalars(select(Family.id).order_by(Family.id)).all()
        outcome, cpu = Outcome(), []
        for number in Random(SEED).sample(list(ids), AGAIN):
            with transaction():
                mine = update(Family).where(Family.id == number)
                db.session.execute(mine.values(name=Family.name + "A", version=Family.version + 1))
            with reading():
                began, worked = time.perf_counter(), time.process_time()
                state = gate_state(phone, f"{state['cursor']}.{state['parts']}.2")
                outcome.latencies_s.append(time.perf_counter() - began)
                cpu.append(time.process_time() - worked)
            if len(state["passes"]) != 1:
                outcome.errors.append(f"{len(state['passes'])} records for one changed family")
        outcome.elapsed_s = sum(outcome.latencies_s)
        size = sum(len(text) for _list_id, text in state["passes"])
        db.session.remove()
    report("one changed family, answered to a gate", database, outcome, cpu=sum(cpu), workers=1, bytes=size)


def _timed(what: str, database: str, answer: Callable[[], object]) -> None:
    answer()
    outcome, cpu = Outcome(), 0.0
    for _again in range(AGAIN):
        began, worked = time.perf_counter(), time.process_time()
        answer()
        outcome.latencies_s.append(time.perf_counter() - began)
        cpu += time.process_time() - worked
    outcome.elapsed_s = sum(outcome.latencies_s)
    report(what, database, outcome, cpu=cpu, workers=1)


def _festival(bench: Bench, database: str) -> tuple[Flask, Fair]:
    app, _config = bench.festival(database)
    chance = Random(SEED)

    def name(first: str) -> str:
        return f"{first} {' '.join(chance.choices(SYLLABLES, k=2))}"

    families = {
        f"Gia đình số {number}": [name(first) for first in ("Danh", "Thị", "Danh", "Thị")] for number in range(FAMILIES)
    }
    fair = open_fair(app, families)
    with app.app_context(), transaction():
        _spread(fair.festival_id)
    return app, fair


def _spread(festival_id: int) -> None:
    """The families of the one delegation over fifteen."""
    ids = db.session.scalars(select(Family.id).order_by(Family.id)).all()
    for number, named in enumerate(UNITS.split(","), 1):
        unit = {"key": f"huyen-{number}", "level": "district", "kind": "Huyện", "name": named, "folded": fold(named)}
        unit_id = db.session.scalar(insert(Unit).values(unit).returning(Unit.id))
        delegation_id = db.session.scalar(
            insert(Delegation)
            .values(
                festival_id=festival_id,
                unit_id=unit_id,
                code=f"doan{number}",
                name=f"Đoàn huyện {named}",
                families_min=0,
                families_max=5000,
            )
            .returning(Delegation.id)
        )
        own = list(ids[number :: len(UNITS.split(",")) + 1])
        db.session.execute(update(Family).where(Family.id.in_(own)).values(delegation_id=delegation_id))
        db.session.execute(update(Person).where(Person.family_id.in_(own)).values(delegation_id=delegation_id))
