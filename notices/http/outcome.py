"""What became of a page: the one list of names that metrics, previews and tests use (spec: service, section 3)."""

from __future__ import annotations

from enum import StrEnum


class Outcome(StrEnum):
    """One response's fate; the values are the labels of the ``notices_pages`` metric."""

    SHOWN = "shown"
    NONE = "none"
    WITHHELD = "withheld"
    #: Answered 304: the client holds the very page, notice included.
    NOT_MODIFIED = "not-modified"
    #: ``MODE=report``: something would have been shown or withheld.
    REPORTED = "reported"
    #: HEAD: the head is that of a page with notices, no body follows.
    HEAD = "head"
    NOT_HTML = "not-html"
    #: 1xx, 204, 205, 206 and 3xx.
    STATUS = "status"
    ATTACHMENT = "attachment"
    #: No doctype, ``<html>``, ``<head>`` or ``<body>`` in what came before the place.
    FRAGMENT = "fragment"
    ALREADY_DONE = "already-done"
    SIGNED = "signed"
    #: A content coding that cannot be unpacked.
    CODING = "coding"
    #: The page asked to be left alone.
    SKIPPED = "skipped"
    #: Fetched for a frame.
    FRAME = "frame"
    #: HTML without a place for a notice: a frameset, an unfinished comment, a charset that cannot be written.
    NO_PLACE = "no-place"
    FAILED = "failed"


class Step(StrEnum):
    """Where a failure was caught; the values are the labels of the ``notices_failures`` metric."""

    REQUEST = "request"
    LOCATION = "location"
    DECISION = "decision"
    FACTS = "page-facts"
    LATE_FACTS = "late-facts"
    FRAGMENT = "fragment"
    HEAD = "head"
    SCANNER = "scanner"
    CODING = "coding"
    WITHHELD = "withheld-page"
    PREVIEW = "preview"
    COUNT = "count"
