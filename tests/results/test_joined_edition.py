"""One small edition in which everything meets: a round and its final, cooking by sight and blind added up, a quiz by question.

It is lived from the marks to the minutes of the delegations, then exported, recounted by the separate program, explained and
held against its ledger.
"""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import verify
from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.contests.questions.answers import read_stored, value_of
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.models import Festival
from festival.judging.measuring import MeasureTaken, note_measure
from festival.judging.models import MeasureState
from festival.judging.plates.putting import plate_lines, put_plates, seen_of
from festival.judging.sheet_messages import SheetMessage, SheetTaken
from festival.judging.taking_sheets import take_sheets
from festival.office.festival_import import import_festival, read_file
from festival.results import decide
from festival.results.amended.corrections import Corrections
from festival.results.amending import Amended
from festival.results.amendments.storing import amend_standings
from festival.results.current import current_table, tally_for_result
from festival.results.cut import taking
from festival.results.decisions import decisions_of
from festival.results.delegations.table import whole_delegation
from festival.results.explain.steps import steps_of
from festival.results.explain.words import explained
from festival.results.export.edition import export_of
from festival.results.ladder import lock, sign
from festival.results.ladder.lock import Locked
from festival.results.ladder.sign import Signed
from festival.results.settling.recording import LotsDrawn, MarkedAgain
from festival.results.sums.entries import refresh_sums_of
from festival.roster.models import Delegation, Entry, EntryPerson, EntryState, Family, FamilyState, Origin, Person
from festival.roster.places import leave_entries
from tests.editions.test_joined_contests import stated
from tests.judging.panel_cast import Panel, cast

SAW = ["Lê Văn Thấy", "Trần Thị Biết"]
REGISTERED = ("so-khao", "nau-an", "kien-thuc")
CRITERION = {"so-khao": "noi-dung", "chung-ket": "dien-xuat", "nau-an": "trinh-bay", "huong-vi": "vi"}


def named(code: str) -> Contest:
    wanted = select(Contest).join(Festival).where(Contest.code == code, Festival.code == "vong-2024")
    return db.session.scalars(wanted).one()


def entry_of(contest: str, at: int) -> Entry:
    """The entry of the family with this number in a contest."""
    own = select(Entry).join(Family, Family.id == Entry.family_id)
    return db.session.scalars(own.where(Entry.contest_id == named(contest).id, Family.code == f"nha-{at}")).one()


def imported(blind: dict[str, Any]) -> None:
    """The example file, with something else said of the contest judged blind."""
    document = stated()
    for each in document["delegations"]:
        each.pop("unit_code")
    document["contests"][3] |= blind
    with transaction():
        import_festival(read_file(json.dumps(document).encode()))


def edition(panel: Panel) -> None:
    """The example file with four families of two delegations; the chair marks alone."""
    imported({})
    with transaction():
        festival = db.session.scalars(select(Festival).where(Festival.code == "vong-2024")).one()
        delegations = db.session.scalars(
            select(Delegation).where(Delegation.festival_id == festival.id).order_by(Delegation.code)
        ).all()
        for code in CRITERION:
            for letter, who, seat in (("A", "chair", PanelSeat.CHAIR), (None, "secretary", PanelSeat.SECRETARY)):
                db.session.add(
                    Judge(
                        contest_id=named(code).id,
                        user_id=panel.users[who],
                        seat=seat,
                        letter=letter,
                        marks=bool(letter),
                    )
                )
        for at in range(4):
            family = Family(
                festival_id=festival.id, delegation_id=delegations[at % 2].id, code=f"nha-{at}", name=f"Gia đình bà Thị {at}",
                folded=f"gia dinh ba thi {at}", state=FamilyState.APPROVED, origin=Origin.OFFICER, identity=f"thi {at}",
                created_at=now(),
            )  # fmt: skip
            db.session.add(family)
            db.session.flush()
            for code in REGISTERED:
                db.session.add(
                    Entry(
                        contest_id=named(code).id, delegation_id=family.delegation_id, family_id=family.id,
                        code=f"{code}-{at}", name=family.name, number=10 * at + 1,
                    )
                )  # fmt: skip


