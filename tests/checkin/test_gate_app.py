"""Does the gate work in a real browser: with a camera, without a network, with a lost answer, with two tabs?"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from textwrap import wrap

import psycopg
import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select, update

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.checkin.models import Admission, Scan
from festival.checkin.purposes import naming
from festival.core import qr
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.transaction import transaction
from festival.devices.models import Mutation
from festival.editions.models import Festival
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.models import Family, Person
from tests.checkin.camera import held_together, passes_held_up
from tests.devices.kit import enrolment, open_fair
from tests.harness.browser import write_video
from tests.harness.served import free_port, serve
from tests.harness.waiting import wait_until

CHUNG, HOA = "Gia đình ông Danh Chung", "Gia đình bà Trương Mỹ Hoa"
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def fair(app):
    return open_fair(app)


def enrol(page: Page, app, fair, station: str = "Cổng 1") -> None:
    """As a volunteer does it: the address of the QR, one button, on to the gate."""
    page.goto(f"/enrol#{enrolment(app, fair, station=station)}")
    page.get_by_role("button", name="Gắn máy").click()
    expect(page.locator("#enrolled")).to_contain_text(station)
    page.get_by_role("link", name="Bắt đầu").click()
    expect(page.locator("#network")).to_have_text("Có mạng")
    expect(page.locator("#age")).to_contain_text("4 thẻ")


def type_code(page: Page, text: str) -> None:
    """Hand entry: digits into the box with the numeric keypad."""
    page.locator("#open-by-hand").click()
    page.locator("#by-hand-code" if text.replace(" ", "").isdecimal() else "#by-hand-text").fill(text)
    page.get_by_role("button", name="Tìm", exact=True).click()


def stored(app) -> tuple[int, int, int]:
    """Scans, admissions and mutations the server holds."""
    with app.app_context():
        return tuple(len(db.session.execute(select(model.__table__)).all()) for model in (Scan, Admission, Mutation))


# Longer than "a moment ago".
LATER = "() => { const now = Date.now; Date.now = () => now() + 40_000; }"

READ = """async ([text, how]) => {
  const gate = document.querySelector('script[src*="gate/app.js"]').src;
  const reading = await import(gate.replace("app.js", "reading.js"));
  const { inTurn } = await import(gate.replace("app.js", "who-came.js"));
  await inTurn(() => (reading.readPass ? reading.readPass({ text, how }) : reading.seen(text, how)));
}"""


def held_up(page: Page, text: str, how: str = "camera") -> None:
    """A code as the camera or the keyboard scanner hands it over, without the time they take."""
    page.evaluate(READ, [text, how])


@pytest.fixture
def quiet(browser, live_server) -> Iterator[BrowserContext]:
    """A phone whose traffic a test may bend: no service worker in between."""
    made = browser.new_context(base_url=live_server.url, viewport=PHONE, locale="vi-VN", service_workers="block")
    yield made
    made.close()


# A phone with a camera in front and one behind; the one in front is the only one that gives a picture.
TWO_CAMERAS = """(() => {
  const held = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
  navigator.mediaDevices.enumerateDevices = async () => {
    const [real] = (await held()).filter(({ kind }) => kind === "videoinput");
    return [["behind", "facing back"], [real.deviceId, "facing front"]].map(([deviceId, label]) => ({ kind: "videoinput", deviceId, label }));
  };
})()"""


def test_the_camera_reads_a_pass_and_the_second_reading_says_when_and_where(
    app, fair, live_server, camera_browser, tmp_path
):
    one = Image.open(BytesIO(qr.png(fair.codes[CHUNG], module_px=8)))
    two = held_together([fair.codes[CHUNG], fair.codes[HOA]])
    video = write_video(tmp_path / "camera.mjpeg", [two, one], shown_s=1.5, blank_s=5)
    phone = camera_browser(video).new_context(base_url=live_server.url, viewport=PHONE, locale="vi-VN")
    phone.add_init_script(TWO_CAMERAS)
    page = phone.new_page()
    enrol(page, app, fair)
    page.get_by_role("button", name="Bắt đầu quét").click()
    page.get_by_label("Chọn máy ảnh").select_option(label="Máy ảnh 2, phía trước")
    page.reload()
    page.get_by_role("button", name="Bắt đầu quét").click()
    expect(page.locator("#camera-choice option:checked")).to_have_text("Máy ảnh 2, phía trước")
    expect(page.locator("#camera-words")).to_have_text("Trong khung có hai thẻ. Đưa từng thẻ một.")
    expect(page.locator("#verdict")).to_be_hidden()
    expect(page.locator("#verdict-word")).to_have_text("Mời vào")
    expect(page.locator("#verdict-name")).to_have_text(CHUNG)
    expect(page.locator("#verdict-unit")).to_have_text("Đoàn huyện Hòn Đất")
    expect(page.locator("#verdict-count")).to_have_text("4 trên 4 người")
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    expect(page.locator("#verdict-word")).to_have_text("Vừa cho vào")
    page.evaluate(LATER)
    expect(page.locator("#verdict-word")).to_have_text("Đã điểm danh rồi")
    expect(page.locator("#verdict-text")).to_have_text(re.compile(r"^Lần đầu lúc \d+:\d\d, Cổng 1\.$"))
    expect(page.locator("#verdict")).to_have_attribute("data-tone", "warn")
    phone.close()
    with app.app_context():
        assert len(db.session.scalars(select(Admission.person_id)).all()) == 4


def test_part_of_a_family_by_hand_and_the_rest_later(app, fair, quiet):
    page = quiet.new_page()
    enrol(page, app, fair)
    type_code(page, " ".join(wrap(fair.codes[CHUNG], 5)))
    page.get_by_label("Danh Minh Khang").uncheck()
    page.get_by_role("button", name="Ghi 3 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    page.get_by_role("button", name="Xong").click()
    type_code(page, fair.typed[CHUNG])
    page.get_by_role("button", name=CHUNG).click()
    expect(page.locator("#verdict-text")).to_have_text("Đã vào trước: 3 người.")
    expect(page.locator("#verdict-people")).to_have_text(re.compile("Danh Minh Khang"))
    page.get_by_role("button", name="Ghi 1 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    assert stored(app)[:2] == (2, 4)


def test_wrong_torn_unknown_and_practice_codes(app, fair, quiet):
    page = quiet.new_page()
    enrol(page, app, fair)
    good = fair.codes[CHUNG]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "lookup" in request.url else None)
    type_code(page, good[:9] + str((int(good[9]) + 1) % 10) + good[10:])
    expect(page.locator("#by-hand-error")).to_contain_text("So lại từng số")
    typed = fair.typed[CHUNG].replace(" ", "")
    assert page.locator("#by-hand-code").get_attribute("inputmode") == "none"  # the pad stands below it
    for slip, words in (
        (typed[:-1] + str((int(typed[-1]) + 1) % 10), "So lại từng số"),
        ("00" + typed[2:], "So lại từng số"),
        (typed[:-1], "ở đây có 9 số"),
        ("Danh Chung", "Ô này nhận mười số"),
    ):
        page.locator("#by-hand-code").fill(slip)
        page.get_by_role("button", name="Tìm", exact=True).click()
        expect(page.locator("#by-hand-error")).to_contain_text(words)
    assert asked == [], "no server is asked for a slip"
    page.locator("#by-hand-text").fill("Không Có Ai")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#by-hand-error")).to_contain_text("Không tìm thấy")
    page.get_by_role("button", name="Đóng").click()
    type_code(page, "2" + "0" * 42)
    expect(page.locator("#verdict-name")).to_have_text("Gia đình mẫu")
    page.get_by_role("button", name="Ghi 3 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Tập thử: không ghi vào đâu")
    type_code(page, "2" + "0" * 38 + "1" + "001")
    expect(page.locator("#verdict-word")).to_have_text("Thẻ của ngày hội khác")  # the server has been asked
    expect(page.locator("#verdict-text")).to_contain_text("chưa từng cấp thẻ này")
    page.get_by_role("button", name="Không cho vào", exact=True).click()
    expect(page.locator("#verdict-text")).to_contain_text("không cho vào")
    assert stored(app) == (0, 0, 1)


def test_without_a_network_after_a_reload_and_sent_when_it_is_back(app, fair, context):
    page = context.new_page()
    enrol(page, app, fair)
    assert page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.reload()
    context.set_offline(True)
    page.reload()
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    expect(page.locator("#network")).to_have_text("Mất mạng, vẫn quét được")
    type_code(page, fair.codes[HOA])
    expect(page.locator("#verdict-name")).to_have_text(HOA)
    page.get_by_role("button", name="Ghi 2 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã lưu trên máy")
    held_up(page, fair.codes[HOA])
    expect(page.locator("#verdict-word")).to_have_text("Vừa cho vào")
    expect(page.locator("#level-saved")).to_have_text("1")
    page.evaluate(LATER)
    held_up(page, fair.codes[HOA])
    expect(page.locator("#verdict-word")).to_have_text("Đã điểm danh rồi")
    expect(page.locator("#level-saved")).to_have_text("2")
    page.reload()
    expect(page.locator("#level-saved")).to_have_text("2")
    assert stored(app) == (0, 0, 0)
    context.set_offline(False)
    expect(page.locator("#level-saved")).to_have_text("0")
    expect(page.locator("#level-booked")).to_have_text("2")
    assert stored(app) == (2, 2, 2)


def test_who_joins_a_family_before_the_scan_arrives_was_not_seen_at_the_gate(app, fair, quiet):
    page = quiet.new_page()
    enrol(page, app, fair)
    quiet.set_offline(True)
    type_code(page, fair.codes[HOA])
    page.get_by_role("button", name="Ghi 2 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã lưu trên máy")
    with app.app_context(), transaction():
        family = db.session.scalars(select(Family).where(Family.name == HOA)).one()
        name = "Trương Thị Mỹ Hạnh"
        late = Person(
            festival_id=family.festival_id, family_id=family.id, code="late", position=3, name=name, folded=fold(name)
        )
        db.session.add(late)
    quiet.set_offline(False)
    expect(page.locator("#level-booked")).to_have_text("1")
    with app.app_context():
        inside = db.session.scalars(select(Person.code).join(Admission, Admission.person_id == Person.id))
        assert sorted(inside) == sorted(fair.persons[HOA])


def test_an_answer_lost_after_the_commit_and_a_captive_portal_change_nothing(app, fair, quiet):
    page = quiet.new_page()
    enrol(page, app, fair)
    sent: list[str] = []
    mood = ["portal", "empty json", "foreign mid", "lose the answer"]

    def bend(route):
        if not mood:
            sent.append(route.request.post_data_json["mutations"][0]["mid"])
            return route.continue_()
        now = mood.pop(0)
        sent.append(route.request.post_data_json["mutations"][0]["mid"])
        if now == "portal":
            return route.fulfill(status=200, content_type="text/html", body="<h1>Wi-Fi miễn phí</h1>")
        if now == "empty json":
            return route.fulfill(status=200, json={"server_ms": 1})
        if now == "foreign mid":
            answer = route.fetch(post_data=json.dumps({"v": 2, "mutations": []}))
            told = {
                **answer.json(),
                "verdicts": [{"mid": "another", "verdict": "applied", "detail": {}, "ledger": None}],
            }
            return route.fulfill(status=200, json=told)
        route.fetch()
        return route.abort("connectionreset")

    page.route("**/api/v1/sync", bend)
    type_code(page, fair.codes[HOA])
    page.get_by_role("button", name="Ghi 2 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã lưu trên máy")
    expect(page.locator("#level-saved")).to_have_text("1")
    while len(sent) < 5:
        page.evaluate("dispatchEvent(new Event('online'))")  # the phone finds a network: it tries at once
        page.wait_for_timeout(300)
    expect(page.locator("#level-booked")).to_have_text("1")
    assert len(sent) == 5 and len(set(sent)) == 1
    assert stored(app) == (1, 2, 1)


WRITE_TWENTY = """async (tab) => {
  const { open, append } = await import(document.querySelector('script[src*="gate/app.js"]').src.replace("gate/app.js", "device/outbox.js"));
  await open();
  const made = [];
  for (let n = 0; n < 20; n++) made.push(append({ kind: "scan", subject: `${tab}-${n}`, body: { pass: "ab".repeat(16), decision: "turned_away" } }));
  return (await Promise.all(made)).map((entry) => entry.seq);
}"""


def test_two_tabs_write_one_gap_free_chain(app, fair, quiet):
    first = quiet.new_page()
    enrol(first, app, fair)
    second = quiet.new_page()
    second.goto("/gate")
    handles = [
        tab.evaluate_handle(f"({{ done: ({WRITE_TWENTY})('{name}') }})") for name, tab in (("a", first), ("b", second))
    ]
    numbers = [number for handle in handles for number in handle.evaluate("(held) => held.done")]
    assert sorted(numbers) == list(range(1, 41))
    expect(first.locator("#level-received")).to_have_text("40")
    with app.app_context():
        rows = db.session.execute(
            select(Mutation.seq, Mutation.prev_hash, Mutation.digest).order_by(Mutation.seq)
        ).all()
    assert [row.seq for row in rows] == list(range(1, 41))
    assert [row.prev_hash for row in rows] == [None, *(row.digest for row in rows[:-1])]


def test_a_revoked_phone_forgets_the_list_and_its_last_words_are_kept_aside(app, fair, quiet):
    page = quiet.new_page()
    enrol(page, app, fair)
    quiet.set_offline(True)
    type_code(page, fair.codes[HOA])
    page.get_by_role("button", name="Ghi 2 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã lưu trên máy")
    with app.app_context(), transaction():
        create_user("to-chuc", "Ban Tổ chức", "", [Role.ORGANISER])
    told = app.test_cli_runner().invoke(args=["device", "revoke", "1", "--by", "to-chuc"])
    assert told.exit_code == 0, told.output
    quiet.set_offline(False)
    expect(page.locator("#network")).to_have_text("Máy đã bị thu hồi")
    expect(page.locator("#refused")).to_have_text("1 lượt cần trưởng cổng xem")
    expect(page.locator("#revoked")).to_contain_text("Máy này đã bị thu hồi")
    expect(page.locator("#age")).to_contain_text("0 thẻ")
    expect(page.locator("#open-by-hand")).to_be_hidden()
    assert stored(app) == (0, 0, 1)
    page.get_by_role("link", name="Gắn lại máy").click()
    expect(page).to_have_url(re.compile("/enrol$"))


def test_a_server_restored_from_an_old_backup_gets_everything_again(app, config, fair, browser, tmp_path, quick_flask):
    """The disk of the server is lost; a copy from before the scans is put back; the phone notices and sends again."""
    port = free_port()
    phone = browser.new_context(
        base_url=f"http://127.0.0.1:{port}", viewport=PHONE, locale="vi-VN", service_workers="block"
    )
    page = phone.new_page()
    with serve(config, port=port, ready=quick_flask):
        enrol(page, app, fair)
        type_code(page, fair.codes[CHUNG])
        page.get_by_label("Danh Chung", exact=True).uncheck()
        page.get_by_role("button", name="Ghi 3 người").click()
        expect(page.locator("#level-booked")).to_have_text("1")
    put_back = backup(app, tmp_path)
    with serve(config, port=port, ready=quick_flask):
        for name, many in ((HOA, 2), (CHUNG, 1)):
            type_code(page, fair.codes[name])
            page.get_by_role("button", name=f"Ghi {many} người").click()
            expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
            page.get_by_role("button", name="Xong").click()
        expect(page.locator("#level-booked")).to_have_text("3")
        assert stored(app) == (3, 6, 3)
    put_back()
    assert stored(app) == (1, 3, 1)
    with serve(config, port=port, ready=quick_flask):
        page.evaluate("dispatchEvent(new Event('online'))")
        page.reload()
        wait_until(lambda: page.wait_for_timeout(500) or stored(app) == (3, 6, 3), "what the server had lost")
        expect(page.locator("#level-booked")).to_have_text("3")
        expect(page.locator("#level-saved")).to_have_text("0")
    assert stored(app) == (3, 6, 3)
    phone.close()


def backup(app, tmp_path):
    """Keep the database as it is now; calling the answer puts it back in place of the present one."""
    with app.app_context():
        db.session.remove()
        if db.engine.dialect.name == "sqlite":
            path, kept = Path(db.engine.url.database), tmp_path / "kept.sqlite3"
            with db.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql(f"VACUUM INTO '{kept}'")
                connection.exec_driver_sql("BEGIN")
            db.engine.dispose()

            def put_back():
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
                for leftover in path.parent.glob(f"{path.name}-*"):
                    leftover.unlink()
                shutil.copyfile(kept, path)

            return put_back
        url = db.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        name = db.engine.url.database
        db.engine.dispose()
    server = url.rsplit("/", 1)[0] + "/postgres" if "?" not in url else url.replace(f"/{name}?", "/postgres?")

    def run(*statements):
        with psycopg.connect(server, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    run(f'CREATE DATABASE "{name}_kept" TEMPLATE "{name}"')

    def put_back():
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        run(f'DROP DATABASE "{name}" WITH (FORCE)', f'ALTER DATABASE "{name}_kept" RENAME TO "{name}"')

    return put_back


def test_a_bus_waits_for_one_tap_and_a_family_that_is_late_is_left_out_by_one(app, fair, quiet):
    page = quiet.new_page()
    enrol(page, app, fair)
    type_code(page, fair.delegation_code)
    expect(page.locator("#verdict-count")).to_have_text("10 trên 10 người")
    page.get_by_label("Danh Minh Khang").uncheck()
    expect(page.get_by_label(CHUNG)).not_to_be_checked()
    page.get_by_label(CHUNG).check()
    expect(page.locator("#verdict-count")).to_have_text("10 trên 10 người")
    page.get_by_label(CHUNG).uncheck()
    page.wait_for_timeout(5_000)  # longer than the countdown of a family
    assert stored(app) == (0, 0, 0)
    box = page.locator(".gate-people").bounding_box()
    assert box["height"] > 250, "the list has the screen"
    page.get_by_role("button", name="Ghi 6 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    assert stored(app)[:2] == (1, 6)


STATE_AT = """async () => {
  const { readMeta } = await import(document.querySelector('script[src*="gate/app.js"]').src.replace("gate/app.js", "device/store.js"));
  return await readMeta("stateAt");
}"""


def test_a_scan_the_server_refuses_lets_nobody_in_and_is_ticked_off_by_a_person(app, fair, quiet):
    """The phone's list is older than the new issue of the pass; afterwards the new pass is not "in already"."""
    page = quiet.new_page()
    enrol(page, app, fair)
    page.route("**/api/v1/sync/state*", lambda route: route.abort())
    with app.app_context(), transaction():
        family = db.session.scalars(select(Family).where(Family.name == HOA)).one()
        db.session.execute(update(Pass).where(Pass.family_id == family.id).values(replaced_at=now()))
        issued = Pass(
            festival_id=fair.festival_id,
            family_id=family.id,
            issue=2,
            issued_at=now(),
            **tokens.new_pass_values("family", family.id, 2),
        )
        db.session.add(issued)
        new_code = tokens.qr_text(issued)
    type_code(page, fair.codes[HOA])
    page.get_by_role("button", name="Ghi 2 người").click()
    expect(page.locator("#verdict-word")).to_have_text("Máy chủ không nhận")
    page.get_by_role("button", name="1 lượt cần trưởng cổng xem").click()
    expect(page.locator("#history-list li")).to_contain_text("Thẻ này đã được cấp lại")
    page.get_by_role("button", name="Đã xem").click()
    expect(page.get_by_role("button", name="Đã xem")).to_have_count(0)
    page.get_by_role("button", name="Đóng").click()
    expect(page.locator("#refused")).to_be_hidden()
    before = page.evaluate(STATE_AT)
    page.unroute("**/api/v1/sync/state*")
    wait_until(lambda: page.evaluate(STATE_AT) != before, "the new list")
    type_code(page, fair.codes[HOA])
    expect(page.locator("#verdict-word")).to_have_text("Thẻ đã được cấp lại")
    type_code(page, new_code)
    expect(page.locator("#verdict-count")).to_have_text("2 trên 2 người")


