"""One evening in a browser: from the jury's meeting to the award that is read last, to an outsider who recounts, to the report.

Equal entries and a petition wait when the marks are locked; both are answered before the minutes are printed and signed.
Papers come back as photos, two people release, the screens of the hall are rehearsed and led, the result is published. What an
outsider fetches agrees with the square on the signed paper; the worker's report says what the tables and the file of results say.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from PIL import Image, ImageDraw
from playwright.sync_api import Browser, FilePayload, Page, expect
from sqlalchemy import select, text

from config import ROOT, Config
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.roster.links.of_delegations import delegation_link, first_link
from festival.roster.models import Delegation, Family, Person
from tests.ceremony.test_reveal_in_the_browser import shows
from tests.harness import looks
from tests.harness.looks import shots
from tests.harness.ready_flask import start_ready
from tests.harness.served import Served, environment
from tests.harness.waiting import wait_until
from tests.judging.panel_cast import PASSWORD, Panel, cast, marks, send
from tests.passes.card_kit import pictures_of, read
from tests.results.test_amended_in_the_browser import both_sign, meets, seated
from tests.results.test_commands import RULESET
from tests.results.test_pages_of_the_panel import TAI_NANG

pytestmark = pytest.mark.either_database

ENTRIES, A_FAMILY = 8, 7
WAITS = "Còn 1 kiến nghị chưa giải quyết xong"


def drawn(made: bytes, name: str, folder: Path) -> list[Image.Image]:
    """The pages of a paper as pictures."""
    pictures = pictures_of(made, folder, 110)
    for at, each in enumerate(pictures, start=1):
        if kept := looks.folder():
            each.save(kept / f"{name}-page-{at}.png")
    return pictures


def scene(app: Flask) -> Panel:
    """Eight families of seven; the first two are equal to the last step of the ladder."""
    with app.app_context():
        panel = cast(ENTRIES, published="marks")
        with transaction():
            db.session.get_one(Festival, panel.festival_id).ruleset = json.loads(RULESET.read_text("utf-8"))
            for family in db.session.scalars(select(Family).order_by(Family.id)):
                own = db.session.get_one(Delegation, family.delegation_id)
                own.head_name, own.head_phone = "Danh Văn Trưởng", "0912345678"
                first_link(own)
                for place in range(A_FAMILY):
                    db.session.add(
                        Person(
                            festival_id=family.festival_id, family_id=family.id, code=f"{family.code}-{place}", position=place + 1,
                            name=f"Danh Người {family.id} {place}", folded=f"danh nguoi {family.id} {place}", representative=place == 0,
                            sex="female" if place % 2 else "male", birth_year=1990 - place, relation="self" if place == 0 else "sibling",
                        )
                    )  # fmt: skip
        send(
            *(
                panel.message(who, at, marks(47_000 - 2_500 * max(at, 1), 44_000))
                for who in ("chair", "lan", "hung")
                for at in range(ENTRIES)
                if (who, at) != ("lan", 2)
            )
        )
    return panel


def petition(head: Page, link: str) -> None:
    head.goto(f"/d/{link}")
    head.get_by_role("link", name="Kiến nghị của đoàn").click()
    head.get_by_label("Về việc gì").select_option("contest:tai-nang")
    head.get_by_label("Nội dung").fill("Xin cho biết vì sao hai tiết mục bằng điểm.")
    head.get_by_label("4 số cuối").fill("5678")
    head.get_by_role("button", name="Gửi kiến nghị").click()
    expect(head.get_by_role("heading", name="Kiến nghị số 1")).to_be_visible()
    shots(head, "01-petition")


def answers(secretary: Page) -> None:
    secretary.get_by_role("link", name="Xem kiến nghị").click()
    secretary.get_by_role("link", name="Kiến nghị số 1").click()
    secretary.locator("#what").select_option("refused")
    secretary.locator("#answer-words").fill("Thể lệ để ban giám khảo xếp khi bằng nhau đến bậc cuối.")
    shots(secretary, "04-petition-desk")
    secretary.get_by_role("button", name="Đọc lại trước khi ghi").click()
    both_sign(secretary, "Ghi trả lời")
    expect(secretary.get_by_text("không được chấp nhận").first).to_be_visible()


def breaks_the_tie(secretary: Page) -> None:
    secretary.goto(TAI_NANG)
    shots(secretary, "05-locked-with-a-tie")
    secretary.locator("#place-E000").fill("2")
    secretary.locator("#place-E001").fill("1")
    form = secretary.locator("form", has=secretary.locator("#place-E000"))
    form.get_by_label("Lý do").fill("mở màn chắc hơn")
    form.get_by_label("Những người quyết định").fill("Nguyễn Thị Chủ\nTrần Văn Hùng")
    form.get_by_role("button", name="Đọc lại").click()
    shots(secretary, "06-tie-read-back")
    secretary.get_by_role("button", name="Đúng, ghi quyết định").click()
    expect(secretary.get_by_text("mở màn chắc hơn").first).to_be_visible()


def minutes(secretary: Page, folder: Path) -> tuple[str, Image.Image]:
    """Printed and signed; answers the head of the ledger, as a phone reads it from the paper, and the first page."""
    secretary.goto(f"{TAI_NANG}/minutes")
    shots(secretary, "08-minutes")
    secretary.get_by_role("button", name=re.compile("In để ký")).click()
    printed = secretary.get_by_role("link", name="Mở tờ đã in (PDF)")
    pages = drawn(secretary.request.get(str(printed.get_attribute("href"))).body(), "minutes", folder)
    (square,) = [code for page in pages for code in read(page)]
    secretary.goto(TAI_NANG)
    shots(secretary, "09-to-sign")
    secretary.get_by_label("Số biên bản").fill("07/BB-BGK")
    secretary.get_by_role("button", name="Biên bản đã ký", exact=True).click()
    expect(secretary.get_by_text("Chờ Ban Tổ chức ghi số")).to_be_visible()
    return square, pages[0]


def photographed(page: Image.Image) -> bytes:
    """The paper with a signature on it, as a phone takes it."""
    made, sheet = BytesIO(), page.convert("RGB")
    ImageDraw.Draw(sheet).line([(100, 900), (180, 860), (240, 920), (330, 850)], fill=(20, 40, 160), width=4)
    sheet.save(made, "JPEG", quality=80)
    return made.getvalue()


def decision_and_scans(organiser: Page, signed: bytes) -> None:
    organiser.goto(TAI_NANG)
    organiser.get_by_label("Số quyết định trao giải").fill("105/QĐ-BTC")
    organiser.get_by_role("button", name="Ghi quyết định").click()
    organiser.get_by_role("link", name="Gửi ảnh hoặc bản quét").click()
    for kind, taken in ("minutes", signed), ("decision", photographed(Image.new("L", (900, 1200), 250))):
        file: FilePayload = {"name": f"{kind}.jpg", "mimeType": "image/jpeg", "buffer": taken}
        organiser.locator(f"#{kind} input[type=file]").set_input_files(file)
        organiser.locator(f"#{kind}").get_by_role("button", name="Gửi bản đã ký").click()
        expect(organiser.locator(f"#{kind} .sent-page")).to_be_visible()
    shots(organiser, "10-signed")


def released(organiser: Page) -> None:
    organiser.goto(TAI_NANG)
    shots(organiser, "11-to-release")
    form = organiser.locator("#release form")
    form.locator("#release-password").fill(PASSWORD)
    form.locator("[name=second]").fill("phobtc")
    form.locator("[name=second_password]").fill(PASSWORD)
    form.locator("[name=names_reason]").fill("Đối chiếu với căn cước tại bàn tiếp đón")
    form.get_by_role("button", name="Cho MC đọc").click()
    expect(organiser.locator("#publish")).to_be_visible()


def steps_of(leader: Page) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(leader.locator("#reveal-steps").text_content() or "")
    return found


def ends(leader: Page) -> None:
    leader.locator("summary", has_text="Kết thúc").click()
    leader.get_by_role("dialog").get_by_role("button", name="Kết thúc").click()
    expect(leader.get_by_role("button", name="Chạy tiếp buổi vừa kết thúc")).to_be_visible()


def led(leader: Page, screens: list[Page], name: str, last: int | None = None) -> list[str]:
    """To the last step (or that one), the one before it once more; every screen shows each. Answers all the names."""
    slides = steps_of(leader)
    last = last or len(slides) - 1
    for screen in screens:
        screen.goto(leader.locator(".code").inner_text())
    turns = [*range(1, last + 1), last - 1, last]
    for before, at in zip([0, *turns], turns, strict=False):
        leader.keyboard.press("ArrowRight" if at > before else "ArrowLeft")
        for screen in (leader, *screens):
            shows(screen, slides[at])
        if at == last - 1 and before < at:
            shots(leader, f"{name}-control")
            shots(screens[0], f"{name}-screen")
    ends(leader)
    return [line[0] for slide in slides for line in slide["names"]]  # type: ignore[attr-defined]


def ceremony(leader: Page, screens: list[Page]) -> None:
    """Led to the last award; the MC's page opens on the names."""
    leader.goto("/mc")
    shots(leader, "13-mc")
    leader.goto("/mc/reveal")
    leader.get_by_role("button", name="Bắt đầu công bố").click()
    expect(leader.locator("#reveal-steps")).to_have_count(1)
    names = led(leader, screens, "14-reveal")
    assert Counter(names) == Counter(f"Gia đình ông Danh Chung {at}" for at in range(ENTRIES))
    assert names[-1] == "Gia đình ông Danh Chung 1", "who the panel put first is read last"


