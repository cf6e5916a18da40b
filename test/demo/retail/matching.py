"""Which sale a credit takes back: the latest earlier ones of the same customer and product, as far as they go."""
from dataclasses import dataclass, field
from datetime import datetime

from .book import Refusal


@dataclass
class Return:
    """Goods of one sale that one credit takes back."""
    credit: str
    sale: str
    at: datetime
    pieces: dict = field(default_factory=dict)


def match(book):
    """(returns in the order of time, refusals of what matches no sale)."""
    left = _Sales(book)
    returns = {}
    unmatched = []
    for credit in book.credits:
        for line in credit.lines:
            rest = line.quantity
            for sale, pieces in left.take(credit, line):
                found = returns.setdefault((credit.number, sale), Return(credit.number, sale, credit.at))
                found.pieces[line.sku] = found.pieces.get(line.sku, 0) + pieces
                rest -= pieces
            if rest:
                part = "" if rest == line.quantity else f" for {rest} of {line.quantity} pieces"
                unmatched.append(Refusal(line.line, credit.number,
                                         f"no earlier sale of {line.sku} to {credit.customer}{part}"))
    return list(returns.values()), unmatched


class _Sales:
    """What has been sold and not come back: (customer, sku) -> [time, invoice, pieces], the earliest first."""

    def __init__(self, book):
        self._left = {}
        for sale in book.sales:
            for line in sale.lines:
                self._left.setdefault((sale.customer, line.sku), []).append([sale.at, sale.number, line.quantity])

    def take(self, credit, line):
        wanted = line.quantity
        for sale in reversed(self._left.get((credit.customer, line.sku), [])):
            pieces = min(wanted, sale[2]) if sale[0] <= credit.at else 0
            if pieces:
                sale[2] -= pieces
                wanted -= pieces
                yield sale[1], pieces
            if not wanted:
                return
