"""Does every form that is refused come back as its own page, with the sender's menu, right words and what was typed?

All forms of all pages are found by opening them as each role; each is then sent with nothing chosen and with choices that
do not exist. A form that no page shows just then is sent to its address all the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from festival.accounts.roles import Role
from festival.core.web.access import policy_of
from festival.core.web.refilling import SECRET, _Reader
from tests.house.filling import known
from tests.house.growing import grown
from tests.house.test_access import FAMILY, allowed, doors, path_of
from tests.house.test_statements import addresses, visitor

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

TYPED = "Ghi chú của bà Tỵ-Ngọ"
ACTORS = [*Role, FAMILY]
# These may send every form between them, so the other database is asked every question without walking all roles again.
BETWEEN_THEM = (Role.ORGANISER, Role.SECRETARY, Role.OFFICER, FAMILY)
WALKS = [*(("sqlite", actor) for actor in ACTORS), *(("postgresql", actor) for actor in BETWEEN_THEM)]
# They end what the walk stands on; tests of their own rooms have them.
ENDS_THE_WALK = {
    "accounts.sign_out",
    "accounts.end_other_sign_ins",
    "registration.family_forget",
    "accounts.active_post",
    "editions.choose",
    "editions.put_away",
    "editions.remove",
}
# What a form says unseen of the state it was shown in: the walk itself may have changed that meanwhile.
AS_SEEN = {"version", "was", "issue", "paper", "seen"}
# A request is closed, an announcement withdrawn, a scan undone by the first of the walk's sendings; that the others come too late is right.
CLOSED_BY_THE_WALK = {
    "privacy.office_request_step",
    "privacy.officer_request_back",
    "reveal.start",
    "results.cut_unannounce",
    "gates.undo_scan",
    "judging.decide_substitution",
    "judging.officer_substitute_take_back",
    "schedule.mend_undo_post",
}
# A family that was taken off the list has no pages any more, so this comes after everything else.
SENT_LAST = {"registration.family_remove"}
# The page that answers is not the page of the form, and why.
SHOWN_OTHERWISE = {
    "accounts.search_people": "a search: what was asked stands on the page of what was found",
    "registration.search_post": "a search likewise",
}


class Offers(_Reader):
    """Reads a page's forms, and what each choice offers first."""

    def __init__(self) -> None:
        super().__init__()
        self.offered: dict[int, dict[str, str]] = {}
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attrs)
        found = {name: value or "" for name, value in attrs}
        self._select = found.get("name", "") if tag == "select" else self._select
        if not self.forms:
            return
        offered = self.offered.setdefault(self.forms[-1].number, {})
        if tag == "option" and self._select and found.get("value"):
            offered.setdefault(self._select, found["value"])
        elif tag == "input" and found.get("type") in {"radio", "checkbox"}:
            offered.setdefault(found.get("name", ""), found.get("value", "on"))


@dataclass(slots=True)
class Sendable:
    """A form as a page shows it: where it goes, what it sends unseen, and its boxes."""

    action: str
    hidden: dict[str, str] = field(default_factory=dict)
    boxes: tuple[str, ...] = ()
    texts: frozenset[str] = frozenset()
    offered: dict[str, str] = field(default_factory=dict)

    def sendings(self, *, all_of_them: bool) -> Iterator[tuple[str, dict[str, str]]]:
        """What is sent after nothing was, and how it is called; what would be the same again (a form without choices) is not."""
        before = [dict[str, str]()]
        for called, data in self._sendings(all_of_them=all_of_them):
            if data not in before:
                before.append(data)
                yield called, data

    def _sendings(self, *, all_of_them: bool) -> Iterator[tuple[str, dict[str, str]]]:
        """All choices strange, then (all of them) one while the others are good."""
        written = {name: TYPED for name in self.boxes if name in self.texts}
        choices = [name for name in self.boxes if name not in self.texts]
        for strange in ("khong-co", "999999999"):
            yield strange, self.hidden | written | dict.fromkeys(choices, strange)
            if not all_of_them:
                return
        good = {name: self.offered.get(name, "") for name in choices}
        for name in choices[:4] if len(choices) > 1 else []:
            yield f"a strange {name}", self.hidden | written | good | {name: "999999999"}
            yield f"no {name}", self.hidden | written | good | {name: ""}


