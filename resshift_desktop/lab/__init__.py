"""Training, metrics and benchmarks: for people who make models, not needed to use them."""
