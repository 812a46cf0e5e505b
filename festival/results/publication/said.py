"""How is a ledger called where people read what was published? By its contest; the file for machines keeps its key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from festival.contests.models import Contest
from festival.editions.models import Festival
from festival.judging.contest_rules import judging_stream
from festival.results.ladder.states import results_stream, whole_stream


def ledger_names(festival: Festival, every: Sequence[Contest]) -> Mapping[str, str]:
    """By key."""
    found = {
        whole_stream(festival): _("Sổ kết quả toàn đoàn"),
        f"decisions:{festival.code}": _("Sổ quyết định của ngày hội"),
    }
    for each in every:
        found[judging_stream(each)] = _("Sổ chấm «%(contest)s»", contest=each.name)
        found[results_stream(each)] = _("Sổ kết quả «%(contest)s»", contest=each.name)
    return found
