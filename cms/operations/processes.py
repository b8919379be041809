"""What is known of other processes of this machine."""

import os


def is_alive(process: int) -> bool:
    """Tell whether there is a process of that number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        # There is one, of another account.
        return True
    return True
