"""Kazakh in other letters: on a Russian keyboard, in the Latin alphabets of 2017, 2018 and 2021, and in ASCII."""

from __future__ import annotations

import re

SPECIFIC = re.compile("[әғқңөұүһі]")
"""What no Russian keyboard has, in folded text."""

_RUSSIAN = str.maketrans("әғқңөұүһі", "агкноуухи")

_COMMON = dict(
    zip("абвгдежзийклмнопрстуфхыэқңі", "a b v g d e j z i i k l m n o p r s t u f h y e q n i".split(), strict=True)
) | {"ц": "ts", "щ": "sh", "ю": "iu", "я": "ia", "ь": "", "ъ": "", "һ": "h", "ұ": "u"}  # fmt: skip
_LATIN = (
    _COMMON | {"ә": "ä", "ғ": "ğ", "ң": "ñ", "ө": "ö", "ү": "ü", "ұ": "ū", "ш": "ş", "щ": "ş", "ч": "ç"},  # 2021
    _COMMON | {"ә": "á", "ғ": "ǵ", "ң": "ń", "ө": "ó", "ү": "ú", "у": "ý", "ш": "sh", "ч": "ch"},  # 2018
    _COMMON | {"ә": "a'", "ғ": "g'", "ң": "n'", "ө": "o'", "ү": "u'", "у": "y'", "ш": "s'", "ч": "c'"},  # 2017
    _COMMON | {"ә": "a", "ғ": "g", "ө": "o", "ү": "u", "ш": "sh", "ч": "ch"},  # ASCII
    _COMMON | {"ә": "a", "ғ": "g", "ө": "o", "ү": "u", "ш": "sh", "ч": "ch", "қ": "k", "ж": "zh", "х": "kh"},
)
_TABLES = [str.maketrans(table) for table in _LATIN]
_CYRILLIC = re.compile("[а-яәғқңөұүһі]")


def russian_keys(folded: str) -> str:
    """Folded Kazakh as it is typed where the keyboard has only Russian letters."""
    return folded.translate(_RUSSIAN)


def latin(folded: str) -> tuple[str, ...]:
    """Folded Cyrillic Kazakh in each of the Latin alphabets; empty when none of it is Cyrillic."""
    if not _CYRILLIC.search(folded):
        return ()
    return tuple(dict.fromkeys(folded.translate(table) for table in _TABLES))


_SPOKEN = frozenset(
    "жане ушин бул емес керек болады болса болган гой сен мен ол олар бар жок калай кандай осы сол сонда кейин дейин "
    "адам бала коп енди казир тагы гана дейди деп еди екен маган саган оны онын мынау кайда кашан неге "
    "jane jäne jáne ushin üşın úshin bul emes kerek bolady bolsa bolgan goi sen men olar bar joq jok qalai "
    "kalay qandai osy sol keiin deiin adam bala kop köp endi qazir tagy dep edi eken magan sagan "
    "ony qaida qashan nege".split()
)
_ENOUGH = 5


def speaks(sample: str) -> bool:
    """True when words that no Kazakh text is without stand there, whatever keyboard they were typed on."""
    return len(_SPOKEN.intersection(sample.split())) >= _ENOUGH
