"""What stands on the sheet of the MC, of the reception and of the sound desk? In Vietnamese, whoever prints it.

Each holds both orders, item by item. The lists that belong to an item stand in it; one that no item holds stands behind the last.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from festival.ceremony.order.agenda import HOLDS, AgendaItem, CeremonyAgenda
from festival.ceremony.order.models import CeremonySheet
from festival.ceremony.order.ranked import GuestMark, KeepsakeMark
from festival.ceremony.order.reading import AwardsTonight, DelegationKeepsake, GreetedGuest
from festival.ceremony.order.stage import (
    TRAY,
    AwardPlan,
    AwardReceiver,
    OnStage,
    StageGroup,
    groups_of,
    to_prepare,
    waiting,
)
from festival.ceremony.order.tracks import ActTrack
from festival.ceremony.order.words import HOLDS_WORDS, TRAY_WORDS
from festival.core.web.i18n import say
from festival.results.award_papers.said import written_vnd

Block = dict[str, Any]  # {"head", "facts": [text], "lines": [{"strong", "rest", "quiet"}]}


@dataclass(frozen=True, slots=True)
class CeremonyTold:
    """All that a sheet is made of."""

    agendas: Sequence[tuple[str, CeremonyAgenda]]  # with the name of each
    guests: Sequence[GreetedGuest]
    keepsakes: Sequence[DelegationKeepsake]
    awards: AwardsTonight
    tracks: Mapping[str, ActTrack]


def sheet_of(told: CeremonyTold, sheet: CeremonySheet) -> list[Block]:
    """Its sections: {"name", "items": [{"hour", "head", "facts", "blocks"}]}."""
    lists = _lists(told, sheet)
    held = {item.holds for _name, agenda in told.agendas for item in agenda.standing}
    sections = []
    for name, agenda in told.agendas:
        hours = agenda.hours()
        items = [_item(item, hours.get(item.number, ""), told, sheet, lists) for item in agenda.standing]
        if items:
            sections.append({"name": name, "items": items})
    loose = [
        {"hour": "", "head": say(HOLDS_WORDS[name]), "facts": [], "blocks": made}
        for name in HOLDS
        if name not in held and (made := lists[name]())
    ]
    if loose:
        sections.append({"name": str(_("Danh sách chưa gắn vào mục nào")), "items": loose})
    if sheet is CeremonySheet.RECEPTION and told.awards.calls:
        sections.append(_to_prepare(told.awards))
    return sections


def _item(
    item: AgendaItem,
    hour: str,
    told: CeremonyTold,
    sheet: CeremonySheet,
    lists: Mapping[str, Callable[[], list[Block]]],
) -> Block:
    facts = [str(_("%(n)s phút", n=item.minutes))] if item.minutes else []
    if item.who:
        facts.append(item.who)
    if sheet is CeremonySheet.SOUND:
        track = told.tracks.get(item.entry)
        facts += [str(_("Nhạc: %(what)s", what=item.sound))] if item.sound else []
        facts += [str(_("Tiết mục: %(act)s; tệp: %(file)s", act=track.act, file=track.file))] if track else []
        facts.append(str(_("Micro: %(n)s", n=item.microphones)))
    if item.note:
        facts.append(item.note)
    return {"hour": hour, "head": item.what, "facts": facts, "blocks": lists[item.holds]() if item.holds else []}


def _lists(told: CeremonyTold, sheet: CeremonySheet) -> dict[str, Callable[[], list[Block]]]:
    if sheet is CeremonySheet.SOUND:
        return {"guests": list, "keepsakes": list, "awards": lambda: _cues(told.awards)}
    return {
        "guests": lambda: _guests(told.guests, sheet),
        "keepsakes": lambda: _keepsakes(told.keepsakes),
        "awards": lambda: [_group(each, told.awards, sheet) for each in groups_of(told.awards.calls)],
    }


def _line(strong: str, rest: str = "", quiet: Sequence[str] = ()) -> dict[str, str]:
    return {"strong": strong, "rest": rest, "quiet": " · ".join(filter(None, quiet))}


def _guests(guests: Sequence[GreetedGuest], sheet: CeremonySheet) -> list[Block]:
    """Who is absent is not read out; who comes late is greeted on arrival."""
    there = [each for each in guests if not each.mark]
    late = [each for each in guests if each.mark == GuestMark.LATE]
    absent = [each for each in guests if each.mark == GuestMark.ABSENT] if sheet is CeremonySheet.RECEPTION else []
    found = [
        (str(_("Kính thưa")) if sheet is CeremonySheet.MC else str(_("Đại biểu theo thứ tự")), there),
        (str(_("Đến muộn: giới thiệu khi đến")), late),
        (str(_("Vắng")), absent),
    ]
    return [
        {"head": head, "facts": [], "lines": [_line(each.spoken, quiet=_seat(each, sheet)) for each in who]}
        for head, who in found
        if who
    ]


def _seat(guest: GreetedGuest, sheet: CeremonySheet) -> list[str]:
    seat = guest.line.who.seat
    return [str(_("Chỗ ngồi: %(seat)s", seat=seat))] if seat and sheet is CeremonySheet.RECEPTION else []


def _keepsakes(keepsakes: Sequence[DelegationKeepsake]) -> list[Block]:
    lines = [
        _line(
            f"{number}. {each.name}",
            str(_("nhận: %(who)s", who=each.who)) if each.who else str(_("chưa có người nhận")),
            [str(_("vắng"))] if each.mark == KeepsakeMark.ABSENT else [],
        )
        for number, each in enumerate(keepsakes, start=1)
    ]
    return [{"head": "", "facts": [], "lines": lines}] if lines else []


def group_words(group: StageGroup) -> str:
    """Prize and contest, «Giải Ba, Gia đình tài năng»; of several called together each."""
    told = dict.fromkeys(
        f"{prize_words(each)}, {each.call.part_name}" if each.call.part_name else prize_words(each)
        for each in group.parts
    )
    return " + ".join(told)


def prize_words(part: OnStage) -> str:
    """A special prize bears its own name."""
    return part.call.prize if part.call.special else str(_("Giải %(prize)s", prize=part.call.prize))


def givers_words(plan: AwardPlan, tonight: AwardsTonight) -> str:
    """Who gives, as they are spoken to; an open line where nobody is named or who was is absent."""
    there = [each.words for each in tonight.givers(plan) if not each.open]
    return "; ".join(there) if there else "……………………"


def receiver_notes(plan: AwardPlan, each: AwardReceiver) -> list[str]:
    """Who comes up, who receives instead, what to see to."""
    instead = plan.absent.get(each.ref)
    return [
        *([str(_("Đọc: %(how)s", how=each.said))] if each.said else []),
        *([str(_("lên nhận: %(who)s", who=each.leads))] if each.leads and instead is None else []),
        *([str(_("nhận thay: %(who)s", who=instead))] if instead else []),
        *([str(_("vắng, trao sau"))] if instead == "" else []),
        *([str(_("Hỗ trợ: %(what)s", what=each.helped))] if each.helped else []),
        *([str(_("Không đăng hình ảnh: %(n)s người", n=each.hidden))] if each.hidden else []),
    ]


def tray_words(tray: Mapping[str, int], group: StageGroup | None, money: Mapping[str, int]) -> str:
    """What lies there: «hoa 3, giấy khen 3, phong bì 3 (3 × 1.000.000 đồng)»."""
    parts = [f"{say(TRAY_WORDS[name])} {tray[name]}" for name in TRAY if tray.get(name)]
    sums = [
        f"{each.many} × {written_vnd(money[each.call.prize])}"
        for each in (group.parts if group else ())
        if each.many and each.plan.tray.get("envelope") and money.get(each.call.prize)
    ]
    return ", ".join(parts) + (f" ({'; '.join(sums)} {_('đồng')})" if sums and tray.get("envelope") else "")


def _group(group: StageGroup, tonight: AwardsTonight, sheet: CeremonySheet) -> Block:
    facts = [str(_("Người trao: %(who)s", who=givers_words(plan, tonight))) for plan in _plans(group)]
    if sheet is CeremonySheet.RECEPTION:
        facts.append(
            str(_("Khay: %(what)s", what=tray_words(group.tray, group, tonight.money) or _("chưa biết số lượng")))
        )
        if group.many > 1:
            facts.append(str(_("Đứng từ trái sang phải theo thứ tự dưới đây, người trao đứng đối diện.")))
    lines, place = [], 1
    for part in group.parts:
        for each in part.receivers:
            later = part.plan.absent.get(each.ref) == ""
            at = f"{place}. " if sheet is CeremonySheet.RECEPTION and not later else ""
            place += not later
            lines.append(_line(f"{at}{each.name}", each.unit, receiver_notes(part.plan, each)))
        if not part.call.released:
            lines.append(_line("", quiet=[str(_("chưa được phép đọc")), _expected(part)]))
    head = str(_("Tốp %(n)s: %(what)s", n=group.number, what=group_words(group)))
    return {"head": head, "facts": facts, "lines": lines}


def _expected(part: OnStage) -> str:
    return str(_("theo thể lệ: %(n)s giải", n=part.many)) if part.many else str(_("theo thể lệ: tất cả còn lại"))


def _plans(group: StageGroup) -> list[AwardPlan]:
    """Each of those called together once, those with the same givers as one."""
    found: dict[object, AwardPlan] = {}
    for each in group.parts:
        found.setdefault(each.plan.givers, each.plan)
    return list(found.values())


def _cues(tonight: AwardsTonight) -> list[Block]:
    lines = [
        _line(str(_("Tốp %(n)s", n=group.number)), group_words(group)) for group in groups_of(tonight.calls)
    ]  # fmt: skip
    return [{"head": str(_("Nhạc trao giải cho từng tốp")), "facts": [], "lines": lines}] if lines else []


def _to_prepare(tonight: AwardsTonight) -> Block:
    later = [
        _line(
            each.name,
            prize_words(OnStage(call, AwardPlan(), (), 0)),
            [call.part_name, str(_("đã trao")) if done else ""],
        )
        for call, each, done in waiting(tonight.calls)
    ]
    blocks = [{"head": str(_("Trao sau")), "facts": [], "lines": later}] if later else []
    total = tray_words(to_prepare(tonight.calls), None, {})
    unknown = [str(_("Chưa tính các giải chưa biết số lượng."))] if _unknown(tonight) else []
    ready = [str(_("Tổng cộng: %(what)s", what=total))] if total else []
    return {
        "name": str(_("Chuẩn bị khay cả buổi")),
        "items": [{"hour": "", "head": "", "facts": [*ready, *unknown], "blocks": blocks}],
    }


def _unknown(tonight: AwardsTonight) -> bool:
    return any(not call.released and call.expected is None for call, _plan in tonight.calls)
