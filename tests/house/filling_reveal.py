"""What pages of the reveal are opened with: a run, a printed script, pictures that lie there."""

from __future__ import annotations

from sqlalchemy import select

from festival.ceremony.reveal import pictures, running, script
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.work import jobs
from festival.core.work.jobs import basis_of
from festival.editions.queries import the_festival


def reveals(by: int | None) -> dict[str, object]:
    """A run that goes on, the number of the script that is in force, an archive of pictures; what stands in it is no page's matter."""
    with transaction():
        festival = the_festival()
        run = running.last_run(festival.id) or running.start(festival, False, by)
        number = script.print_script(festival, by)
        jobs.ask(pictures.KIND, pictures.subject_of(festival), pictures.LANGUAGE)
        job = db.session.scalars(select(jobs.Job).where(jobs.Job.kind == pictures.KIND)).first()
        assert job is not None
        jobs.write_durably(jobs.made_file(job.code, "zip"), b"PK")
        job.state, job.finished_at, job.basis = jobs.JobState.READY, now(), basis_of(pictures.plan_of(festival))
        return {"hall": [running.screen_code(run)], "script": number}
