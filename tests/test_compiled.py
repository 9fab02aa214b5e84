"""Rules that another start has read are taken only where nothing that they were made of has changed."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path

import pytest

from notices.compiled import KeptFindings, find_compiled, keep_compiled
from notices.compiled.rules import NAME
from notices.compiled.surroundings import surroundings_at_start
from notices.engine import decide
from notices.errors import DatabaseError, RulesetError
from notices.folder import load_folder
from notices.geo.database import embedded_database_path, open_database
from notices.loader.paths import pack_folder
from notices.location import Location
from notices.page import Page
from tests.databases import write_database
from tests.endpoint import MARKED, RULES, service_for, settings_for, write_rules
from tests.small_rules import SMALL_RULES

TREE = Path(__file__).parent.parent
DATED = """
regions:
  union: {title: A union, include: [FR, {code: GB, from: 1973-01-01, until: 2026-12-01}]}
rules:
  in-union:
    title: In the union
    kind: courtesy
    status: active
    where: [union]
    text: {en: "You may be in the union."}
    owner: legal-desk
    review-by: 2030-01-01
"""


@pytest.fixture(autouse=True)
def _a_process_of_its_own():
    """Each test looks around anew, as a process does that starts."""
    surroundings_at_start.cache_clear()
    yield
    surroundings_at_start.cache_clear()


@pytest.fixture
def folder(tmp_path):
    rules = tmp_path / "rules"
    rules.mkdir()
    (rules / "site.yaml").write_text(SMALL_RULES)
    (rules / "more.yaml").write_text("regions:\n  home: {title: At home, include: [NL]}\n")
    return rules


@pytest.fixture
def state(tmp_path):
    kept_in = tmp_path / "state"
    kept_in.mkdir(mode=0o700)
    return kept_in


def started_again(state, folder):
    """What a process finds that starts now."""
    surroundings_at_start.cache_clear()
    return find_compiled(state, folder)


def rewrite(path, old, new):
    """Edit a file in place and put its time of writing back; an edit of the same length keeps all but the bytes."""
    before = path.stat()
    content = path.read_text()
    assert old in content
    path.write_text(content.replace(old, new))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def test_the_next_start_has_what_this_one_read(folder, state):
    """Rules, digest, warnings and files are those of a load."""
    loaded = load_folder(folder)
    keep_compiled(state, loaded)
    assert started_again(state, folder) == loaded


def test_the_projects_rules_are_kept_whole(state):
    """Whatever the pack holds."""
    loaded = load_folder(TREE / "rules")
    keep_compiled(state, loaded)
    assert started_again(state, TREE / "rules") == loaded


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(lambda rules: rewrite(rules / "site.yaml", "punished", "penalized"), id="edited"),
        pytest.param(lambda rules: rewrite(rules / "site.yaml", "[HK]", "[MO]"), id="edited at the same size and time"),
        pytest.param(lambda rules: (rules / "new.yaml").write_text("regions: {}\n"), id="added"),
        pytest.param(lambda rules: (rules / "more.yaml").unlink(), id="removed"),
        pytest.param(lambda rules: (rules / "more.yaml").rename(rules / "less.yaml"), id="renamed"),
        pytest.param(lambda rules: (rules / "more.yaml").rename(rules / ".more.yaml"), id="hidden"),
        pytest.param(lambda rules: (rules / "more.yaml").rename(rules / "more_test.yaml"), id="made a case file"),
        pytest.param(lambda rules: (rules / "more.yaml").write_text("a: [\n"), id="broken"),
        pytest.param(lambda rules: shutil.rmtree(rules), id="all gone"),
    ],
)
def test_an_edit_is_read(edit, folder, state):
    """No rule outlives a change of the folder, whatever the file system says of the file's time."""
    keep_compiled(state, load_folder(folder))
    edit(folder)
    assert started_again(state, folder) is None


def test_cases_change_nothing_that_is_kept(folder, state):
    """They are no rules, and come with the files as they are now."""
    keep_compiled(state, load_folder(folder))
    (folder / "site_test.yaml").write_text("cases: []\n")
    assert started_again(state, folder) == load_folder(folder)


def test_a_start_serves_an_edit_and_then_what_was_there_before(tmp_path):
    """Going back to an older text is an edit like any other."""
    folder, other = tmp_path / "rules", RULES.replace(MARKED, "Another text.")
    for text, shown in ((RULES, MARKED), (other, "Another text."), (RULES, MARKED), (RULES, MARKED)):
        surroundings_at_start.cache_clear()
        service = service_for(write_rules(folder, text), state=tmp_path / "state")
        decision = decide(service.snapshot().index, Location(("RU",)), Page(), (), service.now())
        assert [notice.text for notice in decision.notices][:1] == [shown]


