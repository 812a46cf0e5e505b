"""How much does a phone on 3G fetch to see a page for the first time, and does it need a script?"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from config import Config
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.transaction import transaction
from festival.core.web.static_tree import STATIC, tree_digest
from festival.editions.models import Festival
from festival.passes import tokens
from festival.passes.models import Pass
from festival.posts.pictures import add_picture, picture_sizes
from festival.posts.typed import PostTyped
from festival.posts.writing import begin_post, show_post
from festival.programme.queries import festival_day
from festival.roster.links.of_families import link_code
from festival.roster.models import Family
from tests.harness.packed import packed_as_set_up
from tests.harness.served import serve
from tests.harness.wire import Wire, counted
from tests.programme.scene import make_festival

pytestmark = pytest.mark.either_database

MOST_BYTES = 100_000
PATIENCE_MS = 60_000
FONTS = {f"vendor/be-vietnam-pro/be-vietnam-pro-{weight}.woff2" for weight in (400, 600)}
KEPT = (
    "caches.open('family-page').then((kept) => kept.keys()).then((all) => all.map((one) => new URL(one.url).pathname))"
)
DRAWN = "document.fonts.ready.then(() => [...document.fonts].map((font) => font.status))"


def family_link(app: Flask) -> str:
    """A festival of 60 families in 4 contests; the way in of one that has a pass."""
    with app.app_context(), transaction():
        scene = make_festival(families=60, contests=4, first_day=festival_day(now()))
        family = db.session.get(Family, scene.families[0])
        assert family is not None
        values = tokens.new_pass_values("family", family.id, 1)
        db.session.add(Pass(festival_id=scene.festival_id, family_id=family.id, issue=1, issued_at=now(), **values))
        code = link_code(family)
        family.link_hash = look_up_hash(code)
        return f"/g/{code}"


def posts_shown(app: Flask) -> None:
    """A full page of posts, each with a picture that is as heavy as one of a hall full of people."""
    made = BytesIO()
    Image.effect_noise((1600, 1200), 24).convert("RGB").save(made, "JPEG", quality=90)
    sizes = picture_sizes(made.getvalue())
    with app.app_context(), transaction():
        festival = db.session.scalars(select(Festival)).one()
        for number in range(6):
            typed = PostTyped(
                f"Bữa cơm gia đình, bài {number}",
                "Cả nhà cùng nấu, cùng rửa bát. " * 4,
                "Việc nhà là việc chung. " * 60,
            )
            post = begin_post(festival, f"post-{number}", typed, None)
            add_picture(festival, post, sizes, ("Mâm cơm tối thứ bảy", ""), None, 1, None)
            show_post(festival, post, 2, None)


def visit(browser: Browser, wire: Wire) -> Page:
    """A phone that was never here."""
    context = browser.new_context(base_url=wire.url, viewport={"width": 360, "height": 740}, locale="vi-VN")
    context.set_default_timeout(PATIENCE_MS)
    return context.new_page()


def files(wire: Wire) -> list[str]:
    """Which files of the static tree were fetched, without the digest."""
    return [address.split("/", 3)[3] for address in wire.asked if address.startswith("/static/")]


def test_a_first_visit_is_under_100_kb_as_served(
    app: Flask, config: Config, browser: Browser, quick_flask: Path
) -> None:
    packed_as_set_up()
    link = family_link(app)
    posts_shown(app)
    with serve(config, ready=quick_flask) as served:
        for path in ("/", "/programme", "/results", "/posts", link):
            with counted(served.port) as wire:
                page = visit(browser, wire)
                page.goto(path)
                assert page.evaluate(DRAWN) == ["loaded", "loaded"]
                if path == link:
                    # Everything is fetched by then: the page, its worker, what it keeps.
                    expect(page.locator("[data-kept]")).to_be_visible(timeout=PATIENCE_MS)
                page.wait_for_load_state("networkidle")
                assert wire.received < MOST_BYTES, (path, wire.received, wire.asked)
                assert set(files(wire)) >= FONTS
                once = [address for address in wire.asked if not address.startswith("/api/")]  # what is live is polled
                assert sorted(once) == sorted(set(once)), "fetched twice"
                assert not {"css/staff.css", "css/forms.css", "js/draft.js", "js/gate/app.js"} & set(files(wire))
                page.context.close()


def test_a_family_page_is_fetched_once_and_opens_without_network(
    app: Flask, config: Config, browser: Browser, quick_flask: Path
) -> None:
    link = family_link(app)
    with serve(config, ready=quick_flask) as served, counted(served.port) as wire:
        page = visit(browser, wire)
        page.goto(link)
        expect(page.locator("[data-kept]")).to_be_visible(timeout=PATIENCE_MS)
        assert wire.asked.count("/family") == 1
        kept = page.evaluate(KEPT)
        digest = tree_digest(STATIC)
        linked = {f"/static/{digest}/{name}" for name in files(wire) if name != "js/family-worker.js"}
        assert set(kept) == {*linked, "/family", "/offline"}
        typed = page.locator(".pass-typed").inner_text()
        page.context.set_offline(True)
        page.goto("/family")
        expect(page.locator("[data-age]")).to_be_visible()
        assert page.locator(".pass-typed").inner_text() == typed
        assert page.evaluate(DRAWN) == ["loaded", "loaded"]
        page.goto("/family/registration")
        expect(page.locator("h1")).to_have_text("Máy đang không có mạng")
        page.context.set_offline(False)
        page.goto("/family")
        page.get_by_role("button", name="quên liên kết").click()
        page.wait_for_url(lambda address: not address.endswith("/family"))
        assert page.evaluate("caches.keys()") == []
        page.context.close()


def test_public_pages_carry_no_inline_script_or_style(app: Flask) -> None:
    with app.app_context(), transaction():
        make_festival(families=3, first_day=festival_day(now()))
    client = app.test_client()
    for path in ("/", "/programme", "/results", "/help", "/privacy", "/contests/phan-thi-1"):
        text = client.get(path).get_data(as_text=True)
        assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", text) == [], path
        inline = [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag]
        assert inline == ['<script type="application/json" id="words">'], path
