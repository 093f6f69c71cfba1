"""The mathematics: schedule, sampler, networks, codecs. Imports torch and nothing of ours above it."""
