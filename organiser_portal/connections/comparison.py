"""What providers can do side by side: a line for each thing an organiser may want, a cell for each provider."""

from collections.abc import Sequence
from dataclasses import dataclass

from organiser_portal.connections.abilities import Ability, abilities, label_of
from organiser_portal.connections.gateway import Face
from providers.records import Kind

# What it is called, which kinds of records it comes as, and the verb in which a provider says why it does not send it.
READ = (
    ("Events and races", (Kind.EVENT, Kind.RACE), "list_races"),
    ("Entries", (Kind.ENTRY,), "list_entries"),
    ("Applications", (Kind.APPLICATION,), ""),
    ("Partners", (Kind.PARTNER,), "partners"),
    ("Reserved places", (Kind.RESERVED_GROUP,), "reserved_places"),
    ("Results of affiliates", (Kind.CONVERSION,), ""),
    ("Who is in at the gate", (Kind.ADMISSION,), ""),
)
DONE = ("add_entry", "edit_entry", "withdraw_entry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """``offered``, or with ``sentence`` why not and what happens instead; neither: it is not its business."""

    offered: bool = False
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One provider by itself: what it brings in words, and what it leaves to people."""

    face: Face
    brings: tuple[str, ...]
    leaves: tuple[Ability, ...]


def comparison(faces: Sequence[Face]) -> list[Offer]:
    """Lines in which no provider has anything to say are left out."""
    lines = [
        *(Offer(label=label, cells=tuple(_read(face, kinds, verb) for face in faces)) for label, kinds, verb in READ),
        *(Offer(label=label_of(verb), cells=tuple(_done(face, verb) for face in faces)) for verb in DONE),
    ]
    return [line for line in lines if any(cell.offered or cell.sentence for cell in line.cells)]


def choice(face: Face) -> Choice:
    offers = comparison([face])
    return Choice(
        face=face,
        brings=tuple(offer.label for offer in offers if offer.cells[0].offered),
        leaves=tuple(ability for ability in abilities(face.capabilities) if not ability.offered),
    )


def _read(face: Face, kinds: Sequence[Kind], verb: str) -> Cell:
    if any(resource.kind in kinds for resource in face.resources):
        return Cell(offered=True)
    return Cell(sentence=face.capabilities.cannot.get(verb, ""))


def _done(face: Face, verb: str) -> Cell:
    return Cell(offered=bool(getattr(face.capabilities, verb, False)), sentence=face.capabilities.cannot.get(verb, ""))
