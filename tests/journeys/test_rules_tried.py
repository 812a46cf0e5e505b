"""An organiser with a phone tries the rules of a contest, takes the rule file out, changes it and gives it back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import expect

from config import ROOT
from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.core.transaction import transaction
from festival.setup.saving import begin, document_of
from tests.harness.served import Served
from tests.journeys.walker import Walker

CODE = "hon-quan-2024"
RULES = ROOT / "festival" / "editions" / "data" / "rulesets" / f"{CODE}.json"
Visit = Callable[..., Walker]


@pytest.fixture
def organiser(app: Flask, live_server: Served, visit: Visit) -> Callable[..., Walker]:
    with app.app_context(), transaction():
        begin(json.loads(RULES.read_text(encoding="utf-8")))
        user = create_user("toc", "Trần Thị Ngọc Bích Phương Uyên", "", [Role.ORGANISER])
        token = open_sign_in(user.id, 1).token

    def come(screen: str, **settings: object) -> Walker:
        walker = visit(screen, "toc", **settings)
        walker.page.context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
        return walker

    return come


@pytest.mark.parametrize("scripted", [True, False])
def test_rules_are_tried_by_keys_and_bad_marks_stay(organiser: Callable[..., Walker], scripted: bool) -> None:
    walker = organiser("phone", java_script_enabled=scripted)
    page = walker.go(f"/office/setup/{CODE}/try/tai-nang").hold("try").page
    cell = page.locator('[name="m-0-0-0"]')
    cell.fill("41")
    cell.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("Gia đình mẫu 1, A, Nội dung: Điểm cao nhất là 40.")
    expect(cell).to_have_value("41")
    expect(cell).to_have_accessible_description("Điểm cao nhất là 40.")
    if scripted:
        expect(page.locator("#error-summary")).to_be_focused()
    walker.hold("bad-mark")
    for name in ("m-0-0-0", "m-0-0-1", "m-0-1-0", "m-0-1-1", "m-0-2-0", "m-0-2-1"):
        page.locator(f'[name="{name}"]').fill("40")
    for name in ("m-0-0-2", "m-0-1-2", "m-0-2-2"):
        page.locator(f'[name="{name}"]').fill("20")
    cell.press("Enter")
    expect(page.locator("tbody tr").first).to_contain_text("Gia đình mẫu 1")
    expect(page.locator("tbody tr").first.locator("td").nth(1)).to_have_text("100")
    if scripted:
        expect(page.locator("#result")).to_be_focused()
    walker.hold("counted")


def test_the_file_goes_out_and_in_again(app: Flask, organiser: Callable[..., Walker], tmp_path: Path) -> None:
    walker = organiser("phone")
    page = walker.go(f"/office/setup/{CODE}/file").hold("file").page
    with page.expect_download() as loading:
        walker.press("Tải tệp thể lệ")
    path = tmp_path / "rules.json"
    loading.value.save_as(path)
    document = json.loads(path.read_text(encoding="utf-8"))
    document["contests"][0]["criteria"][0]["step"] = 3
    path.write_text(json.dumps(document, ensure_ascii=False, indent=2), encoding="utf-8")
    page.get_by_label("Tệp thể lệ (.json)").set_input_files(path)
    with walker.expecting("422"):
        walker.press("Xem trước")
        expect(page.get_by_role("alert")).to_contain_text("1 chỗ cần sửa")
    walker.hold("faults", dark=True)
    box = page.get_by_label("Hoặc dán nội dung tệp")
    box.fill(box.input_value().replace('"step": 3', '"step": 0.5'))
    walker.press("Xem trước")
    expect(page.get_by_role("status")).to_contain_text("1 điều sẽ đổi")
    expect(page.get_by_role("listitem").filter(has_text="Bước điểm")).to_have_text(
        "Bước điểm của tiêu chí «Nội dung»: 1 → 0,5."
    )
    walker.hold("preview", dark=True).press("Ghi thể lệ theo tệp")
    expect(page.get_by_text("Đã ghi thể lệ theo tệp.")).to_be_visible()
    walker.hold("written")
    with app.app_context():
        assert document_of(CODE)["contests"][0]["criteria"][0]["step"] == 0.5
