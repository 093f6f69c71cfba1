"""For all tests: hypothesis without a time limit for an example, which a busy machine would exceed."""

from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
