"""What is handed to the page of prizes, of a contest or of the delegations, and what a form of it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.web.forms import not_offered
from festival.results.agenda import Agenda
from festival.results.awarding.showing import BoundMoved, ProposedPrizes
from festival.results.decision_form import typed
from festival.results.decisions import Decisions
from festival.results.models import DecisionKind, PanelDecision
from festival.results.settling.awarding import (
    PrizeGivenAgain,
    PrizeLeftEmpty,
    PrizeSaying,
    PrizesGiven,
    PrizesTakenBack,
)
from festival.results.standings import RankedEntry
from festival.results.words import EMPTY_WORDS

STEPS = {"1": 1, "-1": -1}


def typed_prizes() -> PrizeSaying:
    """Other prizes for a place, a prize left empty, or one of these taken back."""
    form = request.form
    match form.get("how"):
        case "give":
            return PrizesGiven({entry: name or None for entry, name in typed("prize-").items()})
        case "give_back":
            return PrizesTakenBack(frozenset(form.get("group", "").split()))
        case "empty":
            return PrizeLeftEmpty(form.get("left", ""), form.get("then", ""))
        case "empty_back":
            return PrizeGivenAgain(form.get("left", ""))
        case _:
            raise not_offered("how")


def parts_of_page(
    proposed: ProposedPrizes,
    decided: Decisions,
    agenda: Agenda | None,
    labels: Mapping[str, str],
    form: Mapping[str, str],
    problem: Mapping[str, str],
) -> dict[str, Any]:
    """`agenda`: while the panel may decide. `labels`: names by code. `form`: what a form held, to be shown beside its problem."""
    groups = {} if agenda is None else {_rank(proposed.places, group): group for group in agenda.groups}
    asked = next((code.removeprefix("prize-") for code in form if code.startswith("prize-")), None)
    place = (
        typed_number(request.args.get("place", ""))
        if asked is None
        else next((rank for rank, group in groups.items() if asked in group), None)
    )
    what_if = _what_if(proposed)
    return {
        "proposed": proposed,
        "questions": proposed.prizes.questions,
        "labels": labels,
        "names_of": lambda entries: ", ".join(labels[entry] for entry in entries),
        "prizes": [each.name for each in proposed.rules],
        "groups": groups,
        "group_choices": [(str(rank), _group_said(labels, rank, group)) for rank, group in groups.items()],
        "place": place if place in groups else None,
        "in_force": _in_force(decided),
        "void": decided.void(proposed.places),
        "empty_choices": [(each.value, words) for each, words in EMPTY_WORDS.items()],
        "what_if": what_if if isinstance(what_if, BoundMoved) else None,
        "cannot": what_if if isinstance(what_if, str) else "",
        "typed": form,
        "problem": problem,
    }


def _group_said(labels: Mapping[str, str], rank: int, group: tuple[str, ...]) -> str:
    return f"{rank}{'=' if len(group) > 1 else ''}. {', '.join(labels[entry] for entry in group)}"


def _rank(places: Sequence[RankedEntry], group: tuple[str, ...]) -> int:
    return next(each.rank or 0 for each in places if each.entry == group[0])


def _in_force(decided: Decisions) -> list[PanelDecision]:
    """What the panel decided about prizes and may take back."""
    kinds = (DecisionKind.PRIZE, DecisionKind.VACANT)
    return [
        row
        for row in decided.rows
        if row.kind in kinds and row.id not in decided.replaced and "takes_back" not in row.content
    ]


def _what_if(proposed: ProposedPrizes) -> BoundMoved | str | None:
    """What was asked in the address: one bound, one more or one less."""
    prize, by = request.args.get("bound"), STEPS.get(request.args.get("step", ""))
    if prize is None:
        return None
    if by is None:
        return str(_("Chọn thêm 1 hay bớt 1."))
    return proposed.if_moved(prize, by) or str(_("Chọn một giải có số lượng trong thể lệ; số giải không thể ít hơn 0."))
