"""`resshift core`: the core process in the foreground."""

from resshift_desktop.bridge.core_process import run_core


def core_command() -> int:
    """Run the core; its exit code."""
    return run_core()
