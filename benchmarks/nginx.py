"""nginx with and without `sub_filter`: an own one on a free port of the loopback, which serves the pages as files."""

from __future__ import annotations

import contextlib
import http.client
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path

NGINX = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
#: How often each page is asked for: processor time of another process is told in hundredths of a second only.
TURNS = 60
CONFIGURATION = """
{user}daemon off; master_process off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
    access_log off; default_type text/html; sendfile off; keepalive_requests 1000000;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen 127.0.0.1:{port};
        location /plain/ {{ alias {folder}/pages/; }}
        location /filtered/ {{ alias {folder}/pages/; sub_filter '</body>' '{notice}</body>'; }}
    }}
}}
"""


class SubFilter:
    """A running nginx that puts a notice before ``</body>``, the nearest that its fixed strings come to a place."""

    def __init__(self, process, folder, port):
        self._process = process
        self._pages = folder / "pages"
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)

    def __call__(self, page):
        """The page as nginx changes it."""
        (self._pages / "page.html").write_bytes(page)
        return self._get("/filtered/page.html")

    def cost(self, pages):
        """The microseconds of nginx's processor time that the filter adds to a page, on average."""
        for number, page in enumerate(pages):
            (self._pages / f"{number}.html").write_bytes(page)
        plain, filtered = (self._total(kind, len(pages)) for kind in ("plain", "filtered"))
        return (filtered - plain) / (TURNS * len(pages)) * 1e6

    def _total(self, kind, count):
        before = self._processor_time()
        for _ in range(TURNS):
            for number in range(count):
                self._get(f"/{kind}/{number}.html")
        return self._processor_time() - before

    def _get(self, path):
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        assert answer.status == 200, (path, answer.status)
        return body

    def _processor_time(self):
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def sub_filter(notice):
    """An nginx that puts *notice* before ``</body>``; None where nginx is not installed or has no such module."""
    if NGINX is None or not Path("/proc/self/stat").exists():
        yield None
        return
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name), _free_port()
        (folder / "pages").mkdir()
        user = "user root; " if os.geteuid() == 0 else ""
        text = CONFIGURATION.format(folder=folder, port=port, notice=notice.decode(), user=user)
        (folder / "nginx.conf").write_text(text, "utf-8")
        process = subprocess.Popen([NGINX, "-p", name, "-e", f"{name}/error.log", "-c", f"{name}/nginx.conf"])
        try:
            yield SubFilter(process, folder, port) if _listens(process, port) else None
        finally:
            process.terminate()
            process.wait(10)


def _listens(process, port):
    deadline = time.monotonic() + 10
    while process.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.05)
    return False
