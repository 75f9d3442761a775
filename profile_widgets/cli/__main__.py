"""``python -m profile_widgets.cli`` is the same program as ``profile-widgets``."""

import sys

from profile_widgets.cli import main

sys.exit(main())
