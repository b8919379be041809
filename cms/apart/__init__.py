"""Django in a process of its own, and what the process in front of it, which answers what is kept, says to it.

`DJANGO_APART` has it so. Both share nothing but two pipes: by one, the process in front hands over a connection for
each request; by the other it hears what is kept from now on. Neither listens anywhere, and either sees when the other
ends.

- `front`: the ASGI application that hands requests over
- `process`: the process that is handed them, which is started again if it ends
- `behind`: what that process does with them; `cms.behind`, beside this package, is what it runs
- `frames`: how what is said is put
"""
