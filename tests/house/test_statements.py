"""Does every page ask the database a fixed number of things, and few, however large the festival grows?

Every GET door of the URL map is opened by those who may open it, in a festival of 3 families and in one of 30 with twice
the contests, stages, panels, delegations and devices; on the days of the festival, and when all is published. What is
asked before the page (who comes?) counts too. On the same walk: does no title and no address that goes into a browser's
history name anybody?
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select
from werkzeug.routing import Rule

from festival.accounts import actions as accounts
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.core.clock import now
from festival.core.database import db
from festival.core.looks import EXTENSION as LOOKS_NOTED
from festival.core.transaction import transaction
from festival.core.web.access import Policy
from festival.editions.models import PhaseKind
from festival.factory import create_app
from tests.conftest import test_config as settings
from tests.house.filling import known, made
from tests.house.growing import RUNGS, STAFF, finish, grow, grown
from tests.house.history import History, plant
from tests.house.test_access import ANYBODY, DEVICES, FAMILY, HEAD, allowed, come_as, doors

MOST = 20
# A door that needs more has its own bound here, with the reason.
MORE: dict[str, int] = {
    "/programme/changes": 21,  # the public state is read anew, with its posts
    "/results/proof": 21,  # the public state is read anew, and what was published before the results
    "/mc/sheets/<sheet>/<int(max=9007199254740991):number>.pdf": 21,  # whether each thing on the paper still is so
    "/contests/<code>/explain": 33,  # all results, and all that one place follows from
    "/office/checkin": 22,  # the list of the gates is made when this process has none yet
    "/family": 21,  # the turns, who agreed, and what is asked of the acts
    "/office": 25,  # the day, requests of families and petitions that wait, the pack of paper that could not be made in the night, what is down, who serves
    "/panel/<code>/minutes": 24,  # all of a contest, the paper that was printed of it, its border check, who confirmed, who met, on what it is founded
    "/office/ceremony": 21,  # what three sheets would say now: all awards, who comes up, guests, delegations; and what was printed and written
    "/whole-delegation": 21,  # all contests with their results, points given, petitions that wait, which signed pages are here
    "/whole-delegation/signed": 21,
    "/panel/<code>/mc": 21,  # the awards, and who agreed to no picture, who needs a hand, which names nobody proofed
    "/mc": 23,  # the awards, who gives and who comes up, and what the script and the sheet in the hand say otherwise than now
    "/office/substitutions/<code>/<int(max=9007199254740991):number>": 23,  # a family and an entry, who agreed, and the timetable with what it has to keep
    "/office/privacy/requests/<asked>/data": 42,  # every table that knows of a person is read once
    "/office/privacy/requests/<asked>/data.pdf": 42,
}
NOT_COUNTED = ("BEGIN", "PRAGMA", "SAVEPOINT", "RELEASE", "ROLLBACK")
# The edition itself; under another name it is only asked for its first day, inside the question who is a child.
FESTIVAL_READ = re.compile(r"FROM festival(?! AS)(\s|$)")
# The doors of the panels are open to every account, and a seat decides: these have one, or look after results.
SEATED = {Role.ORGANISER, Role.SECRETARY, Role.CHAIR, Role.MC}
# Good while nobody looks after the database: tests/accounts/test_first_start.py counts it.
ONLY_AT_FIRST = {"/setup/<token>"}
# The photo of a sheet somebody has signed, the screen of a child of a form that is being typed, slips of a third marking of equal
# entries: none of them is in the grown festival.
NOT_THERE = {
    # made by the worker, and printed when the names were confirmed: tests/ceremony/test_certificates.py
    "/office/certificates/file",
    # the archive of an edition, one sheet of awards, one page sent of the delegations: tests/office/test_after.py,
    # tests/results/test_award_papers.py, tests/results/test_signed_scans.py
    "/office/after/file",
    "/office/after/state",
    "/office/award-papers/<int(max=9007199254740991):sheet_id>/<file>",
    # a print of a list to sign: tests/results/test_paying.py
    "/office/lists/<int(max=9007199254740991):number>/prints/<int(max=9007199254740991):printed>/<file>",
    "/whole-delegation/signed/<int(max=9007199254740991):use_id>/<int(max=9007199254740991):page>",
    "/office/certificates/state",
    "/office/certificates/of/<code>/pdf",
    # between the last lock and the signature of the whole: tests/results/test_whole_meeting.py
    "/whole-delegation/meeting",
    "/metrics",  # for a machine that watches, with a token; read in tests/operations/test_metrics.py
    "/panel/<code>/mark-again",
    "/delegation/<code>/families/<family>/agreements/photo",
    # who could come in differs from festival to festival; counted in tests/registration/test_substituting.py
    "/delegation/<code>/families/<family>/substitute/<choice>",
    "/office/registrations/<code>/substitute/<choice>",
    "/office/registrations/<code>/agreements/photo",
    "/register/<token>/child/<at>",
    # their own code stands in the address; counted in tests/portal/test_calendars.py
    "/calendars/delegations/<code>/<token>.ics",
    "/calendars/families/<code>/<token>.ics",
}
# What a page shows depends on what is asked after the question mark.
ASKED = {
    "/office/editions/<code>": ("", "?show=programme", "?show=families"),
    "/office/passes": ("", "?delegation={delegation[0]}"),
    "/office/passes/pdf": ("?delegation={delegation[0]}", "?family={family}"),
    "/office/lost": ("", "?s={search}"),
    "/programme/search": ("", "?s={search}"),
    "/office/report/list": ("?of=contests&row=sum&in=performers",),
    "/office/registrations": ("", "?state=all", "?s={search}&state=all"),
    "/office/setup/<code>/contests/new": ("", "?template=tai-nang", "?kind=quiz"),
    "/office/checkin": ("?day=2024-06-14",),
    "/panel/<code>/awards": ("", "?bound=Nhì&step=1"),
    "/panel/<code>/correct": ("?judge=A&entry={entry}",),
    "/contests/<code>/explain": ("", "?entry={entry}"),
    "/panel/<code>/explain": ("", "?entry={entry}"),
    "/panel/<code>/pin": ("?judge=A",),
    "/panel/<code>/border/slip": ("?judge=A&entry={entry}",),
    "/panel/<code>/slip": ("?judge=A&entry={entry}",),
    "/panel/<code>/slip/resolve": ("?judge=A&entry={entry}",),
    "/api/v1/sync/state": ("", "?known=checkin:kg-2024"),
}
# Which part of an address says what its code is of; the code of any other address is a contest's.
KINDS = (
    "setup",
    "parent",
    "registrations",
    "waiting-list",
    "stage",
    "stages",
    "substitutions",
    "delegation",
    "delegations",
    "logistics",
    "names",
    "desk",
    "signing",
    "groups",
    "teams",
    "g",
    "d",
    "editions",
    "badges",
    "join",
    "kept",
    "hall",
)
# Which paper an address with this word in it shows.
PAPERS = {"draws": "draw_minutes", "names": "sheet", "receipts": "receipt"}
NUMBERED = {
    "matches",
    "acts",
    "substitutions",
    "draws",
    "petitions",
    "posts",
    "report",
    "lists",
}  # of the first there is one
# What these show depends on who looks; of another page the menu does, and two who open it are enough.
BY_SEAT = ("/panel", "/whole-delegation", "/home", "/account")
# They read results, so they are opened once more when all is published.
OF_RESULTS = (
    "/contests",
    "/panel",
    "/whole-delegation",
    "/family",
    "/results",
    "/office/results",
    "/office/publication",
    "/head/results",
    "/office/certificates",
    "/office/ceremony",
    "/mc",
    "/hall/reveal",
)


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """What is sent to the database of `app` meanwhile."""
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.lstrip().upper().startswith(NOT_COUNTED):
            seen.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def addresses(rule: Rule, values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A door's addresses in this festival, each with a name that is the same in every festival."""
    parts = rule.rule.split("/")
    kind = next((part for part in KINDS if part in parts), "contests")
    # Blank sheets are a drawing for each judge and entry: one contest shows it.
    alike = kind == "contests" and ("office" in parts or "blank" in parts)
    codes = values[kind][:1] if alike else values[kind]
    several = {
        "code": codes,
        "contest": values["contests"],
        "family": [values["family"]],
        "token": [values["once" if "once" in parts else "draft"]],
        "user_id": [values["judge" if "scopes" in parts else "user_id"]],
        "person": [values["outsider" if "badges" in parts else "asked_child" if "child" in parts else "person"]],
        "at": ["0"],
        **{name: [values[name]] for name in ("batch", "imported", "on", "purpose")},
        **{name: ["cau-long"] for name in ("team_contest", "knock_out")},
        "team": ["new"],
        "session_id": [values["session"]],
        "meal_id": [values["meal"]],
        "key": values["key"],
        "photo_id": [values["photo"]],
        "act_id": [values["waiting_act"]],
        "act": [values["officer_act" if "delegation" in parts else "act"]],
        "choice": [values["choice"]],
        "number": [1 if NUMBERED & set(parts) else values["script" if "mc" in parts else "announcement"]],
        "paper_id": [values[PAPERS.get(next((each for each in PAPERS if each in parts), ""), "paper")]],
        "version": [2],
        "name": ["theo-san-khau"],
        "stage": ["san-khau-chinh"],
        "asked": [values["asked"]],
        "child": [values["child"]],
        **{name: [1] for name in ("round_", "sheet_id", "page")},
        "kind": ["track" if "acts" in parts else PhaseKind.JUDGING.value],
        "rest": ["whole-delegation"],
        "unit": [values["signing_unit"]],
        "list_id": [values["signing_list"]],
        "file": ["1-1"],
        "wish_id": [values["wish"]],
        "use_id": [values["scan"]],
        **{name: [value] for kind in ("report", "ceremony") for name, value in values[kind].items()},
    }
    names = sorted(rule.arguments)
    for first in several[names[0]] if names else [""]:
        chosen = {name: several[name][0] for name in names} | ({names[0]: first} if names else {})
        _domain, path = rule.build(chosen, append_unknown=False) or ("", "")
        shown = f" ({first})" if first in RUNGS else ""
        for asked in ASKED.get(rule.rule, ("",)):
            filled = asked.format(entry=values["entries"].get(first, ""), **values)
            yield f"{rule.rule}{asked}{shown}", path + filled