def rehearsal(leader: Page, screens: list[Page]) -> None:
    leader.goto("/mc/reveal")
    shots(leader, "12-before-the-release")
    leader.get_by_role("button", name="Tập dượt với tên mẫu").click()
    expect(leader.get_by_text("Đang tập dượt với tên mẫu.")).to_be_visible()
    names = led(leader, screens, "12-rehearsal", last=3)
    assert names and all(name.startswith(("Gia đình mẫu ", "Đoàn mẫu ")) for name in names)


def outsider(url: str, head: str, folder: Path) -> dict[str, Any]:
    """Does what the public page says, and holds the file against a head that stands on paper."""
    page = urllib.request.urlopen(f"{url}/results").read().decode()
    for name in ("results.json", "verify.py"):
        assert f'href="/results/files/{name}"' in page
        (folder / name).write_bytes(urllib.request.urlopen(f"{url}/results/files/{name}").read())
    said = re.search(r"python3 verify\.py results\.json", page)
    assert said is not None
    command = [sys.executable, *shlex.split(said[0])[1:], "--head", head.replace(" ", ":")]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = subprocess.run([*command[:-1], f"{command[-1][:-4]}0000"], cwd=folder, capture_output=True, text=True)
    assert wrong.returncode == 1, "the control: another head is not agreed to"
    found: dict[str, Any] = json.loads((folder / "results.json").read_text("utf-8"))
    return found