def test_broken_rules_are_refused_after_good_ones_were_kept(tmp_path):
    """What was read before never stands in for a folder that has errors."""
    folder, state = write_rules(tmp_path / "rules"), tmp_path / "state"
    service_for(folder, state=state)
    write_rules(folder, RULES.replace("kind: reader-safety", "kind: reader-safty"))
    with pytest.raises(RulesetError):
        service_for(folder, state=state, on_failure="refuse")


@pytest.mark.parametrize(("day", "shown"), [(30, True), (1, False)])
def test_a_date_in_a_region_set_counts_when_it_comes(day, shown, tmp_path):
    """Kept before a region leaves its set, asked before and after."""
    folder, state = write_rules(tmp_path / "rules", DATED), tmp_path / "state"
    service_for(folder, state=state, clock=lambda: datetime(2026, 11, 20, tzinfo=UTC))
    surroundings_at_start.cache_clear()
    at = datetime(2026, 11 if shown else 12, day, 12, tzinfo=UTC)
    assert find_compiled(next(state.iterdir()), folder) is not None
    service = service_for(folder, state=state, clock=lambda: at)
    assert bool(decide(service.snapshot().index, Location(("GB",)), Page(), (), at).shown) is shown


class TestSurroundings:
    """What a load depends on beside the folder."""

    @pytest.fixture
    def kept(self, folder, state, tmp_path, monkeypatch):
        """Rules kept by a package, a pack and clocks that a test may change."""
        package, pack, zones = tmp_path / "package", tmp_path / "pack", tmp_path / "zones"
        for path in (package / "data" / "regions.yaml", package / "loader" / "a.py", pack / "x" / "one.yaml"):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("rules: {}")
        (zones / "Europe").mkdir(parents=True)
        (zones / "Europe" / "Moscow").write_bytes(b"TZif")
        monkeypatch.setattr("notices.compiled.surroundings._PACKAGE", package)
        monkeypatch.setattr("notices.compiled.surroundings.pack_folder", lambda: pack)
        monkeypatch.setattr("zoneinfo.TZPATH", (str(zones),))
        surroundings_at_start.cache_clear()
        keep_compiled(state, load_folder(folder))
        assert started_again(state, folder) is not None
        return tmp_path

    @pytest.mark.parametrize(
        ("path", "old", "new"),
        [
            pytest.param("package/loader/a.py", "{}", "[]", id="code of the same length and time"),
            pytest.param("package/data/regions.yaml", "{}", "{} ", id="built-in regions"),
            pytest.param("pack/x/one.yaml", "{}", "[]", id="the pack"),
            pytest.param("zones/Europe/Moscow", "TZif", "TZaf", id="a time zone"),
        ],
    )
    def test_a_file_that_decides_is_edited(self, path, old, new, kept, folder, state):
        """Even where size and time of writing say that nothing happened."""
        rewrite(kept / path, old, new)
        assert started_again(state, folder) is None

    def test_a_module_is_added(self, kept, folder, state):
        """Another package has other files."""
        (kept / "package" / "loader" / "b.py").write_text("")
        assert started_again(state, folder) is None

    @pytest.mark.parametrize(
        ("where", "value"),
        [
            pytest.param("notices.compiled.surroundings.__version__", "99.0", id="this package"),
            pytest.param("sys.version", "3.99.0", id="Python"),
            pytest.param("notices.compiled.surroundings._LIBRARIES", ("yaml",), id="a library less"),
        ],
    )
    def test_another_version_reads_anew(self, where, value, kept, folder, state, monkeypatch):
        """A new release may read the same files otherwise."""
        monkeypatch.setattr(where, value)
        assert started_again(state, folder) is None

    def test_a_process_that_runs_older_code_than_the_disk_has_keeps_nothing(self, kept, folder, state):
        """What the old code read must not be taken for what the new code would read."""
        (state / NAME).unlink()
        surroundings_at_start()
        rewrite(kept / "package" / "loader" / "a.py", "{}", "[]")
        keep_compiled(state, load_folder(folder))
        assert not (state / NAME).exists()


