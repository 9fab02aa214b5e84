"""gunicorn in front of readers at risk: it keeps no reader and no query, in no log and not in memory.

gunicorn reads this file by itself where it is started beside it, and elsewhere with ``--config``.
"""

from __future__ import annotations

import logging
from typing import Any
from urllib.parse import urlsplit

#: Time, method, path without the query, status, bytes. gunicorn's own default holds the reader's address and the query.
access_log_format = '%(t)s "%(m)s %(U)s" %(s)s %(b)s'


def without_readers(record: logging.LogRecord) -> bool:
    """Cut address and query out of gunicorn's two messages that hold them, and let all others pass as they are."""
    if str(record.msg).startswith("Invalid request from ip="):
        record.msg, record.args = "Invalid request", ()
    elif str(record.msg).startswith("Error handling request"):
        arguments = record.args if isinstance(record.args, tuple) else ()
        record.args = tuple(str(argument).partition("?")[0] for argument in arguments)
    return True


def post_request(_worker: Any, _request: Any, _environ: Any, _response: Any) -> None:
    """Let Python forget the address of the page: its ``urlsplit``, which gunicorn calls, keeps the last hundred."""
    urlsplit.cache_clear()


logging.getLogger("gunicorn.error").addFilter(without_readers)
