"""Whole pages of realistic size, made by seed: heads and bodies as publishing systems write them."""

from __future__ import annotations

import random

LOREM = [
    "the",
    "court",
    "ruled",
    "on",
    "monday",
    "that",
    "readers",
    "were",
    "not",
    "told",
    "why",
    "a",
    "page",
    "was",
    "gone",
    "while",
    "editors",
    "across",
    "the",
    "region",
    "said",
    "they",
    "would",
    "go",
    "on",
    "to",
    "publish",
    "what",
    "they",
    "know",
    "about",
    "roads",
    "budgets",
    "schools",
    "rivers",
    "and",
    "the",
    "people",
    "who",
    "look",
    "after",
    "them",
]
CYRILLIC = [
    "суд",
    "в",
    "понедельник",
    "решил",
    "что",
    "читателям",
    "не",
    "сказали",
    "почему",
    "страница",
    "исчезла",
    "а",
    "редакция",
    "продолжит",
    "работу",
]
XHTML = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" '
    '"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">'
)
STYLES = ("wordpress", "drupal", "arc", "next")


def _text(r, words, least, most):
    return " ".join(r.choice(words) for _ in range(r.randint(least, most)))


def _json_ld(r, words):
    items = ",".join(
        f'{{"@type":"ListItem","position":{i},"item":{{"@id":"https://courier.example/{i}",'
        f'"name":"<body> {_text(r, words, 2, 5)}"}}}}'
        for i in range(r.randint(20, 120))
    )
    return f'<script type="application/ld+json">{{"@context":"https://schema.org","@graph":[{items}]}}</script>\n'


def _consent(r):
    calls = "".join(
        f'w.__tcfapi=w.__tcfapi||function(a,b){{if(a<{i}&&b>"</div>".length){{d.write("<body class=x>")}}}};\n'
        for i in range(r.randint(20, 200))
    )
    return f"<script>(function(w,d){{{calls}}})(window,document);</script>\n"


def _metas(r, words):
    return "".join(
        f'<meta property="og:{r.choice(LOREM)}" content="{_text(r, words, 3, 12)} &gt; <b> \'quoted\'">\n'
        f'<link rel="{r.choice(("preload", "stylesheet", "dns-prefetch"))}" '
        f'href="https://cdn.example/{i}/a.css?ver={i}&amp;x=1" as="style">\n'
        for i in range(r.randint(10, 60))
    )


def _head(r, style, words):
    parts = [f"<meta charset='utf-8'>\n<title>{_text(r, words, 4, 9)} &lt;body&gt; <body></title>\n", _metas(r, words)]
    if style == "wordpress":
        parts += [
            "<!--[if lt IE 9]><script src='https://cdn.example/html5.js'></script><body><![endif]-->\n",
            "<style id='wp-block-library-inline-css'>"
            + ".wp-block>a:before{content:'<body>'}\n" * r.randint(50, 300)
            + "</style>\n",
            "<noscript><style>.lazy{display:none}</style><img src='https://pixel.example/p.gif'></noscript>\n",
        ]
    if style == "drupal":
        parts += [
            "<!--[if IE]><!--><!--<![endif]-->\n",
            "<base href=/ >\n",
            "<style>@import url('/core/a.css');</style>\n" * r.randint(3, 30),
        ]
    if style == "arc":
        parts += ["<script>window.Fusion=" + '{"a":"<\\/script><!-- <script"};\n' * r.randint(5, 40) + "</script>\n"]
    if style == "next":
        parts += ["<template data-dgst='1'><body><p>x</template><noscript data-n-css=''></noscript>\n"]
    parts += [_json_ld(r, words), _consent(r)]
    r.shuffle(parts[2:])
    return "".join(parts)


def _svg(r):
    return (
        f'<svg class="i" viewBox="0 0 24 24" aria-hidden="true"><g fill="none"><path '
        f'd="M{r.randint(1, 9)} 0L9 9z"/></g></svg>'
    )


