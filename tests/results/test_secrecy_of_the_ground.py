"""What is typed on the ground in a sealed contest reaches no public byte, no judge's tablet and no device it was not given to."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from config import Config
from festival.contests.models import Contest, Secrecy
from festival.core.database import db
from festival.core.transaction import transaction
from tests.judging.test_ground_app import on_ground
from tests.judging.test_ground_sync import chooses, confirms, one_try, says, scene
from tests.judging.test_tablet_sync import tablet
from tests.results.test_pages_of_the_panel import Desk
from tests.results.test_secrecy import changed, public_paths, seen

pytestmark = pytest.mark.either_database


def test_nothing_of_a_sealed_ground_is_public(app: Flask, config: Config, client: FlaskClient) -> None:
    panel, (one, two) = scene(app, client, secrecy=Secrecy.SECRET)
    paths = [path for path in public_paths(app) if not path.startswith(("/readyz", "/register"))]
    stranger, judge = on_ground(app, client, panel, "Sân khác"), tablet(app, client, panel, "hung")
    others = [phone.state(known="judging:bong-ro") for phone in (stranger, judge)]
    steady = seen(config, paths)
    assert "/ground" in paths and changed(config, paths, steady) == []

    says(one, 12, 0)
    says(two, 13, 0)
    confirms(one, 12, 1, agrees=False, note="thiếu một quả")
    (offer,) = one_try(one)["offers"]
    chooses(two, offer["mid"], 1)
    says(one, "dsq", 0, "S001/1")
    assert changed(config, paths, steady) == []
    for phone, before in zip((stranger, judge), others, strict=True):
        now = phone.state(known="judging:bong-ro")
        assert (now["state"], now["heads"]) == (before["state"], before["heads"])
    # a chair of this edition looks after balls too, and types nothing; who only has the right is nobody there
    for name, status in (("lan", 404), ("chair", 403), ("other", 404), ("officer", 404), ("mc", 404)):
        Desk(app, panel.users[name]).get("/panel/bong-ro/ground", status)
    # the negative control: of a contest that is public at once everybody sees the number
    with app.app_context(), transaction():
        db.session.get_one(Contest, panel.sport_id).secrecy = Secrecy.AT_ONCE
    assert changed(config, paths, steady) != []
