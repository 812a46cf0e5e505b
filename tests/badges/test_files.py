"""Does a guest list in Excel come in row by row, told before anything is written, and go as a whole?"""

from __future__ import annotations

import time
from collections import Counter
from io import BytesIO

import openpyxl
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.badges import imports, queries
from festival.badges.excel import writing
from festival.badges.excel.columns import COLUMNS
from festival.badges.models import BadgeImport
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Overtaken
from festival.passes.models import Pass
from tests.badges.cast import DRIVER, GUEST, add, desk, make_list, passes, sealed_differences
from tests.registration.conftest import World
from tests.registration.pages_kit import post, token_of, words
from tests.registration.registered import race

pytestmark = pytest.mark.either_database

CLASSES = ["Khách mời", "Báo chí", "Hỗ trợ đoàn"]


def workbook(*rows: dict[str, str]) -> bytes:
    cells = [[row.get(column.key, "") for column in COLUMNS] for row in rows]
    return writing.write("Ngày hội", "Khách mời", CLASSES, cells)


def send(client: FlaskClient, code: str, content: bytes, badge: str = "guest") -> str:
    """The address of the preview."""
    page = client.get(f"/badges/{code}/import")
    answer = client.post(
        f"/badges/{code}/import",
        data={"csrf_token": token_of(page), "badge": badge, "file": (BytesIO(content), "khach-moi.xlsx")},
        content_type="multipart/form-data",
    )
    assert answer.status_code == 303, words(answer)
    return str(answer.location)


MIXED: tuple[dict[str, str], ...] = (
    {"name": "Lâm Thị Mai", "title": "Giám đốc Sở Văn hóa", "rank": "2", "honorific": "bà", "seat": "A2"},
    {"name": "Nguyễn văn An", "title": "Phó chủ tịch Ủy ban nhân dân tỉnh"},
    {"name": "Lâm Thị Mai", "title": "giám đốc sở văn hóa"},
    {"name": "Châu Văn Tài", "badge": "Phóng viên"},
    {"name": "Trần Thị Bưởi", "rank": "hạng nhất", "phone": "123"},
    {"name": "Danh Khôi", "birth": "2012", "badge": "Hỗ trợ đoàn"},
    {"name": "Thạch Sang", "badge": "Chủ nhà"},
    {"name": "Kim Sơn", "badge": "báo chí"},
)
TOLD = (
    "Bấm xác nhận sẽ ghi mới 2 người vào “Khách mời”",
    "Người này đã có trong danh sách.",
    "Trùng với dòng 5 (cùng tên, điện thoại và chức danh): chỉ ghi một lần.",
    "Cùng tên với một người trong “Đoàn huyện Hòn Đất”.",
    "Ô A9 (Thứ tự): Thứ tự phải là số từ 1 đến 9999, hoặc để trống.",
    "Danh Khôi có thể dưới 16 tuổi nên không cấp thẻ riêng. Hãy ghi cháu vào một gia đình của đoàn",
    "Ô E11 (Lớp thẻ): Chưa chọn lớp thẻ",
)


