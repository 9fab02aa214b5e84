"""The counts are by rule and outcome, apart for each app, united over workers where that is asked for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from prometheus_client.parser import text_string_to_metric_families

from notices.metrics import Metrics


def samples(metrics, accept=""):
    """Every sample as name and labels -> value, read by the official parser; without the times of creation."""
    body, _ = metrics.exposition(accept)
    return {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(body.decode())
        for sample in family.samples
        if not sample.name.endswith("_created")
    }


def test_each_kind_of_count_has_its_family():
    """What was counted is what is shown, under names that say what it is."""
    metrics = Metrics()
    metrics.count_page("changed")
    metrics.count_page("changed")
    metrics.count_page("not-html")
    metrics.count_notice("ru-undesirable")
    metrics.count_failure("decision")
    metrics.count_reload("rules", "refused")
    metrics.observe_latency(0.0003)
    found = samples(metrics)
    assert found[("notices_pages_total", ("outcome", "changed"))] == 2
    assert found[("notices_pages_total", ("outcome", "not-html"))] == 1
    assert found[("notices_shown_total", ("rule", "ru-undesirable"))] == 1
    assert found[("notices_failures_total", ("step", "decision"))] == 1
    assert found[("notices_reloads_total", ("outcome", "refused"), ("what", "rules"))] == 1
    assert found[("notices_latency_seconds_bucket", ("le", "0.00025"))] == 0
    assert found[("notices_latency_seconds_bucket", ("le", "0.0005"))] == 1
    assert found[("notices_latency_seconds_count",)] == 1


def test_apps_in_one_process_count_apart():
    """One site's readers are not in another site's figures."""
    one, two = Metrics(), Metrics()
    one.count_page("changed")
    assert ("notices_pages_total", ("outcome", "changed")) not in samples(two)


def test_nothing_of_the_process_leaks_into_the_figures():
    """The registry is our own: what the site counts elsewhere is the site's."""
    families = {name.partition("_")[0] for name, *_ in samples(Metrics())}
    assert families == {"notices"}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        pytest.param("", "text/plain", id="anybody"),
        pytest.param("application/openmetrics-text; version=1.0.0", "application/openmetrics-text", id="OpenMetrics"),
    ],
)
def test_the_format_is_the_one_asked_for(accept, media_type):
    """Old and new scrapers both get what they read."""
    body, given = Metrics().exposition(accept)
    assert given.partition(";")[0] == media_type
    assert (b"# EOF" in body) == (media_type != "text/plain")


WORKERS = """
import os
from notices.metrics import Metrics

metrics, other = Metrics(), Metrics()
for _ in range(3):
    if not os.fork():
        metrics.count_page("changed")
        other.count_page("changed")
        metrics.observe_latency(0.001)
        os._exit(0)
for _ in range(3):
    assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
print(metrics.exposition("")[0].decode())
"""


def run(code, folder):
    environ = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def test_the_counts_of_all_workers_are_united_where_a_folder_is_named(tmp_path):
    """With ``PROMETHEUS_MULTIPROC_DIR`` any worker answers for all of them, and two apps lose no count."""
    done = run(WORKERS, tmp_path)
    assert done.stderr == ""
    assert 'notices_pages_total{outcome="changed"} 6.0' in done.stdout
    assert "notices_latency_seconds_count 3.0" in done.stdout


def test_a_folder_for_counts_that_is_not_there_is_an_error_at_the_start(tmp_path):
    """The setting of the Prometheus client is named, and what to do."""
    done = run("from notices.metrics import Metrics; Metrics()", tmp_path / "none")
    assert done.returncode == 1
    assert "SettingsError: PROMETHEUS_MULTIPROC_DIR cannot be written to" in done.stderr


FULL = """
import builtins, os
from notices.metrics import Metrics

metrics = Metrics()
metrics.count_page("changed")
os.rename(os.environ["PROMETHEUS_MULTIPROC_DIR"], os.environ["PROMETHEUS_MULTIPROC_DIR"] + ".gone")
if not os.fork():
    metrics.count_page("changed")  # the child opens files of its own, where there is no folder
    metrics.observe_latency(1)
    os._exit(0)
assert os.waitstatus_to_exitcode(os.wait()[1]) == 0
"""


def test_counting_never_costs_a_page(tmp_path):
    """A folder for counts that is gone is not the reader's trouble."""
    (tmp_path / "counts").mkdir()
    done = run(FULL, tmp_path / "counts")
    assert (done.returncode, done.stderr) == (0, "")
