"""Child processes and what /proc says about them."""

import ctypes
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

CLOCK_TICKS = os.sysconf("SC_CLK_TCK")
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


class StartError(Exception):
    """A program did not come up; the message says which, and where its log is."""


def die_with_parent():
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One child process with its log file. Ended by pid, never by name."""

    def __init__(self, name, command, log_path, environment=None, user=None):
        self.name = name
        self.log_path = log_path
        self.started_at = time.monotonic()
        with open(log_path, "ab") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=os.path.dirname(log_path),
                env={**os.environ, **(environment or {})}, user=user, preexec_fn=die_with_parent)
        self.pid = self.process.pid

    def stop(self, how=signal.SIGTERM, timeout=30):
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(timeout)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def wait_until(self, condition, timeout, what):
        """Polls every 2 ms, because start to ready is one of the figures."""
        until = time.monotonic() + timeout
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            if condition():
                return time.monotonic() - self.started_at
            time.sleep(0.002)
        end = "still running" if self.process.poll() is None else f"ended with {self.process.poll()}"
        raise StartError(f"{self.name}: not {what} within {timeout} s, {end}; see {self.log_path}")

    def cpu_seconds(self):
        """User and system time of the process, its living descendants, and those it has waited for."""
        return cpu_of_family(self.pid)

    def memory_mb(self):
        """Resident and proportional set size in MB (10^6 bytes) of this process alone."""
        sizes = {}
        with open(f"/proc/{self.pid}/smaps_rollup", encoding="ascii") as file:
            for line in file:
                key, _, value = line.partition(":")
                if key in ("Rss", "Pss"):
                    sizes[key.lower()] = int(value.split()[0]) * 1024 / 1e6
        return sizes


def cpu_of_family(pid):
    """User and system time of a process, its living descendants, and those they have waited for."""
    return sum(cpu_of_process(member) for member in _family(pid))


def cpu_of_process(pid):
    """The same of one process without its living descendants."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            fields = file.read().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(int(ticks) for ticks in fields[11:15]) / CLOCK_TICKS


def _family(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = [int(child) for child in file.read().split()]
    except OSError:
        children = []
    return [pid] + [member for child in children for member in _family(child)]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def accepts(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def answers_ok(url):
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return response.status == 200
    except (urllib.error.URLError, OSError):
        return False
