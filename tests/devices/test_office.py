"""Can the office let a device in and out, see what is missing, and read what was set aside?"""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from festival.accounts import actions as accounts
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.checkin.merge import DAY_BEGINS, day_window
from festival.core.clock import VIETNAM, now
from festival.core.transaction import transaction
from festival.devices.wire import LATEST_MS
from tests.devices.kit import Phone, enrolment, open_fair, verdicts

pytestmark = pytest.mark.either_database

PASSWORD = "mat-khau-thu-1"
CHUNG = "Gia đình ông Danh Chung"


@pytest.fixture
def fair(app):
    return open_fair(app)


def signed_in(app, login, *roles):
    """A browser with this account signed in."""
    hashed = hash_password(PASSWORD)
    with app.app_context(), transaction():
        accounts.create_user(login, f"Bà {login}", hashed, list(roles))
    browser = app.test_client()
    post(browser, "/sign-in", {"login": login, "password": PASSWORD}, page="/sign-in")
    return browser


def post(browser, address, fields, page="/office/devices"):
    """Send a form with the token of the page it stands on."""
    whole = browser.get(page).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', whole)[1]
    return browser.post(address, data={**fields, "csrf_token": token})


def text_of(answer):
    """The page's words."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.get_data(as_text=True))).split())


def test_a_code_from_the_screen_enrols_and_the_list_shows_the_device(app, fair):
    office = signed_in(app, "to-chuc", Role.ORGANISER)
    made = post(office, "/office/devices/codes", {"role": "gate", "station": "Cổng 3", "user_id": ""})
    assert made.status_code == 200
    code = re.search(r"\b([0-9A-Z]{4}-[0-9A-Z]{4})\b", text_of(made))[1]
    assert "<svg" in made.get_data(as_text=True)
    phone = Phone(app.test_client(), code)
    first, second, third = (phone.scan(fair.lists[CHUNG]) for _ in range(3))
    assert verdicts(phone.send(first, third)) == ["applied", "duplicate"]
    words = text_of(office.get("/office/devices"))
    assert "Máy 1" in words and "Cổng 3" in words and "thiếu 2" in words
    phone.send(second)
    assert "thiếu" not in text_of(office.get("/office/devices"))


def test_forms_without_a_place_or_a_judge_are_answered_beside_the_field(app, fair):
    office = signed_in(app, "to-chuc", Role.ORGANISER)
    for fields, words in (
        ({"role": "gate", "station": " "}, "Nhập nơi đặt máy"),
        ({"role": "judge", "station": ""}, "Chọn giám khảo"),
        ({"role": "judge", "user_id": "99999"}, "Chọn giám khảo"),
        ({"role": "emperor", "station": "Cổng 1"}, ""),
        ({}, ""),
    ):
        answer = post(office, "/office/devices/codes", fields)
        assert answer.status_code == 422 and words in text_of(answer)


def test_revoking_sets_aside_what_comes_later_until_somebody_has_looked(app, fair):
    office = signed_in(app, "to-chuc", Role.ORGANISER)
    phone = Phone(app.test_client(), enrolment(app, fair))
    late = phone.scan(fair.lists[CHUNG])
    assert post(office, "/office/devices/1/revoke", {}).status_code == 302
    assert verdicts(phone.send(late)) == ["quarantined"]
    whole = office.get("/office/devices")
    assert "Gửi từ máy đã thu hồi" in text_of(whole) and "1 tin giữ riêng" in text_of(whole)
    assert post(office, f"/office/devices/aside/{late['mid']}", {}).status_code == 302
    assert "Gửi từ máy đã thu hồi" not in text_of(office.get("/office/devices"))
    assert post(office, f"/office/devices/aside/{late['mid']}", {}).status_code == 404
    assert post(office, "/office/devices/1/revoke", {}).status_code == 404


def test_arrivals_count_families_and_people(app, fair):
    office = signed_in(app, "to-chuc", Role.ORGANISER)
    gates = [Phone(app.test_client(), enrolment(app, fair, station=f"Cổng {n}")) for n in (1, 2)]
    gates[0].send(gates[0].scan(fair.lists[CHUNG], fair.persons[CHUNG][:3]))
    gates[1].send(gates[1].scan(fair.lists[CHUNG], fair.persons[CHUNG][:2]))
    today = day_window(now())
    words = text_of(office.get(f"/office/checkin?day={today}"))
    assert "1/3" in words and "3/10" in words and "Đang đến" in words
    assert "Một thẻ, hai cổng" in words and CHUNG in words
    planned = text_of(office.get("/office/checkin?day=2024-06-16"))
    assert "0/3" in planned
    day = now().astimezone(VIETNAM) - DAY_BEGINS
    for asked in ("", "?day=nonsense"):
        other = text_of(office.get(f"/office/checkin{asked}"))
        assert [text in other for text in ("14/6/2024", "16/6/2024", f"{day.day}/{day.month}/{day.year}", "1/3")] == [
            True
        ] * 4, "a day nobody planned has its tab, and today is shown first"


def test_only_those_with_the_permission_open_the_page(app, fair):
    assert signed_in(app, "cong", Role.GATE_LEAD).get("/office/devices").status_code == 200
    assert signed_in(app, "giam-khao", Role.JUDGE).get("/office/devices").status_code == 403
    assert app.test_client().get("/office/devices").status_code == 302


def test_the_commands_do_the_same(app, fair):
    run = app.test_cli_runner().invoke
    signed_in(app, "to-chuc", Role.ORGANISER)
    told = run(args=["device", "enrol", "--role", "gate", "--gate", "Cổng 1", "--by", "to-chuc"])
    assert told.exit_code == 0
    phone = Phone(app.test_client(), told.stdout.split()[0])
    phone.send(phone.scan(fair.lists[CHUNG]))
    listed = run(args=["device", "list"]).stdout.split("\t")
    assert listed[:5] == ["1", "gate", "Cổng 1", "1", "-"]
    export = run(args=["checkin", "export"]).stdout
    assert export == run(args=["checkin", "export", "--festival", "thu-2024"]).stdout
    assert '"format":"festival-checkin 2"' in export
    assert run(args=["checkin", "status"]).stdout == "Đoàn huyện Hòn Đất\t1/3\t4/10\n"
    assert run(args=["device", "revoke", "1", "--by", "to-chuc"]).exit_code == 0
    assert run(args=["device", "revoke", "1", "--by", "to-chuc"]).exit_code == 1
    for wrong in (
        ["device", "enrol", "--role", "gate", "--by", "to-chuc"],
        ["device", "enrol", "--role", "judge", "--by", "to-chuc"],
        ["device", "enrol", "--role", "judge", "--user", "khong-co", "--by", "to-chuc"],
        ["device", "list", "--festival", "khong-co"],
    ):
        assert run(args=wrong).exit_code == 1


def test_the_worker_carries_its_release_and_every_page_it_keeps_opens(app, client):
    answer = client.get("/sw.js")
    assert answer.headers["Service-Worker-Allowed"] == "/" and answer.headers["Cache-Control"] == "no-cache"
    release = re.match(r"self\.APP = (\{.*\});\n", answer.get_data(as_text=True))[1]
    kept = json.loads(release)
    assert {"/gate", "/enrol", "/offline"} <= set(kept["pages"])
    for address in [*kept["pages"], *kept["files"]]:
        assert client.get(address).status_code == 200, address
    assert any(name.endswith("zxing_reader.wasm") for name in kept["files"])
    assert "'wasm-unsafe-eval'" in client.get("/gate").headers["Content-Security-Policy"]
    assert "'wasm-unsafe-eval'" not in client.get("/enrol").headers["Content-Security-Policy"]


@pytest.mark.both_databases
def test_looking_up_by_code_name_and_phone(app, fair):
    phone = Phone(app.test_client(), enrolment(app, fair))

    def found(text, status=200):
        headers = {"Authorization": f"Bearer {phone.token}"}
        answer = phone.client.post("/api/v1/checkin/lookup", json={"q": text}, headers=headers)
        assert answer.status_code == status
        return [line["name"] for line in answer.get_json().get("found", [])]

    assert found(fair.typed[CHUNG]) == [CHUNG] == found(fair.typed[CHUNG].replace("-", " ").lower())
    assert found("danh chung") == [CHUNG] == found("ANH khang".replace("ANH", "Ánh"))
    assert found("thuy dung") == ["Gia đình ông Nguyễn Hoàng Anh Đức"] == found("Thuỳ Dung")
    assert found("0001") == ["Gia đình bà Trương Mỹ Hoa"]
    assert found("khong co ai") == []
    for short in ("", "a", "01"):
        found(short, status=400)
    assert app.test_client().post("/api/v1/checkin/lookup", json={"q": "a"}).status_code == 401


def test_the_inbox_says_whose_pass_it_was_and_when_it_was_read(app, fair):
    """A lead decides about families, not about numbers of devices; a mad clock does not close the page."""
    office = signed_in(app, "to-chuc", Role.ORGANISER)
    phone = Phone(app.test_client(), enrolment(app, fair))
    at = 1_718_330_400_000  # 14/6/2024, 9:00 in Vietnam
    late = [
        phone.scan(fair.lists[CHUNG], fair.persons[CHUNG][:3], wall_ms=at),
        phone.scan(fair.delegation_list, wall_ms=at),
        phone.scan("ab" * 16, wall_ms=LATEST_MS, offset_ms=LATEST_MS),
    ]
    post(office, "/office/devices/1/revoke", {})
    assert verdicts(phone.send(*late)) == ["quarantined"] * 3
    page = office.get("/office/devices")
    assert page.status_code == 200
    section = re.search(r'id="aside">(.*?)</section>', page.get_data(as_text=True), re.S)[1]
    rows = [
        " ".join(unescape(re.sub(r"<[^>]+>", " ", row)).split()) for row in re.findall(r"<tr>(.*?)</tr>", section, re.S)
    ]
    told = [re.sub(r" nhận lúc .*", "", row) for row in rows if row.startswith("Máy 1")]
    assert told == [
        f"Máy 1, Cổng 1 {CHUNG}, 3 người 9 giờ, 14/6/2024",
        "Máy 1, Cổng 1 Đoàn huyện Hòn Đất 9 giờ, 14/6/2024",
        "Máy 1, Cổng 1 không rõ 7 giờ, 1/1/2100",
    ]
    assert "1 thiết bị có dữ liệu cần xem" in text_of(office.get("/office")), "a revoked device is not forgotten"
