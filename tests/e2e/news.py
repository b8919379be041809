"""The one public website under `settings_with_internet`.

No test imports those settings: they would lead its own process there.
"""

NEWS = "news.example"
