"""Do the counts of a desk reach the books, corrected and taken back, whatever is sent and by whom?"""

from __future__ import annotations

import json
import random

import pytest
from flask import Flask
from sqlalchemy import select, text, update

from festival.checkin.handouts.models import Handout
from festival.checkin.handouts.queries import handouts_of
from festival.checkin.handouts.standing import handed
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.devices.handlers import DeviceRole
from festival.passes.models import Pass
from festival.roster.models import Delegation
from tests.devices.kit import Fair, Phone, enrolment, open_fair

CHUNG = "Gia đình ông Danh Chung"
MORNING = 1_718_323_200_000


@pytest.fixture
def fair(app: Flask) -> Fair:
    return open_fair(app)


@pytest.fixture
def desk(app, client, fair) -> Phone:
    return Phone(client, enrolment(app, fair, DeviceRole.DESK, "Bàn tiếp đón"))


def give(phone: Phone, fair: Fair, at: int = MORNING, **body):
    """A handing-over, or what is true of an earlier one (`root`)."""
    whole = {"pass": fair.delegation_list, "root": None, "items": {"card": 9}, "receiver": "Lâm  Văn Sáu", "reason": ""}
    return phone.write("handout", fair.delegation_list, whole | body, wall_ms=at)


def held(app, fair) -> dict[str, int]:
    with app.app_context(), reading():
        return handed(each for of in handouts_of(fair.festival_id).values() for each in of)


def verdicts(told) -> list[tuple[str, str | None]]:
    return [(each["verdict"], each["reason"]) for each in told["verdicts"]]


def test_given_corrected_taken_back_and_given_again(app, fair, desk):
    first = give(desk, fair, items={"card": 9, "meal": 27, "flag": 1})
    told = desk.send(first)["verdicts"][0]
    assert (told["verdict"], told["ledger"]) == ("applied", "checkin:thu-2024")
    assert told["detail"] == {"root": first["mid"], "delegation": "Đoàn huyện Hòn Đất"}
    right = give(desk, fair, MORNING + 1, root=first["mid"], items={"card": 8, "meal": 24, "flag": 1}, reason="đếm lại")
    assert verdicts(desk.send(right)) == [("applied", None)]
    assert held(app, fair) == {"card": 8, "meal": 24, "flag": 1, "number": 0}
    back = give(desk, fair, MORNING + 2, root=first["mid"], items=None, reason="giao nhầm")
    assert verdicts(desk.send(back)) == [("applied", None)]
    assert held(app, fair) == dict.fromkeys(("card", "meal", "flag", "number"), 0)
    again = give(desk, fair, MORNING + 3, root=first["mid"], items={"card": 8}, reason="không nhầm")
    assert verdicts(desk.send(again, again)) == verdicts(desk.send(again)) == [("applied", None)]
    assert held(app, fair)["card"] == 8
    with app.app_context():
        rows = db.session.scalars(select(Handout).order_by(Handout.seq)).all()
        assert [row.items for row in rows] == [
            {"card": 9, "meal": 27, "flag": 1},
            {"card": 8, "meal": 24, "flag": 1},
            {},
            {"card": 8},
        ]
        assert rows[0].receiver == "Lâm Văn Sáu" and rows[2].reason == "giao nhầm"
        kinds = "SELECT kind FROM ledger_entry WHERE stream = 'checkin:thu-2024' ORDER BY seq"
        expected = ["handed_out", "handout_corrected", "handout_taken_back", "handout_corrected"]
        assert list(db.session.execute(text(kinds)).scalars()) == expected
        assert ledger.verify("checkin:thu-2024") == []


