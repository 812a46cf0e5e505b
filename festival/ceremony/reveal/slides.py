"""How is a step worded for a screen: what stands above, in large letters, and below? In Vietnamese, whoever leads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from festival.ceremony.reveal.models import Reveal
from festival.ceremony.reveal.steps import WHOLE, RevealKind, RevealStep, contest_of, digest_of

WAITS = "wait"


@dataclass(frozen=True, slots=True)
class Slide:
    """What stands on a screen. `kind` gives it its look; `names`: each with its unit."""

    kind: str
    over: str
    title: str
    names: tuple[tuple[str, str], ...] = ()
    part: str = ""


def slide_of(step: RevealStep, festival_name: str) -> Slide:
    """A step as everybody in the hall reads it."""
    with force_locale("vi"):
        return worded(step, festival_name)


def worded(step: RevealStep, festival_name: str) -> Slide:
    """The same in the language of who reads it on a page of their own."""
    contest = called(contest_of(step.key), step.contest)
    match step.kind:
        case RevealKind.WELCOME:
            return Slide(step.kind, festival_name, _("Công bố kết quả và trao giải"))
        case RevealKind.OPENING:
            return Slide(step.kind, festival_name, contest)
        case RevealKind.CLOSING:
            return Slide(step.kind, festival_name, _("Chúc mừng các gia đình!"))
        case _:
            part = f"{step.part}/{step.parts}" if step.parts > 1 else ""
            names = tuple((each.name, each.unit) for each in step.winners)
            return Slide(step.kind, contest, prize_words(step), names, part)


def called(code: str, name: str) -> str:
    """A contest by its name, the whole delegation in the reader's language."""
    return str(_("Toàn đoàn")) if code == WHOLE else name


def prize_words(step: RevealStep) -> str:
    """What the prize is called aloud; a special prize bears its own name."""
    return step.prize if step.special else str(_("Giải %(prize)s", prize=step.prize))


def waiting(festival_name: str, *, over: bool) -> Slide:
    """While who leads has to look at something first, and when a run has ended."""
    with force_locale("vi"):
        words = _("Buổi công bố đã kết thúc") if over else _("Xin chờ trong giây lát")
        return Slide(WAITS, festival_name, words)


def slide_on(run: Reveal, step: RevealStep | None, festival_name: str) -> Slide:
    """What a screen of the hall shows of a run: the step as it was when it was called up, or that something is waited for."""
    if run.ended_at is not None:
        return waiting(festival_name, over=True)
    if step is None or digest_of([step]) != run.shown:
        return waiting(festival_name, over=False)
    return slide_of(step, festival_name)


def told(slide: Slide) -> dict[str, Any]:
    """For a script."""
    return asdict(slide)
