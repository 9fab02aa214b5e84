"""Small feeds of each kind, and rules that show something in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from notices.engine import decide
from notices.index import build_index
from notices.location import Location
from tests.rules_text import load

if TYPE_CHECKING:
    from collections.abc import Callable

    from notices.decision import Decision
    from notices.feeds import FeedItem

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)

#: A warning after the article, a label before it, a body without a short text, and a page that is withheld.
RULES = """\
defaults: {timezone: UTC, language: en, publisher: courier}
publishers:
  courier: {name: {en: The Courier}, hosts: [courier.example]}
rules:
  ru-warning:
    title: A warning
    kind: reader-safety
    status: active
    where: [RU]
    priority: 900
    pages: {paths: [/news/**]}
    when: {from: 2024-02-20, until: 2027-06-01}
    show: {at: [after-article], level: warning, languages: [page]}
    text:
      en: {body: "The long text.", short: 'If you are in Russia, sharing & liking \\<this> may be punished.'}
      ru: {body: "Длинный текст.", short: "Если вы в России, за репост могут наказать."}
      ar: {body: "النص الطويل.", short: "إذا كنت في روسيا فقد تعاقب."}
    owner: legal-desk
    review-by: 2030-01-01
  label:
    title: A label
    kind: reader-safety
    status: active
    where: [world]
    pages: {tags: [advert]}
    show: {at: [top]}
    text: {en: {body: "A political advertisement.", short: "Political advertisement"}}
    owner: legal-desk
    review-by: 2030-01-01
  whole:
    title: Without a short text
    kind: reader-safety
    status: active
    where: [world]
    pages: {tags: [whole]}
    show: {at: [bottom]}
    text: {en: {title: Please note, body: "One *word* & [two](https://a.example/?b=1&c=2).\\n\\n- first\\n- second"}}
    owner: legal-desk
    review-by: 2030-01-01
  order:
    title: Secret order 17 of the court
    kind: withhold
    action: withhold
    status: active
    confidential: true
    where: [GB]
    unsure: {coarse: hide, contested: hide, unknown: hide, anonymous: hide}
    pages: {paths: [/news/secret]}
    owner: legal-desk
    review-by: 2030-01-01
"""
EN = "If you are in Russia, sharing & liking <this> may be punished."
RU = "Если вы в России, за репост могут наказать."
LABEL = "Political advertisement"

RSS = """<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
 <channel><title>The Courier</title><link>https://courier.example/</link><description>News</description>
  <item>
   <title>One</title><link>https://courier.example/news/1</link><guid>1</guid>
   <description>Short of &lt;b&gt;one&lt;/b&gt;</description>
   <content:encoded><![CDATA[<p>Whole of one</p>]]></content:encoded>
  </item>
  <item>
   <title>Secret</title><link>https://courier.example/news/secret</link><guid>2</guid>
   <description>About it</description>
  </item>
  <item>
   <title>Sport</title><link>https://courier.example/sport/3</link><guid>3</guid>
   <description>No rule here</description>
  </item>
 </channel>
</rss>
"""
ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">
 <id>tag:courier.example,2026:f</id><title>The Courier</title><updated>2026-11-22T12:00:00Z</updated>
 <link href="https://courier.example/"/>
 <entry>
  <id>tag:courier.example,2026:1</id><title>One</title><updated>2026-11-22T12:00:00Z</updated>
  <link rel="self" href="https://courier.example/one.atom"/><link href="https://courier.example/news/1"/>
  <summary>Short of one</summary>
  <content type="html">&lt;p&gt;Whole of one&lt;/p&gt;</content>
 </entry>
 <entry>
  <id>tag:courier.example,2026:secret</id><title>Secret</title><updated>2026-11-22T12:00:00Z</updated>
  <link href="https://courier.example/news/secret"/>
  <content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>About it</p></div></content>
 </entry>
 <entry>
  <id>tag:courier.example,2026:3</id><title>Sport</title><updated>2026-11-22T12:00:00Z</updated>
  <link href="https://courier.example/sport/3"/>
  <content>No rule here</content>
 </entry>
</feed>
"""
RDF = """<?xml version="1.0" encoding="utf-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">
 <channel rdf:about="https://courier.example/rdf"><title>The Courier</title><link>https://courier.example/</link>
  <description>News</description>
  <items><rdf:Seq>
   <rdf:li rdf:resource="https://courier.example/news/1"/>
   <rdf:li rdf:resource="https://courier.example/news/secret"/>
  </rdf:Seq></items>
 </channel>
 <item rdf:about="https://courier.example/news/1">
  <title>One</title><link>https://courier.example/news/1</link><description>Short of one</description>
 </item>
 <item rdf:about="https://courier.example/news/secret">
  <title>Secret</title><link>https://courier.example/news/secret</link><description>About it</description>
 </item>
</rdf:RDF>
"""
JSON = """{
 "version": "https://jsonfeed.org/version/1.1", "title": "The Courier", "language": "en",
 "home_page_url": "https://courier.example/",
 "items": [
  {"id": "1", "url": "https://courier.example/news/1", "title": "One",
   "summary": "Short of one", "content_html": "<p>Whole of \\u006fne</p>", "content_text": "Whole of one"},
  {"id": "2", "url": "https://courier.example/news/secret", "title": "Secret", "content_text": "About it"},
  {"id": "3", "url": "https://courier.example/sport/3", "title": "Sport", "content_text": "No rule here"}
 ]
}
"""
FEEDS = {"rss": RSS, "atom": ATOM, "rdf": RDF, "json": JSON}


@cache
def index_of(rules: str = RULES):
    """The rules, indexed."""
    return build_index(load(rules))


def decider(
    *candidates: str, rules: str = RULES, tags: tuple[str, ...] = (), at: datetime = NOON
) -> Callable[[FeedItem], Decision]:
    """Decides for a reader in these regions, of whom nothing is known without any; *tags* come to every item's own."""
    location = Location(candidates or ("world",))

    def decide_item(item: FeedItem) -> Decision:
        page = replace(item.page, tags=(item.tags or frozenset()) | set(tags)) if tags else item.page
        return decide(index_of(rules), location, page, (), at)

    return decide_item
