"""What waits in the queue, summed up: kept as jobs come and go, so that a look at it costs the same for
ten jobs and for ten thousand."""

from collections import Counter

from resshift_desktop.core.jobs.estimate import Rate
from resshift_desktop.core.jobs.job import JobState
from resshift_desktop.core.jobs.record import JobRecord

RateKey = tuple[str, str]


class Backlog:
    """How many jobs there are in each state, and the pixels still to compute for the queued ones."""

    def __init__(self, counts: dict[JobState, int]) -> None:
        self.counts = dict(counts)
        # Pixels are whole numbers: sums stay exact however many are added and taken away.
        self._pixels: Counter[RateKey] = Counter()
        self._measured: Counter[RateKey] = Counter()
        self._unmeasured: Counter[RateKey] = Counter()

    def change(self, before: JobRecord | None, after: JobRecord | None) -> None:
        """Take note that a job is now `after` (None: gone) and was `before` (None: not there)."""
        if before is not None:
            self.counts[before.state] -= 1
            self.weigh(before, -1)
        if after is not None:
            self.counts[after.state] += 1
            self.weigh(after, 1)

    def weigh(self, record: JobRecord, sign: int) -> None:
        """Add (`sign` 1) or take away (-1) the pixels of a job, if it is queued."""
        if record.state is not JobState.QUEUED:
            return
        key, pixels = record.rate_key, record.pixels_left
        if pixels is None:
            self._unmeasured[key] += sign
        else:
            self._pixels[key] += sign * pixels
            self._measured[key] += sign

    def seconds(self, rates: dict[RateKey, Rate]) -> float | None:
        """To compute all that is queued; None where some of it has a model and device not yet measured.

        Jobs whose size is not known count as the mean of those that are.
        """
        measured = self._measured.total()
        mean = self._pixels.total() / measured if measured else 0.0
        total = 0.0
        for key in self._pixels.keys() | self._unmeasured.keys():
            pixels = self._pixels[key] + mean * self._unmeasured[key]
            if pixels <= 0:
                continue
            per_megapixel = rates.get(key, Rate()).seconds_per_megapixel
            if per_megapixel is None:
                return None
            total += pixels / 1e6 * per_megapixel
        return total
