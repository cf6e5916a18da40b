"""What stories in Python share: checks in the Test Anything Protocol, and story.sh's hands on the stack."""
import os
import pathlib
import subprocess
import sys
import time

LIB = pathlib.Path(__file__).resolve().parent
DRIVER = os.environ.get("LINTEL_DRIVER", "local")

_checks = 0
_failed = 0


def check(what, ok, detail=""):
    """One line of the report; a failed check shows `detail` and does not end the story."""
    global _checks, _failed
    _checks += 1
    if ok:
        print(f"ok {_checks} - {what}", flush=True)
    else:
        _failed += 1
        print(f"not ok {_checks} - {what}", flush=True)
        for line in str(detail).splitlines()[:20]:
            print(f"  {line[:500]}", flush=True)
    return bool(ok)


def equal(what, found, wanted):
    return check(what, found == wanted, f"found  {found!r}\nwanted {wanted!r}")


def skip(what, why):
    global _checks
    _checks += 1
    print(f"ok {_checks} - {what} # SKIP {why}", flush=True)


def note(text):
    """A line for who reads the report; not a check."""
    print(f"# {text}", flush=True)


def finish():
    """Ends the story; its status says whether every check passed."""
    print(f"1..{_checks}", flush=True)
    sys.exit(1 if _failed else 0)


def hand(*words, timeout=150):
    """Runs a function of story.sh, such as hand("scale", "workflows", 5); returns what it printed.

    Throws when it fails: a story cannot go on when the stack does not do what it was told.
    """
    done = subprocess.run([str(LIB / "hand"), *map(str, words)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          stdin=subprocess.DEVNULL, text=True, timeout=timeout)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout


def eventually(seconds, condition, pause=0.05):
    """True as soon as the condition is, False when it was not within the seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(pause)
    return True


def replicas(service):
    """The indexes of a service's replicas, as `ops` and `part_pid` take them."""
    return range(1, int(hand("replica_count", service)) + 1)


def pids():
    """(service, index) -> process id, of every replica of every service."""
    return {(service, index): int(hand("part_pid", service, index))
            for service in hand("all_services").split() for index in replicas(service)}


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def peak_bytes(pid):
    """The most it has ever held."""
    with open(f"/proc/{pid}/status", encoding="ascii") as status:
        return next(int(line.split()[1]) << 10 for line in status if line.startswith("VmHWM"))
