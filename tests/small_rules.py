"""A small folder of rules for tests of what asks rules: one of each thing that an answer can show."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SMALL_RULES = """\
defaults: {timezone: UTC, language: en, publisher: gazette}
publishers:
  gazette: {name: {en: The Gazette}, hosts: [gazette.example]}
rules:
  ru-readers:
    title: For readers in Russia
    kind: reader-safety
    status: active
    where: [RU, russia-controlled-ukraine]
    when: {from: 2024-02-20, timezone: Europe/Moscow}
    show: {at: [after-article], level: warning}
    features: {share: hide}
    priority: 800
    text:
      en: "Sharing what {publisher} writes can be punished."
      ru: "За распространение материалов издания могут наказать."
    owner: legal-desk
    review-by: 2030-01-01
  fr-gambling:
    title: For adverts of games of chance
    kind: publisher-duty
    status: active
    where: [FR]
    pages: {tags: [gambling]}
    text: {fr: "Jouer comporte des risques."}
    owner: legal-desk
    review-by: 2030-01-01
  de-later:
    title: Not yet in force
    kind: courtesy
    status: active
    where: [DE]
    when: {from: 2027-01-01}
    text: {de: "Das gilt ab Januar."}
    owner: legal-desk
    review-by: 2030-01-01
  by-order:
    title: A court's order
    kind: reader-safety
    status: active
    where: [BY]
    confidential: true
    text: {en: "A notice applies to this page."}
    owner: legal-desk
    review-by: 2030-01-01
  hk-draft:
    title: Not decided
    kind: courtesy
    status: draft
    where: [HK]
    text: {en: "A draft."}
"""


def write_rules(folder: Path, text: str = SMALL_RULES) -> Path:
    """Write *text* as the rules folder's one file; the folder, which is made."""
    folder.mkdir(exist_ok=True)
    (folder / "rules.yaml").write_text(text, "utf-8")
    return folder
