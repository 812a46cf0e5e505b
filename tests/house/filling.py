"""What are the addresses of a grown festival filled with, so that every one of its pages can be opened?

Whatever a page is about is made here when it is not there yet: a code, a request, a list of guests, a signed sheet. Asked
a second time the same festival answers with the same things.
"""

from __future__ import annotations

import tarfile
import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from festival.accounts import actions as accounts
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.badges import actions as badge_actions
from festival.badges import imports as badge_imports
from festival.badges import lists as badge_lists
from festival.badges import queries as badge_queries
from festival.badges.excel.fates import BadgeRow
from festival.badges.models import BadgeImport, BadgeList
from festival.badges.people import Outsider
from festival.checkin.handouts import receipts
from festival.checkin.handouts.models import Handout
from festival.checkin.lost import recording
from festival.checkin.purposes import naming
from festival.checkin.purposes.models import GateSetting
from festival.contests.models import Contest, Judge, ResultKind
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.sentence import N_
from festival.core.statements import insert_or_pass
from festival.core.transaction import reading, transaction
from festival.core.web.access import Actor, Permission
from festival.core.web.searching import sealed
from festival.core.work import jobs, making
from festival.devices.enrolment import Enrolled, enrol, make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.editions.models import Festival
from festival.editions.queries import the_festival
from festival.judging.sheets import blank_sheets
from festival.logistics.models import Meal
from festival.messages import announcing
from festival.messages.announcing import ToWhom
from festival.messages.gathered import pictures
from festival.messages.models import Audience
from festival.office.paper_day import packing
from festival.papers.models import SignedPaper
from festival.passes import all_cards, blank
from festival.privacy.models import AskedFor, PrivacyRequest
from festival.privacy.requests import dealing
from festival.proofing import sheets
from festival.registration.agreements import parent_links, writing
from festival.registration.agreements.parent_links import AskedParent
from festival.registration.editing.keeping import begin
from festival.registration.excel.fates import FamilyFate, Fate
from festival.registration.excel.sheet import CellProblem, PersonRow
from festival.registration.importing import keeping
from festival.registration.inviting import asking, links
from festival.registration.kept.models import KeptFamily
from festival.registration.models import ImportBatch
from festival.roster.families import family_by_id, household_of_family
from festival.roster.household import Household, to_json
from festival.roster.links.of_delegations import delegation_link
from festival.roster.links.of_families import link_code
from festival.roster.models import Delegation, DelegationOfficer, Entry, Family, FamilyState, Person
from festival.roster.rules import rules_of
from festival.schedule.history.models import WayOut
from festival.schedule.models import Act, ActState
from festival.schedule.moving.shifting import Shift
from tests.house.filling_acts import acts
from tests.house.filling_ceremony import ceremony
from tests.house.filling_draws import draws
from tests.house.filling_lists import listed
from tests.house.filling_matches import checked, drawn
from tests.house.filling_paper import on_paper
from tests.house.filling_petitions import petitioned
from tests.house.filling_posts import posted
from tests.house.filling_report import reported
from tests.house.filling_reveal import reveals
from tests.house.filling_rounds import rounds
from tests.house.filling_scans import signed_scan
from tests.house.filling_searches import found
from tests.house.filling_signing import signings
from tests.house.filling_substitutions import substituted
from tests.house.filling_wishes import wish
from tests.house.growing import RUNGS, STAFF

# An archive without a file in it.
NOTHING = bytes(2 * tarfile.BLOCKSIZE)


