"""Does an organiser make an edition in three steps, keep all that was typed, and change each step later?"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import func, select

from festival.accounts.models import User
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict
from festival.editions.models import Festival, Unit
from festival.editions.queries import current_festival, festival_by_code, state_of
from festival.roster.models import Delegation, DelegationOfficer
from festival.setup.pieces import blank
from festival.setup.saving import begin
from tests.harness.waiting import PATIENCE_S
from tests.house.test_statements import MOST, statements
from tests.setup.walk import HOME, WHAT, Organiser, errors, shown, the_document

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

SEVEN = "Xã Hòn Đất\nXã Sơn Kiên\nXã Mỹ Thuận\nXã Bình Sơn\nXã Bình Giang\nTrường THPT Hòn Đất\nCông an xã Hòn Đất"


@pytest.fixture
def btc(app: Flask) -> Organiser:
    return Organiser(app)


def delegations(app: Flask) -> list[tuple[str, str, int, int]]:
    with app.app_context(), reading():
        rows = db.session.execute(
            select(Delegation.name, Unit.official_code, Delegation.families_min, Delegation.families_max)
            .join(Unit, Unit.id == Delegation.unit_id)
            .order_by(Delegation.position)
        )
        return [tuple(row) for row in rows]


def test_the_commune_s_contest_stands_after_nine_actions(app: Flask, btc: Organiser) -> None:
    actions = len(WHAT) + 2  # typed fields, the tick, the button
    code = btc.begin(commune_contest="y")
    assert code == "hon-dat-2026"
    who = f"/office/setup/{code}/who"
    look = btc.post(who, text=SEVEN, do="look")
    assert (look.status_code, "Xem trước: thêm 7 đoàn" in shown(look)) == (200, True)
    assert delegations(app) == []
    saved = btc.post(who, page=look.text, text=SEVEN, do="next")
    assert (saved.status_code, saved.location) == (302, f"/office/setup/{code}/contests")
    pack = btc.post(f"/office/setup/{code}/contests/pack", pack="hoi-thi-xa")
    assert pack.status_code == 302
    actions += 1 + 1 + 1 + 1  # the pasted list, look, save, the pack
    document = the_document(app, code)
    assert len(document["contests"]) >= 3
    assert document["festival"]["commune_contest"] is True
    assert [name for name, *_ in delegations(app)] == SEVEN.split("\n")
    page = btc.get(f"/office/setup/{code}")
    assert "Ngày hội hiện hành" in page
    assert "Chưa đủ để mở đăng ký" not in page
    assert actions <= 9


def test_the_home_edition_from_the_list_of_units(app: Flask, btc: Organiser) -> None:
    code = btc.begin(name=HOME, starts_on="14/6/2024", ends_on="16/6/2024", registration_closes_on="5/6/2024")
    assert code == "kien-giang-2024"
    who = f"/office/setup/{code}/who"
    assert "Chưa có danh sách đơn vị nào đúng vào ngày 14/6/2024" in btc.get(who)
    loaded = btc.post(who, do="load", text="Trường chuyên")
    assert "Đã nạp" in shown(loaded)
    assert ">Trường chuyên</textarea>" in shown(loaded), "what was typed stays"
    listed = btc.post(who, do="list", inside="91")
    assert "Tất cả 15 đơn vị" in shown(listed)
    look = btc.post(who, do="look", inside="91", all="91")
    assert "Xem trước: thêm 15 đoàn" in shown(look)
    quotas = {"families_per_delegation-min": "4", "families_per_delegation-max": "6"}
    saved = btc.post(who, page=look.text, do="next", inside="91", all="91", **quotas)
    assert saved.status_code == 302
    assert delegations(app)[:2] == [
        ("Đoàn thành phố Rạch Giá", "899", 4, 6),
        ("Đoàn thành phố Hà Tiên", "900", 4, 6),
    ]
    assert len(delegations(app)) == 15
    assert btc.post(f"/office/setup/{code}/contests/pack", pack="cap-tinh").status_code == 302
    assert len(the_document(app, code)["contests"]) == 6


def test_the_lists_of_units_are_loaded_by_two_at_once(app: Flask, btc: Organiser) -> None:
    code = btc.begin()
    other = Organiser(app, "pho")
    pages = [btc.get(f"/office/setup/{code}/who"), other.get(f"/office/setup/{code}/who")]
    with ThreadPoolExecutor(2) as threads:
        answers = threads.map(
            lambda each: each[0].post(f"/office/setup/{code}/who", page=each[1], do="load"),
            zip((btc, other), pages, strict=True),
        )
        assert [answer.status_code for answer in answers] == [200, 200]
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count(Unit.id))) == 263


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"ends_on": "27/6/2026"}, "Ngày bế mạc 27/6/2026 trước ngày khai mạc 28/6/2026. Xem lại hai ngày."),
        (
            {"registration_closes_on": "1/7/2026"},
            "Hạn đăng ký 1/7/2026 sau ngày khai mạc 28/6/2026. Chọn ngày sớm hơn.",
        ),
        ({"starts_on": "2026-06-28"}, "Ghi ngày như 14/6/2024."),
        ({"starts_on": ""}, "Ghi ngày khai mạc, ví dụ 14/6/2024."),
        ({"data_kept_until": "28/6/2026"}, "Ngày này phải sau ngày bế mạc 28/6/2026."),
        ({"name": "  "}, "Nhập tên ngày hội."),
        ({"code": "Hòn Đất"}, "Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối."),
        ({"code": "new"}, "Chọn mã khác: mã này là địa chỉ của một trang."),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_the_rest_stays(
    app: Flask, btc: Organiser, changed: dict[str, str], said: str
) -> None:
    for path in ("/office/setup/new", f"/office/setup/{btc.begin()}/what"):
        if "code" in changed and path.endswith("what"):
            continue
        answer = btc.post(path, **WHAT | {"theme": "Gia đình hạnh phúc, quốc gia thịnh vượng"} | changed)
        assert (answer.status_code, errors(answer)) == (422, [said])
        assert 'value="Gia đình hạnh phúc, quốc gia thịnh vượng"' in shown(answer)
        assert all(f'value="{each}"' in shown(answer) for each in changed.values() if each.strip())
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count(Festival.id))) == 1


def test_a_code_is_proposed_and_one_that_is_taken_is_said(btc: Organiser) -> None:
    made = [btc.begin(), btc.begin(venue="Nhà văn hóa"), btc.begin(code="thu-nghiem")]
    assert made == ["hon-dat-2026", "hon-dat-2026-2", "thu-nghiem"]
    answer = btc.post("/office/setup/new", **WHAT, code="thu-nghiem", theme="Khác")
    assert (answer.status_code, errors(answer)) == (409, ["Đã có ngày hội mang mã «thu-nghiem». Chọn mã khác."])


def test_the_button_pressed_twice_makes_one_edition(app: Flask, btc: Organiser) -> None:
    page = btc.get("/office/setup/new")
    clients = [app.test_client() for _ in range(3)]
    for client in clients:
        client.set_cookie("signin", btc.client.get_cookie("signin").value)  # type: ignore[union-attr]
        client.set_cookie("session", btc.client.get_cookie("session").value)  # type: ignore[union-attr]
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    with ThreadPoolExecutor(3) as threads:
        sent = threads.map(lambda each: each.post("/office/setup/new", data=WHAT | {"csrf_token": token[1]}), clients)
        assert [answer.location for answer in sent] == ["/office/setup/hon-dat-2026/who"] * 3
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count(Festival.id))) == 1


def test_what_follows_is_said_before_it_is_saved(app: Flask, btc: Organiser) -> None:
    code = btc.begin(name=HOME, starts_on="14/6/2024")
    who, what = f"/office/setup/{code}/who", f"/office/setup/{code}/what"
    btc.post(who, do="load")
    look = btc.post(who, text="Huyện Hòn Đất\nHuyện Tân Hiệp", do="look")
    btc.post(who, page=look.text, text="Huyện Hòn Đất\nHuyện Tân Hiệp", do="stay")
    assert "Buổi thi, hạn đăng ký ngoài ngày mới được kể ra trước khi lưu." in btc.get(what)
    later = btc.post(what, **WHAT | {"name": HOME, "starts_on": "14/6/2026"})
    assert later.status_code == 400
    assert "Huyện Hòn Đất (mã 903, Huyện Hòn Đất) không còn là đơn vị hành chính vào ngày khai mạc 14/6/2026" in shown(
        later
    )
    assert "bỏ đoàn, đổi ngày, rồi thêm đoàn theo đơn vị kế tục" in shown(later)
    assert 'value="14/6/2026"' in shown(later)
    with app.app_context(), transaction():
        first = db.session.scalars(select(Delegation).order_by(Delegation.id)).first()
        user = db.session.scalars(select(User)).first()
        assert first is not None
        assert user is not None
        db.session.add(DelegationOfficer(delegation_id=first.id, user_id=user.id))
        officer = user.name
    kept = btc.post(who, do="stay", **_rows(app, code) | {"gone": "hon-dat"})
    assert kept.status_code == 409
    held = f"Chưa bỏ được Huyện Hòn Đất: đoàn có 0 hồ sơ đăng ký, cán bộ phụ trách: {officer}. Chưa ghi gì"
    assert held in shown(kept)
    assert len(delegations(app)) == 2


ALL_HAVE_READ = threading.Barrier(4)


def kept(name: str) -> bool:
    try:
        with transaction():
            begin(blank(edition(name)))
    except Conflict:
        return False
    return True


def naive(name: str) -> bool:
    """Asks for the code, then saves: whoever comes second changes the edition of the first."""
    from festival.office.festival_import import import_festival, read_file  # noqa: PLC0415
    from festival.setup.saving import written  # noqa: PLC0415

    with reading():
        there = festival_by_code("hon-dat")
    ALL_HAVE_READ.wait(PATIENCE_S)
    if there is not None:
        return False
    try:
        with transaction():
            import_festival(read_file(written(blank(edition(name)))))
    except Exception:
        return False
    return True


def edition(name: str) -> dict[str, str]:
    return {"code": "hon-dat", "name": name, "organiser": "Xã", "starts_on": "2026-06-28", "ends_on": "2026-06-28"}


@pytest.mark.parametrize(("tries", "sound"), [(kept, True), (naive, False)])
def test_of_two_editions_with_one_code_the_second_is_told(
    app: Flask, tries: Callable[[str], bool], sound: bool
) -> None:
    names = [f"Hội thi {number}" for number in range(4)]

    def once(name: str) -> bool:
        with app.app_context():
            return tries(name)

    with ThreadPoolExecutor(4) as threads:
        done = list(threads.map(once, names))
    with app.app_context(), reading():
        stands = db.session.scalars(select(Festival.name)).one()
    believed = [name for name, answer in zip(names, done, strict=True) if answer]
    if sound:
        assert believed == [stands]
    elif app.config["FESTIVAL"].is_sqlite:
        assert len(believed) == 4, "each of them believes it has made the edition"


def test_two_organisers_on_one_step_see_both(app: Flask, btc: Organiser) -> None:
    other, code = Organiser(app, "pho"), btc.begin()
    what, who = f"/office/setup/{code}/what", f"/office/setup/{code}/who"
    mine = btc.get(what)
    assert other.post(what, **WHAT | {"venue": "Sân vận động", "do": "stay"}).status_code == 302
    told = btc.post(what, page=mine, **WHAT | {"venue": "Nhà văn hóa", "do": "stay"})
    assert told.status_code == 409
    assert "Người khác vừa lưu phần này" in shown(told)
    assert "Địa điểm: <b>Sân vận động</b>" in shown(told)
    assert 'value="Nhà văn hóa"' in shown(told)
    again = btc.post(what, page=told.text, **WHAT | {"venue": "Nhà văn hóa", "do": "stay"})
    assert again.status_code == 302
    assert the_document(app, code)["festival"]["venue"] == "Nhà văn hóa"
    mine = btc.get(who)
    look = other.post(who, text="Xã A\nXã B", do="look")
    assert other.post(who, page=look.text, text="Xã A\nXã B", do="stay").status_code == 302
    look = btc.post(who, page=mine, text="Xã B\nXã C", do="look")
    told = btc.post(who, page=look.text, text="Xã B\nXã C", do="stay")
    assert told.status_code == 409
    assert "trùng với «Xã B»: bỏ qua" in shown(told)
    assert 'value="Xã A"' in shown(told)
    look = btc.post(who, page=told.text, **_rows(app, code), text="Xã B\nXã C", do="stay")
    assert look.status_code == 302
    assert [name for name, *_ in delegations(app)] == ["Xã A", "Xã B", "Xã C"]


def _rows(app: Flask, code: str) -> dict[str, str]:
    held = the_document(app, code)["delegations"]
    return {f"name-{each['code']}": each["name"] for each in held} | {
        f"order-{each['code']}": str(at) for at, each in enumerate(held, start=1)
    }


def test_the_list_is_renamed_ordered_and_shortened(app: Flask, btc: Organiser) -> None:
    code = btc.begin()
    who = f"/office/setup/{code}/who"
    look = btc.post(who, text="Xã C\nXã A\nXã B\nXã D", do="look")
    btc.post(who, page=look.text, text="Xã C\nXã A\nXã B\nXã D", do="stay")
    sorted_ = btc.post(who, do="sort", **_rows(app, code))
    assert sorted_.status_code == 200
    assert 'name="order-xa-a" value="1"' in shown(sorted_)
    assert [name for name, *_ in delegations(app)] == ["Xã C", "Xã A", "Xã B", "Xã D"], "nothing is saved yet"
    changed = _rows(app, code) | {"order-xa-d": "1", "name-xa-b": "Đoàn xã B", "gone": "xa-a"}
    blank_name = btc.post(who, do="stay", **changed | {"name-xa-b": " "})
    assert (blank_name.status_code, errors(blank_name)) == (422, ["Nhập tên đoàn, hoặc đánh dấu bỏ."])
    double = btc.post(who, do="stay", **changed | {"name-xa-c": "XÃ  D"})
    assert (double.status_code, errors(double)) == (422, ["Tên này đã là của đoàn khác trong danh sách."])
    assert btc.post(who, do="stay", **changed).status_code == 302
    with app.app_context(), reading():
        assert sorted(db.session.scalars(select(Unit.name))) == ["Xã A", "Xã C", "Xã D", "Đoàn xã B"]
    assert [name for name, *_ in delegations(app)] == ["Xã D", "Xã C", "Đoàn xã B"]
    assert [each["code"] for each in the_document(app, code)["delegations"]] == ["xa-d", "xa-c", "xa-b"]


def test_names_that_two_units_have_are_asked_before_anything_is_saved(app: Flask, btc: Organiser) -> None:
    code = btc.begin(name=HOME, starts_on="14/6/2024")
    who = f"/office/setup/{code}/who"
    btc.post(who, do="load")
    asked = btc.post(who, text="Xã Bình An", do="next")
    assert asked.status_code == 422
    assert "còn 1 dòng phải chọn đơn vị" in shown(asked)
    assert "Xã Bình An, Huyện Châu Thành" in shown(asked)
    saved = btc.post(who, page=asked.text, text="Xã Bình An", do="next", **{"unit-xa-binh-an": "30898"})
    assert saved.status_code == 302
    assert delegations(app)[0][:2] == ("Xã Bình An", "30898")


def test_quotas_are_numbers_in_order(app: Flask, btc: Organiser) -> None:
    who = f"/office/setup/{btc.begin()}/who"
    key = "members_per_family"
    for low, high, said in (
        ("5", "3", "Số ít nhất 5 lớn hơn số nhiều nhất 3."),
        ("ba", "5", "Ghi số, hoặc để trống nếu không giới hạn."),
        ("3", "", "Ghi cả số nhiều nhất, hoặc để trống cả hai."),
    ):
        answer = btc.post(who, do="next", text="Xã A", **{f"{key}-min": low, f"{key}-max": high})
        assert (answer.status_code, errors(answer)) == (422, [said])
        assert ">Xã A</textarea>" in shown(answer)
    assert btc.post(who, do="next", **{f"{key}-max": "5"}).status_code == 302
    assert the_document(app, "hon-dat-2026")["quotas"] == {key: {"min": 1, "max": 5}}


def test_contests_are_added_ordered_taken_out_and_put_back(app: Flask, btc: Organiser) -> None:
    code = btc.begin()
    path = f"/office/setup/{code}/contests"
    btc.post(f"{path}/pack", pack="cap-tinh")
    before = the_document(app, code)
    first, last = before["contests"][0]["code"], before["contests"][-1]["code"]
    stale = btc.get(path)
    assert btc.post(f"{path}/remove", contest=first).status_code == 302
    assert first not in [each["code"] for each in the_document(app, code)["contests"]]
    twice = btc.post(f"{path}/remove", page=stale, contest=last)
    assert (twice.status_code, "Người khác vừa đổi danh sách phần thi" in shown(twice)) == (409, True)
    assert "Lấy lại" in btc.get(path)
    assert btc.post(f"{path}/undo").status_code == 302
    assert the_document(app, code) == before
    assert "Lấy lại" not in btc.get(path)
    assert btc.post(path, **{f"order-{last}": "1"}).status_code == 302
    assert the_document(app, code)["contests"][0]["code"] == last
    assert btc.post(f"{path}/add", template="bong-ro").status_code == 302
    codes = [each["code"] for each in the_document(app, code)["contests"]]
    assert (len(codes), len(set(codes))) == (7, 7)
    assert btc.post(f"{path}/add", template="khong-co").status_code == 400


def test_a_second_edition_is_chosen_by_its_button(app: Flask, btc: Organiser) -> None:
    first, second = btc.begin(), btc.begin(name="Ngày hội xã Bình Sơn")
    assert "Chọn làm ngày hội hiện hành" in btc.get(f"/office/setup/{second}")
    assert btc.post(f"/office/setup/{second}/choose").status_code == 302
    with app.app_context(), reading():
        current, before = current_festival(), festival_by_code(first)
        assert current is not None
        assert before is not None
        assert (current.code, state_of(before)) == (second, "archived")
    assert btc.client.get("/office/setup").location == f"/office/setup/{second}"


def test_an_empty_festival_says_who_has_to_do_what(app: Flask, btc: Organiser) -> None:
    home = unescape(app.test_client().get("/").text)
    assert "Ban Tổ chức đăng nhập rồi lập ngày hội" in home
    assert "mở liên kết hiện ra lúc khởi động" in home
    assert 'href="/programme"' not in home
    assert 'href="/office/setup/new"' in btc.get("/office")
    assert btc.client.get("/office/setup").location == "/office/setup/new"


def test_pages_stay_small_with_eighty_delegations(app: Flask, btc: Organiser) -> None:
    code = btc.begin(name=HOME, starts_on="14/6/2024")
    who = f"/office/setup/{code}/who"
    btc.post(who, do="load")
    text = "\n".join(f"Đoàn trường Trung học phổ thông Nguyễn Thị Minh Khai số {number}" for number in range(80))
    look = btc.post(who, do="look", text=text)
    assert btc.post(who, page=look.text, do="next", text=text).status_code == 302
    btc.post(f"/office/setup/{code}/contests/pack", pack="cap-tinh")
    sizes = {"look": len(look.data)}
    for path in ("/office/setup/new", *(f"/office/setup/{code}{end}" for end in ("", "/what", "/who", "/contests"))):
        with statements(app) as seen:
            sizes[path] = len(btc.client.get(path).data)
        assert len(seen) <= MOST, path
    sizes["list"] = len(btc.post(who, do="list", inside="91").data)
    assert {path: size for path, size in sizes.items() if size > 60_000} == {}
