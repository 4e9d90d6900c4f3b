"""What must be done: protocol definitions as data, and the pure kernel that reads them."""

import sys
from types import ModuleType

# CEL's package imports its own command line with a terminal toolkit, which is half a second of every start
# for something nobody here calls.
sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))
