"""Do heads come out by themselves each evening, once; do the commands do what the page does; is a changed line found?"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.results.proof.lines import NewProof, proof_lines, publish
from festival.results.proof.models import ProofKind, ProofLine
from festival.results.publication.heads import each_evening, heads_of, publish_heads
from tests.harness.waiting import PATIENCE_S
from tests.results.proof_cast import (
    FILE,
    PAGE,
    WHOLE,
    a_day,
    before_the_first_mark,
    fetched,
    heads_out,
    marked,
    rules_out,
)
from tests.results.test_commands import run
from tests.results.whole_cast import lock_all

pytestmark = pytest.mark.either_database


def at(monkeypatch: pytest.MonkeyPatch, moment: datetime) -> None:
    monkeypatch.setattr("festival.results.publication.heads.now", lambda: moment)


def test_heads_come_by_themselves_once_an_evening_and_only_those_that_grew(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    ten = datetime(2024, 6, 14, 15, 5, tzinfo=UTC)  # five past ten in Vietnam
    with app.app_context():
        panel = before_the_first_mark()
        at(monkeypatch, ten - timedelta(hours=1))
        assert each_evening() is False
        marked(panel)
        at(monkeypatch, ten)
        assert (each_evening(), each_evening()) == (True, False)
        at(monkeypatch, ten + timedelta(days=1))
        assert each_evening() is False, "nothing was written since"
        lock_all(panel)
        assert each_evening() is True
        with pytest.raises(Conflict):
            heads_out(panel)
    lines = fetched(app, FILE)["lines"]
    assert [each["evening"] for each in lines] == ["2024-06-14", "2024-06-15"]
    assert [[head[0] for head in each["heads"]] for each in lines][1] == ["results:bong-ro", "results:tai-nang"]
    assert "tối 15/6/2024" in app.test_client().get(PAGE).get_data(as_text=True)


@pytest.mark.both_databases
def test_of_two_workers_one_publishes_an_evening(app: Flask) -> None:
    """Both have seen that it is missing; the naive control does not wait for the other, and the database refuses its line."""
    with app.app_context():
        panel = before_the_first_mark()
        marked(panel)
    start, found = threading.Barrier(2), list[object]()

    def careful(festival: Festival, evening: date) -> object:
        return publish_heads(festival, None, evening) is not None

    def naive(festival: Festival, evening: date) -> object:
        content = {"heads": heads_of(festival)}
        publish(festival, [NewProof(ProofKind.HEADS, content, evening=evening)], None)
        return True

    def both(way: Callable[[Festival, date], object], evening: date) -> list[object]:
        found.clear()

        def one() -> None:
            with app.app_context():
                start.wait(PATIENCE_S)
                try:
                    with transaction():
                        found.append(way(db.session.get_one(Festival, panel.festival_id), evening))
                except IntegrityError:
                    found.append("refused by the database")

        threads = [threading.Thread(target=one) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(PATIENCE_S)
        return sorted(found, key=str)

    assert both(careful, date(2024, 6, 14)) == [False, True]
    assert both(naive, date(2024, 6, 15)) == [True, "refused by the database"]
    with app.app_context(), reading():
        assert [row.n for row in proof_lines(panel.festival_id)] == [1, 2]


def test_rules_and_heads_are_published_by_command(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark()
    said = run(app, "results", "publish-rules", "--by", "btc")
    assert [line.split("\t")[::2] for line in said.splitlines()] == [
        ["tai-nang", "trước điểm đầu tiên"], ["bong-ro", "trước điểm đầu tiên"], ["toàn đoàn", "trước điểm đầu tiên"],
    ]  # fmt: skip
    assert "không có gì để công bố thêm" in run(app, "results", "publish-rules", "--by", "btc", ok=False)
    with app.app_context():
        marked(panel)
        with transaction():
            festival = db.session.get_one(Festival, panel.festival_id)
            festival.ruleset = {**festival.ruleset, "whole_delegation": {**WHOLE, "best": 1}}
        with pytest.raises(BadInput):
            rules_out(panel)
    assert run(app, "results", "publish-rules", "--reason", "đổi cách cộng").endswith("\tSAU ĐIỂM ĐẦU TIÊN\n")
    heads = run(app, "results", "heads", "--by", "btc").splitlines()
    assert [each.rsplit(":", 2)[0] for each in heads] == ["decisions:thu", "judging:bong-ro", "judging:tai-nang"]
    assert "chưa có dòng nào mới" in run(app, "results", "heads", ok=False)


def test_a_line_that_is_changed_in_the_table_is_found_by_the_seal(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark()
        a_day(panel)
        with seals.snapshot():
            assert seals.inspect(["proof:thu"]).clean
        with transaction():
            first = db.session.scalars(select(ProofLine).order_by(ProofLine.n)).first()
            assert first is not None
            first.late = True
        with seals.snapshot():
            report = seals.inspect(["proof:thu"])
            assert [(each.key, each.column) for _name, each in report.named()] == [((1,), "late")]