def test_what_says_nothing_gives_no_reason_or_comes_from_a_gate_is_refused(app, client, fair, desk):
    gate = Phone(client, enrolment(app, fair))
    told = desk.send(
        give(desk, fair, items={}),
        give(desk, fair, items=None),
        give(desk, fair, root="0190163d-8694-739b-aea5-966c26f8ad91", reason=" ."),
        give(desk, fair, items={"card": 5001}),
        give(desk, fair, items={"card": -1}),
        give(desk, fair, items={"card": True}),
        give(desk, fair, items={"balloon": 1}),
        give(desk, fair, root="first", reason="đếm lại"),
        give(desk, fair, **{"pass": "ab" * 16}),
        give(desk, fair, **{"pass": fair.lists[CHUNG]}, items={"card": 4}),
    )
    assert verdicts(told) == [("rejected", "malformed")] * 8 + [("quarantined", "unknown_pass"), ("applied", None)]
    assert [each["detail"].get("field") for each in told["verdicts"][:3]] == ["items", "items", "reason"]
    assert verdicts(gate.send(give(gate, fair))) == [("rejected", "wrong_role")]
    assert held(app, fair)["card"] == 4


def test_a_replaced_card_still_says_whose_things_they_were(app, fair, desk):
    with app.app_context(), transaction():
        db.session.execute(update(Pass).where(Pass.list_id == fair.delegation_list).values(replaced_at=now()))
    assert verdicts(desk.send(give(desk, fair))) == [("applied", None)]


def test_two_desks_in_any_order_of_delivery_end_with_the_same_counts(app, client, fair, desk):
    other = Phone(client, enrolment(app, fair, DeviceRole.LEAD, "Trưởng cổng"))
    first = give(desk, fair, items={"card": 9})
    sent = [
        (desk, first),
        (desk, give(desk, fair, MORNING + 20, root=first["mid"], items={"card": 7}, reason="đếm lại")),
        (other, give(other, fair, MORNING + 10, root=first["mid"], items={"card": 8}, reason="đếm lại")),
        (other, give(other, fair, MORNING + 5, items={"flag": 2})),
    ]
    random.Random(7).shuffle(sent)
    for phone, message in [*sent, *sent]:
        assert verdicts(phone.send(message)) == [("applied", None)]
    assert held(app, fair) == {"card": 7, "meal": 0, "flag": 2, "number": 0}


def test_the_desk_is_told_what_changed_and_a_gate_nothing(app, client, fair, desk):
    with app.app_context(), transaction():
        db.session.execute(update(Delegation).values(head_name="Lâm Văn Sáu"))
    state = desk.state()["state"]
    (one,) = state["desk"]["delegations"]
    assert (one["pass"], one["head"], one["entries"], one["meals"]) == (fair.delegation_list, "Lâm Văn Sáu", 0, 0)
    assert len(one["typed"]) == 12 and "0912000111" not in json.dumps(state)
    cursor = f"{state['cursor']}.{state['parts']}~{state['desk']['mark']}"
    assert desk.state(cursor)["state"]["desk"] is None and desk.state(cursor)["state"]["passes"] is None
    first = give(desk, fair)
    desk.send(first, give(desk, fair, MORNING + 1, root=first["mid"], items={"card": 8}, reason="đếm lại"))
    (told,) = desk.state(cursor)["state"]["desk"]["handouts"]
    assert (told["root"], told["items"], told["corrections"], told["receiver"]) == (
        first["mid"],
        {"card": 8},
        1,
        "Lâm Văn Sáu",
    )
    assert told["at_ms"] == MORNING
    gate = Phone(client, enrolment(app, fair)).state()["state"]
    assert "desk" not in gate and "Lâm Văn Sáu" not in json.dumps(gate)


def test_a_count_changed_in_the_table_alone_is_seen(app, fair, desk):
    desk.send(give(desk, fair), give(desk, fair, MORNING + 1))
    with app.app_context():
        with checks.snapshot():
            assert checks.inspect(["checkin:thu-2024"]).named() == []
        with transaction():
            db.session.execute(update(Handout).where(Handout.seq == 2).values(items={"card": 90}))
        with checks.snapshot():
            found = checks.inspect(["checkin:thu-2024"]).named()
    assert [(name, each.key, each.column) for name, each in found] == [("handouts", (1, 2), "items")]
