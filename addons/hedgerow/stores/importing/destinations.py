"""What other filters call their lists, and which category of ours that is.

The names are those of UT1 (https://dsi.ut-capitole.fr/blacklists/), Shalla, urlblacklist.com and squidGuard's own
samples. A name that is missing here is an honest "we do not know": ``--category name=ours`` says it.
"""

from __future__ import annotations

import re
from collections.abc import Collection

_OURS: dict[str, str] = {
    "adult": "adult porn porno pornography sex mixed_adult mixedadult artnudes lingerie nudism naturism sexuality "
    "erotic",
    "gambling": "gambling gamble arjel casino betting",
    "drugs": "drugs drug drogue illegaldrugs drugadvocacy",
    "alcohol-tobacco": "alcohol tobacco beerliquorinfo beerliquorsale beer smoking legaldrugs",
    "weapons": "weapons weapon",
    "violence-gore": "violence gore aggressive agressif dangerous_material",
    "hate-extremism": "hate racism intolerance extremism sect secretsocieties",
    "dating": "dating personals",
    "social": "social_networks socialnet socialnetworking social_net social",
    "messaging": "chat webmail mail messaging instantmessaging im mobile-phone",
    "games": "games game onlinegames gaming hobby/games-online kidstimewasting",
    "video": "audio-video video movies streaming webtv audiovideo",
    "music": "music radio webradio ringtones",
    "ai-chat": "ai",
    "shopping": "shopping onlineauctions auctions ecommerce",
    "proxy-vpn": "proxy proxies anonymizer anonvpn vpn redirector strict_redirector strong_redirector anonymizers",
    "doh": "doh",
    "translators-caches": "translation translators",
    "shorteners": "shortener urlshortener shorteners",
    "file-sharing": "filehosting filesharing download downloads peer2peer p2p remote-control",
    "user-content": "blog blogs forums forum webhosting user-content dynamic-dns dynamic",
    "piracy": "warez piracy warezhacking",
    "ads-trackers": "ads adv ad publicite advertising trackers tracker marketingware banners",
    "malware": "malware virusinfected virus spyware cryptojacking stalkerware ddos",
    "phishing": "phishing idtheft",
    "misinformation": "fakenews conspiracy",
    "news": "news press sportnews",
    "education": "education frencheducation child children liste_bu liste_blanche whitelist kids educational_games "
    "schools",
    "health-education": "sexual_education sex_education sex/education health",
    "banking-government": "bank banking government finance/banking",
    "updates": "update updates updatesites",
    "search": "searchengines search",
}
CATEGORIES = {name: ours for ours, names in _OURS.items() for name in names.split()}
_PLAIN = frozenset(
    {"domains", "urls", "expressions", "iplist", "sites", "list", "blacklists", "lists", "blacklist", "db"}
)


def category_of(name: str, said: str = "", known: Collection[str] = ()) -> str:
    """Our category for a list called ``name`` (a destination, or a path) or by its own ``#listcategory``; "" = none."""
    parts = [part for part in re.split(r"[/\\]", name.lower()) if part and part not in _PLAIN]
    for part in ("/".join(parts[-2:]), *reversed(parts), *_slugs(said)):
        found = CATEGORIES.get(part) or (part if part in known else "")
        if found:
            return found
    return ""


def _slugs(said: str) -> tuple[str, ...]:
    words = re.findall(r"[a-z0-9]+", said.lower())
    return ("-".join(words), "_".join(words), "".join(words), *words) if words else ()


LANGUAGES = {
    "danish": "da", "dutch": "nl", "english": "en", "ukenglish": "en", "french": "fr", "german": "de", "italian": "it",
    "japanese": "ja", "malay": "ms", "norwegian": "no", "polish": "pl", "portuguese": "pt", "spanish": "es",
    "swedish": "sv", "chinese": "zh", "russian": "ru", "vietnamese": "vi", "persian": "fa", "farsi": "fa",
    "kazakh": "kk", "arabic": "ar", "turkish": "tr", "czech": "cs", "hungarian": "hu", "indonesian": "id",
    "mxspanish": "es", "arspanish": "es", "ptbrazilian": "pt", "slovak": "sk", "lithuanian": "lt", "hebrew": "he",
    "bulgarian": "bg",
}  # fmt: skip


def language_named(path: str) -> str:
    """The language a path is named after (``pornography/weighted_danish``, ``russian-1251/...``); "" = none."""
    words = re.findall(r"[a-z]+", path.lower())
    for word in words:
        for name, language in LANGUAGES.items():
            if word == name or (word.startswith(name) and word[len(name) :] in ("big", "gb")):
                return language
    return ""
