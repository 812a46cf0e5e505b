"""What does a judge mark, and on which scale?"""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.sentence import N_, Points
from festival.editions.rules.document import Node


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a mark from `from_milli` upward means, as the judge reads it beside the criterion."""

    from_milli: int
    text: str


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """An aspect judged, with its scale."""

    code: str
    name: str
    min_milli: int
    max_milli: int
    step_milli: int
    descriptors: tuple[Descriptor, ...]


def plain(milli: int) -> str:
    """Points as written in Vietnamese: 8750 -> «8,75»."""
    return str(Points(milli))


def read_criterion(node: Node) -> CriterionRule:
    sound_so_far = len(node.problems)
    max_milli, step_milli = node.at("max").points(least=1), node.at("step").points(least=1)
    min_milli = node.at("min").points() if node.has("min") else 0
    if len(node.problems) > sound_so_far:
        pass  # a mistyped number would only bring on complaints about the number put in its place
    elif min_milli >= max_milli:
        node.at("min").wrong(N_("điểm thấp nhất phải nhỏ hơn điểm tối đa"))
    elif (max_milli - min_milli) % step_milli:
        node.at("step").wrong(N_("điểm tối đa không chia hết cho bước điểm, nên không chấm được điểm tối đa"))
    descriptors = node.at("descriptors").many(
        "descriptor", lambda each: Descriptor(each.at("from").points(), each.at("text").text())
    )
    for at, descriptor in enumerate(descriptors):
        if descriptor.from_milli > max_milli:
            node._replace(path=f"{node.path}.descriptors[{at}].from").wrong(N_("lớn hơn điểm tối đa"))
    return CriterionRule(node.at("code").code(), node.at("name").text(), min_milli, max_milli, step_milli, descriptors)
