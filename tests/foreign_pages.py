"""Ten page skeletons as other people write them, each with style sheets that fight what is put into the page.

``{notice}`` is where a notice goes; each stands for a habit of real sites, written here from scratch.
"""

from __future__ import annotations

_TEXT = "<p>The committee met twice and agreed on little. Its report is due in spring.</p>"
_HEAD = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'


def _page(css: str, body: str, *, html: str = 'lang="en"', doctype: str = "<!DOCTYPE html>") -> str:
    return f"{doctype}<html {html}><head>{_HEAD}<title>A page</title><style>{css}</style></head>{body}</html>"


FOREIGN_PAGES = {
    "zeroing reset": _page(
        "html,body,div,span,p,ul,ol,li,aside,strong,em,a,article,h1{margin:0;padding:0;border:0;font-size:100%;"
        "font:inherit;vertical-align:baseline}ol,ul{list-style:none}body{line-height:1}",
        f"<body><h1>Report</h1><article>{_TEXT}</article>{{notice}}</body>",
    ),
    "utility preflight": _page(
        "*,::before,::after{box-sizing:border-box;border-width:0;border-style:solid;margin:0;padding:0}"
        "a{color:inherit;text-decoration:inherit}strong{font-weight:bolder}ul{list-style:none}"
        "body{display:flex;flex-direction:column;align-items:center;min-height:100vh}main{max-width:65ch}",
        f"<body>{{notice}}<main><h1>Report</h1>{_TEXT}</main></body>",
    ),
    "rules by id": _page(
        "#content p{font-size:9px;color:#ccc;line-height:1}#content a{color:#eee;text-decoration:none}"
        "#content aside{float:right;width:120px;display:none}#content ul li{display:inline;color:#ddd}",
        f'<body><div id="content"><h1>Report</h1>{_TEXT}{{notice}}{_TEXT}</div></body>',
    ),
    "fixed sidebar": _page(
        "aside{position:fixed;top:0;right:0;bottom:0;width:200px;overflow:hidden;background:#eee;opacity:.2;z-index:-1}"
        "main{margin-right:220px}",
        f"<body>{{notice}}<main><h1>Report</h1>{_TEXT}</main></body>",
    ),
    "grid of columns": _page(
        "body{display:grid;grid-template-columns:1fr min(60ch,100%) 1fr;margin:0;font:18px/1.4 Georgia,serif}"
        "body>*{grid-column:2}",
        f"<body>{{notice}}<h1>Report</h1><article>{_TEXT}</article></body>",
    ),
    "always dark": _page(
        "body{background:#000;color:#fff;font:15px sans-serif;text-transform:uppercase;letter-spacing:.2em;"
        "text-align:center}p,li{color:#fff;text-shadow:0 0 4px #0f0}a{color:#ff0}a:hover{color:#000}",
        f"<body><header><h1>Report</h1></header><main>{_TEXT}{{notice}}</main></body>",
    ),
    "ten pixel root": _page(
        "html{font-size:62.5%}body{font-size:0;line-height:0;white-space:nowrap;user-select:none;margin:0}"
        "p{font-size:1.6rem;line-height:1.5;white-space:normal}strong{font-weight:400}",
        f"<body><main><h1>Report</h1>{_TEXT}{{notice}}</main></body>",
    ),
    "asides are extras": _page(
        "@media(max-width:640px){aside{display:none!important}}@media print{aside,nav{display:none!important}}"
        "aside{visibility:hidden;max-height:0;font-style:italic;transform:scale(.5)}",
        f"<body><main><h1>Report</h1>{_TEXT}</main>{{notice}}</body>",
    ),
    "table of the nineties": _page(
        "td{font:11px Verdana;color:#666}p{margin:0}font{color:#999}",
        f'<body bgcolor="#ffffff"><table width="100%"><tr><td>{_TEXT}{{notice}}</td></tr></table></body>',
        doctype="",
    ),
    "unset everything": _page(
        "*{all:unset}html,body,main,p,h1{display:block}head,style,script,title{display:none}",
        f"<body><main><h1>Report</h1>{_TEXT}{{notice}}</main></body>",
        html='lang="ar" dir="rtl"',
    ),
}

_PARTS = f"<header>Courier</header><nav>Menu</nav><main>{_TEXT * 6}</main><footer>Imprint</footer>"

#: Bodies that lay their children out themselves; the notice is the first of them.
GRID_BODIES = {
    "named areas": _page(
        "body{display:grid;margin:0;min-height:100vh;grid-template:'h h' auto 'n m' 1fr 'f f' auto/6rem 1fr}"
        "header{grid-area:h}nav{grid-area:n}main{grid-area:m}footer{grid-area:f}",
        f"<body>{{notice}}{_PARTS}</body>",
    ),
    "rows in turn": _page(
        "body{display:grid;margin:0;min-height:100vh;grid-template-rows:auto auto 1fr auto}",
        f"<body>{{notice}}{_PARTS}</body>",
    ),
    "numbered rows": _page(
        "body{display:grid;margin:0}header{grid-row:1}nav{grid-row:2}main{grid-row:3}footer{grid-row:4}",
        f"<body>{{notice}}{_PARTS}</body>",
    ),
}
ROW_BODIES = {
    "sidebar and text": _page(
        "body{display:flex;margin:0;min-height:100vh}nav{flex:0 0 5rem}main{flex:1}",
        f"<body>{{notice}}<nav>Menu</nav><main>{_TEXT * 40}</main></body>",
    ),
    "centred form": _page(
        "body{display:flex;margin:0;align-items:center;justify-content:center;height:100vh}main{padding:2em;width:12em}",
        "<body>{notice}<main>Sign in</main></body>",
    ),
    "wrapping": _page(
        "body{display:flex;flex-wrap:wrap;margin:0}nav{flex:1 1 5rem}main{flex:3 1 20rem}",
        f"<body>{{notice}}<nav>Menu</nav><main>{_TEXT * 40}</main></body>",
    ),
}
