"""Which edition's rules does a page of the organiser ask for?"""

from __future__ import annotations

from flask import request

from festival.editions.queries import the_festival
from festival.roster import rules
from festival.roster.models import Family
from festival.roster.rules import Rules


def asked_rules() -> Rules:
    code = request.args.get("festival", "")
    return rules.rules_of(rules.asked_festival(code) if code else the_festival())


def rules_of_family(family: Family) -> Rules:
    return rules.rules_of(family.delegation.festival)
