"""How many taps does a mark take on the judge's tablet, and how soon does each show, on a processor six times slower?

A real browser, slowed down by its own tools; from the tap to the frame in which the sheet stands drawn anew. The target: two taps,
100 ms each.
"""

from __future__ import annotations

import json
from statistics import median

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.measure import Bench, served
from festival.contests.models import Criterion
from festival.core.database import db
from festival.core.transaction import transaction
from tests.harness.browser import find_chromium, launch
from tests.judging.panel_cast import cast
from tests.judging.test_judge_app import enrolled

SLOWER = 6
ROUNDS = 5
TAP = """() => new Promise((done) => {
  const key = document.querySelector(%r);
  const began = performance.now();
  key.click();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)));
})"""
WHOLE = ".judge-grid .judge-key:nth-child(%d)"
PART = ".judge-grid-parts .judge-key:nth-child(%d)"
LINE = ".judge-criteria li:nth-child(%d) .judge-criterion"


def sheet(bench: Bench, database: str) -> None:
    """Six criteria of 0 to 50 by quarters, twelve acts marked in order on the tablet; nothing of it depends on the database."""
    if database != "sqlite":
        return
    app, config = bench.festival(database)
    with app.app_context():
        panel = cast()
        with transaction():
            for place in range(3, 7):
                criterion = {"code": f"c{place}", "name": f"Tiêu chí {place}", "max_milli": 50_000, "step_milli": 250}
                scale = "0: Yếu\n25: Khá\n40: Tốt"
                db.session.add(
                    Criterion(contest_id=panel.contest_id, position=place, descriptor=scale, **criterion)  # type: ignore[arg-type]
                )
    with served(app, config) as running, sync_playwright() as driver:
        browser = launch(driver, find_chromium())
        page = enrolled(app, panel, browser, running.url, "hung")
        page.locator(".judge-row", has_text="Danh Chung 0").click()
        page.locator(".judge-head h1").wait_for()
        tools = page.context.new_cdp_session(page)
        tools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        tools.send("Performance.enable", {"timeDomain": "threadTicks"})
        told = sorted(tap for _round in range(ROUNDS) for tap in _marked(page))
        before = _busy_s(tools)
        _marked(page)
        busy = (_busy_s(tools) - before) / (6 * 3) * 1000
        browser.close()
    line = {
        "what": "tap on the judge's sheet until it is drawn",
        "cpu_slower": SLOWER,
        "taps": len(told),
        "taps_a_mark": 2,
    }
    line |= {
        "p50_ms": round(median(told), 1),
        "p95_ms": round(told[int(len(told) * 0.95)], 1),
        "max_ms": round(told[-1], 1),
    }
    line["cpu_ms"] = round(busy, 1)  # of the page's own thread for a tap: what other work of the machine cannot add to
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _busy_s(tools: CDPSession) -> float:
    """Seconds of processor that the page's thread has used."""
    values = {each["name"]: each["value"] for each in tools.send("Performance.getMetrics")["metrics"]}
    return float(values["TaskDuration"])


def _marked(page: Page) -> list[float]:
    """Each criterion chosen and marked with its two taps."""
    found = []
    for place in range(1, 7):
        for which in (LINE % place, WHOLE % (30 + place), PART % 2):
            found.append(page.evaluate(TAP % which))
    return found
