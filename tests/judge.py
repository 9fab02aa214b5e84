"""Judge decisions by brute force, straight from the sentences of the specification.

Nothing of the engine is used here, not even the values' own methods: regions come from pycountry, patterns become
regular expressions, and every rule is asked about everything anew.
"""

from __future__ import annotations

import re
from functools import cache

import pycountry

from notices.location import Entry

GRAVEST_FIRST = ("anonymous", "unknown", "contested", "coarse")


@cache
def line_of(region):
    """The region and all that contains it, up to the world."""
    if region == "world":
        return ("world",)
    if "-" not in region:
        return (region, "world")
    found = pycountry.subdivisions.get(code=region)
    return (region, *line_of(found.parent_code or region[:2]))


def entry_answer(entry, candidate, anonymous, at, contested):
    """Section 4: what an entry answers for one candidate, as (truth, causes)."""
    if (entry.start and at < entry.start) or (entry.end and at >= entry.end):
        return False, set()
    if entry.region in line_of(candidate):
        return (None, {"contested"}) if entry.part else (True, set())
    if candidate in line_of(entry.region):
        if candidate == "world":
            return None, {"anonymous" if anonymous else "unknown"}
        return None, {"coarse"}
    if candidate in contested.get(entry.region, ()):
        return None, {"contested"}
    return False, set()


def kleene_or(answers):
    truths = [truth for truth, _ in answers]
    if True in truths:
        return True, set()
    if None in truths:
        return None, set().union(*(causes for truth, causes in answers if truth is None))
    return False, set()


def kleene_not(answer):
    truth, causes = answer
    return (None, causes) if truth is None else (not truth, causes)


def kleene_and(one, other):
    if one[0] is False or other[0] is False:
        return False, set()
    if one[0] is True and other[0] is True:
        return True, set()
    return None, one[1] | other[1]


def where_answer(where, candidate, anonymous, at, contested):
    def ask(operand):
        asked = entry_answer if isinstance(operand, Entry) else where_answer
        return asked(operand, candidate, anonymous, at, contested)

    inside = kleene_or([ask(operand) for operand in where.include])
    outside = kleene_or([ask(operand) for operand in where.exclude])
    return kleene_and(inside, kleene_not(outside))


def region_answer(where, location, at, contested):
    """Over the candidates, all yes is yes, all no is no, else maybe."""
    answers = [
        where_answer(where, candidate, location.network is not None, at, contested) for candidate in location.candidates
    ]
    truths = {truth for truth, _ in answers}
    if truths == {True}:
        return True, set()
    if truths == {False}:
        return False, set()
    causes = set().union(*(causes for _, causes in answers))
    return None, causes | ({"contested"} if len(truths) > 1 else set())


def acts_on_maybe(rule, causes):
    verdicts = {rule.unsure[cause] for cause in causes}
    return "hide" not in verdicts if rule.action == "withhold" else "show" in verdicts


def path_met(pattern, path):
    if pattern.endswith("/**"):
        below = path_regex(pattern[:-3])
        return re.fullmatch(f"{below}(/.*)?", path, re.DOTALL) is not None
    return re.fullmatch(path_regex(pattern), path, re.DOTALL) is not None


def path_regex(pattern):
    return "".join("[^/]*" if part == "*" else re.escape(part) for part in re.split(r"(\*)", pattern))


def host_met(pattern, host):
    return host.endswith(pattern[1:]) and len(host) >= len(pattern) if pattern.startswith("*") else host == pattern


def language_met(wanted, tag):
    wanted, tag = wanted.lower(), tag.lower()
    return wanted == "*" or tag == wanted or tag[: len(wanted) + 1] == wanted + "-"


def publisher_of(page, ruleset):
    """The publisher is the stated one, else the host's, else the default."""
    if page.publisher is not None:
        return page.publisher
    owners = []
    for publisher in ruleset.publishers.values():
        for host in publisher.hosts:
            if page.host is not None and host_met(host, page.host):
                owners.append((len(host.removeprefix("*")), publisher.id))
    return max(owners)[1] if owners else ruleset.defaults.publisher


def whole_of(id_, ruleset):
    """A publisher, what it is part of, what that is part of, and so on."""
    chain = []
    while id_ in ruleset.publishers and id_ not in chain:
        chain.append(id_)
        id_ = ruleset.publishers[id_].part_of
    return chain


