"""Nothing lost, nothing doubled: real processes, killed, frozen and restarted. Started by test/chaos/run."""

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time

import answer_cases
import crash_cases
import mix
import restart_cases
import server_cases
import worker_cases
from case import Run
from process import Failed
from stack import Servers, Stack

CASES = (crash_cases.CASES + server_cases.CASES + worker_cases.CASES + answer_cases.CASES + restart_cases.CASES)


def parse_options():
    parser = argparse.ArgumentParser(prog="test/chaos/run")
    parser.add_argument("--bin-dir", required=True)
    parser.add_argument("--nats-config", required=True)
    parser.add_argument("--postgres-config", required=True, help="settings of both clusters")
    parser.add_argument("--short", action="store_true", help="as in CI: a short random mix after the cases")
    parser.add_argument("--list", action="store_true", help="only say which cases there are")
    parser.add_argument("--verbose", action="store_true", help="say what was done, also where all is well")
    parser.add_argument("--mix", action="store_true", help="only the random mix")
    parser.add_argument("--seed", type=int, help="of the random mix; one that failed does the same again")
    parser.add_argument("--seconds", type=int, help="how long the random mix does harm")
    parser.add_argument("cases", nargs="*", metavar="TEXT", help="only cases whose name has the text")
    return parser.parse_args()


class Runner:
    def __init__(self, options, folder):
        self._options = options
        self._folder = folder
        self._servers = Servers(folder, os.path.abspath(options.nats_config), options.postgres_config)
        self.passed = 0
        self.failed = 0

    def start(self):
        self._servers.start()

    def end(self):
        for server in self._servers.all():
            server.kill()

    def run(self, case):
        number = self.passed + self.failed + 1
        folder = os.path.join(self._folder, f"case-{number}")
        os.mkdir(folder)
        started = time.monotonic()
        failure, run = self._attempt(case, number, folder)
        self._report(case, number, failure, run, time.monotonic() - started)

    def _attempt(self, case, number, folder):
        run = stack = None
        failure = None
        try:
            self._servers.heal()
            stack = Stack(self._servers, os.path.abspath(self._options.bin_dir), folder, f"case_{number}", case)
            run = Run(stack, case, number)
            case.act(run)
            run.finish()
        except Failed as error:
            failure = error
        finally:
            if run:
                run.load.stop(patience=0)
            if stack:
                try:
                    self._servers.heal()
                    stack.end()
                except Failed as error:
                    failure = failure or error
        return failure, run

    def _report(self, case, number, failure, run, seconds):
        if failure is None:
            self.passed += 1
            count = len(run.load.acknowledged())
            print(f"ok {number} - {case.name}  ({count} created, {seconds:.0f} s)", flush=True)
            if self._options.verbose:
                print(_indented("\n".join(run.events)), flush=True)
            return
        self.failed += 1
        print(f"not ok {number} - {case.name}  ({seconds:.0f} s)")
        print(_indented(str(failure)))
        if run:
            print(_indented("what was done:\n" + "\n".join(run.events)))
            for process in run.stack.processes():
                lines = process.remarkable_log_lines(getattr(failure, "texts", ()))
                print(_indented(f"from {process.log_path}:\n" + "\n".join(lines)))
        sys.stdout.flush()


def _indented(text):
    return "\n".join(f"    {line}" for line in text.splitlines())


def chosen_cases(options):
    if options.mix:
        cases = []
    else:
        cases = [case for case in CASES if not options.cases or any(text in case.name for text in options.cases)]
    if options.mix or (options.short and not options.cases):
        seed = random.SystemRandom().randrange(1_000_000) if options.seed is None else options.seed
        cases.append(mix.mix_case(seed, options.seconds or 15))
    return cases


def end_by_signal(*_):
    """So that a run that is stopped leaves nothing behind."""
    raise SystemExit(130)


def main():
    signal.signal(signal.SIGTERM, end_by_signal)
    signal.signal(signal.SIGINT, end_by_signal)
    options = parse_options()
    if options.list:
        print("\n".join(case.name for case in CASES))
        return 0
    folder = tempfile.mkdtemp(prefix="lintel-chaos-")
    os.chmod(folder, 0o755)  # Postgres may run as another user
    runner = Runner(options, folder)
    try:
        runner.start()
        for case in chosen_cases(options):
            runner.run(case)
    finally:
        runner.end()
    if runner.failed:
        print(f"logs are in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{runner.passed} passed, {runner.failed} failed")
    return 0 if runner.failed == 0 and runner.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
