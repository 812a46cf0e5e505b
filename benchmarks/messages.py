"""How long does the worker take for the gathered messages of a festival, text and picture, beside drawing the same pages alone?"""

from __future__ import annotations

import time
import zipfile
from io import BytesIO

from benchmarks.load import Outcome
from benchmarks.measure import Bench, report
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.core.work import jobs, making
from festival.documents import paper
from festival.editions.queries import the_festival
from festival.messages.gathered import pictures
from festival.messages.gathered.parts import picture_of
from festival.messages.gathered.reading import festival_facts, notices
from tests.programme.scene import make_festival


def gathered(bench: Bench, database: str, families: int = 1_000) -> None:
    """The raw drawing of every page in one go a piece, then the worker's whole document; a latency is one of them."""
    app, _config = bench.festival(database)
    with app.test_request_context():
        with transaction():
            make_festival(families=families)
        db.session.remove()
        with reading():
            festival = the_festival()
            code, facts, every = festival.code, festival_facts(festival), notices(festival)
        values = [picture_of(facts, each) for each in every]
    step = pictures.MAKER.steps_a_piece
    raw, whole = Outcome(), Outcome()
    began, used = time.perf_counter(), time.process_time()
    drawn = sum(
        len(paper.png("messages/notice.typ", {"notices": values[at : at + step]}, ppi=pictures.PPI))
        for at in range(0, len(values), step)
    )
    raw.latencies_s.append(time.perf_counter() - began)
    raw_cpu = time.process_time() - used
    with app.app_context():
        with transaction():
            jobs.ask(pictures.KIND, code, "vi")
        began, used = time.perf_counter(), time.process_time()
        while making.work(slice_s=3600):
            pass
        whole.latencies_s.append(time.perf_counter() - began)
        whole_cpu = time.process_time() - used
        with reading():
            progress = jobs.latest(pictures.KIND, code, "vi")
        made = [] if progress is None else zipfile.ZipFile(BytesIO(pictures.as_zip(progress))).namelist()
        db.session.remove()
    if not drawn == len(every) == len(made) / 2:
        whole.errors.append(f"{len(every)} messages, {drawn} pages, {len(made)} files")
    raw.elapsed_s, whole.elapsed_s = raw.latencies_s[0], whole.latencies_s[0]
    report(
        f"gathered messages, {len(every)} pages drawn and nothing else",
        database,
        raw,
        workers=1,
        cpu_s=round(raw_cpu, 1),
    )
    ratio = round(whole.elapsed_s / raw.elapsed_s, 2)
    report(
        f"gathered messages, {len(every)} texts and pictures by the worker",
        database,
        whole,
        workers=1,
        ratio=ratio,
        cpu_s=round(whole_cpu, 1),
    )
