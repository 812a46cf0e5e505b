"""How does a decision of the panel come in: typed, read back, confirmed, stored?

Nothing is stored before the panel has heard the places and prizes that would follow, and nothing typed is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.marks import written
from festival.core.numbers import typed_number
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput
from festival.core.web.forms import not_offered
from festival.editions.rules.prizes import PrizeRule
from festival.results.decide import TieOrder
from festival.results.models import DecisionKind, PanelDecision
from festival.results.prizes import LeftEmpty, PrizeOfEntry
from festival.results.rungs import THIRD
from festival.results.settling.recording import (
    LotsDrawn,
    MarkedAgain,
    NotHeld,
    RecordTakenBack,
    RungSaying,
    Thrown,
)
from festival.results.ties import AskedOf
from festival.results.words import EMPTY_WORDS

LAST_PLACE = 999
OF_THE_STEPS = ("csrf_token", "step", "seen")


@dataclass(frozen=True, slots=True)
class ReadLine:
    """What would be of one entry or delegation: its place as written, its number, its name, its prize in words."""

    place: str
    number: int | None
    name: str
    under: str
    prize: str


def typed_reason() -> str:
    """The reason as typed."""
    return request.form.get("reason", "")


def typed_names() -> list[str]:
    """Those who decided, a line or a comma between two."""
    return [line for line in request.form.get("names", "").replace(",", "\n").splitlines() if line.strip()]


def typed(prefix: str) -> dict[str, str]:
    """The fields of a form that carry a code behind a prefix, by code."""
    return {key.removeprefix(prefix): value for key, value in request.form.items() if key.startswith(prefix)}


def typed_order() -> TieOrder:
    """Places typed for a group that is equal: the same number means that they share it."""
    places: dict[int, list[str]] = {}
    for entry, value in typed("place-").items():
        place = typed_number(value)
        if place is None or not 1 <= place <= LAST_PLACE:
            raise BadInput(_("Ghi cho mỗi tên một thứ tự từ 1. Quyết định chưa được ghi."))
        places.setdefault(place, []).append(entry)
    return TieOrder([places[rank] for rank in sorted(places)])


def decision(
    store: Callable[[int], None],
    read_back: Callable[[], str],
    page: Callable[[Mapping[str, str], Mapping[str, str]], str],
    done: str,
) -> ResponseReturnValue:
    """One step of a decision.

    `store` takes the latest decision that was known when this one was read back (-1 when the form does not say),
    `page` draws the forms again with their problem and what was typed, `done` is where a stored one leads.
    """
    form, step, problem = request.form, request.form.get("step"), {}
    try:
        if step == "confirm":
            seen = typed_number(form.get("seen", ""))
            with transaction():
                store(-1 if seen is None else seen)
            flash(_("Đã ghi quyết định của ban giám khảo."), "good")
            return redirect(done, 303)
        if step != "back":
            return read_back()
    except BadInput as refused:
        problem = {"decision": str(refused.message)}
    return page(problem, form), 422 if problem else 200


def typed_record() -> RungSaying:
    """A draw by dice or by hand, that none is held, or that the one before is taken back."""
    group = frozenset(request.form.get("group", "").split())
    match request.form.get("how"):
        case "dice":
            return Thrown(group, request.form.get("dice", ""))
        case "hand":
            return LotsDrawn(typed("lot-"))
        case "marks":
            marks: dict[str, dict[str, str]] = {}
            for key, value in typed("again-").items():
                letter, _sign, entry = key.partition("-")
                marks.setdefault(letter, {})[entry] = value
            return MarkedAgain(group, marks)
        case "not_held":
            return NotHeld(typed_rung(), group)
        case "back":
            return RecordTakenBack(typed_rung(), group)
        case _:
            raise not_offered("how")


def typed_rung() -> AskedOf:
    """Which rung the form is about."""
    try:
        return AskedOf(request.form.get("rung", ""))
    except ValueError as unknown:
        raise not_offered("rung") from unknown


def _recorded(said: PanelDecision, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What was typed of a draw or a third marking, read back beside its reason."""
    found = [(_("Các mặt xúc xắc"), seed)] if (seed := said.content.get("seed")) else []
    for letter, given in said.content.get("marks", {}).items():
        who = _("Giám khảo thứ ba") if letter == THIRD else _("Giám khảo %(letter)s", letter=letter)
        found.append((who, "; ".join(f"{names.get(entry, entry)}: {written(milli)}" for entry, milli in given.items())))
    return found


def said_of_prizes(
    said: PanelDecision, awards: Iterable[PrizeOfEntry], rules: Iterable[PrizeRule]
) -> list[tuple[str, str]]:
    """What is decided, and which prizes would be given more often than the rules say."""
    found: list[tuple[str, str]] = []
    if "takes_back" in said.content:
        found.append((_("Rút lại quyết định"), _("số %(n)s", n=said.content["takes_back"])))
    elif said.kind is DecisionKind.VACANT:
        found += [
            (_("Giải để trống"), said.content["prize"]),
            (_("Những hạng của giải ấy"), str(EMPTY_WORDS[LeftEmpty(said.content["then"])])),
        ]
    given = Counter(each.prize for each in awards)
    for rule in rules:
        if rule.count is not None and given[rule.name] > rule.count:
            words = _(
                "%(prize)s: %(given)s giải, thể lệ ghi %(count)s",
                prize=rule.name,
                given=given[rule.name],
                count=rule.count,
            )
            found.append((_("Nhiều hơn thể lệ"), words))
    return found


def draw_read_back(
    said: PanelDecision,
    lines: list[ReadLine],
    seen: int,
    subject: str,
    href: str,
    names: Mapping[str, str] = MappingProxyType({}),
    more: Sequence[tuple[str, str]] = (),
    whole: object = None,
) -> str:
    """The page that is read to the panel. `subject` with `href`: the contest or the whole delegation; `names`: by code; `more`: what else is read;
    `whole`: what a decision of a contest does to the delegations.

    What dice come to is not shown before it is stored: nobody throws them until it pleases.
    """
    if said.content.get("seed"):
        lines = [replace(each, place="", prize="") for each in sorted(lines, key=lambda each: each.number or 0)]
    return render_template(
        "results/read_back.html",
        said=said,
        lines=lines,
        seen=seen,
        subject=subject,
        href=href,
        recorded=[*_recorded(said, names), *more],
        whole=None if said.content.get("seed") else whole,
        typed=[(key, value) for key, value in request.form.items() if key not in OF_THE_STEPS],
    )
