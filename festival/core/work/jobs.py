"""What long work was asked for, how far is it, and where is what it made?

A page asks (`ask`) inside its transaction and shows the row's state; `flask worker` does the work in pieces
(core/work/making.py). A kind says what is made, the subject of what; of one kind and subject at most one job waits or runs, by
a unique index, so that two people who press the same button get the same document. What is made lies in
`made/` of what machines share, readable by this account only, until it expires. A row holds no personal data.
"""

from __future__ import annotations

import gzip
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Response, current_app, request, send_file
from sqlalchemy import CheckConstraint, Index, and_, delete, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from config import Config
from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import Base, db
from festival.core.disk.private import private_folder
from festival.core.secrets import new_typed_code
from festival.core.transaction import reading, transaction
from festival.core.types import EnumText

KEPT = timedelta(hours=24)
MADE_AS = ("gz", "zip")
DOCUMENT_POLICY = (
    "default-src 'none'; style-src data:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
UNFINISHED = text("state IN ('waiting', 'working')")


class JobState(StrEnum):
    """Waiting for the worker, in the works, ready to fetch, given up (may be asked for anew)."""

    WAITING = "waiting"
    WORKING = "working"
    READY = "ready"
    FAILED = "failed"


class Job(Base):
    """A piece of long work. `whole` is 0 until the worker has read what there is to do."""

    __tablename__ = "job"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    language: Mapped[str]
    state: Mapped[JobState] = mapped_column(EnumText(JobState), default=JobState.WAITING)
    done: Mapped[int] = mapped_column(default=0)
    whole: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)  # starts since the last piece was finished
    basis: Mapped[str] = mapped_column(default="")  # digest of what it is made from
    size_bytes: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("done >= 0 AND (done <= whole OR whole = 0)", name="done_within_whole"),
        Index(
            "uq_job_unfinished", "kind", "subject", "language", unique=True,
            sqlite_where=UNFINISHED, postgresql_where=UNFINISHED,
        ),
        Index("ix_job_subject", "kind", "subject"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Progress:
    """What a page says of a job."""

    code: str
    state: JobState
    done: int
    whole: int
    basis: str
    size_bytes: int
    asked_at: datetime
    finished_at: datetime | None
    kept: timedelta = KEPT

    @property
    def unfinished(self) -> bool:
        """Whether the worker still has to do something."""
        return self.state in (JobState.WAITING, JobState.WORKING)

    @property
    def until(self) -> datetime | None:
        """When what was made is thrown away."""
        return None if self.finished_at is None else self.finished_at + self.kept


def ask(kind: str, subject: str, language: str) -> None:
    """Let the worker make it; nothing happens when it waits or is being made already."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[db.session.connection().dialect.name]
    row = {
        "code": new_typed_code(16),
        "kind": kind,
        "subject": subject,
        "language": language,
        "state": JobState.WAITING,
        "done": 0,
        "whole": 0,
        "tries": 0,
        "basis": "",
        "size_bytes": 0,
        "error": "",
        "asked_at": now(),
    }
    db.session.execute(insert(Job).values(**row).on_conflict_do_nothing())


def latest(kind: str, subject: str, language: str) -> Progress | None:
    """The job asked for last; None when there is none, or what it made is not there any more."""
    job = db.session.scalars(
        select(Job)
        .where(Job.kind == kind, Job.subject == subject, Job.language == language)
        .order_by(Job.id.desc())
        .limit(1)
    ).first()
    return None if job is None or (job.state is JobState.READY and not _lies_there(job)) else _progress(job)


def ready(kind: str, subject: str, language: str) -> list[Progress]:
    """What was made and still lies there, the newest first: what comes after it may have failed."""
    jobs = db.session.scalars(
        select(Job)
        .where(Job.kind == kind, Job.subject == subject, Job.language == language, Job.state == JobState.READY)
        .order_by(Job.id.desc())
    )
    return [_progress(job) for job in jobs if _lies_there(job)]


def _lies_there(job: Job) -> bool:
    return any(made_file(job.code, made_as).is_file() for made_as in MADE_AS)


def _progress(job: Job) -> Progress:
    kept = _kept_longer().get(job.kind, KEPT)
    return Progress(
        job.code, job.state, job.done, job.whole, job.basis, job.size_bytes, job.asked_at, job.finished_at, kept
    )


def _kept_longer() -> dict[str, timedelta]:
    """The kinds that say themselves how long they are kept."""
    kept: dict[str, timedelta] = current_app.extensions.get("jobs_kept", {})
    return kept


def basis_of(plan: Mapping[str, Any]) -> str:
    """The digest by which a page sees that what was made is not what would be made now."""
    return sha256(canonical_json(plan)).hexdigest()


def folder() -> Path:
    """Where documents are made and kept; nobody but this account looks inside."""
    config: Config = current_app.config["FESTIVAL"]
    path = config.shared / "made"
    return private_folder(path)


def made_file(code: str, kind: str = "gz") -> Path:
    """The finished document of a job, compressed; or its documents, in one archive (`zip`)."""
    return folder() / f"{code}.{kind}"


def workshop(code: str) -> Path:
    """The folder of a job in the works."""
    return folder() / code


def document(progress: Progress, media_type: str, name: str) -> Response:
    """A finished document as it lies on the disk, compressed for whoever takes it so."""
    content = made_file(progress.code).read_bytes()
    packed = request.accept_encodings.quality("gzip") > 0
    answer = Response(content if packed else gzip.decompress(content), mimetype=media_type)
    if packed:
        answer.headers["Content-Encoding"] = "gzip"
    # It stands alone: nothing of the site may be loaded by it or run in it.
    answer.headers["Content-Security-Policy"] = DOCUMENT_POLICY
    answer.headers["Vary"] = "Accept-Encoding"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def archive(progress: Progress, name: str) -> Response:
    """The finished documents of a job in one file, read from the disk as they are sent."""
    return send_file(
        made_file(progress.code, "zip"), mimetype="application/zip", as_attachment=True, download_name=name
    )


def clear_away() -> int:
    """Throw away what has expired, rows and files, and files without a row; answers how many jobs went."""
    longer, at = _kept_longer(), now()
    over = or_(
        and_(Job.finished_at <= at - KEPT, Job.kind.not_in(list(longer))),
        *(and_(Job.finished_at <= at - kept, Job.kind == kind) for kind, kept in longer.items()),
        and_(Job.asked_at <= at - 7 * KEPT, Job.finished_at.is_(None)),  # nobody ever made it
    )
    with transaction():
        gone = list(db.session.scalars(delete(Job).where(over).returning(Job.code)))
    with reading():
        known = set(db.session.scalars(select(Job.code)))
    for path in folder().iterdir():
        if path.name.split(".")[0] in known or path.name.startswith("."):
            continue
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(gone)


def write_durably(path: Path, content: bytes) -> None:
    """The whole file or none, for this account only, on the disk before the name is there."""
    unfinished = path.with_name(f"{path.name}.new")
    handle = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    unfinished.replace(path)
