"""
A client of Holdfast that shares no code with it: checks, over the wire, what the contract promises.

    python3 client SECTION ADDRESS... [--late ADDRESS]

PYTHONPATH must name the folder that set-up.sh filled. Tells one line for each check; exit code 1 when one failed.
"""

import argparse
import importlib
import sys

from checks import checks_of, run
from wire import Cluster

SECTIONS = ("health", "reflection", "tasks", "batches", "lists", "waiting", "operators", "coordinators", "refusals")


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("section", choices=SECTIONS)
    parser.add_argument("addresses", nargs="+", metavar="ADDRESS", help="host:port of a coordinator")
    parser.add_argument("--late", default="", metavar="ADDRESS", help="a coordinator that started after the others")
    chosen = parser.parse_args()
    module = importlib.import_module(f"{chosen.section}_checks")
    return 1 if run(chosen.section, checks_of(module), Cluster(chosen.addresses, chosen.late)) else 0


sys.exit(main())