def has_status(id_, asked, ruleset, at):
    """Whether somebody declared one of the statuses of the publisher, or of what it is part of, by then.

    Days stand in for each other where the one that is asked for is not known; low confidence does not count.
    """
    orders = {"listed": "lad", "announced": "adl", "decided": "dal"}
    for name in whole_of(id_, ruleset):
        for one in ruleset.publishers[name].statuses:
            days = {"l": one.listed, "a": one.announced, "d": one.decided}
            known = [days[letter] for letter in orders[asked.since] if days[letter]]
            begun, over = known[0] <= at, one.until and one.until <= at
            if one.status in asked.names and one.confidence != "low" and begun and not over:
                return True
    return False


def facts_of(condition, page, ruleset, at):
    """For each fact that the condition asks for: ``met``, ``wrong`` or ``missing``."""

    def having(asked, id_):
        return has_status(id_, asked, ruleset, at)

    tests = {
        "hosts": (page.host, lambda asked, host: any(host_met(one, host) for one in asked)),
        "paths": (page.path, lambda asked, path: any(path_met(one, path) for one in asked)),
        "tags": (page.tags, lambda asked, stated: any(one in stated for one in asked)),
        "sections": (page.sections, lambda asked, stated: any(one in stated for one in asked)),
        "mentions": (page.mentions, lambda asked, stated: any(one in stated for one in asked)),
        "publishers": (publisher_of(page, ruleset), lambda asked, stated: stated in asked),
        "statuses": (publisher_of(page, ruleset), having),
        "mentioned": (page.mentions, lambda asked, stated: any(having(asked, one) for one in stated)),
        "surfaces": (page.surface, lambda asked, stated: stated in asked),
        "languages": (page.language, lambda asked, tag: any(language_met(one, tag) for one in asked)),
        "published": (page.published, lambda asked, when: in_window(asked, when)),
        "gpc": (page.gpc, lambda asked, sent: asked == sent),
    }
    found = {}
    for name, (stated, test) in tests.items():
        asked = getattr(condition, name)
        if asked is not None:
            found[name] = "missing" if stated is None else "met" if test(asked, stated) else "wrong"
    return found


def in_window(window, at):
    return not (window.start and at < window.start) and not (window.end and at >= window.end)


def page_verdict(condition, page, ruleset, at=None):
    """Section 5: ``met``, ``wrong`` where a stated fact is, else ``missing``."""
    found = list(facts_of(condition, page, ruleset, at).values())
    for exception in condition.exclude:
        if page_verdict(exception, page, ruleset, at) == "met":
            found.append("wrong")
    for verdict in ("wrong", "missing"):
        if verdict in found:
            return verdict
    return "met"


def somebody(condition, ruleset, at):
    """Whether anybody whom the condition names has the statuses that it asks for, or is mentioned with them."""
    named = ruleset.publishers if condition.publishers is None else condition.publishers
    asked = condition.statuses is None or any(has_status(one, condition.statuses, ruleset, at) for one in named)
    return asked and (
        condition.mentioned is None
        or any(has_status(one, condition.mentioned, ruleset, at) for one in ruleset.publishers)
    )


def version_in_force(rule, at):
    begun = [one for one in rule.texts if one.start is None or one.start <= at]
    return sorted(begun, key=lambda one: one.start.isoformat() if one.start else "")[-1] if begun else None


def time_reason(rule, at):
    if rule.windows and not any(in_window(window, at) for window in rule.windows):
        return "NOT_YET" if any(window.start and window.start > at for window in rule.windows) else "OVER"
    if rule.texts and version_in_force(rule, at) is None:
        return "NOT_YET"
    return None


def same_where(one, other):
    """The same entries in any order."""
    mine, theirs = one.where, other.where
    return set(mine.include) == set(theirs.include) and set(mine.exclude) == set(theirs.exclude)


