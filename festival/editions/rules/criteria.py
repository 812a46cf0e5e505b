"""What does a judge mark, and on which scale?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.sentence import N_, Points
from festival.editions.rules.document import MOST_POINTS_MILLI, Node


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a mark from `from_milli` upward means, as the judge reads it beside the criterion."""

    from_milli: int
    text: str


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """An aspect judged, with its scale; a negative scale takes off (`min` -2, `max` 0). Its marks count `weight` times."""

    code: str
    name: str
    min_milli: int
    max_milli: int
    step_milli: int
    weight_milli: int
    descriptors: tuple[Descriptor, ...]
    part: str = ""  # the group it stands in on the sheet: process, taste, presentation


def plain(milli: int) -> str:
    """Points as written in Vietnamese: 8750 -> «8,75»."""
    return str(Points(milli))


MOST_WEIGHT_MILLI = 1_000_000
NO_WHOLE_WEIGHT = N_(
    "hệ số %(weight)s nhân với %(step)s (bước điểm, điểm thấp nhất) không tròn đến 0.001 điểm; hãy đổi hệ số hoặc bước điểm"
)


def read_criterion(node: Node) -> CriterionRule:
    sound_so_far = len(node.problems)
    least = -MOST_POINTS_MILLI
    max_milli, step_milli = node.at("max").points(least=least), node.at("step").points(least=1)
    min_milli = node.at("min").points(least=least) if node.has("min") else 0
    weight = node.at("weight").factor(MOST_WEIGHT_MILLI) if node.has("weight") else 1000
    if len(node.problems) > sound_so_far:
        pass  # a mistyped number would only bring on complaints about the number put in its place
    elif min_milli >= max_milli:
        node.at("min").wrong(N_("điểm thấp nhất phải nhỏ hơn điểm tối đa"))
    elif (max_milli - min_milli) % step_milli:
        node.at("step").wrong(N_("điểm tối đa không chia hết cho bước điểm, nên không chấm được điểm tối đa"))
    elif weight * step_milli % 1000 or weight * min_milli % 1000:
        # a weighted mark is a whole number of thousandths like every other, so that nothing is rounded but the result
        odd = step_milli if weight * step_milli % 1000 else min_milli
        node.at("weight").wrong(NO_WHOLE_WEIGHT.filled(weight=Points(weight), step=Points(odd)))
    descriptors = node.at("descriptors").many(
        "descriptor", lambda each: Descriptor(each.at("from").points(least=least), each.at("text").text())
    )
    for at, descriptor in enumerate(descriptors):
        if descriptor.from_milli > max_milli:
            node._replace(path=f"{node.path}.descriptors[{at}].from").wrong(N_("lớn hơn điểm tối đa"))
    return CriterionRule(
        node.at("code").code(), node.at("name").text(), min_milli, max_milli, step_milli, weight, descriptors,
        node.at("part").maybe_text() or "",
    )  # fmt: skip
