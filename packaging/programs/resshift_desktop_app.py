"""The packaged `resshift-desktop`: the window."""

import sys

from resshift_desktop.gui.main import main

sys.exit(main())
