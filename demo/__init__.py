"""The Example Courier: a small news site that shows Notices at work; its sentences and pictures are its own."""

from __future__ import annotations

from .site import create_app as create_app
