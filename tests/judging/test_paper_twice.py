"""Slips of paper typed by two people who do not see each other: held, agreed, unlike, decided, taken back, raced; on both databases."""

from __future__ import annotations

import re
import threading
from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.seal.checks import inspect, snapshot, worded_of
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.documents.photo import NotAPicture, kept_photo
from festival.judging.models import ScoreSheet
from festival.judging.paper.models import SlipDecision, SlipPhoto, SlipTyping, TypingState
from festival.judging.paper.of_seat import paper_cells
from festival.judging.paper.resolving import decide_slip, question_of
from festival.judging.paper.rules import differing, typed_twice
from festival.judging.paper.seats import set_paper_seats
from festival.judging.paper.slips import (
    Slip,
    SlipReading,
    TypingHeld,
    TypingsAgree,
    TypingsDiffer,
    take_back_typing,
    type_slip,
    waiting_typings,
)
from festival.judging.tally import read_tally
from festival.results.ladder.lock import NotReady, lock
from tests.accounts.kit import noted
from tests.judging.panel_cast import PASSWORD_HASH, Panel, cast, full_panel, marks, send
from tests.results.test_pages_of_the_panel import TAI_NANG, Desk


def second_secretary() -> int:
    with transaction():
        return create_user("thuky2", "Hồ Thư Ký", PASSWORD_HASH, [Role.SECRETARY]).id


def slip_of(panel: Panel, who: str = "lan", at: int = 0) -> Slip:
    return Slip(panel.contest_id, panel.judges[who], panel.users[who], panel.entry_ids[at], panel.entries[at])


def read(content: int, style: int) -> SlipReading:
    return SlipReading(marks(content, style), content + style, "")


def typing(slip: Slip, reading_: SlipReading, by: int, own: int | None = None) -> object:
    with transaction():
        return type_slip(slip, reading_, by, own)


def sheets() -> list[tuple[int | None, int, bool, int | None]]:
    with reading():
        rows = db.session.scalars(select(ScoreSheet).order_by(ScoreSheet.id)).all()
        return [(each.total_milli, each.version, each.on_paper, each.typed_by) for each in rows]


def kinds() -> list[str]:
    with reading():
        return [entry.kind for entry, _payload in ledger.lines("paper:tai-nang")]


def clean() -> None:
    """The ledger tells of every row of the tables, and nothing else."""
    with snapshot():
        report = inspect(["judging:tai-nang", "paper:tai-nang"])
    assert ([str(each) for each in worded_of(report)], report.clean) == ([], True)


def test_once_or_twice_and_where_readings_differ() -> None:
    assert [typed_twice(rule, paper_seat=seat) for rule in ("by_seat", "once", "twice") for seat in (False, True)] == [
        False, True, False, False, True, True,
    ]  # fmt: skip
    assert differing([{"a": 1, "b": 2}, {"a": 1, "b": 3}, {"a": 1}], ["a", "b"]) == ("b",)
    assert differing([{"a": 1}, {"a": 1}], ["a"]) == ()


