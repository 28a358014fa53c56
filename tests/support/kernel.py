"""What kernels of different age do differently, for the tests that need one of the two."""

import os
import pathlib
import re
import unittest

_RELEASE = tuple(map(int, re.match(r"(\d+)\.(\d+)", os.uname().release).groups()))

renames_while_up = unittest.skipUnless(_RELEASE >= (6, 2), "Linux before 6.2 renames no link that is up")
clock_of_its_own = unittest.skipUnless("User Mode Linux" in pathlib.Path("/proc/cpuinfo").read_text(),
                                       "steps the clock, which others look at, too")
