"""A day's route as SVG, for the screen and for paper: towns, the way, numbered stops, and a scale. No Django here."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from shapely import MultiPoint, MultiPolygon, Polygon

Place = tuple[float, float]
WIDTH = 720.0
INK, LINE, DONE, AWAY = "#1e2124", "#0b50d0", "#5c6670", "#b34700"
# Metres that a scale bar may stand for.
SCALES = (10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


@dataclass(frozen=True)
class Mark:
    """A stop: ``state`` is todo, done, or away (no longer this crew's)."""

    number: int
    place: Place
    state: str = "todo"


def route_map(
    start: Place, marks: Sequence[Mark], towns: Sequence[MultiPolygon], title: str,
    *, is_closed: bool, others: Sequence[Place] = (), height: float = 420.0,
) -> str:  # fmt: skip
    """All places in EPSG:5179. ``others`` are the crew's further houses, drawn small."""
    fitted = [start, *(mark.place for mark in marks)]
    at, scale = projection(fitted if marks else [start, *others], height)
    way = [at(start), *(at(mark.place) for mark in marks), *([at(start)] if is_closed and marks else [])]
    parts = [f'<path d="{outline(town, at)}" fill="#fff" stroke="#8a939c" stroke-width="1.2"/>' for town in towns]
    parts += [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="#fff" stroke="{DONE}" stroke-width="1.4"/>'
        for x, y in map(at, others)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y in way)
    parts.append(f'<polyline points="{line}" fill="none" stroke="{LINE}" stroke-width="2" stroke-linejoin="round"/>')
    x, y = at(start)
    parts.append(
        f'<rect x="{x - 8:.1f}" y="{y - 8:.1f}" width="16" height="16" rx="2" fill="{INK}" stroke="#fff" '
        'stroke-width="2"/>'
    )
    # The first stops last, so that of houses side by side the one that comes first lies on top.
    parts += [_stop(mark, at) for mark in reversed(marks)]
    parts += scale_bar(scale, height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:g} {height:g}" overflow="hidden" role="img" '
        f"aria-label=\"{escape(title)}\" font-family=\"'Pretendard GOV', 'Noto Sans CJK KR', sans-serif\">"
        f'<rect width="{WIDTH:g}" height="{height:g}" fill="#eef1f4"/>{"".join(parts)}</svg>'
    )


def projection(places: Sequence[Place], height: float, least_m: float = 200) -> tuple[Callable[[Place], Place], float]:
    """From metres to the picture, the same both ways, with a margin; and how many units a metre has."""
    west, south, east, north = MultiPoint(places).bounds
    scale = min((WIDTH - 90) / max(east - west, least_m), (height - 90) / max(north - south, least_m))
    middle = ((west + east) / 2, (south + north) / 2)

    def at(place: Place) -> Place:
        return WIDTH / 2 + (place[0] - middle[0]) * scale, height / 2 - (place[1] - middle[1]) * scale

    return at, scale


def outline(town: MultiPolygon | Polygon, at: Callable[[Place], Place]) -> str:
    rings = [ring for part in getattr(town, "geoms", [town]) for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join("{:.1f} {:.1f}".format(*at((x, y))) for x, y in ring.coords) + "Z" for ring in rings)


def _stop(mark: Mark, at: Callable[[Place], Place]) -> str:
    x, y = at(mark.place)
    fill, ink = {"todo": (LINE, "#fff"), "done": ("#dfe4e8", INK)}.get(mark.state, ("#fff", AWAY))
    edge = "#fff" if mark.state == "todo" else ink
    return (
        f'<g class="stop"><circle cx="{x:.1f}" cy="{y:.1f}" r="10" fill="{fill}" stroke="{edge}" '
        f'stroke-width="1.6"/><text x="{x:.1f}" y="{y + 4.3:.1f}" text-anchor="middle" font-size="12" '
        f'font-weight="700" fill="{ink}">{mark.number}</text></g>'
    )


def scale_bar(scale: float, height: float) -> list[str]:
    metres = next((each for each in SCALES if each * scale >= 70), SCALES[-1])
    label = f"{metres} m" if metres < 1000 else f"{metres // 1000} km"
    y, end = height - 16, 16 + metres * scale
    place = f'x="{(16 + end) / 2:.1f}" y="{y - 6:g}" text-anchor="middle" font-size="12"'
    return [
        f'<path d="M16 {y - 5:g}V{y:g}H{end:.1f}V{y - 5:g}" fill="none" stroke="{INK}" stroke-width="1.6"/>',
        # Twice: on paper a border is always painted over its text, whatever the order asked for.
        f'<text {place} fill="#fff" stroke="#fff" stroke-width="3">{label}</text>',
        f'<text {place} fill="{INK}">{label}</text>',
    ]
