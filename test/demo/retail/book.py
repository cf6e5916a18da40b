"""From the table of an online shop to what was sold and what came back.

Codes lose their case, descriptions their odd spaces, prices become pence; nothing else of what is written is changed. A
line that is no sale of goods, or cannot be read, is a refused one.
"""
import csv
import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation

COLUMNS = ("InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country")
# Who buys without saying who it is.
GUEST = "guest"
QUANTITY_MAX = 100_000
INVOICE = re.compile(r"C?\d+")
# The shop's articles have five digits and perhaps letters; POST, D, M, BANK CHARGES and the like are no goods.
GOODS = re.compile(r"\d{5}[A-Z]{0,8}")


@dataclass(frozen=True)
class Line:
    line: int
    sku: str
    name: str
    quantity: int
    price: int


@dataclass(frozen=True)
class Refusal:
    line: int
    invoice: str
    reason: str


@dataclass
class Invoice:
    number: str
    customer: str
    country: str
    at: datetime
    lines: list = field(default_factory=list)


@dataclass
class Book:
    """Sales and credits in the order of time, and the lines that are neither. Quantities are above zero in both."""
    sales: list = field(default_factory=list)
    credits: list = field(default_factory=list)
    refusals: list = field(default_factory=list)
    lines: int = 0

    def names(self):
        """sku -> name, the first that says anything."""
        found = {}
        for invoice in self.sales:
            for line in invoice.lines:
                found[line.sku] = found.get(line.sku) or line.name
        return {sku: name or sku for sku, name in found.items()}

    def sold(self):
        """sku -> pieces."""
        found = {}
        for invoice in self.sales:
            for line in invoice.lines:
                found[line.sku] = found.get(line.sku, 0) + line.quantity
        return found

    def spent(self):
        """customer -> pence."""
        found = {}
        for invoice in self.sales:
            found[invoice.customer] = found.get(invoice.customer, 0) + worth(invoice)
        return found


def worth(invoice):
    return sum(line.quantity * line.price for line in invoice.lines)


def is_one(path):
    """Whether the file has such a table."""
    with open(path, newline="", encoding="utf-8-sig") as file:
        return set(COLUMNS) <= set(next(csv.reader(file), []))


def read(path, limit=None):
    """The Book of a file; of its first `limit` invoices when that is given."""
    book = Book()
    invoices = {}
    with open(path, newline="", encoding="utf-8-sig") as file:
        table = csv.DictReader(file)
        missing = [column for column in COLUMNS if column not in (table.fieldnames or [])]
        if missing:
            raise ValueError(f"{path} has no column {', '.join(missing)}; it is another table")
        for cells in table:
            number = (cells["InvoiceNo"] or "").strip().upper()
            if limit is not None and number not in invoices and len(invoices) >= limit:
                continue
            book.lines += 1
            take(cells, number, table.line_num, invoices, book)
    in_time = sorted((invoice for invoice in invoices.values() if invoice and invoice.lines),
                     key=lambda invoice: invoice.at)
    book.sales = [invoice for invoice in in_time if not invoice.number.startswith("C")]
    book.credits = [invoice for invoice in in_time if invoice.number.startswith("C")]
    return book


def take(cells, number, line, invoices, book):
    invoices.setdefault(number, None)
    try:
        item = line_of(cells, number, line)
        at = time_of(cells["InvoiceDate"])
    except ValueError as error:
        book.refusals.append(Refusal(line, number, str(error)))
        return
    if invoices[number] is None:
        invoices[number] = Invoice(number, cells["CustomerID"].strip() or GUEST, cells["Country"].strip(), at)
    invoices[number].lines.append(item)


def line_of(cells, number, line):
    """Throws ValueError with the reason when it is no sale of goods, nor the credit of one."""
    if None in cells or None in cells.values():
        raise ValueError("as many cells as columns are needed")
    if not INVOICE.fullmatch(number):
        raise ValueError(f"no invoice number: {number!r}")
    name = " ".join(cells["Description"].split())[:200]
    sku = cells["StockCode"].strip().upper()
    if not GOODS.fullmatch(sku):
        raise ValueError(f"no goods: {sku or 'no code'}{f' ({name})' if name else ''}")
    price = pence(cells["UnitPrice"])
    quantity = pieces(cells["Quantity"])
    if number.startswith("C"):
        quantity = -quantity
    if price <= 0:
        raise ValueError("no price")
    if not 1 <= quantity <= QUANTITY_MAX:
        raise ValueError(f"a quantity that cannot be sold or taken back: {cells['Quantity']}")
    return Line(line, sku, name, quantity, price)


def pence(text):
    try:
        value = Decimal(text.strip()) * 100
    except InvalidOperation:
        raise ValueError(f"no price: {text!r}") from None
    if not value.is_finite() or value != value.to_integral_value():
        raise ValueError(f"no price in whole pence: {text!r}")
    return int(value)


def pieces(text):
    if not re.fullmatch(r"\s*-?\d{1,9}\s*", text):
        raise ValueError(f"no whole number of pieces: {text!r}")
    return int(text)


def time_of(text):
    try:
        return datetime.strptime(text.strip(), "%m/%d/%y %H:%M")
    except ValueError:
        raise ValueError(f"no time: {text!r}") from None
