"""`python -m bench [part …]`: each line says what, median and worst, the floor, and the ratio to it."""

import argparse
import os
from collections.abc import Callable, Iterator

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangshi.settings")
django.setup()

from bench import appraisals, duplicates, figures, handoff, intake, lists, load, month, policies, refresh, rosters  # noqa: E402  # after set-up, as Django asks
from bench.measure import Line  # noqa: E402

PARTS: dict[str, Callable[[], Iterator[Line]]] = {
    "figures": figures.run,
    "month": month.run,
    "policies": policies.run,
    "refresh": refresh.run,
    "lists": lists.run,
    "appraisals": appraisals.run,
    "load": load.run,
    "intake": intake.run,
    "duplicates": duplicates.run,
    "rosters": rosters.run,
    "handoff": handoff.run,
}
SCALED = {
    "load": load.run,
    "intake": intake.run,
    "duplicates": duplicates.run,
    "rosters": rosters.run,
    "handoff": handoff.run,
}


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    asked.add_argument("parts", nargs="*", metavar="part", help="、".join(PARTS))
    asked.add_argument("--scale", type=float, default=1.0, help="of the load; the rest measures the data that is there")
    given = asked.parse_args()
    if unknown := set(given.parts) - PARTS.keys():
        asked.error(f"no part {'、'.join(sorted(unknown))}; there are {'、'.join(PARTS)}")
    print(f"{os.cpu_count()} cores, load average {', '.join(f'{it:.2f}' for it in os.getloadavg())}")
    for name in given.parts or PARTS:
        for found in SCALED[name](given.scale) if name in SCALED else PARTS[name]():
            print(found, flush=True)


if __name__ == "__main__":
    main()