def known(app: Flask) -> dict[str, Any]:
    """What addresses are filled with."""
    with app.app_context():
        with transaction():
            pause = wish(the_festival(), None)
        db.session.remove()
        with transaction():
            festival = the_festival()
            festival_id = festival.id
            # judges write to families in every contest that they mark
            db.session.execute(
                update(Contest)
                .where(Contest.result_kind == ResultKind.RUBRIC)
                .values(comments=True, budget_vnd=500_000)
            )
            # and one has a desk of plates
            db.session.execute(update(Contest).where(Contest.code == "trang-phuc").values(plates_of="tai-nang"))
            user = db.session.scalars(select(User).where(User.login == STAFF[Role.OFFICER])).one()
            drawn(user.id)
            checked(user.id)
            rounds()
            # every exit is scanned, so there is a roll call
            if db.session.scalar(select(GateSetting).where(GateSetting.festival_id == festival.id)) is None:
                naming.set_gates(festival, 4, exits=True, version=0, by=None)
            written = _written(festival, user.id) | on_paper(user.id) | acts(festival, user.id) | substituted(user.id)
            written |= {"kept": [_kept()], "wish": pause, "way": _way_out(festival.id, user.id)}
            found(festival, user.id, pause)
            written |= {"report": reported(festival, user.id) | listed(festival, user.id) | posted(festival, user.id)}
        sheet, receipt = _signed_sheet(user.id), signed_receipt(user.id)
        with reading():
            own = _delegation_of(user.id).id
        scan = signed_scan(festival_id, user.id)
        signing = signings(own, user.id) | draws(festival_id, user.id) | petitioned(festival_id, user.id)
        signing |= reveals(user.id) | {"ceremony": ceremony(user.id)}
        with reading():
            return {
                **written,
                **signing,
                **_of_contests(),
                **_of_a_delegation(user.id),
                "editions": [festival.code],
                "setup": [festival.code],
                "stage": ["san-khau-chinh"],
                "stages": ["san-khau-chinh"],
                "user_id": user.id,
                "judge": db.session.scalars(select(Judge.user_id).where(Judge.marks).order_by(Judge.id)).first(),
                "key": ["pasted"],
                "waiting_act": _waiting_act(),
                "sheet": sheet,
                "scan": scan,
                "receipt": receipt,
                "meal": db.session.scalars(select(Meal.id).order_by(Meal.id)).first(),
                "search": sealed("an"),
                "on": festival.starts_on.isoformat(),
                "purpose": "entry",
            }


def _waiting_act() -> int | None:
    """The first of a session that has not begun: it can go behind another one."""
    waiting = select(Act.id).join(Entry, Entry.id == Act.entry_id).join(Contest, Contest.id == Entry.contest_id)
    wanted = waiting.where(Act.state == ActState.WAITING, Contest.result_kind != ResultKind.MATCH)
    return db.session.scalars(wanted.order_by(Act.position, Act.session_id)).first()


def made(app: Flask, code: str, *, drawn: bool = False) -> None:
    """Score sheets of a contest, all cards and the messages to families lie ready, as the worker leaves them. Only who looks
    into them has them `drawn`; to a page they are the same empty.
    """
    makers = app.extensions["makers"]
    if not drawn:
        makers |= {kind: replace(maker, make=lambda *_asked: NOTHING) for kind, maker in makers.items()}
    with app.app_context():
        with transaction():
            contest = db.session.scalars(select(Contest).where(Contest.code == code)).one()
            jobs.ask(blank_sheets.KIND, blank_sheets.subject_of(contest), "vi")
            jobs.ask(all_cards.KIND, all_cards.subject_of(contest.festival), "vi")
            jobs.ask(pictures.KIND, contest.festival.code, "vi")
        while making.work():
            pass
        with transaction():
            _packed(contest.festival.code)


def _packed(festival: str) -> None:
    """A pack of the paper day that lies there."""
    jobs.ask(packing.KIND, festival, packing.LANGUAGE)
    job = db.session.scalars(select(jobs.Job).where(jobs.Job.kind == packing.KIND)).first()
    assert job is not None
    jobs.write_durably(jobs.made_file(job.code, "zip"), b"PK")
    job.state, job.finished_at = jobs.JobState.READY, now()


def _written(festival: Festival, officer: int) -> dict[str, Any]:
    """What somebody has to write before there is a page of it."""
    _row, draft = begin(festival.id)
    until = now() + timedelta(hours=1)
    if not blank.free_blanks(festival.id):
        blank.make_blanks(festival, 2, officer)
    if db.session.scalar(select(User.id).where(User.batch == "pasted")) is None:
        accounts.create_user("pasted", "Mai Lan", "", [Role.MC], batch="pasted")
    asked = db.session.scalar(select(PrivacyRequest.code))
    if asked is None:
        approved = select(Family).where(Family.state == FamilyState.APPROVED).order_by(Family.id).limit(1)
        asked = dealing.ask(db.session.scalars(approved).one(), None, AskedFor.SEE, "", "link").code
    return {
        "draft": draft,
        "once": accounts.issue_code(officer, officer),
        "announcement": announcing.announce(festival, "known", ToWhom(Audience.ALL), "Mưa, vẫn thi", until, officer),
        "asked": asked,
        "child": _lost(festival),
        "imported": _imported(officer),
        "join": [_joined(officer)],
        **_by_own_link(),
        **_invited(festival),
    }


