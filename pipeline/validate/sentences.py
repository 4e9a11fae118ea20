"""What is wrong with a record, in sentences for an editor: jsonschema's errors in, findings out.

Each keyword of JSON Schema has a function that gives code, message, cure, and where inside
the value the mistake is. A message names what was found; a cure says what to do.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import Any

import jsonschema

from pipeline import dates
from pipeline.model import Diagnostic, Pointer, Record
from pipeline.validate.languages import language_meant

_MAX_SHOWN = 60
#: Of more unknown keys in one place, the nearest known ones are not looked for: it takes long, and nobody reads them.
_MAX_SEARCHES = 100

#: A record with more findings has the others counted only in the last: nobody reads them.
MAX_FINDINGS = 1000

#: Code, message, cure, the place inside the value, whether it is the key there.
_Explanation = tuple[str, str, str, Pointer, bool]


def explain_errors(errors: Iterable[jsonschema.ValidationError], record: Record, schema: Mapping[str, Any]) -> list[Diagnostic]:
    """Findings for the errors of one record, in the order of their places."""
    found: list[Diagnostic] = []
    misspelt: set[Pointer] = set()
    for error in errors:
        if len(found) > MAX_FINDINGS:
            break
        place = tuple(error.absolute_path)
        for code, message, cure, extra, on_key in _explain(error, schema):
            if code == "V201":
                misspelt.add((*place, _meant(cure)))
            found.append(Diagnostic(code, message, record.path, help=cure, pointer=(*place, *extra), on_key=on_key))
    # A misspelt key is one mistake: do not also say that the key it was meant to be is missing.
    found = [d for d in found if d.code != "V202" or (*d.pointer, _quoted(d.message)) not in misspelt]
    found = sorted(_one_for_each_text(found), key=lambda d: ([str(step).rjust(6) for step in d.pointer], d.code, d.message))
    if len(found) <= MAX_FINDINGS:
        return found
    message = f"more than {MAX_FINDINGS} mistakes in this record; the others are not listed"
    more = Diagnostic("V298", message, record.path, help="Mend these, and check again.")
    return [*found[:MAX_FINDINGS], more]


def _one_for_each_text(found: list[Diagnostic]) -> list[Diagnostic]:
    """The findings without the second about the form of one text: an empty one is empty, any other has the wrong form."""
    in_form = {d.pointer for d in found if d.code in _FORMS}
    empty = {d.pointer for d in found if d.code == "V209" and d.message == _EMPTY}
    second = {("V209", pointer) for pointer in in_form - empty} | {(code, pointer) for code in _FORMS for pointer in empty}
    return [d for d in found if (d.code, d.pointer) not in second]


_FORMS = frozenset(("V206", "V207", "V208"))
_EMPTY = "the text is empty"


def _quoted(text: str) -> str:
    return text.split("'")[1]


def _meant(cure: str) -> str:
    """The key that the cure of an unknown key offers, if it offers one."""
    return _quoted(cure) if cure.startswith("did you mean") else ""


def _explain(error: jsonschema.ValidationError, schema: Mapping[str, Any]) -> list[_Explanation]:
    keyword = str(error.validator)
    if list(error.absolute_schema_path)[-2:-1] == ["propertyNames"]:
        return _property_name(error)
    if keyword == "required":
        return _required(error, schema)
    if keyword in ("additionalProperties", "unevaluatedProperties"):
        return _unknown_keys(error, schema)
    if keyword in ("oneOf", "anyOf") and error.context:
        return _nearest_branch(error, schema)
    return _EXPLANATIONS.get(keyword, _other)(error)


def _nearest_branch(error: jsonschema.ValidationError, schema: Mapping[str, Any]) -> list[_Explanation]:
    """The explanation of the branch that was most likely meant: the one that fails furthest inside."""
    branches: dict[Any, list[jsonschema.ValidationError]] = {}
    for inner in error.context or ():
        branches.setdefault(inner.relative_schema_path[0], []).append(inner)
    meant = max(branches.values(), key=lambda inners: (max(len(inner.relative_path) for inner in inners), -len(inners)))
    return [
        (code, message, cure, (*inner.relative_path, *extra), on_key)
        for inner in meant for code, message, cure, extra, on_key in _explain(inner, schema)
    ]


def shown(value: Any) -> str:
    """A value as an editor wrote it, in quotes and not too long."""
    if isinstance(value, (list, dict)):
        return "a list" if isinstance(value, list) else "a group of keys"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"'{text[:_MAX_SHOWN]}…'" if len(text) > _MAX_SHOWN else f"'{text}'"


def _hint(schema: Any) -> str:
    return str(schema.get("x-hint") or "") if isinstance(schema, Mapping) else ""


def _description(schema: Any) -> str:
    return str(schema.get("description") or "") if isinstance(schema, Mapping) else ""


@lru_cache(maxsize=4096)
def _nearest_of(word: str, choices: tuple[str, ...]) -> str:
    near = difflib.get_close_matches(word[:100], choices, n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


def nearest(word: str, choices: Iterable[str]) -> str:
    """The nearest of several words, as a question; nothing where none is near."""
    return _nearest_of(word, tuple(sorted(choices)))


def _unknown_keys(error: jsonschema.ValidationError, root: Mapping[str, Any]) -> list[_Explanation]:
    properties = error.schema.get("properties", {})
    derived = error.schema.get("x-derived", {})
    unknown = [key for key in error.instance if key not in properties]
    found = [_unknown_key(key, error.instance, properties, derived, len(unknown) <= _MAX_SEARCHES) for key in unknown]
    missing = [key for key in error.schema.get("required", ()) if key not in error.instance]
    if len(found) == len(missing) == 1 and found[0][0] == "V201" and not _meant(found[0][2]):
        schema = properties.get(missing[0], {})
        if _is_of_type(error.instance[unknown[0]], {**_definition(schema, root), **schema}):
            code, message, _, place, on_key = found[0]
            return [(code, message, f"did you mean '{missing[0]}'? It is missing here.", place, on_key)]
    return found


def _is_of_type(value: Any, schema: Mapping[str, Any]) -> bool:
    """Whether a value is of the type that a schema wants, where it names one."""
    types = {"string": str, "integer": int, "array": list, "object": dict}
    return isinstance(value, types.get(str(schema.get("type")), ()))


def _unknown_key(
    key: str, instance: Mapping[str, Any], properties: Mapping[str, Any], derived: Mapping[str, Any], search: bool
) -> _Explanation:
    if key in derived:
        return ("V204", f"{shown(key)} is derived, never written", str(derived[key]), (key,), True)
    cure = nearest(key, properties) if search else ""
    if cure and _quoted(cure) in instance:
        cure = f"'{_quoted(cure)}' stands here already: keep one of the two."
    return ("V201", f"unknown key {shown(key)}", cure or f"The keys here are: {', '.join(sorted(properties))}.", (key,), True)


def _required(error: jsonschema.ValidationError, root: Mapping[str, Any]) -> list[_Explanation]:
    out: list[_Explanation] = []
    for key in error.validator_value:
        if key in error.instance or not error.message.startswith(repr(key)):
            continue
        schema = error.schema.get("properties", {}).get(key, {})
        schema = {**_definition(schema, root), **schema} if isinstance(schema, Mapping) else {}
        cure = _hint(schema) or f"Add `{key}:`. {_description(schema)}".strip()
        out.append(("V202", f"the key '{key}' is missing", cure, (), False))
    return out


def _definition(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Mapping[str, Any]:
    """The definition that a schema refers to, empty where it refers to none."""
    found = root.get("$defs", {}).get(str(schema.get("$ref", "")).removeprefix("#/$defs/"), {})
    return {**_definition(found, root), **found} if "$ref" in found else found


_TYPE_NAMES = {
    "string": "a text", "integer": "a whole number", "boolean": "true or false", "array": "a list",
    "object": "a group of keys with values",
}


def _type(error: jsonschema.ValidationError) -> list[_Explanation]:
    wanted = error.validator_value if isinstance(error.validator_value, str) else error.validator_value[0]
    value = error.instance
    words = "a date" if "x-date" in error.schema else _TYPE_NAMES.get(wanted, wanted)
    # In our schemas the branch that is not for text stands under else.
    may_be_text = list(error.absolute_schema_path)[-2:-1] == ["else"]
    words = f"a text or {words}" if may_be_text else words
    if isinstance(value, (bool, int)):
        bare = shown(value)[1:-1]
        found = bare if isinstance(value, bool) else f"the number {bare}"
    else:
        found = f"the text {shown(value)}" if isinstance(value, str) else shown(value)
    return [("V203", f"{words} is wanted here, not {found}", _cure_of_type(error, wanted, may_be_text), (), False)]


def _cure_of_type(error: jsonschema.ValidationError, wanted: str, may_be_text: bool) -> str:
    value, bare = error.instance, shown(error.instance)[1:-1]
    if "x-date" in error.schema:
        return _date_cure(error) if isinstance(value, (int, list)) else _DATE_FORMS
    if isinstance(value, (bool, int)) and (wanted == "string" or may_be_text):
        return f'If it is a text, quote it: "{bare}".'
    if wanted == "integer":
        quoted = isinstance(value, str) and value.isdecimal()
        return "Take the quotation marks away." if quoted else "Write a whole number in digits, without quotation marks."
    if wanted == "boolean":
        yes, no = (str(value).lower() in words for words in (("yes", "y", "on", "true"), ("no", "n", "off", "false")))
        return f"Write {'true' if yes else 'false' if no else 'true or false'}, without quotation marks."
    if wanted == "array":
        return "Write each entry on a line of its own, beginning with a hyphen and a space, or all in brackets: [one, two]."
    if wanted == "object" and not may_be_text:
        return _hint(error.schema) or _how_to_write_keys(error.schema)
    return _hint(error.schema) or _description(error.schema)


def _how_to_write_keys(schema: Mapping[str, Any]) -> str:
    """The cure where keys are wanted: the example of the schema, if it is short, else the keys that must be there."""
    example = next((example for example in schema.get("examples", ()) if isinstance(example, Mapping)), {})
    pairs = [f"{key}: {value}" for key, value in example.items() if isinstance(value, (str, int)) and value is not True]
    if len(pairs) == len(example) > 0:
        return f"Write keys with their values, such as {{{', '.join(pairs)}}}."
    keys = [f"`{key}:`" for key in schema.get("required") or list(schema.get("properties", ()))[:4]]
    return f"Write {' and '.join(keys)} with their values." if keys else _description(schema)


def _enum(error: jsonschema.ValidationError) -> list[_Explanation]:
    choices = [str(choice) for choice in error.validator_value]
    near = _instead(error) or nearest(str(error.instance), choices)
    listed = f"It is one of: {', '.join(choices)}."
    return [("V205", f"{shown(error.instance)} is not one of the words allowed here", f"{near} {listed}".strip(), (), False)]


def _instead(error: jsonschema.ValidationError) -> str:
    """The cure for a word that people use for one of the list."""
    words = error.schema.get("x-instead")
    return str(words.get(str(error.instance).lower(), "")) if isinstance(words, Mapping) else ""


def _const(error: jsonschema.ValidationError) -> list[_Explanation]:
    return [("V205", f"{shown(error.instance)} cannot stand here", f"Write {shown(error.validator_value)}.", (), False)]


def _pattern_error(error: jsonschema.ValidationError) -> list[_Explanation]:
    cure = _hint(error.schema) or _description(error.schema)
    return [("V206", f"{shown(error.instance)} does not have the form wanted here", cure, (), False)]


_DATE_FORMS = (
    'Write 2024, 2024-10 or 2024-10-15, 2024-10-08/2024-10-13, in quotes "[1995-09..1996-09]", ../2024 or 2012-05/.. .'
)


def _format(error: jsonschema.ValidationError) -> list[_Explanation]:
    text = str(error.instance)
    if error.validator_value in ("edtf", "edtf-until"):
        return [("V207", f"{shown(text)} is not a date{_why_no_date(text)}", _date_cure(error), (), False)]
    if error.validator_value == "language":
        return [("V206", *_no_language(error), (), False)]
    cure = "Write the whole address, beginning with http:// or https://, without spaces."
    return [("V208", f"{shown(text)} is not a web address", cure, (), False)]


def _no_language(error: jsonschema.ValidationError) -> tuple[str, str]:
    """Message and cure for a tag that has the form of one and names no language."""
    tag = str(error.instance)
    meant = language_meant(tag)
    return f"{shown(tag)} names no language", f"did you mean '{meant}'?" if meant else _hint(error.schema)


def _date_cure(error: jsonschema.ValidationError) -> str:
    value = error.instance
    if isinstance(value, list):
        written = f"[{value[0]}]" if len(value) == 1 else ""
        return f'Put it in quotes: "{written}".' if dates.parse(written) else _hint(error.schema) or _DATE_FORMS
    meant = _dates_meant(str(value))
    if meant:
        return f"did you mean {' or '.join(map(shown, meant))}?"
    return _how_to_write(str(value)) or _hint(error.schema) or _DATE_FORMS


def _how_to_write(text: str) -> str:
    """The cure for a date that is only a little wrong, where it is not known which one is meant."""
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?", text):
        return f"Write the day alone, {text[:10]}; or the time with its distance to UTC, such as {text[:10]}T12:00+09:00."
    if _LIKE_A_DATE.fullmatch(text):
        return f"Correct it, or write only what is certain, such as {text[:4]}."
    return ""


def _why_no_date(text: str) -> str:
    """What is wrong with a date that is only a little wrong."""
    first, _, last = text.partition("/")
    if last and dates.parse(first) and dates.parse(last):
        return ": it ends before it begins"
    match = _LIKE_A_DATE.fullmatch(text)
    if match is None:
        return ""
    year, month, day = match[1], match[2], match[3]
    if not 1 <= int(month) <= 12:
        return f": there is no month {month}"
    return f": there is no day {day} in {dates.in_words(f'{year}-{month}')}" if day else ""


_LIKE_A_DATE = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_MONTHS = tuple(dates.in_words(f"2000-{month:02d}").split()[0].lower() for month in range(1, 13))
#: Ways to write a day, each with the order of its parts: year, month, day. A slash is read in both orders.
_WRITTEN_DATES = tuple(
    (re.compile(form), orders) for form, orders in (
        (r"([0-9]{4})[-./ ]([0-9]{1,2})[-./ ]([0-9]{1,2})", ("ymd", "ydm")),
        (r"([0-9]{4})([0-9]{2})([0-9]{2})", ("ymd",)),
        (r"([0-9]{4}) ?[年년] ?([0-9]{1,2}) ?[月월] ?([0-9]{1,2}) ?[日일]", ("ymd",)),
        (r"([0-9]{1,2})\. ?([0-9]{1,2})\. ?([0-9]{4})", ("dmy",)),
        (r"([0-9]{1,2})[-/]([0-9]{1,2})[-/]([0-9]{4})", ("dmy", "mdy")),
        (r"([0-9]{1,2})(?:st|nd|rd|th)?\.? ([A-Za-z]{3,9})\.?,? ([0-9]{4})", ("dmy",)),
        (r"([A-Za-z]{3,9})\.? ([0-9]{1,2})(?:st|nd|rd|th)?,? ([0-9]{4})", ("mdy",)),
        (r"([A-Za-z]{3,9})\.?,? ([0-9]{4})", ("my",)),
    )
)
_ABOUT = re.compile(r"(?:~|c\.|ca\.|circa|about|around|approximately) ?(.+)", re.IGNORECASE)
_FROM_TO = re.compile(r"(?:from )?(.+?)(?: to | until | till | - |/)(.+)", re.IGNORECASE)
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def _dates_meant(text: str) -> list[str]:
    """The dates that one written another way may mean: 2024.1.5, 5.1.2024, 5/1/2024, Jan 5, 2024, c. 2024, 2023 to 2024.

    More than one where readers disagree; none where it is not known.
    """
    plain = _DASHES.sub("-", text[:60].replace("\xa0", " ")).strip()
    found = [date for form, orders in _WRITTEN_DATES if (match := form.fullmatch(plain)) for date in _in_orders(match, orders)]
    about = _ABOUT.fullmatch(plain)
    if about:
        found += [f"{date}~" for date in _plain_or_meant(about[1])]
    both = _FROM_TO.fullmatch(plain) or re.fullmatch("([0-9]{4})-([0-9]{4})", plain)
    if both:
        begins, ends = _plain_or_meant(both[1]), _plain_or_meant(both[2])
        found += [f"{begin}/{end}" for begin in begins for end in ends]
        found += [f"{end}/{begin}" for begin in begins for end in ends if not dates.parse(f"{begin}/{end}")]
    return list(dict.fromkeys(date for date in (*found, plain) if date != text and dates.parse(date)))[:2]


def _plain_or_meant(text: str) -> list[str]:
    return [text] if dates.parse(text) else [date for date in _dates_meant(text) if "/" not in date]


def _in_orders(match: re.Match[str], orders: tuple[str, ...]) -> list[str]:
    """The days that the parts of a text give in these orders: of two, a second only where the year comes last."""
    out: list[str] = []
    for order in orders:
        parts = dict(zip(order, match.groups(), strict=True))
        month = _month(parts["m"])
        day = f"-{int(parts['d']):02d}" if "d" in parts else ""
        date = f"{parts['y']}-{month:02d}{day}"
        if dates.parse(date) and (not out or order[-1] == "y"):
            out.append(date)
    return out


def _month(text: str) -> int:
    """The number of a month that is written as one, or by its name, or the beginning of that; 0 where it is none."""
    if text.isdecimal():
        return int(text)
    word = text.lower()
    return next((number for number, name in enumerate(_MONTHS, 1) if name.startswith(word)), 0)


_SIZES = ("minLength", "maxLength", "minItems", "maxItems", "minProperties", "maxProperties", "minimum", "maximum")


def _length(error: jsonschema.ValidationError) -> list[_Explanation]:
    limit = error.validator_value
    found = len(error.instance) if isinstance(error.instance, (str, list, dict)) else 0
    hint = _hint(error.schema)
    cure = hint or _description(error.schema)
    least = f"at least {limit} {'is' if limit == 1 else 'are'} wanted"
    sentences = {
        "minLength": (f"the text has {found} characters; {least}" if found else _EMPTY, "Write it, or leave it out."),
        "maxLength": (f"the text has {found} characters; {limit} are allowed", "Shorten it."),
        "minItems": (f"the list has {found} entries; {least}" if found else "the list is empty", hint or "Add an entry."),
        "maxItems": (f"the list has {found} entries; {limit} are allowed", "Shorten it."),
        "minProperties": (f"{found} keys stand here; {least}" if found else "no key stands here", "Add one, or leave it out."),
        "maxProperties": (f"{found} keys stand here; {limit} are allowed", "Delete some."),
        "minimum": (f"{error.instance} is less than {limit}", cure or "Correct the number."),
        "maximum": (f"{error.instance} is more than {limit}", cure or "Correct the number."),
    }
    message, cure = sentences[str(error.validator)]
    return [("V209", message, cure, (), False)]


def _twice(error: jsonschema.ValidationError) -> list[_Explanation]:
    seen = error.instance
    again = next((index for index, entry in enumerate(seen) if entry in seen[:index]), 0)
    entry = seen[again] if isinstance(seen[again], (str, int)) else None
    message = f"{shown(entry)} stands twice in the list" if entry is not None else "an entry stands twice in the list"
    return [("V209", message, "Keep one of the two.", (again,), False)]


def _property_name(error: jsonschema.ValidationError) -> list[_Explanation]:
    key = str(error.instance)
    if error.validator == "format" and error.validator_value == "language":
        return [("V210", *_no_language(error), (key,), True)]
    cure = _hint(error.schema) or _description(error.schema) or f"Keys here have the form {error.schema.get('pattern', '')}"
    return [("V210", f"{shown(key)} cannot be a key here", cure, (key,), True)]


def _other(error: jsonschema.ValidationError) -> list[_Explanation]:
    cure = _hint(error.schema) or _description(error.schema)
    return [("V299", f"{shown(error.instance)} does not fit the schema ({error.validator})", cure, (), False)]


_EXPLANATIONS: dict[str, Callable[[jsonschema.ValidationError], list[_Explanation]]] = {
    "type": _type,
    "enum": _enum,
    "const": _const,
    "pattern": _pattern_error,
    "format": _format,
    "uniqueItems": _twice,
    **dict.fromkeys(_SIZES, _length),
}