Counts = dict[str, tuple[int, int, int]]


def counts(app: Flask, values: dict[str, Any], history: History, *, of_results: bool) -> Counts:
    """By door and actor: the status, how many statements there were, and how often one of them read the festival."""
    found = {}
    enough = Counter[str]()
    if of_results:
        values = values | {"contests": values["contests"][:1]}  # all are published
    for actor in (ANYBODY, FAMILY, HEAD, *STAFF, *DEVICES):
        client, headers = visitor(app, actor)
        # The public state is read for the public pages; the other doors find what the process keeps of it.
        app.extensions["public_snapshot"].kept_s = 0.0 if actor == ANYBODY else 3600.0
        for method, rule, policy in doors(app):
            if method != "GET" or "filename" in rule.arguments or not opens(policy, actor):
                continue
            if of_results and rule.rule not in ("/", "/office") and not rule.rule.startswith(OF_RESULTS):
                continue
            for name, path in addresses(rule, values):
                if enough[path] >= 2 and not rule.rule.startswith(BY_SEAT):
                    continue
                with statements(app) as seen:
                    answer = client.get(path, headers=headers)
                assert answer.status_code < 500, path
                # A paper has no menu, so it is the same to all who open it.
                enough[path] += (1 if answer.mimetype == "text/html" else 2) * (answer.status_code == 200)
                history.take(path, answer)
                reads = sum(FESTIVAL_READ.search(statement) is not None for statement in seen)
                found[f"{name} {actor}"] = answer.status_code, len(seen), reads
    return found


