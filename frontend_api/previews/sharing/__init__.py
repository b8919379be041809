"""Drafts shown to somebody without an account: the links, who made them for whom, and the admin's views of them."""
