"""The service as it is, but for how large a sitemap may be: so small that the demo site needs several."""

from cms.asgi import application
from frontend_api.endpoints.discovery import sitemap_parts

__all__ = ["application"]

sitemap_parts.MOST_BYTES = 7_000
