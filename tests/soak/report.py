"""What came of it, as tables in Markdown, and whether that is as it should be."""

from collections.abc import Iterator
from dataclasses import dataclass

from .journal import Journal
from .samples import Growth


@dataclass
class Report:
    """What a soak found."""

    seconds: float
    journal: Journal
    growths: list[Growth]
    faults: list[tuple[str, float]]

    def problems(self) -> list[str]:
        """Return what is not as it should be, a sentence each."""
        found = [*self.journal.wrong]
        found += [
            f"{one.began - self.journal.began:.1f} s: {one.kind} was answered {one.status or 'not at all'}"
            for one in self.journal.unexcused()
        ]
        found += [
            f"{one.part} has grown: {one.what} by {one.growth:.1f} in {one.seconds:.0f} s"
            for one in self.growths
            if one.is_judged and not one.is_flat
        ]
        return found

    def lines(self) -> Iterator[str]:
        """Return the tables."""
        answers = sum(count for count, _, _ in self.journal.times().values())
        yield f"{answers:,} answers in {self.seconds:,.0f} s; statuses {dict(self.journal.statuses())}"
        yield from table("request", "answers", "p50", "p99")
        for kind, (count, p50, p99) in self.journal.times().items():
            yield row(kind, f"{count:,}", f"{p50:.1f} ms", f"{p99:.1f} ms")
        yield from table("fault", "times", "well again after, at most")
        for name in dict(self.faults):
            took = [seconds for one, seconds in self.faults if one == name]
            yield row(name, str(len(took)), f"{max(took):.1f} s")
        yield from table("part", "takes", "median", "most", "growth", "looked at for", "")
        judged = [one for one in self.growths if one.is_judged]
        for one in judged or self.growths:
            verdict = "flat" if one.is_flat else "**grows**"
            yield row(
                one.part,
                one.what,
                f"{one.median:.1f}",
                f"{one.most:.1f}",
                f"{one.growth:+.2f}",
                f"{one.seconds:.0f} s",
                verdict if one.is_judged else "not judged",
            )
        yield ""
        problems = self.problems()
        yield from problems[:50]
        yield "All is as it should be." if not problems else f"{len(problems)} problems."


def table(*columns: str) -> Iterator[str]:
    """Return the head of a table."""
    yield from ("", f"| {' | '.join(columns)} |", f"|{' --- |' * len(columns)}")


def row(*values: str) -> str:
    """Return a row."""
    return f"| {' | '.join(values)} |"
