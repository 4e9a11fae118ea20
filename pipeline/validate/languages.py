"""Which tags name a language: the two letters of ISO 639-1, and what is meant by those of a country.

A language tag of the right form can still name nothing: `jp` is a country's code, the language is `ja`. Three letters are
taken as they are, since there are thousands. A tag that names another language than was meant is seen by its script (C433).
"""

from __future__ import annotations

import re

_TAG = re.compile("[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")

#: ISO 639-1, complete.
_CODES = frozenset(
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu "
    "fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km "
    "kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om "
    "or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to "
    "tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu".split()
)

#: Codes of countries, and withdrawn ones of languages, that name no language, with the one that is meant.
_MEANT = {
    "al": "sq", "au": "en", "by": "be", "cn": "zh", "cz": "cs", "dk": "da", "eg": "ar", "gb": "en", "ge": "ka", "gr": "el",
    "il": "he", "in": "id", "iq": "ar", "ir": "fa", "iw": "he", "ji": "yi", "jp": "ja", "kh": "km", "kp": "ko", "kz": "kk",
    "lk": "si", "me": "sr", "mm": "my", "mx": "es", "np": "ne", "ph": "tl", "pk": "ur", "rs": "sr", "sy": "ar", "tj": "tg",
    "tm": "tk", "ua": "uk", "us": "en", "vn": "vi",
}


def is_language(value: object) -> bool:
    """Whether a value is a language tag whose language there is. Of three letters it is not asked."""
    if not isinstance(value, str) or _TAG.fullmatch(value) is None:
        return True  # the pattern says so
    language = _language(value)
    return len(language) != 2 or language in _CODES


def language_meant(tag: str) -> str:
    """The tag meant by one that names no language; nothing where it is not known.

    >>> language_meant("kp"), language_meant("cn-Hans"), language_meant("xx")
    ('ko', 'zh-Hans', '')
    """
    meant = _MEANT.get(_language(tag), "")
    return meant + tag[2:] if meant else ""


def _language(tag: str) -> str:
    return tag.partition("-")[0].lower()
