"""Is what follows said before it is saved, with everything typed kept, and asked again when it has changed?"""

from __future__ import annotations

import re

import pytest
from flask import Flask, request

from festival.core.sentence import N_
from festival.setup import confirming
from festival.setup.confirming import going_back, to_confirm
from festival.setup.saving import Preview
from tests.setup.test_saving import code, renamed  # noqa: F401

pytestmark = pytest.mark.either_database


def asked(app: Flask, typed: dict[str, object]) -> str | None:
    with app.test_request_context("/office/setup/x/what", method="POST", data=typed):
        return to_confirm("hon-quan-2024", renamed("Sút bóng"), title="Ngày và địa điểm")


def test_nothing_that_follows_is_not_asked(app: Flask, code: str) -> None:  # noqa: F811
    assert asked(app, {"name": "Sút bóng"}) is None


@pytest.fixture
def following(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What follows, as the test says."""
    told = ["Buổi sáng 14/6 nằm ngoài."]

    def preview(*_args: object) -> Preview:
        return Preview((N_("Tên: %(old)s", old="a"),), tuple(N_("%(what)s", what=each) for each in told))

    monkeypatch.setattr(confirming, "preview", preview)
    return told


def test_what_follows_is_asked_once_and_again_when_it_changes(app: Flask, following: list[str]) -> None:
    typed = {"name": 'Sút "bóng" <b>', "rows": ["1\r\n2", "3"], "back_to_form_x": "y"}
    page = asked(app, typed)
    assert page is not None
    hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    kept = [each for each in hidden if each[0] not in ("csrf_token", "confirmed")]
    assert kept == [
        ("name", "Sút &#34;bóng&#34; &lt;b&gt;"),
        ("rows", "1\n2"),  # as the house reads lines
        ("rows", "3"),
        ("back_to_form_x", "y"),
    ]
    assert "Buổi sáng 14/6 nằm ngoài." in page
    told = dict(hidden)["confirmed"]
    assert asked(app, typed | {"confirmed": told}) is None
    following.append("Buổi chiều cũng vậy.")
    again = asked(app, typed | {"confirmed": told})
    assert again is not None
    assert "Những gì kéo theo vừa thay đổi" in again


def test_the_way_back_is_known(app: Flask) -> None:
    with app.test_request_context("/", method="POST", data={"back_to_form": "y", "name": "x"}):
        assert going_back()
        assert request.form["name"] == "x"
    with app.test_request_context("/", method="POST", data={"name": "x"}):
        assert not going_back()
