"""``notices schema``: what editors' tools need to complete and check rules while they are written."""

from __future__ import annotations

import json
from pathlib import Path

import click

from notices.schema import case_schema, rule_schema

from .opening import open_rules


@click.command(short_help="Print the JSON Schema of rule files.")
@click.option("--cases", is_flag=True, help="Print that of files of cases (*_test.yaml) instead.")
@click.option(
    "--rules",
    type=click.Path(exists=True, path_type=Path),
    help="Offer the region sets of this folder beside the built-in ones.",
)
def schema(*, cases: bool, rules: Path | None) -> None:
    """Print the JSON Schema (2020-12) of rule files.

    Save it and name it in the first line of a file, so that an editor completes keys and marks mistakes:
    ``# yaml-language-server: $schema=rules.schema.json``. docs/vscode.json names it for a whole folder.
    """
    describe = case_schema if cases else rule_schema
    ruleset = None if rules is None else open_rules(rules)
    click.echo(json.dumps(describe(ruleset), indent=2, ensure_ascii=False))
