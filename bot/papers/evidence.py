"""The evidence pack on A4: figures with their denominators, pictures, groups, and how it was measured."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typst

from bot.pictures.flow import flow

FONTS = ("Noto Sans", "DejaVu Sans", "Noto Sans Bengali", "Lohit Bengali", "Libertinus Serif")
# Words and figures come in as JSON, so that nothing in a name is read as markup. Blue and orange are told apart by
# everybody (Okabe and Ito 2008).
_PACK = r"""
#let given = json("given.json")
#let w = given.words
#let p = given.pack
#let blue = rgb("#0072B2")
#let orange = rgb("#E69F00")
#let grey = luma(95)
#set page(paper: "a4", margin: (x: 18mm, top: 18mm, bottom: 20mm), footer: context {
  set text(size: 7.5pt, fill: grey)
  grid(columns: (1fr, auto), [#given.academy · #given.cohort], [#counter(page).display("1 / 1", both: true)])
})
#set text(font: given.fonts, size: 9.5pt, lang: "en", hyphenate: false)
#set par(leading: 0.6em, spacing: 0.8em)
#let percent(x) = str(calc.round(100 * x)) + " %"
#let head(words) = block(above: 6mm, below: 2.5mm, breakable: false, sticky: true,
  text(size: 12.5pt, weight: "bold", words))
#let note(words) = text(size: 8.5pt, fill: grey, words)

#text(size: 9pt, fill: grey, given.academy)
#v(-1mm)
#text(size: 21pt, weight: "bold", w.title)
#v(-2mm)
#text(size: 12pt)[#given.cohort · #given.course]
#v(-1mm)
#note(given.span)

#let figure_(n, name, under) = block(width: 100%, height: 21mm, inset: 3mm, radius: 2mm, fill: luma(245), {
  text(size: 22pt, weight: "bold", str(n)); linebreak()
  text(size: 9pt, name); linebreak()
  note(under)
})
#let of(n, all) = if all > 0 { percent(n / all) } else { "–" }
#v(3mm)
#grid(columns: (1fr, 1fr, 1fr, 1fr), column-gutter: 3mm,
  figure_(p.invited, w.invited, " "),
  figure_(p.enrolled, w.enrolled, of(p.enrolled, p.invited) + " " + w.of-invited),
  figure_(p.studied, w.studied, of(p.studied, p.enrolled) + " " + w.of-enrolled),
  figure_(p.completed, w.completed, of(p.completed, p.enrolled) + " " + w.of-enrolled),
)

#let bar(share, colour) = box(width: 62mm, height: 3.6mm, fill: luma(235), radius: 1mm,
  align(left, rect(width: 62mm * calc.max(share, 0.004), height: 3.6mm, fill: colour, radius: 1mm, stroke: none)))
#let pair(name, under, before, after) = block(breakable: false, below: 2.8mm, grid(
  columns: (46mm, 66mm, 12mm, 1fr), column-gutter: 2mm, row-gutter: 1mm,
  align: (left + horizon, left + horizon, right + horizon, left + horizon),
  text(weight: "bold", name), bar(before, orange), percent(before), note(w.before),
  note(under), bar(after, blue), percent(after), note(w.after),
))

#head(w.learnt)
#if p.compared.len() == 0 { note(w.no-measure) } else {
  note(w.learnt-note)
  v(1mm)
  for c in p.compared {
    pair(w.at(c.point), str(c.people) + " " + w.people + ", " + (if c.after >= c.before { "+" } else { "" })
      + str(calc.round(100 * (c.after - c.before))) + " " + w.points, c.before, c.after)
  }
}

#head(w.confidence)
#let told = p.compared.filter(c => c.sure_right != none or c.sure_wrong != none)
#if told.len() == 0 { note(w.no-confidence) } else {
  note(w.confidence-note)
  v(1mm)
  for c in told {
    if c.sure_right != none { pair(w.sure-right, w.at(c.point), c.sure_right.at(0), c.sure_right.at(1)) }
    if c.sure_wrong != none { pair(w.sure-wrong, w.at(c.point), c.sure_wrong.at(0), c.sure_wrong.at(1)) }
  }
}

