"""The packaged `resshift`: the command line, and the core that app and plugins start."""

import sys

from resshift_desktop.cli.app import main

sys.exit(main())
