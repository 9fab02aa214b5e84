"""Real servers on free ports, with one small site behind the middleware."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import io
import os
import re
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server
from wsgiref.util import FileWrapper
from wsgiref.validate import validator

from notices.wsgi import NoticesMiddleware
from tests.sites import BROWSER, PAGE, service

TREE = Path(__file__).parent.parent
HTML = ("Content-Type", "text/html; charset=utf-8")
LENGTH = ("Content-Length", str(len(PAGE)))
DATE = "Mon, 01 Jan 2024 00:00:00 GMT"
FILE = bytes(range(256)) * 40
START = b"<!DOCTYPE html><html><head><title>Live</title></head><body><p>First part.</p>"
END = b"<p>Second part.</p></body></html>"


class Site:
    """The site: one path for each way in which an app can answer; *folder* carries signals to and from the test."""

    def __init__(self, folder):
        self.folder = folder

    def __call__(self, environ, start_response):
        name = environ["PATH_INFO"].strip("/").replace("/", "_") or "page"
        return getattr(self, name, self.missing)(environ, start_response)

    def page(self, environ, start_response):
        """A page in one item, with a tag, a date and a range like any framework's file."""
        headers = [HTML, LENGTH, ("ETag", '"x"'), ("Last-Modified", DATE), ("Accept-Ranges", "bytes")]
        if '"x"' in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 Not Modified", headers[2:4])
            return []
        if environ.get("HTTP_RANGE") == "bytes=0-4":
            part = [("Content-Length", "5"), ("Content-Range", f"bytes 0-4/{len(PAGE)}")]
            start_response("206 Partial Content", [HTML, *part, *headers[2:]])
            return [PAGE[:5]]
        start_response("200 OK", headers)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [PAGE]

    def pieces(self, environ, start_response):
        start_response("200 OK", [HTML, LENGTH])
        return (PAGE[at : at + 10] for at in range(0, len(PAGE), 10))

    def packed(self, environ, start_response):
        packed = gzip.compress(PAGE)
        start_response("200 OK", [HTML, ("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))])
        return [packed]

    def written(self, environ, start_response):
        write = start_response("200 OK", [HTML])
        write(PAGE[:60])
        return [PAGE[60:]]

    def missing(self, environ, start_response):
        start_response("404 Not Found", [HTML])
        return [PAGE]

    def broken(self, environ, start_response):
        """An app that fails while it begins, and gives its error page instead."""
        start_response("200 OK", [HTML])
        try:
            raise RuntimeError("template")
        except RuntimeError:
            start_response("500 Internal Server Error", [HTML], sys.exc_info())
        yield PAGE

    def file(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "application/octet-stream"), ("Content-Length", str(len(FILE)))])
        return environ.get("wsgi.file_wrapper", FileWrapper)(io.BytesIO(FILE), 1000)

    def page_file(self, environ, start_response):
        start_response("200 OK", [HTML, LENGTH])
        return environ.get("wsgi.file_wrapper", FileWrapper)(io.BytesIO(PAGE), 30)

    def live(self, environ, start_response):
        """Two parts; the second only after the client has told that it has seen the first."""
        start_response("200 OK", [HTML])
        return Live(self.folder)

    def endless(self, environ, start_response):
        """A page that only a client that leaves can end."""
        start_response("200 OK", [HTML])
        return Live(self.folder, endless=True)


class Live:
    """A body in two parts, or without an end; notes in *folder* that it was closed."""

    def __init__(self, folder, *, endless=False):
        self.folder = folder
        self.endless = endless

    def __iter__(self):
        yield START
        if self.endless:
            while not (self.folder / "closed").exists():
                yield b"<p>More and more.</p>" * 2000
        wait_for(self.folder / "seen")
        yield END

    def close(self):
        with (self.folder / "closed").open("a") as log:
            log.write("closed\n")


def wait_for(path, seconds=20):
    """Wait until *path* is there."""
    deadline = time.monotonic() + seconds
    while not path.exists():
        if time.monotonic() > deadline:
            raise TimeoutError(path.name)
        time.sleep(0.01)


class Client:
    """Asks the server on *port*."""

    def __init__(self, port, folder):
        self.port = port
        self.folder = folder

    def ask(self, path="/page", *, method="GET", region="RU", accept=BROWSER, **headers):
        """One request over a connection of its own: status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        sent = {"Accept": accept, "X-Country": region, "Host": "courier.example"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        with contextlib.closing(connection):
            connection.request(method, path, headers={name: value for name, value in sent.items() if value is not None})
            response = connection.getresponse()
            return response.status, response.headers, response.read()

    def raw(self, text):
        """Send *text* as it is; all that comes until the server closes."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=30) as connection:
            connection.sendall(text)
            return b"".join(iter(lambda: connection.recv(65536), b""))

    def open(self, path):
        """A connection on which *path* has been asked for, and nothing read."""
        connection = socket.create_connection(("127.0.0.1", self.port), timeout=30)
        fields = ("Host: courier.example", "Accept: text/html", "X-Country: RU", "Connection: close")
        request = "\r\n".join((f"GET {path} HTTP/1.1", *fields, "", ""))
        connection.sendall(request.encode())
        return connection


def application(folder, **settings):
    """The site behind the middleware; the folder may hold rules already."""
    return NoticesMiddleware(Site(folder), service(folder, **settings))


@contextlib.contextmanager
def wsgiref_server(folder, make=application):
    """The standard library's server, with its validator on both sides of the middleware."""

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_):
            pass

    middleware = make(folder)
    middleware.app = validator(middleware.app)
    server = make_server("127.0.0.1", 0, validator(middleware), handler_class=Quiet)
    with serving(server.serve_forever, server.shutdown):
        yield server.server_port
    server.server_close()


@contextlib.contextmanager
def waitress_server(folder, make=application):
    """Waitress in a thread."""
    import waitress.server

    server = waitress.server.create_server(make(folder), host="127.0.0.1", port=0, threads=2)
    with serving(server.run, lambda: server.trigger.pull_trigger(server.close)):
        yield server.effective_port
    server.task_dispatcher.shutdown()


@contextlib.contextmanager
def serving(run, stop):
    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop()
        thread.join(20)


@contextlib.contextmanager
def gunicorn_server(folder, make=application):
    """gunicorn in a process of its own."""
    (folder / "served.py").write_text(
        f"import pathlib\nfrom {make.__module__} import {make.__name__}\n"
        f"app = {make.__name__}(pathlib.Path({str(folder)!r}))\n"
    )
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--threads", "2"]
    command += ["--chdir", str(folder), "served:app"]
    environ = {**os.environ, "PYTHONPATH": f"{TREE}"}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environ, cwd=TREE, text=True) as process:
        try:
            log = ""
            while (listening := re.search(r"Listening at: http://127\.0\.0\.1:(\d+)", log)) is None:
                line = process.stderr.readline()
                assert line, log
                log += line
            threading.Thread(target=process.stderr.read, daemon=True).start()
            yield int(listening[1])
        finally:
            process.terminate()
            process.wait(20)


SERVERS = {"wsgiref": wsgiref_server, "waitress": waitress_server, "gunicorn": gunicorn_server}
