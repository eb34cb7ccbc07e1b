import cmath
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facilities.plan.underlay import (
    CannotFit,
    ControlPoint,
    apply,
    fit,
    known_length,
    metres_per_pixel,
    paper_matrix,
)

coordinate = st.floats(0, 12_000, allow_nan=False).map(lambda value: round(value, 1))
pixels = st.tuples(coordinate, coordinate)


@st.composite
def similarities(draw):
    """A scan of a plan: 0.5 mm to 20 cm a pixel, turned any way, moved anywhere near the building."""
    k = cmath.rect(draw(st.floats(0.0005, 0.2)), draw(st.floats(-math.pi, math.pi)))
    move = st.floats(-300, 300)
    return k.real, k.imag, k.imag, -k.real, draw(move), draw(move)


@st.composite
def affines(draw):
    """As above, stretched by up to a tenth in one direction and sheared a little, as scanners and copiers do."""
    a, b, c, d, e, f = draw(similarities())
    stretch, shear = draw(st.floats(0.9, 1.1)), draw(st.floats(-0.1, 0.1))
    return a, b, c * stretch + a * shear, d * stretch + b * shear, e, f


def far_apart(places):
    return all(math.dist(one, other) > 50 for n, one in enumerate(places) for other in places[n + 1 :])


def wide(places):
    (ax, ay), (bx, by), (cx, cy) = places[:3]
    return abs((bx - ax) * (cy - ay) - (cx - ax) * (by - ay)) > 100_000


@settings(max_examples=60)
@given(similarities(), st.lists(pixels, min_size=2, max_size=8).filter(far_apart))
def test_exact_points_give_back_the_similarity_they_came_from(matrix, places):
    found = fit([ControlPoint(place, apply(matrix, place)) for place in places], "similarity")
    assert found.method == "similarity"
    for pixel in [(0, 0), (12_000, 12_000), *places]:
        assert math.dist(apply(found.matrix, pixel), apply(matrix, pixel)) < 1e-5
    assert found.rms < 1e-6
    assert max(found.residuals) < 1e-6


@settings(max_examples=60)
@given(affines(), st.lists(pixels, min_size=3, max_size=8).filter(far_apart).filter(wide))
def test_exact_points_give_back_the_affine_matrix_they_came_from(matrix, places):
    found = fit([ControlPoint(place, apply(matrix, place)) for place in places], "affine")
    for pixel in places:
        assert math.dist(apply(found.matrix, pixel), apply(matrix, pixel)) < 1e-6
    assert found.matrix == pytest.approx(matrix, rel=1e-4, abs=1e-4)


noise = st.tuples(st.floats(-0.3, 0.3), st.floats(-0.3, 0.3))


@settings(max_examples=60)
@given(similarities(), st.lists(st.tuples(pixels, noise), min_size=3, max_size=8))
def test_a_similarity_is_never_mirrored_or_sheared_however_wrong_the_points(matrix, noisy):
    places = [pixel for pixel, _noise in noisy]
    points = [ControlPoint(pixel, tuple(map(sum, zip(apply(matrix, pixel), off)))) for pixel, off in noisy]  # noqa: B905
    if not far_apart(places):
        return
    try:
        a, b, c, d, _e, _f = fit(points, "similarity").matrix
    except CannotFit as refused:
        assert refused.code == "unlikely_scale"
        return
    assert a * c + b * d == pytest.approx(0, abs=1e-12)
    assert math.hypot(a, b) == pytest.approx(math.hypot(c, d))
    assert a * d - b * c < 0


@settings(max_examples=40)
@given(similarities(), st.lists(st.tuples(pixels, noise), min_size=4, max_size=6))
def test_no_similarity_nearby_fits_better_than_the_one_found(matrix, noisy):
    points = [ControlPoint(pixel, tuple(map(sum, zip(apply(matrix, pixel), off)))) for pixel, off in noisy]  # noqa: B905
    if not far_apart([point.pixel for point in points]):
        return
    try:
        found = fit(points, "similarity")
    except CannotFit:
        return

    def error(matrix):
        return sum(math.dist(apply(matrix, point.pixel), point.place) ** 2 for point in points)

    a, b, _c, _d, e, f = found.matrix
    for da, db, de, df in [(1e-5, 0, 0, 0), (0, 1e-5, 0, 0), (0, 0, 0.01, 0), (0, 0, 0, 0.01)]:
        for sign in (1, -1):
            p, q = a + sign * da, b + sign * db
            assert error((p, q, q, -p, e + sign * de, f + sign * df)) >= error(found.matrix) - 1e-9


def test_two_corners_of_a_scan_scale_it_upright():
    found = fit([ControlPoint((100, 900), (0, 0)), ControlPoint((1100, 900), (10, 0))])
    assert found.matrix == pytest.approx((0.01, 0, 0, -0.01, -1, 9))
    assert apply(found.matrix, (100, 400)) == pytest.approx((0, 5))


