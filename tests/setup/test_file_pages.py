"""Does the rule file come out of the pages and go in again, seen before it is written, by one organiser or two?"""

from __future__ import annotations

import io
import json
import re
from html import unescape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from config import ROOT
from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.contests.actions import fix_rules
from festival.contests.models import Contest
from festival.core.database import Base, db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival
from festival.office.festival_import import import_festival, read_file
from festival.setup import pieces
from festival.setup.rule_file.given import LARGEST_FILE_BYTES
from festival.setup.saving import begin, document_of, save

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

RULES = ROOT / "festival" / "editions" / "data" / "rulesets"
CODE = "hon-quan-2024"
FILE = f"/office/setup/{CODE}/file"


def rules(code: str = CODE) -> pieces.Document:
    document: pieces.Document = json.loads((RULES / f"{code}.json").read_text(encoding="utf-8"))
    return document


@pytest.fixture
def organiser(app: Flask, client: FlaskClient) -> FlaskClient:
    with app.app_context(), transaction():
        begin(rules())
        user = create_user("toc", "Trần Thị Ngọc Bích Phương Uyên", "", [Role.ORGANISER])
        opened = open_sign_in(user.id, 1)
    client.set_cookie(SESSION_COOKIE, opened.token)
    return client


def sent(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
    page = client.get(FILE).get_data(as_text=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token is not None
    return client.post(path, data={"csrf_token": token[1]} | fields)


def words(answer: TestResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", unescape(answer.get_data(as_text=True))).split())


def hidden(answer: TestResponse) -> dict[str, str]:
    """The fields the page would send by its one button."""
    form = answer.get_data(as_text=True).split("<main")[1]
    return {
        name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form)
    }


def rows(app: Flask) -> dict[str, Any]:
    with app.app_context(), reading():
        return {
            name: db.session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }


def test_the_file_comes_out_as_it_is_stored_and_goes_in_again_without_a_change(
    app: Flask, organiser: FlaskClient
) -> None:
    answer = organiser.get(f"{FILE}/download")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="hon-quan-2024.json"'
    with app.app_context():
        before = document_of(CODE)
        assert json.loads(answer.data) == before == rules()
    looked = sent(organiser, FILE, file=(io.BytesIO(answer.data), "hon-quan-2024.json"))
    assert looked.status_code == 200
    assert "Tệp giống thể lệ đang lưu" in words(looked)
    with app.app_context():
        with transaction():
            assert import_festival(read_file(answer.data)).changes == ()
        assert document_of(CODE) == before


def test_what_would_change_is_seen_before_it_is_written(app: Flask, organiser: FlaskClient) -> None:
    changed = rules()
    changed["festival"]["venue"] = "Nhà văn hóa"
    changed["contests"][3]["attempts"] = 3
    changed["contests"].pop(0)
    before = rows(app)
    looked = sent(organiser, FILE, document=json.dumps(changed))
    said = words(looked)
    assert looked.status_code == 200
    assert "3 điều sẽ đổi. Chưa ghi gì." in said
    assert "Ngày hội Địa điểm: không ghi → «Nhà văn hóa»." in said
    assert "Phần thi «Đá bóng vào cầu môn» Số lượt: không ghi → 3." in said
    assert "Phần thi Bỏ «Biểu diễn nghệ thuật «Gia đình tài năng»» (mã tai-nang)." in said
    assert rows(app) == before
    taken = sent(organiser, f"{FILE}/take", **hidden(looked))
    assert (taken.status_code, taken.headers["Location"]) == (302, FILE)
    with app.app_context():
        assert document_of(CODE) == changed
        with reading():
            assert db.session.scalar(select(func.count(Contest.id))) == 3


def test_the_second_of_two_organisers_sees_what_the_file_changes_now(app: Flask, organiser: FlaskClient) -> None:
    changed = rules()
    changed["festival"]["venue"] = "Nhà văn hóa"
    looked = sent(organiser, FILE, document=json.dumps(changed))
    with app.app_context(), transaction():
        save(CODE, lambda document: document | {"about": "Bản của người khác"})
    refused = sent(organiser, f"{FILE}/take", **hidden(looked))
    assert refused.status_code == 409
    assert "Người khác vừa lưu thể lệ này. Chưa ghi gì" in words(refused)
    assert "Ghi chú về tệp: «Bản của người khác» → " in words(refused)
    with app.app_context():
        assert document_of(CODE)["about"] == "Bản của người khác"
    assert sent(organiser, f"{FILE}/take", **hidden(refused)).status_code == 302
    with app.app_context():
        assert document_of(CODE) == changed


def test_a_file_with_faults_is_told_with_path_and_line_and_stays_in_the_box(app: Flask, organiser: FlaskClient) -> None:
    text = (
        (RULES / f"{CODE}.json").read_text(encoding="utf-8").replace('"max": 20, "step": 1', '"max": 20, "step": 0.3')
    )
    line = next(at for at, each in enumerate(text.splitlines(), start=1) if "0.3" in each)
    before = rows(app)
    refused = sent(organiser, FILE, file=(io.BytesIO(text.encode()), "x.json"))
    said = words(refused)
    assert refused.status_code == 422
    assert "Tệp chưa dùng được: 1 chỗ cần sửa. Chưa ghi gì." in said
    assert f"{line} điểm tối đa không chia hết cho bước điểm" in said.replace("  ", " ")
    assert "Phần thi 1 › Tiêu chí 3 › Bước điểm $.contests[0].criteria[2].step" in said
    assert '"step": 0.3' in said
    assert rows(app) == before


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "Chọn một tệp, hoặc dán nội dung tệp vào ô."),
        ("{", "không phải JSON: dòng 1"),
        ('{"schema": "family-festival-ruleset/2"}', "Tệp thuộc phiên bản khác."),
        ("[]", "Tệp thuộc phiên bản khác."),
        ('{"schema": "a", "schema": "b"}', "khóa «schema» viết hai lần"),
        ("NaN", "NaN không phải là số dùng được"),
        ("[" * 4000, "không phải JSON"),
    ],
)
def test_what_is_no_rule_file_is_refused_with_what_to_do(organiser: FlaskClient, text: str, told: str) -> None:
    for path in (FILE, f"{FILE}/take", "/office/setup/new/file", "/office/setup/new/file/take"):
        refused = sent(organiser, path, document=text)
        assert refused.status_code == 422
        assert told in words(refused)


