"""Runs seeds: python3 -m convergence.run (--seeds FIRST-LAST | --seconds N [--from FIRST]); NLWATCH names the program.

Prints each seed that does not converge, and at the end one line of what all of them met; ends with 1 if any failed.
The same again: --seeds N."""

import argparse
import concurrent.futures
import itertools
import os
import sys
import time

from convergence.trial import Outcome, Trial
from support import namespace


def seeds_of(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def run_seed(seed):
    """(seed, what it met or None, why it failed or None); in a process of its own."""
    try:
        return seed, Trial(seed).run(), None
    except Exception as error:  # not only AssertionError: whatever happens, the seed has to be told
        return seed, None, f"{type(error).__name__}: {error}"


def results(seeds, jobs, end):
    """What run_seed() gives for each, in the order in which they end; no new one after `end`."""
    seeds = iter(seeds)
    with concurrent.futures.ProcessPoolExecutor(jobs) as pool:
        running = {pool.submit(run_seed, seed) for seed in itertools.islice(seeds, jobs)}
        while running:
            done, running = concurrent.futures.wait(running, return_when=concurrent.futures.FIRST_COMPLETED)
            for future in done:
                yield future.result()
            if time.monotonic() < end:
                running |= {pool.submit(run_seed, seed) for seed in itertools.islice(seeds, len(done))}


def summary(outcomes, failed):
    total = Outcome(*map(sum, zip(*outcomes))) if outcomes else Outcome(*[0] * len(Outcome._fields))
    text = (f"{len(outcomes)} of {len(outcomes) + len(failed)} seeds converged: "
            f"{sum(outcome.overruns > 0 for outcome in outcomes)} with an overrun, "
            f"{sum(outcome.disturbed > 0 for outcome in outcomes)} with a disturbed dump; "
            f"{total.changes} changes, {total.resyncs} resyncs, {total.disturbed} disturbed dumps, {total.gaps} gaps")
    return text + (f"; FAILED: {' '.join(map(str, sorted(failed)))}" if failed else "")


def main(argv):
    parser = argparse.ArgumentParser(prog="convergence")
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seeds", type=seeds_of)
    which.add_argument("--seconds", type=float)
    parser.add_argument("--from", type=int, default=1, dest="first")
    parser.add_argument("--jobs", type=int, default=os.cpu_count(), help="seeds at the same time")
    parser.add_argument("--progress", action="store_true", help="a line for every seed")
    options = parser.parse_args(argv)
    if not namespace.available():
        print("needs root and network namespaces")
        return 0
    end = time.monotonic() + options.seconds if options.seconds else float("inf")
    outcomes, failed = [], []
    for seed, outcome, error in results(options.seeds or itertools.count(options.first), options.jobs, end):
        if error:
            failed.append(seed)
            print(f"seed {seed} FAILED; again: --seeds {seed}\n{error}", flush=True)
        else:
            outcomes.append(outcome)
            if options.progress:
                print(f"seed {seed}: {outcome}", flush=True)
    print(summary(outcomes, failed))
    # Seeds without a single loss would prove nothing.
    return 1 if failed or not any(outcome.overruns for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
