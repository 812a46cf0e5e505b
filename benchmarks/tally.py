"""From the last sheet to a tally that can be printed: how long at 75 families?

All families of the demo enter the contest with the most judges, every sheet but one is taken; then the last sheet, the secretary's
page, and the tally as PDF and as document, one after the other inside this process, by the doors the secretary uses. `cpu_s` is what
this process and those it starts were at work.
"""

from __future__ import annotations

import os
import time
import uuid
from typing import Any

from sqlalchemy import Select, func, select, update

from benchmarks.load import Outcome
from benchmarks.measure import SEED, Bench, report
from festival.accounts.actions import open_sign_in
from festival.accounts.models import User
from festival.accounts.queries import SESSION_COOKIE
from festival.contests.models import Contest, Judge, ResultKind
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.demo.build import build
from festival.editions.queries import the_festival
from festival.judging.models import ScoreSheet
from festival.judging.sheet_messages import SheetMessage
from festival.judging.taking_sheets import take_sheets
from festival.roster.models import Entry, EntryState, Family, FamilyState

FAMILIES = 75
AIM_S = 30.0


def last_sheet(bench: Bench, database: str) -> None:
    """Seconds from the last sheet's taking to the bytes of the printed tally."""
    app, _config = bench.festival(database)
    with app.app_context():
        build(FAMILIES, SEED, "")
        with transaction():
            contest = _everybody_enters()
            code, contest_id = contest.code, contest.id
        with reading():
            secretary = db.session.scalars(select(User.id).where(User.login == "thuky")).one()
            wanted = _missing(contest_id)
        for message in wanted[:-1]:
            with transaction():
                take_sheets([message])
        with transaction():
            token = open_sign_in(secretary, 1).token
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    page = f"/panel/{code}"
    outcome, before = Outcome(), _cpu_s()
    began = time.perf_counter()
    with app.app_context(), transaction():
        take_sheets(wanted[-1:])
    with app.app_context(), reading():
        sheets = db.session.scalar(
            select(func.count(ScoreSheet.id)).where(ScoreSheet.entry_id.in_(_entries(contest_id)))
        )
        entries = db.session.scalar(select(func.count()).select_from(_entries(contest_id).subquery()))
        left = len(_missing(contest_id))
    if left:
        outcome.errors.append(f"{left} sheets are missing")
    seen = {}
    for address in (page, f"{page}/tally.pdf", f"{page}/tally.docx"):
        answer = client.get(address)
        if answer.status_code != 200:
            outcome.errors.append(f"{address}: {answer.status_code}")
        seen[address.removeprefix(page) or "page"] = round(time.perf_counter() - began, 2)
    outcome.elapsed_s = time.perf_counter() - began
    outcome.latencies_s.append(seen["/tally.pdf"])
    report(
        f"last sheet to a printable tally, {FAMILIES} families", database, outcome, workers=1, seconds=seen, entries=entries, sheets=sheets, aim_s=AIM_S,
        cpu_s=round(_cpu_s() - before, 2), load=round(os.getloadavg()[0], 1),
    )  # fmt: skip


def _cpu_s() -> float:
    spent = os.times()
    return spent.user + spent.system + spent.children_user + spent.children_system


def _entries(contest_id: int) -> Select[tuple[int]]:
    return select(Entry.id).where(Entry.contest_id == contest_id, Entry.state == EntryState.ENROLLED)


def _everybody_enters() -> Contest:
    """The judged contest with most judges; every family is approved and in it."""
    db.session.execute(update(Family).values(state=FamilyState.APPROVED))
    judged = (
        select(Contest)
        .join(Judge)
        .where(Contest.festival_id == the_festival().id, Contest.result_kind == ResultKind.RUBRIC, Judge.marks)
    )
    contest = db.session.scalars(judged.group_by(Contest.id).order_by(func.count(Judge.id).desc(), Contest.id)).first()
    assert contest is not None
    inside = set(db.session.scalars(select(Entry.family_id).where(Entry.contest_id == contest.id)))
    for family in db.session.scalars(select(Family)):
        if family.id not in inside:
            db.session.add(
                Entry(
                    contest_id=contest.id, delegation_id=family.delegation_id, family_id=family.id, code=f"them-{family.id}",
                    name=family.name, title="Tiết mục", number=1000 + family.id, state=EntryState.ENROLLED,
                )
            )  # fmt: skip
    db.session.flush()
    return contest


def _missing(contest_id: int) -> list[SheetMessage]:
    """A sheet of every judge for every entry that has none."""
    contest = db.session.get_one(Contest, contest_id)
    there = set(db.session.execute(select(ScoreSheet.judge_id, ScoreSheet.entry_id)).all())
    entries = select(Entry).where(Entry.contest_id == contest_id, Entry.state == EntryState.ENROLLED).order_by(Entry.id)
    judges = select(Judge).where(Judge.contest_id == contest_id, Judge.marks).order_by(Judge.id)
    found = []
    for place, entry in enumerate(db.session.scalars(entries).all()):
        for judge in db.session.scalars(judges).all():
            if (judge.id, entry.id) in there:
                continue
            marks: dict[str, Any] = {
                each.code: each.max_milli - each.step_milli * ((place + at) % 9)
                for at, each in enumerate(contest.criteria)
            }
            found.append(
                SheetMessage(
                    mid=uuid.uuid4().hex, user_id=judge.user_id, entry_code=entry.code, round=1, verb="send",
                    body={"marks": marks}, base_version=0, received_at=now(),
                )
            )  # fmt: skip
    return found
