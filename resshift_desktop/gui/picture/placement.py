"""Where a picture lies in a view: zoom and position, in device pixels. Arithmetic only, no Qt."""

from dataclasses import dataclass, replace

MAX_ZOOM = 32.0
MAX_FIT_ZOOM = 2.0
"""Fitting enlarges small pictures up to here: beyond, single pixels would be seen."""


@dataclass(frozen=True)
class Placement:
    """A picture in a view.

    view_width, view_height: the view, device pixels. picture_width, picture_height: the picture's own
    pixels. zoom: device pixels per picture pixel, 1 is 100 %. left, top: the picture's corner in the view,
    device pixels. fitted: it stays as large as the view when the view's or the picture's size changes.
    """

    view_width: int
    view_height: int
    picture_width: int
    picture_height: int
    zoom: float
    left: float
    top: float
    fitted: bool

    @classmethod
    def fit(cls, view_width: int, view_height: int, picture_width: int, picture_height: int) -> "Placement":
        """The whole picture in the middle of the view, as large as there is room."""
        placement = cls(
            max(1, view_width), max(1, view_height), picture_width, picture_height, 1.0, 0.0, 0.0, fitted=True
        )
        return replace(placement, zoom=placement.fit_zoom)._inside()

    @property
    def fit_zoom(self) -> float:
        """The zoom at which the whole picture is seen."""
        return min(self.view_width / self.picture_width, self.view_height / self.picture_height, MAX_FIT_ZOOM)

    @property
    def width(self) -> int:
        """The picture's width in the view, whole device pixels, at least 1."""
        return max(1, round(self.picture_width * self.zoom))

    @property
    def height(self) -> int:
        """The picture's height in the view, whole device pixels, at least 1."""
        return max(1, round(self.picture_height * self.zoom))

    def to_picture(self, x: float, y: float) -> tuple[float, float]:
        """The point of the picture, in its pixels, at a point of the view."""
        return (x - self.left) / self.zoom, (y - self.top) / self.zoom

    def zoomed(self, zoom: float, x: float, y: float) -> "Placement":
        """At another zoom, kept between fit and MAX_ZOOM, with the same picture point at (x, y)."""
        zoom = min(max(zoom, min(self.fit_zoom, 1.0)), MAX_ZOOM)
        ratio = zoom / self.zoom
        return replace(
            self, zoom=zoom, left=x - (x - self.left) * ratio, top=y - (y - self.top) * ratio, fitted=False
        )._inside()

    def panned(self, dx: float, dy: float) -> "Placement":
        """Moved by (dx, dy), as far as its edges allow."""
        return replace(self, left=self.left + dx, top=self.top + dy)._inside()

    def in_view(self, view_width: int, view_height: int) -> "Placement":
        """In a view of another size, with the same point in its middle."""
        if self.fitted:
            return self.fit(view_width, view_height, self.picture_width, self.picture_height)
        return replace(
            self,
            view_width=max(1, view_width),
            view_height=max(1, view_height),
            left=self.left + (view_width - self.view_width) / 2,
            top=self.top + (view_height - self.view_height) / 2,
        )._inside()

    def of_size(self, picture_width: int, picture_height: int) -> "Placement":
        """The same picture with more or fewer pixels, in the same place on the screen."""
        if self.fitted:
            return self.fit(self.view_width, self.view_height, picture_width, picture_height)
        zoom = self.zoom * self.picture_width / picture_width
        placement = replace(self, picture_width=picture_width, picture_height=picture_height)
        if zoom > MAX_ZOOM:
            placement = replace(placement, zoom=zoom)
            return placement.zoomed(MAX_ZOOM, self.view_width / 2, self.view_height / 2)
        return replace(placement, zoom=zoom)._inside()

    def _inside(self) -> "Placement":
        """Centred where there is room to spare, else without a gap at any edge."""
        return replace(
            self,
            left=_inside(self.left, self.width, self.view_width),
            top=_inside(self.top, self.height, self.view_height),
        )


def _inside(start: float, length: int, room: int) -> float:
    if length <= room:
        return (room - length) / 2
    return min(0.0, max(start, room - length))
