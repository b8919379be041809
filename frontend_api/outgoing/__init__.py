"""Where the service may send requests of its own when somebody else names the address.

What others may use:

- `addresses`: the addresses of a host, if every one of them is public; connect to these, never to its name
- `connections`: for httpcore, connections to such addresses alone, limited in time and bytes
"""