def test_two_cards_in_one_picture_are_two_scans_not_dozens(app, fair, live_server, camera_browser, tmp_path):
    codes = [fair.codes[CHUNG], fair.codes[HOA]] * 30
    video = passes_held_up(tmp_path / "camera.mjpeg", codes, shown_s=1 / 15, blank_s=0)
    phone = camera_browser(video).new_context(base_url=live_server.url, viewport=PHONE, locale="vi-VN")
    page = phone.new_page()
    enrol(page, app, fair)
    # for the page the time stands still, so a slow reader forgets neither card before it comes again
    page.evaluate("() => { const now = Date.now(); Date.now = () => now; }")
    page.get_by_role("button", name="Bắt đầu quét").click()
    expect(page.locator("#level-booked")).to_have_text("2")
    page.wait_for_timeout(3_000)
    assert stored(app) == (2, 6, 2)
    phone.close()


def test_who_has_touched_the_screen_keeps_it_and_the_next_pass_waits(app, fair, live_server, camera_browser, tmp_path):
    video = passes_held_up(tmp_path / "camera.mjpeg", [fair.codes[CHUNG], fair.codes[HOA]], blank_s=1)
    phone = camera_browser(video).new_context(base_url=live_server.url, viewport=PHONE, locale="vi-VN")
    phone.add_init_script(
        "globalThis.awake = 0; const ask = navigator.wakeLock.request.bind(navigator.wakeLock);"
        "navigator.wakeLock.request = (kind) => { globalThis.awake += 1; return ask(kind); };"
    )
    page = phone.new_page()
    enrol(page, app, fair)
    page.get_by_role("button", name="Bắt đầu quét").click()
    page.locator("#open-by-hand").click()
    page.wait_for_timeout(6_000)  # both passes have been held up behind the dialog
    assert page.evaluate("awake") == 1, "the screen is kept on"
    assert stored(app) == (0, 0, 0)
    page.get_by_role("button", name="Đóng").click()
    # which of the two is held up next is the machine's business; one tap, and it keeps the screen
    name = page.locator("#verdict-name")
    expect(name).to_have_text(re.compile(f"^({CHUNG}|{HOA})$"))
    page.locator("#verdict-people input").last.uncheck()
    first = name.inner_text()
    second, many = (HOA, 3) if first == CHUNG else (CHUNG, 1)
    page.wait_for_timeout(6_000)
    expect(name).to_have_text(first)
    page.get_by_role("button", name=f"Ghi {many} người").click()
    expect(name).to_have_text(second)
    with app.app_context():
        assert [len(row) for row in db.session.scalars(select(Scan.persons).order_by(Scan.id))][:1] == [many]
    page.evaluate("document.querySelector('video').srcObject.getVideoTracks()[0].dispatchEvent(new Event('ended'))")
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")  # by the countdown of a family
    page.get_by_role("button", name="Xong").click()
    expect(page.locator("#no-camera-words")).to_contain_text("Máy ảnh đã tắt")
    page.get_by_role("button", name="Thử lại").click()
    expect(page.locator("#no-camera")).to_be_hidden()
    phone.close()