def test_files_of_the_pack_that_a_folder_adopts_count_as_its_own(tmp_path, state, monkeypatch):
    """A new edition of an adopted rule is read, and the files named with the ruleset are the pack's present ones."""
    pack, folder = tmp_path / "pack", tmp_path / "rules"
    shutil.copytree(pack_folder(), pack)
    monkeypatch.setattr("notices.loader.shelf.pack_folder", lambda: pack)
    monkeypatch.setattr("notices.compiled.surroundings.pack_folder", lambda: pack)
    monkeypatch.setattr("notices.compiled.rules.pack_folder", lambda: pack)
    folder.mkdir()
    (folder / "site.yaml").write_text(
        "defaults: {timezone: UTC, language: en}\n"
        "publishers: {paper: {name: {en: The Paper}, statuses: [{status: ru-undesirable, listed: 2026-02-20}]}}\n"
        "adopt: {ru-undesirable: {publishers: [paper], owner: legal-desk, review-by: 2027-02-01}}\n"
    )
    loaded = load_folder(folder)
    assert any(path.endswith("ru-undesirable.yaml") for path in loaded.files)
    keep_compiled(state, loaded)
    assert started_again(state, folder) == loaded
    rewrite(pack / "ru" / "ru-undesirable.yaml", "priority: 8", "priority: 7")
    assert started_again(state, folder) is None


class TestDamage:
    """The file of what is kept, in bad hands or on a bad disk."""

    @pytest.fixture
    def path(self, folder, state):
        keep_compiled(state, load_folder(folder))
        return state / NAME

    def test_no_flipped_bit_is_taken_for_rules(self, path, folder, state):
        """Whichever byte is not what was written: nothing is found, and never other rules."""
        whole, loaded = path.read_bytes(), load_folder(folder)
        for place in range(0, len(whole), 53):
            path.write_bytes(whole[:place] + bytes([whole[place] ^ 4]) + whole[place + 1 :])
            assert find_compiled(state, folder) in (None, loaded)
        path.write_bytes(whole[:-1])
        assert find_compiled(state, folder) is None

    def test_nobody_else_may_have_written_it(self, path, folder, state):
        """A file that a group or all can write to says nothing; one's own alone does."""
        assert path.stat().st_mode & 0o777 == 0o600
        path.chmod(0o620)
        assert find_compiled(state, folder) is None

    def test_a_link_is_not_followed(self, path, folder, state):
        """It would lead to a file of somebody's choice."""
        path.rename(state / "elsewhere")
        path.symlink_to(state / "elsewhere")
        assert find_compiled(state, folder) is None

    def test_a_folder_that_cannot_be_written_to_keeps_nothing(self, folder, tmp_path):
        """Nothing else happens."""
        keep_compiled(tmp_path / "missing", load_folder(folder))
        assert find_compiled(tmp_path / "missing", folder) is None

    def test_a_fault_of_ours_over_it_reads_the_folder(self, tmp_path, monkeypatch):
        """What is kept spares work and is never the reason for a refusal."""
        folder, state = write_rules(tmp_path / "rules"), tmp_path / "state"
        service_for(folder, state=state)
        monkeypatch.setattr("notices.compiled.rules.from_rows", lambda rows: 1 / 0)
        assert service_for(folder, state=state).snapshot().digest == load_folder(folder).ruleset.digest


