"""Personal links on paper: A4, eight cards a page, to be cut apart and handed over."""

import io
import json
from typing import Any

import segno
import typst

# Words and codes come in as JSON, so that nothing in a name is read as markup.
_PAGE = r"""
#let given = json("given.json")
#set page(paper: "a4", margin: (x: 12mm, y: 12mm))
#set text(font: given.fonts, size: 9.5pt, lang: "en", hyphenate: false)
#set par(leading: 0.5em, spacing: 0.6em)
#let card(each) = block(
  width: 100%, height: 67mm, inset: (x: 4mm, y: 3mm), breakable: false,
  stroke: (paint: luma(160), thickness: 0.4pt, dash: "dashed"),
  {
    block(height: 16mm, clip: true, width: 100%, {
      text(size: if each.name.clusters().len() > 30 { 9.5pt } else { 12pt }, weight: "bold", each.name)
      linebreak()
      text(size: if each.mission.clusters().len() > 40 { 7.5pt } else { 9.5pt }, fill: luma(60), each.mission)
    })
    grid(
      columns: (36mm, 1fr), column-gutter: 4mm,
      image(bytes(each.code), format: "svg", width: 36mm),
      { set enum(indent: 0pt, body-indent: 1.5mm, spacing: 2mm); enum(..given.how) },
    )
    v(1mm)
    text(size: 6.5pt, font: given.fonts, fill: luma(60), each.link)
  },
)
#grid(columns: (1fr, 1fr), ..given.cards.map(card))
"""
FONTS = ("Noto Sans", "DejaVu Sans", "Noto Sans Bengali", "Lohit Bengali", "Libertinus Serif")


def page(values: dict[str, Any]) -> bytes:
    """PDF of {"how": three lines, "cards": [{"name", "mission", "link"}]}."""
    cards = [each | {"code": _drawn(each["link"])} for each in values["cards"]]
    given = json.dumps({"fonts": FONTS, "how": values["how"], "cards": cards})
    files: Any = {"main.typ": _PAGE.encode(), "given.json": given.encode()}
    return typst.compile(files)


def _drawn(link: str) -> str:
    made = io.BytesIO()
    segno.make_qr(link, error="m").save(made, kind="svg", border=0, xmldecl=False, nl=False)
    return made.getvalue().decode()
