"""The counts are by rule and outcome, apart for each app, united over workers where that is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from threading import Thread

import prometheus_client
import pytest
from hypothesis import given
from hypothesis import strategies as st
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


SECONDS = st.floats(0, 1) | st.sampled_from([0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1])


@given(
    st.lists(st.tuples(st.sampled_from(["rules", "databases"]), st.sampled_from(["live", "refused"]))),
    st.lists(SECONDS),
    st.sampled_from(["text/plain", "application/openmetrics-text; version=1.0.0"]),
)
def test_the_figures_are_those_of_prometheus_own_client(reloads, latencies, accept):
    """What the client counts and writes of the same events is, but for the times, the same text."""
    metrics, registry = Metrics(), prometheus_client.CollectorRegistry()
    counter = prometheus_client.Counter(
        "notices_reloads", "Reloads of rules and databases.", ["what", "outcome"], registry=registry
    )
    histogram = prometheus_client.Histogram(
        "notices_latency_seconds", "What the service adds to a page before its first byte.", registry=registry,
        buckets=[0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.1],
    )  # fmt: skip
    for labels in reloads:
        metrics.count_reload(*labels)
        counter.labels(*labels).inc()
    for seconds in latencies:
        metrics.observe_latency(seconds)
        histogram.observe(seconds)
    encode, _ = prometheus_client.exposition.choose_encoder(accept)
    assert undated(metrics.exposition(accept)[0], "reloads", "latency") == undated(encode(registry))


def undated(text, *families):
    """The lines of *text*, or those of some families, with what they say of the times of creation but the times."""
    lines = [line.rpartition(" ")[0] if "_created" in line else line for line in text.decode().splitlines()]
    return [
        line for line in lines if not families or "EOF" in line or any(f"notices_{one}" in line for one in families)
    ]


def test_the_time_at_which_a_count_began_is_told_unless_the_client_is_told_not_to():
    """A scraper sees a restart; who has switched these series off gets none of ours either."""
    metrics = Metrics()
    metrics.count_page("changed")
    (began,) = [line for line in metrics.exposition("")[0].decode().splitlines() if "pages_created{" in line]
    assert 1.7e9 < float(began.split()[1]) < 1e10
    prometheus_client.disable_created_metrics()
    try:
        assert b"_created" not in metrics.exposition("")[0]
    finally:
        prometheus_client.enable_created_metrics()


def test_threads_lose_no_count():
    """Each of many threads' pages is counted."""
    metrics = Metrics()

    def work():
        for _ in range(2_000):
            metrics.count_page("changed")
            metrics.observe_latency(0.5)

    threads = [Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = samples(metrics)
    assert found[("notices_pages_total", ("outcome", "changed"))] == 16_000
    assert found[("notices_latency_seconds_count",)] == 16_000
    assert found[("notices_latency_seconds_sum",)] == 8_000


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
