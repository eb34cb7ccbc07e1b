"""Answers of the API as pages for people: the same content as tables, facts and links."""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from gis_core.layers.layer import Layer, Property
from gis_core.views.display import text_of

# More columns than this are left to the feature's own page.
MOST_COLUMNS = 7
# What the page's own parts show.
_SHOWN_ELSEWHERE = {"title", "description", "links", "collections", "features", "type", "stac_version", "properties"}


@dataclass(frozen=True)
class Fact:
    """One member of a JSON object: a short text, a list of short texts, or anything else as JSON."""

    title: str
    text: str = ""
    items: tuple[str, ...] = ()
    code: str = ""


def context(request: HttpRequest, content: dict[str, Any], title: Any, layer: Layer | None) -> dict[str, Any]:
    """What ``gis_core/api/resource.html`` shows of a JSON answer. ``layer`` gives properties their titles."""
    links = content.get("links", [])
    query = request.GET.copy()
    query["f"] = "json"
    return {
        "title": title or content.get("title", "API"),
        "description": content.get("description", ""),
        "crumbs": _crumbs(request.path),
        "json_url": f"?{query.urlencode()}",
        "links": [{**link, "title": link.get("title") or _relation(link["rel"])} for link in links],
        "previous": _href(links, "prev"),
        "next": _href(links, "next"),
        "collections": content.get("collections"),
        "matched": content.get("numberMatched"),
        "returned": content.get("numberReturned"),
        "table": _table(content["features"], layer) if "features" in content else None,
        "facts": _facts(content, layer),
    }


def _crumbs(path: str) -> list[dict[str, str]]:
    """The pages above this one."""
    steps = [step for step in path.strip("/").split("/")[1:] if step]
    crumbs = [{"title": "API", "url": "/api/"}] if steps else []
    for depth, step in enumerate(steps[:-1], 1):
        crumbs.append({"title": step, "url": "/api/" + "/".join(steps[:depth])})
    return crumbs


def _href(links: list[dict[str, Any]], rel: str) -> str:
    return next((str(link["href"]) for link in links if link["rel"] == rel), "")


def _relation(rel: str) -> str:
    titles = {
        "self": _("This page"),
        "alternate": _("In another form"),
        "collection": _("The collection"),
        "related": _("List"),
        "data": _("Collections"),
        "items": _("Features"),
        "conformance": _("Standards that are followed"),
        "service-desc": _("Description of the API (OpenAPI)"),
        "service-doc": _("Description of the API"),
        "next": _("Next page"),
        "prev": _("Previous page"),
        "schema": _("Schema"),
        "queryables": _("What can be asked for"),
        "tilesets-vector": _("Vector tiles"),
        "item": _("Tiles"),
    }
    name = rel.rsplit("/", 1)[-1]
    return titles.get(name, name)


def _properties(layer: Layer | None) -> dict[str, Property]:
    return {prop.name: prop for prop in layer.resolved_properties} if layer else {}


def _text(prop: Property | None, value: Any) -> str:
    if prop and not isinstance(value, dict):
        return text_of(prop, value)
    if value is None or isinstance(value, dict | list):
        return "" if value is None else json.dumps(value, ensure_ascii=False)
    return str(value)


def _table(features: list[dict[str, Any]], layer: Layer | None) -> dict[str, Any]:
    known = _properties(layer)
    listed = [name for name, prop in known.items() if features and name in features[0]["properties"] and prop.listed]
    heads = {name: capfirst(str(known[name].title)) for name in listed[:MOST_COLUMNS]}
    rows = [
        {
            "id": feature["id"],
            "cells": [
                {"head": head, "text": _text(known[name], feature["properties"].get(name))}
                for name, head in heads.items()
            ],
        }
        for feature in features
    ]
    return {"heads": list(heads.values()), "rows": rows}


def _facts(content: dict[str, Any], layer: Layer | None) -> list[Fact]:
    """The members of an object; of a feature, its properties and then its geometry."""
    known = _properties(layer) if content.get("type") == "Feature" else {}
    members = content.get("properties") if content.get("type") == "Feature" else None
    if members is None:
        members = {name: value for name, value in content.items() if name not in _SHOWN_ELSEWHERE}
        members |= {"properties": content["properties"]} if "properties" in content else {}
    elif "geometry" in content:
        members = {**members, "geometry": content["geometry"]}
    return [_fact(name, value, known.get(name)) for name, value in members.items()]


def _fact(name: str, value: Any, prop: Property | None) -> Fact:
    title = capfirst(str(prop.title)) if prop else name
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return Fact(title, items=tuple(map(str, value)))
    if isinstance(value, dict | list):
        return Fact(title, code=json.dumps(value, ensure_ascii=False, indent=2))
    return Fact(title, text=_text(prop, value))
