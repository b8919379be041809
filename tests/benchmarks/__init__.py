"""How fast the API is beside Wagtail's own: `make bench`."""
