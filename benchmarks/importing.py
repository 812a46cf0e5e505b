"""How long does an import of 5,000 families take, how long is one transaction of it, and how much memory?

Four files of 5,000 rows, the most that one may hold, each for a delegation of its own. The raw limit is the same rows
read by the library alone, in this process: no import can be cheaper. Memory is that of the process that reads, at its peak.
"""

from __future__ import annotations

import resource
import time
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.load import Outcome
from benchmarks.measure import SEED, Bench, report
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.demo.build import build
from festival.documents.xlsx_reading import grid_of
from festival.editions.queries import the_festival
from festival.registration.excel import queries, writing
from festival.registration.excel import reading as excel_reading
from festival.registration.excel.columns import CONTEST, AskedColumns
from festival.registration.excel.sheet import FamilySheet
from festival.registration.importing import keeping, previews
from festival.roster.models import Delegation, Family
from festival.roster.rules import rules_of

PEOPLE = 4
LETTERS = ["An", "Bình", "Chung", "Dung", "Giang", "Hà", "Khánh", "Lan", "Minh", "Nga"]
A_DAY = date(2026, 6, 1)


def five_thousand(bench: Bench, database: str, n: int = 5000) -> None:
    """Read, previewed, kept, confirmed."""
    app, config = bench.festival(database)
    files = 4
    with app.app_context():
        build(15, SEED, "")
        with reading():
            asked = queries.asked_of(rules_of(the_festival()))
            units = list(db.session.scalars(select(Delegation.id).order_by(Delegation.id).limit(files)))
        contents = [_file(asked, at, n // files) for at in range(files)]
        began = time.process_time()
        for content in contents:
            grid_of(content, excel_reading.WANTED)
        raw = time.process_time() - began
        phases: dict[str, list[float]] = {"read": [], "preview": [], "write": [], "preview_cpu": [], "write_cpu": []}
        began = time.perf_counter()
        for content, unit in zip(contents, units, strict=True):
            _import(content, asked, unit, config.instance, phases)
        took = time.perf_counter() - began
        with reading():
            made = db.session.scalar(select(func.count()).select_from(Family).where(Family.origin == "excel")) or 0
    outcome = Outcome(latencies_s=phases["write"], elapsed_s=took, errors=[] if made >= n else [f"{made} of {n}"])
    report(
        "import of 5,000 families in four files; one transaction that writes is one of n",
        database,
        outcome,
        workers=1,
        seconds=round(took, 2),
        slowest_s={name: round(max(times), 2) for name, times in phases.items()},
        raw_reading_s=round(raw, 2),
        reader_mb=resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024,
        families=n,
    )


def _import(content: bytes, asked: AskedColumns, unit: int, folder: Path, phases: dict[str, list[float]]) -> None:
    began = time.perf_counter()
    sheet = excel_reading.read(content, asked, A_DAY, folder)
    assert isinstance(sheet, FamilySheet)
    phases["read"].append(time.perf_counter() - began)
    began, cpu = time.perf_counter(), time.process_time()
    with transaction():
        rules, delegation = rules_of(the_festival()), db.session.get_one(Delegation, unit)
        found = previews.import_preview(rules, delegation, sheet)
        token = keeping.keep_import(delegation, "danh-sach.xlsx", found, None)
    phases["preview"].append(time.perf_counter() - began)
    phases["preview_cpu"].append(time.process_time() - cpu)
    began, cpu = time.perf_counter(), time.process_time()
    with transaction():
        rules, delegation = rules_of(the_festival()), db.session.get_one(Delegation, unit)
        keeping.apply_import(rules, delegation, keeping.import_of(unit, token))
    phases["write"].append(time.perf_counter() - began)
    phases["write_cpu"].append(time.process_time() - cpu)


def _file(asked: AskedColumns, at: int, families: int) -> bytes:
    """Families of four that nobody has registered."""
    contest = next(iter(asked.contests))
    rows = [
        writing.FileRow(
            {
                "family": str(number + 1),
                "name": f"{LETTERS[number % 10]} {LETTERS[number // 10 % 10]} {LETTERS[number // 100 % 10]} {LETTERS[place]} Thử",
                "relation": "Người đại diện" if place == 0 else "Con",
                "sex": "Nữ" if place % 2 else "Nam",
                "birth": f"{number % 28 + 1}/{number // 28 % 12 + 1}/{(1960 if place == 0 else 2000) + number // 336 + at}",
                "phone": f"08{at}{number:07d}" if place == 0 else "",
                "address": "Ấp Hòn Me" if place == 0 else "",
                CONTEST + contest: "x",
            }
        )
        for number in range(families)
        for place in range(PEOPLE)
    ]
    return writing.write("", "", asked, rows)
