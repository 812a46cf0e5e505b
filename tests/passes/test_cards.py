"""Is every card of paper printed once, readable by eye and camera, whole with the longest name, and made again after a kill?"""

from __future__ import annotations

import signal
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
import zxingcpp
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update

from config import ROOT, Config
from festival.accounts.actions import open_sign_in
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.work import making
from festival.documents.paper_process import pdf_apart
from festival.editions.queries import the_festival
from festival.passes import all_cards, tokens
from festival.passes.badge_words import CLASS_WORDS
from festival.passes.holders import holders
from festival.passes.models import Pass
from festival.passes.printing import Card, CardTurn, HelpLine, PrintedBack, pdf, values
from festival.roster.models import BadgeClass, Delegation, Family, Person
from tests.harness.served import environment
from tests.house.growing import STAFF
from tests.passes.card_kit import pictures_of, read, words_of
from tests.registration.pages_kit import post, words

# Pages, words and pictures: they are the same on both databases.
pytestmark = pytest.mark.either_database

LONG = "Nguyễn Hoàng Thị Ngọc Phương Khánh Quỳnh Trâm Anh Thư Minh Tuyết Trinh Bảo Châuu"
BACK = PrintedBack((HelpLine("Bảo vệ trẻ em", "111"),), "Nhà thi đấu Hòn Đất", map_link="https://example.vn/ban-do")
ALL = "/office/passes/all"

# A worker that dies by SIGKILL in the middle of its third file, holding the lock.
DYING = """
import os, signal
from dataclasses import replace
from app import app
from festival.core.work import making
from festival.passes import all_cards

def make(plan, start, until):
    if start == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return all_cards.MAKER.make(plan, start, until)

making.register_maker(app, replace(all_cards.MAKER, make=make))
with app.app_context():
    making.work(60)
"""


@pytest.fixture
def organiser(demo_app: Flask) -> FlaskClient:
    client = demo_app.test_client()
    with demo_app.app_context(), transaction():
        user_id = db.session.scalars(select(User.id).where(User.login == STAFF[Role.ORGANISER])).one()
        client.set_cookie("signin", open_sign_in(user_id, 1).token)
    return client


def a_card(badge: str = "family", name: str = "Danh Chung", **more: object) -> Card:
    given = {"unit": "Đoàn huyện Hòn Đất", "text": f"F1{badge.upper()}{name[:9]}", "typed": "0810-40GZ", **more}
    return Card(badge=badge, name=name, **given)  # type: ignore[arg-type]


