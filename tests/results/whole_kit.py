"""What several tests of these pages stand on."""

from __future__ import annotations

from festival.core.transaction import transaction
from festival.results.decide import TieOrder
from festival.results.delegations import deciding
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.settling.awarding import PrizesGiven
from tests.judging.panel_cast import Panel
from tests.results.whole_cast import (
    NAMES,
)

STREAM = "results:thu/delegations"


ONE_FIRST = TieOrder([["doan-1"], ["doan-0"]])


def decide(panel: Panel, saying: TieOrder | PrizesGiven, reason: str = "đồng đều hơn", seen: int | None = None) -> None:
    with transaction():
        deciding.decide_whole(panel.festival_id, saying, reason, NAMES, panel.users["secretary"], seen=seen)


def sign(panel: Panel, number: str = "09/BB-BGK", *, may_release: bool = True) -> Signed | StillOpen:
    with transaction():
        return deciding.sign_whole(panel.festival_id, number, panel.users["secretary"], may_release=may_release)