# Which of these words does something lie upon, or are not on the screen?
COVERED = """(ids) => ids.filter((id) => {
  const words = document.getElementById(id);
  const { left, right, top, bottom } = words.getBoundingClientRect();
  return [top + 2, bottom - 2].some((y) => !words.contains(document.elementFromPoint((left + right) / 2, y)));
})"""


def test_meals_are_called_meals_also_after_a_reload(app, fair, quiet):
    page = quiet.new_page()
    enrol(page, app, fair)
    page.get_by_label("Điểm danh để").select_option("meal", force=True)
    page.reload()
    for word, tail in (("Phát suất ăn", "2 trên 2 người"), ("Vừa phát", "")):
        type_code(page, fair.codes[HOA])
        expect(page.locator("#verdict-word")).to_have_text(word)
        expect(page.locator("#verdict-count")).to_have_text(tail)
        if tail:
            page.get_by_role("button", name="Ghi 2 người").click()
            expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    with app.app_context(), transaction():
        assert set(db.session.scalars(select(Admission.purpose))) == {"meal"}
        naming.put_away(db.session.get_one(Festival, fair.festival_id), "meal", 1, None)
    # put away in the middle, the phone does not begin to let people in by itself, also not when it is loaded anew
    page.reload()
    purpose = page.get_by_label("Điểm danh để")
    expect(purpose.locator("option:checked")).to_have_text("Bữa ăn · đã cất")
    page.reload()
    expect(page.locator("#age")).to_contain_text("4 thẻ")
    type_code(page, fair.codes[CHUNG])
    expect(page.locator("#verdict-text")).to_have_text("Bữa ăn đã được cất. Chọn mục đích khác.")
    # read without a finger on the smallest screen, with the largest letters
    page.set_viewport_size({"width": 320, "height": 568})
    page.evaluate("document.documentElement.dataset.text = 'large'")
    assert page.evaluate(COVERED, ["verdict-word", "verdict-name", "verdict-text"]) == []
    page.set_viewport_size(PHONE)
    page.evaluate("delete document.documentElement.dataset.text")
    page.get_by_role("button", name="Xong").click()
    page.locator("#open-history").click()
    expect(page.locator("#history-list")).to_contain_text("Bữa ăn")
    page.get_by_role("button", name="Đóng").click()
    # on another day it begins at the gate
    page.evaluate(
        "sessionStorage.setItem('gate-chosen', sessionStorage.getItem('gate-chosen').replace(/day\":\"[^\"]+/, 'day\":\"2024-06-13'))"
    )
    page.reload()
    expect(purpose.locator("option")).to_have_text(["Vào cổng", "Nhận thẻ"])
    expect(purpose).to_have_value("entry")


