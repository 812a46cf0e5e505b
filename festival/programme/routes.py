"""The public pages: the festival on one page, its programme, its results, the help lines. No sign-in, no script needed."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, current_app, redirect, render_template, request
from flask.typing import ResponseReturnValue

from festival.core.rehearsing.marked import rehearsed
from festival.core.text import cut
from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.core.web.i18n import LANGUAGES
from festival.core.web.incoming import local_path
from festival.core.web.paging import asked_number
from festival.editions.queries import festival_by_code, state_of
from festival.programme.long_days import shown_day
from festival.programme.queries import ProgrammeDay, PublicView, published_editions, view_of
from festival.programme.snapshot import snapshot
from festival.programme.words import KIND_WORDS, weekday

bp = Blueprint("programme", __name__)

ROBOTS = "User-agent: *\nDisallow: /g/\nDisallow: /family\nDisallow: /office\nDisallow: /api/\n"
NOBODY = "User-agent: *\nDisallow: /\n"


@bp.get("/")
@public
def home() -> ResponseReturnValue:
    """The festival on one page: when, where, what is open, now and next."""
    view = snapshot().view()
    if view is None:
        return none_yet("/")
    return snapshot().page(view, "/", lambda: _draw("programme/home.html", view), of_view=True)


@bp.get("/programme")
@public
def programme() -> ResponseReturnValue:
    """The day that is on, else the first."""
    view = snapshot().view()
    if view is None:
        return none_yet("/programme")
    days = {item.on: item for item in view.days}
    return _day_page(view, days.get(view.on, view.days[0] if view.days else None))


@bp.get("/programme/<on>")
@public
def programme_day(on: str) -> ResponseReturnValue:
    """One day, stage by stage."""
    view = _view()
    return _day_page(view, _day(view, on))


def _day_page(view: PublicView, day: ProgrammeDay | None) -> Response:
    """`?stage=` and `?page=` choose of a long day."""
    shown = shown_day(day, cut(request.args.get("stage", ""), 40), asked_number("page", 1)) if day else None
    name = f"/programme {shown.name if shown else ''}"
    return snapshot().page(view, name, lambda: _draw("programme/day.html", view, day=day, shown=shown), of_view=True)


@bp.get("/contests/<code>")
@public
def contest(code: str) -> ResponseReturnValue:
    """One contest: how it is judged, when, and what is public of its result."""
    view = _view()
    shown = view.contest(code)
    if shown is None:
        raise NotFound()
    return snapshot().page(
        view,
        f"/contests/{shown.code}",
        lambda: _draw("programme/contest.html", view, contest=shown),
        of_view=True,
    )


@bp.get("/results")
@public
def results() -> ResponseReturnValue:
    """Prizes of published contests; measured results of those that are public at once."""
    view = snapshot().view()
    if view is None:
        return none_yet("/results")
    return snapshot().page(view, "/results", lambda: _draw("programme/results.html", view), of_view=True)


@bp.get("/editions/<code>/results")
@public
def archived_results(code: str) -> ResponseReturnValue:
    """The results of an earlier edition, under its own address; the current one has its own page.

    One of which nothing is published yet (it is being prepared, or was never held) is not there for the public.
    """
    festival = festival_by_code(code)
    state = state_of(festival) if festival else "put_away"
    if festival is None or state == "put_away":
        raise NotFound()
    if state == "current":
        return redirect("/results")
    if festival.id not in published_editions():
        raise NotFound()
    view = view_of(festival)
    answer = Response(render_template("programme/archive.html", view=view, facts=view.facts))
    answer.headers["Cache-Control"] = "public, max-age=60"
    answer.headers["Vary"] = "Accept-Encoding, Cookie"
    return answer


@bp.get("/privacy")
@public
def privacy() -> ResponseReturnValue:
    """The notice on personal data."""
    view = snapshot().view()
    if view is None:
        return none_yet("/privacy")
    return snapshot().page(view, "/privacy", lambda: _draw("programme/privacy.html", view), of_view=True)


@bp.get("/help")
@public
def help_lines() -> ResponseReturnValue:
    """Whom to call. It answers without a festival too: error pages lead here."""
    view = snapshot().view()
    facts = view.facts if view else None
    return snapshot().page(
        view, "/help", lambda: render_template("programme/help.html", facts=facts, view=view), of_view=True
    )


@bp.get("/language")
@public
def language() -> ResponseReturnValue:
    """The two languages to choose from; choosing is a POST, because a preview of a link must change nothing."""
    return render_template(
        "programme/language.html", languages=LANGUAGES, next_path=local_path(request.args.get("next")) or "/"
    )


@bp.get("/favicon.ico")
@public
def favicon() -> ResponseReturnValue:
    """For browsers that ask without reading the page."""
    return redirect(f"/static/{current_app.extensions['static_tree']}/img/mark.svg")


@bp.get("/robots.txt")
@public
def robots() -> ResponseReturnValue:
    """Public pages may be found; links of families and the office may not."""
    return Response(
        NOBODY if rehearsed() else ROBOTS, mimetype="text/plain", headers={"Cache-Control": "public, max-age=86400"}
    )


def none_yet(path: str) -> Response:
    """Every public page leads here; before there is a festival they say so."""
    return snapshot().page(None, path, lambda: render_template("programme/none_yet.html"))


def _view() -> PublicView:
    view = snapshot().view()
    if view is None:
        raise NotFound()
    return view


def _day(view: PublicView, on: str) -> ProgrammeDay:
    try:
        wished = date.fromisoformat(on)
    except ValueError:
        raise NotFound() from None
    found = next((item for item in view.days if item.on == wished), None)
    if found is None:
        raise NotFound()
    return found


def _draw(template: str, view: PublicView, **more: object) -> str:
    return render_template(
        template, view=view, facts=view.facts, weekday=weekday, kind_words=KIND_WORDS, today=view.on, **more
    )
