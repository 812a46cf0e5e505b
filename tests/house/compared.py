"""Which columns of which tables are held against the ledger? Each single change of one of them is seen."""

from __future__ import annotations

from typing import Any

from festival.acts.models import ActReminder
from festival.ceremony.order.models import CeremonyOrder, CeremonyPrint
from festival.ceremony.report.models import ReportFile, ReportLine, ReportVersion
from festival.checkin.handouts.models import Handout
from festival.checkin.models import Admission, Scan
from festival.checkin.purposes.models import GatePurpose, GateSetting, GateWindow
from festival.contests.assigning.models import JudgeScope
from festival.contests.models import Contest, Criterion, Judge, Unavailability
from festival.contests.replacing.models import DeclaredRelation, RelationDismissed
from festival.editions.models import Festival, HelpTable
from festival.judging.matches.models import BracketDraw, PlayedMatch
from festival.judging.models import FinalOrder, Mark, Measure, MeasureRevision, Overtime, ScoreSheet, SheetRevision
from festival.judging.paper.models import (
    BorderCheck,
    BorderTyping,
    SheetConfirmation,
    SlipDecision,
    SlipPhoto,
    SlipTyping,
)
from festival.papers.agreement_sheets import AgreementSheet
from festival.papers.draw_minutes import DrawMinutes, DrawMinutesPage
from festival.papers.models import WholeMinutes
from festival.papers.scans.award_sheets import AwardSheet
from festival.papers.scans.models import SignedScan, SignedScanPage, SignedScanUse
from festival.papers.signing_lists import ListPage, SigningList
from festival.posts.models import Post, PostPicture, PostPictureFile, PostVersion
from festival.registration.agreements.models import AgreementReminder, ParentLink
from festival.registration.models import HeldRegistration
from festival.registration.queueing.models import LineSpot, PlaceOffer, WaitingList
from festival.registration.signing.models import DelegationCommune, FamilyCommune, SigningRule
from festival.results.meeting.models import FoundingPaper, PanelMeeting, WholeMeeting
from festival.results.models import (
    Award,
    PanelDecision,
    ResultTakenBack,
    Standing,
    StandingAmendment,
    StateChange,
    Unlocking,
)
from festival.results.paying.models import PayLine, PayList, PaySheet
from festival.results.petition_desk.models import PetitionHour
from festival.results.petitions.models import AmendmentGround, Petition, PetitionStep
from festival.results.proof.models import ProofLine
from festival.roster.models import Departure, Family
from festival.roster.teams.models import MixedTeam
from festival.schedule.drawn.models import DrawChange, DrawMeeting, StageTrial
from festival.schedule.later.models import LaterMatch
from festival.schedule.models import Act, Draw, Plan, Session, Stage
from festival.schedule.stage_day.models import TurnChange
from festival.schedule.wishes.models import Wish

