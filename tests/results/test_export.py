"""Is an export true, is every change of it seen, and does the public's say nothing before its time?"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

import verify
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.database import db
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.judging.deductions.giving import give
from festival.judging.measuring import note_overtime
from festival.results.export.edition import export_of
from tests.judging.panel_cast import SECRET_NAMES, USUAL, Panel, marks, send
from tests.results.whole_cast import NAMES, bring, lock_all, whole_cast
from tests.results.whole_kit import ONE_FIRST, decide, sign

pytestmark = pytest.mark.either_database

Json = dict[str, Any]
CONTESTS: list[Json] = [
    {
        "code": "tai-nang", "name": "Gia đình tài năng", "kind": "rubric", "secrecy": "kín", "duration_min": 15, "judges": 3,
        "overtime": {"grace_s": 60, "minus_per_started_minute": 2},
        "deductions": [{"code": "dao-cu", "name": "Dùng đạo cụ bị cấm", "points": 1}],
        "criteria": [
            {"code": "noi-dung", "name": "Nội dung", "max": 50, "step": 0.25},
            {"code": "dien-xuat", "name": "Diễn xuất", "max": 50, "step": 0.25},
        ],
        "scoring": {"rule": "deviation_drop", "delta": 15},
        "ties": [{"by": "criterion", "criterion": "noi-dung"}],
        "place_points": [15, 14, 13],
    },
    {
        "code": "bong-ro", "name": "Ném bóng vào rổ", "kind": "count", "secrecy": "công bố ngay", "duration_min": 3,
        "unit_label": "quả", "best_possible": 30, "place_points": [15, 14, 13],
    },
]  # fmt: skip


def prepared(published: str = "prizes") -> Panel:
    """Marked and counted: a penalty, a sheet that is dropped, an entry with a tied judge."""
    panel = whole_cast()
    prizes = [each | {"count": each["count"] or "rest"} for each in USUAL]
    with transaction():
        festival = db.session.get_one(Festival, panel.festival_id)
        contests = [each | {"prizes": prizes} for each in CONTESTS]
        festival.ruleset = {**festival.ruleset, "contests": contests, "special_prizes": []}
        contest = db.session.get_one(Contest, panel.contest_id)
        contest.published = published
        contest.deductions = [{"code": "dao-cu", "name": "Dùng đạo cụ bị cấm", "points": 1_000}]
        db.session.flush()
        give(panel.contest_id, panel.entry_ids[0], "dao-cu", "đèn lồng có lửa", 0, panel.users["secretary"])
        note_overtime(panel.contest_id, panel.entry_ids[1], 100, panel.users["secretary"])
    send(panel.message("hung", 0, marks(31_000, 31_000), base=1))
    return panel


def through_the_day(panel: Panel) -> None:
    lock_all(panel)
    bring(panel, ContestState.SIGNED)
    decide(panel, ONE_FIRST)
    sign(panel)
    bring(panel, ContestState.DECIDED, ContestState.RELEASED, ContestState.PUBLISHED)


def told(panel: Panel, *, jury: bool = False) -> Json:
    with reading():
        found = export_of(db.session.get_one(Festival, panel.festival_id), jury=jury)
        plain: Json = verify.read(json.dumps(found))
    return plain


def stream(file: Json, name: str) -> Json:
    found: Json = next(each for each in file["ledger"] if each["stream"] == name)
    return found


def recounted(contest: Json) -> None:
    """Somebody who changed a mark makes places and hash fit it."""
    contest["standings"] = verify.Contest(contest).standings()
    contest["standings_hash"] = verify.bare_hash(contest["standings"])


def better_mark(file: Json) -> None:
    sheet = file["contests"][0]["entries"][2]["sheets"][0]
    sheet["marks"]["noi-dung"] += 250
    sheet["total"] += 250
    recounted(file["contests"][0])


def cut(file: Json) -> None:
    lines = stream(file, "results:tai-nang")["lines"]
    del lines[-1]
    stream(file, "results:tai-nang").update(size=len(lines), hash=lines[-1]["hash"])


def other_content(file: Json) -> None:
    line = stream(file, "judging:tai-nang")["lines"][0]
    line["content"] = line["content"].replace("45000", "45250")


def swapped(file: Json) -> None:
    lines = stream(file, "judging:tai-nang")["lines"]
    lines[1], lines[2] = lines[2], lines[1]


def fewer_balls(file: Json) -> None:
    file["contests"][1]["entries"][0]["results"][0]["value"] = 6
    recounted(file["contests"][1])


Change = Callable[[Json], object]
TAMPERINGS: dict[str, tuple[Change, str]] = {
    "a mark": (lambda file: file["contests"][0]["entries"][0]["sheets"][0]["marks"].update({"noi-dung": 1}), "E000"),
    "a mark, all made to fit": (better_mark, "tai-nang, tiết mục E002: điểm hoặc kết quả khác với sổ"),
    "a sheet taken away": (
        lambda file: [
            file["contests"][0]["entries"][0]["sheets"][2].update(state="absent", marks={}, total=None, given=False),
            recounted(file["contests"][0]),
        ],
        "E000",
    ),
    "a deduction": (
        lambda file: [file["contests"][0]["entries"][0].pop("deductions"), recounted(file["contests"][0])],
        "tai-nang, tiết mục E000: điểm hoặc kết quả khác với sổ",
    ),
    "seconds over": (lambda file: file["contests"][0]["entries"][1].update(overtime_s=0), "E001"),
    "a count": (fewer_balls, "bong-ro, tiết mục S000"),
    "a place": (lambda file: file["contests"][0]["standings"][1].update(place=1), "E001"),
    "points": (lambda file: file["contests"][0]["standings"][0].update(value=1), "E000"),
    "a prize": (lambda file: file["contests"][0]["standings"][0].update(prize="Nhì"), "E000"),
    "a reason": (lambda file: file["contests"][0]["standings"][0]["reasons"].clear(), "E000"),
    "the hash of the places": (lambda file: file["contests"][0].update(standings_hash="0" * 64), "tai-nang: mã bảng"),
    "an award": (lambda file: file["contests"][0]["awards"].pop(), "tai-nang: giải đã ký khác với sổ"),
    "a rule": (lambda file: file["contests"][0]["rules"]["scoring"].update(delta=90), "E000"),
    "points of a delegation": (lambda file: file["whole"]["lines"][2].update(points=1), "doan-2"),
    "a decision": (lambda file: file["whole"]["decisions"][0]["content"]["order"].reverse(), "doan-1"),
    "the reason of a decision": (lambda file: file["whole"]["decisions"][0].update(reason="khác"), "doan-1"),
    "which decision it is": (lambda file: file["whole"]["decisions"][0].update(id=99), "toàn đoàn: quyết định thứ 1"),
    "a decision left out": (lambda file: file["whole"]["decisions"].clear(), "doan-"),
    "a line left out": (lambda file: stream(file, "judging:tai-nang")["lines"].pop(3), "judging:tai-nang, dòng 4"),
    "two lines change places": (swapped, "judging:tai-nang, dòng 2"),
    "what a line spoke of": (other_content, "judging:tai-nang, dòng 1"),
    "the kind of a line": (lambda file: stream(file, "results:tai-nang")["lines"][0].update(kind="x"), "dòng 1"),
    "the subject of a line": (lambda file: stream(file, "judging:tai-nang")["lines"][0]["subject"].update(judge=9), "dòng 1"),
    "the time of a line": (lambda file: stream(file, "judging:bong-ro")["lines"][0].update(at=1), "judging:bong-ro, dòng 1"),
    "the end left out": (lambda file: stream(file, "judging:tai-nang")["lines"].pop(), "judging:tai-nang: đầu sổ ghi"),
}  # fmt: skip


def test_the_export_agrees_and_every_change_of_it_is_named(app: Flask, tmp_path: Path, capsys: Any) -> None:
    with app.app_context():
        panel = prepared()
        through_the_day(panel)
        file = told(panel, jury=True)
        head = ledger.head("results:tai-nang")
        db.session.rollback()
    known = ("results:tai-nang", head.size, head.short)
    said = verify.check(file, [known])
    assert said.startswith("Khớp: 6 thứ hạng, 6 tính lại từ điểm; 5 sổ,")
    assert said.endswith("1 đầu sổ đúng.")
    for what, (change, where) in TAMPERINGS.items():
        changed = copy.deepcopy(file)
        change(changed)
        with pytest.raises(verify.Disagrees) as found:
            verify.check(changed, [])
        assert where in str(found.value), what
    changed = copy.deepcopy(file)
    cut(changed)
    verify.check(changed, [])  # an end that is cut off whole shows only against a head kept outside
    path = tmp_path / "ban-giam-khao.json"
    for text, arguments, code, line in (
        (json.dumps(file, default=float), [], 0, "Khớp: "),
        (json.dumps(changed, default=float), ["--head", f"results:tai-nang:{head.size}:{head.hash}"], 1, "bị cắt"),
        (json.dumps(file, default=float), ["--head", f"results:tai-nang:{head.size}:{'0' * 64}"], 1, "khác với đầu sổ"),
        (json.dumps(file, default=float), ["--head", f"results:khac:1:{'0' * 64}"], 1, "không có sổ"),
        ("{", [], 2, "Không đọc được"),
        (json.dumps({"format": "khác"}), [], 2, "festival-results 1"),
        (json.dumps({"format": verify.FORMAT}), [], 2, "thiếu hoặc sai"),
        ("[" * 100_000, [], 2, "Không đọc được"),
    ):
        path.write_text(text, encoding="utf-8")
        assert verify.main([str(path), *arguments]) == code, line
        out = capsys.readouterr().out
        assert line in out
        assert out.count("\n") == 1
    assert verify.main([str(tmp_path / "none.json")]) == 2


def test_the_public_export_says_nothing_before_its_time_and_names_nobody(app: Flask) -> None:
    with app.app_context():
        panel = prepared()
        quiet = told(panel)
        assert [each["shows"] for each in quiet["contests"]] == ["nothing", "nothing"]
        assert (quiet["ledger"], quiet["whole"]) == ([], None)
        send(panel.message("lan", 0, marks(44_000, 44_000), base=1))
        assert told(panel) == quiet
        lock_all(panel)
        bring(panel, ContestState.SIGNED)
        decide(panel, ONE_FIRST)
        sign(panel)
        bring(panel, ContestState.DECIDED, ContestState.RELEASED)
        assert told(panel) == quiet
        bring(panel, ContestState.PUBLISHED)
        public = told(panel)
        names = [*SECRET_NAMES.values(), *NAMES, "Gia đình ông", "Đoàn huyện", "đồng đều hơn", "đèn lồng"]
        text = json.dumps(public, ensure_ascii=False, default=float)
        assert [name for name in names if name in text] == []
        assert [each["shows"] for each in public["contests"]] == ["prizes", "marks"]
        sealed = public["contests"][0]
        assert set(sealed) == {"id", "code", "state", "shows", "streams", "awards", "rules"}
        assert [set(each) for each in public["ledger"] if "tai-nang" in each["stream"]] == [
            {"stream", "size", "hash"}
        ] * 2
        assert set(public["whole"]) == {"stream", "contests", "signed", "awards"}
        assert verify.check(public, []).startswith("Khớp: 3 thứ hạng, 3 tính lại từ điểm; 5 sổ,")
        fewer_balls(public)
        with pytest.raises(verify.Disagrees, match="S000"):
            verify.check(public, [])


def test_the_command_writes_the_file_and_the_jurys_look_is_noted(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        panel = prepared()
        lock_all(panel)
    run = app.test_cli_runner().invoke
    path = tmp_path / "ket-qua.json"
    done = run(args=["results", "export", "--jury", "--to", str(path)])
    assert (done.exit_code, done.output) == (0, f"Đã ghi {path}: 2 phần thi, 5 sổ.\n")
    assert verify.main([str(path)]) == 0
    only = json.loads(run(args=["results", "export", "bong-ro", "--jury"]).output)
    assert [each["code"] for each in only["contests"]] == ["bong-ro"]
    assert only["whole"] is None
    assert json.loads(run(args=["results", "export"]).output)["holds"] == "public"
    assert run(args=["results", "export", "khong-co"]).exit_code == 1
    with app.app_context():
        kept = db.session.scalars(select(SecurityNote).where(SecurityNote.kind == SecurityKind.READ_MARKS)).all()
        assert [each.subject for each in kept] == [{"contest": "tai-nang"}]


@pytest.mark.parametrize("published", ["standings", "marks"])
def test_the_rules_say_how_far_a_published_contest_is_public(app: Flask, published: str) -> None:
    with app.app_context():
        panel = prepared(published)
        through_the_day(panel)
        file = told(panel)
    text = json.dumps(file, ensure_ascii=False, default=float)
    assert [
        name for name in (*SECRET_NAMES.values(), *NAMES, "Gia đình ông", "đồng đều hơn", "đèn lồng") if name in text
    ] == []
    marks_too = published == "marks"
    shown = file["contests"][0]
    assert (shown["shows"], "sheets" in shown["entries"][0]) == (published, marks_too)
    said = "Khớp: 6 thứ hạng, 6 tính lại" if marks_too else "Khớp: 6 thứ hạng, 3 tính lại"
    assert verify.check(file, []).startswith(said)
    contents = ["content" in line for line in stream(file, "judging:tai-nang")["lines"] if line["kind"] == "sheet.sent"]
    assert contents == [marks_too] * 9
    assert [line["kind"] for line in stream(file, "results:tai-nang")["lines"] if "content" in line] == []
    assert [line["place"] for line in file["whole"]["lines"]] == [1, 2, 3]
    moved = copy.deepcopy(file)
    places = moved["contests"][0]["standings"]
    places[0]["entry"], places[1]["entry"] = places[1]["entry"], places[0]["entry"]
    moved["contests"][0]["standings_hash"] = verify.bare_hash(places)
    with pytest.raises(verify.Disagrees, match="E001" if marks_too else "tai-nang: bảng xếp hạng khác với sổ"):
        verify.check(moved, [])
    if marks_too:
        better_mark(file)
        with pytest.raises(verify.Disagrees, match="tiết mục E002: điểm hoặc kết quả khác với sổ"):
            verify.check(file, [])
    client = app.test_client()
    page = client.get("/contests/tai-nang").get_data(as_text=True)
    assert "Bảng xếp hạng" in page
    why = client.get("/contests/tai-nang/explain?entry=E000")
    assert why.status_code == (200 if marks_too else 404)
    if marks_too:
        chain = why.get_data(as_text=True)
        assert "Loại phiếu C (62 điểm)" in chain
        assert [name for name in (*SECRET_NAMES.values(), "Gia đình ông") if name in chain.split("<main")[1]] == []


def test_nobody_explains_to_the_public_what_is_not_published_or_publishes_prizes_alone(app: Flask) -> None:
    with app.app_context():
        panel = prepared("marks")
        lock_all(panel)
        bring(panel, ContestState.SIGNED, ContestState.DECIDED, ContestState.RELEASED)
    client = app.test_client()
    before = client.get("/contests/tai-nang").get_data(as_text=True)
    assert client.get("/contests/tai-nang/explain?entry=E000").status_code == 404
    assert "88,875" not in before
    with app.app_context(), transaction():
        db.session.get_one(Contest, panel.contest_id).published = "prizes"
    with app.app_context():
        bring(panel, ContestState.PUBLISHED)
    assert client.get("/contests/tai-nang/explain").status_code == 404
    assert client.get("/results/files/other.json").status_code == 404
    assert client.get("/results/files/verify.py").get_data() == Path(verify.__file__).read_bytes()
    answer = client.get("/results/files/results.json")
    assert verify.check(verify.read(answer.get_data(as_text=True)), []).startswith("Khớp: 3 thứ hạng")
