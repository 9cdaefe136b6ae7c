"""Prints lines, landed, rejected, other and lost for every fault fixture of landing.

Run it from the root of the project: `python tests/python/landing/line_counts.py`.
"""

import os
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    os.environ["LINE_COUNTS"] = "1"
    sys.exit(pytest.main([str(Path(__file__).parent), "-q", "-p", "no:cacheprovider"]))
