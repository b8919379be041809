"""The one public website under `settings_with_internet`, which no test imports: it would lead the test's process there."""

NEWS = "news.example"
