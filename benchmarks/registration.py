"""How many families a second can press "send"?

One request is the final POST of a family of four: consents of all, the letter in the outbox, one transaction, the rate
limiter on, every family with its own phone number. The forms were filled before (each step is saved on the server).
"""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select, update

from benchmarks.load import request, spread
from benchmarks.measure import CONNECTIONS, SEED, Bench, load, report, served
from festival.consent.models import Consent
from festival.contests.models import Contest
from festival.core.births import Birth
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.demo.build import build
from festival.editions.actions import open_phase
from festival.editions.models import PhaseKind
from festival.editions.queries import the_festival
from festival.registration.editing.keeping import begin, save_step
from festival.roster.household import Household, Member
from festival.roster.models import Delegation, Family, FamilyState
from festival.roster.people import Relation, Sex


def final_post(bench: Bench, database: str, n: int = 600) -> None:
    """Families side by side."""
    app, config = bench.festival(database)
    with app.app_context():
        build(15, SEED, "")
        with transaction():
            open_phase(the_festival().id, PhaseKind.REGISTRATION, now() - timedelta(days=1), now() + timedelta(days=30))
            db.session.execute(update(Delegation).values(families_max=5000))
            db.session.execute(update(Contest).values(entries_per_delegation=5000))
        with reading():
            before = (_count(Family), _count(Consent))
    tokens = _drafts(app, n)
    cookie, token = _form_token(app, tokens[0])
    answers = {"csrf_token": token}
    for member in range(4):
        answers |= {
            f"agree-{member}": "y",
            f"own-{member}": "y",
            f"guardian-{member}": "Danh Chung",
            f"guardian-as-{member}": "father",
        }
    body = urlencode(answers).encode()
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookie}
    posts = [request("POST", f"/register/{draft}/review", body, headers) for draft in tokens]
    with served(app, config, rate_limits=True) as running:
        outcome, cpu = load(running, spread(posts, CONNECTIONS), lambda status, _body: status == 302)
    with app.app_context(), reading():
        made = (_count(Family) - before[0], _count(Consent) - before[1])
    if made[0] != n or made[1] < 4 * n:
        outcome.errors.append(f"{made} families and consents of {n}")
    report("registration, final POST of a family of four", database, outcome, cpu=cpu, connections=CONNECTIONS)


def _count(model: type[Family | Consent]) -> int:
    query = select(func.count()).select_from(model)
    if model is Family:
        query = query.where(Family.state == FamilyState.SUBMITTED)
    return db.session.scalar(query) or 0


def _drafts(app: Flask, n: int) -> list[str]:
    tokens = []
    with app.app_context(), transaction():
        festival = the_festival()
        delegations = list(db.session.scalars(select(Delegation.code).where(Delegation.self_registration)))
        for number in range(n):
            draft, token = begin(festival.id)
            save_step(draft, "contests", delegations[number % len(delegations)], _household(number), doubtful=False)
            tokens.append(token)
    return tokens


def _household(number: int) -> Household:
    return Household(
        phone=f"09{70_000_000 + number:08d}",
        email=f"gia-dinh-{number}@thu.invalid",
        members=(
            Member("Danh Chung", Relation.REPRESENTATIVE, Sex.MALE, Birth(1980, 5, 1), contests=("tai-nang",)),
            Member("Thị Ngọc Ánh", Relation.SPOUSE, Sex.FEMALE, Birth(1983, 7, 2), contests=("tai-nang",)),
            Member("Danh Minh Khang", Relation.CHILD, Sex.MALE, Birth(2012, 3, 9), contests=("tai-nang",)),
            Member("Danh Thị Hòa", Relation.CHILD, Sex.FEMALE, Birth(2015, 1, 30), contests=("tai-nang",)),
        ),
    )


def _form_token(app: Flask, draft: str) -> tuple[str, str]:
    """A session's cookie and the form token that goes with it."""
    client = app.test_client()
    page = client.get(f"/register/{draft}/review")
    cookie = "; ".join(header.split(";", 1)[0] for header in page.headers.getlist("Set-Cookie"))
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.get_data(as_text=True))
    if found is None:
        raise SystemExit(f"no form token on the review page ({page.status_code})")
    return cookie, found[1]
