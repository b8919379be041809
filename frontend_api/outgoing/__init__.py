"""Requests that the service makes of its own: to whom they may go, and their form.

What others may use:

- `addresses`: the addresses of a host, if every one of them is public; connect to these, never to its name
- `connections`: for httpcore, connections to such addresses alone, limited in time and bytes
- `tag_request`: a request that names tags, with a method, headers and a body of the receiver's own
"""
