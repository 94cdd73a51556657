"""A month as one HTML page for A4 paper, in the reader's language and direction."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from html import escape

from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal, format_percent

from hedgerow.sheet.model import FACTS, ROWS, Fault, Month
from hedgerow.sheet.texts import sentences

FONTS = {
    "fa": '"Vazirmatn", "Noto Sans Arabic", "Noto Naskh Arabic", "DejaVu Sans"',
    "": '"Noto Sans", "DejaVu Sans", "Roboto"',
}
"""What each language is written in: the first that the machine has (SIL Open Font License, or as free)."""
_MARKS = {"fine": "\u2713", "wrong": "\u2717", "none": "\u2013", "stated": "\u25cb"}
_STYLE = """
@page { size: A4 landscape; margin: 11mm 12mm 13mm;
  @bottom-center { content: counter(page) " / " counter(pages); font-size: 7pt; color: #555; direction: ltr } }
* { box-sizing: border-box }
html { font: 7.6pt/1.36 FONTS, sans-serif; color: #1c2b22 }
h1 { font-size: 15pt; line-height: 1.2; margin: 0 0 .5mm; color: #23402f }
h2 { font-size: 9.5pt; margin: 3.5mm 0 1mm; break-after: avoid }
.where { font-size: 10.5pt; margin: 0 0 2mm; color: #415247 }
.so-far, .never { border-inline-start: 1.2mm solid #b4561f; padding: .8mm 2mm; background: #fbf1e8; margin: 0 0 2mm }
p { margin: 0 0 2mm }
table { width: 100%; border-collapse: collapse; table-layout: fixed }
th, td { border: .2mm solid #9db3a4; padding: 1mm 1.4mm; text-align: start; vertical-align: top }
td { overflow-wrap: break-word }
thead th { background: #e3ece6; font-weight: bold } tr { break-inside: avoid }
.area { width: 25% } .checked { width: 29% } .result { width: 24% } .limits { width: 22% }
.name { font-weight: bold; display: block } .times { color: #415247; display: block; margin-top: .4mm }
.fine { color: #14603a } .wrong { color: #9c1c1c } .none, .stated { color: #5b5b5b }
.verdict { font-weight: bold; display: block } .mark { font-family: "DejaVu Sans" }
.foot { margin-top: 3mm; font-size: 6.8pt; color: #415247; break-inside: avoid }
.sign { display: flex; gap: 12mm; margin-top: 6mm; break-inside: avoid }
.sign span { flex: 1; border-top: .2mm solid #1c2b22; padding-top: .8mm }
"""


class Page:
    """Writes one language."""

    def __init__(self, month: Month, language: str) -> None:
        self._month, self._language, self._texts = month, language, sentences(language)
        self._marks = _PERSIAN_MARKS if language == "fa" else {}

    def html(self) -> str:
        """The whole document."""
        direction = "rtl" if self._language == "fa" else "ltr"
        style = _STYLE.replace("FONTS", FONTS.get(self._language, FONTS[""]))
        return (
            f'<!doctype html><html lang="{self._language}" dir="{direction}"><head><meta charset="utf-8">'
            f"<title>{self._said('title')}</title><style>{style}</style></head><body>{''.join(self._body())}</body></html>"
        )

    def _body(self) -> Iterator[str]:
        month = self._month
        first = datetime.strptime(month.month, "%Y-%m")
        named = self._digits(format_skeleton("yMMMM", first, locale=self._language))
        yield f"<h1>{self._said('title')}</h1>"
        yield f'<p class="where">{self._said("subtitle", school=month.school, month=named)}</p>'
        if not month.over:
            yield f'<p class="so-far">{self._said("month-so-far", time=self._moment(month.made))}</p>'
        yield self._summary()
        yield f"<table><thead><tr>{''.join(self._heads())}</tr></thead><tbody>"
        yield from (self._row(name) for name in ROWS)
        yield "</tbody></table>"
        yield from self._faults()
        told = self._said("foot", version=month.version, time=self._moment(month.made))
        yield f'<p class="foot">{told}</p>'
        yield f'<p class="sign"><span>{self._said("read-by")}</span><span>{self._said("on")}</span></p>'

    def _summary(self) -> str:
        month = self._month
        if not month.runs or month.last is None:
            return f'<p class="never">{self._said("never")}</p>'
        numbers = {name: getattr(month, name) for name in ("runs", "days", "asked", "wrong")}
        told = {"all": month.all_days, "last": self._moment(month.last), "pause": self._span(month.pause)}
        more = self._unasked(sum(month.unasked.values()))
        return f"<p>{self._said('summary', **numbers, **told)} {more}</p>"

    def _unasked(self, number: int) -> str:
        """An hour of ``hedgerow relax`` must not look tested."""
        return self._said("unasked", n=number) if number else ""

    def _heads(self) -> Iterator[str]:
        for name in ("area", "checked", "result", "limits"):
            yield f'<th scope="col" class="{name}">{self._said(f"column.{name}")}</th>'

    def _row(self, name: str) -> str:
        result, (passed, asked) = self._month.result(name), self._month.row(name)
        said = (self._said("times", asked=asked), self._unasked(self._month.not_asked(name)))
        times = "".join(f'<span class="times">{line}</span>' for line in said if line and ROWS[name])
        verdict = self._said(f"result.{result}", wrong=asked - passed, asked=asked)
        mark = f'<span class="mark">{_MARKS[result]}</span>'
        facts = " ".join(self._fact(fact) for fact in FACTS.get(name, ()))
        return (
            f'<tr><td><span class="name">{self._said(f"{name}.title")}</span>{self._said(f"{name}.asked")}</td>'
            f"<td>{self._said(f'{name}.checked')}{times}</td>"
            f'<td><span class="verdict {result}">{mark} {verdict}</span>{facts}</td>'
            f"<td>{self._said(f'{name}.limits')}</td></tr>"
        )

    def _fact(self, name: str) -> str:
        values = dict(self._month.facts.get(name, {}))
        if "span" in values:
            values["span"] = self._texts[str(values["span"])]
        if "whole" in values:
            values["whole"] = self._texts["yes" if values["whole"] else "no"]
        if isinstance(share := values.get("share"), float):
            values["share"] = self._digits(format_percent(share, "0.0%", locale=self._language).translate(self._marks))
        return self._said(f"fact.{name}", **values)

    def _faults(self) -> Iterator[str]:
        month = self._month
        if not month.runs:
            return
        yield f"<h2>{self._said('faults')}</h2>"
        if not month.faults:
            yield f"<p>{self._said('no-faults')}</p>"
        yield from (self._fault(fault) for fault in month.faults)
        if month.more_faults:
            yield f"<p>{self._said('more-faults', n=month.more_faults)}</p>"

    def _fault(self, fault: Fault) -> str:
        row = next((name for name, checks in ROWS.items() if fault.check in checks), "help")
        told = " \u00b7 ".join(part for part in (fault.check, fault.band, fault.what) if part)
        where = f"(\u2066{escape(told)}\u2069)"
        return f"<p>{self._moment(fault.at)}: {self._said(f'{row}.title')} {where}</p>"

    def _said(self, key: str, **values: object) -> str:
        """A sentence with its values, escaped; what is foreign in it is isolated and keeps its direction (UAX 9)."""
        text = escape(self._texts[key])
        for name, value in values.items():
            told = escape(self._number(value) if isinstance(value, int) else str(value))
            text = text.replace(f"{{{name}}}", f"\u2068{told}\u2069" if name in _FOREIGN else told)
        return text

    def _moment(self, moment: datetime) -> str:
        day = format_date(moment.date(), "long", locale=self._language)
        comma = "\u060c" if self._language == "fa" else ","
        return self._digits(f"{day}{comma} {moment:%H:%M}")

    def _span(self, seconds: float) -> str:
        number, unit = (seconds / 60, "minutes") if seconds < 7200 else (seconds / 3600, "hours")
        return self._texts[unit].replace("{n}", self._number(round(number)))

    def _number(self, value: int) -> str:
        return self._digits(format_decimal(value, locale=self._language).translate(self._marks))

    def _digits(self, text: str) -> str:
        return text.translate(_PERSIAN) if self._language == "fa" else text


_FOREIGN = ("school", "version")
"""Values that may be of another script than the sentence, and keep their own direction."""
_PERSIAN_MARKS: Mapping[int, str] = {ord(","): "\u066c", ord("."): "\u066b", ord("%"): "\u066a"}
_PERSIAN: Mapping[int, int] = {ord(str(digit)): 0x06F0 + digit for digit in range(10)}
