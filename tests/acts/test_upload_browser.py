"""On a phone of 360 px a family sends its music; the network goes away in the middle, and what was sent is not sent again."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, Route, expect

from tests.acts.conftest import FACTS, Troupe
from tests.acts.music import wav
from tests.harness.looks import fits, shots
from tests.harness.served import Served


def test_an_upload_that_is_cut_goes_on(troupe: Troupe, page: Page, live_server: Served, tmp_path: Path) -> None:
    troupe.ask()
    music = tmp_path / "hát ru.wav"
    music.write_bytes(wav(30))  # three parts
    page.goto(f"/g/{troupe.link}")
    page.get_by_role("link", name="Gia đình tài năng").click()
    shots(page, "act")
    page.get_by_label("Tên tiết mục").fill(FACTS["title"])
    page.get_by_label("4 số cuối").first.fill("0001")
    page.get_by_role("button", name="Lưu tiết mục").click()
    expect(page.get_by_text("Đã lưu tiết mục.")).to_be_visible()
    sent: list[str] = []

    def once_cut(route: Route) -> None:
        number = route.request.url.rsplit("/", 1)[1]
        if number == "2" and "2" not in sent:
            sent.append("2")
            route.fulfill(status=400, json={"message": "Một phần của tệp bị hỏng khi gửi."})
            return
        sent.append(number)
        route.continue_()

    page.route("**/parts/*", once_cut)
    page.locator("#track-file").set_input_files(music)
    page.locator("#tail-track").fill("0001")
    page.get_by_role("button", name="Gửi nhạc nền").click()
    expect(page.get_by_text("Một phần của tệp bị hỏng khi gửi.")).to_be_visible()
    assert sent == ["0", "1", "2"]
    # the page is opened anew, the same file chosen again: only what is missing goes
    page.reload()
    page.locator("#track-file").set_input_files(music)
    page.locator("#tail-track").fill("0001")
    page.get_by_role("button", name="Gửi nhạc nền").click()
    expect(page.get_by_text("WAV, dài 0:30").first).to_be_visible()
    assert sent == ["0", "1", "2", "2"]
    assert troupe.files() == [("track", 1, "wav", True)]
    fits(page, "act-sent")
