"""A school's folder for the lab: networks by address, a few ``.test`` names in every role, one phrase of its own.

Everything a real school would write by hand stands here as files; the shipped defaults stay below them.
"""

from __future__ import annotations

import atexit
import functools
import shutil
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from .gateway import Gateway
from .lab import ROOT, Lab, shared
from .said import FOREIGN, OTHERS, PHRASES

PRINTER = "10.99.0.9"  # the one private address pupils may reach (evasion A20)
PHRASE, PHRASE_2 = PHRASES[:2]  # one word, and two


def zone() -> str:
    """A time zone in which it is between 10 and 11 in the morning now: the verdicts expect a lesson."""
    ahead = (10 - datetime.now(UTC).hour + 11) % 24 - 11  # -11..12 hours; POSIX signs are the other way round
    return f"Etc/GMT{-ahead:+d}"


HOURS = ", ".join(f'{day}: "07:30-16:30"' for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun"))
SITE = f"""school: "Lab School"
timezone: {zone()}
languages: [en, vi, fa, kk, ru]
networks:
  young: {{addresses: [10.20.8.0/24, "fd20::8:0/112"], band: ages-8-10, capture: decrypted}}
  older: {{addresses: [10.20.14.0/24, "fd20::14:0/112"], band: ages-14-17, capture: decrypted}}
  staff: {{addresses: [10.20.40.0/24, "fd20::40:0/112"], band: staff, capture: decrypted, staff-only: true}}
  guest: {{addresses: [10.20.60.0/24, "fd20::60:0/112"], band: ages-14-17, capture: names-only}}
default-band: ages-5-7
hours: {{{HOURS}}}
place: {{country: VN, province: "Lào Cai", formerly: ["Yên Bái"]}}
privacy: {{pseudonyms: day, events: all, detail: url, time: second, keep-days: 30}}
ports: [80, 443, 8443]
private: ["{PRINTER}"]
gateway: {{names: [hedgerow.test]}}
reports: {{wrongly-blocked: ["desk:IT"], harmful: ["desk:Lead"], help: ["desk:Lead"], hurt: ["desk:Lead"]}}
"""

SITES = """
  blocked.test: block
  cdn-blocked.test: block
  cdn-allowed.test: allow
  allowed.test: allow
  10.99.0.9: allow
  bank.test: allow
  private-bank.test: allow
  warned.test: warn
  warned-too.test: warn
  helped.test: help
  monitored.test: monitor
  "bücher.test": block
  "faß.test": allow
  fass.test: block
  under_score.test: allow
  "-dash.test": block
  paths.test: allow
  paths.test/adult: block
  paths.test/a/b: block
  expired.test: allow
  selfsigned.test: allow
  wronghost.test: allow
  untrusted.test: allow
  incomplete.test: allow
  weakkey.test: allow
  sha1.test: allow
  h1only.test: allow
  sha1middle.test: allow
  oldtls.test: allow
  mtls.test: allow
  pinned.test: allow
  private.test: allow
  loopback.test: allow
  metadata.test: allow
  mapped.test: allow
  mixed.test: allow
  self.test: allow
  selflan.test: allow
  rebind.test: allow
  dead.test: allow
  nx.test: allow
"""

BAND = "band: {band}\nsites:" + SITES + "words:\n  adult: block\n"
WORDS = f"""topic: adult
language: en
must-hit: ["say {PHRASE} twice"]
must-not-hit: ["say nothing"]
phrases:
{"".join(f"  - {phrase}" + chr(10) for phrase in PHRASES)}\
{"".join(f"  - {{text: {phrase}, weight: 5}}" + chr(10) for phrase in FOREIGN.values())}"""
OTHER_WORDS = """topic: adult
language: {language}
phrases:
{phrases}"""
HELPLINE = """helplines:
  - name: "Lab Helpline"
    number: "116 111"
    hours: "24/7"
    languages: [en]
    place: {country: VN}
    source: "made for tests"
    verified: 2026-11-20
    status: documented
    host: helpline.test
"""
NO_DECRYPT = """no-decrypt:
  - vendor: "Lab Bank"
    names: [bank.test, private-bank.test, pinned.test]
    reason: "banking"
    source: "made for tests"
    date: 2026-11-23
"""


def files() -> dict[str, str]:
    """Every file of the school's folder, by its path."""
    bands = {f"bands/{band}.yaml": BAND.format(band=band) for band in ("ages-8-10", "ages-14-17")}
    others = {
        f"words/adult.{language}.yaml": OTHER_WORDS.format(
            language=language, phrases="".join(f'  - {{text: "{phrase}", weight: 5}}\n' for phrase in phrases)
        )
        for language, phrases in OTHERS.items()
    }
    return {"site.yaml": SITE, "words/adult.en.yaml": WORDS, "helplines/en.yaml": HELPLINE, **others, **bands}


def write(folder: Path, changes: Mapping[str, str] | None = None, lists: Mapping[str, str] | None = None) -> None:
    """The school's policies in ``folder/policies`` and the lists in ``folder/blocklists``; ``changes`` and ``lists``
    are files by path, added to them."""
    shutil.copytree(ROOT / "blocklists", folder / "blocklists")
    policies = {f"policies/{name}": text for name, text in {**files(), **(changes or {})}.items()}
    own = {f"blocklists/{name}": text for name, text in {"local/no-decrypt.yaml": NO_DECRYPT, **(lists or {})}.items()}
    for name, text in {**policies, **own}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def start(
    lab: Lab,
    name: str,
    *,
    env: Mapping[str, str] | None = None,
    changes: Mapping[str, str] | None = None,
    lists: Mapping[str, str] | None = None,
    second: int = 1,
    asks: bool = False,
) -> Gateway:
    """A second gateway with folders of its own; the caller stops it before the next. ``second``: a third is 2.

    It ``asks`` itself (the self-test) only when told to: most of them live for seconds.
    """
    folder = lab.folder / name
    write(folder, changes, lists)
    return Gateway(lab.net.gateway, folder, lab.root, env=env, second=second, asks=asks)


@functools.cache
def gateway() -> Gateway:
    """The one ordinary gateway of this process."""
    lab = shared()
    write(lab.folder / "ordinary")
    started = Gateway(lab.net.gateway, lab.folder / "ordinary", lab.root)
    atexit.register(started.stop)
    return started
