"""What of a later description of the API breaks a client of an earlier one.

A client breaks when an endpoint, a parameter or a value of a parameter is gone, when a parameter has become required
or takes less, and when a field of a response is gone, may be missing, or has another type. More endpoints, optional
parameters, fields, page types, blocks and values of a field are no break: a client passes over what it does not know.
"""

import json
from collections.abc import Iterator
from typing import Any

Schema = dict[str, Any]
SUCCESS = "200"
# What every parameter was held to before the description of any said so, up to 0.2.0.
UNSAID = {"maxLength": 2_000, "maxItems": 50}


def breaks(old: Schema, new: Schema) -> list[str]:
    """Return, in words, each way in which `new` breaks a client of `old`."""
    found: list[str] = []
    responses = _Responses(old, new)
    for path, methods in old["paths"].items():
        for method, before in methods.items():
            # Both forms of an address are answered, so that it may be described in either.
            either = (new["paths"].get(form, {}) for form in (path, path.rstrip("/"), f"{path}/"))
            after = next((methods[method] for methods in either if method in methods), None)
            name = f"{method.upper()} {path}"
            if after is None:
                found.append(f"{name}: is gone")
                continue
            found += [f"{name}: {text}" for text in _parameters(before, after)]
            for status, response in before["responses"].items():
                if status in after["responses"]:
                    later = after["responses"][status]
                    found += [f"{name}: {text}" for text in responses.compare(response, later)]
                elif status == SUCCESS:
                    found.append(f"{name}: no longer answers {status}")
    return found


def _parameters(before: Schema, after: Schema) -> Iterator[str]:
    old, new = (
        {(parameter["in"], parameter["name"]): parameter for parameter in operation["parameters"]}
        for operation in (before, after)
    )
    for key, parameter in old.items():
        name = f"parameter {key[1]}"
        if key not in new:
            yield f"{name} is gone"
            continue
        if new[key].get("explode") != parameter.get("explode"):
            yield f"{name} is written in another way"
        yield from _takes_less(name, parameter["schema"], new[key]["schema"])
    for key, parameter in new.items():
        if parameter.get("required") and not old.get(key, {}).get("required"):
            yield f"parameter {key[1]} is required"


def _takes_less(name: str, before: Schema, after: Schema) -> Iterator[str]:
    """Say where what a parameter takes has become less; a parameter is plain, a list, or a choice of both."""
    for old in _alternatives(before):
        fitting = [new for new in _alternatives(after) if new.get("type") == old.get("type")]
        if not fitting:
            yield f"{name} no longer takes {old.get('type')}"
        elif all(list(_narrower(name, old, new)) for new in fitting):
            yield from _narrower(name, old, fitting[0])


def _narrower(name: str, old: Schema, new: Schema) -> Iterator[str]:
    kept = _values(new)
    if kept is not None:
        gone = sorted(set(_values(old) or {"anything else"}) - set(kept))
        if gone:
            yield f"{name} no longer takes {', '.join(map(str, gone))}"
    for limit in ("maximum", "maxLength", "maxItems"):
        before = old.get(limit, UNSAID.get(limit))
        if limit in new and (before is None or new[limit] < before):
            yield f"{name} has a lower {limit}"
    for limit in ("minimum", "minLength", "minItems"):
        if limit in new and new[limit] > old.get(limit, float("-inf")):
            yield f"{name} has a higher {limit}"
    for part in ("pattern", "format"):
        if part in new and new[part] != old.get(part):
            yield f"{name} has another {part}"
    if "items" in old:
        yield from _takes_less(name, old["items"], new["items"])


class _Responses:
    """Compares what two documents answer; each pair of named types is compared once."""

    def __init__(self, old: Schema, new: Schema) -> None:
        self.old = old["components"]["schemas"]
        self.new = new["components"]["schemas"]
        self.compared: set[tuple[str, str]] = set()

    def compare(self, before: Schema, after: Schema) -> Iterator[str]:
        """Say what is gone or of another type in a response."""
        for name, header in before.get("headers", {}).items():
            later = after.get("headers", {}).get(name)
            if later is None:
                yield f"header {name} is gone"
            else:
                yield from self.types(f"header {name}", header["schema"], later["schema"])
        for kind, content in before.get("content", {}).items():
            if kind not in after.get("content", {}):
                yield f"is no longer {kind}"
            else:
                later = after["content"][kind]["schema"]
                yield from self.types("the response", content["schema"], later)

    def types(self, place: str, before: Schema, after: Schema) -> Iterator[str]:
        """Say how a type differs; `place` is where it stands."""
        old, new = (
            {_key(part): part for part in _alternatives(schema)} for schema in (before, after)
        )
        named = {key for key in old if key.startswith("#")}
        for key in sorted(set(new) - set(old)):
            # One more named type in a union of them is something more to choose from; anything else is a surprise.
            if not (key.startswith("#") and named):
                yield f"{place} may be {key}, which it was not"
        for key in sorted(named - set(new)):
            yield f"{place} is no longer {key}"
        if not set(new) & set(old):
            yield f"{place} has another type"
        for key in sorted(set(old) & set(new)):
            yield from self.of_one_kind(place, old[key], new[key])

    def of_one_kind(self, place: str, old: Schema, new: Schema) -> Iterator[str]:
        """Say how two schemas of the same kind differ."""
        if "$ref" in old:
            pair = (old["$ref"], new["$ref"])
            if pair not in self.compared:
                self.compared.add(pair)
                name = old["$ref"].rpartition("/")[2]
                yield from self.types(name, self.old[name], self.new[name])
            return
        if _values(old) != _values(new) and (
            _values(old) is None
            or _values(new) is None
            or not set(_values(old) or ()) & set(_values(new) or ())
        ):
            yield f"{place} has other values"
        if old.get("format") != new.get("format"):
            yield f"{place} has another format"
        for name, schema in old.get("properties", {}).items():
            if name not in new.get("properties", {}):
                yield f"{place}.{name} is gone"
                continue
            if name in old["required"] and name not in new["required"]:
                yield f"{place}.{name} may be missing"
            yield from self.types(f"{place}.{name}", schema, new["properties"][name])
        if "items" in old:
            yield from self.types(f"{place}[]", old["items"], new["items"])
        if isinstance(old.get("additionalProperties"), dict):
            later = new.get("additionalProperties") or {"type": "nothing"}
            yield from self.types(f"{place}[name]", old["additionalProperties"], later)


def _values(schema: Schema) -> list[Any] | None:
    if "const" in schema:
        return [schema["const"]]
    return schema.get("enum")


def _alternatives(schema: Schema) -> list[Schema]:
    """Return what a schema is a choice of, each with one type or one reference."""
    members = schema.get("anyOf") or schema.get("oneOf")
    if members:
        return [part for member in members for part in _alternatives(member)]
    kinds = schema.get("type")
    if not isinstance(kinds, list):
        return [schema]
    return [{"type": kind} if kind == "null" else {**schema, "type": kind} for kind in kinds]


def _key(schema: Schema) -> str:
    """Return what tells an alternative from the others: its name, or its type."""
    return str(schema.get("$ref") or schema.get("type") or json.dumps(schema))
