"""How long does the server think about each staff page of a festival of 1,000 families, and what does the page weigh?

Every GET page behind an account is taken from the URL map, so that a new one is measured without anybody thinking of it;
`VALUES` says with which rows, `ALSO` which other views of a list matter. One request after the other inside this process:
the time is the server's own, without gunicorn and network, and `cpu_ms` what of it was this process at work (on a machine
that others use too the two differ). Size is the body, gzipped at level 6. The first requests warm up and are not timed.
"""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from statistics import median

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from benchmarks.measure import SEED, Bench, commit, engine_version
from festival.accounts.actions import open_sign_in
from festival.accounts.models import User, UserRole
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import PERMISSIONS
from festival.contests.models import Contest, Judge, PanelSeat, ResultKind
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, policy_of
from festival.demo.build import build
from festival.devices.handlers import DeviceRole
from festival.editions.queries import the_festival
from festival.results.ladder.lock import lock
from festival.roster.models import Delegation, DelegationOfficer, Entry, EntryState, Family, FamilyState
from festival.schedule.models import Act, ActState, Session, Stage
from tests.devices.kit import Fair, Phone, as_if_opened, enrolment

FAMILIES = 1000
TIMES = 15
MOST_MS = 150
MOST_KB = 60
# A panel's pages are open to several and differ: who sees most of one goes first.
OF_A_PANEL = ("thuky", "giamkhao1", "bantochuc")
ORDER = ("bantochuc", "thuky", "giamkhao1", "sankhau", "congtruong", "dandat", "canbo1")
# Files and what is only known after an upload are no pages.
LEFT_OUT = {
    "accounts.once",
    "judging.blank_file",
    "judging.blank_state",
    "passes.all_cards_file",
    "passes.all_cards_state",
    "passes.cards_pdf",
}
ANSWERED = {200, 302, 304}
PANEL = ("/panel", "/whole-delegation")
OPENS_LATER = ("/mc", "/minutes")  # after the lock, after the release


@dataclass(frozen=True, slots=True)
class Seen:
    """One page as it was answered."""

    who: str
    path: str
    status: int
    ms: float
    cpu_ms: float
    kb: float
    raw_kb: float
    statements: int


def staff(bench: Bench, database: str) -> None:
    """Build the festival, measure while judges mark and again after the lock, print a line a page."""
    app, _config = bench.festival(database)
    with app.app_context():
        build(FAMILIES, SEED, "")
        db.session.remove()
    seen = [_said(each, database, "while judges mark") for each in measured(app)]
    _lock_every_contest(app)
    seen += [_said(each, database, "after the lock") for each in measured(app, of_a_panel=True)]
    refused = [f"{each.who} {each.path}: {each.status}" for each in seen if each.status not in ANSWERED]
    if refused:
        raise SystemExit(f"pages that did not open: {', '.join(refused)}")


def within(seen: Seen) -> bool:
    """What the house promises of every staff page; what a gate keeps for hours without network is no page."""
    return seen.ms <= MOST_MS and (seen.kb <= MOST_KB or seen.who in {"gate", "desk", "lead"})


def _said(seen: Seen, database: str, when: str) -> Seen:
    print(json.dumps(_line(seen, database) | {"when": when, "within": within(seen)}, ensure_ascii=False), flush=True)
    return seen


def _lock_every_contest(app: Flask) -> None:
    """By the command line's way: a reason instead of two people."""
    with app.app_context():
        with reading():
            contests = list(db.session.scalars(select(Contest.id).order_by(Contest.position)))
        for contest in contests:
            with transaction():
                lock(contest, None, None, "đo tốc độ")


def _line(seen: Seen, database: str) -> dict[str, object]:
    return {
        "what": f"page {seen.path}",
        "who": seen.who,
        "database": database,
        "families": FAMILIES,
        "status": seen.status,
        "ms": round(seen.ms, 1),
        "cpu_ms": round(seen.cpu_ms, 1),
        "kb": round(seen.kb, 1),
        "kb_uncompressed": round(seen.raw_kb, 1),
        "statements": seen.statements,
        "n": TIMES,
        "engine": engine_version(database),
        "commit": commit(),
    }