def visitor(app: Flask, actor: str) -> tuple[FlaskClient, dict[str, str]]:
    """Somebody with the demo's own account, link or device."""
    if actor not in set(STAFF):
        return come_as(app, actor)
    client = app.test_client()
    with app.app_context(), transaction():
        user_id = db.session.scalars(select(User.id).where(User.login == STAFF[Role(actor)])).one()
        client.set_cookie("signin", accounts.open_sign_in(user_id, 1).token)
    return client, {}


def opens(policy: Policy | None, actor: str) -> bool:
    """Whether this visitor is to open the door: a public one once, a panel's by who may have a seat in it."""
    if policy is not None and policy.kind == "anonymous":
        return actor == ANYBODY
    everybody = policy is not None and policy.kind == "user" and policy.permission is None
    return actor in SEATED if everybody else allowed(policy, actor)


Sizes = list[tuple[Flask, dict[str, Any]]]


def within_an_hour(sizes: Sizes, history: History, *, of_results: bool) -> list[Counts]:
    """The counts of each. A look at what is secret is noted once an hour: when the hour turned meanwhile, all count once more."""
    while True:
        for app, _values in sizes:
            app.extensions[LOOKS_NOTED].clear()
        hour = now().hour
        found = [counts(app, values, history, of_results=of_results) for app, values in sizes]
        if now().hour == hour:
            return found


def bound(door: str) -> int:
    """How much a door may ask, whatever is asked after its question mark."""
    return MORE.get(door.split(maxsplit=1)[0].partition("?")[0], MOST)


@pytest.mark.long
@pytest.mark.either_database
@pytest.mark.begins_with(build=grown)
def test_pages_ask_little_and_the_same_at_any_size(app: Flask, second_database_url: str, tmp_path: Path) -> None:
    large = create_app(settings(tmp_path / "second", second_database_url))
    grow(large, families=30, times=2)
    for each in (app, large):
        plant(each)
        made(each, known(each)["contests"][0])
    opened, history = set(), History()
    for of_results in (False, True):
        if of_results:
            finish(app)
            finish(large)
        few, many = within_an_hour([(each, known(each)) for each in (app, large)], history, of_results=of_results)
        assert {door: (few[door], many[door]) for door in few if few[door] != many[door]} == {}
        most = {door: asked for door, (_, asked, _) in many.items() if asked > bound(door)}
        assert most == {}
        # The pages of setting up are about the edition of their address; their menu asks for the current one.
        assert [
            door for door, (_, _, reads) in many.items() if reads > 1 + door.startswith("/office/setup/<code>")
        ] == []
        opened |= {door.partition("?")[0].split()[0] for door, (status, _, _) in many.items() if status < 400}
    assert history.named == []
    assert len(history.titles) > 30 and history.shown > 20, "pages do show the names"
    gets = {rule.rule for method, rule, _ in doors(app) if method == "GET" and "filename" not in rule.arguments}
    assert gets - opened == ONLY_AT_FIRST | NOT_THERE