class TestFindings:
    """What databases were found to be."""

    @pytest.fixture
    def path(self, tmp_path):
        return write_database(tmp_path / "x.mmdb", {"5.0.0.0/8": {"country": {"iso_code": "DE"}}})

    def test_a_database_that_is_known_answers_like_one_that_was_checked(self, state):
        """All of the embedded database's answers, without a walk over its records."""
        path = embedded_database_path()
        first = open_database(path, KeptFindings(state, path))
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("notices.geo.database.walk_records", None)
            second = open_database(path, KeptFindings(state, path))
        assert second.info == first.info
        for number in range(0, 2**32, 2**32 // 4999):
            assert second.claim_number(number) == first.claim_number(number)
            address = ip_address(number)
            assert second.look_up(address) == first.look_up(address)

    def test_other_bytes_are_checked(self, path, state):
        """Findings are those of one content, whatever the file is called and says of its time."""
        open_database(path, KeptFindings(state, path))
        before, content = path.stat(), path.read_bytes()
        path.write_bytes(content.replace(b"country", b"sountry"))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        with pytest.raises(DatabaseError, match="neither countries nor kinds"):
            open_database(path, KeptFindings(state, path))

    def test_what_was_refused_is_not_kept(self, path, state):
        """A file that fails its checks fails them at every start."""
        path.write_bytes(path.read_bytes().replace(b"country", b"sountry"))
        for _ in range(2):
            with pytest.raises(DatabaseError):
                open_database(path, KeptFindings(state, path))
        assert list(state.iterdir()) == []

    def test_a_new_release_checks_anew(self, path, state, monkeypatch):
        """Its checks may find what older ones did not."""
        open_database(path, KeptFindings(state, path))
        checksum = hashlib.sha256(path.read_bytes()).hexdigest()
        assert KeptFindings(state, path).get(checksum) is not None
        assert KeptFindings(None, path).get(checksum) is None
        monkeypatch.setattr("notices.compiled.surroundings.__version__", "99.0")
        surroundings_at_start.cache_clear()
        assert KeptFindings(state, path).get(checksum) is None

    def test_a_damaged_file_of_findings_is_nothing(self, path, state):
        """No flipped bit of a table sends readers to another country."""
        open_database(path, KeptFindings(state, path))
        (kept,) = state.iterdir()
        whole, checksum = kept.read_bytes(), hashlib.sha256(path.read_bytes()).hexdigest()
        found = KeptFindings(state, path).get(checksum)
        for place in (0, 20, 90, 300, len(whole) // 2, len(whole) - 1):
            kept.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            assert KeptFindings(state, path).get(checksum) in (None, found)
        assert found is not None


def test_without_a_state_nothing_is_kept(folder):
    """``STATE=None`` leaves no file anywhere."""
    assert settings_for(folder).state is None
    keep_compiled(None, load_folder(folder))
    assert find_compiled(None, folder) is None


SERVING = """
import sys
from flask import Flask
from notices import Notices
app = Flask("paper")
app.config.update(NOTICES_RULES=sys.argv[1], NOTICES_STATE=sys.argv[2], NOTICES_TRUSTED_PROXIES=["127.0.0.1/32"])
app.config.update(NOTICES_GEO_HEADER="cloudflare")
app.add_url_rule("/", view_func=lambda: "<!doctype html><title>A</title><article><p>Read</p></article>")
Notices(app)
answer = app.test_client().get("/", headers={"CF-IPCountry": "RU", "Accept": "text/html", "Accept-Language": "ru"})
assert b"<aside" in answer.data, answer.data
print(*sys.modules)
"""
#: What only loading, checking and the command line need.
NOT_TO_SERVE = {
    "yaml", "markdown_it", "mdurl", "langcodes", "language_data", "pycountry", "geoip2", "maxminddb", "jsonschema",
    "nh3", "xml", "http_sf", "prometheus_client", "pydantic", "attrs", "requests", "aiohttp", "wsgiref", "sqlite3",
    "notices.loader.documents", "notices.document.nodes", "notices.folder.load", "notices.markdown_grammar",
    "notices.lint", "notices.cli", "notices.compare", "notices.coverage", "notices.renewal", "notices.timeline",
    "notices.cases", "notices.revisions", "notices.drafting", "notices.adopting", "notices.rehearsal", "notices.feeds",
    "notices.schema", "notices.document.text", "notices.api.endpoint", "notices.api.question", "notices.api.openapi",
    "notices.reasons", "notices.surfaces", "notices.syndication",
}  # fmt: skip


def test_the_second_start_imports_nothing_that_only_reading_rules_needs(tmp_path):
    """A worker that shows a notice has neither a parser nor language tables in its memory."""
    write_rules(tmp_path / "rules")
    command = [sys.executable, "-c", SERVING, str(tmp_path / "rules"), str(tmp_path / "state")]
    first, second = (
        set(subprocess.run(command, capture_output=True, text=True, check=True, cwd=TREE).stdout.split())
        for _ in range(2)
    )
    assert {"yaml", "markdown_it", "notices.loader.documents"} <= first
    assert second & NOT_TO_SERVE == set()


#: Values that sites and their tools hold in hand; all others are structs, which Python compiles nothing for.
COMPILED = {
    "notices.decision.Decision", "notices.errors.Problem", "notices.location.Location", "notices.page.Page",
    "notices.settings.Settings",
}  # fmt: skip
CLASSES = """
held = {one for module in list(sys.modules.values()) for one in vars(module).values() if isinstance(one, type)}
print(*(f"{one.__module__}.{one.__name__}" for one in held if "__dataclass_fields__" in vars(one)))
"""


def test_a_worker_compiles_hardly_a_class_at_its_start(tmp_path):
    """A dataclass has its methods compiled in each process, half a millisecond each: few of ours have to be one."""
    write_rules(tmp_path / "rules")
    code = SERVING.replace("print(*sys.modules)\n", CLASSES)
    command = [sys.executable, "-c", code, str(tmp_path / "rules"), str(tmp_path / "state")]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=TREE)
    assert {name for name in done.stdout.split() if name.startswith("notices.")} == COMPILED
