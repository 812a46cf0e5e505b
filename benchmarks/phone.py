"""Does a cheap phone carry a festival of 20,000 people: how soon is its list ready, how soon a verdict from the frame, how much memory?

A real browser whose whole tree of processes, workers included, runs a sixth of the time on one core: stopped and let go by
the clock. The frame is read by the scanner's own worker; the clock runs until the verdict stands drawn.
"""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from playwright.sync_api import Page, sync_playwright

from benchmarks.measure import SEED, Bench, commit, cpu_s, engine_version, served
from festival.core import qr
from tests.devices.kit import Fair, enrolment, open_fair
from tests.harness.browser import find_chromium, launch

FAMILIES, MEMBERS = 5_000, ("Danh Chung", "Thị Ngọc Ánh", "Danh Minh Khang", "Thị Hòa")
SHARE = 6  # of the time, one
SLICE_S = 0.01
READINGS = 100
LOOK_MS = 250  # who looks at every picture the phone draws makes it draw sixty a second
GONE = (ProcessLookupError, FileNotFoundError)
FROM_FRAME = """async ([pictures]) => {
  const gate = document.querySelector('script[src*="gate/app.js"]').src;
  const beside = (name) => import(gate.replace("app.js", name));
  const [{ readPass }, { inTurn }, { dismiss }] = await Promise.all(["read-pass.js", "who-came.js", "verdict.js"].map(beside));
  const worker = new Worker(gate.replace("app.js", "scanner-worker.js"));
  await new Promise((ready, failed) => { worker.onmessage = ({ data }) => (data.ready ? ready() : failed(data.failed)); });
  const canvas = new OffscreenCanvas(720, 405);
  const brush = canvas.getContext("2d", { willReadFrequently: true });
  const read = (frame) => new Promise((done) => { worker.onmessage = ({ data }) => done(data.texts[0]); worker.postMessage({ frame }, [frame.data.buffer]); });
  const drawn = () => new Promise((done) => { requestAnimationFrame(() => setTimeout(done)); });
  const took = [];
  for (const picture of pictures) {
    const image = await createImageBitmap(new Blob([Uint8Array.from(atob(picture), (each) => each.charCodeAt(0))], { type: "image/png" }));
    brush.fillStyle = "white";
    brush.fillRect(0, 0, 720, 405);
    brush.drawImage(image, 200, 40, 320, 320);
    const frame = brush.getImageData(0, 0, 720, 405);
    const began = performance.now();
    const text = await read(frame);
    await inTurn(() => readPass({ text, how: "camera" }));
    await drawn();
    took.push([performance.now() - began, document.getElementById("verdict").dataset.tone]);
    dismiss();
    await drawn();
  }
  worker.terminate();
  return took;
}"""


