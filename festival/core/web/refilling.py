"""What was typed stands in the form again: a page as it is drawn, and a form that was sent and refused.

Pure: works on the page's text, so that no form has to know how to be drawn again. Fields that are hidden (versions, tokens)
keep what the page says now; what is secret and what is a file is never written back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

Pairs = Sequence[tuple[str, str | None]]

SECRET = re.compile("password|passphrase|again|(^|_)pin|token|code$|tail")
ANEW = {"csrf_token", "once"}  # other on every page that is drawn
NOT_TYPED = {"hidden", "submit", "button", "image", "reset", "file", "password"}


@dataclass(slots=True)
class _Form:
    """A form of a page: where it goes, what it sends unseen, its boxes by name, those in which one writes, its folds."""

    number: int
    actions: set[str] = field(default_factory=set)
    hidden: dict[str, str] = field(default_factory=dict)
    boxes: dict[str, str] = field(default_factory=dict)
    texts: set[str] = field(default_factory=set)
    folds: tuple[int, ...] = ()


class _Reader(HTMLParser):
    """Which forms are there, and what are their boxes called?"""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []
        self.labels: dict[str, str] = {}
        self._in: _Form | None = None
        self._folds: list[int] = []
        self._seen_folds = 0
        self._label: str | None = None
        self._legend = False
        self._fieldset = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "details":
            self._folds.append(self._seen_folds)
            self._seen_folds += 1
        elif tag == "form":
            self._in = _Form(len(self.forms), {found.get("action", "")}, folds=tuple(self._folds))
            self.forms.append(self._in)
        elif tag == "label":
            self._label = found.get("for")
        elif tag in {"fieldset", "legend"}:
            self._legend = tag == "legend"
            self._fieldset = "" if tag == "fieldset" else self._fieldset
        if self._in is None:
            return
        if "formaction" in found:
            self._in.actions.add(found["formaction"])
        if tag == "input" and found.get("type") == "hidden":
            self._in.hidden[found.get("name", "")] = found.get("value", "")
        elif tag in {"input", "select", "textarea"} and found.get("name"):
            self._in.boxes.setdefault(found["name"], found.get("id", ""))
            if tag != "select" and found.get("type", "text") not in NOT_TYPED | {"radio", "checkbox"}:
                self._in.texts.add(found["name"])
            if self._fieldset and found.get("type") in {"radio", "checkbox"}:
                self.labels.setdefault(f"={self._in.number} {found['name']}", self._fieldset)
            elif found.get("aria-label"):
                self.labels.setdefault(f"={self._in.number} {found['name']}", found["aria-label"])

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in = None
        elif tag == "details" and self._folds:
            self._folds.pop()
        elif tag == "label":
            self._label = None
        elif tag == "legend":
            self._legend = False

    def handle_data(self, data: str) -> None:
        if self._label and data.strip():
            self.labels.setdefault(self._label, " ".join(data.split()))
        if self._legend:
            self._fieldset = (self._fieldset + " " + " ".join(data.split())).strip()

    def called(self, form: _Form, name: str) -> str:
        """What the box is called on the page, '' when nothing says it."""
        return self.labels.get(form.boxes.get(name, ""), "") or self.labels.get(f"={form.number} {name}", "")


class _Writer(HTMLParser):
    """The page again, letter by letter, with the boxes of one form filled."""

    def __init__(self, form: _Form, typed: Mapping[str, Sequence[str]]) -> None:
        super().__init__(convert_charrefs=False)
        self.out: list[str] = []
        self._form = form
        self._typed = typed
        self._forms = self._folds = -1
        self._inside = False
        self._next: dict[str, int] = {}
        self._chosen: Sequence[str] | None = None
        self._swallow = False

    def _value(self, name: str) -> str | None:
        """The next value that was typed under this name; several boxes may share one."""
        values = self._typed.get(name)
        at = self._next.get(name, 0)
        self._next[name] = at + 1
        return values[at] if values is not None and at < len(values) else None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._forms += 1
            self._inside = self._forms == self._form.number
        elif tag == "details":
            self._folds += 1
            if self._folds in self._form.folds and "open" not in found:
                attrs = [*attrs, ("open", None)]
        name = found.get("name") or ""
        if self._inside and tag == "input" and name:
            attrs = self._input(name, found.get("type") or "text", attrs)
        elif self._inside and tag == "select":
            self._chosen = self._typed.get(name)
        elif tag == "option" and self._chosen is not None and "value" in found:
            attrs = _flag(attrs, "selected", (found["value"] or "") in self._chosen)
        self._write(tag, attrs, changed=attrs != list(found.items()))
        if self._inside and tag == "textarea" and (value := self._value(name)) is not None:
            self.out.append("\n" + escape(value, quote=False))
            self._swallow = True

    def _input(self, name: str, kind: str, attrs: list[tuple[str, str | None]]) -> list[tuple[str, str | None]]:
        if kind in NOT_TYPED or SECRET.search(name):
            return attrs
        if kind in {"radio", "checkbox"}:
            if kind == "radio" and name not in self._typed:
                return attrs
            return _flag(attrs, "checked", (dict(attrs).get("value") or "on") in self._typed.get(name, ()))
        value = self._value(name)
        return attrs if value is None else [*((key, was) for key, was in attrs if key != "value"), ("value", value)]

    def _write(self, tag: str, attrs: Pairs, *, changed: bool) -> None:
        raw = self.get_starttag_text() or ""
        if changed:
            inner = "".join(f" {key}" if value is None else f' {key}="{escape(value)}"' for key, value in attrs)
            raw = f"<{tag}{inner}{' /' if raw.endswith('/>') else ''}>"
        self.out.append(raw)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        elif tag == "select":
            self._chosen = None
        elif tag == "textarea":
            self._swallow = False
        self.out.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if not self._swallow:
            self.out.append(data)

    def handle_entityref(self, name: str) -> None:
        self.handle_data(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.handle_data(f"&#{name};")

    def handle_comment(self, data: str) -> None:
        self.out.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.out.append(f"<!{decl}>")


def _flag(attrs: Pairs, name: str, on: bool) -> list[tuple[str, str | None]]:
    rest = [pair for pair in attrs if pair[0] != name]
    return [*rest, (name, None)] if on else rest


@dataclass(frozen=True, slots=True)
class SentForm:
    """The form of a page that was sent: `refilled` draws the page with what was typed, `called` says a box by its label."""

    page: str
    typed: Mapping[str, Sequence[str]]
    form: _Form
    reader: _Reader

    def refilled(self) -> str:
        """The page with what was typed in its boxes; unchanged when nothing was."""
        if not any(name in self.typed for name in self.form.boxes):
            return self.page
        writer = _Writer(self.form, self.typed)
        writer.feed(self.page)
        writer.close()
        return "".join(writer.out)

    def called(self, name: str) -> str:
        """What the page calls that box; '' when it has no words."""
        return self.reader.called(self.form, name)


def sent_form(page: str, action: str, typed: Mapping[str, Sequence[str]], at: str = "") -> SentForm | None:
    """The form of the page that was sent to `action`; of several the one whose hidden fields are those that were sent, and of
    those the one that says most.

    A form without an address goes to the one of its page, `at`.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    there = [form for form in reader.forms if any((each.split("?")[0] or at) == action for each in form.actions)]
    same = [form for form in there if all(typed.get(name, [""])[:1] == [value] for name, value in _unseen(form))]
    fitting = same or (there if len(there) == 1 else [])
    return SentForm(page, typed, max(fitting, key=lambda form: len(_unseen(form))), reader) if fitting else None


def _unseen(form: _Form) -> list[tuple[str, str]]:
    return [(name, value) for name, value in form.hidden.items() if name not in ANEW]


def shown_again(typed: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """What a person typed, to be copied from a page that has no box for it; nothing secret, no codes of the program."""
    return tuple(
        value
        for name, values in typed.items()
        if not SECRET.search(name)
        for value in values
        if (len(value) > 1 and not value.isascii()) or " " in value.strip() or len(value) > 40
    )
