"""The session page: one HTML file that needs nothing else."""

from __future__ import annotations

import html
import json
from collections.abc import Mapping
from importlib.resources import files

from evproto.charger.report.story import Story
from evproto.core import JsonValue


def render_page(story: Story, header: Mapping[str, JsonValue]) -> str:
    """The page as text. header: title, subtitle, outcome, ok, and facts as pairs of label and value.

    What a peer sent enters the page as JSON data only and is shown as text only.
    """
    assets = files("evproto.charger.report") / "assets"
    text = {name: (assets / f"page.{name}").read_text(encoding="utf-8") for name in ("html", "css", "js")}
    data = json.dumps({"header": dict(header), **story.to_json()}, ensure_ascii=False, separators=(",", ":"))
    # "<" inside a JSON string may be written as an escape, so no text can end the script element.
    data = data.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    title = html.escape(str(header.get("title", "Charging session")))
    page = text["html"].replace("{{title}}", title).replace("{{css}}", text["css"])
    return page.replace("{{js}}", text["js"]).replace("{{data}}", data)
