"""How long jobs will take: from what was computed so far, in seconds per megapixel. Pure arithmetic."""

from dataclasses import dataclass, replace

# How much of what was learned before still counts when another picture is done; in the long run the last
# ten pictures or so decide.
_KEPT = 0.9
# How much of it counts after a restart: the machine may be busier or idler now, so the first picture of
# the usual size counts ten times as much as everything before.
_KEPT_OVER_RESTART = 0.01


@dataclass(frozen=True)
class Rate:
    """How fast a model is on a device: `megapixels` were computed in `seconds`."""

    seconds: float = 0.0
    megapixels: float = 0.0

    @property
    def seconds_per_megapixel(self) -> float | None:
        return self.seconds / self.megapixels if self.megapixels > 0 else None

    def with_more(self, more: "Rate") -> "Rate":
        return Rate(self.seconds + more.seconds, self.megapixels + more.megapixels)

    def with_finished(self, picture: "Rate") -> "Rate":
        """What is learned from another finished picture."""
        return Rate(self.seconds * _KEPT, self.megapixels * _KEPT).with_more(picture)

    def after_restart(self) -> "Rate":
        return Rate(self.seconds * _KEPT_OVER_RESTART, self.megapixels * _KEPT_OVER_RESTART)


@dataclass(frozen=True)
class Sitting:
    """The worker's current go at one job. Times are monotonic seconds.

    Speed is taken from the first report of progress on: what comes before it is the model being loaded
    and tiles of an earlier sitting being found again, which say nothing of what is to come.
    """

    megapixels: float | None
    started_at: float
    fraction_at_start: float
    first_fraction: float = 0.0
    first_at: float | None = None
    at: float = 0.0
    latest_fraction: float | None = None

    @property
    def fraction(self) -> float:
        """Of the job, done so far."""
        return self.fraction_at_start if self.latest_fraction is None else self.latest_fraction

    def with_progress(self, fraction: float, now: float) -> "Sitting":
        if self.first_at is None:
            return replace(self, first_fraction=fraction, first_at=now, latest_fraction=fraction, at=now)
        return replace(self, latest_fraction=fraction, at=now)

    def measured(self) -> Rate:
        """What this sitting says about the speed; nothing before the second report."""
        if self.first_at is None or self.megapixels is None or self.fraction <= self.first_fraction:
            return Rate()
        return Rate(self.at - self.first_at, self.megapixels * (self.fraction - self.first_fraction))

    def learned(self) -> Rate:
        """`measured` or, of a picture too small for two reports, all of the sitting."""
        if self.megapixels is None or self.measured().megapixels > 0:
            return self.measured()
        return Rate(self.at - self.started_at, self.megapixels * (self.fraction - self.fraction_at_start))

    def seconds_left(self, known: Rate) -> float | None:
        """For this job, from what is `known` of the speed and, the further it is the more, its own speed."""
        todo = 1 - self.fraction
        own = None
        if self.first_at is not None and self.fraction > self.first_fraction:
            own = todo * (self.at - self.first_at) / (self.fraction - self.first_fraction)
        per_megapixel = known.with_more(self.measured()).seconds_per_megapixel
        if self.megapixels is None or per_megapixel is None:
            return own
        expected = todo * self.megapixels * per_megapixel
        return expected if own is None else todo * expected + self.fraction * own
