"""A whole festival as the file that says it (`festival-timetable 1`): what `reading` makes the same festival of."""

from __future__ import annotations

from festival.schedule.solver.shapes import FORMAT, PlaceOfAct, WholeFestival, written


def place_to_json(place: PlaceOfAct) -> dict[str, str]:
    """As it stands among `locked` and in a plan."""
    return {"act": place.act, "stage": place.stage, "at": written(place.at)}


def to_document(festival: WholeFestival) -> dict[str, object]:
    """The file that says it."""
    return {
        "format": FORMAT,
        "acts": [
            {
                "code": a.code,
                "contest": a.contest,
                "minutes": a.minutes,
                "families": list(a.families),
                "people": list(a.people),
            }
            | ({} if a.number is None else {"number": a.number})
            for a in festival.acts
        ],
        "contests": [
            {"code": c.code, "changeover_min": c.changeover_min, "order_binds": c.order_binds}
            for c in festival.contests
        ],
        "stages": [{"code": s.code, "takes": sorted(s.takes)} for s in festival.stages],
        "panels": [{"code": p.code, "contests": sorted(p.contests)} for p in festival.panels],
        "windows": [
            {"stage": w.stage, "from": written(w.begins), "to": written(w.ends)}
            | ({} if w.contests is None else {"contests": sorted(w.contests)})
            for w in festival.windows
        ],
        "away": [{g.kind: g.code, "from": written(g.begins), "to": written(g.ends)} for g in festival.away],
        "family_gap_min": festival.family_gap_min,
        "day_cost_min": festival.day_cost_min,
        "locked": [place_to_json(each) for each in festival.locked],
    } | ({} if festival.longest_wait_min is None else {"longest_wait_min": festival.longest_wait_min})
