"""A project as `wagtail start` makes it, with the steps of `docs/adoption.md` done to the letter."""

import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = [pytest.mark.once, pytest.mark.long]

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "adoption.md"
Manage = Callable[..., str]


def block(name: str) -> str:
    """Return the block of code of the guide that begins with this comment."""
    text = GUIDE.read_text(encoding="utf-8")
    [found] = re.findall(rf"```python\n   # {name}\n(.*?)   ```", text, re.S)
    return re.sub(r"^   ", "", found, flags=re.M)


def append(path: Path, text: str) -> None:
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}", encoding="utf-8")


@pytest.fixture(scope="module")
def manage(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Manage:
    """Return what runs a command of the project, or a script in it, without this repository at hand."""
    folder = tmp_path_factory.mktemp("started")
    installed, project = folder / "installed", folder / "mysite"
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(installed)
    project.mkdir()
    environment = {
        **{name: value for name, value in os.environ.items() if "DJANGO" not in name},
        "PYTHONPATH": str(installed),
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    def run(*command: str, script: str = "") -> str:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=project,
            env=environment,
            input=script,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    run("-m", "wagtail.bin.wagtail", "start", "mysite", ".")
    append(project / "mysite" / "settings" / "base.py", block("settings"))
    append(project / "mysite" / "urls.py", block("urls"))
    append(project / "mysite" / "wsgi.py", block("wsgi"))
    # Wagtail's template has none; this is what Django's has.
    (project / "mysite" / "asgi.py").write_text(
        "from django.core.asgi import get_asgi_application\n\n"
        "application = get_asgi_application()\n" + block("asgi front") + block("asgi")
    )
    (project / "mysite" / "settings" / "through_asgi.py").write_text(
        "from .dev import *\n" + block("settings through asgi")
    )
    models = project / "home" / "models.py"
    models.write_text(models.read_text().replace("class HomePage(Page):", block("models")))
    for command in ("migrate", "update_index"):
        run("manage.py", command)
    return run


SCRIPT = """
import io, json, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.test import Client
from wagtail.models import Page
from frontend_api.changes.checks import COMMANDS
from home.models import HomePage
from mysite.wsgi import application

settings.ALLOWED_HOSTS = ["*"]

# Wagtail's own change what the log would not hear of.
commands = get_commands()
for name in COMMANDS:
    assert commands[name] == "frontend_api", (name, commands[name])

def ask(path, **headers):
    query = path.partition("?")[2]
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": path.partition("?")[0], "QUERY_STRING": query,
               "SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": io.BytesIO(),
               "wsgi.url_scheme": "http", "HTTP_HOST": "localhost", **headers}
    started = []
    body = b"".join(application(environ, lambda status, sent, *rest: started.append((status, dict(sent)))))
    return started[0][0].split()[0], started[0][1], body

def listed():
    status, headers, body = ask("/api/v2/pages/")
    assert status == "200", body
    return headers["ETag"], [item["title"] for item in json.loads(body)["items"]]

home = Page.objects.get(slug="home").specific
status, headers, body = ask(f"/api/v2/pages/{home.pk}/")
assert json.loads(body)["type"] == "home.HomePage", body
status, headers, body = ask("/api/v2/pages/find/?html_path=/")
assert status == "200" and json.loads(body)["id"] == home.pk
status, headers, body = ask("/api/v2/")
assert [one["name"] for one in json.loads(body)["endpoints"]] == [
    "pages", "find", "images", "documents", "search", "autocomplete", "redirects", "site",
    "changes", "sitemap", "robots", "llms", "preview",
], body

# It caches: the same bytes are named by the same tag, and need not be sent again.
tag, titles = listed()
assert titles == [home.title]
assert ask("/api/v2/pages/", HTTP_IF_NONE_MATCH=tag)[0] == "304"

# Through the admin, as an editor does it.
admin = get_user_model().objects.create_superuser("admin", "a@example.org", "password")
client = Client()
client.force_login(admin)
sent = {"title": "About", "slug": "about", "action-publish": "1"}
made = client.post(f"/admin/pages/add/home/homepage/{home.pk}/", sent)
assert made.status_code == 302, made.content
assert ask("/api/v2/pages/", HTTP_IF_NONE_MATCH=tag)[0] == "200"
assert listed()[1] == [home.title, "About"]
about = Page.objects.get(slug="about").specific
status, headers, body = ask("/api/v2/pages/?search=About")
assert [item["title"] for item in json.loads(body)["items"]] == ["About"], body
client.post(f"/admin/pages/{about.pk}/unpublish/")
assert listed()[1] == [home.title]

# It previews what an editor types, in the frontend and nowhere else.
edit = f"/admin/pages/{home.pk}/edit/preview/"
assert client.post(edit, {"title": "As typed", "slug": "home"}).json()["is_valid"]
opened = client.get(edit)
assert opened.status_code == 302 and opened["Location"].startswith("http://localhost/preview"), opened
typed = client.get(f"/api/v2/preview/?{opened['Location'].partition('?')[2]}")
assert typed.json()["title"] == "As typed", typed.content
assert listed()[1] == [home.title]

# It purges a cache in front of what has changed.
purged = []

class Cache(BaseHTTPRequestHandler):
    def do_PURGE(self):
        purged.append(self.headers["Surrogate-Key"].split())
        self.send_response(204)
        self.end_headers()

    def log_message(self, *rest):
        pass

cache = HTTPServer(("127.0.0.1", 0), Cache)
threading.Thread(target=cache.serve_forever, daemon=True).start()
settings.WAGTAILFRONTENDCACHE = {"front": {
    "BACKEND": "frontend_api.caching.cdn.backends.HttpTagBackend",
    "LOCATION": f"http://127.0.0.1:{cache.server_port}/",
}}
client.post(f"/admin/pages/{about.pk}/edit/", {"title": "About us", "slug": "about", "action-publish": "1"})
call_command("purge_cdn", verbosity=0)
purged.clear()
tagged = ask(f"/api/v2/pages/{home.pk}/")[1]["Surrogate-Key"].split()
client.post(f"/admin/pages/{home.pk}/edit/", {"title": "Home again", "slug": "home", "action-publish": "1"})
call_command("purge_cdn", verbosity=0)
assert any(set(tagged) & set(names) for names in purged), (tagged, purged)
print("SERVED")
"""


WAITING = """
import asyncio, json, time
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
from wagtail.models import Page
from mysite.asgi import application

settings.ALLOWED_HOSTS = ["*"]
home = Page.objects.get(slug="home")

async def ask(query, path="/api/v2/changes/", observed=None):
    leaves = asyncio.Event()
    coming = [{"type": "http.request", "body": b"", "more_body": False}]
    sent = []

    async def receive():
        if coming:
            return coming.pop()
        await leaves.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        sent.append(message)

    await application({
        "type": "http", "method": "GET", "path": path, "root_path": "", "scheme": "http",
        "query_string": query.encode(), "headers": [(b"host", b"localhost")], "http_version": "1.1",
        "server": ("localhost", 80),
        "frontend_api.observed": {} if observed is None else observed,
    }, receive, send)
    assert sent[0]["status"] == 200, sent
    return json.loads(b"".join(message.get("body", b"") for message in sent[1:]))

def publish():
    admin = get_user_model().objects.create_superuser("waiting", "w@example.org", "password")
    client = Client()
    client.force_login(admin)
    sent = {"title": "Waited for", "slug": "home", "action-publish": "1"}
    assert client.post(f"/admin/pages/{home.pk}/edit/", sent).status_code == 302

async def listed():
    observed = {}
    answer = await ask("", "/api/v2/pages/", observed)
    return [item["title"] for item in answer["items"]], observed.get("cache")

async def wait():
    before, how = await listed()
    assert "Waited for" not in before and how != "hit", (before, how)
    assert await listed() == (before, "hit")
    cursor = (await ask(""))["cursor"]
    began = time.monotonic()
    assert (await ask(f"after={cursor}&wait=1"))["items"] == []
    assert time.monotonic() - began >= 1
    waiting = asyncio.create_task(ask(f"after={cursor}&wait=25"))
    await asyncio.to_thread(publish)
    told = await asyncio.wait_for(waiting, 10)
    assert home.pk in [item["id"] for item in told["items"]], told
    after, how = await listed()
    assert "Waited for" in after and how != "hit", (after, how)
    assert await listed() == (after, "hit")

asyncio.run(wait())
print("WAITED")
"""


def test_the_checks_find_nothing(manage: Manage) -> None:
    assert "System check identified no issues (0 silenced)." in manage("manage.py", "check")


def test_every_page_is_served_cached_previewed_and_purged(manage: Manage) -> None:
    assert "SERVED" in manage("manage.py", "shell", "--no-imports", script=SCRIPT)


def test_through_asgi_it_caches_and_who_waits_for_changes_is_answered_once_there_are_some(
    manage: Manage,
) -> None:
    settings = "--settings=mysite.settings.through_asgi"
    assert "WAITED" in manage("manage.py", "shell", "--no-imports", settings, script=WAITING)


def test_no_migration_is_missing(manage: Manage) -> None:
    assert "No changes detected" in manage("manage.py", "makemigrations", "--check", "--dry-run")


def test_the_last_command_of_the_guide_runs(manage: Manage) -> None:
    assert "Made 0 renditions." in manage("manage.py", "make_renditions")
