"""Does a page a person walks through hold: no error in its console, nothing of its own refused, usable by everybody?"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import ConsoleMessage, Page

from tests.harness.looks import shot
from tests.harness.waiting import wait_until
from tests.house import reach
from tests.journeys.scene import PASSWORD

# Nothing else is another in the dark.
COLOURS = ["color-contrast", "link-in-text-block"]
SETTLED = """() => new Promise(requestAnimationFrame).then(() => Promise.all(document.getAnimations()
    .filter((each) => each instanceof CSSTransition).map((each) => each.finished.catch(() => null))))"""
GRAVE = {"serious", "critical"}


class Walker:
    """A person at one page: everything the browser complains of is remembered until `hold` is asked."""

    def __init__(self, page: Page, who: str, *, scripted: bool = True) -> None:
        self.page = page
        self.who = who
        self.scripted = scripted
        self.complaints: list[str] = []
        self.expected: tuple[str, ...] = ()
        self.steps = 0
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(part in message.text for part in self.expected):
            self.complaints.append(f"{self.page.url}: {message.type}: {message.text}")

    @contextmanager
    def expecting(self, *parts: str) -> Iterator[None]:
        """The browser itself logs a refused answer or a lost network as an error; here it is meant to happen."""
        self.expected = parts
        yield
        self.expected = ()

    def go(self, path: str) -> Walker:
        """Open an address."""
        answer = self.page.goto(path)
        assert answer is not None and answer.status == 200, f"{path}: {answer and answer.status}"
        return self

    def press(self, words: str, nth: int = 0) -> Walker:
        """The button or link of these words."""
        self.page.get_by_role("button", name=words).or_(self.page.get_by_role("link", name=words)).nth(nth).click()
        return self

    def fill(self, label: str, text: str) -> Walker:
        """A field by its label."""
        self.page.get_by_label(label).first.fill(text)
        return self

    def sign_in(self, login: str) -> Walker:
        """Through the page."""
        self.go("/sign-in").fill("Tên đăng nhập", login)
        self.page.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
        self.press("Đăng nhập")
        self.page.wait_for_url(lambda url: "/sign-in" not in url)
        return self

    def hold(self, name: str, *, dark: bool = False) -> Walker:
        """This page is sound: console silent, no grave fault of accessibility, nothing too wide. SHOTS=folder keeps its picture."""
        self.steps += 1
        page = self.page
        page.wait_for_load_state("load")
        stem = f"{self.who}-{self.steps:02d}-{name}"
        shot(page, stem)
        # axe itself is a script that waits for its own promises: where scripts are off it would wait for ever.
        faults = _grave(page) if self.scripted else []
        if dark:
            page.emulate_media(color_scheme="dark")
            if self.scripted:
                page.evaluate(SETTLED)  # half-way between two colours is neither
            shot(page, f"{stem}-dark")
            faults += [f"dark: {fault}" for fault in (_grave(page, runOnly=COLOURS) if self.scripted else [])]
            page.emulate_media(color_scheme="light")
        assert not faults, f"{stem} ({page.url}):\n" + "\n".join(faults)
        # without our letters a line is some points longer
        wait_until(lambda: page.evaluate("document.fonts.status") == "loaded", "the letters of the page")
        too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert too_wide <= 0, f"{stem} ({page.url}) is {too_wide} px wider than the screen"
        assert self.complaints == [], f"{stem}:\n" + "\n".join(self.complaints)
        return self


def _grave(page: Page, **asked: object) -> list[str]:
    found = reach.AXE.run(page, options=reach.ASKED | asked).response["violations"]
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:4]]}"
        for each in found
        if each["impact"] in GRAVE
    ]
