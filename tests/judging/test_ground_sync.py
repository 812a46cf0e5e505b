"""Devices of the ground against the real sync door: what is taken, what waits beside it, and that nothing is overwritten."""

from __future__ import annotations

import itertools
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.seal import checks as seals
from festival.core.transaction import transaction
from festival.judging.ground.devices import give
from festival.judging.ground.models import GroundReading, MeasureSeen, ReadingState
from festival.judging.measuring import note_measure
from festival.judging.models import Measure, MeasureRevision, MeasureState
from tests.devices.kit import Phone
from tests.judging.panel_cast import Panel, cast
from tests.judging.test_ground_app import on_ground

TRY = "S000/1"


def scene(app: Flask, client: FlaskClient, devices: int = 2, **rules: Any) -> tuple[Panel, list[Phone]]:
    """A contest of balls and so many devices that type it."""
    with app.app_context():
        panel = cast()
    phones = [on_ground(app, client, panel) for _each in range(devices)]
    with app.app_context(), transaction():
        if rules:
            db.session.execute(update(Contest).where(Contest.id == panel.sport_id).values(**rules))
        for phone in phones:
            give(db.session.get_one(Contest, panel.sport_id), phone.device["number"], None, given=True)
    return panel, phones


def says(phone: Phone, value: int | str | None, base: int, subject: str = TRY) -> tuple[str, Any]:
    """The device notes a count, a state ("dns", …), or takes back what stands (None)."""
    if value is None:
        message = phone.write("measure.drop", subject, {}, base_version=base)
    elif isinstance(value, str):
        message = phone.write("measure.note", subject, {"state": value}, base_version=base)
    else:
        message = phone.write("measure.note", subject, {"state": "valid", "value": value}, base_version=base)
    return told(phone, message)


def told(phone: Phone, message: dict[str, Any]) -> tuple[str, Any]:
    (verdict,) = phone.send(message)["verdicts"]
    return verdict["verdict"], verdict["reason"] or verdict["detail"]


def chooses(phone: Phone, keep: str, base: int) -> tuple[str, Any]:
    return told(phone, phone.write("measure.resolve", TRY, {"keep": keep}, base_version=base))


def confirms(phone: Phone, value: int, base: int, *, agrees: bool = True, note: str = "") -> tuple[str, Any]:
    body = {"state": "valid", "value": value, "agrees": agrees, "note": note}
    return told(phone, phone.write("measure.confirm", TRY, body, base_version=base))


def stands(app: Flask) -> list[tuple[str, int | None, int]]:
    with app.app_context():
        rows = db.session.execute(select(Measure.state, Measure.value, Measure.version).order_by(Measure.id))
        return [(row.state.value, row.value, row.version) for row in rows]


def one_try(phone: Phone) -> dict[str, Any]:
    (contest,) = phone.state()["state"]["contests"]
    (line,) = contest["tries"]
    return line


def sealed(app: Flask) -> list[str]:
    """Differences between the tables and the ledger of the contest."""
    with app.app_context(), seals.snapshot():
        streams = seals.inspect().streams
    return [str(each) for found in streams if found.name == "judging:bong-ro" for each in found.differences]


def test_a_count_is_noted_corrected_taken_back_and_noted_again(app: Flask, client: FlaskClient) -> None:
    _panel, (phone, other) = scene(app, client)
    assert says(phone, 12, 0) == ("applied", {"version": 1})
    assert says(phone, 12, 0) == ("duplicate", {"version": 1})
    assert says(phone, 14, 1) == ("applied", {"version": 2})
    assert says(phone, "dnf", 2) == ("applied", {"version": 3})
    assert stands(app) == [("dnf", None, 3)]
    assert says(phone, None, 3) == ("applied", {"version": 0})
    assert says(phone, None, 3) == ("duplicate", {"version": 0})
    # what comes after a try that was taken back is not mistaken for it by a device that knew version 1
    assert says(phone, 15, 0) == ("applied", {"version": 4})
    assert says(other, 9, 1)[0] == "conflict"
    with app.app_context():
        before = db.session.scalars(select(MeasureRevision.content).order_by(MeasureRevision.id)).all()
        assert [(each["state"], each["value"]) for each in before] == [("valid", 12), ("valid", 14), ("dnf", None)]
        kinds = db.session.scalars(
            select(LedgerEntry.kind).where(LedgerEntry.stream == "judging:bong-ro").order_by(LedgerEntry.seq)
        ).all()
        assert kinds[2:] == ["measure.noted"] * 3 + ["measure.dropped", "measure.noted", "measure.offered"]
    assert sealed(app) == []


