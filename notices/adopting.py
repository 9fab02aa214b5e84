"""Write the few lines by which a site adopts a rule of the pack, as a file of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from .loader.catalogue import Offer

DISCLAIMER = (
    "This is no legal advice: rules and texts of the pack are a start, and a lawyer of yours has the last word."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPublisher:
    """A publisher that the folder does not know yet: names by language tag, hosts, and since when it has a status."""

    names: Mapping[str, str]
    hosts: Sequence[str]
    listed: date | None
    timezone: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Adoption:
    """What a site says: for whose pages it adopts *offer*, who answers for it, and until when it is reviewed.

    ``status`` None is the usual one. ``declared`` is what the folder does not know of the publisher, if anything.
    """

    offer: Offer
    publishers: Sequence[str]
    owner: str
    review_by: date
    status: str | None = None
    stance: str | None = None
    declared: NewPublisher | None = None

    @property
    def path(self) -> str:
        """The file that is written."""
        return f"{self.offer.id}.yaml"


def why_draft(offer: Offer) -> str | None:
    """Why an adoption begins as a draft, where it must."""
    if offer.confidence == "low":
        return "the pack marks it with low confidence"
    if offer.needs:
        return f"only you can write its {' and '.join(offer.needs)}"
    return None


def write_adoption(adoption: Adoption) -> bytes:
    """The file's bytes."""
    return "".join(f"{line}\n" for line in _lines(adoption)).encode()


def _lines(adoption: Adoption) -> Iterator[str]:
    offer = adoption.offer
    yield f"# {offer.title}: adopted from the rule pack of notices, which comes with the package."
    yield f"# {DISCLAIMER}"
    yield "adopt:"
    yield f"  {offer.id}:"
    yield f"    publishers: [{', '.join(adoption.publishers)}]"
    if adoption.status is not None:
        yield f"    status: {adoption.status}"
    if adoption.stance is not None:
        yield f"    stance: {adoption.stance}"
    yield f"    owner: {_quoted(adoption.owner)}"
    yield f"    review-by: {adoption.review_by.isoformat()}"
    yield from (f"    # {need}: ..." for need in offer.needs)
    if "link" not in offer.needs:
        yield '    # link: {href: "https://...", label: {en: Find out more}}'
    if adoption.declared is not None:
        yield from _publisher(adoption, adoption.declared)


def _publisher(adoption: Adoption, declared: NewPublisher) -> Iterator[str]:
    yield "publishers:"
    yield f"  {adoption.publishers[0]}:"
    yield f"    name: {{{', '.join(f'{tag}: {_quoted(name)}' for tag, name in declared.names.items())}}}"
    if declared.hosts:
        yield f"    hosts: [{', '.join(map(_quoted, declared.hosts))}]"
    if declared.listed is not None:
        yield "    statuses:"
        yield from status_lines(adoption.offer.statuses, declared.listed, declared.timezone)


def status_lines(statuses: Sequence[str], listed: date, timezone: str | None) -> Iterator[str]:
    """The lines of a publisher's statuses."""
    zone = f", timezone: {timezone}" if timezone else ""
    return (f"      - {{status: {status}, listed: {listed.isoformat()}{zone}}}" for status in statuses)


def _quoted(text: str) -> str:
    """A scalar that means exactly *text*, whatever is in it."""
    return json.dumps(text, ensure_ascii=False)
