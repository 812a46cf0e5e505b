"""Does an export that is given again change nothing? Over the whole demo, with everything that happens to families in it."""

from __future__ import annotations

from collections import Counter

import pytest
from flask import Flask
from sqlalchemy import func, select

from festival.core.clock import today
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.transaction import reading
from festival.documents.xlsx_reading import grid_of
from festival.editions.queries import the_festival
from festival.registration.excel import exports, queries, writing
from festival.registration.excel import reading as excel_reading
from festival.registration.excel.sheet import FamilySheet
from festival.roster.families import families_of
from festival.roster.models import Delegation, Family
from festival.roster.rules import rules_of
from festival.roster.views import views

pytestmark = pytest.mark.either_database


def test_importing_an_own_export_changes_nothing(demo_app: Flask) -> None:
    with demo_app.app_context(), reading():
        rules = rules_of(the_festival())
        asked = queries.asked_of(rules)
        fates: Counter[tuple[str, tuple[str, ...]]] = Counter()
        titled = 0
        for delegation in db.session.scalars(select(Delegation).order_by(Delegation.id)):
            titles = queries.titles_of([delegation.id])
            titled += len(titles)
            rows = exports.rows(views(families_of(delegation.id), rules), titles)
            content = writing.write("", delegation.name, asked, rows, ("state", "lacks"))
            grid = grid_of(content, excel_reading.WANTED)
            assert not isinstance(grid, Sentence)
            sheet = excel_reading.read_grid(grid, asked, today())
            assert isinstance(sheet, FamilySheet) and sheet.remarks == ()
            for each in queries.import_fates(rules, delegation, sheet):
                said = [*each.reasons, *(problem.reason for problem in each.problems)]
                fates[each.fate.value, tuple(map(str, said))] += 1
        there = db.session.scalar(select(func.count()).select_from(Family).where(Family.state != "withdrawn")) or 0
        assert {said: number for said, number in fates.items() if said[0] != "same"} == {}
        assert fates.total() == there > 70
        assert titled > 0