def _by_own_link() -> dict[str, Any]:
    """The first approved family's child from 7, and the link of the one who agrees for it."""
    first = db.session.scalars(
        select(Family.id).where(Family.state == FamilyState.APPROVED).order_by(Family.id)
    ).first()
    assert first is not None
    family = family_by_id(first)
    rules = rules_of(family.delegation.festival)
    children = writing.children_of(family, rules)
    asked = [child.code for child in children if writing.asked_person(child, rules).picture_asked]
    made = parent_links.links_of(family) or [
        parent_links.make_link(
            rules,
            family,
            AskedParent("Danh Văn Ba", "father", "0987654321", tuple(child.code for child in children)),
            None,
        )
    ]
    return {"parent": [parent_links.parent_code(made[0])], "asked_child": (asked or [family.members[0].code])[0]}


def _joined(officer: int) -> str:
    """The invitation of the officer's delegation, by which somebody asked for an account."""
    delegation = _delegation_of(officer)
    if links.invitation_of(delegation.id) is None:
        links.make_invitation(delegation, 7, 0, officer)
    row = links.invitation_of(delegation.id)
    assert row is not None
    code = links.invitation_code(row)
    asking.ask_for_account(code, "Lâm Thị Mai", "0987000001", "", "known")
    return code


def _lost(festival: Festival) -> str:
    """A child of an approved family that was found."""
    child = "0190163d-8694-739b-aea5-966c26f8ad91"
    member = select(Person.id).join(Family, Family.id == Person.family_id).where(Family.state == FamilyState.APPROVED)
    recording.write(
        festival_id=festival.id, key=child, child=child, kind="found", at_ms=1_718_323_200_000,
        person_id=db.session.scalars(member.order_by(Person.id)).first(), words="áo đỏ",
    )  # fmt: skip
    return child


def _imported(officer: int) -> int:
    """A file of families that was read, with somebody to be mended in it."""
    delegation = _delegation_of(officer)
    before = select(ImportBatch.id).where(ImportBatch.delegation_id == delegation.id)
    wrong = CellProblem("C5", "Quan hệ", N_("Không rõ quan hệ."), "relation")
    row = PersonRow(
        5, "1", "Danh Mẫu", None, None, None, "", "", "", "", False, False, "", (), (wrong,), cells={"name": "Danh Mẫu"}
    )
    each = FamilyFate("1", (row,), Household(), Fate.ERROR, (wrong,))
    found = db.session.scalars(before).first()
    return (
        found or keeping.import_of(delegation.id, keeping.keep_import(delegation, "danh-sach.xlsx", [each], officer)).id
    )


def _invited(festival: Festival) -> dict[str, Any]:
    """A list of people outside families with a guest on it, and a file of guests that was read."""
    row = db.session.scalars(select(BadgeList).where(BadgeList.name != "")).first()
    row = row or badge_lists.make_list(festival, "Khách mời", None)
    desk = badge_lists.desk_of(Actor("user", permissions=frozenset({Permission.OFFICE})), row.code)
    found = badge_queries.on_list(desk.list_id)
    person = found[0].code if found else badge_actions.add(desk, Outsider("Nguyễn Văn An", "guest", rank=1), None)
    batch = db.session.scalar(select(BadgeImport.code).where(BadgeImport.list_id == desk.list_id))
    read = [BadgeRow(5, Outsider("Lâm Thị Mai", "guest"))]
    batch = batch or badge_imports.keep(desk, "khach.xlsx", read, [], None)
    return {"badges": [row.code], "outsider": person, "batch": batch}


def _signed_sheet(officer: int) -> int:
    """The names of the delegation that the officer has, proofed and signed."""
    with reading():
        delegation = _delegation_of(officer)
        delegation_id, sheet = delegation.id, sheets.draw_sheet(delegation)
    with transaction():
        paper_id = sheets.print_sheet(delegation_id, sheet, None).id
        sheets.sign_sheet(delegation_id, paper_id, "Danh Trưởng", None)
    return paper_id


