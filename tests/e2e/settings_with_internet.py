"""The settings of browser tests, with one website that is public: a server on this machine.

No setting of the service does this: it puts stand-ins where the resolver is asked and connections are opened.
"""

import socket

import httpcore

from cms.settings.environment import env
from frontend_api.outgoing import addresses, connections
from tests.e2e.news import NEWS
from tests.e2e.settings import *  # noqa: F403

ADDRESS = "93.184.216.34"


def _resolve(host: str, port: int) -> list[str]:
    if host != NEWS:
        raise socket.gaierror(host)
    return [ADDRESS]


def _connect(address: str, port: int, timeout: float) -> httpcore.NetworkStream:
    if address != ADDRESS:
        raise httpcore.ConnectError
    here = env.int("NEWS_PORT")
    return httpcore.SyncBackend().connect_tcp("127.0.0.1", here, timeout=timeout)


addresses.resolve = _resolve
connections.connect = _connect
