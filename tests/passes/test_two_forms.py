"""Does no typed code belong to two passes, and do cards of the first form stay good until they are renewed?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from festival.checkin.lookup import LookupAnswer, look_up
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.passes import code, first_form, issue, queries, renewing, taking_back, tokens
from festival.passes.models import Pass
from tests.devices.kit import Fair, Phone, enrolment, open_fair, opened
from tests.passes.two_forms import alike, family_numbered, of_the_first_form
from tests.registration.registered import race

CHUNG = "Gia đình ông Danh Chung"


@pytest.fixture
def fair(app: Flask) -> Fair:
    return open_fair(app)


def named(app: Flask, fair: Fair, text: str) -> tuple[str, list[str], bool]:
    with app.app_context(), reading():
        answer: LookupAnswer = look_up(fair.festival_id, text)
        return answer.by, [card.record["name"] for card in answer.found], answer.replaced


def attempts(app: Flask, numbers: tuple[int, int]) -> list[int | None]:
    with app.app_context(), reading():
        rows = db.session.scalars(select(Pass).where(Pass.family_id.in_(numbers))).all()
        assert len({row.typed_hash for row in rows}) == len({tokens.typed_of(row) for row in rows}) == len(rows)
        return sorted((row.typed_attempt for row in rows), key=str)


def test_the_second_of_two_alike_gets_another_typed_code(app: Flask, fair: Fair) -> None:
    with app.app_context():
        numbers = alike(app)
    for number in numbers:
        family_numbered(app, fair, number)
        with app.app_context(), transaction():
            issue.issue_pass("family", number, fair.festival_id)
    assert attempts(app, numbers) == [0, 1]
    for number in numbers:
        with app.app_context(), reading():
            typed = tokens.typed_of(queries.family_pass(number))
        assert named(app, fair, typed) == ("code", [f"Gia đình số {number}"], False)


def _two_at_once(app: Flask, fair: Fair, act: Callable[[int], object]) -> tuple[int, int]:
    with app.app_context():
        numbers = alike(app)
    for number in numbers:
        family_numbered(app, fair, number)
    mine = iter(numbers)
    race(app, 2, lambda: act(next(mine)))
    return numbers


def test_two_alike_made_at_the_same_moment_are_told_apart(app: Flask, fair: Fair) -> None:
    numbers = _two_at_once(app, fair, lambda number: issue.issue_pass("family", number, fair.festival_id))
    assert attempts(app, numbers) == [0, 1]


def test_looking_first_and_writing_then_loses_one(app: Flask, fair: Fair) -> None:
    """The negative control: ask whether the code is free, then write. One of the two families gets no pass."""
    with app.app_context():
        numbers = alike(app)
    for number in numbers:
        family_numbered(app, fair, number)
    looked, lost = threading.Barrier(2), []

    def naive(number: int) -> None:
        with app.app_context():
            values = tokens.new_pass_values("family", number, 1)
            with reading():
                taken = select(Pass.id).where(Pass.typed_hash == values["typed_hash"])
                assert db.session.scalar(taken) is None
            looked.wait()
            try:
                with transaction():
                    row = Pass(festival_id=fair.festival_id, family_id=number, issue=1, issued_at=now(), **values)
                    db.session.add(row)
            except IntegrityError:
                lost.append(number)
            db.session.remove()

    threads = [threading.Thread(target=naive, args=(number,)) for number in numbers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(lost) == 1
    assert attempts(app, numbers) == [0]


def test_cards_of_the_first_form_are_good_as_printed_until_renewed(app: Flask, client: FlaskClient, fair: Fair) -> None:
    printed = of_the_first_form(app, fair)
    gate = Phone(client, enrolment(app, fair))
    list_id = fair.lists[CHUNG]
    qr, typed = printed[list_id]
    # shown and printed as they were, and found by what stands on the card
    with app.app_context(), reading():
        row = db.session.scalars(select(Pass).where(Pass.list_id == list_id)).one()
        assert (tokens.qr_text(row), tokens.typed_of(row)) == (qr, typed)
    assert named(app, fair, typed.lower().replace("-", " ")) == ("code", [CHUNG], False)
    told = gate.state()["state"]
    assert told["first_form"] is True
    (sealed,) = [record for each, record in told["passes"] if each == list_id]
    assert opened(sealed, qr, first_form.decode)["name"] == CHUNG
    assert code.list_id(first_form.decode(qr)) == list_id
    (verdict,) = gate.send(gate.scan(list_id))["verdicts"]
    assert verdict["verdict"] == "applied"
    # renewing gives the second form, of each one; the phone hears when none is left
    with app.app_context():
        with reading():
            festival = db.session.get_one(Festival, fair.festival_id)
            until = renewing.latest(festival.id)
        assert renewing.renew_all(festival, until, "đổi kiểu thẻ", None, most=4) == 4
    after = gate.state(f"{told['cursor']}.{told['parts']}")["state"]
    assert after["first_form"] is False
    with app.app_context(), reading():
        rows = queries.passes(fair.festival_id)
        assert {row.typed_attempt for row in rows} == {0}
        assert all(code.list_id(code.decode(tokens.qr_text(row))) == row.list_id for row in rows)
        newer = tokens.typed_of(next(row for row in rows if row.family_id is not None))
    assert named(app, fair, newer) == ("code", [CHUNG], False)
    # nothing reads the first form any more: eight characters are a name that nobody has
    assert named(app, fair, typed) == ("name", [], False)


def test_the_typed_code_of_a_replaced_card_says_so(app: Flask, client: FlaskClient, fair: Fair) -> None:
    gate = Phone(client, enrolment(app, fair))
    with app.app_context(), transaction():
        row = db.session.scalars(select(Pass).where(Pass.list_id == fair.lists[CHUNG])).one()
        issue.issue_pass("family", row.family_id, fair.festival_id)
    headers = {"Authorization": f"Bearer {gate.token}"}
    asked = fair.typed[CHUNG].replace(" ", "\u00a0")
    answer = client.post("/api/v1/checkin/lookup", json={"q": asked}, headers=headers)
    assert answer.get_json() == {"found": [], "more": False, "replaced": True}
    # a phone of ten digits is a phone, a code nobody has is a code
    assert named(app, fair, "0912000000") == ("phone", [CHUNG], False)
    assert named(app, fair, code.typed(bytes(8))) == ("code", [], False)


def test_issued_anew_by_mistake_the_card_before_comes_back(app: Flask, client: FlaskClient, fair: Fair) -> None:
    gate = Phone(client, enrolment(app, fair))
    with app.app_context():
        with transaction():
            festival = db.session.get_one(Festival, fair.festival_id)
            first = db.session.scalars(select(Pass).where(Pass.list_id == fair.lists[CHUNG])).one()
            family_id = first.family_id
            assert taking_back.take_back(festival, first, "nhầm", None) is None  # none before it
            second = issue.issue_pass("family", family_id, fair.festival_id)
            wrong = second.list_id
        with transaction():
            row = queries.family_pass(family_id)
            back = taking_back.take_back(festival, row, "thẻ cũ vẫn còn", None)
            assert back.issue == 1
            assert taking_back.take_back(festival, row, "thẻ cũ vẫn còn", None) is None  # pressed twice
        with reading():
            assert not ledger.verify(f"decisions:{festival.code}")
            kinds = list(db.session.scalars(select(ledger.LedgerEntry.kind)))
            assert kinds.count("pass.reinstated") == 1
    told = gate.state()["state"]
    listed = {list_id for list_id, _record in told["passes"]}
    assert (fair.lists[CHUNG] in listed, wrong in listed, told["replaced"]) == (True, False, [wrong])
    verdicts = gate.send(gate.scan(wrong), gate.scan(fair.lists[CHUNG]))["verdicts"]
    assert [each["verdict"] for each in verdicts] == ["rejected", "applied"]
    assert named(app, fair, fair.typed[CHUNG]) == ("code", [CHUNG], False)


def test_taken_back_and_issued_anew_at_once_leave_one_valid(app: Flask, fair: Fair) -> None:
    with app.app_context(), transaction():
        first = db.session.scalars(select(Pass).where(Pass.list_id == fair.lists[CHUNG])).one()
        family_id = first.family_id
        issue.issue_pass("family", family_id, fair.festival_id)
    with app.app_context(), reading():
        festival = db.session.get_one(Festival, fair.festival_id)
        shown = queries.family_pass(family_id)

    deeds: list[Callable[[], object]] = [
        lambda: taking_back.take_back(festival, shown, "nhầm", None),
        lambda: issue.issue_pass("family", family_id, fair.festival_id),
    ] * 3
    pending = iter(deeds)

    def act() -> None:
        deed = next(pending)
        with suppress(IntegrityError):
            deed()

    race(app, len(deeds), act)
    with app.app_context(), reading():
        valid = db.session.scalars(
            select(Pass.issue).where(Pass.family_id == family_id, Pass.replaced_at.is_(None))
        ).all()
        assert valid in ([4], [5])
