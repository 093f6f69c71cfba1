"""The server is ready to answer before torch has been loaded."""

import subprocess
import sys


def test_the_server_needs_no_torch() -> None:
    code = "import sys, resshift_desktop.bridge.server.app; print('torch' in sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "False"
