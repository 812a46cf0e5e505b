"""Locked in English and read in Vietnamese, byte for byte as locked in Vietnamese: words belong to the reader."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, select, update

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.ledger import LedgerEntry, LedgerPayload
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.judging.measuring import note_measure, note_overtime
from festival.judging.models import MeasureState
from festival.papers.models import SignedPaper, WholeMinutes
from festival.results import decide
from festival.results.current import current_table, standings_hash, tally_for_result
from festival.results.decide import TieOrder
from festival.results.delegations import deciding
from festival.results.ladder import lock
from festival.results.ladder.sign import Signed
from festival.results.models import Award, PanelDecision, StateChange
from festival.results.models import Standing as StandingRow
from tests.judging.panel_cast import Panel, cast, marks, send
from tests.results.stored import stored_standings
from tests.results.test_commands import RULESET
from tests.results.test_pages_of_the_panel import Desk, lock_form, people
from tests.results.whole_cast import bring

pytestmark = pytest.mark.either_database

TAI_NANG, BONG_RO, WHOLE = "/panel/tai-nang", "/panel/bong-ro", "/whole-delegation"
LADDER = [{"by": "less_overtime"}, {"by": "members"}, {"by": "criterion", "criterion": "noi-dung"}, {"by": "jury"}]
WHOLE_RULE = {
    "sum": "place_points",
    "ties": [{"by": "first_places"}, {"by": "jury"}],
    "prizes": [{"name": "Nhất", "count": 1}, {"name": "Nhì", "count": 1}, {"name": "Khuyến khích", "count": "rest"}],
}
THEN = datetime(2024, 6, 16, 3, 30, tzinfo=UTC)


@pytest.fixture
def panel(app: Flask) -> Panel:
    """Equal pairs, a sheet dropped, an act too long, a family that did not finish, delegations equal at the top."""
    with app.app_context():
        made = cast(entries=4, tie_ladder=LADDER, delta_milli=4_500)
        equal = [("chair", 80_000), ("lan", 80_000), ("hung", 90_000)]
        send(
            *(made.message(who, at, marks(total // 2, total // 2)) for at in (0, 1) for who, total in equal),
            *(made.message(who, 2, marks(42_000, 42_000)) for who in ("chair", "hung")),
            *(made.message(who, 3, marks(41_000, 41_000)) for who in ("chair", "lan", "hung")),
        )
        rules = json.loads(RULESET.read_text(encoding="utf-8")) | {"whole_delegation": WHOLE_RULE}
        with transaction():
            note_overtime(made.contest_id, made.entry_ids[2], 75, None)
            for entry, balls in ((0, 9), (2, 7), (3, 5)):
                note_measure(made.sport_id, made.sport_entries[entry], 1, MeasureState.VALID, balls, 0, None)
            note_measure(made.sport_id, made.sport_entries[1], 1, MeasureState.DID_NOT_FINISH, None, 0, None)
            db.session.get_one(Festival, made.festival_id).ruleset = rules
        return made


def desks(app: Flask, panel: Panel, language: str, *names: str) -> list[Desk]:
    found = people(app, panel, *names)
    for desk in found:
        desk.client.set_cookie("lang", language)
    return found


REASON = "100% đồng đều hơn, 9,5 so với 9"


def brought_to_the_public(app: Flask, panel: Panel, language: str) -> None:
    """Every step of both contests and of the whole delegation, by people who read this language."""
    (secretary,) = desks(app, panel, language, "secretary")
    secretary.post(TAI_NANG + "/lock", **lock_form())
    with app.test_request_context(headers={"Cookie": f"lang={language}"}):
        names = ["Nguyễn Thị Chủ"]
        with transaction():
            lock.lock(panel.sport_id, panel.users["organiser"], panel.users["secretary"])
            decide.decide(panel.contest_id, TieOrder([["E000"], ["E001"]]), REASON, names, None)
            decide.give_special(panel.contest_id, "E003", "Trang phục ấn tượng", None)
            deciding.decide_whole(panel.festival_id, TieOrder([["doan-3"], ["doan-0"]]), REASON, names, None)
        bring(panel, ContestState.SIGNED)
        with transaction():
            assert deciding.sign_whole(panel.festival_id, "09/BB-BGK", None) == Signed(4)
        bring(panel, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)
        with transaction():
            # the hour at which it happened is not what is compared
            db.session.execute(update(StateChange).values(at=THEN))
            db.session.execute(update(WholeMinutes).values(signed_at=THEN))
            db.session.execute(update(PanelDecision).values(decided_at=THEN))


def taken_back(app: Flask, panel: Panel) -> None:
    """As before the first lock; the ledger keeps what it was told."""
    with app.app_context(), transaction():
        for table in (StandingRow, Award, StateChange, WholeMinutes, SignedPaper, PanelDecision):
            db.session.execute(delete(table))
        for contest_id in (panel.contest_id, panel.sport_id):
            db.session.get_one(Contest, contest_id).state = ContestState.OPEN


def kept(app: Flask, panel: Panel) -> dict[str, Any]:
    """What the tables hold of the results and their reasons."""
    with app.app_context(), reading():
        return {
            "standings": [
                (row.entry.code, row.place, row.score_milli, row.reasons, row.detail)
                for contest_id in (panel.contest_id, panel.sport_id)
                for row in stored_standings(contest_id)
            ],
            "hash": standings_hash(current_table(tally_for_result(db.session.get_one(Contest, panel.contest_id)))),
            "awards": sorted(
                (row.contest_id or 0, row.entry_id or 0, row.delegation_id or 0, row.prize)
                for row in db.session.scalars(select(Award))
            ),
            "whole": [(row.number, row.contests, row.standings) for row in db.session.scalars(select(WholeMinutes))],
            "decisions": [(row.content, row.reason, row.names) for row in db.session.scalars(select(PanelDecision))],
        }


def told_the_ledger(app: Flask) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """What the ledger was told of the results, by stream, without the numbers of rows."""
    told: dict[str, list[tuple[str, dict[str, Any]]]] = {}
    with app.app_context(), reading():
        rows = db.session.execute(
            select(LedgerEntry.stream, LedgerEntry.kind, LedgerPayload.content)
            .join(LedgerPayload, (LedgerPayload.stream == LedgerEntry.stream) & (LedgerPayload.seq == LedgerEntry.seq))
            .where(LedgerEntry.stream.startswith("results:"))
            .order_by(LedgerEntry.stream, LedgerEntry.seq)
        )
        for row in rows:
            told.setdefault(row.stream, []).append((row.kind, json.loads(row.content or "{}") | {"decisions": []}))
    return told


def pages(app: Flask, panel: Panel, language: str) -> dict[str, str]:
    """All that is read of the results: minutes, tables with reasons, what the MC reads, what the public sees."""
    secretary, organiser, mc = desks(app, panel, language, "secretary", "organiser", "mc")
    public = Desk(app, None)
    public.client.set_cookie("lang", language)
    shown = [
        *((secretary, path) for path in (TAI_NANG, TAI_NANG + "/minutes", BONG_RO + "/minutes")),
        *((mc, path) for path in (TAI_NANG + "/mc", "/panel")),
        *((organiser, path) for path in (WHOLE, WHOLE + "/minutes")),
        *((public, path) for path in ("/results", "/contests/bong-ro")),
    ]
    return {path: told(desk.get(path)) for desk, path in shown}


def told(page: str) -> str:
    """A page without what is another with every look: the token of its forms, which bears the second, and numbers of papers."""
    return re.sub(r'name="csrf_token" value="[^"]*"|/papers/\d+', "", page)


def test_the_language_of_the_lock_is_kept_nowhere(app: Flask, panel: Panel) -> None:
    found = []
    for language in ("vi", "en"):
        with time_machine.travel(THEN, tick=False):  # the minutes say when they were printed
            brought_to_the_public(app, panel, language)
            found.append((kept(app, panel), pages(app, panel, "vi"), pages(app, panel, "en")))
        taken_back(app, panel)
    vietnamese, english = found
    assert english == vietnamese
    tables, in_vietnamese, in_english = english
    assert tables["standings"][0] == (
        "E003",
        1,
        82_000,
        [
            {
                "template": "Bằng điểm, xét «%(rung)s»: %(fact)s.",
                "values": {"rung": {"template": "ít quá giờ hơn", "values": {}}, "fact": {"ms": 0}},
            }
        ],
        {"penalty": 0, "members": 0},
    )
    # the control: the pages do speak, each in its own language and figures
    for path, words, other in (
        (TAI_NANG, "lệch quá 4,5 điểm so với trung bình 83,333.", "more than 4.5 points from the mean 83.333."),
        (TAI_NANG, "xét «ít quá giờ hơn»: 1:15.", "decided by “less overtime”: 1:15."),
        (TAI_NANG, "chưa xét được «số thành viên tham gia»", "“number of members taking part”"),
        ("/contests/bong-ro", "Không hoàn thành phần thi.", "Did not finish the contest."),
        (WHOLE, "xét «số giải Nhất»: 1.", "decided by “number of first prizes”: 1."),
    ):
        assert (words in in_vietnamese[path], words in in_english[path]) == (True, False), path
        assert (other in in_vietnamese[path], other in in_english[path]) == (False, True), path
    # a paper is in Vietnamese for every reader, the same bytes
    for path, words in (
        (TAI_NANG + "/minutes", "lệch quá 4,5 điểm so với trung bình 83,333."),
        (BONG_RO + "/minutes", "Không hoàn thành phần thi."),
        (WHOLE + "/minutes", "xét «số giải Nhất»: 1."),
    ):
        assert words in in_english[path] and in_english[path] == in_vietnamese[path]
    # what people typed stands in both as they typed it
    assert REASON in in_vietnamese[WHOLE + "/minutes"] and REASON in in_english[WHOLE + "/minutes"]
    # the ledger was told everything twice
    streams = told_the_ledger(app)
    assert set(streams) == {"results:tai-nang", "results:bong-ro", "results:thu/delegations"}
    for lines in streams.values():
        half = len(lines) // 2
        assert lines[half:] == lines[:half] != []


def test_minutes_of_the_first_releases_are_read_as_they_were(app: Flask, panel: Panel) -> None:
    """Reasons were kept as texts then: the step of the ladder is worded for the reader, the rest stands as signed."""
    brought_to_the_public(app, panel, "vi")
    (reader,) = desks(app, panel, "vi", "organiser")
    before = told(reader.get(WHOLE))
    with app.app_context(), transaction():
        row = db.session.scalars(select(WholeMinutes)).one()
        row.standings = [line | {"reasons": [early(reason) for reason in line["reasons"]]} for line in row.standings]
    assert told(reader.get(WHOLE)) == before
    (other,) = desks(app, panel, "en", "organiser")
    assert "decided by “number of first prizes”: 1." in other.get(WHOLE)


def early(reason: dict[str, Any]) -> dict[str, Any]:
    """A reason as release 0.2.0 kept it."""
    values = {
        name: value["template"] if isinstance(value, dict) else str(value) for name, value in reason["values"].items()
    }
    return {"template": reason["template"], "values": values}
