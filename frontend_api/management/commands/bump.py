"""`manage.py bump`: the former name of `invalidate_all`, kept for scripts that use it."""

from .invalidate_all import Command

__all__ = ["Command"]