def test_two_people_agree_and_only_then_there_is_a_sheet(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        one, two = panel.users["secretary"], second_secretary()
        slip = slip_of(panel)
        with transaction():
            assert set_paper_seats(panel.contest_id, {"B"}, one) == 1
        with transaction():
            assert set_paper_seats(panel.contest_id, {"B"}, one) == 0
        assert typing(slip, read(40_000, 30_000), one) == TypingHeld()
        assert sheets() == [], "a typing is no sheet"
        with reading():
            cells = paper_cells(read_tally(_contest(panel)))
            assert cells[slip.pair]["words"] == "gõ một lần, chờ người thứ hai"
            assert {cell["words"] for pair, cell in cells.items() if pair != slip.pair} == {"chờ phiếu giấy"}
            first = waiting_typings(slip)[0].id
        with pytest.raises(Conflict, match="phải do một người khác"):
            typing(slip, read(40_000, 30_000), one)
        assert typing(slip, read(41_000, 30_000), one, first) == TypingHeld(), "the own one is corrected"
        assert typing(slip, read(41_000, 30_000), two) == TypingsAgree(71_000)
        assert sheets() == [(71_000, 1, True, two)]
        with reading():
            states = db.session.execute(select(SlipTyping.state, SlipTyping.typed_by).order_by(SlipTyping.id)).all()
            line = list(ledger.lines("paper:tai-nang"))[-1][0]
        assert [tuple(row) for row in states] == [
            (TypingState.DROPPED, one), (TypingState.AGREED, one), (TypingState.AGREED, two),
        ]  # fmt: skip
        assert (line.kind, line.subject["typed_by"]) == ("slip.agreed", [one, two]), "the ledger says who typed both"
        # a correction takes two people again; the sheet stands until both agree
        assert typing(slip, read(42_000, 30_000), two) == TypingHeld()
        assert sheets() == [(71_000, 1, True, two)]
        assert typing(slip, read(42_000, 30_000), one) == TypingsAgree(72_000)
        assert sheets() == [(72_000, 2, True, one)]
        with transaction():
            assert set_paper_seats(panel.contest_id, set(), one) == 1
        assert kinds() == [
            "seat.paper",
            "slip.held",
            "slip.held",
            "slip.agreed",
            "slip.held",
            "slip.agreed",
            "seat.tablet",
        ]
        clean()


def _contest(panel: Panel) -> Contest:
    return db.session.get_one(Contest, panel.contest_id)


def test_readings_that_differ_are_decided_by_a_third_person_and_anew(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        one, two, chair = panel.users["secretary"], second_secretary(), panel.users["chair"]
        slip, before = slip_of(panel), sheets()
        assert typing(slip, read(13_000, 30_000), one) == TypingHeld()
        assert typing(slip, read(31_000, 30_000), two) == TypingsDiffer()
        assert sheets() == before
        with transaction():
            outcome = lock(panel.contest_id, chair, one)
        assert isinstance(outcome, NotReady)
        assert [(each.what, each.who) for each in outcome.problems] == [("differs", "Danh Thị Lan")]
        with reading():
            asked = question_of(slip)
        assert asked is not None and list(asked.options) == ["first", "second", "sheet"]
        assert [each["total"] for each in asked.options.values()] == [43_000, 61_000, 89_750]
        for who, said in ((one, "không tự quyết định"), (two, "không tự quyết định")):
            with pytest.raises(Conflict, match=said), transaction():
                decide_slip(slip, "second", None, "xem phiếu", asked.seen, who)
        with transaction():
            decide_slip(slip, "second", None, "số 3 viết trước", asked.seen, chair)
        with pytest.raises(Overtaken), transaction():
            decide_slip(slip, "first", None, "chậm hơn", asked.seen, chair)
        changed = (61_000, 2, True, chair)
        assert changed in sheets()
        with reading():
            again = question_of(slip)
        assert again is not None and again.options == asked.options, "the same readings stand side by side"
        with transaction():
            decide_slip(slip, "typed", read(31_250, 30_000), "cả hai đều nhầm", again.seen, panel.users["organiser"])
        assert (61_250, 3, True, panel.users["organiser"]) in sheets()
        with reading():
            rows = db.session.execute(select(SlipDecision.kept, SlipDecision.standing).order_by(SlipDecision.id)).all()
        assert [tuple(row) for row in rows] == [("second", False), ("typed", True)]
        clean()


def test_a_tablets_sheet_is_the_third_reading_and_a_typing_can_be_taken_back(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        one, two = panel.users["secretary"], second_secretary()
        slip = slip_of(panel)
        send(panel.message("lan", 0, marks(20_000, 20_000)))
        typing(slip, read(25_000, 20_000), one)
        assert typing(slip, read(25_000, 20_000), two) == TypingsDiffer(), "both agree, the tablet does not"
        assert sheets() == [(40_000, 1, False, None)]
        with reading():
            own = {each.typed_by: each.id for each in waiting_typings(slip)}
        with pytest.raises(Conflict, match="Chỉ người đã gõ"), transaction():
            take_back_typing(slip, own[one], two)
        with transaction():
            take_back_typing(slip, own[one], one)
        with reading():
            assert [(each.place, each.state) for each in waiting_typings(slip)] == [(2, TypingState.HELD)]
        assert typing(slip, read(20_000, 20_000), one) == TypingsDiffer()
        with reading():
            second = next(each.id for each in waiting_typings(slip) if each.typed_by == two)
        assert typing(slip, read(20_000, 20_000), two, second) == TypingsAgree(40_000), "now all three say the same"
        assert sheets() == [(40_000, 1, False, None)], "the sheet of the tablet stays as it was signed"
        clean()


def test_two_second_typists_at_the_same_moment(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        one, two = panel.users["secretary"], second_secretary()
        with transaction():
            three = create_user("thuky3", "Thị Ba", PASSWORD_HASH, [Role.SECRETARY]).id
        slip = slip_of(panel)
        typing(slip, read(40_000, 30_000), one)
    outcomes: list[str] = []
    start = threading.Barrier(2)

    def race(by: int, style: int) -> None:
        with app.app_context():
            start.wait()
            try:
                outcomes.append(type(typing(slip, read(40_000, style), by)).__name__)
            except Conflict as refused:
                outcomes.append(type(refused).__name__)

    threads = [threading.Thread(target=race, args=each) for each in ((two, 31_000), (three, 32_000))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["Overtaken", "TypingsDiffer"]
    with app.app_context(), reading():
        assert [each.place for each in waiting_typings(slip)] == [1, 2]


def test_without_the_indices_a_slip_would_be_typed_by_one_person_or_by_three(app: Flask) -> None:
    """The naive way (look, then write) is what the indices refuse."""
    with app.app_context():
        panel = cast()
        one, two = panel.users["secretary"], second_secretary()
        slip = slip_of(panel)
        typing(slip, read(40_000, 30_000), one)

        def naive(by: int, place: int) -> None:
            with transaction():
                db.session.add(
                    SlipTyping(
                        judge_id=slip.judge_id, entry_id=slip.entry_id, round=1, place=place, state=TypingState.HELD,
                        marks=marks(1_000, 0), total_milli=1_000, note="", typed_by=by, typed_at=now(),
                    )
                )  # fmt: skip

        for by, place in ((one, 2), (two, 1)):
            with pytest.raises(IntegrityError):
                naive(by, place)
        with transaction():
            for name in ("place", "person"):
                db.session.execute(text(f"DROP INDEX uq_slip_typing_{name}"))
        naive(one, 2)
        naive(two, 1)
        with reading():
            assert db.session.scalar(select(func.count()).select_from(SlipTyping)) == 3


def picture(size: tuple[int, int] = (3000, 2000)) -> bytes:
    made, exif = Image.new("RGB", size, "white"), Image.Exif()
    exif[0x010F] = "May cua co Lan"
    exif[0x0112] = 6
    held = BytesIO()
    made.save(held, "JPEG", exif=exif)
    return held.getvalue()


def test_a_photo_keeps_its_pixels_and_nothing_else() -> None:
    content = picture()
    assert b"May cua" in content
    kept = kept_photo(content)
    with Image.open(BytesIO(kept)) as shown:
        assert (shown.format, shown.size, dict(shown.getexif())) == ("JPEG", (1333, 2000), {})
    assert b"May cua" not in kept
    for broken in (b"%PDF-1.7 ...", b"", content[:200], b"GIF89a" + bytes(40), b"<svg/>"):
        with pytest.raises(NotAPicture):
            kept_photo(broken)


def sends(desk: Desk, content: bytes, status: int) -> str:
    token = re.search(r'name="csrf_token" value="([^"]+)"', desk.client.get("/sign-in").get_data(as_text=True))
    assert token is not None
    data = {"csrf_token": token[1], "judge": "B", "entry": "E000", "photo": (BytesIO(content), "phieu.jpg")}
    answer = desk.client.post(TAI_NANG + "/photo", data=data)
    assert answer.status_code == status
    return answer.get_data(as_text=True)


@pytest.mark.either_database
def test_a_photo_is_seen_by_the_panel_only_and_each_look_is_noted(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        one, two = panel.users["secretary"], second_secretary()
        typing(slip_of(panel), read(13_000, 30_000), one)
        typing(slip_of(panel), read(31_000, 30_000), two)
    secretary, helper, chair, organiser, mc = (
        Desk(app, who) for who in (one, two, *(panel.users[x] for x in ("chair", "organiser", "mc")))
    )
    query = "?judge=B&entry=E000"
    # who has no seat in the panel finds the way to its slips, its secretary among the own contests
    way = f'href="{TAI_NANG}/paper"'
    assert way in helper.get("/panel") and way not in secretary.get("/panel")
    # the photo: a file that is none, then one, then another
    refused = sends(secretary, b"khong phai anh", 400)  # on the page of the slip, where another can be chosen at once
    assert "không phải là ảnh" in refused and 'name="photo"' in refused
    sends(secretary, picture((600, 400)), 303)
    sends(helper, picture((500, 400)), 303)
    with app.app_context(), reading():
        photos = [
            tuple(row) for row in db.session.execute(select(SlipPhoto.id, SlipPhoto.standing).order_by(SlipPhoto.id))
        ]
    assert [standing for _id, standing in photos] == [False, True]
    shown = f"{TAI_NANG}/photo/{photos[1][0]}"
    for desk, status in ((secretary, 200), (chair, 404), (organiser, 404), (helper, 404), (mc, 404)):
        answer = desk.client.get(shown)
        assert (answer.status_code, answer.data[:2] == b"\xff\xd8") == (status, status == 200), status
    chair_sees = chair.client.get(shown + query)
    assert chair_sees.status_code == 200 and chair_sees.headers["Cache-Control"] == "private, no-store"
    with app.app_context(), reading():
        about = list(db.session.scalars(select(SecurityNote.subject)))
    assert sum("photo" in each for each in about) == 2
    assert noted(app)
    secretary.post(f"{TAI_NANG}/photo/{photos[1][0]}")
    secretary.post(f"{TAI_NANG}/photo/{photos[0][0]}", put_back="1")
    with app.app_context():
        with reading():
            stands = db.session.scalars(select(SlipPhoto.id).where(SlipPhoto.standing)).all()
        assert stands == [photos[0][0]]
        clean()


@pytest.mark.either_database
def test_the_pages_are_blind_and_keep_what_was_typed(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        two = second_secretary()
        with transaction():
            set_paper_seats(panel.contest_id, {"A", "B", "C"}, panel.users["secretary"])
    users = panel.users
    secretary, helper, chair, mc = (Desk(app, who) for who in (users["secretary"], two, users["chair"], users["mc"]))
    page, query = TAI_NANG + "/slip", "?judge=B&entry=E000"
    form = {"judge": "B", "entry": "E000", "version": "0", "state": "marked", "reason": ""}
    first = form | {"mark-noi-dung": "41,25", "mark-dien-xuat": "30", "total": "71,5"}
    wrong = secretary.post(page, 422, **first)
    assert "Phiếu ghi tổng 71,5, cộng các điểm đã gõ được 71,25" in wrong and 'value="41,25"' in wrong
    assert "Gõ tổng điểm" in secretary.post(page, 422, **first | {"total": ""})
    secretary.post(page, **first | {"total": "71,25"})
    own = secretary.get(page + query)
    assert 'value="41,25"' in own and "Bỏ lượt gõ của mình" in own
    assert "phải do một người khác" in secretary.post(page, 409, **first | {"total": "71,25"})
    blind = helper.get(page + query)
    assert "41,25" not in blind and "71,25" not in blind and "Lượt gõ thứ hai" in blind
    assert "chờ người thứ hai gõ" in helper.get(TAI_NANG + "/paper")
    helper.get(TAI_NANG, 404)
    mc.get(TAI_NANG + "/paper", 404)
    chair.get(page + query, 403)
    helper.post(page, **form | {"mark-noi-dung": "14,25", "mark-dien-xuat": "30", "total": "44,25"})
    seen = helper.get(page + query)
    assert "41,25" not in seen and "không giống nhau" in seen
    helper.get(page + "/resolve" + query, 403)
    secretary.get(page + "/resolve" + query, 403)
    asked = chair.get(page + "/resolve" + query)
    assert "41,25" in asked and "14,25" in asked and asked.count("lệch") == 1

    chair_form = {"judge": "B", "entry": "E000", "kept": "typed", "mark-noi-dung": "41,25", "mark-dien-xuat": "30"}
    answer = chair.client.get(page + "/resolve" + query).get_data(as_text=True)
    stamp = answer.split('name="seen" value="')[1].split('"')[0]
    kept = chair.post(page + "/resolve", 422, **chair_form, total="71", reason="", seen=stamp)
    assert 'value="41,25"' in kept and "cộng các điểm đã gõ được 71,25" in kept
    chair.post(page + "/resolve", **chair_form, total="71,25", reason="đọc lại phiếu", seen=stamp)
    with app.app_context():
        assert sheets() == [(71_250, 1, True, panel.users["chair"])]
        clean()
