"""Do the minutes fit at all? Sums only, before anything is tried.

For the contests that share their windows, the minutes of their acts and changeovers are held against the minutes of those windows (the
changeover after the last act of a window may lie outside it); for a panel, the minutes it judges against the hours in which any of its contests can
be. Where it does not fit, the fewest acts to leave out are the longest ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from festival.core.sentence import N_, Sentence
from festival.schedule.solver.shapes import ActToTime, OpenWindow, WholeFestival


@dataclass(frozen=True, slots=True)
class TooMuch:
    """Contests whose acts need more minutes than there are, and which acts to leave out."""

    needed: int
    room: int
    leave_out: tuple[str, ...]
    reason: Sentence
    contests: tuple[str, ...] = ()
    panel: str = ""  # whose minutes they are; "": those of the stages


def too_much(festival: WholeFestival) -> list[TooMuch]:
    """Every sum that does not fit; what an earlier one leaves out no later one counts."""
    found: list[TooMuch] = []
    out: set[str] = set()
    locked = {each.act for each in festival.locked}
    for acts, needs, room, reason, panel in (*_stages(festival), *_panels(festival)):
        left = [act for act in acts if act.code not in out]
        needed = sum(needs[act.contest] + act.minutes for act in left)
        if needed > room:
            leave = []
            rest = needed
            for act in sorted((act for act in left if act.code not in locked), key=lambda act: -act.minutes):
                if rest <= room:
                    break
                rest -= needs[act.contest] + act.minutes
                leave.append(act.code)
            out.update(leave)
            said = reason.filled(**reason.values, needed=needed, room=room, count=len(leave))
            contests = tuple(dict.fromkeys(act.contest for act in acts))
            found.append(TooMuch(needed, room, tuple(leave), said, contests, panel))
    return found


_Sum = tuple[list[ActToTime], dict[str, int], int, Sentence, str]


def _stages(festival: WholeFestival) -> Iterator[_Sum]:
    changeover = {each.code: each.changeover_min for each in festival.contests}
    windows = {
        code: frozenset(at for at, window in enumerate(festival.windows) if festival.takes(window, code))
        for code in changeover
    }
    every = frozenset(at for several in windows.values() for at in several)
    for several in sorted({*windows.values(), every}, key=lambda several: (len(several), sorted(several))):
        contests = [code for code in changeover if windows[code] <= several]
        last = {at: max((changeover[code] for code in contests if at in windows[code]), default=0) for at in several}
        room = sum(festival.windows[at].ends - festival.windows[at].begins + last[at] for at in several)
        acts = [act for act in festival.acts if act.contest in contests]
        yield (
            acts,
            changeover,
            room,
            N_(
                "%(contests)s cần %(needed)s phút sân khấu mà chỉ có %(room)s phút; bỏ bớt %(count)s tiết mục, thêm giờ hoặc thêm sân khấu",
                contests=", ".join(f"«{code}»" for code in contests)
                if len(contests) < len(changeover)
                else N_("Tất cả"),
            ),
            "",
        )


def _panels(festival: WholeFestival) -> Iterator[_Sum]:
    nothing = dict.fromkeys((each.code for each in festival.contests), 0)
    for panel in festival.panels:
        acts = [act for act in festival.acts if act.contest in panel.contests]
        windows = [w for w in festival.windows if any(festival.takes(w, code) for code in panel.contests)]
        away = [(each.begins, each.ends) for each in festival.away if (each.kind, each.code) == ("panel", panel.code)]
        yield (
            acts,
            nothing,
            _minutes(windows, away),
            N_(
                "ban giám khảo «%(panel)s» phải chấm %(needed)s phút mà chỉ có %(room)s phút; bỏ bớt %(count)s tiết mục, thêm giờ hoặc thêm ban giám khảo",
                panel=panel.code,
            ),
            panel.code,
        )


def _minutes(windows: Sequence[OpenWindow], away: Sequence[tuple[int, int]]) -> int:
    """How many minutes lie in any of the windows and in none of the others."""
    edges = sorted(
        [(window.begins, 0, 1) for window in windows]
        + [(window.ends, 0, -1) for window in windows]
        + [(begins, 1, 1) for begins, _ in away]
        + [(ends, 1, -1) for _, ends in away]
    )
    minutes, last, inside = 0, 0, [0, 0]
    for at, which, step in edges:
        if inside[0] and not inside[1]:
            minutes += at - last
        last = at
        inside[which] += step
    return minutes
