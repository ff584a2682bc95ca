"""A pack as one page for a phone: a single file that needs no network, with map, scorecard, ranking, commitments."""

import re
from base64 import b64encode
from hashlib import sha256
from html import escape
from pathlib import Path
from string import Template

from exports.pictures import map_picture
from language import capital, word
from views.geography import Geography
from views.pack import Pack, Page
from views.told import WORDS, printed, sectioned, told
from views.view import View

SHOWN = ("scorecard", "map", "leaderboard", "late", "commitments", "conclusions")  # views, in this order
SEARCHED = ("leaderboard",)  # long enough to want a box to search in
MAP_SIZE = (5.2, 6.4)  # inches
PAGE, SCRIPT = (Path(__file__).with_name(f"leaflet.{kind}") for kind in ("html", "js"))
_SIZE = re.compile(r'<svg[^>]*?viewBox="([^"]*)"[^>]*>')


def leaflet(pack: Pack, shapes: Geography) -> bytes:
    """An HTML file: no address in it leads outside, and its policy allows nothing but what stands in it."""
    language = pack.choice.language
    parts = [(page, name, view) for page in pack.pages for name, view in zip(page.names, page.views, strict=True)]
    shown = [each for wanted in SHOWN for each in parts if each[1] == wanted]
    targets = [page for page in pack.pages if page.part.each and not page.part.data]
    sections = [_section(*each, pack, shapes) for each in shown]
    if targets:
        sections.insert(1, _targets(targets, pack))
    script = SCRIPT.read_text(encoding="utf-8")
    links = "".join(f"<a href='#{page.id}'>{escape(_short(page))}</a>" for page, _, _ in shown)
    filled = Template(PAGE.read_text(encoding="utf-8")).substitute(
        language=language, title=escape(pack.title), unit=escape(pack.unit), subtitle=escape(pack.subtitle),
        complete=escape(pack.complete), contents=word("contents", language), links=links, main="\n".join(sections),
        sample=f"<p class='sample'>{escape(word('sample_band', language))}</p>" if pack.sample else "",
        pack_id=f"{word('pack_id', language)}: {escape(pack.id)}", script=script,
        script_hash=b64encode(sha256(script.encode()).digest()).decode(),
    )  # fmt: skip
    return filled.encode()


def _short(page: Page) -> str:
    """A part's title without what stands behind its colon; of an appendix, only that."""
    first, _, rest = page.title.partition(": ")
    return capital(rest) if page.part.appendix and rest else first


def _section(page: Page, name: str, view: View, pack: Pack, shapes: Geography) -> str:
    """One view under its heading: the map as a drawing, all others as tables."""
    body = f"<h2 id='{page.id}'>{escape(_short(page))}</h2><p>{escape(view.title)}</p>"
    if name == "map":
        said = escape(view.title, quote=True)
        body += f"<div class='map' role='img' aria-label='{said}'>{_drawn(view, page, shapes)}</div>"
    elif len(view.table) and view.columns:
        body += _searched(page, name, pack) + table(view, pack.choice.language, page.id)
    return body + (f"<p class='quiet'>{escape(view.note)}</p>" if view.note else "")


def _drawn(view: View, page: Page, shapes: Geography) -> str:
    """The map as SVG that is as wide as the screen."""
    drawn = map_picture(view, page.choice, shapes, MAP_SIZE, "svg", "below").decode()
    drawn = drawn[drawn.index("<svg") :]
    spaces = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'
    return _SIZE.sub(lambda found: f'<svg {spaces} viewBox="{found[1]}" aria-hidden="true">', drawn, count=1)


def _searched(page: Page, name: str, pack: Pack) -> str:
    if name not in SEARCHED:
        return ""
    said = escape(word("search", pack.choice.language), quote=True)
    return f"<input type='search' data-filters='t-{page.id}' placeholder='{said}' aria-label='{said}'>"


def _targets(pages: list[Page], pack: Pack) -> str:
    """Each main target in sentences, and its parts behind a fold."""
    folded = "".join(
        f"<details><summary>{escape(page.title)}</summary>"
        + "".join(f"<p>{escape(each)}</p>" for each in page.sentences)
        + "".join(table(view, pack.choice.language, page.id) for name, view in zip(page.names, page.views, strict=True)
                  if name == "parts" and len(view.table) and view.columns)
        + "</details>"
        for page in pages
    )  # fmt: skip
    heading = pages[0].part.title[pack.choice.language]
    return f"<h2 id='targets-each'>{escape(heading)}</h2>{folded}"


def table(view: View, language: str, id: str) -> str:
    """A table of a view with every word escaped; section rows across."""
    columns = printed(view)
    if "district" in columns:  # on a small screen what is compared stands first
        columns["district"] = columns.pop("district")
    head = "".join(
        f"<th scope='col' class='{_align(each.kind)}'>{escape(each.name[language])}</th>" for each in columns.values()
    )
    rows = []
    for section, row in sectioned(view.table):
        if section:
            rows.append(
                f"<tr class='section'><th scope='rowgroup' colspan='{len(columns)}'>{escape(section)}</th></tr>"
            )
        cells = "".join(
            f"<td class='{_align(each.kind, row[name])}'>{escape(told(row[name], each, language))}</td>"
            for name, each in columns.items()
        )
        rows.append(f"<tr>{cells}</tr>")
    return (
        f"<div class='box' tabindex='0'><table id='t-{id}'><caption>{escape(view.title)}</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table></div>"
    )


def _align(kind: str, value: object = "") -> str:
    if kind == "status":
        return str(value)
    return "words" if kind in WORDS else "number"
