"""How much does a person do, and how heavy are the pages they are given? One who counts their own clicks and keys.

What counts: a click or tap one; a key pressed one; a field typed or pasted one, however much is typed and with going to it;
a choice from a list one; a file picked one; an address typed, pasted or read from a paper's square with the camera one.
What does not: reading, scrolling, and the answers of the program itself. A person who drives a page past this class
cheats the count.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, Response

LARGEST_PAGE = 60 * 1024
# The size of an answer that is not compressed is in its head; the page itself is gone when somebody asks later.
PLAIN = {"Accept-Encoding": "identity"}


@dataclass
class Tally:
    """Shared by everybody of one story: what was done and which pages came."""

    actions: int = 0
    parts: dict[str, int] = field(default_factory=dict)
    pages: dict[str, int] = field(default_factory=dict)  # address → its largest answer in bytes; 0: it does not say
    failed: list[str] = field(default_factory=list)  # an answer of 404 or 5xx

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """What is done inside is counted under this name."""
        before = self.actions
        yield
        self.parts[name] = self.parts.get(name, 0) + self.actions - before

    def hold(self) -> None:
        """Every page that came is light, and none was missing or broken."""
        untold = [url for url, size in self.pages.items() if not size]
        assert self.pages and untold == [], f"nobody knows how large these are: {untold}"
        heavy = {url: size for url, size in self.pages.items() if size > LARGEST_PAGE}
        assert heavy == {}, f"heavier than {LARGEST_PAGE} bytes: {heavy}"
        assert self.failed == [], self.failed


class Person:
    """Somebody at one tab. `who` is for messages of a test that fails."""

    def __init__(self, page: Page, who: str, tally: Tally | None = None) -> None:
        self.page = page
        self.who = who
        self.tally = tally or Tally()
        page.set_extra_http_headers(PLAIN)
        page.on("response", self._came)

    @property
    def actions(self) -> int:
        """Of the whole tally."""
        return self.tally.actions

    def _came(self, answer: Response) -> None:
        path = answer.url.partition("#")[0]
        if answer.status == 404 or answer.status >= 500:
            self.tally.failed.append(f"{self.who}: {answer.status} {answer.request.method} {path}")
        head = answer.headers
        told = head.get("content-type", "").startswith("text/html") and not answer.from_service_worker
        if told and answer.status not in (301, 302, 303, 304):
            size = int(head.get("content-length", 0)) if "content-encoding" not in head else 0
            self.tally.pages[path] = max(self.tally.pages.get(path, 0), size)

    def _did(self) -> None:
        self.tally.actions += 1

    def open(self, address: str) -> Person:
        """An address typed, pasted, or read from a paper's square: one."""
        self._did()
        answer = self.page.goto(address)
        assert answer is None or answer.ok, f"{self.who}: {address}: {answer.status}"
        return self

    def click(self, what: Locator) -> Person:
        """One; what it leads to is waited for by whatever is done next."""
        self._did()
        what.click()
        return self

    def press(self, words: str, *, within: Locator | None = None, nth: int = 0) -> Person:
        """The button or link that says this (or begins so): one."""
        where = within or self.page
        return self.click(where.get_by_role("button", name=words).or_(where.get_by_role("link", name=words)).nth(nth))

    def unfold(self, words: str) -> Person:
        """What lies folded behind these words, or a question asked before something is done: one."""
        return self.click(self.page.locator("summary").filter(has_text=words).first)

    def back(self) -> Person:
        """The browser's own way back: one."""
        self._did()
        self.page.go_back()
        return self

    def key(self, name: str) -> Person:
        """One key, or keys held together."""
        self._did()
        self.page.keyboard.press(name)
        return self

    def fill(self, label: str | Locator, text: str) -> Person:
        """A field typed or pasted, going there included: one."""
        self._did()
        self._field(label).fill(text)
        return self

    def here(self, text: str) -> Person:
        """Typed where the focus is: one."""
        self._did()
        self.page.keyboard.insert_text(text)
        return self

    def choose(self, label: str | Locator, option: str) -> Person:
        """From a list, by its words: one."""
        self._did()
        self._field(label).select_option(label=option)
        return self

    def tick(self, label: str | Locator) -> Person:
        """A box or a round button: one."""
        self._did()
        self._field(label).check()
        return self

    def pick_file(self, label: str | Locator, path: Path) -> Person:
        """A file of this computer: one."""
        self._did()
        self._field(label).set_input_files(path)
        return self

    def _field(self, label: str | Locator) -> Locator:
        return self.page.get_by_label(label).first if isinstance(label, str) else label


def device(context: BrowserContext, who: str, tally: Tally) -> Person:
    """A person at a new tab of this device."""
    return Person(context.new_page(), who, tally)