def test_what_was_typed_on_an_older_result_waits_for_a_choice(app: Flask, client: FlaskClient) -> None:
    panel, (phone, other) = scene(app, client)
    with app.app_context(), transaction():
        note_measure(panel.sport_id, panel.sport_entries[0], 1, MeasureState.VALID, 12, 0, panel.users["secretary"])
    offered = phone.write("measure.note", TRY, {"state": "valid", "value": 13}, base_version=0)
    assert told(phone, offered) == ("conflict", {"version": 1, "current": {"state": "valid", "value": 12}})
    # while one waits nothing may settle it by overwriting, whatever base it names
    assert says(phone, 14, 1)[0] == "conflict"
    assert says(other, None, 1)[0] == "conflict"
    line = one_try(other)
    assert (line["value"], [each["value"] for each in line["offers"]]) == (12, [13, 14, None])
    assert chooses(other, "current", 0) == ("rejected", "stale_choice")
    assert chooses(other, "nobody", 1) == ("rejected", "unknown_choice")
    assert chooses(other, offered["mid"], 1) == ("applied", {"version": 2})
    assert chooses(other, "current", 2) == ("rejected", "no_conflict")
    assert stands(app) == [("valid", 13, 2)]
    assert (one_try(phone)["offers"], one_try(phone)["settled"][0]) == ([], offered["mid"])
    # keeping what stands makes it a new version, and says to nobody that it was corrected
    assert says(phone, 20, 1)[0] == "conflict"
    assert chooses(phone, "current", 2) == ("applied", {"version": 3})
    assert says(phone, 21, 2)[0] == "conflict"
    with app.app_context():
        assert len(db.session.scalars(select(MeasureRevision)).all()) == 1
    assert sealed(app) == []


def test_no_order_of_six_messages_of_three_devices_overwrites_silently(app: Flask, client: FlaskClient) -> None:
    """Each device types a count and, offline, corrects it: whatever order they come in, each number stands, waits for a
    choice, or was corrected by the device that had typed it.
    """
    orders = sorted(set(itertools.permutations([0, 0, 1, 1, 2, 2])))[::5]
    with app.app_context():
        panel = cast(entries=len(orders))
    phones = [on_ground(app, client, panel) for _each in range(3)]
    with app.app_context(), transaction():
        for phone in phones:
            give(db.session.get_one(Contest, panel.sport_id), phone.device["number"], None, given=True)
    for at, order in enumerate(orders):
        said = [0, 0, 0]
        for who in order:
            says(phones[who], 3 * (who + 1) + said[who], said[who], f"S{at:03d}/1")
            said[who] += 1
    lost = []
    with app.app_context():
        for entry, order in zip(panel.sport_entries, orders, strict=True):
            offers = db.session.scalars(select(GroundReading.value).where(GroundReading.entry_id == entry)).all()
            stand = db.session.scalars(select(Measure.value).where(Measure.entry_id == entry)).all()
            stood = db.session.scalars(select(MeasureRevision.content).where(MeasureRevision.entry_id == entry)).all()
            corrected = [each["value"] for each in stood]
            # of the device that came first: its count was corrected by itself, before anybody else had typed
            own = [3 * (order[0] + 1)] if order[0] == order[1] else []
            if sorted([*offers, *stand, *corrected]) != [3, 4, 6, 7, 9, 10] or corrected != own:
                lost.append(order)
    assert lost == []
    assert sealed(app) == []


