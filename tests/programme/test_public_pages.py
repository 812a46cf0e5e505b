"""What the public may read, how often the database is asked for it, and what no page may ever say."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, update

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.models import Contest, ContestState, Criterion, Judge, PanelSeat
from festival.contests.panel import SheetState
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.actions import open_phase
from festival.editions.models import PhaseKind
from festival.judging.models import Mark, Measure, MeasureState, ScoreSheet
from festival.programme.queries import festival_day
from festival.results.models import Award
from festival.roster.models import Entry, EntryState
from festival.schedule.models import Act, ActState
from festival.schedule.planning import make_plan
from tests.programme.scene import Scene, make_festival

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

PAGES = ("/", "/programme", "/results", "/contests/phan-thi-1", "/contests/phan-thi-2", "/privacy", "/help")
EVERYWHERE = (*PAGES, "/api/v1/public/now")


def _make(app: Flask, **wishes: object) -> Scene:
    with app.app_context(), transaction():
        return make_festival(**wishes)  # type: ignore[arg-type]


def _text(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_an_empty_database_has_a_first_page_that_says_so(client: FlaskClient) -> None:
    assert "Chưa có ngày hội nào" in _text(client, "/")
    for path in ("/programme", "/results", "/privacy"):  # every page's menu leads there
        assert "Chưa có ngày hội nào" in _text(client, path)
    assert client.get("/programme/2024-06-14").status_code == 404
    assert "bàn tiếp đón" in _text(client, "/help")


def test_public_pages_say_what_is_published(app: Flask, client: FlaskClient) -> None:
    _make(app, families=3, first_day=festival_day(now()))
    home = _text(client, "/")
    assert "Ngày hội Gia đình tiêu biểu tỉnh Kiên Giang" in home
    programme = _text(client, "/programme")
    assert programme.index("Gia đình Danh Chung") < programme.index("Gia đình Lâm Thị Sô Phia")
    assert "7 giờ 30" in programme
    assert (
        _text(client, f"/programme/{(festival_day(now()) + timedelta(days=1)).isoformat()}").count(
            "Trang phục gia đình"
        )
        >= 1
    )
    assert client.get("/programme/2001-01-01").status_code == 404
    assert client.get("/programme/hom-nay").status_code == 404
    assert client.get("/contests/khong-co").status_code == 404


def test_after_the_festival_results_are_promised_until_they_are_there(app: Flask) -> None:
    _make(app, families=3, first_day=festival_day(now()) - timedelta(days=30))
    promised, there = "Kết quả sẽ được đăng ở đây khi Ban Tổ chức công bố.", "Kết quả vẫn xem được ở đây."
    home = _text(app.test_client(), "/")
    assert (promised in home, there in home) == (True, False)
    with app.app_context(), transaction():
        db.session.execute(update(Contest).values(state=ContestState.PUBLISHED))
    home = _text(app.test_client(), "/")
    assert (promised in home, there in home) == (False, True)


def test_public_pages_set_no_cookie_and_are_cacheable(app: Flask, client: FlaskClient) -> None:
    _make(app)
    for path in EVERYWHERE:
        answer = client.get(path)
        assert answer.headers.getlist("Set-Cookie") == [], path
        assert answer.headers["Cache-Control"].startswith("public, max-age="), path
        again = client.get(path, headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b""), path


def test_gzip_is_the_same_page(app: Flask, client: FlaskClient) -> None:
    _make(app)
    plain = client.get("/programme")
    packed = client.get("/programme", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) < len(plain.data) / 2
    assert packed.headers["ETag"] == plain.headers["ETag"]


def test_no_member_but_the_representative_is_named(app: Flask, client: FlaskClient) -> None:
    _make(app, families=4, first_day=festival_day(now()))
    for path in EVERYWHERE:
        text = _text(client, path)
        assert "Bí Mật" not in text, path
        assert "0900000000" not in text, path


def test_nothing_of_the_programme_is_shown_before_it_is_published(app: Flask, client: FlaskClient) -> None:
    _make(app, publish=False, first_day=festival_day(now()))
    for path in EVERYWHERE:
        assert "Danh Chung" not in _text(client, path), path


def test_a_programme_phase_that_has_not_come_holds_the_plan_back(app: Flask, client: FlaskClient) -> None:
    scene = _make(app, first_day=festival_day(now()))
    with app.app_context(), transaction():
        open_phase(scene.festival_id, PhaseKind.PROGRAMME, now() + timedelta(hours=1))
    assert "Danh Chung" not in _text(client, "/programme")


def test_a_withdrawn_entry_leaves_the_public_programme(app: Flask, client: FlaskClient) -> None:
    scene = _make(app, families=2, contests=1, first_day=festival_day(now()))
    with app.app_context(), transaction():
        (gone, *_rest) = scene.entries[scene.contests[0]]
        db.session.execute(update(Entry).where(Entry.id == gone).values(state=EntryState.WITHDRAWN))
    text = _text(client, "/programme")
    assert "Danh Chung" not in text
    assert "Phương Uyên" in text


def test_a_plan_made_anew_and_not_yet_published_moves_no_call_and_brings_nobody_back(
    app: Flask, client: FlaskClient
) -> None:
    """The published version speaks of entries: new acts under numbers used before must not lend them their states."""
    scene = _make(app, families=4, contests=1, first_day=festival_day(now()))
    entries = scene.entries[scene.contests[0]]
    with app.app_context():
        with transaction():
            db.session.execute(update(Entry).where(Entry.id == entries[0]).values(state=EntryState.WITHDRAWN))
            # the new draw turns the order round
            for number, entry in enumerate(reversed(entries[1:]), start=11):
                db.session.execute(update(Entry).where(Entry.id == entry).values(number=number))
        with transaction():
            assert make_plan(scene.festival_id).placed == 3
        with transaction():
            act = db.session.query(Act).filter_by(entry_id=entries[3]).one()
            act.state, act.began_at = ActState.ON_STAGE, now()
    (stage,) = client.get("/api/v1/public/now").get_json()["stages"]
    assert (stage["now"]["number"], [line["number"] for line in stage["then"]]) == (4, [2, 3])
    assert "Danh Chung" not in _text(client, "/programme")


def test_now_is_small_and_follows_the_stage(app: Flask, client: FlaskClient) -> None:
    scene = _make(app, families=20, contests=1, first_day=festival_day(now()))
    with app.app_context(), transaction():
        acts = db.session.query(Act).order_by(Act.position).all()
        acts[0].state = ActState.DONE
        acts[1].state, acts[1].began_at = ActState.ON_STAGE, acts[1].starts_at + timedelta(minutes=5)
    answer = client.get("/api/v1/public/now")
    assert len(answer.data) < 1100
    (stage,) = answer.get_json()["stages"]
    assert (stage["now"]["number"], [line["number"] for line in stage["then"]]) == (2, [3, 4])
    assert (stage["late_min"], stage["called"]) == (5, True)
    assert scene.contests


def _give_marks(app: Flask, scene: Scene, whole: int) -> None:
    """Every entry of contest 1 gets a sheet; the marks depend on `whole`."""
    with app.app_context(), transaction():
        contest = scene.contests[0]
        user = create_user(f"gk{whole}", "Giám khảo", "", [Role.JUDGE])
        judge = Judge(contest_id=contest, user_id=user.id, seat=PanelSeat.MEMBER, letter="A")
        db.session.add(judge)
        db.session.flush()
        criteria = db.session.query(Criterion).filter_by(contest_id=contest).all()
        for place, entry in enumerate(scene.entries[contest]):
            marks = [Mark(criterion_id=row.id, milli=(whole * (place + 1) % 30) * 1000) for row in criteria]
            db.session.add(
                ScoreSheet(
                    judge_id=judge.id,
                    entry_id=entry,
                    state=SheetState.MARKED,
                    total_milli=sum(mark.milli for mark in marks),
                    marks=marks,
                    updated_at=now(),
                )
            )


def _put_awards(app: Flask, scene: Scene, best: int) -> None:
    with app.app_context(), transaction():
        contest = scene.contests[0]
        for place, entry in enumerate(scene.entries[contest]):
            first = place == best
            db.session.add(
                Award(
                    festival_id=scene.festival_id,
                    contest_id=contest,
                    entry_id=entry,
                    prize="Giải Nhất" if first else "Giải Khuyến khích",
                    position=1 if first else 4,
                )
            )


UNPUBLISHED = [state for state in ContestState if state is not ContestState.PUBLISHED]


def test_no_public_byte_depends_on_a_secret_mark_until_published(app: Flask, client: FlaskClient) -> None:
    """In each state before publication the pages are the same bytes without marks, with marks, with stored awards."""
    scene = _make(app, families=3, first_day=festival_day(now()))
    seen: dict[ContestState, list[dict[str, bytes]]] = {state: [] for state in UNPUBLISHED}

    def look() -> None:
        for state in UNPUBLISHED:
            _set_state(app, scene, state)
            seen[state].append({path: client.get(path).data for path in EVERYWHERE})

    look()
    _give_marks(app, scene, 7)
    look()
    _put_awards(app, scene, best=2)
    look()
    assert all(pages == looks[0] for looks in seen.values() for pages in looks)
    _set_state(app, scene, ContestState.PUBLISHED)
    assert client.get("/results").data != seen[ContestState.RELEASED][0]["/results"]


def _set_state(app: Flask, scene: Scene, state: ContestState) -> None:
    with app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.id == scene.contests[0]).values(state=state))


def test_published_results_are_prizes_in_draw_order_without_places_or_marks(app: Flask, client: FlaskClient) -> None:
    scene = _make(app, families=4, first_day=festival_day(now()))
    _give_marks(app, scene, 7)
    _put_awards(app, scene, best=2)
    _set_state(app, scene, ContestState.PUBLISHED)
    text = _text(client, "/results")
    assert text.index("Giải Nhất") < text.index("Gia đình Lâm Thị Sô Phia") < text.index("Giải Khuyến khích")
    rest = text[text.index("Giải Khuyến khích") :]
    order = [rest.index(name) for name in ("Danh Chung", "Phương Uyên", "Nguyễn Văn An")]
    assert order == sorted(order)
    assert "điểm</b>" not in text


def test_a_contest_that_is_public_at_once_is_read_at_once(app: Flask, client: FlaskClient) -> None:
    scene = _make(app, families=2, contests=2, at_once=(2,), first_day=festival_day(now()))
    assert "Kết quả hiện ở đây ngay sau mỗi lượt thi" in _text(client, "/results")
    with app.app_context(), transaction():
        db.session.add(Measure(entry_id=scene.entries[scene.contests[1]][0], value=7, updated_at=now()))
    assert "7 quả" in _text(client, "/results")
    assert "đồng hạng" not in _text(client, "/results")
    with app.app_context(), transaction():
        db.session.add(Measure(entry_id=scene.entries[scene.contests[1]][1], value=7, updated_at=now()))
    page = _text(client, "/contests/phan-thi-2")
    assert page.count("7 quả") == page.count("đồng hạng") == 2
    assert "Thứ hạng tạm tính" in page
    with app.app_context(), transaction():
        db.session.get_one(Contest, scene.contests[1]).state = ContestState.PUBLISHED
        db.session.query(Measure).update({"state": MeasureState.DID_NOT_START, "value": None})
    page = _text(client, "/contests/phan-thi-2")
    assert "quả" not in page.split("Kết quả từng lượt")[1].split("</ul>")[0] and "Không dự thi" in page
    assert "Thứ hạng tạm tính" not in page


def test_pages_ask_the_database_as_often_for_three_families_as_for_one(app: Flask) -> None:
    assert app.test_client().get("/").status_code == 200  # with its first request a process looks at its pass key
    counts = []
    for families in (1, 3):
        # The later edition is the one the pages speak of.
        _make(app, families=families, first_day=festival_day(now()) + timedelta(days=families), code=f"kg-{families}")
        counts.append({path: _queries(app, path) for path in EVERYWHERE})
    assert counts[0] == counts[1]


def _queries(app: Flask, path: str) -> int:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().upper().startswith("SELECT"):
            asked.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        assert app.test_client().get(path).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return len(asked)


def test_a_kept_snapshot_is_asked_once_and_renewed(app: Flask) -> None:
    _make(app)
    app.extensions["public_snapshot"].kept_s = 60.0
    client = app.test_client()
    client.get("/")
    assert _queries(app, "/programme") == 0
    app.extensions["public_snapshot"].kept_s = 0.0
    assert _queries(app, "/programme") > 0


def test_the_language_is_part_of_what_is_kept(app: Flask, client: FlaskClient) -> None:
    _make(app)
    vietnamese = client.get("/results").data
    client.set_cookie("lang", "en")
    english = client.get("/results")
    assert b'lang="en"' in english.data
    assert english.data != vietnamese
    assert "Cookie" in english.headers["Vary"]


def test_choosing_a_language_is_a_post(client: FlaskClient) -> None:
    page = client.get("/language?next=/results")
    assert page.status_code == 200
    assert b'method="post"' in page.data
    assert client.get_cookie("lang") is None


def test_public_json_says_not_found_in_words_when_there_is_no_festival(client: FlaskClient) -> None:
    answer = client.get("/api/v1/public/now")
    assert (answer.status_code, json.loads(answer.data)["error"]) == (404, "not_found")