def test_a_tab_hears_what_the_other_tab_was_told(app, fair, quiet):
    first = quiet.new_page()
    enrol(first, app, fair)
    second = quiet.new_page()
    second.goto("/gate")
    expect(second.locator("#network")).to_have_text("Có mạng")
    first.route("**/api/v1/sync", lambda route: route.abort())
    type_code(first, fair.codes[HOA])
    first.get_by_role("button", name="Ghi 2 người").click()
    expect(first.locator("#verdict-level")).to_have_text("Đã vào sổ")
    assert stored(app) == (1, 2, 1)


OLD_IDENTITY = """async () => {
  const { transact } = await import(document.querySelector('script[src*="gate/app.js"]').src.replace("gate/app.js", "device/store.js"));
  await transact(["meta", "outbox"], "readwrite", async (tx) => {
    const meta = tx.objectStore("meta");
    const all = await new Promise((done) => { const asked = meta.get("identities"); asked.onsuccess = () => done(asked.result); });
    meta.put({ "00": { code: "00", token: "of a database that is gone" }, ...all }, "identities");
    tx.objectStore("outbox").put({ v: 2, mid: "m", seq: 1, kind: "scan", subject: "s", body: {}, wall_ms: 1, offset_ms: 0, device: "00", level: "saved" });
  });
}"""