def test_every_row_has_its_fate_and_one_refused_row_refuses_nothing_else(world: World) -> None:
    guests = make_list(world)
    (an,) = add(world, guests, GUEST)
    add(world, world.hon_dat, DRIVER)
    client = world.as_user(world.organiser)
    page = client.get(send(client, guests, workbook(*MIXED)))
    told = words(page)
    for expected in TOLD:
        assert expected in told, told
    address = page.request.path
    only_wrong = words(client.get(f"{address}?show=error"))
    assert "Trần Thị Bưởi" in only_wrong and "Lâm Thị Mai" not in only_wrong
    for _again in range(2):
        written = client.post(
            address, data={"csrf_token": token_of(client.get(f"/badges/{guests}/import")), "alike": "y"}
        )
        assert written.status_code == 303
    with world.app.app_context(), reading():
        lines = queries.on_list(desk(world, guests).list_id)
        assert [(line.name, line.who.badge, line.who.rank) for line in lines] == [
            ("Nguyễn Văn An", "guest", 1),
            ("Lâm Thị Mai", "guest", 2),
            ("Kim Sơn", "press", None),
            ("Châu Văn Tài", "press", None),
        ]
        batch = db.session.scalars(select(BadgeImport)).one()
        assert (batch.rows, batch.written) == ({}, 3)
    # What is handed out is what was read.
    sheet = openpyxl.load_workbook(BytesIO(client.get(f"/badges/{guests}/people.xlsx").data))["Danh sách"]
    assert [cell.value or "" for cell in sheet[6]] == [
        "2",
        "bà",
        "Lâm Thị Mai",
        "Giám đốc Sở Văn hóa",
        "Khách mời",
        "A2",
        "",
        "",
    ]

    # Taken back as a whole, and given back; who was there before stays.
    assert post(client, f"{address}/undo", {}, page=address).status_code == 303
    mai = next(line.code for line in lines if line.name == "Lâm Thị Mai")
    assert passes(world, mai) == [(1, False)] and passes(world, an) == [(1, True)]
    assert sealed_differences(world) == []
    assert post(client, f"{address}/restore", {}, page=address).status_code == 303
    assert passes(world, mai) == [(1, False), (2, True)]
    assert sealed_differences(world) == []
    assert post(client, f"{address}/restore", {}, page=address).status_code == 409
    # Another delegation's officer finds none of it.
    stranger = world.as_user(world.other_officer)
    for way in ("", "/import", "/people.xlsx", "/template.xlsx", f"/imports/{batch.code}", f"/people/{an}"):
        assert stranger.get(f"/badges/{guests}{way}").status_code == 404, way
    assert client.get(f"/badges/{world.hon_dat}/imports/{batch.code}").status_code == 404


@pytest.mark.both_databases
def test_a_file_confirmed_by_many_at_once_is_written_once(world: World) -> None:
    guests = make_list(world)
    client = world.as_user(world.organiser)
    code = send(client, guests, workbook({"name": "Lâm Thị Mai"}, {"name": "Kim Sơn"})).rpartition("/")[2]
    assert race(world.app, 6, lambda: imports.apply(desk(world, guests), code, alike=False, by=None)) == [2] * 6

    def undone() -> object:
        try:
            return imports.undo(desk(world, guests), code, None)
        except Overtaken:
            return "told"

    assert Counter(race(world.app, 6, undone)) == {2: 1, "told": 5}
    assert sealed_differences(world) == []


def test_a_file_that_is_no_list_is_refused_with_what_to_do(world: World) -> None:
    guests = make_list(world)
    client = world.as_user(world.organiser)
    page = client.get(f"/badges/{guests}/import")
    for content, said in (
        (b"x", "Đây không phải tệp Excel"),
        (writing.write("Ngày hội", "Khách mời", CLASSES), "Dưới dòng tiêu đề chưa có ai"),
    ):
        answer = client.post(
            f"/badges/{guests}/import",
            data={"csrf_token": token_of(page), "badge": "guest", "file": (BytesIO(content), "a.xlsx")},
            content_type="multipart/form-data",
        )
        assert (answer.status_code, said in words(answer)) == (422, True)


@pytest.mark.faults
def test_a_guest_list_of_3000_rows_is_read_shown_in_parts_and_written(world: World) -> None:
    guests = make_list(world)
    client = world.as_user(world.organiser)
    rows = [
        {"name": f"Nguyễn Văn {chr(65 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}", "rank": str(n + 1)}
        for n in range(3000)
    ]
    rows[1500]["rank"] = "x"
    began = time.monotonic()
    address = send(client, guests, workbook(*rows))
    page = client.get(f"{address}?page=60")
    assert "Trang 60 trên 60" in words(page) and len(page.data) < 60 * 1024
    code = address.rpartition("/")[2]
    read = time.monotonic()
    with world.app.app_context(), transaction():
        assert imports.apply(desk(world, guests), code, alike=True, by=None) == 2999
    print("read", read - began, "written", time.monotonic() - read)
    with world.app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Pass).where(Pass.replaced_at.is_(None))) == 2999
    page = client.get(f"/badges/{guests}?page=3")
    assert "Đang xem 101–150 trên 2999" in words(page) and len(page.data) < 60 * 1024
    with world.app.app_context(), transaction():
        assert imports.undo(desk(world, guests), code, None) == 2999
    assert sealed_differences(world) == []
