"""Django and Flask behind the middleware, with compressors on either side of it."""

from __future__ import annotations

import gzip
import io
import subprocess
import sys
import zlib
from pathlib import Path

import pytest
from flask import Flask, Response, request, send_file, stream_with_context
from flask_compress import Compress
from werkzeug.middleware.dispatcher import DispatcherMiddleware

import notices
from notices import Notices
from notices.wsgi import NoticesMiddleware
from tests.sites import PAGE, App, ask, checked, counts, service

LONG = PAGE.decode().replace("</article>", "<p>More.</p>" * 200 + "</article>")


def without_notice(page):
    start, _, end = page.partition(b"<aside")
    return start + end.partition(b"</aside>")[2]


@pytest.fixture
def flask_app():
    """A site with one view for each way in which Flask answers."""
    app = Flask(__name__)

    @app.get("/page")
    def page():
        return LONG

    @app.get("/tagged")
    def tagged():
        response = Response(LONG, mimetype="text/html")
        response.add_etag()
        return response.make_conditional(request)

    @app.get("/file")
    def file():
        return send_file(io.BytesIO(LONG.encode()), mimetype="text/html", etag="x", conditional=True)

    @app.get("/stream")
    def stream():
        def body():
            yield LONG[:70]
            yield f"<!--{request.path}-->"
            yield LONG[70:]

        return Response(stream_with_context(body()), mimetype="text/html")

    @app.get("/described")
    def described():
        notices.describe_page(tags=["harmless"])
        return LONG

    return app


@pytest.mark.parametrize("path", ["/page", "/tagged", "/file", "/stream"])
def test_flask(tmp_path, flask_app, path):
    """Views, conditional responses, files and streams."""
    middleware = NoticesMiddleware(flask_app.wsgi_app, service(tmp_path))
    answer = checked(middleware, path=path)
    assert answer.body.count(b"<aside") == 1
    assert without_notice(answer.body).replace(b"<!--/stream-->", b"") == LONG.encode()
    assert answer["Content-Length"] == (None if path == "/stream" else str(len(answer.body)))
    elsewhere = checked(middleware, path=path, region="DE")
    assert elsewhere.body.replace(b"<!--/stream-->", b"") == LONG.encode()
    assert counts(middleware, "notices_failures") == {}


@pytest.mark.parametrize("path", ["/tagged", "/file"])
def test_flask_conditionals(tmp_path, flask_app, path):
    """Flask's own tags come back with the variant, and earn a 304 of ours only."""
    middleware = NoticesMiddleware(flask_app.wsgi_app, service(tmp_path))
    tags = {region: checked(middleware, path=path, region=region)["ETag"] for region in ("RU", "DE")}
    assert tags["RU"] != tags["DE"]
    assert checked(middleware, path=path, if_none_match=tags["RU"]).status == 304
    assert checked(middleware, path=path, if_none_match=tags["DE"]).body.count(b"<aside") == 1
    assert checked(middleware, path=path, range="bytes=0-4").body.count(b"<aside") == 1


def test_the_extension(tmp_path, flask_app):
    """``Notices(app)`` is the same middleware, and ``describe_page`` states facts."""
    made = service(tmp_path)
    flask_app.config.update(
        NOTICES_RULES=made.settings.rules, NOTICES_STATE=None, NOTICES_RELOAD="off",
        NOTICES_TRUSTED_PROXIES="127.0.0.0/8", NOTICES_GEO_HEADER={"country": "X-Country"},
    )  # fmt: skip
    Notices(flask_app)
    assert checked(flask_app, path="/page").body.count(b"<aside") == 1
    assert b"<aside" not in checked(flask_app, path="/described").body


@pytest.mark.parametrize("accepted", ["gzip", "deflate", "gzip, deflate, br, zstd"])
def test_flask_compress_inside(tmp_path, flask_app, accepted):
    """What it packs is unpacked and packed again; never a coding that cannot be."""
    Compress(flask_app)
    middleware = NoticesMiddleware(flask_app.wsgi_app, service(tmp_path))
    answer = checked(middleware, path="/tagged", accept_encoding=accepted)
    coding = answer["Content-Encoding"]
    assert coding in ("gzip", "deflate")
    page = gzip.decompress(answer.body) if coding == "gzip" else zlib.decompress(answer.body)
    assert without_notice(page) == LONG.encode()
    assert answer["ETag"].endswith(f';n={answer["Notices-Variant"]}"')
    assert checked(middleware, path="/tagged", accept_encoding=accepted, if_none_match=answer["ETag"]).status == 304


