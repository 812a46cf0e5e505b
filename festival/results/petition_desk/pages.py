"""Petitions on the side of the staff: typed from paper, read, answered by whose business they are, moved, done.

Who sees one: the organiser, chair and secretary of the contest it is about, and whoever typed it. Its text is on no other
page; MC and steps of the ladder say how many wait, and their numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Response, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import or_

from config import Config
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, signed_in
from festival.core.web.errors import BadInput, Forbidden, NotFound
from festival.core.web.forms import form_choice
from festival.editions.queries import the_festival
from festival.judging.contest_access import ContestAccess, contests_for
from festival.results.blueprint import bp
from festival.results.ladder import proving
from festival.results.ladder.lock import WrongPeople
from festival.results.ladder.papers_there import waiting_at_release
from festival.results.petition_desk import answering, letters, lodging
from festival.results.petition_desk.shown import PetitionShown, listed, shown
from festival.results.petition_desk.subjects import offered_to_staff, typed_subject, with_entry
from festival.results.petition_desk.typed import lodged_on_paper, seen_steps, sent_photo
from festival.results.petitions.grounds import ground_of_whole, grounds_in_force, grounds_of
from festival.results.petitions.kinds import PetitionDeed, PetitionDesk
from festival.results.petitions.models import Petition
from festival.results.petitions.reading import (
    is_sealed,
    petition_by_number,
    petitions_where,
    unsettled_of,
    unsettled_of_whole,
)
from festival.results.petitions.words import ANSWER_WORDS, DESK_WORDS, ROAD_WORDS
from festival.roster.delegations import delegation_by_code, delegations


@bp.app_context_processor
def _petitions() -> dict[str, Any]:
    return {
        "petitions_waiting": unsettled_of,
        "petitions_of_whole": unsettled_of_whole,
        "petitions_at_release": waiting_at_release,
        "ground_in_force": lambda contest: grounds_in_force([contest.id]).get(contest.id),
        "ground_of_whole": ground_of_whole,
        "grounds_of": grounds_of,
    }


def _own_contests() -> dict[int, ContestAccess]:
    """Contests whose petitions this account answers."""
    return {each.contest.id: each for each in contests_for(current_actor()) if each.chair or each.secretary}


def _types() -> bool:
    actor = current_actor()
    return actor.may(Permission.RELEASE) or actor.may(Permission.TALLY)


def _seen(number: int) -> Petition:
    """NotFound for who has no business with it."""
    row = petition_by_number(the_festival().id, number)
    actor = current_actor()
    if actor.may(Permission.RELEASE) or row.taken_by == actor.user_id or row.contest_id in _own_contests():
        return row
    raise NotFound()


def _answers(row: Petition) -> bool:
    if row.desk is PetitionDesk.OFFICE:
        return current_actor().may(Permission.RELEASE)
    return row.contest_id in _own_contests()


@bp.get("/petitions")
@signed_in
def petitions() -> ResponseReturnValue:
    """Those of the contests one answers for; for the organiser all of them."""
    festival = the_festival()
    own = _own_contests()
    if not own and not _types():
        raise NotFound()
    seen = or_(Petition.contest_id.in_(own), Petition.taken_by == acting_user())
    more = () if current_actor().may(Permission.RELEASE) else (seen,)
    lines = listed(petitions_where(Petition.festival_id == festival.id, *more))
    return render_template(
        "results/petitions/list.html", festival=festival, petitions=lines, types=_types(), desk_words=DESK_WORDS
    )


@bp.get("/petitions/new")
@signed_in
def petition_form() -> ResponseReturnValue:
    """What came on paper is typed here."""
    if not _types():
        raise NotFound()
    festival = the_festival()
    return render_template(
        "results/petitions/new.html",
        festival=festival,
        delegations=[(each.code, each.name) for each in delegations(festival.id)],
        about=offered_to_staff(festival.id),
    )


@bp.post("/petitions/new")
@signed_in
def petition_lodge() -> ResponseReturnValue:
    """It has its number; the receipt is printed from the next page."""
    if not _types():
        raise NotFound()
    photo = sent_photo()
    with transaction():
        try:
            delegation = delegation_by_code(request.form.get("delegation", ""))
        except NotFound as missing:
            raise BadInput(_("Chọn đoàn nộp kiến nghị."), field="delegation") from missing
        number = lodging.lodge(delegation, lodged_on_paper(delegation, photo), acting_user()).number
    flash(_("Đã nhận, số %(number)s. In giấy biên nhận đưa cho đoàn.", number=number), "good")
    return redirect(url_for("results.petition", number=number), 303)


@bp.get("/petitions/<int:number>")
@signed_in
def petition(number: int) -> ResponseReturnValue:
    """The petition, what was done with it, and what is to do."""
    return _page(number)


def _page(number: int, said: Mapping[str, Any] | None = None) -> str:
    """`said`: an answer that is read back, not stored yet."""
    one = shown(_seen(number))
    row = one.row
    return render_template(
        "results/petitions/one.html",
        one=one,
        festival=the_festival(),
        said=said,
        answers=_answers(row),
        organiser=current_actor().may(Permission.RELEASE),
        mine=row.contest_id in _own_contests(),
        of_panel=row.desk is PetitionDesk.PANEL,
        sealed=is_sealed(row),
        law=letters.law_note(one),
        to_tell=_to_tell(row),
        about=offered_to_staff(row.festival_id),
        answer_words=ANSWER_WORDS,
        road_words=ROAD_WORDS,
        desk_words=DESK_WORDS,
        form=request.form,
    )


def _to_tell(row: Petition) -> str:
    """To be copied for the head, who has a phone and no address of mail: that there is an answer and where, never what it says."""
    config: Config = current_app.config["FESTIVAL"]
    address = config.public_url + url_for("results.head_petition", number=row.number)
    return str(
        _(
            "Kiến nghị số %(number)s của %(name)s đã có trả lời. Trưởng đoàn đọc trên máy đã mở liên kết của đoàn: %(address)s",
            number=row.number,
            name=row.delegation.name,
            address=address,
        )
    )


@bp.post("/petitions/<int:number>/answer")
@signed_in
def petition_answer(number: int) -> ResponseReturnValue:
    """Read back first; stored when whoever answers has proved who they are."""
    form = request.form
    with reading():
        row = _seen(number)
        if not _answers(row):
            raise Forbidden()
        if form.get("step") == "back":
            return _page(number)
        what = form_choice("what", PetitionDeed)
        told = form.get("told") == "y"
        words = answering.checked_answer(row, what, form.get("words", ""), told=told)
        said = {"what": what, "words": words, "told": told}
        if form.get("step") != "store":
            return _page(number, said)
        petition_id, of_panel = row.id, row.desk is PetitionDesk.PANEL
    two = _proved(of_panel)
    why = two if isinstance(two, str) else ""
    if not isinstance(two, str):
        with transaction():
            outcome = answering.answer(petition_id, what, words, *two, told=told, seen=seen_steps())
        if not isinstance(outcome, WrongPeople):
            flash(_("Đã ghi trả lời. Báo cho trưởng đoàn biết có trả lời."), "good")
            return redirect(url_for("results.petition", number=number), 303)
        why = outcome.said
    with reading():
        return _page(number, {**said, "why": why}), 422


def _proved(of_panel: bool) -> tuple[int, int | None] | str:
    if of_panel:
        return proving.chair_and_secretary(request.form, "petition")
    me = proving.myself(request.form.get("password", ""), "petition")
    return me if isinstance(me, str) else (me, None)


@bp.post("/petitions/<int:number>/move")
@signed_in
def petition_move(number: int) -> ResponseReturnValue:
    """Typed for the wrong contest, or of somebody else's business."""
    form = request.form
    with transaction():
        row = _seen(number)
        if not _answers(row) and not current_actor().may(Permission.RELEASE):
            raise Forbidden()
        subject = with_entry(
            row.delegation, typed_subject(row.delegation, form.get("about", "")), form.get("entry", "")
        )
        lodging.move(row.id, subject, form.get("reason", ""), acting_user(), seen_steps())
    flash(_("Đã chuyển kiến nghị số %(number)s; chỗ cũ vẫn đọc được.", number=number), "good")
    return redirect(url_for("results.petitions"), 303)