def measured(app: Flask, times: int = TIMES, *, of_a_panel: bool = False) -> Iterator[Seen]:
    """Every staff page that opens for this account, and every device's state; or only the pages of a panel.

    A page that opens for nobody is measured as it is refused, so that its line says so.
    """
    app.config["TESTING"] = True
    shown = [page for page in staff_pages(app) if not of_a_panel or page[1].startswith(PANEL)]
    clients = {who: _signed_in(app, who) for who, _path in shown}
    opens = {page: clients[page[0]].get(page[1]).status_code in {200, 302} for page in shown}
    somebody = {path for (_who, path), good in opens.items() if good}
    refused: set[str] = set()
    for who, path in shown:
        if not opens[who, path] and (path in somebody or path in refused or path.endswith(OPENS_LATER)):
            continue
        refused.add(path)
        yield _measure(app, who, path, partial(clients[who].get, path), times)
        if path.endswith("/matrix"):
            known = {"If-None-Match": clients[who].get(path).headers["ETag"]}
            yield _measure(app, who, f"{path} (nothing new)", partial(clients[who].get, path, headers=known), times)
    for role in () if of_a_panel else DeviceRole:
        phone = _device(app, role)
        ask = partial(phone.client.get, "/api/v1/sync/state", headers={"Authorization": f"Bearer {phone.token}"})
        yield _measure(app, role.value, "/api/v1/sync/state", ask, times)


def _measure(app: Flask, who: str, path: str, ask: Callable[[], TestResponse], times: int) -> Seen:
    with app.app_context():
        engine = db.engine
    counted = 0

    def count(*_args: object) -> None:
        nonlocal counted
        counted += 1

    answer = ask()
    event.listen(engine, "before_cursor_execute", count)
    ask()
    event.remove(engine, "before_cursor_execute", count)
    took, worked = [], []
    for _ in range(times):
        began, busy = time.perf_counter(), time.process_time()
        answer = ask()
        took.append(time.perf_counter() - began)
        worked.append(time.process_time() - busy)
    body, status = answer.data, answer.status_code
    packed = len(gzip.compress(body, 6))
    return Seen(who, path, status, median(took) * 1000, median(worked) * 1000, packed / 1000, len(body) / 1000, counted)


def staff_pages(app: Flask) -> list[tuple[str, str]]:
    """(login, path) of every GET page behind an account."""
    with app.app_context(), reading():
        values = _values()
        permissions = _permissions()
    found = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule):
        policy = policy_of(app.view_functions[rule.endpoint])
        if policy is None or policy.kind != "user" or "GET" not in (rule.methods or ()) or rule.endpoint in LEFT_OUT:
            continue
        if policy.permission is None:
            who: tuple[str, ...] = OF_A_PANEL if rule.rule.startswith("/panel") else ("thuky",)
        else:
            who = tuple(login for login in ORDER if policy.permission in permissions[login])[:1]
        found += [(login, path) for login in who for path in _paths(rule, values)]
    return found


def _paths(rule: Rule, values: dict[str, dict[str, list[dict[str, object]]]]) -> list[str]:
    """The rule's address for each row that is to be looked at."""
    given = next((rows for prefix, rows in values.items() if rule.rule.startswith(prefix)), None)
    if not rule.arguments and given is None:
        return [rule.rule]
    if given is None:
        raise SystemExit(f"benchmarks/staff_pages.py does not know with which rows to open {rule.rule}")
    paths = []
    for row in given.get(rule.rule, given["*"]):
        built = rule.build(dict(row), append_unknown=True)
        if built is None:
            raise SystemExit(f"benchmarks/staff_pages.py cannot build {rule.rule} from {row}")
        paths.append(built[1])
    return paths


def _stages() -> list[str]:
    """Codes of stages, the one with the most acts first."""
    return list(
        db.session.scalars(
            select(Stage.code)
            .join(Session)
            .join(Act)
            .group_by(Stage.id, Stage.code)
            .order_by(func.count(Act.id).desc())
        )
    )


