"""Does an organiser make a contest by clicks and keys, on a phone too, and with scripts off?"""

from __future__ import annotations

import json

from flask import Flask
from playwright.sync_api import Page, Route, expect

from festival.core.transaction import transaction
from festival.setup import pieces
from festival.setup.saving import document_of, save
from tests.harness.served import Served
from tests.journeys.conftest import Visit
from tests.journeys.scene import RULESET, Scene
from tests.journeys.walker import Walker

CODE = json.loads(RULESET.read_text(encoding="utf-8"))["festival"]["code"]
EDITOR = f"/office/setup/{CODE}/contest/tai-nang"
ORGANISER = "btc"


def stands(app: Flask, contest: str) -> pieces.Piece:
    with app.app_context():
        found = pieces.contest(document_of(CODE), contest)
    assert found is not None
    return found


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.name"))


def test_rows_by_keys_and_the_total_while_typing(app: Flask, scene: Scene, visit: Visit, live_server: Served) -> None:
    walker = visit("desk", "contest-editor").sign_in(ORGANISER).go("/office/contests")
    page = walker.page
    walker.press("Sửa Gia đình tài năng").hold("as-it-stands", dark=True)
    before = len(stands(app, "tai-nang")["criteria"])
    page.locator("#add\\:criteria").focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"#criteria\\.{before}\\.name")).to_be_focused()
    page.keyboard.type("Ứng xử")
    page.keyboard.press("Tab")
    page.keyboard.type("5,5")
    total = sum(each["max"] for each in stands(app, "tai-nang")["criteria"]) + 5.5
    expect(page.locator("#live-total")).to_contain_text(f"Tổng: {str(total).replace('.', ',')} điểm")
    assert focused(page) == f"criteria.{before}.max"
    expect(page.locator(f"#live-criteria\\.{before}")).to_contain_text("Chấm được 0; 0,25; 0,5 … 5,5 (23 mức)")
    up = page.locator(f"[value='up:criteria:{before}']")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f"[value='up:criteria:{before - 1}']")).to_be_focused()
    expect(page.locator(f"#criteria\\.{before - 1}\\.name")).to_have_value("Ứng xử")
    page.locator("#judges").fill("5")
    page.locator("#scoring\\.delta").fill("1,5")
    expect(page.locator("#live-scoring\\.rule\\.one")).to_contain_text("lệch quá 1,5 điểm")
    expect(page.locator("#live-example\\.one")).to_contain_text("(mức 1,5): bỏ.")
    page.locator("#rung").select_option(label="Quá giờ ít hơn.")
    page.get_by_role("button", name="Thêm bậc này").click()
    page.locator("#total").fill("")  # while the answer is on its way
    expect(page.locator("#live-ties li")).to_contain_text(["Nội dung", "Quá giờ ít hơn.", "Ban giám khảo quyết định"])
    expect(page.locator("#total")).to_have_value("")
    walker.hold("typed")
    page.get_by_role("button", name="Lưu phần thi").click()
    expect(page.get_by_text("Đã lưu phần thi")).to_be_visible()
    saved = stands(app, "tai-nang")
    assert [each["name"] for each in saved["criteria"]][before - 1] == "Ứng xử"
    assert saved["criteria"][before - 1]["code"] == "ung-xu"
    assert {"by": "less_overtime"} in saved["ties"]


def test_who_goes_on_typing_while_a_row_is_drawn_is_left_alone(
    app: Flask, scene: Scene, visit: Visit, live_server: Served
) -> None:
    page = visit("desk", "contest-goes-on").sign_in(ORGANISER).go(EDITOR).page
    waiting: list[Route] = []
    page.route("**/contest/tai-nang", lambda route: waiting.append(route))  # noqa: PLW0108 (kept by the library, which writes on it)
    with page.expect_request("**/contest/tai-nang"):
        page.locator("#add\\:criteria").click()
    name = page.locator("#name")
    name.evaluate("(field) => { field.focus(); field.setSelectionRange(2, 5); }")
    waiting[0].continue_()
    before = len(stands(app, "tai-nang")["criteria"])
    expect(page.locator(f"#criteria\\.{before}\\.name")).to_be_visible()
    expect(name).to_be_focused()
    assert name.evaluate("(field) => [field.selectionStart, field.selectionEnd]") == [2, 5]