def test_odd_bytes_and_a_large_file_are_refused(organiser: FlaskClient) -> None:
    for content in (b"\xff\xfe{", b"x" * (LARGEST_FILE_BYTES + 1)):
        assert sent(organiser, FILE, file=(io.BytesIO(content), "x.json")).status_code == 422
    for odd in ("\\u0000", "\\ud800"):
        text = json.dumps(rules()).replace("Hớn Quản", odd).replace("H\\u1edbn Qu\\u1ea3n", odd)
        refused = sent(organiser, FILE, document=text)
        assert refused.status_code == 422
        assert "ký tự không lưu được" in words(refused)


def test_a_file_of_another_edition_asks_which_one_is_meant(app: Flask, organiser: FlaskClient) -> None:
    text = (RULES / "quy-che-2712.json").read_text(encoding="utf-8")
    asked = sent(organiser, FILE, document=text)
    assert asked.status_code == 409
    assert "Chưa có ngày hội mã quy-che-2712." in words(asked)
    fields = hidden(asked)
    looked = sent(organiser, "/office/setup/new/file", document=fields["document"])
    assert looked.status_code == 200
    assert "Hội diễn theo Quy chế 2712/QC-BVHTTDL" in words(looked)
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count(Festival.id))) == 1
    made = sent(organiser, "/office/setup/new/file/take", **hidden(looked))
    assert (made.status_code, made.headers["Location"]) == (302, "/office/editions/quy-che-2712")
    with app.app_context():
        assert document_of("quy-che-2712") == rules("quy-che-2712")
    again = sent(organiser, "/office/setup/new/file/take", **hidden(looked))
    assert again.status_code == 409
    assert "Ngày hội mã quy-che-2712 đã có." in words(again)
    asked = sent(organiser, FILE, document=text)
    assert "Xem thay đổi ở ngày hội ấy" in words(asked)
    there = sent(organiser, "/office/setup/quy-che-2712/file", document=hidden(asked)["document"])
    assert "Tệp giống thể lệ đang lưu" in words(there)


def test_what_an_import_refuses_is_told_above_the_file(app: Flask, organiser: FlaskClient) -> None:
    changed = rules()
    changed["delegations"] = [{"code": "x", "name": "Đoàn không có", "unit_code": "99999"}]
    refused = sent(organiser, FILE, document=json.dumps(changed))
    assert refused.status_code == 400
    assert "Chưa có đơn vị mã 99999 (Đoàn không có) vào ngày khai mạc." in words(refused)
    assert '"unit_code": "99999"' in words(refused)
    changed["festival"]["code"] = "moi"
    refused = sent(organiser, "/office/setup/new/file", document=json.dumps(changed))
    assert refused.status_code == 400
    assert "Chưa có đơn vị mã 99999" in words(refused)
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count(Festival.id))) == 1


def test_rules_fixed_by_a_mark_are_refused_by_a_file_too(app: Flask, organiser: FlaskClient) -> None:
    changed = rules()
    changed["contests"][0]["criteria"][0]["max"], changed["contests"][0]["criteria"][1]["max"] = 30, 50
    looked = sent(organiser, FILE, document=json.dumps(changed))
    assert looked.status_code == 200
    with app.app_context(), transaction():
        fix_rules(db.session.scalars(select(Contest.id).where(Contest.code == "tai-nang")).one())
    refused = sent(organiser, f"{FILE}/take", **hidden(looked))
    assert refused.status_code == 409
    assert "đã có điểm" in words(refused)
    with app.app_context():
        assert document_of(CODE) == rules()


def test_only_the_office_takes_files_out_and_in(app: Flask, organiser: FlaskClient) -> None:
    other = app.test_client()
    with app.app_context(), transaction():
        user = create_user("thu-ky", "Lâm Thị Sô Phia", "", [Role.SECRETARY])
        other.set_cookie(SESSION_COOKIE, open_sign_in(user.id, 1).token)
    for path in (FILE, f"{FILE}/download", "/office/setup/new/file"):
        assert other.get(path).status_code == 403
        assert organiser.get(path).status_code == 200
    assert organiser.get("/office/setup/khong-co/file").status_code == 404
    assert organiser.get("/office/setup/khong-co/file/download").status_code == 404
