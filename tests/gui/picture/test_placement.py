"""The arithmetic of zooming and panning."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resshift_desktop.gui.picture.placement import MAX_FIT_ZOOM, MAX_ZOOM, Placement

sides = st.integers(1, 20_000)
placements = st.builds(Placement.fit, st.integers(1, 4000), st.integers(1, 4000), sides, sides)


@pytest.mark.parametrize(
    ("picture", "zoom"),
    [
        ((800, 600), 0.5),
        ((400, 300), 1.0),
        ((40, 30), MAX_FIT_ZOOM),
        ((1, 1), MAX_FIT_ZOOM),
        ((3, 3000), 0.1),
    ],
)
def test_fit_shows_the_whole_picture_and_hardly_enlarges(picture: tuple[int, int], zoom: float) -> None:
    placement = Placement.fit(400, 300, *picture)
    assert placement.zoom == pytest.approx(zoom)
    assert placement.width <= 400
    assert placement.height <= 300


@given(placements, st.floats(0.001, 100), st.floats(0, 1), st.floats(0, 1))
def test_zooming_keeps_the_point_under_the_pointer(
    placement: Placement, zoom: float, right: float, down: float
) -> None:
    x, y = placement.left + right * placement.width, placement.top + down * placement.height
    point = placement.to_picture(x, y)
    zoomed = placement.zoomed(zoom, x, y)
    assert zoomed.zoom <= MAX_ZOOM
    # Where the picture has room to spare it is centred instead.
    if zoomed.width > placement.view_width and zoomed.left not in (0, placement.view_width - zoomed.width):
        assert zoomed.to_picture(x, y)[0] == pytest.approx(point[0], abs=1e-6 * placement.picture_width)
    if zoomed.height > placement.view_height and zoomed.top not in (0, placement.view_height - zoomed.height):
        assert zoomed.to_picture(x, y)[1] == pytest.approx(point[1], abs=1e-6 * placement.picture_height)


@given(placements, st.floats(0.01, 32), st.floats(-1e5, 1e5), st.floats(-1e5, 1e5))
def test_no_gap_opens_at_an_edge(placement: Placement, zoom: float, dx: float, dy: float) -> None:
    placement = placement.zoomed(zoom, 0, 0).panned(dx, dy)
    for start, length, room in (
        (placement.left, placement.width, placement.view_width),
        (placement.top, placement.height, placement.view_height),
    ):
        if length > room:
            assert room - length <= start <= 0
        else:
            assert start == (room - length) / 2


@given(placements, st.floats(0.5, 4), st.integers(1, 4))
def test_a_result_lies_where_the_input_lay(placement: Placement, zoom: float, scale: int) -> None:
    before = placement.zoomed(zoom, 10, 10)
    after = before.of_size(before.picture_width * scale, before.picture_height * scale)
    assert after.zoom * scale == pytest.approx(before.zoom)
    assert abs(after.width - before.width) <= 1
    assert after.left == pytest.approx(before.left, abs=1)


def test_a_resized_view_keeps_its_middle() -> None:
    placement = Placement.fit(400, 300, 4000, 3000).zoomed(1, 100, 100)
    middle = placement.to_picture(200, 150)
    assert placement.in_view(600, 500).to_picture(300, 250) == pytest.approx(middle)
    assert not placement.fitted
    assert Placement.fit(400, 300, 4000, 3000).in_view(800, 600).zoom == pytest.approx(0.2)