def _values() -> dict[str, dict[str, list[dict[str, object]]]]:
    """By the beginning of a rule: the rows its pages are opened with ("*"), or those of one rule."""
    festival = the_festival()
    most = func.count(Entry.id).desc()
    contests = db.session.execute(
        select(Contest.code, Contest.id, Contest.result_kind)
        .join(Entry)
        .group_by(Contest.id)
        .order_by(most, Contest.id)
    ).all()
    rubric = next(row for row in contests if row.result_kind is ResultKind.RUBRIC)
    timed = next(row for row in contests if row.result_kind is not ResultKind.RUBRIC)
    chaired = db.session.scalars(
        select(Contest.code)
        .join(Judge)
        .join(User, User.id == Judge.user_id)
        .where(User.login == OF_A_PANEL[1], Judge.seat == PanelSeat.CHAIR)
        .order_by(Contest.position)
    ).first()
    entry = db.session.scalars(
        select(Entry.code)
        .where(Entry.contest_id == rubric.id, Entry.state == EntryState.ENROLLED)
        .order_by(Entry.number)
    ).first()
    delegation = db.session.scalars(
        select(Delegation)
        .join(DelegationOfficer)
        .join(User, User.id == DelegationOfficer.user_id)
        .where(User.login == "canbo1")
    ).one()
    family, waiting = (
        db.session.scalars(
            select(Family.code)
            .where(Family.festival_id == festival.id, Family.delegation_id == delegation.id, Family.state == state)
            .order_by(Family.id)
        ).first()
        for state in (FamilyState.APPROVED, FamilyState.SUBMITTED)
    )
    user = db.session.scalars(select(User.id).where(User.login == "canbo1")).one()
    panel: list[dict[str, object]] = [{"code": code} for code in dict.fromkeys([rubric.code, chaired, timed.code])]
    code: list[dict[str, object]] = [{"code": delegation.code}]
    return {
        "/panel/<code>": {
            "*": panel,
            "/panel/<code>/slip": [{"code": rubric.code, "judge": "A", "entry": entry}],
            "/panel/<code>/blank": [{"code": rubric.code}],
        },
        "/office/contests/<code>": {"*": panel},
        "/office/people/<": {"*": [{"user_id": user}]},
        "/office/phases/": {"*": [{"kind": "registration"}]},
        "/office/registrations/<": {"*": [{"code": each} for each in (family, waiting) if each]},
        "/office/registrations": {"*": [{}, {"state": "approved"}, {"state": "all", "page": 7}]},
        "/office/passes": {"*": [{}, {"delegation": delegation.code}]},
        "/office/schedule/<code>": {"*": panel},
        "/office/schedule/versions": {"*": [{"version": 1}]},
        "/office/stage/acts/": {"*": [{"act_id": _waiting_act()}]},
        "/office/stage/<code>": {"*": [{"code": stage} for stage in _stages()[:2]]},
        "/delegation/<code>/families/<family>": {"*": [{"code": delegation.code, "family": family}]},
        "/delegation/<code>": {"*": code},
    }


def _waiting_act() -> int | None:
    """The first of a session that has not begun; none of a match."""
    waiting = select(Act.id).join(Session).join(Contest, Contest.id == Session.contest_id)
    wanted = waiting.where(Act.state == ActState.WAITING, Contest.result_kind != ResultKind.MATCH)
    return db.session.scalars(wanted.order_by(Act.position, Act.session_id)).first()


def _permissions() -> dict[str, frozenset[Permission]]:
    found: dict[str, frozenset[Permission]] = dict.fromkeys(ORDER, frozenset())
    for login, role in db.session.execute(
        select(User.login, UserRole.role).join(UserRole, UserRole.user_id == User.id).where(User.login.in_(ORDER))
    ):
        found[login] |= PERMISSIONS[role]
    return found


def _signed_in(app: Flask, login: str) -> FlaskClient:
    with app.app_context(), transaction():
        user_id = db.session.scalars(select(User.id).where(User.login == login)).one()
        token = open_sign_in(user_id, 1).token
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    return client


def _device(app: Flask, role: DeviceRole) -> Phone:
    with app.app_context(), reading():
        fair = Fair(the_festival().id)
        user = db.session.scalars(select(User.id).where(User.login == "giamkhao1")).one()
    client: FlaskClient = app.test_client()
    judge = role == DeviceRole.JUDGE
    phone = Phone(client, enrolment(app, fair, role, "Máy đo", user if judge else None), with_key=judge)
    return as_if_opened(app, phone) if judge else phone
