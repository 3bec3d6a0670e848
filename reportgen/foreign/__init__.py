"""Code that is not ours, a plugin's: called in limited time, and every way in which it can fail told in one line.

`calling` calls it, `limits` ends what takes too long, `process` keeps what belongs to the whole process, and `places`
says where something stands.
"""

from __future__ import annotations

from reportgen.foreign.calling import call
from reportgen.foreign.limits import SECONDS, allow
from reportgen.foreign.places import is_foreign, place, where

__all__ = ["SECONDS", "allow", "call", "is_foreign", "place", "where"]
