"""A larger site for real servers: packed pages, framework sites, a clock and rules that tests can change."""

from __future__ import annotations

import gzip
import io
import zlib
from datetime import datetime
from wsgiref.validate import validator

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path
from flask import Flask, Response, request, send_file, stream_with_context
from flask_compress import Compress
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from notices.wsgi import NoticesMiddleware
from tests.servers import HTML, Site
from tests.sites import NOON, PAGE, service

LONG = PAGE.replace(b"</article>", b"<p>More text.</p>" * 300 + b"</article>")
#: 16 MiB in 16 KiB.
FLOOD = PAGE.replace(b"Text.", b"x" * (16 << 20))
PACKED = {
    "deflate": ("deflate", [zlib.compress(LONG)]),
    "bare": ("deflate", [zlib.compress(LONG, wbits=-15)]),
    "members": ("gzip", [gzip.compress(LONG[:50], mtime=0), gzip.compress(LONG[50:], mtime=0)]),
    "flood": ("gzip", [gzip.compress(FLOOD, mtime=0)]),
    "truncated": ("gzip", [gzip.compress(LONG, mtime=0)[:-30]]),
    "brotli": ("br", [b"\x0b\x02\x80hello\x03"]),
    "zstandard": ("zstd", [b"\x28\xb5\x2f\xfd"]),
}
OTHERS = {
    "attachment": ([HTML, ("Content-Disposition", "attachment; filename=news.html")], PAGE),
    "fragment": ([HTML], b"<p>A piece of a page.</p>"),
    "signed": ([HTML, ("Signature", "sig1=:AAAA:")], PAGE),
    "json": ([("Content-Type", "application/json")], b'{"html": "<body>"}'),
}


#: What speaks of the very bytes of the app's.
OF_BYTES = ("Accept-Ranges", "Content-MD5", "Digest", "Content-Digest", "Repr-Digest")


class Shelf(Site):
    """More ways in which an app can answer; each body notes its close under the request's query."""

    def __call__(self, environ, start_response):
        name = environ["PATH_INFO"].strip("/")
        if name in PACKED:
            coding, body = PACKED[name]
            start_response("200 OK", [HTML, ("Content-Encoding", coding), ("ETag", '"x"')])
        elif name in OTHERS:
            headers, text = OTHERS[name]
            body = [text]
            start_response("200 OK", [*headers, ("ETag", '"x"')])
        else:
            body = super().__call__(environ, start_response)
        return Noted(body, self.folder / "closes", environ["QUERY_STRING"])

    def weak(self, environ, start_response):
        start_response("200 OK", [HTML, ("ETag", 'W/"x"')])
        return [PAGE]

    def summed(self, environ, start_response):
        """A page whose head speaks of its bytes, and forbids proxies to change them."""
        start_response("200 OK", [HTML, ("Cache-Control", "no-transform"), *((name, "x") for name in OF_BYTES)])
        return [PAGE]

    def late(self, environ, start_response):
        start_response("200 OK", [HTML, ("ETag", '"x"')])
        yield PAGE[:50]
        yield PAGE[50:]

    def conditional(self, environ, start_response):
        """Tells what reached the app of the client's conditions."""
        if environ.get("HTTP_IF_NONE_MATCH") == "*":
            start_response("304 Not Modified", [("ETag", '"x"')])
            return []
        heard = [("X-If-Match", environ.get("HTTP_IF_MATCH", "none"))]
        start_response("200 OK", [HTML, ("ETag", '"x"'), *heard])
        return [PAGE]


class Noted:
    """A body that notes in a file when it is closed."""

    def __init__(self, body, log, name):
        self.body, self.log, self.name = body, log, name

    def __iter__(self):
        return iter(self.body)

    def close(self):
        with self.log.open("a") as log:
            log.write(f"{self.name}\n")
        if hasattr(self.body, "close"):
            self.body.close()


def flask_site():
    """A view for each way in which Flask answers."""
    app = Flask(__name__)
    app.get("/page")(lambda: LONG)

    @app.get("/file")
    def file():
        return send_file(io.BytesIO(LONG), mimetype="text/html", etag="x", conditional=True)

    @app.get("/stream")
    def stream():
        def body():
            yield LONG[:70]
            yield b"<!--" + request.path.encode() + b"-->"
            yield LONG[70:]

        return Response(stream_with_context(body()), mimetype="text/html")

    return app


def compressed(app):
    """*app* with Flask-Compress."""
    Compress(app)
    return app


def compressing(wsgi):
    """A Flask site that passes the pages of *wsgi* on, packed."""
    app = Flask(__name__)
    Compress(app)

    @app.get("/<path:_>")
    def passed(_):
        return Response.from_app(wsgi, dict(request.environ), buffered=True)

    return app


urlpatterns = [
    path("page", lambda _: HttpResponse(LONG)),
    path("stream", lambda _: StreamingHttpResponse(iter([LONG[:80], LONG[80:]]))),
]


def django_site():
    """A site with Django's own compressor and conditional answers."""
    if not settings.configured:
        names = ("gzip.GZipMiddleware", "http.ConditionalGetMiddleware")
        middleware = [f"django.middleware.{name}" for name in names]
        settings.configure(
            SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, LOGGING_CONFIG=None, MIDDLEWARE=middleware
        )
    return get_wsgi_application()


def shelf(folder):
    """All of it behind the middleware, whose clock stands in ``now``, with one more middleware within."""

    def now():
        kept = folder / "now"
        return datetime.fromisoformat(kept.read_text()) if kept.exists() else NOON

    (folder / "inner").mkdir(exist_ok=True)
    mounts = {
        "/flask": flask_site(),
        "/inside": compressed(flask_site()),
        "/django": django_site(),
        "/nested": NoticesMiddleware(Site(folder), service(folder / "inner")),
    }
    made = service(folder, (folder / "site.yaml").read_text("utf-8"), clock=now, reload="100ms")
    middleware = NoticesMiddleware(validator(DispatcherMiddleware(Shelf(folder), mounts)), made)
    return DispatcherMiddleware(middleware, {"/outside": compressing(middleware)})
