"""The local settings, with mail that goes to a server on this machine, as an operator may set it."""

from cms.settings.environment import env
from cms.settings.local import *  # noqa: F403

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = "127.0.0.1"
EMAIL_PORT = env.int("MAIL_PORT")
