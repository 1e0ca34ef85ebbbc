"""The measured table, line by line as it comes about."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class Table:
    """Lines of work, what it took, what that is compared with, and what is aimed at."""

    missed: list[str] = field(default_factory=list)

    def heading(self, text: str) -> None:
        print(f"\n{text}\n{'-' * len(text)}", flush=True)

    def fact(self, work: str, figure: str) -> None:
        print(f"{work:<52} {figure}", flush=True)

    def ratio(self, work: str, seconds: float, measure: float, *, of: str, at_most: float) -> None:
        """``seconds`` as so many times ``measure``, which ``of`` names, beside the most it should be."""
        self._line(work, f"{seconds:8.2f} s", f"{seconds / measure:6.2f} x {of}", seconds / measure <= at_most, at_most)

    def faster(self, work: str, seconds: float, others: float, *, at_least: float) -> None:
        """How many times ``others`` took as long, beside the least it should be."""
        times = others / seconds
        self._line(work, f"{seconds:8.2f} s", f"{times:6.2f} times as fast", times >= at_least, at_least)

    def limit(self, work: str, number: float, unit: str, *, at_most: float) -> None:
        """A figure with a limit of its own."""
        self._line(work, f"{number:8.2f} {unit}", "", number <= at_most, at_most)

    def share(self, work: str, number: float, unit: str, *, at_most: float, beside: str) -> None:
        """The same as so many times the limit, with something said beside it."""
        self._line(work, f"{number:8.1f} {unit}", f"{number / at_most:5.2f} x  {beside}", number <= at_most, at_most)

    def _line(self, work: str, figure: str, compared: str, met: bool, at_most: float) -> None:
        if not met:
            self.missed.append(work)
        print(f"{work:<40} {figure:<14} {compared:<32} aim {at_most:g}  {'met' if met else 'MISSED'}", flush=True)
