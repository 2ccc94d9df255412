"""`python -m skillsaid_desktop`: the same as the `skillsaid` command."""

import sys

from skillsaid_desktop.cli import main

if __name__ == "__main__":
    sys.exit(main())