@bp.post("/petitions/<int:number>/withdraw")
@signed_in
def petition_withdraw(number: int) -> ResponseReturnValue:
    """The delegation asks so, on paper or by word."""
    with transaction():
        row = _seen(number)
        if not _types():
            raise Forbidden()
        lodging.withdraw(row.id, request.form.get("words", ""), acting_user(), seen_steps())
    flash(_("Đã ghi đoàn rút kiến nghị số %(number)s.", number=number), "good")
    return redirect(url_for("results.petition", number=number), 303)


@bp.post("/petitions/<int:number>/done")
@signed_in
def petition_done(number: int) -> ResponseReturnValue:
    """What was accepted is done, where no amendment is due."""
    with transaction():
        row = _seen(number)
        if not _answers(row):
            raise Forbidden()
        answering.carry_out(row.id, request.form.get("words", ""), acting_user(), seen_steps())
    flash(_("Đã ghi việc đã làm."), "good")
    return redirect(url_for("results.petition", number=number), 303)


@bp.get("/petitions/<int:number>/receipt.pdf")
@signed_in
def petition_receipt(number: int) -> Response:
    """The receipt as a paper."""
    return letters.receipt(_shown(number))


@bp.get("/petitions/<int:number>/letter.pdf")
@signed_in
def petition_letter(number: int) -> Response:
    """The answer as a letter. NotFound before there is one."""
    one = _shown(number)
    if one.answer is None:
        raise NotFound()
    return letters.letter(one)


def _shown(number: int) -> PetitionShown:
    return shown(_seen(number))


@bp.get("/petitions/<int:number>/photo")
@signed_in
def petition_photo(number: int) -> Response:
    """The picture of the paper. NotFound where there is none."""
    content = _seen(number).photo
    if not content:
        raise NotFound()
    answer = Response(content, mimetype="image/jpeg")
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
