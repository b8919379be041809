"""What is known of the service, each in a sentence, with what to do where it is not well.

A fact is found by a function without parameters that returns a `Fact`; `gathering` has the lists of them, and lets none
of them fail. What others may use:

- `fact`: `Fact`, and `Measure` for a number of it that is drawn over time
- `gathering`: `gathered()` for what can be asked again and again, `examined()` for all that a command may try, `add()`
  for what is so of a process alone
- `rendering`: such a fact, of a process that has Django in another one
"""
