"""The service as it is, but for how many addresses a sitemap may have: so few that the demo site needs several."""

from cms.asgi import application
from frontend_api.endpoints.discovery import sitemap_parts

__all__ = ["application"]

sitemap_parts.MOST_ADDRESSES = 10
