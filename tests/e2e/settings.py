"""The local settings of servers that browsers look at, without what would cost time at each login and each page."""

from cms.settings.local import *

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Browsers keep static files for longer in production.
WHITENOISE_MAX_AGE = 3600
