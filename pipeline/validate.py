"""The room that knows JSON Schema: each record alone against the schema of its kind.

Two validators, one meaning. The compiled one (jsonschema-rs), where it is installed, only
says yes; whatever it refuses goes to jsonschema, whose errors become our own sentences. A
test keeps the two in agreement. Nothing is ever fetched: schemas arrive complete.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

import jsonschema
from jsonschema import Draft202012Validator
from jsonschema.validators import extend
from referencing import Registry

from pipeline import dates
from pipeline.model import Corpus, Diagnostic, Kind, Pointer, Position, Record

try:
    import jsonschema_rs
except ImportError:  # no wheel for this machine: slower, the same findings
    jsonschema_rs = None  # type: ignore[assignment]

_MAX_SHOWN = 60


def is_edtf(value: object) -> bool:
    """Whether a value is a date in our subset of EDTF."""
    return not isinstance(value, str) or dates.parse(value) is not None


def is_edtf_until(value: object) -> bool:
    """Whether a value is such a date, or "..": still so at the last source."""
    return value == ".." or is_edtf(value)


def is_http_url(value: object) -> bool:
    """Whether a value is an http or https address that a browser reads as it is written."""
    if not isinstance(value, str):
        return True
    if re.search(r"[\x00-\x20<>\"\\^`{|}\x7f]", value):
        return False
    try:
        parts = urlsplit(value)
        host = parts.hostname
        _ = parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and "@" not in parts.netloc


_FORMATS: dict[str, Callable[[object], bool]] = {
    "edtf": is_edtf, "edtf-until": is_edtf_until, "http-url": is_http_url,
}


def _pattern(_validator: Any, pattern: str, value: Any, _schema: Any) -> Iterable[jsonschema.ValidationError]:
    """As in the standard, but `$` is the end of the text, never the place before a last line feed."""
    if isinstance(value, str) and not re.search(re.sub(r"(?<!\\)\$$", r"\\Z", pattern), value):
        yield jsonschema.ValidationError(f"{value!r} does not match {pattern!r}")


_Explainer = extend(Draft202012Validator, {"pattern": _pattern})


def _format_checker() -> jsonschema.FormatChecker:
    checker = jsonschema.FormatChecker(formats=())
    for name, function in _FORMATS.items():
        checker.checks(name)(function)
    return checker


def validate(corpus: Corpus) -> Corpus:
    """The corpus without the records that break their schema, and a finding for each break."""
    found: list[Diagnostic] = []
    broken_kinds = set()
    checkers = {}
    for kind in corpus.kinds.values():
        problem = None if kind.digest in _CHECKERS else _schema_problem(kind)
        if problem:
            found.append(problem)
            broken_kinds.add(kind.name)
        else:
            checkers[kind.name] = _checker(kind)
    records: dict[str, Record] = {}
    rejected = dict(corpus.rejected)
    for ref, record in corpus.records.items():
        if record.kind in broken_kinds:
            rejected[ref] = record.path
            continue
        findings = checkers[record.kind](record)
        if findings:
            found += findings
            rejected[ref] = record.path
        else:
            records[ref] = record
    counts = {**corpus.counts, "validated": len(corpus.records)}
    grown = replace(corpus, records=records, rejected=rejected, counts=counts)
    return grown.with_diagnostics(found)


def _schema_problem(kind: Kind) -> Diagnostic | None:
    if jsonschema_rs is not None and jsonschema_rs.meta.is_valid(dict(kind.schema)):
        return None
    try:
        Draft202012Validator.check_schema(kind.schema)
        return None
    except jsonschema.SchemaError as error:
        place = "/".join(str(step) for step in error.absolute_path) or "its top"
        message = f"the schema is not valid JSON Schema at {place[:120]}: {error.message[:160]}"
        return Diagnostic("V200", message, kind.path, help="Correct the schema.", position=Position(1, 1))


_CHECKERS: dict[str, Callable[[Record], list[Diagnostic]]] = {}


def _checker(kind: Kind) -> Callable[[Record], list[Diagnostic]]:
    """A function from a record of this kind to its findings, made once for each schema."""
    if kind.digest not in _CHECKERS:
        _CHECKERS[kind.digest] = _make_checker(kind)
    return _CHECKERS[kind.digest]


def _make_checker(kind: Kind) -> Callable[[Record], list[Diagnostic]]:
    explainer = _Explainer(kind.schema, registry=Registry(), format_checker=_format_checker())
    accepts = compiled(kind)

    def check(record: Record) -> list[Diagnostic]:
        if accepts is not None and accepts(record.data):
            return []
        return explain_errors(explainer.iter_errors(record.data), record)

    return check


def compiled(kind: Kind) -> Callable[[Any], bool] | None:
    """The compiled validator's yes or no, or None where jsonschema-rs is not installed."""
    if jsonschema_rs is None:
        return None
    validator = jsonschema_rs.Draft202012Validator(dict(kind.schema), validate_formats=True, formats=_FORMATS)
    return validator.is_valid