def marked(panel: Panel, contest: str, *given: tuple[int, int]) -> None:
    """The chair gives families points in a contest."""
    with transaction():
        found = take_sheets(
            [
                SheetMessage(
                    mid=f"{contest}-{at}-{points}", user_id=panel.users["chair"], entry_code=entry_of(contest, at).code,
                    round=1, verb="send", body={"marks": {CRITERION[contest]: points}}, base_version=0, received_at=now(),
                )
                for at, points in given
            ]
        )  # fmt: skip
        assert all(isinstance(each, SheetTaken) for each in found), found


def locked(contest: str) -> None:
    with transaction():
        assert isinstance(found := lock.lock(named(contest).id, None, None, "cả ban có mặt"), Locked), found


def signed(contest: str) -> None:
    with transaction():
        assert isinstance(found := sign.sign(named(contest).id, f"{contest}/BB", None), Signed), found


def said(panel: Panel, contest: str, saying: Any) -> None:
    with transaction():
        decide.decide(named(contest).id, saying, "theo thể lệ", SAW, panel.users["secretary"])


def places(contest: str) -> list[tuple[str, int | None, int | None]]:
    with reading():
        table = current_table(tally_for_result(named(contest)))
        return [(table.appearances[each.entry].name[-1], each.rank, each.value) for each in table.standings]


def amended(panel: Panel, contest: str, corrections: Corrections, number: str) -> None:
    with transaction():
        two = panel.users["chair"], panel.users["secretary"]
        found = amend_standings(named(contest).id, corrections, number, "nhập nhầm phiếu", *two)
        assert isinstance(found, Amended), found


def the_rounds(panel: Panel) -> None:
    """Two stand equal across the cut; the final is judged with points of the round."""
    # the round: two stand equal across the cut, are marked again and drawn for
    marked(panel, "so-khao", (0, 90_000), (1, 80_000), (2, 80_000), (3, 70_000))
    locked("so-khao")
    with pytest.raises(Conflict), transaction():
        sign.sign(named("so-khao").id, "1", None)
    equal = {"so-khao-1": "75", "so-khao-2": "75"}
    said(panel, "so-khao", MarkedAgain(frozenset(equal), {"3": equal}))
    with pytest.raises(Conflict), transaction():
        sign.sign(named("so-khao").id, "1", None)
    said(panel, "so-khao", LotsDrawn({"so-khao-1": "2", "so-khao-2": "1"}))
    signed("so-khao")
    with transaction():
        assert taking.take(named("chung-ket").id, None) == 2
    marked(panel, "chung-ket", (0, 60_000), (2, 90_000))
    # an amendment of the round after the final's first mark moves nobody in the final
    with reading():
        judge = db.session.scalars(select(Judge.id).where(Judge.contest_id == named("so-khao").id, Judge.marks)).one()
    amended(panel, "so-khao", Corrections(marks={("so-khao-3", judge, "noi-dung"): 95_000}), "1/DC")
    with pytest.raises(Conflict), transaction():
        taking.renew(named("chung-ket").id, None)
    locked("chung-ket")
    signed("chung-ket")
    assert places("chung-ket") == [("2", 1, 114_000), ("0", 2, 87_000)]


