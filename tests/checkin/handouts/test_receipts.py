"""Is a receipt kept as it was printed, signed with its photo, taken back, and shown to the head?"""

from __future__ import annotations

from io import BytesIO

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select, update

from festival.accounts.roles import Role
from festival.checkin.handouts import receipts
from festival.checkin.handouts.receipts import receipts_of
from festival.core.database import db
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, Overtaken
from festival.devices.handlers import DeviceRole
from festival.papers.models import SignedPaper
from festival.roster.links.of_delegations import delegation_link, first_link
from festival.roster.models import Delegation
from tests.checkin.handouts.test_handouts import MORNING, give
from tests.devices.kit import Fair, Phone, enrolment, open_fair
from tests.devices.test_office import post, signed_in


@pytest.fixture
def fair(app: Flask) -> Fair:
    return open_fair(app)


@pytest.fixture
def desk(app, client, fair) -> Phone:
    return Phone(client, enrolment(app, fair, DeviceRole.DESK, "Bàn tiếp đón"))


def the_delegation() -> Delegation:
    return db.session.scalars(select(Delegation)).one()


def printed(app: Flask) -> int:
    with app.app_context():
        with reading():
            drawn = receipts.draw_receipt(the_delegation())
        with transaction():
            return receipts.print_receipt(the_delegation().id, drawn, None).id


def listed(app: Flask) -> list[tuple[str, str, bool]]:
    with app.app_context(), reading():
        return [(each.number, each.state.value, each.photo) for each in receipts_of(the_delegation().id)]


def act(app: Flask, deed, *values) -> None:
    with app.app_context(), transaction():
        deed(the_delegation().id, *values, None)


def sealed(app: Flask) -> list[tuple[str, str]]:
    with app.app_context(), checks.snapshot():
        return [(each.table, each.column) for _name, each in checks.inspect(["checkin:thu-2024"]).named()]


def test_printed_signed_counted_again_signed_anew_annulled(app, fair, desk):
    with pytest.raises(Conflict):
        printed(app)
    first = give(desk, fair, items={"card": 9, "meal": 27})
    desk.send(first)
    paper = printed(app)
    assert printed(app) == paper, "printed again without a change it is the same paper"
    act(app, receipts.sign_receipt, paper, "Lâm Văn Sáu", None)
    desk.send(give(desk, fair, MORNING + 1, root=first["mid"], items={"card": 8, "meal": 27}, reason="đếm lại"))
    second = printed(app)
    act(app, receipts.sign_receipt, second, "Lâm Văn Sáu", b"a picture")
    assert listed(app) == [("2", "signed", True), ("1", "replaced", False)]
    with pytest.raises(Overtaken):
        act(app, receipts.sign_receipt, second, "Lâm Văn Sáu", None)
    act(app, receipts.annul_receipt, second, "ký nhầm tờ")
    assert listed(app) == [("2", "annulled", True), ("1", "signed", False)]
    act(app, receipts.picture_receipt, paper, b"another picture")
    assert listed(app)[1] == ("1", "signed", True)
    assert sealed(app) == []
    with app.app_context(), transaction():
        db.session.execute(update(SignedPaper).where(SignedPaper.id == paper).values(photo=b"swapped"))
    assert sealed(app) == [("signed_paper", "photo")]


def test_counts_that_change_while_it_is_drawn_are_not_printed(app, fair, desk):
    desk.send(give(desk, fair))
    with app.app_context():
        with reading():
            drawn = receipts.draw_receipt(the_delegation())
        desk.send(give(desk, fair, MORNING + 1))
        with pytest.raises(Overtaken), transaction():
            receipts.print_receipt(the_delegation().id, drawn, None)
    assert listed(app) == []


def picture() -> BytesIO:
    made = BytesIO()
    Image.new("RGB", (40, 30), "white").save(made, "PNG")
    made.seek(0)
    return made


@pytest.mark.either_database
def test_the_whole_way_on_pages_and_the_head_sees_it(app, fair, desk):
    office = signed_in(app, "to-chuc", Role.ORGANISER)
    first = give(desk, fair, items={"card": 9, "flag": 1})
    desk.send(first)
    with app.app_context(), transaction():
        first_link(the_delegation())
        code, link = the_delegation().code, delegation_link(the_delegation())
    page = f"/office/desk/{code}"

    def send(what, fields):
        return post(office, f"{page}/{what}", fields, page=page)

    assert "Đoàn huyện Hòn Đất" in office.get("/office/desk").text
    assert send("print", {}).status_code == 303
    shown = office.get(page).text
    assert "chờ trưởng đoàn ký" in shown and "Lâm Văn Sáu" in shown
    with app.app_context(), reading():
        paper = receipts_of(the_delegation().id)[0].id
    assert office.get(f"{page}/receipts/{paper}").data.startswith(b"%PDF")
    assert office.get(f"{page}/receipts/{paper}/photo").status_code == 404
    refused = send("sign", {"paper": paper, "signer": "Lâm Văn Sáu", "photo": (BytesIO(b"no"), "a.jpg")})
    assert refused.status_code == 400 and listed(app) == [("1", "printed", False)]
    sent = {"paper": paper, "signer": "Lâm Văn Sáu", "photo": (picture(), "a.png")}
    assert send("sign", sent).status_code == 303
    assert office.get(f"{page}/receipts/{paper}/photo").mimetype == "image/jpeg"
    assert "đúng với số đã giao" in office.get(page).text
    head = app.test_client()
    head.get(f"/d/{link}", follow_redirects=True)
    told = head.get("/head").text
    assert "Đã nhận ở bàn tiếp đón" in told and "Biên bản số 1, đã ký" in told
    assert head.get(f"/head/receipts/{paper}").data.startswith(b"%PDF")
    assert app.test_client().get(f"/head/receipts/{paper}").status_code != 200
    assert send("annul", {"paper": paper, "reason": ""}).status_code == 400
    assert send("annul", {"paper": paper, "reason": "ký nhầm"}).status_code == 303
    assert "Biên bản số 1" not in head.get("/head").text