#head(w.time)
#if p.weeks == none { note(w.no-time) } else {
  note(w.time-note)
  v(1mm)
  let big(x) = text(size: 15pt, weight: "bold", str(calc.round(x, digits: 1)))
  let one(x, name) = [#big(x) #note(w.weeks) #linebreak() #note(name)]
  grid(columns: (1fr, 1fr, 1fr), one(p.weeks.quick, w.quick), one(p.weeks.middle, w.middle), one(p.weeks.slow, w.slow))
}
#if p.curve.len() > 1 {
  v(2mm)
  block(breakable: false, {
    let last = p.curve.last()
    let (wide, high) = (150mm, 27mm)
    let at = c => (wide * (c.at(0) + 1) / (last.at(0) + 1), high * (1 - c.at(1) / p.enrolled))
    note(w.curve)
    v(1mm)
    box(width: wide, height: high + 5mm, {
      for share in (0, 0.5, 1) {
        place(top + left, dy: high * (1 - share), line(length: wide, stroke: 0.4pt + luma(200)))
        place(top + left, dx: wide + 1.5mm, dy: high * (1 - share) - 1.4mm, note(percent(share)))
      }
      let (x, y) = (0mm, high)
      for c in p.curve {
        let (nx, ny) = at(c)
        place(top + left, line(start: (x, y), end: (nx, y), stroke: 1.6pt + blue))
        place(top + left, line(start: (nx, y), end: (nx, ny), stroke: 1.6pt + blue))
        (x, y) = (nx, ny)
      }
      for week in range(0, last.at(0) + 2, step: calc.max(1, calc.ceil((last.at(0) + 1) / 8))) {
        place(top + left, dx: wide * week / (last.at(0) + 1) - 1mm, dy: high + 1mm, note(str(week)))
      }
    })
  })
}

#head(w.groups)
#note(w.held-back)
#let cell(n) = if n == none { text(fill: grey, "·") } else { str(n) }
#for side in ("mission", "sex", "rank") {
  let rows = p.groups.at(side)
  block(breakable: false, above: 4mm, {
    text(weight: "bold", w.at("group-" + side))
    v(0.5mm)
    if rows == none { note(w.no-groups) } else {
      table(columns: (1fr, 24mm, 24mm, 24mm), stroke: none, inset: (x: 2mm, y: 1.4mm),
        align: (left, right, right, right),
        fill: (_, y) => if calc.odd(y) { luma(247) },
        table.header(note(" "), note(w.enrolled), note(w.completed), note(w.not-yet)),
        ..rows.map(r => (r.name, str(r.people), cell(r.completed), cell(r.not_yet))).flatten())
    }
  })
}

#head(w.cases)
#if given.cases.len() == 0 { note(w.no-cases) } else { note(w.cases-note) }
#for (n, case) in given.cases.enumerate() {
  block(breakable: false, above: 5mm, grid(columns: (1fr, 78mm), column-gutter: 5mm, {
    text(weight: "bold", case.title)
    v(0.5mm)
    note(case.figures)
    if case.endings.len() > 0 {
      v(1mm)
      table(columns: (1fr, 12mm), stroke: none, inset: (x: 2mm, y: 1.4mm), align: (left, right),
        fill: (_, y) => if calc.odd(y) { luma(247) },
        table.header(note(w.ended-so), note(w.people)),
        ..case.endings.map(e => (e.name, cell(e.n))).flatten())
    }
    if case.regretted != none { v(1mm); note(case.regretted) }
  }, if case.flow != none { image("case-" + str(n) + ".png", width: 78mm) }))
}

#head(w.method)
#for line in given.method [- #line
]
"""


def pdf(values: dict[str, Any]) -> bytes:
    """PDF of what bot.exporting.evidence gathers."""
    with _files(values) as main:
        return typst.compile(main)


def pages(values: dict[str, Any]) -> tuple[bytes, int]:
    """(PDF, how many pages it has)."""
    with _files(values) as main:
        drawn = typst.compile(main, format="svg")
        return typst.compile(main), len(drawn) if isinstance(drawn, list) else 1


@contextmanager
def _files(values: dict[str, Any]) -> Iterator[Path]:
    """A folder for as long as it takes: the press reads pictures from files alone."""
    with TemporaryDirectory(prefix="attache-pack-") as folder:
        at = Path(folder)
        (at / "main.typ").write_text(_PACK, "utf-8")
        (at / "given.json").write_text(json.dumps(values | {"fonts": FONTS}), "utf-8")
        for n, case in enumerate(values["cases"]):
            if case["flow"]:
                (at / f"case-{n}.png").write_bytes(flow(case["flow"]))
        yield at / "main.typ"
