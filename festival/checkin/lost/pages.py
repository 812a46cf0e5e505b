"""The office's pages of lost children: who is missing or was found, whom to call, to whom a child was handed."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.checkin import lookup
from festival.checkin.lookup import LookupAnswer
from festival.checkin.lost import kin, recording
from festival.checkin.lost.stories import HANDED, OPEN, UNDONE, Story
from festival.checkin.lost.words import KIND_WORDS, STATE_LOOKS
from festival.core.clock import now
from festival.core.looks import looked
from festival.core.security_log import SecurityKind
from festival.core.text import cut
from festival.core.transaction import transaction
from festival.core.web.access import Permission, acting_user, public, requires
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.forms import not_offered
from festival.core.web.searching import asked_search, posted_search
from festival.editions.queries import the_festival

bp = Blueprint("lost", __name__)

OVER_SHOWN = 50


@bp.get("/lost")
@public
def device() -> ResponseReturnValue:
    """The same on the lead's device: a shell without data, so that it opens without a network."""
    answer = make_response(render_template("checkin/lost/device.html"))
    answer.headers["X-Needs-Wasm"] = "1"
    return answer


@bp.get("/office/lost")
@requires(Permission.CHECKIN)
def every() -> ResponseReturnValue:
    """The open stories, those that are over, and the way to a family by name, number or typed code."""
    festival_id = the_festival().id
    looked(SecurityKind.READ_CHILDREN, what="lost")
    told = recording.all_stories(festival_id)
    search = asked_search()
    found = lookup.look_up(festival_id, search) if search else None
    families = kin.of_members(festival_id, _members(found), now()) if found else []
    if found:
        looked(SecurityKind.LOOKED_UP, by=found.by, what="lost")
    return render_template(
        "checkin/lost/all.html",
        open=[story for story in told if story.open],
        over=[story for story in told if not story.open][:OVER_SHOWN],
        names=kin.names_of(festival_id, {story.person for story in told if story.person}),
        search=search,
        about=_about(told),
        families=families,
        more=found is not None and found.more,
        looks=STATE_LOOKS,
        once_of=_once,
        at=_moment,
        words_max=recording.WORDS_MAX,
    )


def _about(told: list[Story]) -> Story | None:
    """The child nobody knows yet whose family is looked for."""
    asked = request.args.get("child", "")
    return next((story for story in told if story.child == asked and story.person is None), None)


def _members(found: LookupAnswer) -> list[str]:
    """One code of each family that was found, its own pass or a badge of somebody in it."""
    return [card.record["members"][0]["c"] for card in found.found if card.record["members"]]


@bp.post("/office/lost/search")
@requires(Permission.CHECKIN)
def search_post() -> ResponseReturnValue:
    """What was typed does not stand in the address."""
    search, about = posted_search(), request.form.get("child", "")
    if search is None:
        raise BadInput(_("Ghi tên, số cuối điện thoại hoặc mã trên thẻ."), field="search")
    return redirect(url_for("lost.every", s=search, child=_uuid(about) if about else None, _anchor="search"), 303)


@bp.post("/office/lost")
@requires(Permission.CHECKIN)
def begin_post() -> ResponseReturnValue:
    """A child is missing or was found: the first step of a story."""
    once = _uuid(request.form.get("once", ""))
    child = _written(once, once)
    flash(_("Đã ghi. Trưởng cổng thấy trên máy khi máy có mạng."), "good")
    return redirect(url_for("lost.one", child=child), 303)


@bp.get("/office/lost/<child>")
@requires(Permission.CHECKIN)
def one(child: str) -> ResponseReturnValue:
    """One child: what was said, whom to call, the next step. Each look is noted."""
    festival_id = the_festival().id
    story = _story(festival_id, child)
    looked(SecurityKind.READ_CHILDREN, child=child)
    family = kin.of_child(festival_id, story.person, now()) if story.person else None
    names = kin.names_of(festival_id, {story.person}) if story.person else {}
    return render_template(
        "checkin/lost/one.html",
        story=story,
        family=family,
        name=names[story.person][0] if story.person in names else "",
        relation=kin.relation_words_of,
        people=recording.who_wrote(story),
        kinds=KIND_WORDS,
        look=STATE_LOOKS[story.state],
        once_of=_once,
        at=_moment,
        words_max=recording.WORDS_MAX,
    )


@bp.post("/office/lost/<child>")
@requires(Permission.CHECKIN)
def step_post(child: str) -> ResponseReturnValue:
    """The next step: found after all, missing again, or handed over."""
    _written(_uuid(request.form.get("once", "")), child)
    flash(_("Đã ghi."), "good")
    return redirect(url_for("lost.one", child=child), 303)


@bp.post("/office/lost/<child>/undo")
@requires(Permission.CHECKIN)
def undo_post(child: str) -> ResponseReturnValue:
    """A step was wrong: it stays readable and counts no more."""
    reason, undone = cut(request.form.get("words", "").strip(), recording.WORDS_MAX), request.form.get("undoes", "")
    if not reason:
        raise BadInput(_("Ghi lý do rút lại."), field="words")
    with transaction():
        festival_id = the_festival().id
        if undone not in _story(festival_id, child).counts:
            raise NotFound(_("Bước này đã được rút lại."))
        recording.write(
            **_own(festival_id, _uuid(request.form.get("once", "")), child), kind=UNDONE, words=reason, undoes=undone
        )
    flash(_("Đã rút lại. Bước cũ vẫn đọc được."), "good")
    return redirect(url_for("lost.one", child=child), 303)


def _written(once: str, child: str) -> str:
    """Write the step of the form that was sent; answers the child it is about."""
    kind, person = request.form.get("kind", ""), request.form.get("person", "") or None
    words = cut(request.form.get("words", "").strip(), recording.WORDS_MAX)
    if kind not in (*OPEN, HANDED):
        raise not_offered("kind")
    if kind == HANDED and not words:
        raise BadInput(_("Ghi đã trao cho ai: tên và là gì của trẻ."), field="words")
    if person is None and child == once and not words:
        raise BadInput(_("Ghi trẻ trông thế nào và ở đâu, vì chưa biết là ai."), field="words")
    with transaction():
        festival_id = the_festival().id
        if child != once:
            story = _story(festival_id, child)
            person = person or story.person
            words = words or story.looks
        person_id = recording.person_of(festival_id, person)
        if person is not None and person_id is None:
            raise not_offered("person")
        recording.write(**_own(festival_id, once, child), kind=kind, words=words, person_id=person_id)
    return child


def _own(festival_id: int, once: str, child: str) -> dict[str, object]:
    at_ms = int(now().timestamp() * 1000)
    return {"festival_id": festival_id, "key": once, "child": child, "at_ms": at_ms, "user_id": acting_user()}


def _once() -> str:
    """A form's own key: sent twice, it is written once."""
    return str(uuid4())


def _moment(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)


def _uuid(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise not_offered("once") from error


def _story(festival_id: int, child: str) -> Story:
    found = next(
        (each for each in recording.all_stories(festival_id) if any(s.child == child for s in each.steps)), None
    )
    if found is None:
        raise NotFound(_("Không có trẻ nào với mã này."))
    return found
