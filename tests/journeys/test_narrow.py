"""Is any public page, or the family's own, wider than the narrowest phone still sold (320 px)?"""

from __future__ import annotations

import json
import re
from pathlib import Path

from flask import Flask
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import transaction
from festival.office.festival_import import import_festival, read_file
from festival.roster.links import link_code
from festival.roster.models import Family
from tests.harness.served import Served
from tests.journeys.conftest import Visit
from tests.journeys.scene import RULESET, Scene
from tests.journeys.test_registration import register
from tests.journeys.walker import Walker

ROUTES = Path(__file__).parent.parent / "house" / "routes.txt"
# Not pages, the shells of enrolled devices, those that the registration below walks through, and those with a walk of their own.
ELSEWHERE = re.compile(r"/api/|\.\w+$|/healthz|/readyz|/gate|/judge|/activate|/register/|/g/|/sign-in/once/|/setup/")


class Narrow(Walker):
    """Looks at nothing but the width, and remembers every page that is too wide."""

    def hold(self, name: str, *, dark: bool = False) -> Walker:
        """Does anything stand out to the side?"""
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.complaints.append(f"{name} ({self.page.url}) is {wide} px wider than the screen")
        return self


def public_pages() -> list[str]:
    """The pages of routes.txt that anybody or a family may read."""
    lines = [line.split() for line in ROUTES.read_text(encoding="utf-8").splitlines()]
    return [
        address
        for method, address, policy, *_rest in lines
        if method == "GET" and policy in {"anybody", "family"} and not ELSEWHERE.search(address)
    ]


def earlier_edition(app: Flask) -> str:
    """Code of an edition of the year before, which stands beside the chosen one."""
    document = json.loads(RULESET.read_text(encoding="utf-8"))
    document["festival"] |= {"code": "nho-2023", "starts_on": "2023-06-14", "ends_on": "2023-06-14"}
    with app.app_context(), transaction():
        return import_festival(read_file(json.dumps(document).encode())).festival.code


def test_no_page_of_the_public_or_of_a_family_scrolls_sideways(
    app: Flask, fair: Scene, visit: Visit, live_server: Served
) -> None:
    with app.app_context():
        link = link_code(db.session.scalars(select(Family).where(Family.name.contains("Danh Chung"))).one())
        contest = db.session.scalars(select(Contest.code).order_by(Contest.position)).first()
    earlier = earlier_edition(app)
    pages = public_pages()
    assert {"/", "/programme", "/results", "/family", "/family/registration", "/contests/<code>"} <= set(pages)
    assert "/editions/<code>/results" in pages
    phone = Narrow(visit("narrow", "hep").page, "hep", scripted=False)
    register(phone, javascript=False)
    phone.page.goto(f"/g/{link}")
    day = phone.go("/programme").page.locator("a[href^='/programme/']").first.get_attribute("href")
    given = {
        "/contests/<code>": f"/contests/{contest}",
        "/programme/<on>": day,
        "/editions/<code>/results": f"/editions/{earlier}/results",
    }
    for language in ("vi", "en"):
        phone.page.context.add_cookies([{"name": "lang", "value": language, "url": live_server.url}])
        for page in pages:
            phone.go(given.get(page) or page).hold(f"{page} {language}")
    assert phone.complaints == []
