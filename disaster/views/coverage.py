"""Coverage: which villages are in reach of what works, as a map, a table by town, a list and a file; and where a few
more depots or items would help most."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from disaster.coverage import State
from disaster.coverage_forms import BestForm, CoverageForm
from disaster.coverage_map import Mark
from disaster.services import best_places as best
from disaster.services import coverage as services
from disaster.services.coverage_picture import draw, legend, town_name
from disaster.words import coverage as words
from gis_core import jobs, permissions
from gis_core.models import Job
from gis_core.views.jobs import csv_lines

# Villages listed below the map; the file holds all.
LISTED = 200
ORDER = {State.OUT: 0, State.UNKNOWN: 1, State.REACHED: 2}


@login_required
@never_cache
@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """``?item= &city= &town= &limit= &measure= &by= &least= &detour= &speed=``."""
    form = CoverageForm(request.GET, request.user)
    context: dict[str, Any] = {"form": form, "tab": "reach"}
    if not form.is_valid():
        return render(request, "disaster/coverage.html", context, status=422)
    answer = services.answer(request.user, form.question())
    return render(request, "disaster/coverage.html", {**context, **_shown(answer)})


def _shown(answer: services.Answer) -> dict[str, Any]:
    question = answer.question
    title = _("Map of coverage: %(item)s") % {"item": question.item}
    kinds = ["reached", "out", *(["unknown"] if answer.sums[State.UNKNOWN].villages else []), "holding"]
    kinds += ["unsure"] if answer.facts.unknown else []
    gaps = [line for line in _ordered(answer) if line.reached.state != State.REACHED]
    return {
        "answer": answer,
        "question": question,
        "summary": words.summary(answer),
        "notes": notes(answer),
        "map": draw(answer, title),
        "legend": legend([*kinds, "empty"]),
        "towns": town_rows(answer),
        "totals": {state.value: words.villages_and_people(found) for state, found in answer.sums.items()},
        "gaps": [_row(line, answer) for line in gaps[:LISTED]],
        "gaps_more": max(0, len(gaps) - LISTED),
    }


def notes(answer: services.Answer) -> list[str]:
    """What one must know to believe the figures."""
    question, told = answer.question, []
    if question.by == services.ROADS and answer.facts.network is None:
        told.append(_("No roads are loaded here: straight lines were taken."))
    if answer.straight:
        told.append(
            ngettext(
                "%(number)s village, or the depot nearest to it, lies more than %(metres)s m from every loaded road: "
                "there the straight line was taken.",
                "%(number)s villages, or the depots nearest to them, lie more than %(metres)s m from every loaded "
                "road: there the straight line was taken.",
                answer.straight,
            )
            % {"number": answer.straight, "metres": f"{services.JOIN_M:g}"}
        )
    if answer.facts.unknown:
        told.append(
            ngettext(
                "Of %(number)s depot that should hold it nobody has recorded anything (%(names)s): villages that only "
                "it could reach are not known.",
                "Of %(number)s depots that should hold it nobody has recorded anything (%(names)s): villages that only "
                "they could reach are not known.",
                len(answer.facts.unknown),
            )
            % {
                "number": len(answer.facts.unknown),
                "names": ", ".join(str(depot) for depot in answer.facts.unknown[:5]),
            }
        )
    return told


def town_rows(answer: services.Answer) -> list[dict[str, Any]]:
    return [
        {
            "area": line.area, "has_gap": line.has_gap, "reached": words.villages_and_people(line.reached),
            "out": words.villages_and_people(line.out) if line.out.villages else "",
            "unknown": words.villages_and_people(line.unknown) if line.unknown.villages else "",
        }
        for line in answer.towns
        if line.reached.villages or line.has_gap
    ]  # fmt: skip


def _ordered(answer: services.Answer) -> list[services.Line]:
    """Those out of reach first, and of these where most people live."""
    return sorted(
        answer.lines, key=lambda line: (ORDER[line.reached.state], -(line.village.people or 0), line.village.pk)
    )


def _row(line: services.Line, answer: services.Answer) -> dict[str, Any]:
    return {
        "village": line.village,
        "town": town_name(line.town),
        "people": pgettext("coverage", "not known")
        if line.village.people is None
        else words.number(line.village.people),
        "state": words.STATES[line.reached.state],
        "depot": line.depot,
        "way": words.way(line.reached, answer.question.measure, by_roads=answer.facts.network is not None),
    }


@login_required
@never_cache
@require_safe
def coverage_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """Every village with its state; unknown numbers stay empty."""
    form = CoverageForm(request.GET, request.user)
    if not form.is_valid():
        return render(request, "disaster/coverage.html", {"form": form, "tab": "reach"}, status=422)
    answer = services.answer(request.user, form.question())
    response = StreamingHttpResponse(csv_lines(list(_lines(answer))), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="coverage.csv"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _lines(answer: services.Answer) -> Iterator[list[Any]]:
    unit = dict(words.MEASURES)[answer.question.measure.value]
    yield [
        _("Town"), _("Village"), _("Households"), _("Inhabitants"), _("State"), _("Nearest depot"),
        _("Town of the depot"), _("Way (%(unit)s)") % {"unit": unit}, _("Measured along"),
    ]  # fmt: skip
    for line in answer.lines:
        reached, village = line.reached, line.village
        along = _("straight line") if reached.is_straight else _("road")
        yield [
            town_name(line.town), village.name, "" if village.households is None else village.households,
            "" if village.people is None else village.people, str(words.STATES[reached.state]),
            line.depot or "", town_name(line.depot.area) if line.depot else "",
            "" if reached.cost is None else round(reached.cost, 2), "" if reached.cost is None else along,
        ]  # fmt: skip


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def best_places(request: HttpRequest) -> HttpResponse:
    """GET asks and answers; what takes longer is offered as work in the background, which POST starts."""
    asked = request.POST if request.method == "POST" else request.GET
    form = BestForm(asked, request.user)
    context: dict[str, Any] = {"form": form, "tab": "best"}
    if not form.is_valid():
        return render(request, "disaster/best_places.html", context, status=422)
    question, wish = form.question(), form.wish()
    if request.method == "POST":
        title = _("Best places for %(number)s more: %(item)s") % {"number": wish.number, "item": question.item}
        return redirect("job", best.start(request.user, question, wish, title).pk)
    if "number" in request.GET:
        facts = best.gather(request.user, question)
        offered = best.candidates(question, facts, wish)
        if best.is_big(facts, offered):
            fields = [(name, value) for name, values in form.asked.lists() for value in values]
            context |= {"is_big": True, "fields": fields, "villages": len(facts.villages), "offered": len(offered)}
        else:
            found = best.solve(question, facts, wish, offered)
            context |= _found(request.user, question, wish, facts, found)
    return render(request, "disaster/best_places.html", context)


@login_required
@never_cache
@require_safe
def best_places_result(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """What was found in the background."""
    job = Job.objects.filter(pk=uuid).first()
    is_own = job is not None and (job.created_by_id == request.user.pk or permissions.is_administrator(request.user))
    if job is None or not is_own or "chosen" not in job.report:
        raise Http404
    context: dict[str, Any] = {"tab": "best", "job": job}
    try:
        question, wish, facts, found = best.kept(job.report, request.user)
    except jobs.JobError as error:
        return render(request, "disaster/best_places.html", {**context, "problem": str(error)}, status=409)
    return render(
        request, "disaster/best_places.html", {**context, **_found(request.user, question, wish, facts, found)}
    )


def _found(
    user: Any, question: services.Question, wish: best.Wish, facts: services.Facts, found: best.Best
) -> dict[str, Any]:
    answer = services.answer(user, question, facts)
    marks = [Mark("best", each.place, each.name) for each in found.chosen]
    rows = [line for line in _ordered(answer) if line.village.pk in found.gained_villages]
    return {
        "found": found,
        "question": question,
        "wish": wish,
        "said": words.best(found, question, wish),
        "notes": words.notes(found, question, wish),
        "chosen": [(each, words.KIND_OF_ONE[each.kind]) for each in found.chosen],
        "gained": [_row(line, answer) for line in rows[:LISTED]],
        "now": words.summary(answer),
        "map": draw(answer, _("Map of the best places: %(item)s") % {"item": question.item}, extra=marks),
        "legend": legend(["best", "reached", "out", "holding", "empty"]),
    }
