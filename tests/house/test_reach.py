"""Can every page be read and used by everybody: on 320 px, at 200 %, with large letters, by ear and by keyboard?

One walk over every GET page of the URL map, by those who may open it, in one browser. What the tablets and the gate show
is held where their own tests walk (tests/judging/test_judge_by_ear.py, tests/checkin/test_gate_by_ear.py).
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, expect

from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.registration.outcomes import Registered
from festival.registration.registering import register_family
from festival.roster.delegations import delegation_by_code
from festival.roster.models import Origin
from festival.roster.rules import rules_of
from tests.harness.served import Served
from tests.house import reach
from tests.house.filling import known, made
from tests.house.growing import STAFF, finish, grown
from tests.house.test_access import ANYBODY, FAMILY, HEAD, doors
from tests.house.test_statements import addresses, opens, visitor
from tests.journeys.conftest import fair, scene
from tests.journeys.scene import PASSWORD, Scene, household

# What a page looks like does not depend on the database.
on_one = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
__all__ = ["fair", "scene"]
# Shells of enrolled devices: without one they send on to another page.
SHELLS = ("/gate", "/desk", "/missing", "/lost", "/shift", "/judge", "/ground", "/stage", "/activate")
SEAT_DECIDES = ("/panel", "/whole-delegation")
ENGLISH = {"anonymous", "family"}
MAIN = re.compile(r"<main.*?</main>", re.DOTALL)
# What is drawn anew for each visitor and never seen.
UNSEEN = re.compile(r'name="csrf_token" value="[^"]*"')
LINK = re.compile(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', re.DOTALL)
TAG = re.compile("<[^>]*>")
FOUND = "document.activeElement.role === 'status' && document.activeElement.hasAttribute('data-focus')"


def pages(
    app: Flask,
    client: FlaskClient,
    actor: str,
    values: dict[str, Any],
    wanted: Callable[[str, str], bool],
    papers: set[str],
) -> Iterator[tuple[str, str, str, str, str]]:
    """Rule, kind of policy, name, address and text of every page this visitor gets; of those that are wanted.

    What turns out to be no page but a paper or a list goes into `papers`: nobody is asked to have it drawn again.
    """
    for method, rule, policy in doors(app):
        if method != "GET" or "filename" in rule.arguments or not opens(policy, actor):
            continue
        if rule.rule.startswith(("/api/", *SHELLS)):
            continue
        for name, path in addresses(rule, values):
            if name in papers or not wanted(rule.rule, name):
                continue
            answer = client.get(path)
            if answer.status_code != 200:
                continue
            if answer.mimetype != "text/html" or "attachment" in answer.headers.get("Content-Disposition", ""):
                papers.add(name)
                continue
            yield rule.rule, policy.kind if policy else "", name, path, answer.text


def key_of(rule: str, name: str, actor: str) -> str:
    """A page is walked once; those of the panels once by everybody, because each seat is shown something else."""
    return f"{name} {actor}" if rule.startswith(SEAT_DECIDES) else name


def menu_sounds_like(main: str, text: str) -> bool:
    """Whether a line of this visitor's menu has the words of a link of the page and leads elsewhere.

    Where another seat is shown the very same page, its menu is all that differs, and how that looks is seen on its other pages.
    """
    inside, menu = (
        {(" ".join(html.unescape(TAG.sub(" ", words)).split()), href) for href, words in LINK.findall(part)}
        for part in (main, MAIN.sub("", text))
    )
    words = {said for said, _href in inside}
    return any(said in words and (said, href) not in inside for said, href in menu)


def come(page: Page, client: FlaskClient, url: str) -> None:
    """The browser is this visitor from now on."""
    page.context.clear_cookies()
    page.context.add_cookies([{"name": each.key, "value": each.value, "url": url} for each in client._cookies.values()])


def in_english(page: Page, url: str, path: str) -> list[str]:
    """English words are longer."""
    page.context.add_cookies([{"name": "lang", "value": "en", "url": url}])
    page.goto(path)
    page.context.add_cookies([{"name": "lang", "value": "vi", "url": url}])
    return reach.sizes(page, (320, True))


@pytest.mark.long
@on_one
@pytest.mark.begins_with(build=grown)
def test_every_page_is_read_on_any_screen_and_by_ear(app: Flask, live_server: Served, browser: Browser) -> None:
    values = known(app)
    made(app, values["contests"][0], drawn=True)
    context = browser.new_context(base_url=live_server.url, locale="vi-VN", service_workers="block")
    page = context.new_page()
    walked: set[str] = set()
    opened: set[str] = set()
    papers: set[str] = set()
    drawn: set[str] = set()
    colours: set[str] = set()
    wrong: dict[str, list[str]] = {}
    for finished in (False, True):
        if finished:
            finish(app)
        for actor in (ANYBODY, FAMILY, HEAD, *STAFF):
            client, _headers = visitor(app, actor)
            come(page, client, live_server.url)

            def wanted(rule: str, name: str, actor: str = actor, finished: bool = finished) -> bool:
                return key_of(rule, name, actor) not in walked and not (finished and rule in opened)

            for rule, policy, name, path, text in pages(app, client, actor, values, wanted, papers):
                walked.add(key_of(rule, name, actor))
                main = UNSEEN.sub("", "".join(MAIN.findall(text)) or text)
                if rule in opened and main in drawn and not menu_sounds_like(main, text):
                    continue
                drawn.add(main)
                page.goto(path)
                found = reach.sizes(page) + reach.names(page)
                found += reach.axe(page, colours) if rule not in opened else []
                if policy in ENGLISH:
                    found += in_english(page, live_server.url, path)
                if "{search}" in name and page.evaluate(FOUND) is not True:
                    found.append("what a search has found does not take the focus")
                opened.add(rule)
                if found:
                    wrong[f"{name} as {actor}"] = found
    context.close()
    assert wrong == {}, "\n".join(f"{name}:\n  " + "\n  ".join(found) for name, found in wrong.items())
    gets = {rule.rule for method, rule, _policy in doors(app) if method == "GET"}
    assert {"/", "/family/registration", "/panel/<code>", "/delegation/<code>/families/new"} <= opened
    assert len(opened) > 60 and opened <= gets


def test_what_stands_out_is_cut_small_or_sounds_alike_is_found(browser: Browser) -> None:
    """The look itself: each fault once, beside the same without it."""
    page = browser.new_page()
    page.set_content(
        """<html lang="vi"><body style="margin: 0; font-size: 16px"><main><h1>Trang</h1>
        <p style="width: 900px">quá rộng</p><small style="font-size: 12px">quá nhỏ</small>
        <p style="width: 5rem; overflow: hidden; white-space: nowrap">bị cắt mất một nửa câu này</p>
        <div style="width: 200px; overflow-x: auto"><p style="width: 400px">cuộn ngang</p></div>
        <div style="width: 200px; overflow-x: auto" tabindex="0" role="region" aria-label="Bảng"><p style="width: 400px">cuộn được</p></div>
        <a href="/a">Sửa</a><a href="/b">Sửa</a><a href="/a" aria-label="Sửa, Lan">Sửa</a></main></body></html>"""
    )
    found = reach.sizes(page, (320, False))
    assert [line.split(": ")[1] for line in found] == ["wide", "small", "cut", "cut", "lost"]
    assert "quá nhỏ" in found[1] and "cuộn ngang" in found[4]
    assert [line.split(": ")[1] for line in reach.names(page)] == ["“Sửa”"]
    assert any(line.startswith("serious document-title") for line in reach.axe(page))
    page.close()


def test_a_menu_that_sounds_like_the_page_is_heard() -> None:
    main = '<main><a class="x" href="/panel">Phần\n thi</a> <a href="/a">Sửa</a></main>'
    menus = {
        '<a href="/panel"><svg></svg>Phần thi</a>': False,
        '<a href="/contests">Phần thi</a>': True,
        '<a href="/b">Về</a>': False,
    }
    assert {menu: menu_sounds_like(main, f"<nav>{menu}</nav>{main}") for menu in menus} == menus


def test_contrast_is_asked_of_every_text_that_stands_in_colours_not_seen_before(browser: Browser) -> None:
    page, seen = browser.new_page(), set[str]()
    faint = []
    for text in (
        "<p>rõ</p>",
        "<p>rõ, chữ khác</p><p>rõ</p>",
        "<p style='color: #bbb'>nhạt trên nền trắng</p>",
        "<div style='background: #555'><p>đen trên nền xám</p></div>",
        "<p style='opacity: 0.3'>mờ</p>",
        "<p>rõ</p><button style='color: #ccc; background: #fff'>nút mờ</button>",
    ):
        page.set_content(
            f"<html lang='vi'><title>T</title><body style='color: #222; background: #fff'><main><h1>T</h1>{text}</main>"
        )
        faint.append(sum("color-contrast" in line for line in reach.axe(page, seen)))
    assert faint == [0, 0, 1, 1, 1, 1]
    # The control: nothing is asked of what was seen.
    assert reach.axe(page, seen) == []
    page.close()


def half_written(fair: Scene) -> str:
    """Code of a family that its officer has not sent yet. In an application context."""
    with transaction():
        rules = rules_of(db.session.get_one(Festival, fair.festival_id))
        delegation = delegation_by_code(fair.delegations["Hòn Đất"])
        people = household("0912345604", ("Lâm Văn Sơn", "Thị Hoàng Oanh", "Lâm Gia Hân"))
        made = register_family(rules, delegation, people, Origin.OFFICER, submit=False)
        assert isinstance(made, Registered)
        return made.code


@on_one
def test_the_officers_table_and_editor_are_read_as_stored(
    app: Flask, fair: Scene, live_server: Served, browser: Browser
) -> None:
    with app.app_context():
        draft = half_written(fair)
    page = browser.new_page(base_url=live_server.url, locale="vi-VN", viewport={"width": 1440, "height": 900})
    page.goto("/sign-in")
    for password in ("sai-mat-khau", PASSWORD):
        page.get_by_label("Tên đăng nhập").fill("canbo")
        page.get_by_label("Mật khẩu", exact=True).fill(password)
        page.get_by_role("button", name="Đăng nhập").click()
        if password != PASSWORD:
            # what is wrong takes the focus, in words
            expect(page.get_by_role("alert")).to_be_focused()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    page.goto(f"/delegation/{fair.delegations['Hòn Đất']}")
    reach.held(page.locator("main"), "officer-families")
    page.goto(f"/delegation/{fair.delegations['Hòn Đất']}/families/{draft}")
    reach.held(page.locator("main"), "officer-family")
    page.context.close()
