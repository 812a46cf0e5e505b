"""What does a page of a walk look like, and does it stand? Whoever wants to see it names a folder: SHOTS=folder keeps pictures."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page

from tests.house import reach

# A phone, a tablet, a laptop; the narrowest phone beside them where nothing may stand out.
WIDTHS = (360, 820, 1440)
NARROW = (1440, 320, 360)
HEIGHT = 900


def folder() -> Path | None:
    """Where pictures are kept, if somebody asks for them."""
    return Path(named) if (named := os.environ.get("SHOTS")) else None


def shot(page: Page, name: str, *, whole: bool = True) -> None:
    """A picture of the page, or of the window alone, as it stands."""
    if (kept := folder()) is not None:
        page.screenshot(path=kept / f"{name}.png", full_page=whole)


def shots(page: Page, name: str) -> None:
    """Its pictures at all widths; the window is afterwards as it was."""
    if folder() is not None:
        for width in _resized(page, WIDTHS):
            shot(page, f"{name}-{width}")


def fits(page: Page, name: str) -> None:
    """Nothing stands out at the side, at no width."""
    for _width in _resized(page, NARROW):
        fits_here(page, name)


def fits_here(page: Page, name: str) -> None:
    """Nothing stands out at the side of the window as it stands."""
    page.wait_for_load_state()
    assert page.viewport_size is not None
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
    shot(page, f"{name}-{width}")


def sound(page: Page, name: str) -> None:
    """Nothing too wide, small, alike or hard to reach."""
    with _as_it_was(page):
        assert reach.sizes(page) + reach.names(page) + reach.axe(page) == [], name
        page.evaluate(reach.LETTERS, False)
    shots(page, name)


@contextmanager
def _as_it_was(page: Page) -> Iterator[None]:
    before = page.viewport_size
    yield
    if before is not None:
        page.set_viewport_size(before)


def _resized(page: Page, widths: tuple[int, ...]) -> Iterator[int]:
    with _as_it_was(page):
        for width in widths:
            page.set_viewport_size({"width": width, "height": HEIGHT})
            yield width
