"""Which festival do the journeys happen in? The small edition of docs/examples, made by the rooms' own actions.

Two delegations, a judged contest that is *kín* and one of balls thrown that is public at once. Mrs. Chủ chairs, Lan is
the second judge, Thư keeps the tally, Tổ organises, Cán brings the families of Hòn Đất.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from config import ROOT
from festival.accounts.actions import create_user
from festival.accounts.passwords import hash_password
from festival.accounts.roles import Role
from festival.consent.rules import Agreement
from festival.contests.actions import seat
from festival.contests.models import Contest, PanelSeat
from festival.core.births import Birth
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.enrolment import make_enrolment_code
from festival.devices.handlers import DeviceRole
from festival.editions.actions import import_units, open_phase
from festival.editions.models import Festival, PhaseKind
from festival.editions.rules.document import parse
from festival.editions.unit_history import read as read_units
from festival.office.festival_import import import_festival, read_file
from festival.passes import tokens
from festival.passes.models import Pass
from festival.registration import decisions, registering
from festival.registration import outcomes as registration_outcomes
from festival.roster import delegations as roster_delegations
from festival.roster import families as roster_families
from festival.roster import outcomes, views
from festival.roster import rules as roster_rules
from festival.roster.household import Household, Member
from festival.roster.models import Delegation, DelegationOfficer, Entry, Family, Origin
from festival.roster.people import Relation, Sex
from festival.schedule import drawing, planning, sessions

PASSWORD = "nắng-biển-Hòn-Đất"
PASSWORD_HASH = hash_password(PASSWORD)
RULESET = ROOT / "docs" / "examples" / "ngay-hoi-nho.json"
UNITS = ROOT / "festival" / "editions" / "data" / "units" / "kien-giang-2024.json"
PEOPLE = {
    "btc": ("Phạm Văn Tổ", Role.ORGANISER),
    "canbo": ("Mai Thị Cán", Role.OFFICER),
    "chutoa": ("Nguyễn Thị Chủ", Role.CHAIR),
    "lan": ("Danh Thị Lan", Role.JUDGE),
    "thuky": ("Lê Minh Thư", Role.SECRETARY),
    "mc": ("Võ Hoàng Dẫn", Role.MC),
}


@dataclass
class Scene:
    """Codes and ids of what stands."""

    festival_id: int = 0
    users: dict[str, int] = field(default_factory=dict)
    contests: dict[str, int] = field(default_factory=dict)
    delegations: dict[str, str] = field(default_factory=dict)  # short name → code
    families: dict[str, str] = field(default_factory=dict)  # name → code
    passes: dict[str, str] = field(default_factory=dict)  # name → what its QR says
    links: dict[str, str] = field(default_factory=dict)  # name → /g/ code


def begin() -> Scene:
    """Festival, people, panel; registration open. In an application context."""
    scene = Scene()
    with transaction():
        import_units(read_units(parse(UNITS.read_bytes())))
    with transaction():
        festival = import_festival(read_file(RULESET.read_bytes())).festival
        scene.festival_id = festival.id
        for login, (name, role) in PEOPLE.items():
            roles = [role, Role.JUDGE] if role is Role.CHAIR else [role]
            scene.users[login] = create_user(login, name, PASSWORD_HASH, roles).id
        for kind in PhaseKind:
            if kind is not PhaseKind.RESULTS:
                open_phase(festival.id, kind, now() - timedelta(hours=1))
        for contest in db.session.scalars(select(Contest).where(Contest.festival_id == festival.id)):
            scene.contests[contest.code] = contest.id
        for delegation in db.session.scalars(select(Delegation).order_by(Delegation.position)):
            scene.delegations[delegation.unit.name] = delegation.code
        hon_dat = db.session.scalars(select(Delegation).where(Delegation.code == scene.delegations["Hòn Đất"])).one()
        db.session.add(DelegationOfficer(delegation_id=hon_dat.id, user_id=scene.users["canbo"]))
        seat(scene.contests["tai-nang"], scene.users["chutoa"], PanelSeat.CHAIR)
        seat(scene.contests["tai-nang"], scene.users["lan"], PanelSeat.MEMBER)
        for contest_id in scene.contests.values():
            seat(contest_id, scene.users["thuky"], PanelSeat.SECRETARY)
    return scene


HOUSEHOLDS = {
    "Danh Chung": ("Hòn Đất", "0912345601", ("Danh Chung", "Thị Ngọc Sà Phol", "Danh Ngọc Hân")),
    "Trần Văn Út": ("Hòn Đất", "0912345602", ("Trần Văn Út", "Lâm Thị Mỹ Dung", "Trần Gia Bảo")),
    "Quách Tuấn Kiệt": ("Rạch Giá", "0912345603", ("Quách Tuấn Kiệt", "Huỳnh Thị Ánh Nguyệt", "Quách Minh Thư")),
}


def household(phone: str, names: tuple[str, ...], contests: tuple[str, ...] = ("tai-nang", "bong-ro")) -> Household:
    """Father, mother and a child of ten; everybody agreed, to being named in public too, and is in every contest."""
    father, mother, child = names
    return Household(
        phone=phone,
        address="ấp Đầu Doi",
        introduction="Ba thế hệ cùng làm ruộng, yêu đờn ca.",
        members=(
            Member(father, Relation.REPRESENTATIVE, Sex.MALE, Birth(1984, 6, 14), contests=contests,
                   agreement=Agreement(father, "self"), own_agreement=True, publish=True),
            Member(mother, Relation.SPOUSE, Sex.FEMALE, Birth(1986, 2, 3), contests=contests,
                   agreement=Agreement(mother, "self"), own_agreement=True, publish=True),
            Member(child, Relation.CHILD, Sex.FEMALE, Birth(2014, 1, 9), contests=contests,
                   agreement=Agreement(mother, "mother"), own_agreement=True, publish=True),
        ),
    )  # fmt: skip


def bring_families(scene: Scene) -> None:
    """Three families, registered by their officers and approved: with passes."""
    with transaction():
        rules = roster_rules.rules_of(db.session.get_one(Festival, scene.festival_id))
        for name, (unit, phone, names) in HOUSEHOLDS.items():
            delegation = roster_delegations.delegation_by_code(scene.delegations[unit])
            made = registering.register_family(rules, delegation, household(phone, names), Origin.OFFICER, submit=True)
            assert isinstance(made, registration_outcomes.Registered)
            scene.families[name], scene.links[name] = made.code, made.link
    with transaction():
        rules = roster_rules.rules_of(db.session.get_one(Festival, scene.festival_id))
        for code in scene.families.values():
            item = views.view(roster_families.family_by_code(code), rules)
            done = decisions.approve(rules, item, item.family.version, scene.users["btc"])
            assert isinstance(done, outcomes.Done), done
    with reading():
        for row in db.session.scalars(select(Pass).where(Pass.family_id.is_not(None))):
            family = db.session.get_one(Family, row.family_id)
            name = next(name for name, code in scene.families.items() if code == family.code)
            scene.passes[name] = tokens.qr_text(row)


def publish_programme(scene: Scene) -> None:
    """A stage, a morning for each contest, numbers drawn by seed, published as version 1."""
    morning = datetime(2024, 6, 14, 0, 30, tzinfo=UTC)  # half past seven in Hòn Đất
    with transaction():
        stage = sessions.add_stage(scene.festival_id, "san-khau", "Sân khấu chính")
        ground = sessions.add_stage(scene.festival_id, "san-bong", "Sân bóng")
        sessions.add_session(stage.id, scene.contests["tai-nang"], morning, morning + timedelta(hours=2))
        sessions.add_session(
            ground.id, scene.contests["bong-ro"], morning + timedelta(hours=3), morning + timedelta(hours=5)
        )
        for contest_id in scene.contests.values():
            drawing.draw_by_seed(contest_id, "mua-he", scene.users["btc"])
        planning.make_plan(scene.festival_id)
    with transaction():
        assert isinstance(planning.publish(scene.festival_id, scene.users["btc"]), planning.Published)


def entries(scene: Scene, contest: str) -> list[tuple[str, str]]:
    """(code, name) of a contest's entries in the order of their numbers."""
    with reading():
        rows = db.session.execute(
            select(Entry.code, Entry.name).where(Entry.contest_id == scene.contests[contest]).order_by(Entry.number)
        )
        return [(row.code, row.name) for row in rows]


def enrolment(scene: Scene, role: DeviceRole, station: str = "", login: str = "") -> str:
    """A one-time code, as the office or `flask device enrol` gives it."""
    with transaction():
        return make_enrolment_code(scene.festival_id, role, scene.users.get(login), station).code
