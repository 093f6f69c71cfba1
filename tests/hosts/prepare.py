"""Makes what the tests in GIMP and Krita need and the cache has not: python -m tests.hosts.prepare"""

import os
import sys

from tests.hosts.chroot import NotPossibleError, ready_root
from tests.hosts.started_home import started_home


def main() -> int:
    try:
        print(started_home(ready_root()))
    except NotPossibleError as error:
        print(error, file=sys.stderr)
        return 1 if os.environ.get("CI") == "true" else 0
    return 0


if __name__ == "__main__":
    sys.exit(main())
