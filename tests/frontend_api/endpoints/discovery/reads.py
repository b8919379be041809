"""What is read of all this by the tests that hold it to what the rest of the API is held to."""

from random import Random

from tests.frontend_api.crawler import AS

PLACES = [
    "sitemap.xml",
    "sitemap-1.xml",
    "robots.txt",
    "llms.txt",
    "feeds/insights.atom",
    "feeds/insights.rss",
    "feeds/insights.json",
]


def addresses(random: Random, key: int) -> list[str]:
    """Return addresses to read of a site, one of them that of the page with the id `key` as Markdown."""
    return [
        random.choice(["sitemap.xml", "sitemap-1.xml", "sitemap.xml?locale=fr"]),
        "llms.txt",
        f"feeds/insights.{random.choice(['atom', 'rss', 'json'])}",
        f"pages/{key}/{AS}text/markdown",
        f"pages/find/?html_path=/{AS}text/markdown",
    ]
