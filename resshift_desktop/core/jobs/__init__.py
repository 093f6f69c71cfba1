"""Upscaling jobs that survive anything: a queue, its journal on disk, and the one worker."""
