"""Is a public page that is kept answered alike on the short way and on Flask's own, and never when it is no longer so?"""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from flask import Flask, Response, request_started
from sqlalchemy import update

from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.access import Policy, policy_of
from festival.programme.queries import PublicView, festival_day
from festival.programme.snapshot import Snapshot
from festival.results.models import Award
from tests.programme.scene import Scene, make_festival

DAY = festival_day(now())
KEPT = (
    "/",
    "/programme",
    f"/programme/{DAY.isoformat()}",
    "/contests/phan-thi-1",
    "/results",
    "/privacy",
    "/help",
    "/posts",
    "/api/v1/public/now",
    "/api/v1/public/programme",
    "/api/v1/public/expected",
    "/api/v1/public/news",
)
BROWSERS = ("br, gzip", "gzip", "")
COOKIES = ("", "lang=vi", "lang=en")
LONG = 1.0e6


@pytest.fixture
def scene(app: Flask) -> Scene:
    with app.app_context(), transaction():
        return make_festival(families=3, first_day=DAY)


@pytest.fixture
def kept(app: Flask, scene: Scene) -> Snapshot:
    """The snapshot of a process that has just read the state, and goes on with it."""
    found: Snapshot = app.extensions["public_snapshot"]
    found.kept_s = LONG
    return found


