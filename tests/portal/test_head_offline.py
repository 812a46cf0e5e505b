"""On a phone of 360 px: the head's page opens without network, and a phone that hears its link was replaced keeps nothing."""

from __future__ import annotations

import pytest
from flask import Flask
from playwright.sync_api import Error, Page, expect

from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import look_up_hash
from festival.core.transaction import transaction
from festival.passes.issue import issue_pass
from festival.programme.queries import festival_day
from festival.roster.links import of_delegations, of_families
from festival.roster.models import Delegation, Family
from festival.roster.rules import rules_of
from tests.programme.scene import make_festival

KEPT = "caches.keys()"
WORKERS = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"


def test_the_head_reads_without_network_and_a_replaced_link_leaves_nothing(app: Flask, page: Page) -> None:
    with app.app_context(), transaction():
        scene = make_festival(families=12, contests=2, first_day=festival_day(now()))
        family = db.session.get_one(Family, scene.families[0])
        issue_pass("family", family.id, scene.festival_id)
        delegation = db.session.get_one(Delegation, family.delegation_id)
        family.link_hash = look_up_hash(of_families.link_code(family))
        of_delegations.first_link(delegation)
        own, heads = f"/g/{of_families.link_code(family)}", f"/d/{of_delegations.delegation_link(delegation)}"
        family_id, delegation_id, name = family.id, delegation.id, family.name
    page.goto(own)
    expect(page.locator("[data-kept]")).to_be_visible()
    page.goto(heads)
    expect(page.locator("[data-kept]")).to_be_visible()
    assert sorted(page.evaluate(KEPT)) == ["family-page", "head-page"]
    page.context.set_offline(True)
    page.goto("/head")
    expect(page.locator("[data-age]")).to_be_visible()
    expect(page.locator("[data-head]")).to_contain_text("Thông tin lúc")
    expect(page.locator(".head-families")).to_contain_text(name)
    assert page.evaluate(WIDE) is False
    page.goto("/family")
    expect(page.locator(".pass-typed")).to_be_visible()
    page.context.set_offline(False)

    with app.app_context(), transaction():
        family = db.session.get_one(Family, family_id)
        of_families.replace_link(rules_of(family.delegation.festival), family, None)
        delegation = db.session.get_one(Delegation, delegation_id)
        of_delegations.replace_delegation_link(delegation.festival, delegation, None)
    # The open page asks by itself; the page that was closed is told when it is opened.
    told = page.get_by_role("heading", name="Liên kết này đã được thay")
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(told).to_be_visible()
    expect(page.locator("[data-forget-link]")).to_have_text("Máy này đã xóa những gì liên kết cũ để lại.")
    assert page.evaluate(KEPT) == ["head-page"]
    page.goto("/head")
    expect(told).to_be_visible()
    expect(page.locator("[data-forget-link]")).not_to_be_empty()
    assert (page.evaluate(KEPT), page.evaluate(WORKERS)) == ([], 0)
    page.context.set_offline(True)
    with pytest.raises(Error):  # no worker and no network: no page at all
        page.goto("/family")