def explain_errors(errors: Iterable[jsonschema.ValidationError], record: Record) -> list[Diagnostic]:
    """Findings for the errors of one record, in the order of their places."""
    found = [diagnostic for error in errors for diagnostic in _explain(error, record)]
    # A misspelt key is one mistake: do not also say that the key it was meant to be is missing.
    misspelt = {(d.pointer[:-1], d.help) for d in found if d.code == "V201"}
    found = [d for d in found if d.code != "V202" or (d.pointer, f"did you mean {d.message.split()[2]}?") not in misspelt]
    return sorted(found, key=lambda d: ([str(step).rjust(6) for step in d.pointer], d.code, d.message))


def _explain(error: jsonschema.ValidationError, record: Record) -> list[Diagnostic]:
    keyword = str(error.validator)
    pointer: Pointer = tuple(error.absolute_path)
    explain = _EXPLANATIONS.get(keyword, _other)
    return [
        Diagnostic(code, message, record.path, help=help_text, pointer=(*pointer, *extra), on_key=on_key)
        for code, message, help_text, extra, on_key in explain(error)
    ]


_Explanation = tuple[str, str, str, Pointer, bool]


def _shown(value: Any) -> str:
    text = str(value)
    return f"'{text[:_MAX_SHOWN]}…'" if len(text) > _MAX_SHOWN else f"'{text}'"


def _hint(schema: Any) -> str:
    return str(schema.get("x-hint") or "") if isinstance(schema, Mapping) else ""


def _nearest(word: str, choices: Iterable[str]) -> str:
    near = difflib.get_close_matches(word, list(choices), n=1, cutoff=0.6)
    return f"did you mean '{near[0]}'?" if near else ""


def _unknown_keys(error: jsonschema.ValidationError) -> list[_Explanation]:
    properties = error.schema.get("properties", {})
    derived = error.schema.get("x-derived", {})
    out: list[_Explanation] = []
    for key in error.instance:
        if key in properties:
            continue
        if key in derived:
            out.append(("V204", f"{_shown(key)} is derived, never written", str(derived[key]), (key,), True))
            continue
        cure = _nearest(key, properties) or f"The keys here are: {', '.join(sorted(properties))}."
        out.append(("V201", f"unknown key {_shown(key)}", cure, (key,), True))
    return out


def _required(error: jsonschema.ValidationError) -> list[_Explanation]:
    out: list[_Explanation] = []
    for key in error.validator_value:
        if key in error.instance or not error.message.startswith(repr(key)):
            continue
        schema = error.schema.get("properties", {}).get(key, {})
        schema = {**_definition(error, schema.get("$ref", "")), **schema}
        cure = _hint(schema) or f"Add `{key}:`. {schema.get('description', '')}".strip()
        out.append(("V202", f"the key '{key}' is missing", cure, (), False))
    return out


def _definition(error: jsonschema.ValidationError, ref: str) -> Mapping[str, Any]:
    root = error._root_schema if hasattr(error, "_root_schema") else {}
    return root.get("$defs", {}).get(ref.removeprefix("#/$defs/"), {}) if ref else {}


_TYPE_NAMES = {
    "string": "text", "integer": "a whole number", "boolean": "true or false", "array": "a list", "object": "keys with values",
}


