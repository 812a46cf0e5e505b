"""How much does a phone on 3G fetch to see a public page for the first time, and does it need a script?"""

from __future__ import annotations

import re

import pytest
from flask import Flask
from werkzeug.test import Client

from config import Config
from festival.core.clock import today
from festival.core.database import db
from festival.core.static_files import keep_release
from festival.core.transaction import transaction
from festival.factory import create_app
from tests.programme.scene import make_festival

MOST_BYTES = 100_000
ASKS = {"Accept-Encoding": "gzip"}
# A Vietnamese page draws its letters from these two subsets; latin-ext is asked for by other languages only.
FONTS = [
    f"vendor/be-vietnam-pro/be-vietnam-pro-{subset}-{weight}-normal.woff2"
    for subset in ("latin", "vietnamese")
    for weight in (400, 600)
]


@pytest.mark.parametrize("path", ["/", "/programme", "/results"])
def test_a_first_visit_is_under_100_kb(app: Flask, config: Config, path: str) -> None:
    keep_release(config)
    served = create_app(config)
    with served.app_context(), transaction():
        make_festival(families=60, contests=4, first_day=today())
    client = Client(served.wsgi_app)
    page = client.get(path, headers=ASKS)
    text = client.get(path).get_data(as_text=True)
    wanted = set(re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js|svg))"', text))
    for module in list(wanted):
        if module.endswith(".js"):
            source = client.get(module).get_data(as_text=True)
            wanted |= {f"{module.rsplit('/', 1)[0]}/{name}" for name in re.findall(r'from "\./([\w-]+\.js)"', source)}
    release = served.extensions["release"]
    wanted |= {f"/static/{release}/{font}" for font in FONTS} | {f"/static/{release}/img/tile.svg"}
    sizes = {path: len(page.data)}
    for address in wanted:
        answer = client.get(address, headers=ASKS)
        assert answer.status_code == 200, address
        sizes[address] = len(answer.data)
    assert sum(sizes.values()) < MOST_BYTES, sizes
    with served.app_context():
        db.session.remove()
        db.engine.dispose()


def test_public_pages_carry_no_inline_script_or_style(app: Flask) -> None:
    with app.app_context(), transaction():
        make_festival(families=3, first_day=today())
    client = app.test_client()
    for path in ("/", "/programme", "/results", "/help", "/privacy", "/contests/phan-thi-1"):
        text = client.get(path).get_data(as_text=True)
        assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", text) == [], path
        inline = [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
        assert inline == ['<script type="application/json" id="words">'], path
