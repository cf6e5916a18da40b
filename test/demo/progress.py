"""How far it is: a bar on a terminal, a line now and then elsewhere."""
import sys
import time

WIDTH = 40


class Progress:
    def __init__(self, total, unit="rows", out=sys.stdout):
        self._total = max(1, total)
        self._out = out
        self._unit = unit
        self._is_terminal = out.isatty()
        self._started = time.monotonic()
        self._shown = 0

    def show(self, done):
        if self._is_terminal:
            self._out.write("\r" + self._bar(done))
            self._out.flush()
        elif done * 10 // self._total > self._shown:
            self._shown = done * 10 // self._total
            print(f"  {done} of {self._total} {self._unit}, {self._rate(done):.0f}/s", file=self._out, flush=True)

    def finish(self, done):
        self.show(done)
        if self._is_terminal:
            self._out.write("\n")

    def _bar(self, done):
        full = done * WIDTH // self._total
        return f"  [{'#' * full}{'.' * (WIDTH - full)}] {done}/{self._total}  {self._rate(done):.0f}/s "

    def _rate(self, done):
        return done / max(0.001, time.monotonic() - self._started)