def test_a_delegation_is_printed_at_once_and_each_code_is_read_back(
    demo_app: Flask, organiser: FlaskClient, tmp_path: Path
) -> None:
    with demo_app.app_context(), reading():
        delegation = db.session.scalars(select(Delegation).order_by(Delegation.position, Delegation.id)).first()
        assert delegation is not None
        code = delegation.code
        rows = [row for _of, group in holders(delegation.festival, delegation).ordered() for row in group]
        wanted = [tokens.qr_text(row) for row in rows]
        typed = [tokens.typed_of(row) for row in rows]
        one = rows[2].id
        heads = db.session.scalars(
            select(Person.name).where(Person.representative, Person.family_id.in_([row.family_id for row in rows]))
        ).all()
    page = organiser.get(f"/office/passes?delegation={code}")
    assert page.text.count("In lại</a>") == len(rows)
    made = organiser.get(f"/office/passes/pdf?delegation={code}")
    assert (made.mimetype, made.headers["Content-Disposition"][:7]) == ("application/pdf", "inline;")
    sheets = pictures_of(made.data, tmp_path)
    assert len(sheets) == 2 * -(-len(rows) // 4)
    # the map's code stands on each back, where it meets the front of the same card
    fronts, backs = [read(sheet) for sheet in sheets[::2]], [read(sheet) for sheet in sheets[1::2]]
    assert [text for sheet in fronts for text in sheet] == wanted
    assert [len(sheet) for sheet in backs] == [len(sheet) for sheet in fronts]
    told = words_of(made.data, tmp_path)
    assert [each for each in [*typed, *heads, "111", "1900 969 680"] if each not in told] == []
    (front,) = pictures_of(organiser.get(f"/office/passes/pdf?delegation={code}&pass={one}&sides=front").data, tmp_path)
    assert read(front) == wanted[2:3]
    assert organiser.get(f"/office/passes/pdf?delegation={code}&pass=999999").status_code == 404


def test_the_longest_name_is_whole_and_the_code_is_large(demo_app: Flask, tmp_path: Path) -> None:
    assert len(LONG) == 80
    shown = [a_card(name=LONG, over="Gia đình bà", number="12"), a_card("jury", "W" * 80, over="Nhà giáo Ưu tú")]
    with demo_app.test_request_context():
        made = pdf("Ngày hội", shown, BACK, "front")
    told = words_of(made, tmp_path)
    assert LONG in told and told.replace(" ", "").count("W") == 80
    (page,) = pictures_of(made, tmp_path, dpi=150)
    assert read(page) == [card.text for card in shown]
    # nothing is drawn over the edge of its card: the gap between two cards and the outer edges are white
    gap = page.crop((int(page.width / 2) - 8, 120, int(page.width / 2) + 8, 800))
    assert gap.convert("L").getextrema() == (255, 255)
    width = min(code.position.top_right.x - code.position.top_left.x for code in _codes(page))
    assert width / 150 * 25.4 >= 25


def test_one_and_five_cards_meet_their_backs(demo_app: Flask, tmp_path: Path) -> None:
    with demo_app.test_request_context():
        for count, sheets in ((1, 2), (5, 4)):
            pages = pictures_of(pdf("Ngày hội", [a_card(name=f"Thẻ {at}") for at in range(count)], BACK), tmp_path)
            assert len(pages) == sheets
            front, back = pages[-2], pages[-1]
            # the last card lies at the left in front, so its back lies at the right
            middle = front.width / 2
            assert [code.position.top_left.x < middle for code in _codes(front)] == [True]
            assert [code.position.top_left.x > middle for code in _codes(back)] == [True]


def _codes(page: Image.Image) -> list[zxingcpp.Barcode]:
    return list(zxingcpp.read_barcodes(page))


def test_each_class_has_its_word_colour_and_icon(demo_app: Flask, tmp_path: Path) -> None:
    assert {each.value for each in BadgeClass} <= CLASS_WORDS.keys()
    shown = [a_card(badge, f"Người {at}") for at, badge in enumerate(CLASS_WORDS)]
    with demo_app.test_request_context():
        made = pdf("Ngày hội", shown, BACK, "front")
        drawn = values("Ngày hội", shown, BACK)
    told = words_of(made, tmp_path)
    assert all(card["class"].upper() in told for card in drawn["cards"])
    icons = (ROOT / "templates/passes/badge_icons.typ").read_text()
    assert all(f"\n  {badge}: (icon:" in icons for badge in CLASS_WORDS)


def test_turns_signs_and_teams_stand_where_they_belong(demo_app: Flask, tmp_path: Path) -> None:
    turn = CardTurn("2024-06-14T00:30:00+00:00", "Thi tài năng", "Sân khấu chính", 12)
    shown = [a_card(people=5, no_pictures=2, turns=(turn,) * 7), a_card("press", "Lê Na", no_pictures=1), a_card()]
    with demo_app.test_request_context():
        told = words_of(pdf("Ngày hội", shown, BACK), tmp_path)
    assert told.count("7 giờ 30, 14/6/2024 Thi tài năng, Sân khấu chính, số 12") == 5
    assert "và 2 lượt nữa" in told
    assert (told.count("Không đăng hình ảnh"), told.count("Không đăng hình ảnh: 2 người")) == (2, 1)


def test_all_cards_are_a_file_for_each_delegation_and_a_kill_changes_nothing(
    demo_app: Flask, organiser: FlaskClient, tmp_path: Path
) -> None:
    cards = _cards_of_four_delegations(demo_app)
    assert f"{cards} thẻ" in words(organiser.get(ALL))
    assert organiser.get(f"{ALL}/file").status_code == 404
    for _twice in range(2):
        assert post(organiser, ALL, {}).status_code == 303
    _work(demo_app)
    made = organiser.get(f"{ALL}/file")
    with zipfile.ZipFile(BytesIO(made.data)) as packed:
        names = packed.namelist()
        told = " ".join(words_of(packed.read(name), tmp_path) for name in names)
    with demo_app.app_context(), reading():
        rows = db.session.scalars(select(Pass).where(Pass.replaced_at.is_(None))).all()
        assert all(told.count(tokens.typed_of(row)) == 2 for row in rows)  # in front and on the back
    assert (len(rows), len(names), sorted(names)) == (cards, 4, names)
    assert "Thẻ đã làm xong" in words(organiser.get(ALL))
    # killed half way, the worker that comes after goes on, and the same archive is made
    post(organiser, ALL, {})
    config: Config = demo_app.config["FESTIVAL"]
    killed = subprocess.run([sys.executable, "-c", DYING], cwd=ROOT, env=environment(config), check=False)
    assert killed.returncode == -signal.SIGKILL
    assert organiser.get(f"{ALL}/state").get_json() == {"state": "working", "done": 2, "whole": len(names)}
    assert organiser.get(f"{ALL}/file").status_code == 404
    _work(demo_app)
    assert organiser.get(f"{ALL}/file").data == made.data
    with demo_app.app_context(), transaction():
        db.session.execute(update(Delegation).values(name="Đoàn đã đổi tên"))
    assert "đã đổi sau khi làm" in words(organiser.get(ALL))


def _cards_of_four_delegations(app: Flask) -> int:
    """The others' are replaced already; each file is drawn by a process of its own."""
    with app.app_context(), transaction():
        kept = set(db.session.scalars(select(Delegation.id).order_by(Delegation.position).limit(4)))
        families = dict(db.session.execute(select(Family.id, Family.delegation_id)).all())
        passes = db.session.scalars(select(Pass).where(Pass.replaced_at.is_(None))).all()
        for row in passes:
            if (row.delegation_id or families[row.family_id]) not in kept:
                row.replaced_at = now()
        return sum(row.replaced_at is None for row in passes)


def _work(app: Flask) -> None:
    with app.app_context():
        while making.work():
            pass


def test_a_delegation_too_large_for_one_file_has_several(demo_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(all_cards, "CARDS_A_FILE", 3)
    with demo_app.app_context(), reading():
        files = all_cards.plan_of(the_festival())["files"]
    assert max(len(each["cards"]) for each in files) == 3 and sum(len(each["cards"]) for each in files) == 81
    assert files[0]["name"].endswith("-1.pdf") and files[1]["name"].endswith("-2.pdf")


def test_drawn_apart_it_is_the_same_paper(demo_app: Flask) -> None:
    with demo_app.app_context(), reading():
        plan = all_cards.plan_of(the_festival())
    with demo_app.test_request_context():
        one = all_cards.MAKER.make(plan, 0, 1)
        assert one == all_cards.MAKER.make(plan, 0, 1)
        with pytest.raises(RuntimeError):
            pdf_apart("passes/none.typ", {}, now())
