"""One run in a process of its own: ``python -m hedgerow.selftest STATE RUNNING TURN [reach]``, by the supervisor.

The word machine and the lists are loaded for it and go with it: the supervisor stays small, and what fails here ends
nothing else. Prints the run as one JSON object; 0 also when canaries failed, 1 when nothing could be asked.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from hedgerow.selftest.house import NotRunning, open_house
from hedgerow.selftest.run import run
from hedgerow.stores.state import State


def main(arguments: Sequence[str]) -> int:
    """The process."""
    os.nice(10)  # pupils first
    state, folder, turn, *more = arguments
    try:
        found = run(open_house(State(Path(state)), Path(folder), int(turn)), "reach" in more)
    except NotRunning as error:
        print(error, file=sys.stderr)
        return 1
    print(json.dumps(found.as_dict()))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
