"""Does the MC call who goes on into a final, and nobody before it is announced?"""

from __future__ import annotations

import json

from flask import Flask

from festival.core.transaction import transaction
from festival.results.cut import announcing
from tests.results.cut_cast import rounds, taken, the_final
from tests.results.test_pages_of_the_panel import Desk


def test_the_mc_calls_who_goes_on_once_it_is_announced_by_number_without_places(app: Flask) -> None:
    with app.app_context():
        panel = rounds()
        taken(panel)
        final = the_final().id
    mc, address = Desk(app, panel.users["mc"]), "/panel/chung-ket/mc"
    assert address not in mc.get("/panel")
    mc.get(address, 404)
    with app.app_context(), transaction():
        announcing.announce(final, None)
    assert address in mc.get("/panel")
    page = mc.get(address)
    assert 0 < page.index("Danh Chung 0</b>") < page.index("Danh Chung 1</b>")
    assert "Danh Chung 2" not in page and "Hạng" not in page and "Nhất" not in page
    state = mc.get(address + "/state")
    assert json.loads(state)["state"] in page
    with app.app_context(), transaction():
        announcing.withdraw_announcement(final, "Còn khiếu nại.", None)
    assert json.loads(mc.get(address + "/state")) == {"state": ""}  # an open page asks again, and says that it is gone
    mc.get(address, 404)
    Desk(app, panel.users["officer"]).get(address, 404)
