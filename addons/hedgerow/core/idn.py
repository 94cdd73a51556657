"""International host names: WHATWG "domain to ASCII" (https://url.spec.whatwg.org/#concept-domain-to-ascii).

That is UTS #46 processing, non-transitional, with CheckHyphens=false, CheckBidi=true, CheckJoiners=true,
UseSTD3ASCIIRules=false, VerifyDnsLength=false (https://www.unicode.org/reports/tr46/). The mapping table, the
joiner rules (RFC 5892 appendix A) and the bidi rules (RFC 5893) are the ``idna`` package's; its ``encode`` is not
used, because it applies the registration rules of IDNA 2008 and so refuses thousands of names that are in use.
"""

from __future__ import annotations

import unicodedata

import idna

_ACE = "xn--"
_JOINERS = "\u200c\u200d"
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN"})

# Scripts whose letters pass for one another. One label takes its letters from one of them.
_CONFUSABLE = frozenset({"LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE", "LISU", "DESERET"})
# Cyrillic letters that look like Latin ones: a label of nothing else reads as a Latin word.
_LATIN_LOOKALIKES = frozenset("асԁеһіјӏорԛѕԝхуъьҽпгѵѡкмтв-0123456789")


class HostError(ValueError):
    """The text is no host a request may be sent to. The message says why, in words for the decision log."""


def to_ascii(domain: str) -> str:
    """The domain in lower-case ASCII, every non-ASCII label as ``xn--``. Dots are kept as they are.

    Raises HostError for a disallowed code point, a joiner where RFC 5892 forbids it, a label that breaks the bidi
    rule of RFC 5893, and an ``xn--`` label that is no Punycode of a valid label.
    """
    labels = [_decoded(label) for label in _mapped(domain).split(".")]
    _check_bidi(labels)
    return ".".join(map(_encoded, labels))


def to_unicode(label: str) -> str:
    """The readable form of one canonical label; the label itself when it is plain ASCII or does not decode."""
    try:
        return _decoded(label)
    except HostError:
        return label


def mixes_scripts(label: str) -> bool:
    """True when one label (Unicode or ``xn--``) mixes letters of look-alike scripts, as Latin with Cyrillic.

    UTS #39 "highly restrictive" for the scripts that can be confused; Latin beside Han or Kana is ordinary.
    """
    text = to_unicode(label)
    return not text.isascii() and len({_script(char) for char in text} & _CONFUSABLE) > 1


def imitates_latin(label: str) -> bool:
    """True when a label is all Cyrillic letters that look Latin (the first label of ``xn--80ak6aa92e.com``)."""
    text = to_unicode(label)
    return not text.isascii() and _LATIN_LOOKALIKES.issuperset(text)


def _decoded(label: str) -> str:
    if not label.startswith(_ACE):
        _check_valid(label)
        return label
    if not label.isascii():
        raise HostError("xn-- label with other letters than ASCII")
    try:
        text = label[len(_ACE) :].encode("ascii").decode("punycode")
    except UnicodeError:
        raise HostError("xn-- label that is no Punycode") from None
    if text.isascii():  # also the empty label: UTS #46 revision 33, section 4, step 4.1
        raise HostError("xn-- label of nothing but ASCII")
    _check_valid(text)
    if text.startswith(_ACE) or _mapped(text) != text:
        raise HostError("xn-- label of a spelling that is not canonical")
    return text


def _mapped(text: str) -> str:
    try:
        return idna.uts46_remap(text, std3_rules=False)
    except idna.IDNAError:  # its message quotes the host, ours goes into logs
        raise HostError("a character that no host name may hold") from None


def _check_valid(label: str) -> None:
    """UTS #46 section 4.1, for what mapping does not make true by itself."""
    if label.isascii():
        return
    if "." in label or unicodedata.category(label[0]).startswith("M"):
        raise HostError("label begins with a combining mark or holds a dot")
    for position, char in enumerate(label):
        if char in _JOINERS and not _joiner_allowed(label, position):
            raise HostError("zero-width joiner where it joins nothing")


def _joiner_allowed(label: str, position: int) -> bool:
    try:
        return idna.valid_contextj(label, position)
    except ValueError:  # a neighbour newer than this Python's Unicode
        return False


def _check_bidi(labels: list[str]) -> None:
    """RFC 5893: once one label is right to left, every label of the name keeps the rule."""
    if not any(unicodedata.bidirectional(char) in _RIGHT_TO_LEFT for label in labels for char in label):
        return
    for label in filter(None, labels):
        try:
            idna.check_bidi(label, check_ltr=True)
        except idna.IDNAError:
            raise HostError("label breaks the right-to-left rule") from None


def _encoded(label: str) -> str:
    return label if label.isascii() else _ACE + label.encode("punycode").decode("ascii")


def _script(char: str) -> str:
    """The first word of the character's name, which for letters is their script."""
    return unicodedata.name(char, "").partition(" ")[0] if char.isalpha() else ""
