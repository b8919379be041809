"""How the service is: probes, metrics, logs, traces, a page for administrators, and a command that finds what is wrong.

What is known of the service is in `facts`, and all of these say the same. What others may use:

- `observing_asgi.Observed`, `observing_wsgi.Observed`: outermost; they answer probes, and count and log every request
- `middleware.Observed`: what only Django knows of a request; for `MIDDLEWARE`
- `json_lines.JsonLines`: for the setting `LOGGING`
"""
