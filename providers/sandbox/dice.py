"""Repeatable chance: the same numbers give the same throw, in any order, on any machine."""

_MASK = (1 << 64) - 1
_WORN = 1 << 30


def mixed(number: int) -> int:
    """A 64-bit number that looks random; different for every different input below 2**64."""
    z = (number * 0x9E3779B97F4A7C15 + 0x632BE59BD9B4E019) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return z ^ (z >> 31)


class Dice:
    """A run of throws that belongs to one (seed, number). One mixed number is used up digit by digit, for speed."""

    __slots__ = ("_left", "_state")

    def __init__(self, seed: int, number: int) -> None:
        self._state = self._left = mixed((seed << 40) ^ number)

    def below(self, limit: int) -> int:
        """0 … limit-1; limit up to about a million."""
        if self._left < _WORN:
            self._state = self._left = mixed(self._state)
        self._left, thrown = divmod(self._left, limit)
        return thrown

    def per_mille(self, chance: int) -> bool:
        """True in ``chance`` of a thousand throws."""
        return self.below(1000) < chance

    def pick[T](self, options: tuple[T, ...]) -> T:
        return options[self.below(len(options))]
