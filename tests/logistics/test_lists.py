"""Do the lists to sign say what the tables say, page by page, as PDF?"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from festival.core.database import db
from festival.core.security_log import SecurityNote
from festival.core.transaction import reading, transaction
from festival.logistics import meals
from festival.logistics.meals import PortionsTyped
from festival.logistics.portions import Portions
from festival.logistics.sleeping import lodging
from tests.logistics.cast import Stay
from tests.registration.conftest import household
from tests.registration.pages_kit import post
from tests.registration.registered import approve, register

pytestmark = pytest.mark.either_database


def read(client: FlaskClient, address: str, folder: Path) -> str:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    (folder / "list.pdf").write_bytes(answer.data)
    said = subprocess.run(
        ["pdftotext", "-layout", folder / "list.pdf", "-"], capture_output=True, text=True, check=True
    )
    return " ".join(said.stdout.split())


def test_meals_arrivals_and_rooms_are_printed_to_be_signed(stay: Stay, tmp_path: Path) -> None:
    approve(stay.world, register(stay.world, household(1)).family_id)
    page = f"/delegation/{stay.world.hon_dat}/stay"
    arrival = {"day": "14/6/2024", "at": "6:30", "place": "Bãi B", "vehicle": "coach", "plate": "68B-1", "version": "0"}
    assert post(stay.officer, f"{page}/arrival", arrival, page=page).status_code == 302
    with stay.world.app.app_context(), transaction():
        own = stay.world.delegation()
        meals.save_portions(own, [PortionsTyped(stay.ahead, "", Portions(30, 4, 2))], None)
        lodging.add_rooms(own.festival, "Nhà khách", ["101"], 4, None)
        assert lodging.propose_for(own.festival, [own.id], None).placed == 3
    organiser = stay.organiser
    organiser.get("/language?to=en&next=/")
    listed = read(organiser, f"/office/logistics/meals/{stay.ahead}/list.pdf", tmp_path)
    assert "Danh sách nhận suất ăn Bữa trưa 14/6/2024" in listed
    assert "1 Đoàn huyện Hòn Đất 30 24 4 2" in listed and "2 Đoàn huyện Kiên Lương – – – –" in listed
    assert "Cộng 30 24 4 2" in listed
    listed = read(organiser, "/office/logistics/arrivals.pdf", tmp_path)
    assert all(each in listed for each in ("Danh sách đón đoàn", "6 giờ 30", "Bãi B", "68B-1", "Giờ đến"))
    listed = read(organiser, "/office/logistics/rooms.pdf", tmp_path)
    assert "3 người, 1 phòng" in listed and "Danh Minh Khôi" in listed and "Nhà khách, 101" in listed
    assert organiser.get("/office/logistics/meals/999999/list.pdf").status_code == 404
    assert stay.officer.get("/office/logistics/rooms.pdf").status_code == 403
    with stay.world.app.app_context(), reading():
        assert db.session.scalars(select(SecurityNote.kind)).all().count("export") == 1  # the same list, once an hour