def _menu(r, words):
    items = "".join(
        f'<li id="menu-item-{i}" class="menu-item"><a href="/section/{i}?a=1&b=2">{_text(r, words, 1, 2)}</a></li>\n'
        for i in range(r.randint(10, 60))
    )
    return (
        f'<nav aria-label="Main"><button type="button" aria-expanded=false>{_svg(r)}</button><ul '
        f"class=menu>\n{items}</ul></nav>\n"
    )


def _card(r, words, i):
    return (
        f'<div class="card card--{i}" data-id={i}><div class="card__inner"><a href="/news/{i}" '
        f'class="card__link"><picture>'
        f'<source srcset="/i/{i}.webp 1x"><img src="/i/{i}.jpg" alt="{_text(r, words, 2, 5)}" '
        f"loading=lazy></picture></a>"
        f'<h3 class="card__title"><a href="/news/{i}">{_text(r, words, 4, 9)}</a></h3>'
        f"<p>{_text(r, words, 8, 20)} <span class='by'>{_text(r, words, 2, 2)}</span></p></div></div>\n"
    )


def _paragraph(r, words, i):
    link = f'<a href="https://courier.example/{i}?x=1&amp;y=2" target="_blank">{_text(r, words, 2, 4)}</a>'
    return f"<p>{_text(r, words, 20, 60)} {link} <em>{_text(r, words, 1, 3)}</em> {_text(r, words, 20, 60)}.</p>\n"


def _article(r, words):
    body = []
    for i in range(r.randint(15, 60)):
        body.append(_paragraph(r, words, i))
        if i % 7 == 3:
            body.append(
                f'<figure class="wp-block-image"><img src="/p/{i}.jpg" '
                f'alt=""><figcaption>{_text(r, words, 4, 9)}</figcaption></figure>\n'
            )
        if i % 9 == 5:
            body.append(
                f"<blockquote><p>{_text(r, words, 9, 20)}</p></blockquote>\n"
                f"<ul><li>{_text(r, words, 3, 6)}<li>{_text(r, words, 3, 6)}</ul>\n"
            )
        if i % 11 == 7:
            body.append('<div class="ad"><script>document.write("<article><div>")</script></div>\n<!-- /ad slot -->\n')
    return (
        f'<article id="post-1" class="post hentry story"><header><h1 class="title">{_text(r, words, 6, 12)}</h1>'
        f'<time datetime="2026-11-22">22 November</time></header>\n<div '
        f'class="entry-content">\n{"".join(body)}</div></article>\n'
    )


def _footer(r, style, words):
    state = ",".join(
        f'{{"id":{i},"html":"<p>{_text(r, words, 5, 15)}</p></article>"}}' for i in range(r.randint(40, 300))
    )
    scripts = (
        f'<script id="__NEXT_DATA__" type="application/json">{{"props":[{state}]}}</script>\n'
        if style in ("next", "arc")
        else ""
    )
    return (
        f'<footer class="site-footer"><form action=/search><input '
        f"name=q><button>Go</button></form><p>&copy; 2026</p></footer>\n{scripts}"
    )


def page(seed, *, words=LOREM, least=100_000, most=300_000):
    """A page of *least* to *most* bytes in UTF-8, as text; the same seed always gives the same page."""
    r = random.Random(seed)
    style = STYLES[seed % len(STYLES)]
    doctype = r.choice(
        (
            "<!DOCTYPE html>\n",
            "<!doctype html>",
            f"{XHTML}\n",
        )
    )
    top = (
        f'{doctype}<html lang="en-GB" class=no-js>\n<head>\n{_head(r, style, words)}</head>\n<body '
        f"class=\"home page-{seed}\" data-x='a>b'>\n"
    )
    top += (
        f'<noscript><iframe src="https://tags.example/ns.html"></iframe></noscript>\n<div id="page" '
        f'class=site><header class="site-header">{_menu(r, words)}</header>\n<main>'
    )
    middle = "".join(_card(r, words, i) for i in range(r.randint(0, 30)))
    end = f"</main>{_footer(r, style, words)}</div>\n</body>\n</html>\n"
    target = r.randint(least, most)
    text = top + middle + _article(r, words)
    size = len((text + end).encode())
    cards, count = [], 100
    while size < target:
        cards.append(_card(r, words, count))
        size += len(cards[-1].encode())
        count += 1
    return text + "".join(cards) + end
