"""Nothing lost, nothing doubled: real processes, killed, frozen and restarted. Started by test/chaos/run."""

import argparse
import os
import queue
import random
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback

import answer_cases
import checker_cases
import crash_cases
import main_cases
import mix
import orders
import restart_cases
import server_cases
import worker_cases
from case import Run
from process import Failed
from stack import Servers, Stack

TABLES = [checker_cases, crash_cases, server_cases, worker_cases, main_cases, answer_cases, restart_cases]
ORDERS_SECONDS = 25
SHORT_INVOICES = 120
CASES = [case for table in TABLES for case in table.CASES]


def parse_options():
    parser = argparse.ArgumentParser(prog="test/chaos/run")
    parser.add_argument("--bin-dir", required=True)
    parser.add_argument("--nats-config", required=True)
    parser.add_argument("--postgres-config", required=True, help="settings of both clusters")
    parser.add_argument("--short", action="store_true", help="as in CI: a short random mix after the cases")
    parser.add_argument("--lanes", type=int, default=3, help="cases at the same time")
    parser.add_argument("--list", action="store_true", help="only say which cases there are")
    parser.add_argument("--verbose", action="store_true", help="say what was done, also where all is well")
    parser.add_argument("--mix", action="store_true", help="only the random mix")
    parser.add_argument("--seed", type=int, help="of the random mix; one that failed does the same again")
    parser.add_argument("--seconds", type=int, help="how long the random mix does harm")
    parser.add_argument("--service", action="append", default=[], type=service_of, metavar="NAME:REPLICAS",
                        help="of the replay of orders; every one there is")
    parser.add_argument("--orders", action="store_true", help="only the replay of orders")
    parser.add_argument("--data", help="a table of sales to replay")
    parser.add_argument("--limit", type=int, help="how many invoices of it")
    parser.add_argument("cases", nargs="*", metavar="TEXT", help="only cases whose name has the text")
    return parser.parse_args()


def service_of(text):
    name, _, replicas = text.partition(":")
    return name, int(replicas)


class Lane:
    """Runs cases one after the other, with a NATS and databases of its own."""

    def __init__(self, options, folder):
        self._options = options
        self._folder = folder
        self._servers = Servers(folder, os.path.abspath(options.nats_config), options.postgres_config)

    def start(self):
        self._servers.start()

    def end(self):
        for server in self._servers.all():
            server.kill()

    def run(self, number, case):
        """What failed, or nothing; and the run, if it came to that."""
        folder = os.path.join(self._folder, f"case-{number}")
        os.mkdir(folder)
        run = stack = failure = None
        try:
            self._servers.heal()
            stack = Stack(self._servers, os.path.abspath(self._options.bin_dir), folder, f"case_{number}", case)
            run = Run(stack, case, number)
            case.act(run)
            if not run.is_checked:
                run.finish()
        except Failed as error:
            failure = error
        except Exception:  # a fault of the test must not end the others
            failure = Failed(traceback.format_exc())
        if run:
            run.load.stop(patience=0)
        try:
            self._servers.heal()
            if stack:
                stack.end()
        except Failed as error:
            failure = failure or error
        return failure, run


class Report:
    def __init__(self, verbose):
        self._verbose = verbose
        self._lock = threading.Lock()
        self.passed = 0
        self.failed = 0

    def add(self, number, case, failure, run, seconds):
        with self._lock:
            if failure is None:
                self.passed += 1
                print(f"ok {number} - {case.name}  ({len(run.load.acknowledged())} created, {seconds:.0f} s)")
                if self._verbose:
                    print(_indented("\n".join(run.events)))
            else:
                self.failed += 1
                print(f"not ok {number} - {case.name}  ({seconds:.0f} s)")
                self._explain(failure, run)
            sys.stdout.flush()

    def add_orders(self, name, said, failure, events, seconds):
        number = self.passed + self.failed + 1
        if failure is None:
            self.passed += 1
            print(f"ok {number} - {name}  ({seconds:.0f} s)\n{_indented(said)}")
        else:
            self.failed += 1
            print(f"not ok {number} - {name}  ({seconds:.0f} s)\n{_indented(str(failure))}")
        if failure or self._verbose:
            print(_indented("what was done:\n" + "\n".join(events)))
        sys.stdout.flush()

    @staticmethod
    def _explain(failure, run):
        print(_indented(str(failure)))
        if not run:
            return
        print(_indented("what was done:\n" + "\n".join(run.events)))
        for process in run.stack.processes():
            lines = process.remarkable_log_lines(getattr(failure, "texts", ()))
            print(_indented(f"from {process.log_path}:\n" + "\n".join(lines)))


def _indented(text):
    return "\n".join(f"    {line}" for line in text.splitlines())


def run_orders(options, folder, seed, report):
    """Every service at once: nothing else runs beside it."""
    folder = os.path.join(folder, "orders")
    os.mkdir(folder)
    os.chmod(folder, 0o755)
    started = time.monotonic()
    seconds = options.seconds or ORDERS_SECONDS
    if options.short and not options.limit:
        options.limit = SHORT_INVOICES
    said, failure, events = "", None, []
    try:
        said = orders.run(options, folder, seed, seconds, events.append)
    except Failed as error:
        failure = error
    except Exception:
        failure = Failed(traceback.format_exc())
    report.add_orders(f"a shop's orders under faults (again: scripts/chaos orders --seed {seed} --seconds {seconds})",
                      said, failure, events, time.monotonic() - started)


def chosen_cases(options):
    if options.orders:
        return []
    if options.mix:
        cases = []
    else:
        cases = [case for case in CASES if not options.cases or any(text in case.name for text in options.cases)]
    if options.mix or (options.short and not options.cases):
        cases.append(mix.mix_case(options.seed, options.seconds or 15))
    return cases


def run_all(options, folder, cases, report):
    """Most of a case is waiting, so several run at the same time; those that take longest begin first."""
    waiting = queue.SimpleQueue()
    for number, case in sorted(enumerate(cases, 1), key=lambda item: -item[1].seconds):
        waiting.put((number, case))

    def work(lane_folder):
        os.mkdir(lane_folder)
        os.chmod(lane_folder, 0o755)  # Postgres may run as another user
        lane = Lane(options, lane_folder)
        try:
            lane.start()
            while not waiting.empty():
                number, case = waiting.get()
                started = time.monotonic()
                failure, run = lane.run(number, case)
                report.add(number, case, failure, run, time.monotonic() - started)
        finally:
            lane.end()

    lanes = [threading.Thread(target=work, args=(os.path.join(folder, f"lane-{number}"),), daemon=True)
             for number in range(min(options.lanes, len(cases)))]
    for lane in lanes:
        lane.start()
    for lane in lanes:
        lane.join()


def end_by_signal(*_):
    """What has been started ends with this process."""
    raise SystemExit(130)


def main():
    signal.signal(signal.SIGTERM, end_by_signal)
    signal.signal(signal.SIGINT, end_by_signal)
    options = parse_options()
    if options.list:
        print("\n".join(case.name for case in CASES))
        return 0
    folder = tempfile.mkdtemp(prefix="lintel-chaos-")
    os.chmod(folder, 0o755)
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    cases = chosen_cases(options)
    report = Report(options.verbose)
    run_all(options, folder, cases, report)
    report.failed += len(cases) - report.passed - report.failed
    if options.orders or (options.short and not options.cases):
        run_orders(options, folder, options.seed, report)
    if report.failed:
        print(f"logs are in {folder}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{report.passed} passed, {report.failed} failed")
    return 0 if report.failed == 0 and report.passed > 0 else 1


if __name__ == "__main__":
    sys.exit(main())