def the_cooking(panel: Panel) -> None:
    """By sight under names, by taste under plates, and what both come to."""
    # cooking: by sight under names, by taste under plates, each family once in the sum
    marked(panel, "nau-an", *((at, 50_000 + 1_000 * at) for at in range(4)))
    with transaction():
        blind, bases = named("huong-vi"), [entry_of("nau-an", at).id for at in range(4)]
        put_plates(blind.id, dict(zip(bases, (42, 17, 88, 23), strict=True)), seen_of(plate_lines(blind)), "", None)
    marked(panel, "huong-vi", *((at, 30_000 - 1_000 * (at // 2)) for at in range(4)))
    for contest in ("nau-an", "huong-vi"):
        locked(contest)
    with transaction():
        decide.give_special(named("huong-vi").id, entry_of("huong-vi", 0).code, "Món ngon nhất", None)
    for contest in ("nau-an", "huong-vi"):
        signed(contest)
    locked("bua-com")
    signed("bua-com")
    assert places("bua-com") == [("3", 1, 82_000), ("1", 2, 81_000), ("2", 3, 81_000), ("0", 4, 80_000)]


def the_quiz(panel: Panel) -> None:
    """Question by question; equal ones are drawn for."""
    # of the quiz equal ones are drawn for
    with transaction():
        asked = read_stored(named("kien-thuc").questions)
        for at, answers in enumerate(("rrr", "rwp", "pwr", "ppr")):
            taken = note_measure(
                named("kien-thuc").id, entry_of("kien-thuc", at).id, 1, MeasureState.VALID, value_of(answers, asked), 0,
                None, answers=answers,
            )  # fmt: skip
            assert isinstance(taken, MeasureTaken), taken
    locked("kien-thuc")
    said(panel, "kien-thuc", LotsDrawn({"kien-thuc-2": "1", "kien-thuc-3": "2"}))
    signed("kien-thuc")
    assert places("kien-thuc") == [("0", 1, 40), ("2", 2, 20), ("3", 3, 20), ("1", 4, 10)]


def test_everything_together_is_recounted_explained_and_held_against_its_ledger(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        edition(panel)
        the_rounds(panel)
        the_cooking(panel)
        the_quiz(panel)
        # a special prize goes to another entry that was judged blind
        with reading():
            other = entry_of("huong-vi", 1).code
        amended(panel, "huong-vi", Corrections(specials={"Món ngon nhất": other}), "2/DC")
        with reading():
            festival = db.session.scalars(select(Festival).where(Festival.code == "vong-2024")).one()
            whole = whole_delegation(festival)
            assert whole is not None
            # answers bring their points, the sum its place points for both of its components
            assert [(each.points_milli, dict(each.by_contest)) for each in whole.lines] == [
                (240_000, {"so-khao": 170_000, "chung-ket": 8_000, "bua-com": 2_000, "kien-thuc": 60_000}),
                (213_000, {"so-khao": 175_000, "bua-com": 8_000, "kien-thuc": 30_000}),
            ]
            for contest in (*CRITERION, "bua-com", "kien-thuc"):
                tally = tally_for_result(named(contest))
                table, decided = current_table(tally), decisions_of(tally.contest.id)
                for each in table.standings:
                    steps = steps_of(tally, table, each.entry, decided)
                    assert explained(steps, table, {code: code for code in table.appearances}, each.entry), contest
            for jury in (True, False):
                file = json.loads(json.dumps(export_of(festival, jury=jury)), parse_float=verify.Decimal)
                assert verify.check(file, []).startswith("Khớp"), jury
            numbers = {
                each["number"]
                for told in export_of(festival, jury=True)["contests"]
                if told["code"] == "huong-vi"
                for each in told["entries"]
            }
            assert numbers == {1, 11, 21, 31}
        with seals.snapshot():
            # the cast itself was put in by hand
            assert {room for room, _difference in seals.inspect().named()} <= {"contests", "registration", "schedule"}


def test_a_file_that_names_another_origin_is_refused_once_entries_came_from_the_first(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        edition(panel)
        with transaction():
            blind = named("huong-vi")
            put_plates(blind.id, {entry_of("nau-an", 0).id: 42}, seen_of(plate_lines(blind)), "", None)
        with pytest.raises(Conflict, match="nơi lấy lượt thi"):
            imported({"plates_of": "so-khao"})
        imported({"name": "Hương vị bữa cơm"})


def test_who_leaves_after_cooking_takes_nothing_from_the_familys_sum(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        edition(panel)
        with transaction():
            base = entry_of("nau-an", 0)
            person = Person(
                festival_id=base.delegation.festival_id, family_id=base.family_id, code="P0", name="Thị Không",
                folded="thi khong", representative=True,
            )  # fmt: skip
            db.session.add(person)
            db.session.flush()
            db.session.add(EntryPerson(entry_id=base.id, person_id=person.id))
            db.session.flush()
            named("nau-an").state = ContestState.SIGNED
            refresh_sums_of(named("nau-an"))
            # the one who cooked is in the quiz too, which is still to come
            db.session.add(EntryPerson(entry_id=entry_of("kien-thuc", 0).id, person_id=person.id))
            db.session.flush()
            left = leave_entries(person)
        with reading():
            assert [each["entry"] for each in left] == [entry_of("kien-thuc", 0).id]
            states = [entry_of(contest, 0).state for contest in ("nau-an", "bua-com", "kien-thuc")]
            assert states == [EntryState.ENROLLED, EntryState.ENROLLED, EntryState.WITHDRAWN]
