"""The reference frontend: a website that knows nothing but the JSON API."""