def forms_of(app: Flask, client: FlaskClient, actor: str, values: dict[str, Any]) -> dict[str, Sendable]:
    """One form for each door that takes one, as this actor's pages show it."""
    adapter = app.url_map.bind("localhost")
    found: dict[str, Sendable] = {}
    for method, rule, policy in doors(app):
        if method != "GET" or "filename" in rule.arguments or policy is None or not allowed(policy, actor):
            continue
        if policy.kind == "anonymous" and not rule.rule.startswith(("/register", "/sign-in")):
            continue
        for _name, path in addresses(rule, values):
            answer = client.get(path)
            if answer.status_code != 200 or answer.mimetype != "text/html":
                continue
            reader = Offers()
            reader.feed(answer.get_data(as_text=True))
            for form in reader.forms:
                for action in form.actions:
                    where = action.split("?")[0] or path.split("?")[0]
                    try:
                        endpoint, _args = adapter.match(where, method="POST")
                    except (RequestRedirect, HTTPException):  # a form that is asked by GET
                        continue
                    had = found.get(endpoint)
                    if had is None or len(had.boxes) < len(form.boxes):
                        offered = reader.offered.get(form.number, {})
                        found[endpoint] = Sendable(
                            where, form.hidden, tuple(form.boxes), frozenset(form.texts), offered
                        )
    return found


def sent(forms: dict[str, Sendable], app: Flask, actor: str) -> Iterator[tuple[str, Sendable, bool]]:
    """Every door that takes a form of a page from this actor; whether the page that shows it was found."""
    for method, rule, policy in sorted(doors(app), key=lambda door: door[1].endpoint in SENT_LAST):
        if method != "POST" or policy is None or not policy.csrf or not allowed(policy, actor):
            continue
        if rule.endpoint in ENDS_THE_WALK:
            continue
        shown = forms.get(rule.endpoint)
        yield rule.endpoint, shown or Sendable(path_of(rule)), shown is not None


def looks_wrong(answer: TestResponse, endpoint: str, app: Flask, hidden: Mapping[str, str]) -> str:
    """What is wrong with how a refusal looks, '' when nothing is."""
    if answer.status_code < 400:
        return ""
    if answer.status_code >= 500:
        return "our own mistake"
    page = answer.get_data(as_text=True)
    policy = policy_of(app.view_functions[endpoint])
    if policy is not None and policy.kind == "user" and not answer.is_json and 'action="/sign-out"' not in page:
        return "looks signed out"
    late = endpoint not in CLOSED_BY_THE_WALK and not AS_SEEN & hidden.keys()
    if "vừa thay đổi trước" in page and late:
        return "says that somebody changed something"
    return ""


def may_send(app: Flask, actors: Iterable[str]) -> set[str]:
    """The doors whose form at least one of these may send."""
    return {
        rule.endpoint
        for method, rule, policy in doors(app)
        if method == "POST" and policy is not None and policy.csrf and any(allowed(policy, each) for each in actors)
    }


def test_a_few_may_send_every_form_between_them(app: Flask) -> None:
    assert may_send(app, BETWEEN_THEM) == may_send(app, ACTORS)


@pytest.mark.long
@pytest.mark.parametrize(("database_url", "actor"), WALKS, indirect=["database_url"])
@pytest.mark.begins_with(build=grown)
def test_a_refused_form_comes_back(app: Flask, actor: str) -> None:
    app.config["WTF_CSRF_METHODS"] = set()
    values = known(app)
    client, _headers = visitor(app, actor)
    forms = forms_of(app, client, actor, values)
    wrong = []
    # One of those before sends all of a form; of another's the page that comes back is looked at once, with this role's menu.
    others = may_send(app, BETWEEN_THEM[: BETWEEN_THEM.index(actor)] if actor in BETWEEN_THEM else BETWEEN_THEM)
    for endpoint, form, has_page in sent(forms, app, actor):
        answer = client.post(form.action)
        if fault := looks_wrong(answer, endpoint, app, {}):
            wrong.append(f"{endpoint} with nothing: {answer.status_code} {fault}")
        if has_page and answer.status_code == 404:
            wrong.append(f"{endpoint} with nothing: 404")
        for choice, data in form.sendings(all_of_them=endpoint not in others):
            answer = client.post(form.action, data=data)
            if fault := looks_wrong(answer, endpoint, app, form.hidden):
                wrong.append(f"{endpoint} with {choice}: {answer.status_code} {fault}")
            kept = escape(TYPED) in answer.get_data(as_text=True) or endpoint in SHOWN_OTHERWISE
            if answer.status_code >= 400 and any(not SECRET.search(name) for name in form.texts) and not kept:
                wrong.append(f"{endpoint} with {choice}: {answer.status_code} what was typed is lost")
    assert not wrong, "\n".join(wrong)
    assert actor not in (Role.ORGANISER, Role.SECRETARY, Role.OFFICER) or len(forms) > 5
