"""The region sets, labels and contested places that come with the package."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from msgspec import Struct

from notices.document import read_document
from notices.location import Where

from .desk import Desk
from .folder_parts import CONTESTED, LABELS
from .regions import SET
from .sections import gather, read_named, read_or_none

if TYPE_CHECKING:
    from collections.abc import Mapping

    from notices.ruleset import Label

    from .regions import SetDraft

PATH = "built-in/regions.yaml"


class BuiltIn(Struct, frozen=True):
    """What every folder starts from."""

    sets: Mapping[str, SetDraft]
    labels: tuple[Label, ...]
    contested: Mapping[str, frozenset[str]]


@cache
def built_in() -> BuiltIn:
    """Read the package's own table once."""
    return read_built_in(files("notices").joinpath("data/regions.yaml").read_bytes())


def read_built_in(data: bytes) -> BuiltIn:
    """Read a table of sets, labels and contested places.

    :raises ValueError: where it has errors: the package is damaged.
    """
    document, problems = read_document(PATH, data)
    desk = Desk(problems=list(problems))
    gathered = gather(desk, [document] if document is not None else [])
    named = gathered.named["regions"]
    desk.sets = {name: Where(()) for name in named.keys}
    sets = read_named(desk, named, SET, lambda draft, _name, _mark: draft)
    labels = [read_or_none(desk, LABELS, node) or () for node in gathered.others["labels"]]
    contested = [read_or_none(desk, CONTESTED, node) or {} for node in gathered.others["contested"]]
    if desk.problems:
        raise ValueError(f"the package's own regions are damaged: {desk.problems[0]}")
    table = {region: frozenset(others) for part in contested for region, others in part.items()}
    return BuiltIn(sets, tuple(label for part in labels for label in part), table)
