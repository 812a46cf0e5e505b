"""Cooking: all families of a session work at once, then present one by one; they are bound from its start, and everybody reads so."""

from __future__ import annotations

import html
import re
from datetime import datetime, timedelta

import pytest
import time_machine
from flask import Flask

from festival.core.clock import VIETNAM, from_local, local, now
from festival.core.transaction import reading, transaction
from festival.editions.queries import the_festival
from festival.messages.gathered.parts import parts_of
from festival.messages.gathered.reading import festival_facts, notices
from festival.programme.queries import view_of
from festival.schedule import planning, queries
from festival.schedule.conflicts import Clash
from festival.schedule.sessions import add_session, add_stage
from festival.schedule.versions.orders import OrderKind, orders_of, values_of
from tests.judging.panel_cast import cast

pytestmark = pytest.mark.either_database

MORNING = datetime(2024, 6, 14, 8, 0, tzinfo=VIETNAM)


def test_all_work_at_once_and_present_one_by_one_and_nobody_is_elsewhere_meanwhile(app: Flask) -> None:
    with time_machine.travel(from_local(MORNING), tick=False):
        with app.app_context():
            made = cast(3, together_min=60)
            with transaction():
                stage, court = add_stage(made.festival_id, "bep", "Khu bếp"), add_stage(made.festival_id, "san", "Sân")
                begins = from_local(MORNING)
                add_session(stage.id, made.contest_id, begins, begins + timedelta(hours=3), "sáng")
                add_session(court.id, made.sport_id, begins, begins + timedelta(hours=5))
                planning.make_plan(made.festival_id)
            with reading():
                placed = {each.act.code: each for each in queries.placed(made.festival_id)}
                found = queries.plan_conflicts(made.festival_id)
            # they present in the drawn order from nine o'clock, and throw only when they are free of the kitchen
            assert [f"{placed[code].starts_at:%H:%M}" for code in made.entries] == ["09:00", "09:15", "09:30"]
            assert {f"{placed[code].busy_from:%H:%M}" for code in made.entries} == {"08:00"}
            assert all(placed[f"S{at:03d}"].starts_at >= placed[f"E{at:03d}"].ends_at for at in range(3))
            assert [each.kind for each in found if each.kind is Clash.FAMILY] == []
            with transaction():
                planning.publish(made.festival_id, None, without=planning.left_out(made.festival_id).stamp)
            with reading():
                lines = [line for day in view_of(the_festival()).days for line in day.lines]
                orders = values_of(orders_of(the_festival(), now()), [OrderKind.STAGES])["parts"]
                kitchen = {line.entry: local(line.works_from) for line in lines if line.works_from}
                told = [
                    words
                    for notice in notices(the_festival())
                    if notice["kind"] == "family"
                    for part in parts_of(festival_facts(the_festival()), notice)
                    for _when, words in part.lines
                ]
            assert kitchen == dict.fromkeys(made.entries, MORNING)
            assert [table["under"] for part in orders for table in part["tables"]] == [
                "8 giờ – 11 giờ · cùng làm đến 9 giờ, sau đó trình bày", "8 giờ – 13 giờ",
            ]  # fmt: skip
            assert sum(words.endswith("cùng làm từ 8 giờ, giờ này là lúc trình bày") for words in told) == 3
        page = app.test_client().get("/programme/2024-06-14").text
        said = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
        assert said.count("Tất cả cùng làm từ 8 giờ, sau đó trình bày lần lượt.") == 1