class Visitor:
    """Asks with these headers; answers what came, whether Flask was asked, and what the numbers were told of it."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.client = app.test_client(use_cookies=False)
        self.counted: list[tuple[object, ...]] = []
        app.extensions["sums"].answered = lambda method, route, status, *_more: self.counted.append(
            (method, route, status)
        )

    def ask(self, path: str, *, method: str = "GET", **headers: str) -> tuple[Response, bool, list[tuple[object, ...]]]:
        usual: list[str] = []
        self.counted.clear()

        def note(_app: Flask, **_more: object) -> None:
            usual.append(path)

        told = {name.replace("_", "-"): value for name, value in headers.items() if value}
        with request_started.connected_to(note, self.app):
            answer = self.client.open(path, method=method, headers=told)
        return answer, bool(usual), list(self.counted)


def _head(answer: Response) -> list[tuple[str, str]]:
    """Every header in its order; of the date that it is there."""
    return [(name, "" if name == "Date" else value) for name, value in answer.headers]


def test_both_ways_answer_alike_to_the_last_header(app: Flask, kept: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    visitor = Visitor(app)
    for path, browser, cookie in product(KEPT, BROWSERS, COOKIES):
        visitor.ask(path, Accept_Encoding=browser, Cookie=cookie)
        whole, usual, counted = visitor.ask(path, Accept_Encoding=browser, Cookie=cookie)
        asked = {"Accept_Encoding": browser, "Cookie": cookie, "If_None_Match": whole.headers["ETag"]}
        still, usual_still, counted_still = visitor.ask(path, **asked)
        assert (usual, usual_still, still.status_code) == (False, False, 304), path
        with monkeypatch.context() as only:
            only.setattr(Snapshot, "known", lambda *_asked: None)
            for short, told, wanted in ((whole, counted, ""), (still, counted_still, whole.headers["ETag"])):
                own, usual, counted_own = visitor.ask(path, **(asked | {"If_None_Match": wanted}))
                assert usual and (own.status, _head(own), own.data) == (short.status, _head(short), short.data), path
                assert counted_own == told and len(told) == 1, path
    routes = {rule.rule: policy_of(app.view_functions[rule.endpoint]) for rule in app.url_map.iter_rules()}
    known = {each.route for each in kept._state.known.values()}
    assert {routes[route].kind for route in known} == {"anonymous"}  # type: ignore[union-attr]
    assert Policy("anonymous") == policy_of(app.view_functions["programme.results"])


@pytest.mark.either_database
def test_whoever_asks_otherwise_goes_the_usual_way(app: Flask, kept: Snapshot) -> None:
    visitor = Visitor(app)
    tag = visitor.ask("/results")[0].headers["ETag"]
    otherwise = [
        ("/results?lang=en", {}, 200),
        ("/results", {"Cookie": "session=x"}, 200),
        ("/results", {"Cookie": "lang=vi; signin=x"}, 200),
        ("/results", {"Cookie": "lang=fr"}, 200),
        ("/results", {"If_None_Match": f'"other", {tag}'}, 304),
        ("/results", {"If_None_Match": "*"}, 304),
        ("/results", {"If_None_Match": 'W/"000000000000000000000000"'}, 200),
        ("/results", {"If_None_Match": tag, "If_Match": tag}, 412),
        ("/results/files/results.json", {}, 200),  # a hash opened meanwhile is in no view
        ("/programme/stages/a.ics", {}, 200),
        ("/programme/changes", {}, 200),
        ("/results/proof", {}, 200),
        ("/contests/khong-co", {}, 404),
    ]
    for path, headers, status in otherwise * 2:
        answer, usual, _counted = visitor.ask(path, **headers)
        assert (answer.status_code, usual) == (status, True), (path, headers)
    assert visitor.ask("/results", method="HEAD")[1] and visitor.ask("/results", method="POST")[0].status_code == 405
    assert visitor.ask("/results", If_None_Match=tag)[1] is False


def _published(app: Flask, scene: Scene, state: ContestState) -> None:
    contest = scene.contests[0]
    with app.app_context(), transaction():
        db.session.execute(update(Contest).where(Contest.id == contest).values(state=state))
        if db.session.query(Award).first() is None:
            award = Award(festival_id=scene.festival_id, contest_id=contest, prize="Giải Nhất", position=1)
            award.entry_id = scene.entries[contest][0]
            db.session.add(award)


def test_an_old_tag_confirms_nothing_once_the_state_was_read_anew(app: Flask, kept: Snapshot, scene: Scene) -> None:
    visitor = Visitor(app)

    def read_anew() -> Response:
        kept.kept_s = 0.0
        assert visitor.ask("/results", If_None_Match=tags[-1])[1], "what is too old is read by the usual way"
        kept.kept_s = LONG
        answer, usual, _counted = visitor.ask("/results")
        assert not usual
        return answer

    hidden = visitor.ask("/results")[0]
    tags = [hidden.headers["ETag"]]
    for state in (ContestState.PUBLISHED, ContestState.RELEASED):
        _published(app, scene, state)
        answer = read_anew()
        assert ("Giải Nhất" in answer.get_data(as_text=True)) is (state is ContestState.PUBLISHED)
        old, _usual, _counted = visitor.ask("/results", If_None_Match=tags[-1])
        assert (old.status_code, old.data) == (200, answer.data)
        tags.append(answer.headers["ETag"])
    assert tags[0] == tags[2] != tags[1]


class Careless(Snapshot):
    """Keeps what was drawn from an older state among the pages of the newest."""

    def page(self, view: PublicView | None, *drawing: object, **more: object) -> Response:
        return super().page(self._state.view, *drawing, **more)  # type: ignore[arg-type]


@pytest.mark.either_database
@pytest.mark.parametrize(("kind", "stale"), [(Snapshot, False), (Careless, True)])
def test_a_page_drawn_while_another_read_a_newer_state_is_not_kept(
    app: Flask, scene: Scene, kind: type[Snapshot], stale: bool
) -> None:
    mine = kind(LONG)

    def results(view: PublicView | None) -> bytes:
        assert view is not None
        return mine.page(view, "/results", lambda: str(view.contests[0].published), of_view=True).data

    with app.test_request_context("/results"):
        with reading():
            before = mine.view()
        _published(app, scene, ContestState.PUBLISHED)
        mine.kept_s = 0.0
        with reading():
            after = mine.view()
        mine.kept_s = LONG
        assert results(before) == b"False"
        known = mine.known("/results", "")
        assert (known is not None) is stale
        assert results(after) == (b"False" if stale else b"True")


@pytest.mark.either_database
def test_the_programme_of_another_day_follows_the_day(
    app: Flask, kept: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor, at = Visitor(app), now()
    first, second = (f'"/programme/{(DAY + timedelta(days=n)).isoformat()}" aria-current="page"' for n in (0, 1))
    shown = []
    for days in (0, 1, 5):
        kept.kept_s = 0.0
        monkeypatch.setattr("festival.programme.queries.now", lambda days=days: at + timedelta(days=days))
        visitor.ask("/programme")
        kept.kept_s = LONG
        answer, usual, _counted = visitor.ask("/programme")
        text = answer.get_data(as_text=True)
        shown.append((usual, first in text, second in text))
    assert shown == [(False, True, False), (False, False, True), (False, True, False)]
