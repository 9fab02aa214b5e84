"""The demonstration: a small news site with its notices.

Run it with ``make run``, ``python app.py``, ``flask --app app run`` or any WSGI server (``gunicorn app:app``).
``HOST`` and ``PORT`` say where, ``DEMO=0`` leaves the bar for visitors from elsewhere away.
"""

from __future__ import annotations

import logging
import os

from demo import create_app


def without_requests(record: logging.LogRecord) -> bool:
    """Keep werkzeug's line for each request out of its log: it holds the reader's address and what was looked up."""
    return " - - [" not in str(record.msg)


logging.getLogger("werkzeug").addFilter(without_requests)
app = create_app()

if __name__ == "__main__":
    app.run(os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000")), threaded=True)
