"""JSON Schema (2020-12) of rules files and of case files, for editors' completion; made of the loader's own shapes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .loader.built_in import built_in
from .loader.cases import CASE_FILE
from .loader.record import described
from .loader.scalars import NAME
from .loader.sections import SECTIONS
from .region import ALIASES, WORLD, parents, region_names

if TYPE_CHECKING:
    from .ruleset import Ruleset

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def rule_schema(ruleset: Ruleset | None = None) -> dict[str, Any]:
    """Describe a rules file; with a *ruleset*, its own region sets are offered beside the built-in ones.

    Values may be typed as YAML 1.2 does (``800``, ``true``) or be texts, as the loader takes them.
    """
    return {
        "$schema": DIALECT,
        "title": "Rules of notices",
        "description": "What is shown to whom: defaults, regions, publishers and rules.",
        "type": ["object", "null"],
        "properties": {name: described(key) for name, key in SECTIONS.items()},
        "additionalProperties": False,
        "$defs": _definitions(ruleset),
    }


def case_schema(ruleset: Ruleset | None = None) -> dict[str, Any]:
    """Describe a file of cases (``*_test.yaml``)."""
    about = {"$schema": DIALECT, "title": "Cases of notices", "description": "Questions and the rules expected."}
    return about | CASE_FILE.schema() | {"$defs": _definitions(ruleset)}


def _definitions(ruleset: Ruleset | None) -> dict[str, Any]:
    names = region_names()
    codes = [WORLD, *sorted(parents()), *sorted(ALIASES)]
    sets = sorted({*built_in().sets, *(ruleset.sets if ruleset else ())})
    return {
        "region": {
            "description": "An ISO 3166 code, or world.",
            "enum": codes,
            "enumDescriptions": [names[ALIASES.get(code, code)] for code in codes],
        },
        "set": {
            "description": "The name of a region set.",
            "anyOf": [{"enum": sets}, NAME.schema()],
        },
    }