def test_the_kind_changes_in_place_and_nothing_typed_is_lost(
    app: Flask, scene: Scene, visit: Visit, live_server: Served
) -> None:
    walker = visit("tablet", "contest-kind").sign_in(ORGANISER).go(EDITOR)
    page = walker.page
    page.locator("#name").fill("Tên đang gõ")
    page.get_by_label("Đếm số lần đạt").check()
    expect(page.locator("#unit_label")).to_be_visible()
    expect(page.get_by_label("Đếm số lần đạt")).to_be_focused()
    walker.hold("counted")
    page.get_by_label("Ban giám khảo chấm theo tiêu chí").check()
    expect(page.locator("#criteria\\.0\\.name")).to_have_value(stands(app, "tai-nang")["criteria"][0]["name"])
    expect(page.locator("#name")).to_have_value("Tên đang gõ")


def test_a_template_in_two_clicks_and_a_changed_one_in_four_actions(
    app: Flask, scene: Scene, visit: Visit, live_server: Served
) -> None:
    walker = visit("phone", "contest-new").sign_in(ORGANISER).go("/office/contests")
    page = walker.page
    walker.press("Thêm phần thi").hold("templates")
    page.get_by_role("button", name="Lấy nguyên mẫu").first.click()
    expect(page.get_by_text("Đã thêm phần thi")).to_be_visible()
    page.get_by_role("link", name="Xem và sửa").first.click()  # 1
    page.locator("#name").fill("Hội thi Gia đình tài năng có một cái tên rất dài của xã Vĩnh Hòa Hưng Bắc")  # 2
    page.locator("#scoring\\.delta").fill("12,5")  # 3
    walker.hold("long-name")
    page.get_by_role("button", name="Lưu phần thi").click()  # 4
    expect(page.get_by_text("Đã lưu phần thi")).to_be_visible()
    walker.hold("saved")
    with app.app_context():
        last = document_of(CODE)["contests"][-1]
    assert last["scoring"]["delta"] == 12.5


def test_without_script_rows_are_pressed_and_faults_are_told(
    app: Flask, scene: Scene, visit: Visit, live_server: Served
) -> None:
    walker = visit("phone", "contest-plain", java_script_enabled=False).sign_in(ORGANISER).go(EDITOR)
    page = walker.page
    before = len(stands(app, "tai-nang")["criteria"])
    page.locator("#add\\:criteria").click()
    page.locator(f"#criteria\\.{before}\\.name").fill("Ứng xử")
    page.locator(f"[name='criteria.{before}.max']").fill("7")
    page.locator(f"[name='criteria.{before}.step']").fill("2")
    with walker.expecting("400"):
        page.get_by_role("button", name="Lưu phần thi").last.click()
        expect(page.locator("#error-summary")).to_contain_text("Bước điểm không chia hết điểm tối đa")
    walker.hold("refused")
    page.locator(f"[name='criteria.{before}.step']").fill("0,5")
    page.locator("#total").fill("")
    page.get_by_role("button", name="Lưu phần thi").last.click()
    expect(page.get_by_text("Đã lưu phần thi")).to_be_visible()
    assert stands(app, "tai-nang")["criteria"][before]["max"] == 7


def test_the_second_organiser_sees_both(app: Flask, scene: Scene, visit: Visit, live_server: Served) -> None:
    walker = visit("tablet", "contest-second").sign_in(ORGANISER).go(EDITOR)
    page = walker.page

    def theirs(document: pieces.Document) -> pieces.Document:
        piece = pieces.contest(document, "tai-nang")
        assert piece is not None
        return pieces.with_contest(document, piece | {"name": "Tên của chị Lan", "duration_min": 12}, "tai-nang")

    with app.app_context(), transaction():
        save(CODE, theirs)
    page.locator("#name").fill("Tên của tôi")
    with walker.expecting("409"):
        page.get_by_role("button", name="Lưu phần thi").click()
        expect(page.get_by_text("Người khác vừa lưu phần này.")).to_be_visible()
    walker.hold("both")
    assert stands(app, "tai-nang")["name"] == "Tên của chị Lan"


def test_a_removed_contest_is_back_with_one_press(app: Flask, scene: Scene, visit: Visit, live_server: Served) -> None:
    with app.app_context(), transaction():
        save(CODE, with_copy)
    walker: Walker = visit("phone", "contest-removed").sign_in(ORGANISER).go(f"/office/setup/{CODE}/contest/ban-sao")
    walker.press("Xóa phần thi").hold("asked")
    walker.press("Xóa phần thi")
    expect(walker.page.get_by_text("Phần thi không còn trong thể lệ.")).to_be_visible()
    walker.hold("gone").press("Lấy lại phần thi")
    expect(walker.page.get_by_text("ra lại.")).to_be_visible()
    assert stands(app, "ban-sao")["name"] == "Bản sao"


def with_copy(document: pieces.Document) -> pieces.Document:
    piece = pieces.contest(document, "bong-ro")
    assert piece is not None
    return pieces.with_contest(document, piece | {"code": "ban-sao", "name": "Bản sao"})
