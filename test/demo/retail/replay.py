"""The whole of it: open the shop, sell, pick, deliver, take back, prove, report."""
import pathlib
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from progress import Progress

from . import book as books
from . import report
from .client import Client
from .hands import Carrier, Mishaps, Warehouse
from .holdings import Holdings
from .matching import match
from .proof import findings
from .shop import Shop
from .till import Till

FILE = "online-retail-2010-12.csv"


def add_arguments(parser):
    parser.add_argument("--stock", type=float, default=1.0, metavar="SHARE",
                        help="how much there is of what will be sold (1.0)")
    parser.add_argument("--mishaps", type=int, default=0, metavar="PERCENT",
                        help="orders of which something is short, lost, undeliverable at first, cancelled (0)")
    parser.add_argument("--run", default="", help="a name: the same again does nothing twice")
    parser.add_argument("--patience", type=float, default=60,
                        help="seconds without any progress until it is given up (60)")


class Replay:
    def __init__(self, path, asked, headers):
        self._book = books.read(path, asked.limit)
        self._returns, self._unmatched = match(self._book)
        self._asked = asked
        self._client = Client(headers, asked.patience)
        self._run = f"retail/{asked.run or uuid.uuid4().hex[:12]}"
        self._mishaps = Mishaps(asked.mishaps)

    def run(self):
        """True when everything is proven."""
        report.print_book(self._book, self._returns, self._unmatched)
        report.print_lines("Lines that are refused", self._book.refusals)
        report.print_lines("Lines of credits without a sale", self._unmatched)
        at_once = max(1, self._asked.connections)
        with ThreadPoolExecutor(at_once) as orders, ThreadPoolExecutor(at_once) as others:
            shop = Shop(self._client, orders, self._book, self._run, self._asked.stock)
            started = time.monotonic()
            shop.open()
            print(f"Opened the shop: {len(shop.customers)} customers, {len(shop.initial)} products in"
                  f" {time.monotonic() - started:.1f} s", flush=True)
            till = Till(self._client, shop, self._run, (orders, others), self._mishaps)
            started = time.monotonic()
            faults = self._trade(till, others)
            report.print_trade(till, time.monotonic() - started, self._client)
        holdings, found = self._prove(shop, till)
        report.print_outcome(holdings, till, self._book.sales)
        report.print_proof(found, faults + till.faults)
        return not found and not faults and not till.faults

    def _trade(self, till, pool):
        """The faults of the hands. Everything has ended when it returns, or nothing has moved for too long."""
        hands = [kind(self._client, pool, till, self._mishaps, self._run) for kind in (Warehouse, Carrier)]
        progress = Progress(len(self._book.sales), unit="orders")
        with hands[0], hands[1], ThreadPoolExecutor(1) as selling:
            trade = selling.submit(till.trade, self._book.sales, self._returns)
            self._watch(till, trade, hands, progress)
            for coming_back in trade.result():
                coming_back.result()
        return [fault for hand in hands for fault in hand.faults]

    def _watch(self, till, trade, hands, progress):
        seen, moved_at = None, time.monotonic()
        while True:
            over = trade.done()
            left = self._under_way(till)
            ended = len(till.placed) - left
            progress.show(ended)
            now = (ended, len(till.placed), hands[0].done, hands[1].done)
            if now != seen:
                seen, moved_at = now, time.monotonic()
            if (over and not left) or time.monotonic() > moved_at + self._asked.patience:
                progress.finish(ended)
                return
            time.sleep(0.25)

    def _under_way(self, till):
        return sum(1 for status in ("placed", "confirmed", "picking", "delivering")
                   for order in self._client.items("/v1/orders", buildingId=till.shop.building, status=status)
                   if order["id"] in till.placed)

    def _prove(self, shop, till):
        """Refunds and what undoes a cancelled order come after the order's own end: findings may go away."""
        until = time.monotonic() + self._asked.patience
        while True:
            holdings = Holdings(self._client, shop, set(till.placed))
            found = findings(holdings, shop, till)
            if not found or time.monotonic() > until:
                return holdings, found
            time.sleep(0.5)


def chosen(path):
    """The file that was asked for, or the real one where it lies beside the project, or our sample."""
    if path:
        return path
    real = pathlib.Path(__file__).resolve().parents[4] / "shared" / "data" / FILE
    return real if real.exists() else pathlib.Path(__file__).resolve().parents[1] / "sample-sales.csv"


def replay(asked, headers):
    path = chosen(asked.data)
    print(f"Replaying {path}, {asked.connections} requests at a time")
    return Replay(path, asked, headers).run()
