"""What is published and expires at a time: what is due, doing it once, what fails, and how late all of it is.

What others may use:

- `due`: `Act`, `Due` and `due`, what has to be done now
- `doing.do_due`: does it, also beside other processes that do the same
- `lateness`: how late what is due is
- `models`: `ScheduleFailure`, what could not be done
- `failures.told`: the signal for what has failed twice in a row, so that somebody looks
"""
