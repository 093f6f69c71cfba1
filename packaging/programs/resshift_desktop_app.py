"""The packaged `resshift-desktop`: the window."""

import os
import sys

# Set for this program alone, and read by now: a browser or a file manager that it opens has libraries of
# its own.
for name in ("LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH"):
    os.environ.pop(name, None)
    if f"{name}_ORIG" in os.environ:
        os.environ[name] = os.environ.pop(f"{name}_ORIG")

from resshift_desktop.gui.main import main  # noqa: E402

sys.exit(main())
