"""English names of the languages, scripts and regions that records use, for reading aloud and for labels.

Taken from the IANA Language Subtag Registry's descriptions; a tag not listed is printed as it is.
"""

from __future__ import annotations

_LANGUAGES = {
    "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German",
    "el": "Greek", "en": "English", "es": "Spanish", "et": "Estonian", "fa": "Persian", "fi": "Finnish", "fr": "French",
    "he": "Hebrew", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
    "kk": "Kazakh", "ko": "Korean", "lt": "Lithuanian", "lv": "Latvian", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sv": "Swedish", "tr": "Turkish", "uk": "Ukrainian", "uz": "Uzbek",
    "vi": "Vietnamese", "zh": "Chinese",
}
_SUBTAGS = {
    "KP": "North Korea", "KR": "South Korea", "CN": "China", "TW": "Taiwan", "GB": "United Kingdom", "US": "United States",
    "Hans": "simplified", "Hant": "traditional", "Latn": "Latin script", "Cyrl": "Cyrillic script", "BR": "Brazil",
}


def language_name(tag: str) -> str:
    """`ko-KP` → "Korean (North Korea)"."""
    language, _, rest = tag.partition("-")
    name = _LANGUAGES.get(language.lower())
    if name is None:
        return tag
    details = [_SUBTAGS.get(part, part) for part in rest.split("-") if part]
    return f"{name} ({', '.join(details)})" if details else name
