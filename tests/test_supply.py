"""What Notices stands on is locked, licensed as stated, works at its lower bounds, and is built the same each time."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata, version
from pathlib import Path

import pytest

from scripts.build_licences import LICENCES, licence_of, locked

TREE = Path(__file__).parent.parent
PROJECT = tomllib.loads((TREE / "pyproject.toml").read_text("utf-8"))
LOCKS = sorted((TREE / "requirements").glob("*.lock"))
#: Licences that let a newspaper use a library as it is, without any duty for its own code.
FREE = {"CC0-1.0", "MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "ISC", "PSF-2.0", "ZPL-2.1"}
#: The same for libraries that are not changed.
UNCHANGED = {"MPL-2.0", "LGPL-2.1-only", "LGPL-2.1-or-later"}


def listed():
    """Package -> licence, as the document says."""
    return dict(re.findall(r"^\| `([a-z0-9.-]+)` \| ([^|]+) \|", LICENCES.read_text("utf-8"), flags=re.MULTILINE))


def test_every_locked_package_is_listed_with_its_licence():
    """The list is the run lock, and each licence that of the package installed here; `make licences` mends it."""
    assert set(listed()) == set(locked())
    compared = 0
    for name, licence in listed().items():
        try:
            if version(name) == locked()[name]:
                assert licence_of(metadata(name)) == licence
                compared += 1
        except PackageNotFoundError:
            continue
    assert compared > 0


@pytest.mark.parametrize("name", sorted(listed()))
def test_no_licence_binds_who_installs_it(name):
    """Nothing obliges a site to publish its own code."""
    parts = set(re.findall(r"[A-Za-z0-9.+-]+", listed()[name])) - {"AND", "OR"}
    assert parts
    assert parts <= FREE | UNCHANGED


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_every_package_of_a_lock_has_a_version_and_hashes(lock):
    """What is installed is what was resolved, byte for byte, and comes from no place that the lock names."""
    entries = re.split(r"\n(?=[a-z])", lock.read_text("utf-8").strip())
    assert len(entries) > 20
    for entry in entries:
        assert re.match(r"[a-z0-9.-]+(\[[a-z,-]+\])?==[^ ]+", entry), entry[:60]
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}", entry)) >= 1, entry[:60]
        assert "://" not in entry


def bounds():
    """Package -> its lower bound, for what is needed to run."""
    found = (re.fullmatch(r"([a-z0-9-]+)(?:\[[a-z]+\])?>=([0-9.]+)", one) for one in PROJECT["project"]["dependencies"])
    return {match[1]: match[2] for match in found if match}


def test_dependencies_are_bounded_below_and_not_above():
    """A site that needs a newer library is not held back by ours."""
    assert len(bounds()) == len(PROJECT["project"]["dependencies"])


def test_the_lowest_lock_holds_the_lower_bounds():
    """``make test-lowest`` installs exactly the bounds that we state, so that stating one proves it."""
    text = (TREE / "requirements" / "lowest.lock").read_text("utf-8")
    for name, bound in bounds().items():
        [held] = re.findall(rf"^{re.escape(name)}==([^ ;]+)", text, flags=re.MULTILINE)
        assert [int(part) for part in held.split(".")][: bound.count(".") + 1] == [
            int(part) for part in bound.split(".")
        ]


def test_the_versions_of_python_that_are_declared_begin_with_the_required_one():
    """Classifiers and ``requires-python`` say the same."""
    declared = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["project"]["classifiers"]))
    assert declared == ["3.11", "3.12", "3.13", "3.14"]
    assert PROJECT["project"]["requires-python"] == f">={declared[0]}"
