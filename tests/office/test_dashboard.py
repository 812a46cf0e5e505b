"""The day on one page, the phases, and the list of pages an account may open."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from werkzeug.test import TestResponse

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import PERMISSIONS, Role
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.access import Actor
from festival.core.web.moments import read_moment
from festival.editions.models import Festival, PhaseKind
from festival.editions.queries import phases
from festival.office.menu import MENU, office_menu
from festival.programme.queries import festival_day
from tests.programme.scene import make_festival

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database


def _sign_in(app: Flask, client: FlaskClient, role: Role) -> None:
    with app.app_context(), transaction():
        user = create_user(f"dn-{role}", "Trần Thị Ngọc Bích Phương Uyên", "", [role])
        opened = open_sign_in(user.id, 1)
    client.set_cookie(SESSION_COOKIE, opened.token)


@pytest.mark.parametrize(
    ("typed", "utc"),
    [
        ("14/6/2024 7:30", datetime(2024, 6, 14, 0, 30, tzinfo=UTC)),
        ("14-6-2024 7 giờ 30", datetime(2024, 6, 14, 0, 30, tzinfo=UTC)),
        ("14.06.2024, 7h", datetime(2024, 6, 14, 0, 0, tzinfo=UTC)),
        ("14/6/2024", datetime(2024, 6, 13, 17, 0, tzinfo=UTC)),
        ("  14/6/2024 lúc 19 giờ 05 phút ", datetime(2024, 6, 14, 12, 5, tzinfo=UTC)),
        ("31/6/2024", None),
        ("14/6/24", None),
        ("14/6/2024 25:00", None),
        ("mai", None),
        ("", None),
        ("1/1/0001 5:00", None),
    ],
)
def test_moments_are_read_as_people_write_them(typed: str, utc: datetime | None) -> None:
    assert read_moment(typed) == utc


def test_an_empty_database_tells_the_organiser_what_to_do(app: Flask, client: FlaskClient) -> None:
    _sign_in(app, client, Role.ORGANISER)
    assert 'href="/office/setup/new"' in client.get("/office").get_data(as_text=True)


def test_the_dashboard_counts_and_never_shows_a_mark(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make_festival(families=3, contests=2, first_day=festival_day(now()))
    _sign_in(app, client, Role.ORGANISER)
    text = client.get("/office").get_data(as_text=True)
    assert '0<span class="of">/3</span>' in text
    assert '0<span class="of">/6</span>' in text
    assert "Đã bốc thăm, chờ thi" in text and "Đang chấm" not in text  # not a mark yet


def _queries(app: Flask, client: FlaskClient, path: str) -> int:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_the_dashboard_asks_as_often_for_three_families_as_for_one(app: Flask, client: FlaskClient) -> None:
    _sign_in(app, client, Role.ORGANISER)
    client.get("/office")  # with its first request a process looks at its pass key
    counts = []
    for families in (1, 3):
        with app.app_context(), transaction():
            make_festival(families=families, first_day=today() + timedelta(days=families), code=f"kg-{families}")
        client.get("/office")  # a version is read once by each process
        counts.append(_queries(app, client, "/office"))
    assert counts[0] == counts[1]


def _token(client: FlaskClient, path: str) -> str:
    page = client.get(path).get_data(as_text=True)
    return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]


def _registration(app: Flask) -> tuple[datetime, datetime | None] | None:
    with app.app_context():
        festival = db.session.query(Festival).one()
        row = phases(festival.id).get(PhaseKind.REGISTRATION)
        return (row.opens_at, row.closes_at) if row else None


def test_phases_are_opened_closed_and_timed(app: Flask, client: FlaskClient) -> None:
    with app.app_context(), transaction():
        make_festival(first_day=festival_day(now()))
    _sign_in(app, client, Role.ORGANISER)
    path = "/office/phases/registration"
    token = _token(client, path)

    def post(where: str, **fields: str) -> TestResponse:
        return client.post(where, data={"csrf_token": token, **fields})

    assert post(path, opens="1/5/2024 7:00", closes="31/5/2024 17:00").status_code == 302
    assert _registration(app) == (
        datetime(2024, 5, 1, 0, 0, tzinfo=UTC),
        datetime(2024, 5, 31, 10, 0, tzinfo=UTC),
    )
    assert "31/5/2024 17:00" in client.get(path).get_data(as_text=True)
    backwards = post(path, opens="31/5/2024 7:00", closes="1/5/2024 17:00")
    assert backwards.status_code == 422
    assert "Giờ đóng phải sau giờ mở" in backwards.get_data(as_text=True)
    assert post(path, opens="hôm nào đó").status_code == 422
    assert post(f"{path}/now").status_code == 302
    opened = _registration(app)
    assert opened is not None and opened[1] is None
    assert post(f"{path}/close").status_code == 302
    closed = _registration(app)
    assert closed is not None and closed[1] is not None and closed[1] <= now()
    assert client.get("/office/phases/khong-co").status_code == 404


@pytest.mark.parametrize("role", list(Role))
def test_the_list_leads_only_where_the_account_may_go(app: Flask, role: Role) -> None:
    """Each entry stands for a route that asks for the permission the list asks for."""
    items = office_menu(Actor(kind="user", permissions=PERMISSIONS[role]))
    assert items == [item for item in MENU if item.permission in PERMISSIONS[role]]
    known = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert [item.href for item in items if item.href not in known] == []