def test_two_counters_type_blind_and_a_third_count_or_the_head_judge_decides(app: Flask, client: FlaskClient) -> None:
    _panel, (one, two, three) = scene(app, client, devices=3, counters=2, counters_apart=1, counters_take="later")
    assert says(one, 12, 0) == ("applied", {"awaits": "other"})
    assert stands(app) == []
    # the other counter is told that somebody has counted, and not what
    line = one_try(two)
    assert (line["own"], line["awaits"], line["value"], line["offers"]) == (None, "other", None, [])
    assert "12" not in str({key: each for key, each in line.items() if key != "entry"})
    assert says(one, 11, 0) == ("applied", {"awaits": "other"})  # counted anew on the same device: still one counter
    assert says(two, 14, 0) == ("applied", {"awaits": "differs"})
    assert (one_try(one)["own"], one_try(one)["awaits"]) == (11, "differs")
    assert says(three, 13, 0) == ("applied", {"version": 1})  # near enough to 14; the later one stands
    assert stands(app) == [("valid", 13, 1)]
    # a correction is counted by two again; until then the result stays
    assert says(one, 15, 1) == ("applied", {"awaits": "other"})
    assert stands(app) == [("valid", 13, 1)]
    assert says(two, 20, 1) == ("applied", {"awaits": "differs"})
    assert says(three, 25, 1) == ("applied", {"awaits": "head_judge"})
    assert says(three, 31, 1) == ("rejected", "malformed")  # more than there are balls
    assert stands(app) == [("valid", 13, 1)]
    assert says(one, "dns", 1) == ("applied", {"version": 2})  # who did not come is not counted
    assert one_try(two)["awaits"] is None
    assert sealed(app) == []


def test_the_head_confirms_what_stands_and_may_dispute_it(app: Flask, client: FlaskClient) -> None:
    _panel, (phone, other) = scene(app, client)
    assert confirms(phone, 12, 1) == ("rejected", "changed")  # nothing stands
    says(phone, 12, 0)
    assert confirms(phone, 12, 1) == ("applied", {"version": 1})
    assert confirms(phone, 12, 1) == ("duplicate", {"version": 1})
    assert one_try(other)["seen"] == {"how": "tap", "agrees": True, "note": ""}
    assert confirms(phone, 12, 1, agrees=False) == ("rejected", "blank")
    assert confirms(phone, 12, 1, agrees=False, note="quả thứ ba đã vào") == ("applied", {"version": 1})
    says(other, 13, 1)
    assert one_try(other)["seen"] is None  # a correction has to be seen anew
    assert confirms(phone, 12, 1) == ("rejected", "changed")
    assert confirms(phone, 13, 2) == ("applied", {"version": 2})
    with app.app_context():
        rows = db.session.scalars(select(MeasureSeen).order_by(MeasureSeen.version)).all()
        assert [(row.version, row.agrees, row.note) for row in rows] == [(1, False, "quả thứ ba đã vào"), (2, True, "")]
    assert sealed(app) == []


def test_what_is_no_message_of_this_device_is_refused_and_what_comes_late_is_kept(
    app: Flask, client: FlaskClient
) -> None:
    panel, (phone, other) = scene(app, client)
    note = {"state": "valid", "value": 3}
    for body in (
        {},
        {"state": "won", "value": 1},
        *({"state": "valid", "value": each} for each in (-1, 1.5, "3", True, None, 10**12)),
    ):
        message = phone.write("measure.note", TRY, body, base_version=0)
        assert told(phone, message) == ("rejected", "malformed"), body
    refused = {
        "S000": "malformed",
        "S000/0": "malformed",
        "S000/100": "malformed",
        "S000/2": "malformed",
        "X/1": "unknown_entry",
        "E000/1": "not_given",
    }
    for subject, reason in refused.items():
        assert told(phone, phone.write("measure.note", subject, note, base_version=0)) == ("rejected", reason), subject
    assert says(phone, 31, 0) == ("rejected", "malformed")  # of 30 balls
    assert told(phone, phone.write("measure.confirm", TRY, note | {"agrees": "yes"}, base_version=0))[1] == "malformed"
    assert told(phone, phone.write("sheet.send", TRY, {}, base_version=0))[1] == "wrong_role"
    with app.app_context(), transaction():
        give(db.session.get_one(Contest, panel.sport_id), other.device["number"], None, given=False)
    assert says(other, 3, 0) == ("rejected", "not_given")
    with app.app_context(), transaction():
        db.session.get_one(Contest, panel.sport_id).state = ContestState.LOCKED
    assert says(phone, 3, 0) == ("rejected", "locked")
    assert confirms(phone, 3, 0) == ("rejected", "locked")
    with app.app_context():
        kept = db.session.scalars(select(GroundReading)).all()
        assert [(row.value, row.became) for row in kept] == [(3, ReadingState.REFUSED)]
    assert stands(app) == []
