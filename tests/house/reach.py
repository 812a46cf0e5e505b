"""What keeps a page from being read and used: by a narrow screen, 200 %, large letters, by ear, by keyboard?

`reach.js` looks at sizes, `alike.js` at the names of buttons and links, axe at the rest (`colours.js` says whether contrast was asked before); `held` compares a part's
accessibility tree with the text in `trees/`. After a change that is meant: `TREES=write pytest …` writes them anew, and
the difference is read before it is committed.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

HERE = Path(__file__).parent
SIZES = (HERE / "reach.js").read_text(encoding="utf-8")
ALIKE = (HERE / "alike.js").read_text(encoding="utf-8")
TREES = HERE / "trees"
AXE = Axe()
# Only what is wrong, without the addresses of each node in the page and without reading the style sheets a second time: half the work.
ASKED = {"reporter": "no-passes", "resultTypes": ["violations"], "selectors": False, "preload": False}
GRAVE = {"critical", "serious", "moderate"}
COLOURS = (HERE / "colours.js").read_text(encoding="utf-8")
LETTERS = "(large) => { document.documentElement.dataset.text = large ? 'large' : 'normal'; }"
MEASURED = f"(large) => {{ ({LETTERS})(large); return ({SIZES})(); }}"
# What a script draws for a narrow screen it draws in the next frame.
DRAWN_ANEW = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
# The narrowest phone; the same with large letters; a laptop of 1280 px at 200 %, with large letters too.
SCREENS = ((320, False), (320, True), (640, True))
HEIGHT = 640
# What is different in every run: times, addresses, codes.
MOVING = (
    (re.compile(r"\b\d{1,2}:\d\d\b"), "H:MM"),
    (re.compile(r"http://127\.0\.0\.1:\d+"), "http://here"),
    (re.compile(r"/(badges|delegation|families)/[0-9A-Za-z]+"), r"/\1/CODE"),
)


def follow(link: Locator) -> None:
    """By keyboard, and not a word further before the page it leads to is there: what is asked too early is asked of the old one."""
    with link.page.expect_navigation():
        link.press("Enter")


def sizes(page: Page, *screens: tuple[int, bool]) -> list[str]:
    """What is too wide, too small, cut or not to be scrolled with the keyboard."""
    found = []
    page.wait_for_load_state()
    for width, large in screens or SCREENS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for kind, lines in page.evaluate(MEASURED, large).items():
            found += [f"{width} px{', large' if large else ''}: {kind}: {line}" for line in dict.fromkeys(lines)]
    return found


def names(page: Page) -> list[str]:
    """Buttons and links that sound the same and lead elsewhere."""
    return [f"sound alike: {line}" for line in page.evaluate(ALIKE)]


def axe(page: Page, seen: set[str] | None = None) -> list[str]:
    """What axe finds, but for what it calls minor.

    Contrast, two thirds of its work, is asked when a text of the page stands in colours, size and order of grounds that are not yet
    among those `seen` on other pages.
    """
    options = ASKED
    if seen is not None:
        colours = set(page.evaluate(COLOURS))
        if colours <= seen:
            options = ASKED | {"rules": {"color-contrast": {"enabled": False}}}
        seen |= colours
    found = AXE.run(page, options=options).response["violations"]
    return [
        f"{each['impact']} {each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in found
        if each["impact"] in GRAVE
    ]


def everything(page: Page) -> list[str]:
    """All of it, of the page as it stands; the window is afterwards as it was."""
    before = page.viewport_size
    page.set_viewport_size({"width": SCREENS[0][0], "height": HEIGHT})
    page.evaluate(DRAWN_ANEW)
    found = sizes(page) + names(page) + axe(page)
    page.evaluate(LETTERS, False)
    if before is not None:
        page.set_viewport_size(before)
    return found


def held(part: Locator, name: str) -> None:
    """The part's accessibility tree is the one that is stored."""
    tree = part.aria_snapshot() + "\n"
    for pattern, words in MOVING:
        tree = pattern.sub(words, tree)
    stored = TREES / f"{name}.yml"
    if os.environ.get("TREES") == "write":
        TREES.mkdir(exist_ok=True)
        stored.write_text(tree, encoding="utf-8")
    assert tree == stored.read_text(encoding="utf-8"), f"{name}: if this is meant, TREES=write pytest writes it anew"
