"""Is a changed text a new version, and do pages promise only what the program keeps?"""

from __future__ import annotations

from datetime import date
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from festival.consent.texts import CONSENT_WORDS
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions import retention
from festival.editions.models import Retention
from festival.editions.queries import the_festival
from tests.programme.scene import make_festival

pytestmark = pytest.mark.either_database

# Never changed, only added to: who agreed to version 1 agreed to these very words.
DIGESTS = {
    ("taking_part", 1): "4a8ab13cfb757d91",
    ("taking_part", 2): "000c8016b1fcc738",
    ("child_own", 1): "b20358a38118f0aa",
    ("child_own", 2): "0193d3011cd16122",
    ("child_publish", 1): "51e8a621609ac40c",
    ("publish", 1): "1f523c6c036822fb",
    ("publish", 2): "e4a9b46d33a45d28",
    ("allergy", 1): "c6ac52ba33c1597f",
    ("support", 1): "ad62114f39589137",
    ("kept", 1): "a0dbc3ad30ac1edd",
}
NOT_OFFERED = ("kiến nghị", "/family/registration")


def test_a_changed_text_is_a_new_version() -> None:
    now_said = {
        (purpose.value, version): sha256(str(words).encode()).hexdigest()[:16]
        for purpose, (version, words) in CONSENT_WORDS.items()
    }
    assert now_said == {key: DIGESTS[key] for key in now_said}
    latest = {purpose: max(version for each, version in DIGESTS if each == purpose) for purpose, _version in DIGESTS}
    assert dict(now_said.keys()) == latest


def test_the_notice_says_the_days_that_hold_and_offers_nothing_that_is_not_there(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context(), transaction():
        make_festival(first_day=date(2026, 6, 14))
    for page in ("/privacy", "/help"):
        for language in ("vi", "en"):
            text = client.get(f"{page}?lang={language}").text
            assert [words for words in NOT_OFFERED if words in text] == [], page
    text = client.get("/privacy").text
    assert ("Lưu đến hết ngày 14/6/2027" in text, "ngày 16/6/2031" in text, "nhiều nhất 30 ngày" in text) == (True,) * 3
    with app.app_context(), transaction():
        retention.keep_until(the_festival(), "papers", date(2036, 6, 16), "Theo quy chế lưu trữ", None)
    assert "ngày 16/6/2036" in client.get("/privacy").text
    with app.app_context(), transaction():
        retention.hold(the_festival(), "Có đơn", None)
    text = client.get("/privacy").text
    assert ("Đang được giữ lại" in text, "Có đơn" in text, "Lưu đến hết" in text) == (True, False, False)
    with app.app_context(), transaction():
        db.session.execute(update(Retention).values(held="", data_erased_at=now()))
    assert "đã được xóa; tên gia đình đã thành số" in client.get("/privacy").text
