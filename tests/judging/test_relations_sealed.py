"""Relations of judges are held against the ledger; those of an older release are unknown until the first line is written."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import delete, insert, update

from festival.contests.actions import unseat
from festival.contests.replacing.models import DeclaredRelation, RelationDismissed
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks
from festival.core.seal.compare import How, RecordLine
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.judging.panel import relations
from festival.judging.panel.recorded import RelationsRecord
from tests.judging.panel_cast import Panel, cast

TABLES = ("declared_relation", "relation_dismissed")


def differing() -> list[tuple[str, str, str]]:
    with checks.snapshot():
        found = checks.inspect(["decisions:thu"]).named()
        return [(each.table, each.column, each.how.value) for _name, each in found if each.table in TABLES]


def family_of(panel: Panel, at: int) -> int:
    with reading():
        return relations.family_named(panel.festival_id, f"Gia đình ông Danh Chung {at}")


def dismissed(panel: Panel, who: str) -> None:
    with transaction():
        festival = db.session.get_one(Festival, panel.festival_id)
        tie = next(each for each in relations.ties_proposed(festival) if each.judge_id == panel.judges[who])
        relations.dismiss(panel.festival_id, tie, "họ xa", None)


def test_what_sql_changes_of_a_relation_is_named_and_what_an_older_release_left_is_not(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        hung, lan = panel.users["hung"], panel.users["lan"]
        first, second = family_of(panel, 0), family_of(panel, 1)
        with transaction():
            db.session.execute(
                insert(DeclaredRelation).values(
                    festival_id=panel.festival_id, user_id=lan, family_id=second, words="cháu", declared_at=now()
                )
            )  # fmt: skip
        assert differing() == [], "written by a release that recorded nothing: unknown, no alarm"
        with transaction():
            relations.declare(panel.festival_id, hung, (None, first), "con gái")
        dismissed(panel, "hung")
        assert differing() == []
        for statement, expected in (
            (update(DeclaredRelation).values(words="x"), [(TABLES[0], "words", "changed")] * 2),
            (update(RelationDismissed).values(reason="x"), [(TABLES[1], "reason", "changed")]),
            (delete(RelationDismissed), [(TABLES[1], "", How.MISSING.value)]),
            (delete(DeclaredRelation).where(DeclaredRelation.user_id == lan), [(TABLES[0], "", How.MISSING.value)]),
        ):
            db.session.rollback()
            with checks.snapshot():
                db.session.execute(statement)
                found = checks.inspect(["decisions:thu"]).named()
                named = [(each.table, each.column, each.how.value) for _name, each in found if each.table in TABLES]
                assert named == expected
                assert all(str(said) for said in checks.worded(found))
                db.session.rollback()
        with transaction():
            unseat(panel.judges["hung"])
        assert differing() == [], "a dismissal goes with its seat"
        with transaction():
            for each in relations.relations_of(panel.festival_id):
                relations.withdraw(panel.festival_id, each.id)
        assert differing() == []


def test_an_edition_that_is_removed_leaves_nothing_to_compare() -> None:
    record = RelationsRecord()
    said = {"user_id": 1, "unit_id": None, "family_id": 2, "words": "cháu"}
    record.take(RecordLine(1, "relation.declared", {"relation": 7}, said))
    record.take(RecordLine(2, "relation.dismissed", {"judge": 3, "relation": 7}, None))
    assert (record.relations.rows, record.dismissed.erased) == ({(7,): said}, {(3, 7)})
    record.take(RecordLine(3, "edition_removed", {"festival": "thu"}, {}))
    assert (record.begun, record.relations.rows, record.dismissed.rows) == (False, {}, {})
    record.take(RecordLine(4, "relation.known", {}, None))
    assert record.begun and record.unsure
