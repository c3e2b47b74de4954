"""Checks: functions that are run one after the other, each of which ends in one line that says what held or did not."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable
from typing import TypeVar

import grpc

from wire import Cluster

Check = Callable[[Cluster], None]
Value = TypeVar("Value")


class Unmet(Exception):
    """What was expected, and what came."""


def checks_of(module: object) -> list[Check]:
    """The checks of a module: its functions that a sentence stands on, in the order in which they are written."""
    functions = [value for value in vars(module).values() if getattr(value, "is_check", False)]
    return sorted(functions, key=lambda function: function.__code__.co_firstlineno)


def check(function: Check) -> Check:
    """Marks a function as a check. Its docstring is the sentence that it proves."""
    function.is_check = True  # type: ignore[attr-defined]
    return function


def expect(what: str, came: Value, expected: Value) -> None:
    if came != expected:
        raise Unmet(f"{what}: expected {expected!r}, got {came!r}")


def expect_that(holds: bool, expected: str, came: object) -> None:
    if not holds:
        raise Unmet(f"expected {expected}, got {came!r}")


def run(name: str, checks: Iterable[Check], cluster: Cluster) -> int:
    """Runs them all, also after one has failed. Returns how many failed."""
    failed = 0
    for function in checks:
        sentence = f"{name}: {' '.join((function.__doc__ or function.__name__).split())}"
        try:
            function(cluster)
        except Exception as error:  # whatever it is, it is told, and the next check has its turn
            failed += 1
            print(f"FAILED  {sentence}: {told(error)}", flush=True)
        else:
            print(f"ok      {sentence}", flush=True)
    return failed


def told(error: Exception) -> str:
    if isinstance(error, Unmet):
        return str(error)
    line = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in line if "/client/" in frame.filename]
    place = f"{own[-1].filename.rsplit('/', 1)[-1]}:{own[-1].lineno}" if own else "?"
    if isinstance(error, grpc.RpcError):
        return f"expected an answer at {place}, got {error.code().name}: {error.details()}"
    return f"expected no exception at {place}, got {type(error).__name__}: {error}"
