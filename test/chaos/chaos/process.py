"""Child processes that are killed, frozen and started again."""

import os
import random
import re
import signal
import socket
import subprocess
import threading
import time


class Failed(Exception):
    """Something is not as it has to be; the message says what."""


def eventually(condition, seconds, what):
    """Polls until `condition()` gives something true, and returns that."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise Failed(f"not within {seconds} s: {what}")
        time.sleep(0.05)


class _Ports:
    """Below the range from which the kernel takes ports for outgoing connections: a service that is down for a moment
    must find its port free when it comes back, with many clients connecting."""

    RANGE = range(18000, 32000)

    def __init__(self):
        self._lock = threading.Lock()
        self._given = set()

    def take(self):
        with self._lock:
            while True:
                port = random.choice(self.RANGE)
                if port not in self._given and _is_free(port):
                    self._given.add(port)
                    return port


def _is_free(port):
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


free_port = _Ports().take


class Process:
    """A program that is always started in the same way, with its log in one file. Signals go by process id.

    Knows which of its ends were meant; the others are found by `unmeant_end()`: a test that kills processes must not
    miss one that crashed by itself.
    """

    def __init__(self, name, command, log_path, environment=None, user=None):
        self.name = name
        self.command = command
        self.log_path = log_path
        self.environment = environment or {}
        self.user = user
        self._popen = None
        self._may_end = False
        self._is_stopping = False

    def start(self, failpoints=""):
        """`failpoints` is the environment variable LINTEL_FAILPOINTS of this one run."""
        become = [f"--reuid={self.user}", f"--regid={self.user}", "--init-groups"] if self.user else []
        with open(self.log_path, "ab") as log:
            log.write(f"--- {self.name} starts {failpoints}\n".encode())
            log.flush()
            # setpriv sees to it that nothing outlives this test, however the test ends.
            self._popen = subprocess.Popen(
                ["setpriv", "--pdeathsig", "KILL", *become, "--", *self.command],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd="/",
                env={**os.environ, **self.environment, "LINTEL_FAILPOINTS": failpoints})
        self._may_end = "=crash" in failpoints
        self._is_stopping = False

    @property
    def pid(self):
        return self._popen.pid

    def is_running(self):
        return self._popen is not None and self._popen.poll() is None

    def family(self):
        """The process and its descendants, parents first."""
        return _family(self.pid)

    def kill(self):
        self._may_end = True
        if self.is_running():
            members = self._signal_family(signal.SIGKILL)
            # A Postgres does not start while one of the last one's processes still holds its shared memory.
            eventually(lambda: not any(map(_is_alive, members)), 10, f"{self.name} is dead with all its children")
        self.wait(10)

    def freeze(self):
        self._signal_family(signal.SIGSTOP)

    def thaw(self):
        if self.is_running():
            self._signal_family(signal.SIGCONT)

    def ask_to_stop(self, how=signal.SIGTERM):
        """Once: the services take a second request as one to end at once."""
        if self.is_running() and not self._is_stopping:
            self._is_stopping = True
            self._may_end = True
            self._popen.send_signal(how)

    def is_stopping(self):
        return self._is_stopping

    def stop(self, seconds=40, how=signal.SIGTERM):
        """Graceful; fails when the process does not end, or not well."""
        if not self.is_running():
            return
        self.ask_to_stop(how)
        status = self.wait(seconds)
        if status != 0:
            raise Failed(f"{self.name} ended with {status} when it was asked to stop")

    def wait(self, seconds):
        """Its exit status, negative for the signal that ended it."""
        try:
            return self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed(f"{self.name} still runs after {seconds} s") from None

    def unmeant_end(self):
        """How it ended, when nobody had meant it to."""
        if self._popen is None or self.is_running():
            return None
        status = self._popen.returncode
        if self._may_end and status in (0, -signal.SIGKILL):
            return None
        return f"{self.name} ended with {status} by itself"

    def remarkable_log_lines(self, texts=(), limit=25):
        """What the log says about any of `texts`, its last warnings, and a sanitizer's report whole."""
        with open(self.log_path, encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
        for number, line in enumerate(lines):
            if re.search(r"ERROR: \w+Sanitizer|runtime error:", line):
                return lines[number:number + 60]
        about = [line for line in lines if any(text in line for text in texts)]
        bad = [line for line in lines
               if re.search(r'"level":"(warn|error)"|FATAL|PANIC|^--- ', line) and "/health/ready" not in line]
        return about[-limit:] + bad[-limit:]

    def _signal_family(self, number):
        members = self.family()
        for pid in members:
            try:
                os.kill(pid, number)
            except ProcessLookupError:
                pass
        return members


def _is_alive(pid):
    """False for one that has ended but has not been waited for."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as file:
            return file.read().rpartition(")")[2].split()[0] not in "ZX"
    except OSError:
        return False


def _family(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            children = [int(child) for child in file.read().split()]
    except OSError:
        children = []
    return [pid] + [member for child in children for member in _family(child)]
