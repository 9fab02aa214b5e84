"""``notices schema``: what editors' tools need to complete and check rules while they are written."""

from __future__ import annotations

import json

import click

from notices.schema import rule_schema


@click.command(short_help="Print the JSON Schema of rule files.")
def schema() -> None:
    """Print the JSON Schema (2020-12) of rule files.

    Save it and name it in the first line of a file, so that an editor completes keys and marks mistakes:
    ``# yaml-language-server: $schema=notices.schema.json``.
    """
    click.echo(json.dumps(rule_schema(), indent=2, ensure_ascii=False))