@contextmanager
def worker(config: Config, ready: Path) -> Iterator[None]:
    """The program's own, as long as the block lasts."""
    with (config.instance / "worker.log").open("ab") as log:
        running = start_ready(ready, ["flask", "worker"], environment(config), log.fileno(), ROOT)
    try:
        yield
    finally:
        os.kill(running.pid, signal.SIGTERM)
        wait_until(lambda: running.ended(0.1), "the worker's end")


def report(organiser: Page, folder: Path) -> openpyxl.Workbook:
    organiser.goto("/office/report")
    shots(organiser, "16-report")
    organiser.get_by_role("button", name="Lập bản báo cáo").click()
    files = {}
    for form in ("PDF", "XLSX"):
        link = organiser.get_by_role("link", name=form)
        expect(link).to_be_visible()
        files[form] = organiser.request.get(str(link.get_attribute("href"))).body()
    shots(organiser, "17-report-version")
    assert len(drawn(files["PDF"], "report", folder)) > 1
    return openpyxl.load_workbook(BytesIO(files["XLSX"]))


def table_of(book: openpyxl.Workbook, begins: str) -> dict[str, list[int]]:
    """The rows of numbers of one table of the report, by their first cell."""
    (sheet,) = (each for each in book.worksheets if each.title.startswith(begins))
    rows = sheet.iter_rows(min_row=4, values_only=True)
    return {str(name): numbers for name, *numbers in map(tuple, rows) if name and isinstance(numbers[0], int)}


