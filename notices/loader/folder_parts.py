"""What stands beside the rules: defaults, publishers, labels and the contested table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notices.region import country_of
from notices.ruleset import BUILT_IN_PLACES, Label, Place, Publisher

from .display import PLACE_MEANING
from .instants import ZONE
from .names import HOST
from .record import Key, Record
from .regions import REGION
from .scalars import LANGUAGE, NAME, by_language, words
from .shape import Many, Pairs
from .statuses import DECLARED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .desk import Desk
    from .record import Fields


def _defaults(desk: Desk, fields: Fields) -> Fields:
    for name in fields.get("places", {}):
        if name in ("top", "bottom"):
            message = f"the place {name!r} is built in"
            desk.error(fields.mark_of("places", name), "bad-name", message, "choose another name")
    return fields


DEFAULTS: Record[Fields] = Record(
    "defaults",
    {
        "timezone": Key(ZONE, "the IANA zone of dates, and of times without an offset"),
        "language": Key(LANGUAGE, "the last resort where a text exists in no language that is wanted"),
        "places": Key(
            Pairs(NAME, PLACE_MEANING, "places", example="{lead: {after: h1}}"),
            "names for places, to be written under 'at'",
        ),
        "publisher": Key(NAME, "who publishes a page whose publisher is neither stated nor known by its host"),
    },
    _defaults,
)


def named_places(written: Mapping[str, Place]) -> dict[str, Place]:
    """The built-in places with those of the folder, which keep their names."""
    own = {
        name: Place(
            place.position, place.selector, name, name in BUILT_IN_PLACES and BUILT_IN_PLACES[name].bottom_on_index
        )
        for name, place in written.items()
    }
    return {**BUILT_IN_PLACES, **own}


def _publisher(desk: Desk, fields: Fields) -> Publisher:
    del desk
    return Publisher(
        "", fields.get("name", {}), fields.get("hosts", ()), fields.get("statuses", ()), fields.get("part-of")
    )


PUBLISHER_ENTRY: Record[Publisher] = Record(
    "a publisher",
    {
        "name": Key(
            by_language(words("a name"), "names", "{en: Example Courier}"),
            "what readers call it, by language",
            required=True,
        ),
        "hosts": Key(Many(HOST, "hosts"), "its hosts; *.courier.example is every host below, not itself"),
        "statuses": Key(Many(DECLARED, "statuses", single=False), "what it was declared to be, when and by whom"),
        "part-of": Key(NAME, "the publisher whose brand it is: that one's statuses are its own, and rules for it are"),
    },
    _publisher,
)


def _label(desk: Desk, fields: Fields) -> Label:
    if "name" not in fields and "code" not in fields:
        desk.error(fields.mark, "missing-key", "a label lacks both 'name' and 'code'", "write what geo sources say")
    for country in fields.get("country", ()):
        if country_of(country) != country:
            message = f"{country!r} is no country"
            desk.error(fields.mark_of("country", country), "bad-label", message, f"write {country_of(country)}")
    return Label(
        countries=frozenset(fields.get("country", ())),
        names=frozenset(fields.get("name", ())),
        codes=frozenset(fields.get("code", ())),
        region=fields.get("region", ""),
    )


LABELS: Many[Label] = Many(
    Record(
        "a label",
        {
            "country": Key(
                Many(REGION, "countries"), "the countries in which geo sources put the place", required=True
            ),
            "name": Key(Many(words("a name"), "names"), "names of the state or region there; never of a city alone"),
            "code": Key(Many(words("a code"), "codes"), "codes of the state or region there, such as CR or '43'"),
            "region": Key(REGION, "the region that it is", required=True),
        },
        _label,
        rules={"anyOf": [{"required": ["name"]}, {"required": ["code"]}]},
    ),
    "labels",
    single=False,
)
CONTESTED: Pairs[str, tuple[str, ...]] = Pairs(
    REGION, Many(REGION, "countries"), "regions with the countries that may mean them", example="{MD-SN: [RU]}"
)
