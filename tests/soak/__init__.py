"""The service under mixed work for as long as one likes, while its parts die and come back: `make soak`.

What runs is the real service under the settings of production: granian with two processes, two workers, a database and,
if asked for, a cache server. Readers, editors, uploads, and followers of the feed go on all the time; now and then
something is killed. In the end, nothing has grown, nothing is lost, nothing is stale, and no answer was an error but
those that a fault excuses.

- `soaking.soak`: does all of that, and returns a `report.Report`
- `samples`: what processes take, and whether that grows
"""
