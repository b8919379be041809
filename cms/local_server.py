"""Runs granian for development: `python -m cms.local_server`, with granian's own arguments.

granian's worker survives when its parent is killed, and keeps the port, which breaks the next start. Here it ends with
its parent, and the process manager notices that the server is gone.
"""

import ctypes
import os
import signal
import sys

from granian.cli import entrypoint

PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Ask the kernel to kill this process when its parent ends; only Linux can."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    if sys.platform == "linux":
        os.register_at_fork(after_in_child=end_with_parent)
    entrypoint()