COMPARED: dict[type[Any], tuple[str, ...]] = {
    ScoreSheet: ("judge_id", "entry_id", "round", "version", "state", "total_milli", "conflict", "on_paper", "note", "typed_by"),
    Mark: ("milli", "criterion_id"),
    SheetRevision: ("sheet_id", "version", "mid", "content", "open_conflict"),
    Measure: ("entry_id", "round", "state", "value", "version", "typed_by"),
    FinalOrder: ("places", "version", "typed_by"),
    BracketDraw: ("seed", "lines", "drawn_by", "ended_why", "ended_by"),
    PlayedMatch: ("version", "before", "typed_by"),
    MeasureRevision: ("entry_id", "content", "changed_by"),
    Overtime: ("seconds", "noted_by"),
    Scan: ("device_number", "seq", "at_ms", "gate", "pass_id", "purpose", "day_window", "persons", "how", "way", "forced", "not_allowed", "unnamed", "undone"),
    Admission: ("person_id", "purpose", "day_window", "scan_id", "at_ms", "device_number", "seq", "outside"),
    GatePurpose: ("code", "name", "kind", "every", "again", "classes"),
    GateWindow: ("code", "name", "opens_ms", "closes_ms"),
    GateSetting: ("countdown_s", "exits"),
    Handout: ("delegation_id", "device_number", "seq", "at_ms", "station", "mid", "root", "items", "receiver", "reason"),
    Judge: ("contest_id", "user_id", "seat", "letter", "marks", "unit_id"),
    Unavailability: ("judge_id", "unit_id", "reason"),
    DeclaredRelation: ("user_id", "words"),
    JudgeScope: ("user_id", "says", "before", "version", "said_by"),
    FoundingPaper: ("what", "says", "before", "version", "said_by"),
    CeremonyOrder: ("content", "by_user"),
    CeremonyPrint: ("digest", "by_user"),
    ProofLine: ("what", "contest", "evening", "late", "reason", "content", "opens"),
    PanelMeeting: ("says", "before", "version", "said_by"),
    WholeMeeting: ("says", "before", "version", "said_by"),
    PetitionHour: ("says", "before", "version", "said_by"),
    RelationDismissed: ("judge_id", "reason", "dismissed_by"),
    Contest: ("state", "taken_back_at", "name", "delta_milli", "prizes", "tie_ladder", "secrecy", "place_points", "special_prizes", "ledger_name", "shared_from", "bracket", "points_scale", "entries_min"),
    Criterion: ("code", "name", "max_milli", "min_milli"),
    Family: ("state", "version", "return_reason", "decided_by", "name", "delegation_id", "reserve"),
    MixedTeam: ("version", "reason"),
    HeldRegistration: ("family_id", "beside_id", "why", "decision", "decided_by"),
    Departure: ("person_id", "entries"),
    ParentLink: ("issue", "ended_how"),
    AgreementSheet: ("sha256",),
    SigningList: ("state", "turn", "letter_number", "signer"),
    ListPage: ("turn", "page"),
    DelegationCommune: ("position",),
    FamilyCommune: ("unit_id",),
    SigningRule: ("required",),
    AgreementReminder: ("times",),
    ActReminder: ("times",),
    WaitingList: ("open", "answer_hours", "people_max"),
    PlaceOffer: ("until", "people"),
    LineSpot: ("out_by",),
    Draw: ("method", "seed", "order", "blocks", "drawn_by"),
    DrawChange: ("kind", "entries", "heads", "seed", "reason", "made_by", "undone_by", "undone_why"),
    StageTrial: ("stage_id", "starts_at", "minutes", "taken_back"),
    DrawMeeting: ("held_on", "place", "chair", "secretary", "contests", "attendance", "witnesses", "dropped"),
    DrawMinutes: ("state", "turn", "letter_number", "signer"),
    DrawMinutesPage: ("turn", "page"),
    Act: ("session_id", "position", "state", "turn", "began_at"),
    TurnChange: ("entry_id", "before", "after"),
    LaterMatch: ("session_id", "starts_at", "duration_min", "locked", "state"),
    Plan: ("version", "content", "note", "published_by"),
    Stage: ("code", "name"),
    Wish: ("kind", "entry_id", "other_id", "family_id", "user_id", "starts_at", "ends_at", "minutes", "note"),
    Session: ("stage_id", "contest_id", "label", "starts_at", "ends_at"),
    StateChange: ("state", "by_user", "with_user", "number", "note", "papers_reason", "paper_day", "ledger_size", "ledger_hash"),
    Unlocking: ("code", "reason", "at", "by_user", "with_user", "locked_at", "locked_by", "locked_with", "locked_note"),
    ResultTakenBack: ("code", "reason", "at", "by_user", "with_user", "published_at", "published_by", "published_note", "released_at", "released_by", "released_with", "released_note"),
    StandingAmendment: ("specials_before", "specials", "ordinal", "corrections", "before", "standings", "number", "reason", "by_user", "with_user", "paper_id", "takes_back"),
    Petition: ("number", "delegation_id", "about", "title", "road", "lodged_by", "words", "lodged_at", "taken_by", "until", "late", "desk", "state", "carried", "told", "photo_sha256"),
    PetitionStep: ("ordinal", "deed", "words", "by_user", "with_user", "before", "told"),
    AmendmentGround: ("ground",),
    Standing: ("entry_id", "state", "place", "shared", "score_milli", "reasons", "detail"),
    Award: ("entry_id", "prize", "position", "special"),
    PanelDecision: ("kind", "content", "reason", "names", "noted_by"),
    SlipTyping: ("judge_id", "entry_id", "place", "state", "marks", "total_milli", "typed_by"),
    SlipDecision: ("kept", "marks", "reason", "decided_by", "standing"),
    SlipPhoto: ("judge_id", "sha256", "standing"),
    BorderCheck: ("seed", "slips", "rest", "reason"),
    BorderTyping: ("marks", "same", "settled", "names"),
    SheetConfirmation: ("digest", "reason", "by_user", "with_user"),
    WholeMinutes: ("number", "contests", "standings", "by_user", "papers_reason"),
    AwardSheet: ("number", "contests", "whole", "said", "sha256", "editable_sha256", "drawn", "printed_by"),
    SignedScan: ("put_by", "sheet_id"),
    Post: ("version", "shown", "step", "slug", "down_why"),
    PostVersion: ("title", "summary", "body", "pictures", "sha256"),
    PostPicture: ("children", "agreed"),
    PostPictureFile: ("size", "sha256"),
    HelpTable: ("version", "lines", "changed_by"),
    SignedScanPage: ("page", "sha256"),
    SignedScanUse: ("kind", "paper_id", "points_id", "shown", "reason", "changed_by"),
    PayList: ("number", "kind", "says", "before", "places", "dropped", "version", "said_by"),
    PayLine: ("source", "how", "proposed", "says", "before", "receipt", "version", "said_by"),
    PaySheet: ("number", "sha256", "editable_sha256", "drawn", "printed_by"),
    ReportLine: ("kind", "name", "grounds", "amount_vnd"),
    ReportVersion: ("number", "content", "sha256", "reason"),
    ReportFile: ("sha256",),
    Festival: ("ruleset",),
}  # fmt: skip
