"""Before it is released nobody outside its panel is given a byte that depends on the result of a sealed contest.

Every GET door of the URL map is opened by all who have no part in that contest: a stranger, a family, the head of a
delegation, officers, staff of gates, stages and kitchen, the MC, a judge of another panel, each kind of device; papers,
tables and archives are unpacked, letters that wait are read. What they get when the contest was marked one way and locked
is compared with what they get when it was marked the other way round, signed and decided: not a byte differs. Marks, sums
and words of the jury that stand nowhere else are searched for on top of it. The control is the release: the same walk
finds them then.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from functools import cache
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from festival.accounts import actions as accounts
from festival.accounts.models import User
from festival.accounts.roles import Role
from festival.contests.models import Contest, Criterion, Judge, Secrecy
from festival.core import clock
from festival.core.clock import now
from festival.core.database import db
from festival.core.post.outbox import OutboxMail
from festival.core.transaction import reading, transaction
from festival.core.web.access import Policy
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.editions.queries import the_festival
from festival.judging.comments.models import SheetComment
from festival.judging.models import ScoreSheet
from festival.results import decide
from festival.results.ladder import lock, people, sign
from festival.results.settling.awarding import PrizeLeftEmpty
from festival.roster.models import Entry
from tests.devices.kit import Phone, as_if_opened
from tests.harness.paper_words import words_of_pdf
from tests.house.filling import known
from tests.house.growing import STAFF, grown
from tests.house.growing import _mark as mark_all
from tests.house.test_access import ANYBODY, FAMILY, HEAD, allowed, come_as, doors
from tests.house.test_statements import addresses

pytestmark = pytest.mark.either_database

CODE = "tai-nang"
# Accounts that neither sit in a panel nor look after results; doors that ask for an account only, two of them open.
OUTSIDE = (Role.OFFICER, Role.GATE_LEAD, Role.STAGE_MANAGER, Role.CARE, Role.MC)
OTHER_JUDGE = "judge of another panel"
ANY_ACCOUNT = (Role.MC, OTHER_JUDGE)
# What only the jury and the organiser say; a number of a paper is such as nobody else writes.
REASON, SPECIAL, COMMENT = "hội đồng biết vì sao", "Giải của riêng hội đồng", "Lời chưa gia đình nào đọc"
MINUTES, DECISION = "88/BB-KHUÊ", "89/QĐ-KHUÊ"
# Where it is read once the MC may and the public does.
AFTER = {
    "/hall/reveal/<code>",
    "/hall/reveal/<code>/state",
    "/results",
    "/contests/<code>",
    "/contests/<code>/explain",
    "/family",
    "/panel/<code>/mc",
    "/mc/reveal",
    "/mc",
}
# What another visit brings by itself: tokens of forms, and moments that are not asked of the program's clock.
BY_ITSELF = re.compile(
    r'name="(?:csrf_token|once|form_key|sheet)"[^>]*>|\b17\d{11}\b|<dcterms:.*?</dcterms:\w+>|DTSTAMP:\w+'
)
NOT_PAGES = {"/metrics", "/healthz", "/readyz", "/sign-in/once/<token>"}
Seen = dict[str, str]
Visitor = tuple[str, FlaskClient, dict[str, str]]


printed = cache(words_of_pdf)  # both walks are given the same bytes


def words_of(answer: TestResponse) -> str:
    """All that somebody can read in it, out of papers, tables and archives too."""
    if answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF-"):
        return printed(answer.data)
    try:
        with ZipFile(BytesIO(answer.data)) as archive:
            return "\n".join(
                printed(content) if content.startswith(b"%PDF-") else content.decode("utf-8", "replace")
                for content in map(archive.read, archive.namelist())
            )
    except BadZipFile:
        return answer.data.decode("utf-8", "replace")


def visitors(app: Flask, values: dict[str, Any]) -> Iterator[Visitor]:
    """All who have no part in the contest, under the name of who may open what."""
    yield ANYBODY, app.test_client(), {}
    for actor, path in (FAMILY, f"/g/{values['g'][0]}"), (HEAD, f"/d/{values['d'][0]}"):
        client = app.test_client()
        assert client.get(path).status_code == 302
        yield actor, client, {}
    with app.app_context(), reading():
        users = dict(db.session.execute(select(User.login, User.id)).all())
        seated = select(Judge.user_id).join(Contest, Contest.id == Judge.contest_id)
        inside = set(db.session.scalars(seated.where(Contest.code == CODE)))
        others = sorted(set(db.session.scalars(seated.where(Judge.marks))) - inside)
        festival_id = the_festival().id
    for actor, user_id in [*((role, users[STAFF[role]]) for role in OUTSIDE), (OTHER_JUDGE, others[0])]:
        client = app.test_client()
        with app.app_context(), transaction():
            client.set_cookie("signin", accounts.open_sign_in(user_id, 1).token)
        yield actor, client, {}
    for role in DeviceRole:
        if role is not DeviceRole.JUDGE:
            yield (f"device-{role}", *come_as(app, f"device-{role}"))
            continue
        client = app.test_client()
        with app.app_context(), transaction():
            made = make_enrolment_code(festival_id, role, others[0], "Máy của ban khác").code
        phone = Phone(client, made, with_key=True)
        as_if_opened(app, phone)
        yield f"device-{role}", client, {"Authorization": f"Bearer {phone.token}"}


def given_to(actor: str, policy: Policy | None) -> bool:
    """Whether this visitor is to open the door: a public one a stranger, one for every account the two who come nearest."""
    if policy is not None and policy.kind == "anonymous":
        return actor == ANYBODY
    if policy is not None and policy.kind == "user" and policy.permission is None:
        return actor in ANY_ACCOUNT
    return allowed(policy, Role.JUDGE if actor == OTHER_JUDGE else actor)


def walk(app: Flask, who: Sequence[Visitor], values: dict[str, Any], only: Collection[str] = ()) -> Seen:
    """By visitor and address what was given; `only`: these doors."""
    found = {}
    for actor, client, headers in who:
        for method, rule, policy in doors(app):
            if method != "GET" or not given_to(actor, policy) or (only and rule.rule not in only):
                continue
            if "filename" in rule.arguments or rule.rule in NOT_PAGES:
                continue
            for name, path in addresses(rule, values):
                answer = client.get(path, headers=headers)
                assert answer.status_code < 500, path
                found[f"{actor} {name}"] = f"{answer.status_code} {BY_ITSELF.sub('', words_of(answer))}"
    for name in "results.json", "verify.py":
        found[f"{ANYBODY} {name}"] = app.test_client().get(f"/results/files/{name}").get_data(as_text=True)
    with app.app_context(), reading():
        found["letters"] = repr(db.session.execute(select(OutboxMail.__table__)).all())
    return found


def canaries(app: Flask) -> re.Pattern[str]:
    """Marks and sums of the contest as a page or a file writes them, and what only the jury has said."""
    with app.app_context(), reading():
        own = (
            select(ScoreSheet)
            .join(Entry, Entry.id == ScoreSheet.entry_id)
            .join(Contest, Contest.id == Entry.contest_id)
        )
        sheets = db.session.scalars(own.where(Contest.code == CODE)).all()
        numbers = {sheet.total_milli or 0 for sheet in sheets} | {
            mark.milli for sheet in sheets for mark in sheet.marks
        }
    numbers = {number for number in numbers if number % 250}  # no other mark or rule has a step like theirs
    assert len(numbers) > 5
    decimal = {f"{number // 1000}[.,]{number % 1000:03}" for number in numbers} | {str(number) for number in numbers}
    return re.compile(
        rf"(?<![\w.,])(?:{'|'.join(sorted(decimal))})(?![\w])|{'|'.join(map(re.escape, (REASON, SPECIAL, COMMENT, MINUTES, DECISION)))}"
    )


def mark(app: Flask, contest_id: int, *, first_is_best: bool) -> None:
    """All marks of the contest, by numbers that no other has."""
    with app.app_context(), transaction():
        order = list(db.session.scalars(select(Entry.id).where(Entry.contest_id == contest_id).order_by(Entry.id)))
        most = dict(
            db.session.execute(
                select(Criterion.id, Criterion.max_milli).where(Criterion.contest_id == contest_id)
            ).all()
        )
        own = select(ScoreSheet).where(ScoreSheet.entry_id.in_(order), ScoreSheet.total_milli.is_not(None))
        for sheet in db.session.scalars(own):
            place = order.index(sheet.entry_id)
            steps = len(order) - place if first_is_best else place
            for given in sheet.marks:
                given.milli = most[given.criterion_id] // 2 + 137 + 500 * steps
            sheet.total_milli = sum(given.milli for given in sheet.marks)


def marked_and_locked(app: Flask) -> int:
    """Everybody has marked everything and written to every family; the most that may be shown once it is published."""
    with app.app_context(), transaction():
        contest = db.session.scalars(select(Contest).where(Contest.code == CODE)).one()
        assert contest.secrecy is Secrecy.SECRET
        mark_all(contest, last_too=True)
        contest.comments, contest.published, contest.special_prizes = True, "marks", [SPECIAL]
        contest_id = contest.id
        own = select(ScoreSheet.judge_id, ScoreSheet.entry_id).join(Entry).where(Entry.contest_id == contest_id)
        db.session.add_all(
            SheetComment(judge_id=judge, entry_id=entry, version=1, said=COMMENT, updated_at=now())
            for judge, entry in db.session.execute(own).all()
        )
    mark(app, contest_id, first_is_best=True)
    with app.app_context(), transaction():
        assert isinstance(lock.lock(contest_id, None, None, "Thử"), lock.Locked)
    return contest_id


def signed_and_decided(app: Flask, contest_id: int) -> None:
    """With all that may be said on the way: a special prize, a prize left empty and why, numbers of papers."""
    with app.app_context():
        with transaction():
            best = db.session.scalars(select(func.max(Entry.code)).where(Entry.contest_id == contest_id)).one()
            decide.give_special(contest_id, best, SPECIAL, None)
            decide.decide(contest_id, PrizeLeftEmpty("Nhì", "next"), REASON, ["Nguyễn Thị Chủ"], None)
        with transaction():
            assert isinstance(sign.sign(contest_id, MINUTES, None), sign.Signed)
        with transaction():
            sign.record_award_decision(contest_id, DECISION, None)


class Stopped(datetime):
    """The wall clock stands, so that nothing differs but the result."""

    at = datetime.now(UTC)

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
        return cls.at.astimezone(tz)


@pytest.mark.long
@pytest.mark.begins_with(build=grown)
def test_nobody_outside_its_panel_gets_a_byte_of_a_sealed_result(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    app.extensions["public_snapshot"].kept_s = 0.0
    values = known(app)
    values["contests"] = [CODE]
    who = list(visitors(app, values))
    monkeypatch.setattr(clock, "datetime", Stopped)
    contest_id = marked_and_locked(app)
    one_way, secret = walk(app, who, values), canaries(app)
    assert {door: found for door, words in one_way.items() if (found := secret.findall(words))} == {}

    mark(app, contest_id, first_is_best=False)
    signed_and_decided(app, contest_id)
    other_way, secret = walk(app, who, values), canaries(app)
    assert {door: found for door, words in other_way.items() if (found := secret.findall(words))} == {}
    assert {door for door, words in other_way.items() if words != one_way[door]} == set()
    assert len(other_way) > 300 and {door.split(maxsplit=1)[0] for door in other_way} >= {
        *OUTSIDE,
        ANYBODY,
        FAMILY,
        HEAD,
    }

    with app.app_context():
        for step in sign.release, sign.publish:
            with transaction():
                step(contest_id, None)
    control = walk(app, who, values, AFTER)
    # the screens of the hall are in that walk too: the prize is a step of theirs that is not on
    assert {door.partition(" (")[0] for door, words in control.items() if secret.search(words)} == {
        "anybody /results",
        "anybody /contests/<code>",
        "anybody /contests/<code>/explain?entry={entry}",
        "anybody results.json",
        "family /family",
        "mc /panel/<code>/mc",
        "mc /mc/reveal",
    }
    # taken back as wrong it is nobody's again, but the panel's
    with app.app_context(), transaction():
        people.take_back(contest_id, None, None, "wrong", REASON)
    gone = walk(app, who, values, AFTER)
    assert {door: found for door, words in gone.items() if (found := secret.findall(words))} == {}
    assert "Kết quả đã thu lại lúc" in gone[f"{ANYBODY} /results"]
