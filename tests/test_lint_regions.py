"""Sets that hold nothing, sets that nothing names, countries written as all their parts, and hints."""

from __future__ import annotations

import pycountry
import pytest

from tests.lints import codes, findings, lint, messages, rules


def sets(text: str, where: str = "[s]") -> str:
    return f"regions:\n{text}" + rules(f"where: {where}")


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{include: [DE], except: [DE]}", id="the same"),
        pytest.param("{include: [DE-BE, DE-BY], except: [DE]}", id="a country that holds all"),
        pytest.param("{include: [crimea], except: [UA-43, UA-40]}", id="a set and its members"),
        pytest.param("{include: [GB], except: [GB-ENG, GB-SCT, GB-WLS, GB-NIR]}", id="all parts of a country"),
        pytest.param("{include: [{code: DE, until: 2020-01-01}], except: [{code: DE, until: 2021-01-01}]}", id="dated"),
    ],
)
def test_a_set_that_holds_nothing_is_found(body):
    """At no instant lies any region, whole or in part, in it."""
    found = lint(sets(f"  s: {body}\n", "[s, RU]"))
    assert ("a.yaml:2:3", "warning[empty-set]") in found
    assert {code for _, code in found} <= {"warning[empty-set]", "warning[all-subdivisions]"}


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("{include: [DE], except: [DE-BE]}", id="a rest"),
        pytest.param("{include: [{code: UA-14, part: true}]}", id="a part"),
        pytest.param("{include: [DE], except: [{code: DE, part: true}]}", id="all but a part"),
        pytest.param("{include: [{code: DE, until: 2020-01-01}]}", id="the past"),
        pytest.param("{include: [DE], except: [{code: DE, from: 2030-01-01}]}", id="until some day"),
        pytest.param("{include: [world], except: [eu]}", id="the rest of the world"),
        pytest.param("{include: [VA]}", id="a country without subdivisions"),
    ],
)
def test_a_set_that_holds_something_is_not_reported(body):
    """However little, and however long ago."""
    assert "empty-set" not in codes(sets(f"  s: {body}\n", "[s, RU]"))


def test_a_where_that_holds_nothing_but_doubt_is_found():
    """A rule in no region that an unknown reader would still be shown."""
    text = rules("where: {any: [DE, BY], except: [DE, BY]}, unsure: show")
    assert lint(text) == [(f"a.yaml:2:{text.splitlines()[1].index('where: ') + 8}", "warning[empty-set]")]


def test_a_set_that_nothing_names_is_found():
    """Neither a rule nor a set in use; one that is used by an unused set only is unused too."""
    text = sets("  s: {include: [DE]}\n  t: {include: [u]}\n  u: {include: [PL]}\n")
    assert lint(text) == [("a.yaml:3:3", "warning[unused-set]"), ("a.yaml:4:3", "warning[unused-set]")]


@pytest.mark.parametrize(
    ("body", "where"),
    [
        pytest.param("", "[s]", id="by a rule"),
        pytest.param("", "{any: [world], except: [s]}", id="as an exception"),
        pytest.param("  t: {include: [RU], except: [s]}\n", "[t]", id="by a set"),
        pytest.param("  t: {include: [u]}\n  u: {include: [s]}\n", "[t]", id="by a set in a set"),
    ],
)
def test_a_set_that_something_names_is_not_reported(body, where):
    """Directly or not, as what is in or as what is out."""
    assert codes(sets(f"  s: {{include: [DE]}}\n{body}", where)) == []


def test_a_draft_uses_sets_too():
    """What is to come keeps its sets, and built-in sets are nobody's business."""
    text = sets("  s: {include: [DE]}\n").replace("status: active", "status: draft")
    assert codes(text) == []


def all_of(country: str) -> list[str]:
    return sorted(one.code for one in pycountry.subdivisions.get(country_code=country) if one.parent_code is None)


@pytest.mark.parametrize("country", ["DE", "CA", "UA", "AT"])
def test_all_subdivisions_one_by_one_are_found(country):
    """The first of them is pointed at, and the fix names the country."""
    listed = all_of(country)
    text = rules(f"where: [PL, {', '.join(listed)}], unsure: show")
    column = text.splitlines()[1].index(listed[0]) + 1
    assert lint(text) == [(f"a.yaml:2:{column}", "warning[all-subdivisions]")]
    assert messages(text)[0].endswith(f"write {country} in their place")
    assert codes(rules(f"where: [PL, {', '.join(listed[1:])}], unsure: show")) == []


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        pytest.param("[GB-ENG, GB-SCT, GB-WLS, GB-NIR]", True, id="the four of GB"),
        pytest.param("{any: [world], except: [GB-ENG, GB-SCT, GB-WLS, GB-NIR]}", True, id="as exceptions"),
        pytest.param("[GB, GB-ENG, GB-SCT, GB-WLS, GB-NIR]", False, id="the country as well"),
        pytest.param("[GB-ENG, GB-SCT, GB-WLS, {code: GB-NIR, part: true}]", False, id="one in part"),
        pytest.param("[GB-ENG, GB-SCT, GB-WLS, {code: GB-NIR, until: 2030-01-01}]", False, id="one until some day"),
        pytest.param("{any: [GB-ENG, GB-SCT], except: [GB-WLS, GB-NIR]}", False, id="some in, the others out"),
        pytest.param("[england-and-wales, GB-SCT, GB-NIR]", False, id="some by a set with a meaning of its own"),
        pytest.param("[VA]", False, id="a country that has none"),
    ],
)
def test_what_is_all_of_a_country_is_exact(entries, found):
    """Whole subdivisions, all of them, in one list."""
    assert ("all-subdivisions" in codes(rules(f"where: {entries}"))) is found


