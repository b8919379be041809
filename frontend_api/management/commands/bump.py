"""`manage.py bump`: the first name of `invalidate_all`, for whoever has it in a script."""

from .invalidate_all import Command

__all__ = ["Command"]
