"""Which browser do journeys run in, and what does its camera see?"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Playwright

from tests.harness.waiting import PATIENCE_S

SWITCHES = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PATIENCE_MS = 1000 * PATIENCE_S
FRAMES_A_SECOND = 30
FRAME = (640, 480)


def find_chromium() -> str:
    """The installed Chromium, best the one that has no window at all; make test has looked for it before any test runs."""
    for name in ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if (path := shutil.which(name)) is not None:
            return path
    raise FileNotFoundError("Chromium is not installed: apt-get install chromium")


def launch(driver: Playwright, executable: str, camera: Path | None = None) -> Browser:
    """Start it without a window; `camera` is an MJPEG file its camera plays in a loop. Every page of it is patient."""
    switches = list(SWITCHES)
    if camera is not None:
        switches += [
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-video-capture={camera}",
        ]
    running = driver.chromium.launch(executable_path=executable, headless=True, args=switches, timeout=PATIENCE_MS)
    make = running.new_context

    def patient(**settings: Any) -> BrowserContext:
        context = make(**settings)
        context.set_default_timeout(PATIENCE_MS)
        return context

    running.new_context = patient  # type: ignore[method-assign]
    return running


def write_video(path: Path, pictures: Iterable[Image.Image], *, shown_s: float = 1.0, blank_s: float = 0.5) -> Path:
    """A video of the pictures one after another, white between them, for `launch(camera=…)`; it loops.

    Plain JPEG frames one behind the other are what the browser's fake camera plays.
    """
    white = _frame(Image.new("L", (1, 1), 255))
    with path.open("wb") as video:
        video.write(white * round(blank_s * FRAMES_A_SECOND))
        for picture in pictures:
            video.write(_frame(picture) * round(shown_s * FRAMES_A_SECOND))
            video.write(white * round(blank_s * FRAMES_A_SECOND))
    return path


def _frame(picture: Image.Image) -> bytes:
    """The picture in the middle of a white 640 × 480 frame, at most 360 px high."""
    canvas = Image.new("RGB", FRAME, "white")
    shown = picture.convert("RGB")
    shown.thumbnail((360, 360))
    if shown.width > 1:
        canvas.paste(shown, ((FRAME[0] - shown.width) // 2, (FRAME[1] - shown.height) // 2))
    buffer = io.BytesIO()
    canvas.save(buffer, "JPEG", quality=92)
    return buffer.getvalue()