def test_flask_compress_outside(tmp_path, flask_app):
    """A site that passes our pages on, packed: the mark that it leaves in the tag does not hide ours."""
    middleware = NoticesMiddleware(flask_app.wsgi_app, service(tmp_path))
    outer = Flask("outer")
    Compress(outer)

    @outer.get("/tagged")
    def passed():
        return Response.from_app(middleware, dict(request.environ), buffered=True)

    answer = ask(outer, path="/tagged", accept_encoding="gzip")
    assert without_notice(gzip.decompress(answer.body)) == LONG.encode()
    assert ":gzip" in answer["ETag"]
    assert ask(outer, path="/tagged", accept_encoding="gzip", if_none_match=answer["ETag"]).status == 304
    assert ask(outer, path="/tagged", region="DE", accept_encoding="gzip", if_none_match=answer["ETag"]).status == 200


def test_mounted_apps(tmp_path, flask_app):
    """Several apps behind one middleware, and one with its own: one notice each."""
    (tmp_path / "own").mkdir()
    own = NoticesMiddleware(App(), service(tmp_path / "own"))
    whole = NoticesMiddleware(DispatcherMiddleware(flask_app.wsgi_app, {"/old": App(), "/own": own}), service(tmp_path))
    for path in ("/page", "/old/x", "/own/x"):
        assert checked(whole, path=path).body.count(b"<aside") == 1


DJANGO = """
import sys
import django
from django.conf import settings
from django.http import HttpResponse, StreamingHttpResponse
from django.urls import path

PAGE = {page!r}

def page(request):
    response = HttpResponse(PAGE)
    response["Notices-Page"] = "tags=news"
    return response

def stream(request):
    return StreamingHttpResponse(iter([PAGE[:80], PAGE[80:]]))

def harmless(request):
    request.environ["notices.page"] = {{"tags": ["harmless"]}}
    return HttpResponse(PAGE)

settings.configure(
    DEBUG=False, SECRET_KEY="x", ALLOWED_HOSTS=["*"], ROOT_URLCONF=__name__, USE_TZ=True,
    MIDDLEWARE=["django.middleware.gzip.GZipMiddleware", "django.middleware.http.ConditionalGetMiddleware"],
)
django.setup()
urlpatterns = [path("page", page), path("stream", stream), path("harmless", harmless)]

import gzip, pathlib
from django.core.wsgi import get_wsgi_application
from notices.wsgi import NoticesMiddleware
from tests.sites import checked, service

middleware = NoticesMiddleware(get_wsgi_application(), service(pathlib.Path(sys.argv[1])))

def plain(answer):
    return gzip.decompress(answer.body) if answer["Content-Encoding"] == "gzip" else answer.body

for accepted in ("", "gzip, br"):
    for where in ("/page", "/stream"):
        answer = checked(middleware, path=where, accept_encoding=accepted)
        body = plain(answer)
        start, _, end = body.partition(b"<aside")
        assert start + end.partition(b"</aside>")[2] == PAGE, where
        assert b"<aside" in body, where
        assert answer["Notices-Page"] is None
        assert plain(checked(middleware, path=where, region="DE", accept_encoding=accepted)) == PAGE
    tag = checked(middleware, path="/page", accept_encoding=accepted)["ETag"]
    assert tag.endswith(';n=' + answer["Notices-Variant"] + '"'), tag
assert checked(middleware, path="/harmless").body == PAGE
tag = checked(middleware, path="/page")["ETag"]
assert checked(middleware, path="/page", if_none_match=tag).status == 304
assert checked(middleware, path="/page", region="DE", if_none_match=tag).status == 200
assert checked(middleware, path="/nowhere").status == 404
print("done")
"""


def test_django(tmp_path):
    """Pages, streams, gzip and conditional requests of a mounted Django site, in a process of its own."""
    tree = Path(__file__).parent.parent
    script = DJANGO.format(page=LONG.encode())
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)],
        capture_output=True,
        text=True,
        cwd=tree,
        timeout=120,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("done\n", "")