def displaced_by(applying):
    """Section 2, 'Stacking': applying maps each rule to whether it is a plain yes; gives id -> reason."""
    reasons = {}
    left = list(applying)
    while left:  # a rule that no other that is left supersedes: its own standing is known
        free = next(one for one in left if not any(one.id in other.supersedes for other in left))
        left.remove(free)
        if free.id in reasons:
            continue
        for other in applying:
            if other.id in free.supersedes and (applying[free] or same_where(free, other)):
                reasons.setdefault(other.id, "SUPERSEDED")
    ordered = sorted((one for one in applying if one.id not in reasons), key=lambda one: (-one.priority, one.id))
    kept = []
    for one in ordered:
        above = [other for other in kept if one.group is not None and other.group == one.group]
        if any(applying[other] or same_where(other, one) for other in above):
            reasons[one.id] = "GROUP"
        else:
            kept.append(one)
    return reasons


def reasons(ruleset, location, page, at):
    """Every rule's id -> its reason."""
    found, applying = {}, {}
    for rule in ruleset.rules.values():
        found[rule.id] = reason_before_stacking(rule, ruleset, location, page, at)
        if found[rule.id] in ("MATCH", "UNSURE_SHOWN"):
            applying[_Hashed(rule)] = found[rule.id] == "MATCH"
    return found | displaced_by(applying)


def reason_before_stacking(rule, ruleset, location, page, at):
    if rule.status != "active":
        return "STATUS"
    timely = time_reason(rule, at)
    if timely:
        return timely
    met = page_verdict(rule.pages, page, ruleset, at)
    if met != "met":
        return {"wrong": "PAGE", "missing": "FACT_MISSING"}[met]
    truth, causes = region_answer(rule.where, location, at, ruleset.contested)
    if truth is False:
        return "REGION"
    if truth is None:
        return "UNSURE_SHOWN" if acts_on_maybe(rule, causes) else "UNSURE_HIDDEN"
    return "MATCH"


class _Hashed:
    """A rule as a key: rules hold mappings, which cannot be hashed."""

    def __init__(self, rule):
        self.rule = rule

    def __getattr__(self, name):
        return getattr(self.rule, name)


def shown(ruleset, location, page, at):
    """What is shown, in order: (id, sure, texts in force)."""
    found = reasons(ruleset, location, page, at)
    acting = [rule for rule in ruleset.rules.values() if found[rule.id] in ("MATCH", "UNSURE_SHOWN")]
    acting.sort(key=lambda rule: (-rule.priority, rule.id))
    return [(rule.id, found[rule.id] == "MATCH", texts_of(version_in_force(rule, at))) for rule in acting]


def texts_of(version):
    return [(tag, text.title, text.body, text.short) for tag, text in version.texts.items()] if version else None


def certainty(ruleset, location, at):
    causes = set()
    for rule in ruleset.rules.values():
        if rule.status == "active":
            causes |= region_answer(rule.where, location, at, ruleset.contested)[1]
    return next((cause for cause in GRAVEST_FIRST if cause in causes), "known")


def features(ruleset, location, page, at):
    found = {}
    for id_, _, _ in shown(ruleset, location, page, at):
        for name, consequence in ruleset.rules[id_].features.items():
            found.setdefault(name, set()).add(consequence)
    return {name: "hide" if "hide" in said else "warn" for name, said in found.items()}


def action(ruleset, location, page, at):
    kinds = {ruleset.rules[id_].action for id_, _, _ in shown(ruleset, location, page, at)}
    return "withhold" if "withhold" in kinds else "notice" if kinds else "none"


def answer(ruleset, location, page, at):
    """All of an answer that time can change."""
    parts = (shown, features, action)
    return [certainty(ruleset, location, at), *(part(ruleset, location, page, at) for part in parts)]


def instants(ruleset):
    """Every instant that stands anywhere in the rules."""
    found = set()

    def gather(where):
        for operand in (*where.include, *where.exclude):
            if isinstance(operand, Entry):
                found.update((operand.start, operand.end))
            else:
                gather(operand)

    for rule in ruleset.rules.values():
        gather(rule.where)
        found.update(bound for one in rule.windows for bound in (one.start, one.end))
        found.update(version.start for version in rule.texts)
    for publisher in ruleset.publishers.values():
        for one in publisher.statuses:
            found.update((one.decided, one.announced, one.listed, one.until))
    return sorted(found - {None})


def until(ruleset, location, page, at):
    """The next instant at which the answer changes: every instant is tried."""
    now = answer(ruleset, location, page, at)
    later = (instant for instant in instants(ruleset) if instant > at)
    return next((instant for instant in later if answer(ruleset, location, page, instant) != now), None)
