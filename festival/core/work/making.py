"""How does the worker do long work so that a kill costs one piece and letters need not wait?

A maker first reads, in one transaction, everything the document is made from (`plan`); that stays beside the pieces, so
what changes in the festival meanwhile does not end up in half of a document, and a job resumed after a kill makes the same
bytes. Each piece is on the disk before the row counts it. A lock on a file says who works: it falls with the process, so
nobody waits for a lease to run out. The worker looks after its other chores between slices of a second.
"""

from __future__ import annotations

import fcntl
import gzip
import json
import logging
import os
import shutil
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from flask import Flask, current_app
from flask_babel import force_locale
from sqlalchemy import select, update

from config import Config
from festival.core import chores
from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.work.jobs import Job, JobState, basis_of, clear_away, folder, made_file, workshop, write_durably

log = logging.getLogger(__name__)

SLICE_S = 1.0
TRIES = 3
UNFINISHED = (JobState.WAITING, JobState.WORKING)
Plan = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Maker:
    """How one kind is made: `plan` reads (JSON values only), `whole` counts the steps, `make` does those from .. until - 1.

    `make` may not read the database: what it needs stands in the plan. It runs in a request's context of its own, in the
    language of the job. The first step is 0, so it also writes the head of the document; the last one its end.
    With `named` each piece is a document of its own, by that name in one archive. `kept`: for how long, when not as usual.
    """

    kind: str
    plan: Callable[[str], Plan]
    whole: Callable[[Plan], int]
    make: Callable[[Plan, int, int], bytes]
    steps_a_piece: int = 20
    named: Callable[[Plan, int], str] | None = None
    kept: timedelta | None = None


def register_maker(app: Flask, maker: Maker) -> None:
    """Let the worker make this kind."""
    app.extensions.setdefault("makers", {})[maker.kind] = maker
    if maker.kept is not None:
        app.extensions.setdefault("jobs_kept", {})[maker.kind] = maker.kept


def init_making(app: Flask) -> None:
    """The worker's two chores: making, and clearing away."""
    app.extensions.setdefault("makers", {})
    app.extensions["jobs_begun"] = set()
    chores.register_chore(app, "jobs", 0, work)
    chores.register_chore(app, "old documents", 600, clear_away)


def work(slice_s: float = SLICE_S, pieces: int | None = None) -> int:
    """Work on the oldest job for a while; answers how many pieces were made. Nothing while another process works."""
    made = 0
    began = time.monotonic()
    with reading():
        waiting = db.session.scalar(select(Job.id).where(Job.state.in_(UNFINISHED)).limit(1))
    if waiting is None:
        return 0
    with _only_worker() as alone:
        while alone and (pieces is None or made < pieces):
            with reading():
                job = db.session.scalars(select(Job).where(Job.state.in_(UNFINISHED)).order_by(Job.id).limit(1)).first()
            if job is None:
                break
            try:
                _one_piece(job)
                made += 1
            except Exception as error:
                db.session.rollback()
                log.error("job %s failed: %s", job.kind, type(error).__name__)
                _stumbled(job, type(error).__name__)
            if time.monotonic() - began >= slice_s:
                break
    return made


@contextmanager
def _only_worker() -> Iterator[bool]:
    """Whether this process is the one that works; the lock goes with it, however it ends."""
    handle = os.open(folder() / ".lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield True
    except BlockingIOError:
        yield False
    finally:
        os.close(handle)


def _one_piece(job: Job) -> None:
    """The next piece of a job; the last one finishes it."""
    begun: set[int] = current_app.extensions["jobs_begun"]
    if job.id not in begun:
        begun.add(job.id)
        with transaction():
            # Counted before the work: a piece that kills its worker must not do so for ever.
            db.session.execute(update(Job).where(Job.id == job.id).values(tries=Job.tries + 1))
        if job.tries >= TRIES:
            _give_up(job, job.error or "Killed")
            return
    maker: Maker = current_app.extensions["makers"][job.kind]
    plan = _plan(maker, job)
    whole = max(1, maker.whole(plan))
    if job.done < whole:
        until = min(whole, job.done + maker.steps_a_piece)
        with _as_asked(job.language):
            piece = maker.make(plan, job.done, until)
        write_durably(workshop(job.code) / f"{job.done:06d}.part", piece)
        with transaction():
            db.session.execute(
                update(Job).where(Job.id == job.id).values(done=until, tries=0, error="", state=JobState.WORKING)
            )
        if until < whole:
            return
    _finish(job, maker, plan)


def _plan(maker: Maker, job: Job) -> Plan:
    """What the document is made from, as it was read when the work began."""
    kept = workshop(job.code) / "plan.json"
    if job.whole and kept.is_file():
        found: Plan = json.loads(kept.read_bytes())
        return found
    shutil.rmtree(workshop(job.code), ignore_errors=True)
    workshop(job.code).mkdir(mode=0o700)
    with _as_asked(job.language), reading():
        plan = maker.plan(job.subject)
    write_durably(kept, canonical_json(plan))
    job.whole, job.done = max(1, maker.whole(plan)), 0
    with transaction():
        db.session.execute(
            update(Job)
            .where(Job.id == job.id)
            .values(whole=job.whole, done=0, basis=basis_of(plan), state=JobState.WORKING)
        )
    # read back, so that a first start and a resumed one make from the very same values
    fresh: Plan = json.loads(kept.read_bytes())
    return fresh


@contextmanager
def _as_asked(language: str) -> Iterator[None]:
    config: Config = current_app.config["FESTIVAL"]
    application: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    asking = application.test_request_context(base_url=config.public_url, query_string={"lang": language})
    with asking, force_locale(language):
        yield


def _finish(job: Job, maker: Maker, plan: Plan) -> None:
    """All pieces in one file; a job killed in here is finished again from its pieces."""
    parts = sorted(workshop(job.code).glob("*.part"))
    if maker.named is None:
        path = made_file(job.code)
        packed = BytesIO()
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=packed, mtime=0) as out:
            for part in parts:
                out.write(part.read_bytes())
        write_durably(path, packed.getvalue())
    else:
        path = made_file(job.code, "zip")
        _archived(path, [(maker.named(plan, int(part.stem)), part) for part in parts])
    with transaction():
        db.session.execute(
            update(Job)
            .where(Job.id == job.id)
            .values(state=JobState.READY, finished_at=now(), size_bytes=path.stat().st_size)
        )
    _forget(job)


def _archived(path: Path, parts: Sequence[tuple[str, Path]]) -> None:
    """The pieces side by side, one in memory at a time; the same pieces give the same bytes."""
    unfinished = path.with_name(f"{path.name}.new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        with zipfile.ZipFile(out, "w") as packed:
            for name, part in parts:
                packed.writestr(zipfile.ZipInfo(name), part.read_bytes())
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)


def _stumbled(job: Job, error: str) -> None:
    """Tried again from the last finished piece, a few times; then somebody has to look."""
    current_app.extensions["jobs_begun"].discard(job.id)
    with transaction():
        db.session.execute(update(Job).where(Job.id == job.id).values(error=error))
    if job.tries + 1 >= TRIES:
        _give_up(job, error)


def _give_up(job: Job, error: str) -> None:
    with transaction():
        db.session.execute(
            update(Job).where(Job.id == job.id).values(state=JobState.FAILED, finished_at=now(), error=error)
        )
    _forget(job)


def _forget(job: Job) -> None:
    current_app.extensions["jobs_begun"].discard(job.id)
    shutil.rmtree(workshop(job.code), ignore_errors=True)
