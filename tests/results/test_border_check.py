"""Slips of paper are typed again before the signature: which ones, by whom, and what stops the minutes."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict
from festival.judging.paper.border import check_of, paper_slips, settle, type_border
from festival.judging.paper.borders import PlacedAct, beside_a_border, drawn, how_many, read_dice
from festival.judging.paper.confirming import override_confirmation
from festival.judging.paper.models import BorderCheck
from festival.judging.paper.slips import SlipReading
from festival.judging.tablets.tablet import judge_state
from festival.results.border.pages import begin
from festival.results.current import tally_for_result
from festival.results.ladder.lock import Locked, lock
from festival.results.ladder.sign import Signed, sign
from festival.results.ladder.unlock import Unlocked, unlock
from festival.schedule.planning import make_plan
from festival.schedule.sessions import add_session, add_stage
from tests.devices.kit import Phone
from tests.judging.panel_cast import PASSWORD, Panel, cast, marks, send
from tests.judging.test_paper_twice import clean
from tests.judging.test_tablet_sync import tablet
from tests.results.test_commands import run
from tests.results.test_pages_of_the_panel import TAI_NANG, Desk

pytestmark = pytest.mark.either_database

DICE = "3125466123"


def acts(*given: tuple[str, int, str | None]) -> list[PlacedAct]:
    return [PlacedAct(*each) for each in given]


def test_which_acts_stand_beside_a_border() -> None:
    usual = acts(("a", 1, "Nhất"), ("b", 2, "Nhì"), ("c", 3, "Nhì"), ("d", 4, "Ba"), ("e", 5, None), ("f", 6, None))
    assert beside_a_border(usual) == ("a", "b", "c", "d", "e")
    inside = acts(("a", 1, "Nhất"), ("b", 2, "KK"), ("c", 3, "KK"), ("d", 4, "KK"))
    assert beside_a_border(inside) == ("a", "b")
    tied = acts(("a", 1, "Nhất"), ("b", 2, "KK"), ("c", 2, "KK"), ("d", 4, "KK"))
    assert beside_a_border(tied) == ("a", "b", "c"), "all who share the place beside the border"
    split = acts(("a", 1, "Nhất"), ("b", 1, "Nhì"), ("c", 3, "Nhì"))
    assert beside_a_border(split) == ("a", "b", "c")
    asked = [*acts(("a", 1, "Nhì"), ("d", 4, None)), PlacedAct("b", 2, None, True), PlacedAct("c", 2, None, True)]
    assert beside_a_border(asked) == ("a", "b", "c", "d"), "who waits for the panel stands at a border"
    assert beside_a_border(acts(("a", 1, "KK"), ("b", 2, "KK"))) == ()
    assert beside_a_border([]) == ()


def test_the_dice_draw_what_anybody_draws_again() -> None:
    assert [how_many(rest) for rest in (0, 1, 10, 11, 199, 200, 201, 1000)] == [0, 1, 1, 2, 20, 20, 20, 20]
    rest = [f"E{at:03d}/{letter}/1" for at in range(30) for letter in "ABCDE"]
    again = sorted((sha256(f"{DICE}:{name}".encode()).hexdigest(), name) for name in rest)
    assert list(drawn(DICE, rest)) == [name for _digest, name in again[:15]]
    assert drawn(DICE, rest[::-1]) == drawn(DICE, rest) != drawn(DICE[::-1], rest)
    assert drawn("3125466123", ["E000/A/1", "E000/B/1"]) == ("E000/B/1",)
    assert read_dice(" 31254 66123 ") == DICE == read_dice("3,1,2,5,4,6,6,1,2,3")
    assert [read_dice(each) for each in ("312546612", "3125466120", "7" * 10, "", "１" * 10, "1" * 61)] == [None] * 6


def on_paper(entries: int = 4, **contest: Any) -> Panel:
    """Everybody marks on paper, typed by the secretary; entry 0 best. Locked."""
    panel = cast(entries, **contest)
    secretary = panel.users["secretary"]
    send(
        *(
            panel.message(who, at, marks(45_000 - 5_000 * at, 45_000 - 250 * offset), typed_by=secretary)
            for offset, who in enumerate(("chair", "lan", "hung"))
            for at in range(entries)
            if (who, at) != ("lan", 2)
        )
    )
    locked(panel)
    return panel


def locked(panel: Panel) -> None:
    with transaction():
        assert isinstance(lock(panel.contest_id, panel.users["chair"], panel.users["secretary"]), Locked)


def start(panel: Panel, reason: str = "", dice: str = DICE) -> int:
    with transaction():
        return begin(panel.contest_id, dice, reason, panel.users["chair"])


def signs(panel: Panel) -> object:
    with transaction():
        return sign(panel.contest_id, "07/BB", panel.users["secretary"])


def type_all(panel: Panel, by: int, wrong: tuple[str, int] | None = None) -> list[bool]:
    """Each slip of the check as it was locked; `wrong`: of this judge and entry what the paper really says."""
    with reading():
        tallied = tally_for_result(db.session.get_one(Contest, panel.contest_id))
        state, slips = check_of(panel.contest_id), {each.pair: each for each in paper_slips(tallied)}
    assert state is not None
    found = []
    for pair in state.pairs:
        slip = slips[pair]
        read = dict(slip.sheet.marks)
        if wrong and pair == (panel.judges[wrong[0]], panel.entry_ids[wrong[1]]):
            read["noi-dung"] -= 18_000
        with transaction():
            said = type_border(slip, panel.contest_id, SlipReading(read, sum(read.values()), ""), by)
            found.append(said.same)
    return found


def test_a_planted_wrong_slip_stops_the_signature_until_it_is_mended(app: Flask) -> None:
    with app.app_context():
        panel = on_paper()
        checker = panel.users["deputy"]
        with pytest.raises(Conflict, match="kiểm tra ranh giới trước"):
            signs(panel)
        for dice in ("", "123", "1234567890"):
            with pytest.raises(BadInput, match="xúc xắc"):
                start(panel, dice=dice)
        # 1 Nhất, 2 Nhì, 2 Nhì, 3 Ba: every act stands beside a border
        assert start(panel) == 11
        with pytest.raises(Conflict, match="11 phiếu chưa gõ"):
            signs(panel)
        with pytest.raises(Conflict, match="không kiểm tra chính phiếu ấy"):
            type_all(panel, panel.users["secretary"])
        with pytest.raises(Conflict, match="phiếu của chính mình"):
            type_all(panel, panel.users["chair"])
        assert sorted(type_all(panel, checker, ("hung", 3))) == [False] + [True] * 10
        with pytest.raises(Conflict, match="1 phiếu lệch"):
            signs(panel)
        clean()
        with transaction():
            why = unlock(panel.contest_id, panel.users["chair"], panel.users["secretary"], "wrong_mark", "phiếu C số 4")
            assert isinstance(why, Unlocked)
        with reading():
            assert check_of(panel.contest_id) is None, "the check was of the lock that is taken back"
        send(panel.message("hung", 3, marks(12_000, 44_500), base=1, typed_by=panel.users["secretary"]))
        locked(panel)
        with pytest.raises(Conflict, match="kiểm tra ranh giới trước"):
            signs(panel)
        assert start(panel, dice="6666611111") == 11
        assert all(type_all(panel, checker))
        assert isinstance(signs(panel), Signed)
        with pytest.raises(Conflict, match="sau khi khóa điểm"):
            start(panel, "muộn")
        with reading():
            rows = db.session.execute(select(BorderCheck.number, BorderCheck.ended).order_by(BorderCheck.id)).all()
        assert [(row.number, row.ended) for row in rows] == [(1, "unlocked"), (2, None)]
        clean()


def test_the_panel_decides_with_reason_and_the_line_lets_anybody_draw_again(app: Flask) -> None:
    with app.app_context():
        panel = on_paper(6, prizes=[{"name": "Nhất", "count": 1}, {"name": "Khuyến khích", "count": None}])
        assert start(panel) == 6 + 2, "two acts at the border by three judges, and 10 % of eleven rounded up"
        with reading():
            (line,) = (entry for entry, _payload in ledger.lines("paper:tai-nang") if entry.kind == "border.begun")
            state = check_of(panel.contest_id)
            names = {
                each.pair: each.name
                for each in paper_slips(tally_for_result(db.session.get_one(Contest, panel.contest_id)))
            }
        assert state is not None
        again = sorted(line.subject["drawn_from"], key=lambda name: sha256(f"{DICE}:{name}".encode()).hexdigest())
        assert [names[pair] for pair, why in state.pairs.items() if why == "drawn"] == again[:2]
        assert len(again) == 11
        type_all(panel, panel.users["deputy"], ("hung", 0))
        with reading():
            (apart,) = check_of(panel.contest_id).differing  # type: ignore[union-attr]
        for names_, said in (([], "họ tên"),):
            with pytest.raises(BadInput, match=said), transaction():
                settle(panel.contest_id, apart.id, "đọc lại", names_, panel.users["chair"])
        with transaction():
            settle(panel.contest_id, apart.id, "số 4 viết mờ", ["Nguyễn Thị Chủ"], panel.users["chair"])
        with transaction():
            settle(panel.contest_id, apart.id, "", [], panel.users["chair"])
        with pytest.raises(Conflict, match="1 phiếu lệch"):
            signs(panel)
        with pytest.raises(BadInput, match="lý do bắt đầu lại"):
            start(panel)
        assert start(panel, "gieo thiếu người chứng kiến", "6543216543") == 8
        with reading():
            assert check_of(panel.contest_id).open  # type: ignore[union-attr]
        type_all(panel, panel.users["deputy"], ("hung", 0))
        with reading():
            (apart,) = check_of(panel.contest_id).differing  # type: ignore[union-attr]
        with transaction():
            settle(panel.contest_id, apart.id, "số 4 viết mờ", ["Nguyễn Thị Chủ"], panel.users["chair"])
        assert isinstance(signs(panel), Signed)
        clean()
        shown = Desk(app, panel.users["secretary"]).get(TAI_NANG + "/minutes")
    for said in (
        "xúc xắc 6543216543",
        "gõ lại 6 phiếu",
        "2 phiếu rút thăm trong 11",
        "số 4 viết mờ (Nguyễn Thị Chủ)",
        "gieo thiếu người",
    ):
        assert said in shown, said


def test_nothing_of_a_check_reaches_a_tablet_or_the_public(app: Flask) -> None:
    with app.app_context():
        panel = on_paper()

    def seen() -> list[object]:
        with app.app_context(), reading():
            states = [judge_state(panel.users[who], panel.festival_id) for who in ("chair", "lan", "hung")]
            head = ledger.head("judging:tai-nang")
        pages = [Desk(app, None).get(path) for path in ("/", "/results", "/contests/tai-nang")]
        return [states, (head.size, head.hash), pages]

    before = seen()
    with app.app_context():
        start(panel)
        type_all(panel, panel.users["deputy"], ("hung", 3))
    assert seen() == before
    other = Desk(app, panel.users["hung"])
    for path in ("/border", "/paper", "/border/slip?judge=C&entry=E000"):
        other.get(TAI_NANG + path, 404)


def test_confirmations_are_asked_where_the_rules_say_so_and_overridden_by_two(app: Flask) -> None:
    with app.app_context():
        panel = cast(2, confirming="required")
        for who in ("chair", "lan", "hung"):
            for at in range(2):
                send(panel.message(who, at, marks(40_000 - 1_000 * at, 40_000)))
        locked(panel)
        with pytest.raises(Conflict, match="Giám khảo A, B, C chưa xác nhận"):
            signs(panel)
        for who in ("chair", "lan", "hung"):
            with transaction():
                tallied = tally_for_result(db.session.get_one(Contest, panel.contest_id))
                with pytest.raises(BadInput):
                    override_confirmation(
                        tallied, panel.judges[who], "đã về", panel.users["chair"], panel.users["chair"]
                    )
                override_confirmation(
                    tallied, panel.judges[who], "đã về", panel.users["chair"], panel.users["secretary"]
                )
        assert isinstance(signs(panel), Signed)
        clean()


def test_a_judge_confirms_on_the_own_tablet_what_was_locked(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast(2, confirming="required")
        for who in ("chair", "lan", "hung"):
            for at in range(2):
                send(panel.message(who, at, marks(40_000 - 1_000 * at, 40_000)))
    lan, hung = tablet(app, client, panel, "lan"), tablet(app, client, panel, "hung")

    def says(phone: Phone, digest: str) -> tuple[str, str | None, str | None]:
        (verdict,) = phone.send(phone.write("sheet.confirmed", "tai-nang", {"digest": digest}))["verdicts"]
        return verdict["verdict"], verdict["reason"], verdict["ledger"]

    def shown(phone: Phone) -> dict[str, Any]:
        found: dict[str, Any] = phone.state()["state"]["contests"][0]
        return found

    digest = of_tablet(shown(lan)["sheets"])
    assert says(lan, digest) == ("rejected", "not_locked", None) and "confirming" not in shown(lan)
    with app.app_context():
        locked(panel)
    assert shown(lan)["confirming"] == {"due": True, "done": False}
    other, head = shown(hung), hung.state()["heads"]
    assert says(lan, "0" * 64) == ("rejected", "other_sheets", None)
    assert says(lan, digest) == ("applied", None, None)
    assert says(lan, digest) == ("duplicate", None, None)
    assert shown(lan)["confirming"] == {"due": True, "done": True}
    assert (shown(hung), hung.state()["heads"]) == (other, head), "nothing of it reaches another judge"
    with app.app_context():
        with pytest.raises(Conflict, match="Giám khảo A, C chưa xác nhận"):
            signs(panel)
        with transaction():
            unlock(panel.contest_id, panel.users["chair"], panel.users["secretary"], "other", "thử")
        locked(panel)
        with pytest.raises(Conflict, match="Giám khảo A, B, C chưa xác nhận"):
            signs(panel)
        clean()
    page = Desk(app, panel.users["secretary"]).get(TAI_NANG + "/border/pages")
    assert page.count("Phiếu đã khóa của giám khảo") == 3


def of_tablet(sheets: list[dict[str, Any]]) -> str:
    """As the tablet comes to it, from what it shows."""
    said = sorted(
        ({key: each[key] for key in ("entry", "marks", "state", "total")} for each in sheets), key=lambda x: x["entry"]
    )
    return sha256(json.dumps({"sheets": said}, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def test_the_pages_are_blind_and_the_commands_say_the_same(app: Flask) -> None:
    with app.app_context():
        panel = on_paper(3)
    users = panel.users
    secretary, chair, deputy = (Desk(app, users[who]) for who in ("secretary", "chair", "deputy"))
    page = TAI_NANG + "/border"
    assert "kiểm tra ranh giới trước khi ký biên bản" in secretary.get(TAI_NANG), (
        "the page says what stops the signature"
    )
    assert "Biên bản chưa ký được" in secretary.get(page)
    kept = secretary.post(page, 400, dice="12x")
    assert "Gieo xúc xắc" in kept and 'value="12x"' in kept
    secretary.post(page, dice=DICE)
    assert "khớp" not in deputy.get(page)
    form = {"judge": "C", "entry": "E000", "mark-noi-dung": "27", "mark-dien-xuat": "44,5", "total": "71,5"}
    blank = deputy.get(page + "/slip?judge=C&entry=E000")
    assert "89,5" not in blank and "44,5" not in blank
    assert "Phiếu ghi tổng 70" in deputy.post(page + "/slip", 422, **form | {"total": "70"})
    deputy.post(page + "/slip", **form)
    assert "đã khóa 45, gõ lại 27" in chair.get(page)
    assert "không kiểm tra chính phiếu ấy" in secretary.post(page + "/slip", 409, **form)
    shown = run(app, "judging", "border", "show", "tai-nang")
    assert "E000/C/1 border: differs" in shown and "27" not in shown.replace(DICE, "")
    said = run(
        app,
        "judging",
        "border",
        "type",
        "tai-nang",
        "C",
        "E000",
        "noi-dung=45",
        "dien-xuat=44,5",
        "--total",
        "89,5",
        "--by",
        "phobtc",
    )
    assert said == "C/E000: khớp\n"
    two = {"chair": "chair", "chair_password": PASSWORD, "secretary": "thuky", "secretary_password": "sai"}
    assert "thư ký chưa đúng" in chair.post(page + "/override", 422, judge="A", reason="đã về", **two)
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(BorderCheck)) == 1


def test_the_photo_of_a_signed_page_is_kept_replaced_dropped_and_put_back(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        panel = cast(2)
        for at in range(2):
            send(panel.message("lan", at, marks(40_000 - 1_000 * at, 40_000)))
            send(panel.message("hung", at, marks(40_000 - 1_000 * at, 40_000)))
            send(panel.message("chair", at, marks(40_000 - 1_000 * at, 40_000)))
        with transaction():
            begins = datetime(2024, 6, 14, 1, tzinfo=UTC)
            stage = add_stage(panel.festival_id, "san-khau", "Sân khấu").id
            add_session(stage, panel.contest_id, begins, begins + timedelta(hours=3))
            make_plan(panel.festival_id)
    picture, torn = tmp_path / "page.png", tmp_path / "torn.png"
    Image.new("RGB", (900, 1200), "#ddd").save(picture)
    torn.write_bytes(picture.read_bytes()[:60])
    asked = ("judging", "border", "photo", "tai-nang", "A", "--by", "thuky")
    assert "chưa khóa điểm" in run(app, *asked, ok=False)
    with app.app_context():
        locked(panel)
    assert json.loads(run(app, *asked)) == []
    assert "không phải là ảnh" in run(app, *asked, str(torn), ok=False)
    assert "Không có trang 2" in run(app, *asked, str(picture), "--page", "2", ok=False)
    (first,) = json.loads(run(app, *asked, str(picture)))
    page = re.search(r'value="(A-\d+)"', Desk(app, panel.users["secretary"]).get(TAI_NANG + "/border"))
    assert page is not None and (first["page"], first["standing"]) == (1, True)
    secretary = Desk(app, panel.users["secretary"])
    secretary.post(TAI_NANG + "/border/photo", 303, page=page[1], photo=(io.BytesIO(picture.read_bytes()), "p.png"))  # type: ignore[arg-type]
    second = json.loads(run(app, *asked))[1]
    assert [each["standing"] for each in json.loads(run(app, *asked))] == [False, True]
    run(app, *asked, "--back", str(first["number"]))
    assert [each["standing"] for each in json.loads(run(app, *asked))] == [True, False]
    run(app, *asked, "--drop", str(first["number"]))
    assert [each["standing"] for each in json.loads(run(app, *asked))] == [False, False]
    assert f"không có ảnh số {second['number'] + 9}" in run(app, *asked, "--drop", str(second["number"] + 9), ok=False)
    assert "không có trang nào" in run(app, *asked[:4], "Z", *asked[5:], ok=False)
    with app.app_context():
        clean()
