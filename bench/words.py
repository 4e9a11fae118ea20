"""What the synthetic corpus is written with: names from syllables in three scripts, and sentences from slots.

Names come from a number, one to one, so that none is met twice however large the corpus is.
"""

from __future__ import annotations

import random

#: Latin, Cyrillic, and for Hangul the consonants that begin and end the block; no two are written alike.
_ONSETS = (
    ("b", "б", 7, 0), ("d", "д", 3, 0), ("g", "г", 0, 0), ("k", "к", 15, 0), ("l", "л", 5, 8), ("m", "м", 6, 0),
    ("n", "н", 2, 0), ("p", "п", 17, 0), ("r", "р", 5, 0), ("s", "с", 9, 0), ("t", "т", 16, 0), ("v", "в", 7, 17),
    ("z", "з", 12, 0), ("h", "х", 18, 0), ("br", "бр", 7, 8), ("dr", "др", 3, 8), ("kr", "кр", 15, 8), ("st", "ст", 9, 19),
    ("tr", "тр", 16, 8), ("pl", "пл", 17, 8),
)
_VOWELS = (("a", "а", 0), ("e", "е", 5), ("i", "и", 20), ("o", "о", 8), ("u", "у", 13))
_SYLLABLES = len(_ONSETS) * len(_VOWELS)
_GIVEN = (
    ("Anna", "Анна", "안나"), ("Boris", "Борис", "보리스"), ("Clara", "Клара", "클라라"), ("Daniel", "Даниэль", "다니엘"),
    ("Elena", "Елена", "엘레나"), ("Felix", "Феликс", "펠릭스"), ("Greta", "Грета", "그레타"), ("Hugo", "Гуго", "후고"),
    ("Irina", "Ирина", "이리나"), ("Jonas", "Йонас", "요나스"), ("Karin", "Карин", "카린"), ("Lev", "Лев", "레프"),
    ("Maria", "Мария", "마리아"), ("Nils", "Нильс", "닐스"), ("Olga", "Ольга", "올가"), ("Pavel", "Павел", "파벨"),
)


def syllables(number: int, least: int) -> tuple[str, str, str]:
    """A word in Latin, Cyrillic and Hangul letters; other numbers give other words."""
    space = _SYLLABLES**least
    rest, position = divmod(number, space)
    position = position * 611_953 % space  # coprime to the space: neighbours look unlike each other
    digits = []
    for _ in range(least):
        position, digit = divmod(position, _SYLLABLES)
        digits.append(digit)
    while rest:
        rest, digit = divmod(rest, _SYLLABLES)
        digits.append(digit)
    parts = [(_ONSETS[digit // 5], _VOWELS[digit % 5]) for digit in digits]
    hangul = "".join(chr(0xAC00 + (onset[2] * 21 + vowel[2]) * 28 + onset[3]) for onset, vowel in parts)
    return "".join(o[0] + v[0] for o, v in parts), "".join(o[1] + v[1] for o, v in parts), hangul


def state_name(number: int) -> tuple[str, str, str]:
    """The name of a state in three scripts."""
    latin, cyrillic, hangul = syllables(number, 2)
    return f"{latin}land".capitalize(), f"{cyrillic}ланд".capitalize(), f"{hangul}란드"


def person_name(number: int) -> tuple[str, str, str]:
    """The name of a person in three scripts."""
    latin, cyrillic, hangul = syllables(number, 3)
    given = _GIVEN[number % len(_GIVEN)]
    return f"{given[0]} {latin.capitalize()}", f"{given[1]} {cyrillic.capitalize()}", f"{given[2]} {hangul}"


_SUBJECTS = (
    "The parties", "Both governments", "The two ministries", "The competent authorities", "The joint commission",
    "The delegations",
    "The secretariats of both sides", "The border services", "The central banks", "The heads of mission",
)
_VERBS = (
    "exchange information on", "consult at least once a year about", "coordinate their positions on",
    "set up a working group for",
    "grant each other equal treatment in", "settle by negotiation every question of", "draw up a common programme for",
    "give notice of any measure that touches", "promote contacts between institutions active in", "share the cost of",
)
_OBJECTS = (
    "trade in agricultural goods", "the use of transboundary rivers", "the recognition of diplomas",
    "air traffic over the frontier",
    "the protection of investments", "customs clearance at the common border", "scientific exchange in the polar regions",
    "the transit of natural gas", "legal assistance in criminal matters", "the restoration of archives", "railway tariffs",
    "fisheries in adjacent waters", "the fight against contagious diseases", "the movement of seasonal workers",
    "mutual help in natural disasters", "the safety of nuclear installations", "cultural centres in the capitals",
)
_ENDINGS = (
    "within three months of the signature", "unless one side objects in writing", "without prejudice to earlier agreements",
    "in accordance with their own law", "for as long as the agreement lasts", "on the basis of reciprocity",
    "and report on it to both parliaments", "with due regard to *the rights of third states*",
    "and publish the results in both languages",
    "through the **diplomatic channel**", "as set out in [the annex](https://example.org/annex)",
    "at the level of deputy ministers",
)
_REMARKS = (
    "The reports agree on this point.", "No earlier document mentions it.", "The wording was settled in a second round of talks.",
    "A correction was printed on the following day.", "The text on display differs in one comma.",
    "The count was given from the chair.",
    "The ceremony lasted less than an hour.", "The annexes were not read aloud.",
    "The press was admitted for the last part only.",
)
CITIES = (
    "Alderport", "Brennhaven", "Castelmare", "Dunnavik", "Eastmere", "Falkenau", "Grimstad", "Hollin", "Ivarsund", "Jarnholm",
    "Kelders",
    "Lindmoor", "Marrow Bay", "Norrvik", "Ostrava Hill", "Port Saint Mary",
)
OUTLETS = ("Morning Gazette", "Telegraph Agency", "Evening Courier", "Radio One", "Observer", "Daily Register")


def sentence(rng: random.Random) -> str:
    """One sentence of some 110 characters."""
    return f"{rng.choice(_SUBJECTS)} {rng.choice(_VERBS)} {rng.choice(_OBJECTS)} {rng.choice(_ENDINGS)}."


def prose(rng: random.Random, sentences: int) -> str:
    """A short paragraph that ends in a remark."""
    return " ".join([*(sentence(rng) for _ in range(sentences)), rng.choice(_REMARKS)])


def heading(rng: random.Random) -> str:
    """A few words for an article."""
    words = rng.choice(_OBJECTS)
    return words[0].upper() + words[1:]