def test_an_earlier_identity_the_server_does_not_know_holds_nothing_up(app, fair, quiet):
    """The rehearsal's database is gone; what was left in the outbox from then must not stop today's gate."""
    page = quiet.new_page()
    enrol(page, app, fair)
    page.evaluate(OLD_IDENTITY)
    page.reload()
    type_code(page, fair.codes[HOA])
    page.get_by_role("button", name="Ghi 2 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    expect(page.locator("#network")).to_have_text("Có mạng")
    expect(page.locator("#level-saved")).to_have_text("1")
    assert stored(app) == (1, 2, 1)


OFFSETS = """async (days) => {
  const clock = await import(document.querySelector('script[src*="gate/app.js"]').src.replace("gate/app.js", "device/clock.js"));
  const at = Date.now(), away = days * 86400000, told = [];
  for (const [sent, trip, server] of [
    [at + away, 40, at + 20],           // the phone's clock is days off
    [at + away + 1000, 400, at + 1100], // a slow call says nothing new
    [at + 5000, 300, at + 5150],        // somebody has put the clock right: at once the offset is small again
    [at + 6000, 172800000, at + 6050],  // and it was set while a call ran: that call says nothing
  ]) { await clock.observe(sent, sent + trip, server); told.push(clock.offsetMs()); }
  return told.map((each) => Math.round(each / 1000));
}"""


@pytest.mark.parametrize("days", [2, -2])
def test_a_clock_that_was_days_off_and_is_put_right_dates_no_scan_wrongly(fair, app, quiet, days):
    page = quiet.new_page()
    enrol(page, app, fair)
    quiet.set_offline(True)
    off = -days * 86400
    assert page.evaluate(OFFSETS, days) == [off, off, 0, 0]


def test_the_enrolment_page_takes_a_code_when_it_is_open_already_and_says_when_it_cannot_work(app, fair, quiet):
    page = quiet.new_page()
    page.goto("/enrol#%E0%A4%A")
    expect(page.get_by_label("Mã gắn máy")).to_have_value("E0A4A")
    page.evaluate(f"location.hash = '{enrolment(app, fair)}'")
    page.get_by_role("button", name="Gắn máy").click()
    expect(page.locator("#enrolled")).to_contain_text("Cổng 1")
    denied = quiet.new_page()
    denied.add_init_script(
        "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new DOMException('denied', 'SecurityError'); } })"
    )
    denied.goto("/enrol")
    expect(denied.locator("#enrol-error")).to_contain_text("Trình duyệt không cho lưu trên máy này")
    expect(denied.get_by_role("button", name="Gắn máy")).to_be_disabled()
    denied.goto("/gate")
    expect(denied.locator("#start-words")).to_contain_text("Trình duyệt không cho lưu trên máy này")
    expect(denied.get_by_role("button", name="Bắt đầu quét")).to_be_disabled()


def test_a_search_tells_of_more_than_six_and_why_it_found_nothing(app, quiet):
    many = {f"Gia đình ông Lý Thử {n}": [f"Lý Thử {n}", f"Kim Sa {n}"] for n in range(13)}
    fair = open_fair(app, many)
    page = quiet.new_page()
    page.goto(f"/enrol#{enrolment(app, fair)}")
    page.get_by_role("button", name="Gắn máy").click()
    page.get_by_role("link", name="Bắt đầu").click()
    expect(page.locator("#age")).to_contain_text("14 thẻ")
    type_code(page, "ly thu")
    expect(page.locator("#by-hand-found li")).to_have_count(6)
    expect(page.locator("#by-hand-found li").first).to_contain_text("2 người")
    expect(page.locator("#by-hand-found")).not_to_contain_text("Kim Sa")
    expect(page.locator("#by-hand-error")).to_contain_text("Còn thẻ khác cùng tên")
    page.locator("#by-hand-text").fill("ly")
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#by-hand-error")).to_contain_text("ít nhất ba chữ")
    expect(page.locator("#by-hand-found li")).to_have_count(0)
    page.locator("#by-hand-text").fill("ly thu 7")
    page.get_by_role("button", name="Tìm", exact=True).click()
    page.route("**/api/v1/checkin/lookup/chosen", lambda route: route.abort())
    page.locator("#by-hand-found button").click()
    expect(page.locator("#by-hand-error")).to_contain_text("Bấm lại, hoặc quét mã QR")
    page.unroute("**/api/v1/checkin/lookup/chosen")
    page.locator("#by-hand-found button").click()
    expect(page.locator("#verdict-people")).to_contain_text("Kim Sa 7")
    page.get_by_role("button", name="Ghi 2 người").click()
    expect(page.locator("#verdict-level")).to_have_text("Đã vào sổ")
    page.get_by_role("button", name="Xong").click()
    type_code(page, "ly thu")
    page.route("**/api/v1/checkin/lookup", lambda route: route.fulfill(status=429, json={}))
    page.get_by_role("button", name="Tìm", exact=True).click()
    expect(page.locator("#by-hand-error")).to_contain_text("Đã tìm quá nhiều lần")
