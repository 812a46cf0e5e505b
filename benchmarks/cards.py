"""How long does the worker take for the cards of a large festival, and how much memory, beside drawing their codes alone?

The raw limit is the QR codes of the same number of passes in one process, without a card around them: no card can be
cheaper. Memory is that of the worker and of the largest process it starts to draw, each at its own peak.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time

from sqlalchemy import func, insert, select, update

from benchmarks.load import Outcome
from benchmarks.measure import SEED, Bench, report
from config import ROOT
from festival.core import qr
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.transaction import reading, transaction
from festival.core.work import jobs
from festival.core.work.jobs import Job, JobState
from festival.demo.build import build
from festival.editions.queries import the_festival
from festival.passes import all_cards
from festival.passes.issue import issue_pass
from festival.passes.models import Pass
from festival.roster.models import Delegation, Family, FamilyState, Origin, Person
from tests.harness.served import environment

WORKER = """
import json, resource, time
from app import app
from festival.core.work import making
began = time.perf_counter()
with app.app_context():
    while making.work(600):
        pass
took = time.perf_counter() - began
own, drawing = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
cpu = sum(each.ru_utime + each.ru_stime for each in (own, drawing))
told = {"seconds": took, "cpu_s": cpu, "worker_mb": own.ru_maxrss // 1024, "drawing_mb": drawing.ru_maxrss // 1024}
print(json.dumps(told))
"""


def all_of_a_festival(bench: Bench, database: str, n: int = 5000) -> None:
    """The archive of all cards, a PDF for each of 15 delegations."""
    app, config = bench.festival(database)
    with app.app_context():
        build(15, SEED, "")
        _grow(n)
        with transaction():
            festival = the_festival()
            jobs.ask(all_cards.KIND, all_cards.subject_of(festival), "vi")
        with reading():
            passes = db.session.scalar(select(func.count(Pass.id)).where(Pass.replaced_at.is_(None))) or 0
        db.session.remove()
    limit = Outcome()
    began, cpu = time.perf_counter(), time.process_time()
    for number in range(passes):
        qr.svg(f"2{number:042d}")
    limit.elapsed_s = time.perf_counter() - began
    limit.latencies_s.append(limit.elapsed_s)
    cpu = time.process_time() - cpu
    report(f"limit: {passes} codes drawn without a card", database, limit, workers=1, cpu_s=round(cpu, 1))
    done = subprocess.run(
        [sys.executable, "-c", WORKER], cwd=ROOT, env=environment(config), check=True, capture_output=True, text=True
    )
    told = json.loads(done.stdout.splitlines()[-1])
    made = Outcome(latencies_s=[told["seconds"]], elapsed_s=told["seconds"])
    with app.app_context(), reading():
        job = db.session.scalars(select(Job)).one()
        if job.state is not JobState.READY:
            made.errors.append(job.error)
        size = job.size_bytes
        db.session.remove()
    ratio = round(told["cpu_s"] / cpu, 2)
    report(
        f"{passes} cards on both sides, {ratio} times the processor's time",
        database,
        made,
        workers=1,
        seconds=round(told["seconds"], 1),
        cpu_s=round(told["cpu_s"], 1),
        worker_mb=told["worker_mb"],
        drawing_mb=told["drawing_mb"],
        archive_mb=round(size / 1e6, 1),
    )


def _grow(n: int) -> None:
    """Approved families with passes until there are `n` cards, over all delegations in turn."""
    with transaction():
        festival = the_festival()
        db.session.execute(update(Delegation).values(families_max=n))
        places = list(db.session.scalars(select(Delegation.id).where(Delegation.festival_id == festival.id)))
        more = n - (db.session.scalar(select(func.count(Pass.id)).where(Pass.replaced_at.is_(None))) or 0)
        for number in range(more):
            name = f"Nguyễn Thị Hoa Sen {number}"
            family = Family(
                festival_id=festival.id,
                delegation_id=places[number % len(places)],
                code=f"BENCH{number}",
                name=f"Gia đình bà {name}",
                folded=fold(name),
                state=FamilyState.APPROVED,
                origin=Origin.EXCEL,
                identity="",
                created_at=now(),
            )
            db.session.add(family)
            db.session.flush()
            people = [
                {
                    "festival_id": festival.id,
                    "delegation_id": family.delegation_id,
                    "family_id": family.id,
                    "code": f"BENCH{number}-{member}",
                    "name": name if member == 1 else f"Danh Hiếu {member}",
                    "folded": fold(name),
                    "position": member,
                    "representative": member == 1,
                }
                for member in range(1, 5)
            ]
            db.session.execute(insert(Person), people)
            issue_pass("family", family.id, festival.id)
