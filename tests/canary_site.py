"""A site whose readers' addresses are canaries: it fails on demand, and tells what its process holds and dials.

gunicorn serves it as ``tests.canary_site:app`` out of the folder that ``CANARY_FOLDER`` names.
"""

from __future__ import annotations

import functools
import logging
import os
import socket
import sys
from pathlib import Path

import pytest
from flask import Flask, jsonify, request

from notices import Notices, current, describe_page
from tests import planted
from tests.memory import held_in_memory

#: What opened a connection or asked for a name in this process, as the interpreter's own audit told it.
DIALLED = []
DIALLING = {"socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.sendto"}
PAGE = "<!doctype html><html lang=en><head><title>t</title></head><body><article><p>Text.</p></article></body></html>"

sys.addaudithook(lambda event, _: DIALLED.append(event) if event in DIALLING else None)
logging.basicConfig(level=logging.DEBUG, format="%(levelname)s %(name)s %(message)s")
app = Flask("canaries")
Notices(app)
patches = pytest.MonkeyPatch()


@functools.lru_cache
def kept(text):
    """What a careless cache would do."""
    return len(text)


@app.get("/page")
def page():
    describe_page(surface="article", tags=["war"])
    return PAGE


@app.get("/policy")
def policy():
    return PAGE, 200, {"Content-Security-Policy": "default-src 'self'", "ETag": '"x"'}


@app.get("/decided")
def decided():
    return jsonify(current().as_dict())


@app.get("/withheld")
def withheld():
    describe_page(tags=["sealed"])
    return PAGE


@app.get("/broken")
def broken():
    """A view that fails with the reader's address in its frame."""
    address = request.remote_addr
    raise RuntimeError("template") from ValueError(len(address))


@app.get("/escapes")
def escapes():
    return "never seen: the server gets the error"


@app.post("/plant/<name>")
def plant(name):
    """From now on this step of the middleware fails; ``none`` mends all."""
    patches.undo()
    if name != "none":
        planted.PLACES[name][0](patches, app.wsgi_app.inner)
    return "", 204


@app.post("/memory")
def memory():
    return jsonify(held_in_memory(request.get_data(as_text=True)))


@app.get("/keep")
def keep():
    return str(kept(request.headers["X-Forwarded-For"]))


@app.get("/forget")
def forget():
    kept.cache_clear()
    return ""


@app.get("/dialled")
def dialled():
    return jsonify(DIALLED)


@app.get("/dial")
def dial():
    socket.create_connection(request.host.rsplit(":", 1), timeout=5).close()
    return ""


class Escaping:
    """Around the middleware: on one path an error reaches the server itself."""

    def __init__(self, inner):
        self.inner = inner

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == "/escapes":
            raise RuntimeError("nobody caught this")
        return self.inner(environ, start_response)


app.wsgi_app = Escaping(app.wsgi_app)
Path(os.environ["CANARY_FOLDER"], "served").touch()
