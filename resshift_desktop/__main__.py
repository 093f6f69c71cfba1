"""`python -m resshift_desktop [FILE...]` starts the app."""

import sys

from resshift_desktop.gui.main import main

if __name__ == "__main__":
    sys.exit(main())
