"""What the desk's pages and a counter's device can, commands can too: by the same verbs, refused for the same reasons."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.judging.panel_cast import cast
from tests.judging.test_ground_sync import scene, sealed, stands
from tests.judging.test_paper_twice import picture
from tests.judging.test_tablet_sync import tablet
from tests.results.test_border_check import DICE, on_paper
from tests.results.test_commands import run

# Commands over verbs whose own tests run on both databases.
pytestmark = pytest.mark.either_database


def test_blind_counts_without_a_device_in_hand(app: Flask, client: FlaskClient) -> None:
    _panel, phones = scene(app, client, 3, counters=2, counters_apart=1, counters_take="later")
    first, second, third = (str(phone.device["number"]) for phone in phones)
    ball = ("judging", "count", "bong-ro", "S000")
    assert "chờ người đếm kia" in run(app, *ball, "12", "--device", first)
    assert stands(app) == [], "one count of two is no result"
    assert "lệch nhau, chờ đếm lần thứ ba" in run(app, *ball, "20", "--device", second)
    assert "chờ trọng tài chính" in run(app, *ball, "30", "--device", third)
    assert "Cần nêu lý do" in run(app, "judging", "count-decide", "bong-ro", "S000", "13", "--reason", " ", ok=False)
    run(app, "judging", "count-decide", "bong-ro", "S000", "13", "--reason", "Trọng tài Hải xem lại băng")
    assert [(state, value) for state, value, _version in stands(app)] == [("valid", 13)]
    other = ("judging", "count", "bong-ro", "S001")
    assert "chờ người đếm kia" in run(app, *other, "7", "--device", first)
    assert "đã ghi" in run(app, *other, "8", "--device", second)
    assert [value for _state, value, _version in stands(app)] == [13, 8]
    assert "không ghi phần thi này" in run(app, *other, "9", "--device", "99", ok=False)
    run(app, *other, "x", "--device", first, ok=False)
    assert "lượt thử" in run(app, *other, "9", "--device", first, "--try", "9", ok=False)
    assert sealed(app) == []


def test_paper_its_photos_and_a_typing_taken_back(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        cast()
    paper = ("judging", "paper", "tai-nang")
    assert "không ai chấm trên giấy" in run(app, *paper)
    assert "Cần --by" in run(app, *paper, "B", ok=False)
    assert "B chấm trên giấy" in run(app, *paper, "B", "--by", "thuky")
    assert "A, B, C chấm trên giấy" in run(app, *paper, "--all", "--by", "thuky")
    assert "không ai" in run(app, *paper, "--none", "--by", "thuky")
    run(app, *paper, "X", "--by", "thuky", ok=False)
    run(app, *paper, "B", "--by", "thuky")

    slip = ("tai-nang", "B", "E000")
    typed = ("noi-dung=45", "dien-xuat=44,5", "--total", "89,5", "--by", "thuky")
    assert "không có lượt gõ nào" in run(app, "judging", "type-back", *slip, "--by", "thuky", ok=False)
    assert "chờ người thứ hai" in run(app, "judging", "type", *slip, *typed)
    run(app, "judging", "type-back", *slip, "--by", "phobtc", ok=False)
    assert "đã bỏ lượt gõ" in run(app, "judging", "type-back", *slip, "--by", "thuky")
    assert "chờ người thứ hai" in run(app, "judging", "type", *slip, *typed), "typed anew, and waits again"

    shot, none = tmp_path / "phieu.jpg", tmp_path / "khong.jpg"
    shot.write_bytes(picture())
    none.write_bytes(b"x" * 40)
    photo = ("judging", "photo", *slip)
    assert "không phải là ảnh" in run(app, *photo, str(none), "--by", "thuky", ok=False)
    (kept,) = json.loads(run(app, *photo, str(shot), "--by", "thuky"))
    number = str(kept["number"])
    assert kept["standing"] and not json.loads(run(app, *photo, "--drop", number, "--by", "thuky"))[0]["standing"]
    assert json.loads(run(app, *photo, "--back", number, "--by", "thuky"))[0]["standing"]
    assert "không có ảnh số" in run(
        app, "judging", "photo", "tai-nang", "A", "E000", "--drop", number, "--by", "thuky", ok=False
    )


def test_a_seat_is_called(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
    lan = tablet(app, client, panel, "lan")
    assert "đã mời Danh Thị Lan" in run(app, "judging", "call", "tai-nang", "B", "E000", "--by", "thuky")
    assert [each["entry"] for each in lan.state()["state"]["calls"]] == ["E000"]
    run(app, "judging", "call", "tai-nang", "B", "khong", "--by", "thuky", ok=False)
    run(app, "judging", "call", "tai-nang", "B", "E000", "--by", "khong-ai", ok=False)


def test_a_slip_that_differs_is_settled_and_that_is_taken_back(app: Flask) -> None:
    with app.app_context():
        on_paper(3)
    run(app, "judging", "border", "start", "tai-nang", DICE, "--by", "thuky")
    slip = ("tai-nang", "C", "E000")
    settle = ("judging", "border", "settle", *slip, "--by", "chair")
    assert "chưa được gõ lại" in run(app, *settle, "--reason", "đã xem", "--name", "Chủ", ok=False)
    wrong = ("noi-dung=27", "dien-xuat=44,5", "--total", "71,5", "--by", "phobtc")
    assert "LỆCH" in run(app, "judging", "border", "type", *slip, *wrong)
    run(app, *settle, ok=False)
    run(app, *settle, "--reason", "giấy ghi 45", ok=False)  # nobody is named
    run(app, *settle, "--reason", "giấy ghi 45", "--name", "Nguyễn Thị Chủ")
    assert "E000/C/1 border: settled" in run(app, "judging", "border", "show", "tai-nang")
    run(app, *settle, "--undo")
    assert "E000/C/1 border: differs" in run(app, "judging", "border", "show", "tai-nang")
