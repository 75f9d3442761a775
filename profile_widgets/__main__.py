"""``python -m profile_widgets`` is ``profile-widgets``."""

import sys

from profile_widgets.cli import main

if __name__ == "__main__":
    sys.exit(main())