def _type(error: jsonschema.ValidationError) -> list[_Explanation]:
    wanted = error.validator_value if isinstance(error.validator_value, str) else error.validator_value[0]
    value = error.instance
    if isinstance(value, bool):
        found, cure = f"{str(value).lower()}", f'Quote it: "{str(value).lower()}".'
    elif isinstance(value, int):
        found, cure = f"the number {str(value)[:40]}", f'Quote it: "{str(value)[:40]}".'
    else:
        found = {"str": f"the text {_shown(value)}", "list": "a list", "dict": "keys with values"}.get(type(value).__name__, "something else")
        cure = "Begin each entry with a hyphen." if wanted == "array" else str(error.schema.get("description", ""))
    if wanted != "string" and isinstance(value, (bool, int)):
        cure = str(error.schema.get("description", ""))
    return [("V203", f"{_TYPE_NAMES.get(wanted, wanted)} is wanted here, not {found}", _hint(error.schema) or cure, (), False)]


def _enum(error: jsonschema.ValidationError) -> list[_Explanation]:
    choices = [str(choice) for choice in error.validator_value]
    near = _nearest(str(error.instance), choices)
    listed = f"It is one of: {', '.join(choices)}."
    return [("V205", f"{_shown(error.instance)} is not one of the words allowed here", f"{near} {listed}".strip(), (), False)]


def _pattern_error(error: jsonschema.ValidationError) -> list[_Explanation]:
    hint = _hint(error.schema) or str(error.schema.get("description", ""))
    return [("V206", f"{_shown(error.instance)} does not have the form wanted here", hint, (), False)]


def _format(error: jsonschema.ValidationError) -> list[_Explanation]:
    if error.validator_value in ("edtf", "edtf-until"):
        cure = _hint(error.schema) or "Write 2024, 2024-10 or 2024-10-15, 2024-10-08/2024-10-13, [1995-09..1996-09], ../2024 or 2012-05/.. ."
        return [("V207", f"{_shown(error.instance)} is not a date", cure, (), False)]
    cure = "Write the whole address, beginning with http:// or https://, without spaces."
    return [("V208", f"{_shown(error.instance)} is not a web address", cure, (), False)]


def _length(error: jsonschema.ValidationError) -> list[_Explanation]:
    limit = error.validator_value
    sentences = {
        "minLength": ("the text is empty", "Write something, or leave the key out."),
        "maxLength": (f"the text is longer than {limit} characters", "Shorten it."),
        "minItems": (f"the list has fewer than {limit} entries", _hint(error.schema) or "Add an entry, or leave the key out."),
        "maxItems": (f"the list has more than {limit} entries", "Shorten it."),
        "minProperties": (f"there are fewer than {limit} keys", "Add one, or leave the key out."),
        "maxProperties": (f"there are more than {limit} keys", "Remove some."),
        "minimum": (f"{_shown(error.instance)} is less than {limit}", str(error.schema.get("description", ""))),
        "maximum": (f"{_shown(error.instance)} is more than {limit}", str(error.schema.get("description", ""))),
        "uniqueItems": ("an entry stands twice in the list", "Keep one of the two."),
    }
    message, cure = sentences[str(error.validator)]
    return [("V209", message, cure, (), False)]


def _property_name(error: jsonschema.ValidationError) -> list[_Explanation]:
    key = str(error.instance)
    return [("V210", f"{_shown(key)} cannot be a key here", _hint(error.schema), (key,), True)]


def _other(error: jsonschema.ValidationError) -> list[_Explanation]:
    return [("V299", f"the value does not fit the schema ({error.validator})", _hint(error.schema), (), False)]


_EXPLANATIONS: dict[str, Callable[[jsonschema.ValidationError], list[_Explanation]]] = {
    "additionalProperties": _unknown_keys,
    "unevaluatedProperties": _unknown_keys,
    "required": _required,
    "type": _type,
    "enum": _enum,
    "const": _other,
    "pattern": _pattern_error,
    "format": _format,
    **dict.fromkeys(
        "minLength maxLength minItems maxItems minProperties maxProperties minimum maximum uniqueItems".split(), _length
    ),
}
