"""Somebody else's content type, as a plugin: this folder is all there is of it."""
