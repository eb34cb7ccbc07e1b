"""Errors as RFC 9457 problem details, in the caller's language."""

import json
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.views import set_rollback

from gis_core.editing import Conflict, Invalid, NotAllowed, VersionRequired
from gis_core.layers.filters import BadFilter

PROBLEM_JSON = "application/problem+json"


class BadRequest(Exception):
    """A query parameter or header makes no sense; the text says which and why."""

    def __init__(self, detail: str, parameter: str = "") -> None:
        super().__init__(detail)
        self.detail, self.parameter = detail, parameter


def problem(status: int, detail: str = "", **extra: Any) -> HttpResponse:
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **extra}
    return HttpResponse(json.dumps(body, ensure_ascii=False, default=str), status=status, content_type=PROBLEM_JSON)


def conflict(error: Conflict, current: dict[str, Any]) -> HttpResponse:
    response = problem(
        HTTPStatus.PRECONDITION_FAILED,
        _("Somebody else has changed this since you read it."),
        current=current,
        difference=error.difference,
    )
    response["ETag"] = f'"{error.current.version}"'
    return response


def exception_handler(error: Exception, context: dict[str, Any]) -> HttpResponse | None:
    """DRF's hook: every refusal of the API as a problem document."""
    response = _answer(error)
    if response is None:
        return None
    set_rollback()
    return response


def _answer(error: Exception) -> HttpResponse | None:
    match error:
        case BadRequest():
            return problem(HTTPStatus.BAD_REQUEST, error.detail, parameter=error.parameter)
        case BadFilter():
            return problem(HTTPStatus.BAD_REQUEST, _("A filter makes no sense."), errors=error.errors)
        case Invalid():
            return problem(HTTPStatus.UNPROCESSABLE_ENTITY, _first(error.errors), errors=error.errors)
        case NotAllowed():
            return problem(HTTPStatus.FORBIDDEN, str(error))
        case VersionRequired():
            return problem(
                HTTPStatus.PRECONDITION_REQUIRED, _("Send If-Match with the ETag of the version you are changing.")
            )
        case Http404():
            return problem(HTTPStatus.NOT_FOUND, _("There is nothing here, or nothing you may see."))
        case PermissionDenied():
            return problem(HTTPStatus.FORBIDDEN, str(error))
        case exceptions.APIException():
            return _of_framework(error)
    return None


def _first(errors: dict[str, list[str]]) -> str:
    field, messages = next(iter(errors.items()))
    return messages[0] if field == "__all__" else f"{field}: {messages[0]}"


def _of_framework(error: exceptions.APIException) -> HttpResponse:
    response = problem(error.status_code, str(error.detail))
    if header := getattr(error, "auth_header", None):
        response["WWW-Authenticate"] = header
    if wait := getattr(error, "wait", None):
        response["Retry-After"] = str(int(wait))
    return response


__all__ = ["BadRequest", "conflict", "exception_handler", "problem"]
