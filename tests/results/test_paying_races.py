"""Do two who note a receipt at once, or two lists that hold the same source, pay once?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, update

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.editions.models import Festival
from festival.results.paying import keeping
from festival.results.paying.kinds import PayKind
from festival.results.paying.models import PayLine
from festival.results.paying.printing import drawn_now, print_list
from festival.results.paying.reading import shown_list
from tests.harness.waiting import PATIENCE_S
from tests.judging.panel_cast import cast

pytestmark = pytest.mark.both_databases


def test_of_two_desks_that_note_one_receipt_at_once_one_is_told(app: Flask) -> None:
    """The naive control looks, then writes without the version it saw: the second receiver replaces the first."""
    with app.app_context():
        made = cast()
        with transaction():
            keeping.make_list(made.festival_id, PayKind.GIFTS, None)
        with reading():
            drawing = drawn_now(db.session.get_one(Festival, made.festival_id), 1)
        assert drawing is not None
        with transaction():
            print_list(made.festival_id, 1, drawing, None)
    start, found = threading.Barrier(2), list[object]()

    def honest(line: int, who: str) -> None:
        start.wait(PATIENCE_S)
        with transaction():
            keeping.receive(made.festival_id, 1, line, (who, "Bé", date(2024, 6, 15)), 1, None)

    def naive(line: int, who: str) -> None:
        with reading():
            free = db.session.scalars(select(PayLine.receipt).where(PayLine.number == line)).one() is None
        start.wait(PATIENCE_S)
        if free:
            with transaction():
                db.session.execute(update(PayLine).where(PayLine.number == line).values(receipt={"receiver": who}))

    def one(how: Callable[[int, str], None], line: int, who: str) -> None:
        with app.app_context():
            try:
                how(line, who)
            except Overtaken as late:
                found.append(type(late))
            else:
                found.append("noted")

    def both(how: Callable[[int, str], None], line: int) -> list[object]:
        found.clear()
        threads = [threading.Thread(target=one, args=(how, line, who)) for who in ("Lan", "Hùng")]
        for each in threads:
            each.start()
        for each in threads:
            each.join(PATIENCE_S)
        return sorted(found, key=str)

    assert both(honest, 1) == [Overtaken, "noted"]
    assert both(naive, 2) == ["noted", "noted"], "the control must fail"


def test_the_same_source_is_paid_once_though_two_lists_hold_it(app: Flask) -> None:
    with app.app_context():
        made = cast()
        for number, step in ((1, "drop"), (2, "keep")):
            with transaction():
                keeping.make_list(made.festival_id, PayKind.GIFTS, None)
                if step == "drop":
                    keeping.drop_list(made.festival_id, number, "lập nhầm", 1, None)
        with transaction():
            keeping.drop_list(made.festival_id, 1, "", 2, None)
        for number in (1, 2):
            with reading():
                drawing = drawn_now(db.session.get_one(Festival, made.festival_id), number)
            assert drawing is not None
            with transaction():
                print_list(made.festival_id, number, drawing, None)
        receipt = ("Lan", "Bé", date(2024, 6, 15))
        with transaction():
            keeping.receive(made.festival_id, 2, 1, receipt, 1, None)
        with pytest.raises(Conflict, match="đã nhận ở danh sách số 2"), transaction():
            keeping.receive(made.festival_id, 1, 1, receipt, 1, None)
        with reading():
            lists = [shown_list(db.session.get_one(Festival, made.festival_id), number) for number in (1, 2)]
            assert [len(each.received) for each in lists] == [0, 1]