def signed_receipt(officer: int) -> int:
    """What the officer's delegation was handed, its receipt signed and photographed."""
    with reading():
        before = receipts.receipts_of(_delegation_of(officer).id)
    if before:
        return before[0].id
    with transaction():
        delegation = _delegation_of(officer)
        made = enrol(make_enrolment_code(delegation.festival_id, DeviceRole.DESK, None, "Bàn 1").code, "Máy bàn", None)
        assert isinstance(made, Enrolled)
        mid = str(uuid.uuid4())
        device = made.device
        db.session.add(
            Handout(
                festival_id=delegation.festival_id, delegation_id=delegation.id, device_id=device.id,
                device_number=device.number, seq=1, at_ms=1_718_323_200_000, station="Bàn 1", mid=mid, root=mid,
                items={"card": 3}, receiver="Danh Trưởng", reason="",
            )
        )  # fmt: skip
    with reading():
        drawn = receipts.draw_receipt(_delegation_of(officer))
    with transaction():
        delegation_id = _delegation_of(officer).id
        paper_id = receipts.print_receipt(delegation_id, drawn, None).id
        receipts.sign_receipt(delegation_id, paper_id, "Danh Trưởng", b"a picture", None)
    return paper_id


def _delegation_of(officer: int) -> Delegation:
    own = select(Delegation).join(DelegationOfficer).where(DelegationOfficer.user_id == officer)
    return db.session.scalars(own.order_by(Delegation.id).limit(1)).one()


def _of_contests() -> dict[str, Any]:
    """Contests with an entry of each, a session, and a paper that was signed of one."""
    entries = db.session.execute(
        select(Contest.code, Entry.code).join(Entry, Entry.contest_id == Contest.id).order_by(Entry.id.desc())
    )
    signed = SignedPaper.signed_at.is_not(None), SignedPaper.delegation_id.is_(None)
    return {
        "contests": list(RUNGS),
        "entries": dict(entries.all()),
        "session": db.session.scalars(select(Act.session_id).order_by(Act.session_id).limit(1)).one(),
        "paper": db.session.scalars(select(SignedPaper.id).where(*signed)).first(),
    }


def _way_out(festival_id: int, user_id: int) -> int:
    """A session that may go to another stage."""
    sessions = db.session.scalars(select(Act.session_id).order_by(Act.session_id).limit(1)).all()
    wanted = Shift(tuple(sessions), "san-khau-chinh").as_json()
    kept = WayOut(festival_id=festival_id, wanted=wanted, made_by=user_id, made_at=now())
    db.session.add(kept)
    db.session.flush()
    return kept.id


def _kept() -> str:
    """A family's link as it leads to what is kept once its edition is erased."""
    family = db.session.scalars(
        select(Family).where(Family.state == FamilyState.APPROVED).order_by(Family.id).limit(1)
    ).one()
    home = to_json(household_of_family(family, {}))
    values = {"family_id": family.id, "kept_until": today(), "household": home, "link_hash": family.link_hash}
    db.session.execute(insert_or_pass(KeptFamily).values(values).on_conflict_do_nothing())
    return link_code(family)


def _of_a_delegation(officer: int) -> dict[str, Any]:
    """The delegation of this officer, a family and a member, and the links of those who take part."""
    delegation = _delegation_of(officer)
    families = select(Family).order_by(Family.id)
    family = db.session.scalars(families.where(Family.state == FamilyState.APPROVED)).first()
    waiting = db.session.scalars(families.where(Family.state == FamilyState.SUBMITTED)).first()
    assert family is not None and waiting is not None
    members = select(Person.code).join(Family, Family.id == Person.family_id).order_by(Person.id)
    own = Family.delegation_id == delegation.id, Family.state == FamilyState.APPROVED
    return {
        **{
            part: [delegation.code]
            for part in (
                "delegation",
                "delegations",
                "waiting-list",
                "logistics",
                "groups",
                "names",
                "desk",
                "signing",
                "teams",
            )
        },
        "family": family.code,
        "person": db.session.scalars(members.where(*own)).first(),
        "registrations": [family.code, waiting.code],
        "g": [link_code(family)],
        "d": [delegation_link(delegation)],
    }
