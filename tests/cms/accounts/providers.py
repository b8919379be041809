"""A real provider of accounts, for the tests of a module, and what an administrator does there."""

from typing import Any

import requests

CLAIMS: dict[str, Any] = {
    "preferred_username": "ines",
    "given_name": "Ines",
    "family_name": "Ito",
    "email": "ines@example.org",
    "email_verified": True,
    "groups": ["cms-editors", "canteen"],
}


class Provider:
    """What an administrator does at the provider."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.say()

    def say(self, **claims: Any) -> None:
        """Change what is known of Ines."""
        requests.put(f"{self.address}/users/ines", json=CLAIMS | claims, timeout=5)

    def disable(self) -> None:
        """End her account."""
        requests.post(f"{self.address}/users/ines/revoke-tokens", timeout=5)

    def agree(self, address: str) -> str:
        """Sign in at the provider as Ines, and return the address to go back to."""
        back = requests.post(address, {"sub": "ines"}, allow_redirects=False, timeout=5)
        return back.headers["Location"]
