"""Is what was published before the first mark, each evening and with the result held against what is told in the end?"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from html import unescape
from pathlib import Path
from re import findall
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import update

import verify
from config import Config
from festival.contests.models import ContestState
from festival.core import clock
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.results.amended.corrections import Corrections
from festival.results.amendments.storing import amend_standings
from festival.results.proof.hashed import due_evening, inputs_hash, inputs_told, rules_hash
from festival.roster.models import Entry
from tests.harness.served import Served
from tests.house.test_statements import MOST, statements
from tests.judging.panel_cast import SECRET_NAMES, Panel
from tests.results.proof_cast import (
    EXPORT,
    FILE,
    PAGE,
    WHOLE,
    a_day,
    before_the_first_mark,
    fetched,
    heads_out,
    marked,
    rules_out,
    to_the_public,
)
from tests.results.test_pages_of_the_panel import Desk
from tests.results.whole_cast import bring, lock_all

pytestmark = pytest.mark.either_database

Json = dict[str, Any]


def read(told: Json, wanted: str = verify.FORMAT) -> Json:
    plain: Json = verify.read(json.dumps(told), wanted)
    return plain


def amended(panel: Panel, reason: str = "cộng nhầm") -> None:
    with transaction():
        amend_standings(
            panel.contest_id, Corrections(prizes={"E002": None}), "12/ĐC", reason, panel.users["chair"],
            panel.users["secretary"],
        )  # fmt: skip


# ------------------------------------------------------------------------------------------------ pure


def test_rules_are_hashed_alike_by_program_and_by_outsider_however_a_reader_takes_a_fraction() -> None:
    rules = {"b": [0.25, 1.0, "0.25", None, True], "a": {"δ": 15, "step": 0.125}}
    plain = json.loads(json.dumps(rules))
    assert (
        rules_hash(rules)
        == rules_hash(plain)
        == verify.sha(verify.exact(json.loads(json.dumps(rules), parse_float=verify.Decimal)))
    )
    assert rules_hash(rules) != rules_hash({**rules, "a": {"δ": 15, "step": 0.25}})
    inputs = inputs_told([("E2", 1), ("E1", None)], [("B", False), ("A", True)])
    assert inputs == {"entries": [["E1", None], ["E2", 1]], "seats": [["A", True], ["B", False]]}
    assert inputs_hash("00ff", inputs) == verify.sha(inputs, "00ff") != inputs_hash("00fe", inputs)


@pytest.mark.parametrize(
    ("day", "hour", "evening"),
    [(14, 21, None), (14, 22, 14), (15, 2, 14), (15, 21, 14), (15, 23, 15), (16, 23, 16), (20, 8, 16)],
)
def test_an_evening_is_due_from_ten_on_and_the_last_one_stays_due(day: int, hour: int, evening: int | None) -> None:
    due = due_evening(datetime(2024, 6, day, hour, 1, tzinfo=clock.VIETNAM), date(2024, 6, 14), date(2024, 6, 16))
    assert due == (date(2024, 6, evening) if evening else None)


# ------------------------------------------------------------------------------------------------ publishing


def test_rules_are_out_before_the_first_mark_and_a_later_change_is_seen_beside_the_old(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark()
    desk = Desk(app, panel.users["organiser"])
    assert "Chưa công bố. Mã thể lệ" in desk.get(PAGE)
    page = desk.get("/office/publication")
    assert page.count("chưa công bố") == 3 and "Lý do công bố lại" not in page
    desk.post("/office/publication/rules")
    page = desk.get("/office/publication")
    assert page.count("đã công bố") >= 3 and "Công bố 3 mục" not in page
    assert "không có gì để công bố thêm" in desk.post("/office/publication/rules", 409)
    shown = desk.get(PAGE)
    assert "sau điểm đầu tiên</span>" not in shown and "Thể lệ đã đổi" not in shown
    with app.app_context():
        marked(panel)
        with transaction():
            festival = db.session.get_one(Festival, panel.festival_id)
            first, second = festival.ruleset["contests"]
            festival.ruleset = {**festival.ruleset, "contests": [first, {**second, "duration_min": 4}]}
            db.session.execute(update(Entry).where(Entry.code == "E000").values(number=77))
    assert "Thể lệ đã đổi sau khi công bố và chưa công bố lại: Ném bóng vào rổ." in desk.get(PAGE)
    page = desk.get("/office/publication")
    assert page.count("thể lệ nay khác") == 1 and page.count("ban giám khảo nay khác") == 1
    refused = desk.post("/office/publication/rules", 400, reason="  ")
    assert "Ghi lý do công bố lại: Gia đình tài năng, Ném bóng vào rổ đã công bố trước đây và nay khác" in unescape(
        refused
    )
    desk.post("/office/publication/rules", reason="bốc thăm lại")
    shown = desk.get(PAGE)
    assert shown.count("sau điểm đầu tiên</span>") == 2 and shown.count("Công bố lại: bốc thăm lại") == 2
    assert "Thể lệ đã đổi" not in shown
    lines = fetched(app, FILE)["lines"]
    assert [(each["n"], each["contest"], each["late"], each["reason"]) for each in lines] == [
        (1, "tai-nang", False, ""), (2, "bong-ro", False, ""), (3, "", False, ""),
        (4, "tai-nang", True, "bốc thăm lại"), (5, "bong-ro", True, "bốc thăm lại"),
    ]  # fmt: skip
    assert (lines[1]["rules"] != lines[4]["rules"], lines[0]["rules"] == lines[3]["rules"]) == (True, True)
    assert [
        name for name in ("salt", "entries", *SECRET_NAMES.values(), "Gia đình ông") if name in json.dumps(lines)
    ] == []


def test_nothing_of_a_result_is_told_before_it_is_public_and_no_place_where_prizes_alone_are(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark("prizes")
        rules_out(panel)
    before = [app.test_client().get(path).data for path in (PAGE, FILE)]
    with app.app_context():
        marked(panel)
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED)
    assert [app.test_client().get(path).data for path in (PAGE, FILE)] == before
    with app.app_context():
        bring(panel, ContestState.PUBLISHED)
    for path in (PAGE, FILE):
        with statements(app) as seen:
            assert app.test_client().get(path).status_code == 200
        assert len(seen) <= MOST, (path, len(seen))
    results = {each["contest"]: each for each in fetched(app, FILE)["lines"] if each["what"] == "result"}
    assert (results["tai-nang"]["standings"], len(results["bong-ro"]["standings"])) == ([], 1)
    export, proof = read(fetched(app, EXPORT)), read(fetched(app, FILE), verify.PROOF)
    assert verify.published(export, [proof]).startswith(
        "5 dòng công bố: thể lệ 2 phần thi, 2 kết quả, 3 đầu sổ đúng, 1 đầu sổ không có"
    )
    proof["lines"][0]["rules"] = "0" * 64
    with pytest.raises(verify.Disagrees, match="tai-nang: thể lệ khác với mã đã công bố"):
        verify.published(export, [proof])


def test_a_page_that_did_not_change_is_not_sent_again(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark()
        rules_out(panel)
    client = app.test_client()
    for path in (PAGE, FILE):
        first = client.get(path)
        assert first.headers["Cache-Control"] == "public, max-age=60"
        tag = {"If-None-Match": first.headers["ETag"]}
        assert client.get(path, headers=tag).status_code == 304
    with app.app_context():
        heads_out(panel)
    assert [client.get(path, headers=tag).status_code for path in (PAGE, FILE)] == [200, 200]


# ------------------------------------------------------------------------------------------------ held against the export

Change = Callable[[Json, Json], object]


def line_of(proof: Json, what: str, contest: str = "") -> Json:
    found: Json = next(each for each in proof["lines"] if each["what"] == what and each["contest"] == contest)
    return found


BEHIND: dict[str, tuple[Change, str]] = {
    "rules": (lambda export, _proof: export["contests"][0]["rules"].update(duration_min=16), "tai-nang: thể lệ khác"),
    "a fraction of the rules": (
        lambda export, _proof: export["contests"][0]["rules"]["criteria"][0].update(step=verify.Decimal("0.5")), "tai-nang: thể lệ khác",
    ),
    "the rule of the whole": (lambda export, _proof: export.update(whole={"rule": {**WHOLE, "best": 1}}), "toàn đoàn: thể lệ khác"),
    "a number": (lambda export, _proof: export["contests"][0]["entries"][0].update(number=88), "danh sách dự thi khác với điều đã công bố ở E000"),
    "a number, opened anew": (lambda export, _proof: export["contests"][0]["inputs"]["entries"][0].__setitem__(1, 88), "dữ liệu đầu vào khác"),
    "the salt": (lambda export, _proof: export["contests"][0]["inputs"].update(salt="00"), "dữ liệu đầu vào khác"),
    "an entry left out": (lambda export, _proof: export["contests"][0]["entries"].pop(), "danh sách dự thi khác với điều đã công bố ở E002"),
    "a letter": (lambda export, _proof: export["contests"][0]["seats"][0].update(letter="X"), "ban giám khảo khác"),
    "an award": (lambda export, _proof: export["contests"][0]["awards"][0].update(prize="Nhì"), "tai-nang: giải khác"),
    "places": (lambda export, _proof: export["contests"][0].update(standings_hash="0" * 64), "tai-nang: bảng xếp hạng khác"),
    "a head of the evening": (
        lambda _export, proof: next(each for each in line_of(proof, "heads")["heads"] if each[0] == "judging:tai-nang").__setitem__(2, "0" * 64),
        "sổ judging:tai-nang: khác với đầu sổ đã công bố ở dòng",
    ),
    "a ledger that was cut": (
        lambda export, _proof: next(each for each in export["ledger"] if each["stream"] == "judging:bong-ro").update(size=0, lines=[]),
        "sổ judging:bong-ro: khác với đầu sổ đã công bố",
    ),
    "a line left out": (lambda _export, proof: proof["lines"].pop(1), "thiếu hoặc thừa dòng"),
    "another festival": (lambda _export, proof: proof["festival"].update(code="khac"), "của ngày hội khác"),
}  # fmt: skip


def test_every_change_behind_what_was_published_is_named(app: Flask) -> None:
    with app.app_context():
        panel = before_the_first_mark()
        rules_out(panel)
    early = fetched(app, FILE)
    with app.app_context():
        marked(panel)
        heads_out(panel)
        to_the_public(panel)
    export, proof = fetched(app, EXPORT), fetched(app, FILE)
    fine = verify.published(read(export), [read(early, verify.PROOF), read(proof, verify.PROOF)])
    assert fine == "6 dòng công bố: thể lệ 2 phần thi, 2 kết quả, 6 đầu sổ đúng, 1 đầu sổ không có dòng để đối chiếu."
    for what, (change, where) in BEHIND.items():
        told, out = read(copy.deepcopy(export)), read(copy.deepcopy(proof), verify.PROOF)
        change(told, out)
        with pytest.raises(verify.Disagrees) as found:
            verify.published(told, [out])
        assert where in str(found.value), what
    kept = read(early, verify.PROOF)
    kept["lines"][0]["at"] = "2024-06-14T07:00:00+07:00"
    with pytest.raises(verify.Disagrees, match="bị đổi giữa hai bản"):
        verify.published(read(export), [read(proof, verify.PROOF), kept])
    with app.app_context():
        amended(panel)
    assert "đính chính</span>" in app.test_client().get(PAGE).get_data(as_text=True)
    export, later = fetched(app, EXPORT), fetched(app, FILE)
    assert later["lines"][: len(proof["lines"])] == proof["lines"]
    assert [
        len(each["standings"]) for each in later["lines"] if each["contest"] == "tai-nang" and each["what"] == "result"
    ] == [1, 2]
    verify.check(read(export), [])
    verify.published(read(export), [read(later, verify.PROOF)])
    with pytest.raises(verify.Disagrees, match="tai-nang: giải khác với mã đã công bố"):
        verify.published(read(export), [read(proof, verify.PROOF)])


def test_an_outsider_follows_the_ten_lines_of_the_page(
    app: Flask, live_server: Served, config: Config, tmp_path: Path
) -> None:
    with app.app_context():
        a_day(before_the_first_mark())
    page = app.test_client().get(PAGE).get_data(as_text=True)
    told = page.split('id="verify"')[1].split("</ol>")[0]
    assert told.count("<li>") == 10
    commands = [unescape(each) for each in findall(r"<li><code>(.*?)</code></li>", told)]
    assert len(commands) == 4
    here = [each.replace(config.public_url, live_server.url).replace("python3", sys.executable) for each in commands]

    def follow(*lines: str) -> subprocess.CompletedProcess[str]:
        script = "\n".join(("set -e", *lines))
        return subprocess.run(["/bin/sh", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)

    done = follow(*here)
    assert (done.returncode, done.stdout.startswith("Khớp: 6 thứ hạng, 6 tính lại từ điểm"), done.stderr) == (
        0,
        True,
        "",
    )
    assert sorted(each.name for each in tmp_path.glob("*.*")) >= ["proof.json", "results.json", "verify.py"]
    for name, old, new in (
        ("results.json", '"total": 90000', '"total": 90250'),
        ("proof.json", '"awards":"', '"awards":"0'),
    ):
        file = tmp_path / name
        whole = file.read_text(encoding="utf-8")
        assert old in whole
        file.write_text(whole.replace(old, new, 1), encoding="utf-8")
        changed = follow(here[-1])
        assert (changed.returncode, changed.stdout.startswith("Không khớp: ")) == (1, True)
        file.write_text(whole, encoding="utf-8")
    assert follow(here[-1]).returncode == 0
