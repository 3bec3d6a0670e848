"""Named things with parameters, written the way one would call them, here or in a framework.

A `Registry` holds definitions. `registry.get("random_normal(stddev=1.0)")` looks the name up (an alias or a different
capitalization will do), fills in the defaults and builds the item under its canonical name, so that two spellings of
the same thing are equal: ``RandomNormal(stddev=1)`` and ``random_normal(stddev=1.0)`` give one result. How a text is
taken apart stands in `reportgen.callform`, what the frameworks write in `reportgen.spelling`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from reportgen.callform import Call, Scalar, Value, call_form, parse_call
from reportgen.definition import Definition, Told, keyword_defaults, tell
from reportgen.errors import UsageError, did_you_mean, shortened
from reportgen.frameworks import Misread, Refused
from reportgen.spelling import Spelling, fold, framework_of, told_defaults, told_places, without_array

__all__ = [
    "Definition",
    "Reason",
    "Registry",
    "Scalar",
    "Snapshot",
    "Spelling",
    "Told",
    "Value",
    "call_form",
    "keyword_defaults",
    "parse_call",
    "tell",
]

T = TypeVar("T")
Reason = str | Callable[[Call], str]
"""Why something cannot be had and what is nearest, or a function of what was written that returns it."""

Reading = tuple[Definition[T], dict[str, Scalar]]
"""What a call form stands for: a definition and all its parameters."""

_SPACED = re.compile(r"\s*[A-Za-z]\w*(?:[ -]+\w+)+\s*")
"""A name as prose writes it: He normal, leaky-relu."""


@dataclass(frozen=True, slots=True)
class Snapshot(Generic[T]):
    """What a registry held at one time.

    Attributes
    ----------
    definitions
        Canonical name -> definition.
    spellings
        Folded spelling -> canonical name and the parameter values that it implies.
    """

    definitions: Mapping[str, Definition[T]]
    spellings: Mapping[str, tuple[str, Mapping[str, Scalar]]]


class Registry(Generic[T]):
    """An ordered collection of definitions that are looked up by name, alias or call form.

    Parameters
    ----------
    kind
        What is registered, for error lines: "initializer", "activation".
    """

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self._definitions: dict[str, Definition[T]] = {}
        self._spellings: dict[str, tuple[str, Mapping[str, Scalar]]] = {}
        self._elsewhere: dict[str, list[Spelling]] = {}
        self._reasons: dict[str, Reason] = {}
        self._other_names: dict[str, list[str]] = {}

    def add(self, definition: Definition[T]) -> None:
        """Register a definition; the same one again, from the same module, replaces the earlier one.

        Raises
        ------
        UsageError
            If a name or alias is taken by another definition.
        """
        if definition.name in self._definitions and self._definitions[definition.name].owner != definition.owner:
            raise UsageError(f"{self.kind} {definition.name}: the name is taken, choose another one")
        spellings: dict[str, Mapping[str, Scalar]] = {definition.name: {}, **definition.aliases}
        for spelling in spellings:
            owner = self._spellings.get(fold(spelling), (definition.name, {}))[0]
            if owner != definition.name:
                raise UsageError(f"{self.kind} {definition.name}: the name {spelling} already belongs to {owner}")
        self._spellings = {key: value for key, value in self._spellings.items() if value[0] != definition.name}
        self._definitions[definition.name] = definition
        self._other_names.clear()
        for spelling, implied in spellings.items():
            self._spellings[fold(spelling)] = (definition.name, implied)

    def spell(self, spellings: Iterable[Spelling], reasons: Mapping[str, Reason]) -> None:
        """Add what the frameworks call the things here, and the things of theirs that cannot be here.

        A definition that takes such a name for itself has it.

        Parameters
        ----------
        spellings
            Names with their parameters, order and defaults.
        reasons
            Names of what there is not -> why, and what is nearest.
        """
        for spelling in spellings:
            self._elsewhere.setdefault(fold(spelling.name), []).append(spelling)
        self._other_names.clear()
        self._reasons |= {fold(name): reason for name, reason in reasons.items()}

    def get(self, text: str) -> T:
        """Build the item that a name or call form stands for.

        Parameters
        ----------
        text
            For example ``he_normal``, ``HeNormal``, ``he_normal(mode=fan_out)`` or
            ``nn.init.kaiming_uniform_(w, a=math.sqrt(5))``.

        Raises
        ------
        UsageError
            If the name or a parameter is unknown, a parameter is given twice, a value has the wrong type or means
            different things in different frameworks, or it is something that cannot be had.
        """
        definition, parameters = self._read(self._parsed(text))
        return definition.build(call_form(definition.name, parameters, definition.parameters), parameters)

    def definition(self, text: str) -> Definition[T]:
        """Return the definition behind a name, an alias or a call form."""
        return self._read(self._parsed(text))[0]

    def parameters(self, text: str) -> dict[str, Scalar]:
        """Return all parameters of a call form, those with their defaults too."""
        return self._read(self._parsed(text))[1]

    def snapshot(self) -> Snapshot[T]:
        """Return what is registered now, for `restore`."""
        return Snapshot(dict(self._definitions), dict(self._spellings))

    def restore(self, snapshot: Snapshot[T]) -> None:
        """Put back what was registered when a snapshot was taken, and nothing else."""
        self._definitions, self._spellings = dict(snapshot.definitions), dict(snapshot.spellings)
        self._other_names.clear()

    def names(self) -> list[str]:
        """Return the canonical names in the order of registration."""
        return list(self._definitions)

    def spellings(self, name: str) -> list[str]:
        """Return the other names of a definition, the frameworks' too; of those that differ in capitals alone, one."""
        if name not in self._other_names:
            mine = [one.name for rows in self._elsewhere.values() for one in rows if one.names[0] == name]
            folded = {fold(other): other for other in reversed([*self._definitions[name].aliases, *mine])}
            others = [other for key, other in reversed(folded.items()) if key.strip("_") != fold(name)]
            self._other_names[name] = others
        return self._other_names[name]

    def __iter__(self) -> Iterator[T]:
        """Iterate over every item, built with its defaults."""
        return (self.get(name) for name in self.names())

    def __len__(self) -> int:
        return len(self._definitions)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and (fold(name) in self._spellings or fold(name) in self._elsewhere)

    def _parsed(self, text: str) -> Call:
        spaced = _SPACED.fullmatch(text) and len(text) < 100
        return parse_call(re.sub(r"[ -]+", "_", text.strip()) if spaced else text, self.kind)

    def _read(self, call: Call) -> Reading[T]:
        """Return what a call form stands for, here or else in the frameworks that have the name."""
        ours, rows = self._candidates(call)
        if (call.positional or call.keywords) and any(row.takes_array for row in rows):
            call = without_array(call, {parameter for row in rows for parameter in row.parameters})
        ways: list[Spelling | None] = [None, *rows] if ours else [*rows]
        if not ways:
            raise self._unknown(call)
        found: list[tuple[Spelling | None, Reading[T]]] = []
        faults: list[UsageError] = []
        for way in ways:
            try:
                found.append((way, self._by(way, call)))
            except (Misread, Refused) as fault:
                faults.append(fault)
                continue
            if way is None and not call.positional:
                return found[0][1]  # where only defaults differ, ours is the documented one
        return self._only(call, ways, found, faults)

    def _only(
        self,
        call: Call,
        ways: Sequence[Spelling | None],
        found: Sequence[tuple[Spelling | None, Reading[T]]],
        faults: Sequence[UsageError],
    ) -> Reading[T]:
        """Return the one reading that there is."""
        refused = [fault for fault in faults if isinstance(fault, Refused)]
        if not found:
            raise (refused or faults)[0]
        own_words = [one for one in found if one[0] is None or set(call.keywords) <= set(one[0].parameters)]
        readings = [reading for _, reading in own_words or found]
        differ = any(reading != readings[0] for reading in readings)
        places = self._places(call, ways)
        if (differ or refused) and len(set(places.values())) > 1:
            raise UsageError(f"{self.kind} {shortened(call.name)}: {told_places(call, places)}")
        if differ and fold(call.name) not in self._spellings:
            raise UsageError(f"{self.kind} {shortened(call.name)}: {told_defaults([way for way in ways if way])}")
        return self._by(None, call) if differ else readings[0]

    def _candidates(self, call: Call) -> tuple[bool, list[Spelling]]:
        """Return whether a name may be one of ours, and whose of the frameworks it may be."""
        key = fold(call.name)
        rows = self._elsewhere.get(key, [])
        framework = framework_of(call.path, call.name)
        of_framework = [row for row in rows if row.framework == framework]
        if of_framework:
            return False, ([row for row in of_framework if row.name == call.name] or of_framework)[:1]
        rows = [row for row in rows if row.bare]
        if key not in self._spellings:
            return False, [row for row in rows if row.name == call.name] or rows
        definition = self._definitions[self._spellings[key][0]]
        rows = [row for row in rows if definition.name in row.names]
        exact = [row for row in rows if row.name == call.name]
        written = call.name in (definition.name, *definition.aliases)
        return (written, exact) if written or exact else (True, rows)

    def _by(self, way: Spelling | None, call: Call) -> Reading[T]:
        """Read a call form by one spelling, or by ours."""
        try:
            ours, left = way.translated(call) if way else (call, call)
            name, implied = self._spellings[fold(ours.name)]
            definition = self._definitions[name]
            parameters = definition.read(left, {**implied, **ours.keywords} if way else implied)
        except (Misread, Refused) as fault:
            where = shortened(call.name) if way else self._spellings[fold(call.name)][0]
            raise type(fault)(f"{self.kind} {where}: {fault}") from None
        simpler = definition.simpler(**parameters) if definition.simpler else ""
        return self._by(None, parse_call(simpler)) if simpler else (definition, parameters)

    def _places(self, call: Call, ways: Sequence[Spelling | None]) -> dict[str, tuple[str, ...]]:
        """Return the parameters that the values without a name go to, by framework, ours under ""."""
        name, implied = self._spellings.get(fold(call.name), ("", {}))
        return {
            way.framework if way else "": way.places(call) if way else self._definitions[name].places(call, implied)
            for way in ways
        }

    def _unknown(self, call: Call) -> UsageError:
        reason = self._reasons.get(fold(call.name)) or self._reasons.get(fold(call.name).strip("_"))
        if reason:
            return UsageError(
                f"{self.kind} {shortened(call.name)}: {reason if isinstance(reason, str) else reason(call)}"
            )
        elsewhere = [row.name for rows in self._elsewhere.values() for row in rows]
        ours = [spelling for name in self.names() for spelling in self._definitions[name].aliases]
        hint = did_you_mean(call.name, self.names(), [*ours, *elsewhere])
        return UsageError(f"unknown {self.kind} '{shortened(call.name)}': {hint}, or your own by `--plugin`")
