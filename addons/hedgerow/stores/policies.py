"""Policies: the shipped defaults with the school's edits laid over them, read into one ``core.model.Policy``.

All files are strict YAML (``stores.yamlfile``): text with spaces for indentation, no anchors, no tags, no key twice.
Every mistake of every file is reported at once, with file, line, column and the legal choices.

**A band** (``bands/<band>.yaml``; the file's name is the band's)::

    band: ages-8-10              # must equal the file's name
    title: {en: "Ages 8 to 10", vi: "8 đến 10 tuổi"}
    extends: ages-5-7            # shipped files only; the child says what opens (or closes)
    no-page: refuse              # refuse | allow: warn and limit where no page can be shown (image, script, API)
    windows:
      lunch: {days: [mon, tue, wed, thu, fri], from: "11:30", to: "13:30", on: school-days}
    categories: {gambling: block, games: {action: limit, times: {lunch: allow}}}
    sites:
      youtube.com: block         # the host and all below it
      youtube.com/kids: allow    # a path prefix, by whole segments; the longest host, then the longest path decides
      =github.io: allow          # exactly this host, nothing below it
      bbc.co.uk: {action: allow, words: off}
    words: {adult: block, gambling: {action: warn, threshold: 4}}
    files:
      programs: {types: [exe, msi, apk, dmg, sh], action: block}
      large: {over: 500 MB, action: warn}
    unknown: {page: block, part: block, address: block}
    undecodable: block
    messages: {vi: "...", en: "..."}     # the school's own sentence on every page of this band
    examples:
      - {url: "https://kids.nationalgeographic.com/", expect: allow, by: "site:kids.nationalgeographic.com"}
      - {url: "https://www.google.com/search?q=...", expect: block, by: "words:adult", at: "2026-11-23 12:00"}

* An action is ``allow``, ``monitor``, ``limit``, ``warn``, ``help`` or ``block`` (from open to strict). Wherever one is
  expected, a longer form may stand: ``{action: A, times: {window: A}, since: 2026-09-01, until: 2027-05-31,
  message: "..."}``. ``until`` is the last day in force. The first window of ``times`` that is open decides.
* ``limit`` means "closed at this time of day": give it ``times`` with a window that opens.
* ``windows``: ``days`` is a list of mon..sun, or ``all``; ``to`` not after ``from`` runs over midnight; ``24:00`` ends
  a day; ``on`` is any (default), school-days, holidays or exam-days. A night window belongs to the day it begins on.
  ``school-hours`` needs no definition: it is ``hours`` of site.yaml.
* ``no-rule`` in the place of an action takes an inherited rule of ``sites``, ``words`` or ``files`` away again.
* ``words``: topics that have a list under ``words/``. ``threshold`` is how many phrases a page needs (default 3);
  typed text needs one.
* ``files``: ``types`` are extensions as ``core.text.file_type`` gives them; ``over`` is a size: ``500 KB``, ``2 GB``.
* ``unknown``: sites in no list. ``page``, ``part`` (image, style, font, script, media, JSON), ``address`` (an IP
  address in place of a name). A band that extends nothing must say all of ``title``, ``no-page``, ``unknown``,
  ``undecodable`` and every category.
* ``examples``: ``url``, ``expect`` (an action) and, as needed, ``by`` (the rule that must decide, as ``hedgerow
  explain`` prints it), ``at`` (the school's time; else 10:00 on the next school day), ``text`` (visible text of the
  page), ``posted`` (text sent in a form), ``kind`` (page | part, default page), ``capture`` (decrypted | names-only).
  Examples are added to the inherited ones only in the sense that each band's own are run for that band alone.

**A school's edits** (``local/bands/<band>.yaml``) have the same keys without ``extends``, and say only what differs:
rule by rule, window by window. They touch the band they stand in and no other, for the shipped bands inherit from
shipped bands only.

**The floor** (``floor.yaml``, shipped and local): ``categories`` and ``sites`` as above, with ``block`` or ``help`` and
no ``times``; it only adds to the package's own floor (illegal, malware, phishing), and nothing may loosen it.

**Helplines** (``helplines/<language>.yaml``, shipped and local)::

    helplines:
      - name: "Tổng đài quốc gia bảo vệ trẻ em"
        number: "111"                     # as written, or
        text: "..."                       # a text/chat address, or
        qr: "https://..."                 # what a QR code leads to (at least one of the three)
        hours: "24/7"
        languages: [vi]                   # spoken there; default: the file's own
        place: {country: VN, province: "Yên Bái", formerly: ["..."]}      # country: ISO 3166-1 alpha-2
        source: "who documents it, with its date"
        verified: 2026-11-20              # when the source was read, or someone called
        status: documented                # documented | confirmed
        host: tongdai111.vn               # or [hosts]: protected, exactly this host, or host/path

**site.yaml**: see ``stores.site``.

Rule ids: ``category:<id>``, ``site:<host[/path]>``, ``site:=<host>``, ``words:<topic>``, ``files:<name>``,
``unknown:page|part|address``, ``undecodable``, ``floor:category:<id>``, ``floor:site:<host[/path]>``. ``where`` names
the file that decided: ``bands/x.yaml:12``, ``local/bands/x.yaml:3``, ``floor.yaml:4``, ``package:floor:2``.
"""
