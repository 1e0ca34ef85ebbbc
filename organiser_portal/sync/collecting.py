"""Python's search for cycles of garbage, told to come seldom.

A batch makes hundreds of thousands of objects, none of them in a cycle: a sixth of the time that storing takes went
into looking through them, and through all of Django's, again and again.
"""

import gc
from functools import cache

SELDOM = 20_000  # objects more than before, instead of 2,000


@cache
def collect_seldom() -> None:
    """From now on in this process, in which there will be more walks. What stands already is never looked at again."""
    gc.freeze()
    gc.set_threshold(SELDOM)
