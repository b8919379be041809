"""The application, with no cache in front and no thread beside."""

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