def test_four_points_are_fitted_with_a_stretch_and_three_without():
    corners = [((0, 0), (0, 10)), ((1000, 0), (10, 10)), ((1000, 900), (10, 0)), ((0, 900), (0, 0))]
    points = [ControlPoint(*corner) for corner in corners]
    assert fit(points).method == "affine"
    assert fit(points).rms == pytest.approx(0, abs=1e-9)
    assert fit(points[:3]).method == "similarity"
    assert fit(points[:3]).rms > 0.1
    assert fit(points, "similarity").method == "similarity"


def test_the_residuals_point_at_the_wrong_corner():
    right = (0.01, 0, 0, -0.01, 0, 10)
    pixels = [(0, 0), (1000, 0), (1000, 1000), (0, 1000), (500, 500), (300, 700)]
    points = [ControlPoint(pixel, apply(right, pixel)) for pixel in pixels]
    points[4] = ControlPoint((500, 500), (5.5, 5))
    found = fit(points)
    assert max(range(6), key=found.residuals.__getitem__) == 4
    assert found.rms == pytest.approx(math.sqrt(sum(one**2 for one in found.residuals) / 6))


@pytest.mark.parametrize(
    ("points", "method", "code"),
    [
        ([], None, "too_few"),
        ([((0, 0), (0, 0))], None, "too_few"),
        ([((0, 0), (0, 0)), ((9, 9), (1, 1))], "affine", "too_few"),
        ([((5, 5), (0, 0)), ((5, 5), (1, 1))], None, "same_pixel"),
        ([((5, 5), (1, 1)), ((7, 7), (1, 1))], None, "same_place"),
        ([((5, 5), (1, 1)), ((7, math.nan), (1, 2))], None, "not_a_number"),
        ([((5, 5), (1, 1)), ((7, 7), (math.inf, 2))], None, "not_a_number"),
        ([((0, 0), (0, 0)), ((100, 0), (1, 0)), ((300, 0), (3, 0)), ((200, 0), (2, 0))], None, "in_line"),
        ([((0, 0), (0, 0)), ((100, 0), (1, 0)), ((0, 100), (0, 1)), ((100, 100), (1, 1))], None, "mirrored"),
        ([((0, 0), (0, 0)), ((10, 0), (10_000, 0))], None, "unlikely_scale"),
        ([((0, 0), (0, 0)), ((9000, 0), (0.01, 0))], None, "unlikely_scale"),
    ],
)
def test_points_that_say_nothing_are_refused_with_the_reason(points, method, code):
    with pytest.raises(CannotFit) as refused:
        fit([ControlPoint(*point) for point in points], method)
    assert refused.value.code == code


def test_a_known_length_scales_an_upright_picture_from_its_lower_left_corner():
    points = known_length((200, 800), (1200, 800), 12.5, height_px=1000)
    found = fit(points)
    assert metres_per_pixel(found.matrix) == pytest.approx(0.0125)
    assert apply(found.matrix, (0, 1000)) == pytest.approx((0, 0), abs=1e-9)
    assert apply(found.matrix, (0, 0)) == pytest.approx((0, 12.5))


@pytest.mark.parametrize(("second", "along"), [((1200, 790), "x"), ((-800, 815), "x"), ((210, 100), "y")])
def test_a_wall_drawn_a_little_askew_turns_the_scan_square(second, along):
    first, second = known_length((200, 800), second, 10, height_px=1000, along=along)
    matrix = fit([first, second]).matrix
    assert first.place["xy".index(along) ^ 1] == pytest.approx(second.place["xy".index(along) ^ 1])
    assert abs(math.degrees(math.atan2(matrix[1], matrix[0]))) < 2
    assert apply(matrix, (0, 1000)) == pytest.approx((0, 0), abs=1e-9)


@settings(max_examples=40)
@given(similarities(), pixels, pixels, st.floats(0.5, 80))
def test_a_new_length_keeps_the_first_point_and_the_turn(matrix, first, second, metres):
    if math.dist(first, second) < 50:
        return
    one, two = known_length(first, second, metres, height_px=9000, matrix=matrix)
    assert one.place == apply(matrix, first)
    assert math.dist(one.place, two.place) == pytest.approx(metres)
    before, after = (apply(matrix, second), two.place)
    turned = cmath.phase(complex(*after) - complex(*one.place)) - cmath.phase(complex(*before) - complex(*one.place))
    assert math.cos(turned) == pytest.approx(1)


@pytest.mark.parametrize(("metres", "second", "code"), [(0, (9, 9), "no_length"), (3, (5, 5), "same_pixel")])
def test_no_length_gives_no_scale(metres, second, code):
    with pytest.raises(CannotFit) as refused:
        known_length((5, 5), second, metres, height_px=100)
    assert refused.value.code == code


def test_a_sheet_drawn_to_scale_needs_no_points():
    matrix = paper_matrix(200, 100, 2000)
    ten_metres = 100 / 25.4 * 200
    assert math.dist(apply(matrix, (0, 0)), apply(matrix, (ten_metres, 0))) == pytest.approx(10)
    assert apply(matrix, (0, 2000)) == pytest.approx((0, 0))
