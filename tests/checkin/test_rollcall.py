"""Is a roll call offered only where every exit is scanned, and does the other list say on each sheet what it is not?"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.accounts.roles import Role
from festival.checkin.models import Admission
from festival.checkin.presence import anybody_came, has_come, is_inside
from festival.checkin.purposes.models import GatePurpose, GateSetting, PurposeEvery, PurposeKind
from festival.core.database import db
from festival.core.transaction import transaction
from festival.roster.models import Person
from tests.checkin.lost.test_lost import notes, signed_in
from tests.devices.kit import Phone, enrolment, open_fair
from tests.passes.card_kit import words_of
from tests.registration.pages_kit import words

MORNING = datetime(2024, 6, 14, 0, 0, tzinfo=UTC)
CHUNG, HOA = "Gia đình ông Danh Chung", "Gia đình bà Trương Mỹ Hoa"


def ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)


@pytest.mark.either_database
def test_without_every_exit_only_the_list_of_who_has_arrived_is_printed(
    app: Flask, client: FlaskClient, tmp_path: Path
) -> None:
    with time_machine.travel(MORNING, tick=False):
        fair = open_fair(app)
        office = signed_in(app, Role.GATE_LEAD)
        assert "Hôm nay chưa ai đến" in words(office.get("/office/arrived"))
        gate = Phone(client, enrolment(app, fair))
        gate.send(gate.scan(fair.lists[CHUNG], wall_ms=ms(MORNING)), gate.scan(fair.lists[HOA], wall_ms=ms(MORNING)))
        page = office.get("/office/arrived")
        assert "Đã đến, không phải đang ở trong" in words(page) and "sơ tán, in danh sách này" in words(page)
        assert "roll-call" not in page.text
        assert office.get("/office/arrived/roll-call.pdf").status_code == 409
        printed = words_of(office.get("/office/arrived.pdf").data, tmp_path)
        assert printed.startswith("ĐÃ ĐẾN, không phải đang ở trong") and "Danh Minh Khang" in printed
        with app.app_context(), transaction():
            db.session.add(GateSetting(festival_id=fair.festival_id, exits=True))
        out = {"pass": fair.lists[HOA], "persons": None, "purpose": "entry", "how": "camera", "way": "out"}
        gate.send(gate.write("scan", fair.lists[HOA], out, wall_ms=ms(MORNING) + 60_000))
        page = office.get("/office/arrived")
        assert "Điểm danh khi sơ tán" in words(page) and "Không dùng" not in words(page)
        inside = words_of(office.get("/office/arrived/roll-call.pdf").data, tmp_path)
        assert inside.startswith("ĐANG Ở TRONG, mọi lối ra được quét")
        assert ("Danh Minh Khang" in inside, "Trương Mỹ Hoa" in inside) == (True, False)
        # who went out has arrived all the same
        assert "Trương Mỹ Hoa" in words_of(office.get("/office/arrived.pdf").data, tmp_path)
        seen = [subject["what"] for kind, subject in notes(app) if kind == "read_children"]
        assert seen == ["arrived", "inside"]
        assert signed_in(app, Role.OFFICER).get("/office/arrived.pdf").status_code == 403


def test_arrived_is_by_any_purpose_of_entering_whose_admission_holds(app: Flask, client: FlaskClient) -> None:
    fair = open_fair(app)
    gate = Phone(client, enrolment(app, fair))
    gate.send(gate.scan(fair.lists[CHUNG], wall_ms=ms(MORNING)))

    def people(window: str) -> tuple[int, int, bool]:
        with app.app_context():
            count = [
                len(db.session.scalars(select(Person.id).where(each)).all())
                for each in (has_come(window), is_inside(window))
            ]
            return count[0], count[1], bool(db.session.scalar(select(anybody_came(fair.festival_id, window))))

    assert (people("2024-06-14"), people("2024-06-15")) == ((4, 4, True), (0, 0, False))
    with app.app_context(), transaction():
        db.session.add(
            GatePurpose(
                festival_id=fair.festival_id, code="hoi", name="Vào hội", kind=PurposeKind.ENTRY, every=PurposeEvery.ONCE,
                again=True, classes=None, position=1, removed_ms=None,
            )
        )  # fmt: skip
        rows = db.session.scalars(select(Admission).order_by(Admission.id)).all()
        rows[0].annulled = True  # undone
        rows[1].purpose, rows[1].day_window = "hoi", "-"  # once for the whole festival: still there tomorrow
        rows[2].purpose = "meal"  # eating is not arriving
        rows[3].outside = True
    assert (people("2024-06-14"), people("2024-06-15")) == ((2, 1, True), (1, 1, True))
