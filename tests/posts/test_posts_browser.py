"""In a real browser: the office writes a post by keyboard and shows it; a phone without script, 320 px wide, reads it and nothing foreign."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import select

from festival.accounts.actions import open_sign_in
from festival.accounts.models import User
from festival.accounts.queries import SESSION_COOKIE
from festival.core.database import db
from festival.core.transaction import transaction
from tests.harness.looks import fits
from tests.harness.served import Served
from tests.harness.waiting import wait_until
from tests.house import reach
from tests.messages.scene import make_desk
from tests.posts.test_posts import photo

pytestmark = pytest.mark.either_database

BODY = "# Ở nhà\n\nMỗi tối **cả nhà** cùng nấu.\n\n- bố rửa bát\n- con lau bàn\n\n<img src=https://xau.example/dem.gif>"


def _written_and_shown(page: Page) -> None:
    """By keyboard: looked at, saved, a picture put to it, shown."""
    page.goto("/office/messages")
    reach.follow(page.get_by_role("link", name="Tin và bài viết").first)
    fits(page, "posts-none")
    page.get_by_role("link", name="Viết bài").click()
    page.get_by_label("Tên bài").focus()
    page.keyboard.type("Bố vào bếp")
    page.keyboard.press("Tab")
    page.keyboard.type("Việc nhà là việc chung.")
    page.keyboard.press("Tab")
    page.keyboard.insert_text(BODY)
    page.get_by_role("button", name="Xem trước").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("Mã HTML hiện nguyên thành chữ")).to_be_visible()
    fits(page, "posts-preview")
    page.get_by_role("button", name="Lưu bản nháp").click()
    expect(page.get_by_text("Đã lưu bản nháp.")).to_be_visible()
    page.get_by_label("Tệp ảnh").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo().getvalue()}
    )
    page.get_by_label("Lời tả ảnh").fill("Hai bố con bên bếp")
    page.get_by_label("Không nhận ra được trẻ em nào").check()
    page.get_by_role("button", name="Thêm ảnh").click()
    expect(page.get_by_text("Đã thêm ảnh vào bản nháp.")).to_be_visible()
    page.get_by_role("button", name="Đăng", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("đang đăng", exact=True).first).to_be_visible()
    fits(page, "posts-one")


def test_a_post_from_the_first_word_to_the_phone(app: Flask, browser: Browser, live_server: Served) -> None:
    make_desk(app)
    with app.app_context(), transaction():
        user = db.session.scalars(select(User.id).where(User.login == "btc")).one()
        token = open_sign_in(user, 8).token
    with browser.new_context(viewport={"width": 360, "height": 740}, base_url=live_server.url) as office:
        office.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
        page = office.new_page()
        _written_and_shown(page)
        page.goto("/office/posts")
        fits(page, "posts-list")
        page.goto("/office/help-lines")
        fits(page, "help-lines")
    with browser.new_context(
        viewport={"width": 320, "height": 740}, base_url=live_server.url, java_script_enabled=False
    ) as phone:
        page = phone.new_page()
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        wait_until(lambda: page.goto("/posts/bo-vao-bep").status == 200)  # type: ignore[union-attr]
        expect(page.get_by_role("heading", name="Ở nhà")).to_be_visible()
        picture = page.get_by_role("img", name="Hai bố con bên bếp")
        picture.scroll_into_view_if_needed()
        wait_until(lambda: any(url.endswith("/middle.jpg") for url in asked))
        expect(page.get_by_role("link", name="Gọi 111, Tổng đài quốc gia bảo vệ trẻ em")).to_have_attribute(
            "href", "tel:111"
        )
        assert [url for url in asked if not url.startswith(live_server.url)] == []
        fits(page, "public-post")
        page.goto("/posts")
        fits(page, "public-posts")
        page.goto("/help")
        fits(page, "public-help")
        page.goto("/")
        page.get_by_role("link", name="Tin và bài viết về gia đình").click()
        expect(page.get_by_role("heading", name="Bố vào bếp")).to_be_visible()
