"""A publisher of location databases on this machine that misbehaves as it is told: over HTTP and HTTPS."""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import io
import ssl
import tarfile
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mmdb_writer import MMDBWriter
from netaddr import IPSet

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
COUNTRIES = ("RU", "UA", "DE", "FR", "US", "CN", "BR", "IN")


def build(path, *, built=datetime(2026, 11, 1, tzinfo=UTC), kind="DBIP-City-Lite", first=0, eighths=200, **more):
    """Write a database that knows *eighths* of the /8 networks, each in one of eight countries, and give its bytes."""
    writer = MMDBWriter(ip_version=6, database_type=kind, ipv4_compatible=True)
    meta = {**writer._build_meta(), "build_epoch": int(built.timestamp())}
    writer._build_meta = lambda: meta
    for number in range(1, eighths):
        country = COUNTRIES[(number + first) % len(COUNTRIES)]
        record = {"country": {"iso_code": country}, "subdivisions": [{"names": {"en": f"Part {number % 9}"}}], **more}
        writer.insert_network(IPSet([f"{number}.0.0.0/8"]), record)
    writer.to_db_file(str(path))
    return path.read_bytes()


def tar_gz(content, name="GeoLite2-City_20261120/GeoLite2-City.mmdb", others=()):
    """An archive as MaxMind ships it; *others* are members put before the database."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        for member, data in [*others, (tarfile.TarInfo(name), content)]:
            member.size = len(data) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


@dataclass
class Answer:
    """One answer: *body* is sent as it is, *fault* says what goes wrong over it."""

    body: bytes = b""
    status: int = 200
    headers: dict = field(default_factory=dict)
    fault: str = ""


class Publisher:
    """Answers by path (without the query, unless the path with it is listed), and remembers what it was asked."""

    def __init__(self):
        self.answers = {}
        self.asked = []
        self.release = threading.Event()

    def put(self, path, body=b"", **more):
        self.answers[path] = Answer(body, **more)

    def put_file(self, path, body, **more):
        """A file, and the list with its SHA-256 as MaxMind names it."""
        self.put(path, body, **more)
        bare, _, query = path.partition("?")
        listed = f"{path}.sha256" if query else f"{bare}.sha256"
        self.put(listed, f"{hashlib.sha256(body).hexdigest()}  GeoLite2-City_20261120.tar.gz\n".encode())

    def answer(self, handler):
        self.asked.append((handler.path, dict(handler.headers)))
        found = self.answers.get(handler.path) or self.answers.get(handler.path.partition("?")[0]) or Answer(status=404)
        etag = found.headers.get("ETag")
        if etag and handler.headers.get("If-None-Match") == etag:
            found = Answer(status=304)
        with contextlib.suppress(OSError):  # a client that has given up
            self._send(handler, found)

    def _send(self, handler, found):
        if found.fault == "silence":
            self.release.wait(20)
            return
        if found.fault == "dripping head":
            self._drip(handler, b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * 10_000)
            return
        if found.fault == "nonsense":
            handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n")
            return
        handler.send_response(found.status)
        claimed = len(found.body)
        claimed += {"cut": 0, "claims more": 100, "claims less": -100}.get(found.fault, 0)
        if found.fault == "claims a terabyte":
            claimed = 1 << 40
        if found.fault not in ("no length cut", "chunks cut", "endless"):
            handler.send_header("Content-Length", str(claimed))
        if found.fault == "chunks cut":
            handler.send_header("Transfer-Encoding", "chunked")
        for name, value in found.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        if found.fault == "chunks cut":
            handler.wfile.write(b"%x\r\n" % len(found.body) + found.body[:-50])
        elif found.fault in ("cut", "no length cut"):
            handler.wfile.write(found.body[: len(found.body) // 2])
        elif found.fault == "drip":
            self._drip(handler, found.body)
        elif found.fault == "endless":
            while not self.release.is_set():
                handler.wfile.write(bytes(1 << 16))
        else:
            handler.wfile.write(found.body)

    def _drip(self, handler, body):
        for byte in body:
            if self.release.is_set():
                return
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()
            time.sleep(0.01)


@contextlib.contextmanager
def serving(publisher, certificate=None):
    """Serve *publisher* on a free port of this machine; the base URL. *certificate* (trustme's) makes it HTTPS."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.0"

        def do_GET(self):
            publisher.answer(self)

        def log_message(self, *_):
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_):  # a client that breaks off, or does not trust us
            pass

    server = Server(("127.0.0.1", 0), Handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    scheme, host = ("http", "127.0.0.1") if certificate is None else ("https", "localhost")
    try:
        yield f"{scheme}://{host}:{server.server_port}"
    finally:
        publisher.release.set()
        server.shutdown()
        server.server_close()
        thread.join(10)


def packed(content):
    """gzip without a date, so that equal content has equal bytes."""
    return gzip.compress(content, mtime=0)