def recounted(told: dict[str, Any], book: openpyxl.Workbook) -> None:
    """The report's figures once more, from the file of results and from the tables, by another way."""
    (contest,) = (each for each in told["contests"] if each["shows"] == "marks")
    of_entry = {each["code"]: each["delegation"] for each in contest["entries"]}
    names = dict(db.session.execute(select(Delegation.code, Delegation.name)).all())
    given = Counter(names[of_entry[each["entry"]]] for each in contest["awards"])
    prizes = Counter(each["prize"] for each in contest["awards"])
    assert {name: row[0] for name, row in table_of(book, "8.").items()} == {**given, "Cộng": given.total()}
    assert {name: row[-1] for name, row in table_of(book, "9.").items()} == {**prizes, "Cộng": prizes.total()}

    people = text(
        "SELECT d.name, count(DISTINCT f.id), count(DISTINCT p.id), count(DISTINCT e.id) FROM delegation d"
        " JOIN family f ON f.delegation_id = d.id JOIN person p ON p.family_id = f.id"
        " JOIN entry e ON e.family_id = f.id GROUP BY d.name"
    )
    units = {name: tuple(numbers) for name, *numbers in db.session.execute(people)}
    shown = {name: (row[0], row[1], row[3]) for name, row in table_of(book, "1.").items()}
    assert shown == {**units, "Cộng": tuple(map(sum, zip(*units.values(), strict=True)))}
    sexes = dict(db.session.execute(text("SELECT sex, count(*) FROM person GROUP BY sex")).all())
    assert table_of(book, "3.")["Cộng"] == [sexes["female"], sexes["male"], 0, sum(sexes.values())]


def test_from_the_jurys_meeting_to_the_report(
    app: Flask, config: Config, live_server: Served, browser: Browser, quick_flask: Path, tmp_path: Path
) -> None:
    panel = scene(app)
    with app.app_context(), reading():
        link = delegation_link(db.session.scalars(select(Delegation).order_by(Delegation.id)).all()[0])
    head, guest, *screens = (seated(app, browser, live_server, None, width=width) for width in (360, 360, 1440, 820))
    secretary, chair, organiser, mc = (
        seated(app, browser, live_server, panel.users[who], width=width)
        for who, width in (("secretary", 1440), ("chair", 820), ("organiser", 1440), ("mc", 820))
    )
    petition(head, link)
    secretary.goto(TAI_NANG)
    expect(secretary.get_by_text(WAITS)).to_be_visible()
    shots(secretary, "02-to-lock")
    secretary.get_by_label("Lý do khóa khi còn thiếu").fill("kiến nghị trả lời ngay sau khi khóa, trước khi ký")
    both_sign(secretary, "Khóa điểm")
    expect(secretary.get_by_text("Đã khóa điểm.")).to_be_visible()
    for page in (secretary, chair, organiser):
        page.goto(TAI_NANG)
        expect(page.get_by_text(WAITS)).to_be_visible()
    answers(secretary)
    breaks_the_tie(secretary)
    meets(secretary)
    secretary.goto(f"{TAI_NANG}/awards")
    shots(secretary, "07-awards")
    square, paper = minutes(secretary, tmp_path)
    decision_and_scans(organiser, photographed(paper))
    rehearsal(mc, screens)
    released(organiser)
    ceremony(mc, screens)

    organiser.goto(TAI_NANG)
    organiser.locator("#publish-password").fill(PASSWORD)
    organiser.get_by_role("button", name="Công bố kết quả").click()
    expect(organiser.get_by_text("Kết quả đã công bố.")).to_be_visible()

    def published() -> bool:
        guest.goto("/results")
        return "Gia đình ông Danh Chung 1" in guest.locator("#tai-nang").inner_text()

    wait_until(published, "the page drawn anew: it is from a snapshot of some seconds")
    shots(guest, "15-results")
    told = outsider(live_server.url, square, tmp_path)
    head.reload()
    shots(head, "15-head")
    with worker(config, quick_flask):
        book = report(organiser, tmp_path)
    organiser.goto("/office/after")
    shots(organiser, "18-after")
    with app.app_context(), reading():
        recounted(told, book)