def test_all_countries_are_the_world():
    """The same for countries."""
    listed = sorted({*(f'"{one.alpha_2}"' for one in pycountry.countries), '"XK"'})
    assert messages(rules(f"where: [{', '.join(listed)}]"))[-1].endswith("write world in their place")


@pytest.mark.parametrize(
    ("line", "column", "code"),
    [
        pytest.param("where: [FR]", "FR]", "hint[overseas]", id="France without its overseas places"),
        pytest.param("where: [FR-GP]", "FR-GP", "warning[alias]", id="a second code of one place"),
        pytest.param("where: [PL], pages: {hosts: ['*.a.example']}", "'*.a", "hint[host-itself]", id="hosts below one"),
    ],
)
def test_what_is_most_likely_meant_otherwise_is_told(line, column, code):
    """What is most likely meant otherwise, without being wrong."""
    text = rules(line)
    assert lint(text) == [(f"a.yaml:2:{text.splitlines()[1].index(column) + 1}", code)]


@pytest.mark.parametrize(
    "line", ["where: [france]", "where: [GP]", "where: [PL], pages: {hosts: ['*.a.example', a.example]}", "where: [eu]"]
)
def test_nothing_is_told_where_it_was_heeded(line):
    """The set with overseas places, the canonical code, the host itself."""
    assert codes(rules(line)) == []


def test_an_active_rule_on_facts_of_low_confidence_is_told():
    """At the set's name under 'where', whether the rule names it or a set that holds it."""
    head = "regions: {mine: {title: M, include: [us-gpc-states, DE]}}\n"
    text = rules("where: [FR-IDF, us-gpc-states]", "where: {any: [world], except: [mine]}", head=head)
    first, second = text.splitlines()[2:]
    assert [one for one in lint(text) if "hint" not in one[1]] == [
        (f"a.yaml:3:{first.index('us-gpc') + 1}", "warning[unconfirmed-set]"),
        (f"a.yaml:4:{second.index('{any') + 1}", "warning[unconfirmed-set]"),
    ]
    assert "'a' is active and uses the set 'us-gpc-states', whose facts are of low confidence" in messages(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(rules("where: [us-gpc-states]").replace("active", "draft"), id="a draft"),
        pytest.param(rules("where: [eu]"), id="a set without doubt"),
        pytest.param(
            rules(
                "where: [us-gpc-states]",
                head="regions: {us-gpc-states: {title: T, include: [US-CA], confidence: high}}\n",
            ),
            id="a set of one's own that was confirmed",
        ),
    ],
)
def test_a_rule_on_confirmed_facts_is_not_told(text):
    """Drafts may wait for their facts, and a set of the same name takes the place of the built-in one."""
    assert "unconfirmed-set" not in codes(text)


# Adopted for other regions -------------------------------------------------------------------------------------------

ADOPTED = """\
publishers:
  paper: {{name: {{en: Paper}}, hosts: [paper.example]}}
adopt:
  {id}:
    publishers: [paper]
    status: draft
    where: {where}
"""


def adopting(where, id_="us-ca-privacy"):
    text = ADOPTED.format(id=id_, where=where)
    return [(one.code, one.line, one.column, one.message) for one in findings(text) if one.code == "wider-than-pack"]


@pytest.mark.parametrize(
    ("where", "beyond"),
    [
        pytest.param("[US-CA, US-NV]", "US-NV", id="one more region"),
        pytest.param("[US]", "US-AK, US-AL, US-AR, US-AZ, US-CO, US-CT and 44 more", id="the country"),
        pytest.param("[{code: FR, from: 2030-01-01}]", "FR", id="from some day on"),
        pytest.param("[{code: DE-BY, part: true}]", "DE-BY", id="a part"),
    ],
)
def test_regions_beyond_those_of_the_packs_rule_are_told(where, beyond):
    """The largest of them, where they are written: the pack's law is not theirs."""
    ((_, line, column, message),) = adopting(where)
    assert (line, column) == (7, 12)
    assert message == f"'us-ca-privacy' is adopted for {beyond}, where the pack's rule does not hold"


@pytest.mark.parametrize(
    ("where", "id_"),
    [
        pytest.param("[US-CA]", "us-ca-privacy", id="the same"),
        pytest.param("[ES-CT]", "es-polls", id="a part of it"),
        pytest.param("{any: [RU], except: [RU-MOW]}", "ru-undesirable", id="less of it"),
        pytest.param("[world]", "ru-undesirable", id="as a stance of the pack has it"),
        pytest.param("[DE, FR]", "de-right-of-reply", id="of everywhere"),
    ],
)
def test_regions_of_the_packs_rule_are_no_matter(where, id_):
    """Fewer regions are the adopting site's to choose, and so are those of a stance."""
    assert adopting(where, id_) == []


def test_a_retired_adoption_is_left_alone():
    """It acts nowhere any more."""
    text = ADOPTED.format(id="us-ca-privacy", where="[US-NV]")
    assert "wider-than-pack" in codes(text)
    assert "wider-than-pack" not in codes(text.replace("status: draft", "status: retired"))