def cheap(bench: Bench, database: str) -> None:
    """The list until it is whole, then a hundred passes from the frame; nothing of it depends on the database."""
    if database != "sqlite":
        return
    app, config = bench.festival(database)
    fair = open_fair(app, {f"Gia đình số {number}": list(MEMBERS) for number in range(FAMILIES)})
    code = enrolment(app, fair)
    with served(app, config) as running, sync_playwright() as driver:
        before = set(_tree(os.getpid()))
        browser = launch(driver, find_chromium())
        mine = sorted(set(_tree(os.getpid())) - before)
        page = browser.new_page(base_url=running.url, viewport={"width": 360, "height": 740}, locale="vi-VN")
        page.set_default_timeout(600_000)
        page.goto(f"/enrol#{code}")
        page.get_by_role("button", name="Gắn máy").click()
        page.get_by_role("link", name="Bắt đầu").wait_for()
        with _held(mine) as held:
            began = time.perf_counter()
            page.get_by_role("link", name="Bắt đầu").click()
            page.wait_for_function(
                "many => document.getElementById('age')?.textContent.startsWith(`${many} thẻ`)",
                arg=FAMILIES + 1,
                polling=LOOK_MS,
            )
            ready_s = time.perf_counter() - began
            took = _readings(page, fair)
        memory = held["peak_kb"] // 1024
        browser.close()
    if any(tone != "good" for _ms, tone in took):
        raise SystemExit("phone: not every pass was let in")
    told = sorted(ms for ms, _tone in took)
    line = {
        "what": "a cheap phone, 20,000 people",
        "list_ready_s": round(ready_s, 1),
        "verdict_p50_ms": round(told[len(told) // 2], 1),
        "verdict_p95_ms": round(told[int(len(told) * 0.95)], 1),
        "browser_peak_mb": memory,
        "share_of_a_core": round(held["cpu_s"] / held["wall_s"], 3),
        "n": len(told),
        "date": datetime.now(UTC).strftime("%Y-%m-%d"),
        "seed": SEED,
        "cores": os.cpu_count(),
        "engine": engine_version(database),
        "commit": commit(),
    }
    print(json.dumps(line, ensure_ascii=False), flush=True)


def _readings(page: Page, fair: Fair) -> list[tuple[float, str]]:
    codes = Random(SEED).sample(sorted(fair.codes.values()), READINGS)
    pictures = [b64encode(qr.png(each, module_px=8)).decode() for each in codes]
    return [(float(ms), str(tone)) for ms, tone in page.evaluate(FROM_FRAME, [pictures])]


@contextmanager
def _held(roots: list[int]) -> Iterator[dict[str, float]]:
    """All processes below these run `SLICE_S` of every `SHARE` slices, on one core; what they used and held at most."""
    told: dict[str, float] = {"peak_kb": 0, "cpu_s": 0.0, "wall_s": 0.0}
    over = threading.Event()
    core = {min(os.sched_getaffinity(0))}

    def look(pids: list[int], used: dict[int, float]) -> None:
        told["peak_kb"] = max(told["peak_kb"], sum(map(_memory_kb, pids)))
        for pid in pids:
            with suppress(*GONE):
                os.sched_setaffinity(pid, core)
                used[pid] = cpu_s([pid])

    def let(pids: list[int], what: signal.Signals, pause_s: float) -> None:
        for pid in pids:
            with suppress(*GONE):
                os.kill(pid, what)
        time.sleep(pause_s)

    def hold() -> None:
        first: dict[int, float] = {}
        used: dict[int, float] = {}
        began, turn, pids = time.perf_counter(), 0, list(roots)
        least = pause = SLICE_S * (SHARE - 1)
        while not over.is_set():
            if turn % 10 == 0:
                pids = sorted({pid for root in roots for pid in (root, *_tree(root))})
                look(pids, used)
                first = {**used, **first}
                # A stopped process stops a little late: who had more than the share so far is stopped for longer.
                had = sum(used[pid] - first[pid] for pid in first) / (time.perf_counter() - began)
                pause = min(max(pause * had * SHARE, least), 4 * least)
            let(pids, signal.SIGCONT, SLICE_S)
            let(pids, signal.SIGSTOP, pause)
            turn += 1
        look(pids, used)
        let(pids, signal.SIGCONT, 0)
        told["cpu_s"] = sum(used[pid] - first[pid] for pid in first)
        told["wall_s"] = time.perf_counter() - began

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        yield told
    finally:
        over.set()
        holder.join()


def _tree(root: int) -> list[int]:
    """Every process below this one."""
    of: dict[int, list[int]] = {}
    for each in Path("/proc").iterdir():
        if each.name.isdigit():
            try:
                parent = int(
                    (each / "stat").read_text(encoding="ascii", errors="replace").rpartition(") ")[2].split()[1]
                )
            except (OSError, IndexError):
                continue
            of.setdefault(parent, []).append(int(each.name))
    found, ahead = [], [root]
    while ahead:
        ahead = [child for parent in ahead for child in of.get(parent, [])]
        found += ahead
    return found


def _memory_kb(pid: int) -> int:
    """What the process holds that no other shares, and its part of the rest."""
    try:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")), 0)
