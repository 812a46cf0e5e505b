"""What does a link show in a group, what hangs on a wall, and can every phone number be tapped?"""

from __future__ import annotations

import re
from io import BytesIO

import pytest
import zxingcpp
from flask import Flask
from PIL import Image

from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.transaction import transaction
from festival.documents import paper
from festival.editions.models import Festival
from festival.messages.posters import TEMPLATE, poster_values
from festival.roster.links.of_families import link_code
from festival.roster.models import Family
from tests.messages.scene import make_desk

pytestmark = pytest.mark.either_database

ZALO = {"User-Agent": "Mozilla/5.0 (compatible; ZaloBot/1.0)"}


def test_links_posters_and_phone_numbers(app: Flask) -> None:
    desk = make_desk(app)
    with app.app_context(), transaction():
        family = db.session.get_one(Family, desk.scene.families[0])
        code, name = link_code(family), family.name
        family.link_hash = look_up_hash(code)
        db.session.get_one(Festival, desk.scene.festival_id).help_line = "Gọi 0297 3812 345"
    client = app.test_client()
    for path in ("/", "/programme", "/results", "/help", f"/g/{code}"):
        answer = client.get(path, headers=ZALO)
        page = answer.get_data(as_text=True)
        shown = dict(re.findall(r'<meta property="og:(\w+)" content="([^"]*)"', page))
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers, path
        assert shown["title"] == "Ngày hội Gia đình tiêu biểu tỉnh Kiên Giang", path
        assert shown["description"] == "14/6/2024 – 16/6/2024, Quảng trường huyện Hòn Đất", path
        assert name not in page.partition("</head>")[0]
    assert name not in client.get(f"/g/{code}", headers=ZALO).get_data(as_text=True)
    picture = client.get(shown["image"].removeprefix(app.config["FESTIVAL"].public_url))
    assert Image.open(BytesIO(picture.get_data())).size == (1200, 630)
    assert client.get(f"/g/{code}").status_code == 302, "a person's browser goes on"
    assert 'href="tel:02973812345"' in client.get("/help").get_data(as_text=True)
    assert 'href="tel:0900000000"' in desk.office.get("/office/registrations?state=all").get_data(as_text=True)
    for size, width in (("a4", 794), ("a3", 1123)):
        assert desk.office.get(f"/office/messages/poster.pdf?size={size}").get_data()[:5] == b"%PDF-"
        with app.test_request_context():
            values = poster_values(db.session.get_one(Festival, desk.scene.festival_id), size)
        (drawn,) = paper.png(TEMPLATE, values)
        page_picture = Image.open(BytesIO(drawn))
        (read,) = zxingcpp.read_barcodes(page_picture)
        assert (read.text, page_picture.size[0]) == (f"{app.config['FESTIVAL'].public_url}/programme", width)
        assert "0297 3812 345" in values["help"]
