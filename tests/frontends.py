"""nginx and Varnish on free ports, with the configurations of ``docs/`` in front of a site of the test's."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"
NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
VARNISH = shutil.which("varnishd", path=f"{os.environ.get('PATH', '')}:/usr/sbin")


def free_port():
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def replaced_once(text, old, new):
    """*text* with *old* replaced, which must stand there once: the documented file is what runs."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


@contextlib.contextmanager
def nginx(folder, backend):
    """nginx in front of the port *backend*; gives its own."""
    port = free_port()
    text = (DOCS / "nginx.conf").read_text("utf-8")
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"    {kind}_temp_path {folder}/{kind};\n" for kind in kinds)
    for old, new in (
        ("127.0.0.1:8000", f"127.0.0.1:{backend}"),
        ("127.0.0.1:8080", f"127.0.0.1:{port}"),
        ("/var/cache/nginx/pages", f"{folder}/pages"),
        ("/run/nginx.pid", f"{folder}/nginx.pid"),
        ("http {\n", "http {\n" + temporary),
        ("/var/log/nginx/error.log", f"{folder}/error.log"),
        ("/var/log/nginx/access.log", f"{folder}/access.log"),
    ):  # fmt: skip
        text = replaced_once(text, old, new)
    # The test's temporary folders are its own user's alone.
    text = ("user root;\n" if os.geteuid() == 0 else "") + text
    (folder / "nginx.conf").write_text(text, "utf-8")
    command = [NGINX, "-p", folder, "-e", folder / "error.log", "-c", folder / "nginx.conf", "-g", "daemon off;"]
    with running(command, port, folder):
        yield port


@contextlib.contextmanager
def varnish(folder, backend):
    """Varnish in front of the port *backend*; gives its own."""
    port = free_port()
    text = replaced_once((DOCS / "varnish.vcl").read_text("utf-8"), '"8000"', f'"{backend}"')
    (folder / "site.vcl").write_text(text, "utf-8")
    listen = ["-a", f"127.0.0.1:{port}", "-f", folder / "site.vcl", "-n", folder / "work", "-s", "malloc,16m"]
    with running([VARNISH, "-F", "-j", "none", *listen], port, folder):
        yield port


@contextlib.contextmanager
def running(command, port, folder):
    """A server that is up once its port answers, and is ended by its own process alone."""
    with (folder / "output").open("w+") as output, subprocess.Popen(command, stdout=output, stderr=output) as process:
        try:
            wait_for_port(port, process, folder / "output")
            yield
        finally:
            process.terminate()
            process.wait(20)


def wait_for_port(port, process, output):
    """Wait until *port* takes connections."""
    deadline = time.monotonic() + 30
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        assert process.poll() is None, output.read_text()
        assert time.monotonic() < deadline, output.read_text()
        time.sleep(0.05)


FRONTENDS = {"nginx": (NGINX, nginx), "varnish": (VARNISH, varnish)}
