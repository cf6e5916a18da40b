"""Reading and cleaning a shop's table, and which sale a credit takes back. No I/O but the sample."""
import pathlib
import sys
import tempfile
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parents[1] / "e2e" / "lib")]
from retail import book as books
from retail.book import line_of, pence, pieces
from retail.matching import match

HEADER = ",".join(books.COLUMNS)


def book_of(*rows, limit=None):
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8") as file:
        file.write("\n".join([HEADER, *rows]) + "\n")
        file.flush()
        return books.read(file.name, limit)


def line(**changes):
    cells = {"InvoiceNo": "536365", "StockCode": "85123A", "Description": "A  lamp ", "Quantity": "6",
             "InvoiceDate": "12/1/10 8:26", "UnitPrice": "2.55", "CustomerID": "17850", "Country": "France", **changes}
    return line_of(cells, cells["InvoiceNo"], 2)


class Lines(unittest.TestCase):
    def refuses(self, reason, **changes):
        with self.assertRaisesRegex(ValueError, reason):
            line(**changes)

    def test_a_sale_is_cleaned(self):
        self.assertEqual(line(), books.Line(2, "85123A", "A lamp", 6, 255))

    def test_codes_lose_their_case(self):
        self.assertEqual(line(StockCode=" 15056bl ").sku, "15056BL")

    def test_what_is_no_goods_is_refused(self):
        for code in ("POST", "D", "M", "DOT", "C2", "BANK CHARGES", "gift_0001_20", "", "1234"):
            self.refuses("^no goods", StockCode=code)

    def test_what_has_no_price_is_refused(self):
        for price in ("0", "-1", "0.00"):
            self.refuses("^no price$", UnitPrice=price)
        for price in ("", "free", "NaN", "Infinity", "2.555"):
            self.refuses("^no price", UnitPrice=price)

    def test_quantities_are_whole_and_above_zero(self):
        for quantity in ("0", "-3", "1000000"):
            self.refuses("^a quantity that cannot", Quantity=quantity)
        for quantity in ("1.5", "", "many", "1e3"):
            self.refuses("^no whole number", Quantity=quantity)

    def test_credits_are_below_zero(self):
        self.assertEqual(line(InvoiceNo="C536379", Quantity="-4").quantity, 4)
        self.refuses("^a quantity that cannot", InvoiceNo="C536379", Quantity="4")

    def test_a_strange_invoice_number_is_refused(self):
        self.refuses("^no invoice number", InvoiceNo="A563185")

    def test_cells_are_as_many_as_columns(self):
        self.refuses("^as many cells", Country=None)

    def test_money_is_exact(self):
        self.assertEqual([pence(text) for text in ("2.55", "0.1", "649.5", "1.1", "9.99")], [255, 10, 64950, 110, 999])
        self.assertEqual(pieces(" -12 "), -12)


class Book(unittest.TestCase):
    def test_it_is_in_the_order_of_time(self):
        book = book_of("2,10001,a,1,12/2/10 8:00,1,5,UK", "1,10001,a,1,12/1/10 10:00,1,5,UK",
                       "3,10001,a,1,12/1/10 9:00,1,5,UK")
        self.assertEqual([sale.number for sale in book.sales], ["3", "1", "2"])

    def test_who_does_not_say_is_the_guest(self):
        book = book_of("1,10001,a,1,12/1/10 8:00,1,,UK", "2,10001,a,2,12/1/10 8:01,1,  ,UK")
        self.assertEqual({sale.customer for sale in book.sales}, {books.GUEST})
        self.assertEqual(book.spent(), {books.GUEST: 300})

    def test_an_invoice_of_refused_lines_is_no_order(self):
        book = book_of("1,POST,Postage,1,12/1/10 8:00,18,5,UK", "2,10001,a,1,12/1/10 8:00,1,5,UK")
        self.assertEqual([sale.number for sale in book.sales], ["2"])
        self.assertEqual([(refusal.line, refusal.reason) for refusal in book.refusals],
                         [(2, "no goods: POST (Postage)")])

    def test_names_are_the_first_that_say_anything(self):
        book = book_of("1,10001,,1,12/1/10 8:00,1,5,UK", "2,10001,Lamp,1,12/1/10 8:01,1,5,UK",
                       "3,10002,,1,12/1/10 8:02,1,,UK")
        self.assertEqual(book.names(), {"10001": "Lamp", "10002": "10002"})

    def test_a_limit_is_of_invoices(self):
        rows = [f"{number},10001,a,1,12/1/10 8:0{number},1,5,UK" for number in (1, 1, 2, 3, 2)]
        book = book_of(*rows, limit=2)
        self.assertEqual([(sale.number, len(sale.lines)) for sale in book.sales], [("1", 2), ("2", 2)])

    def test_another_table_is_refused(self):
        with tempfile.NamedTemporaryFile("w", suffix=".csv") as file:
            file.write("a,b\n1,2\n")
            file.flush()
            self.assertFalse(books.is_one(file.name))
            with self.assertRaisesRegex(ValueError, "another table"):
                books.read(file.name)

    def test_the_sample_shows_everything(self):
        book = books.read(HERE.parent / "sample-sales.csv")
        returns, unmatched = match(book)
        self.assertEqual([sale.number for sale in book.sales], ["900001", "900002", "900003", "900008", "900010"])
        self.assertEqual(len(book.refusals), 8)
        self.assertEqual([(back.credit, back.sale, back.pieces) for back in returns],
                         [("C900006", "900001", {"10002": 3}), ("C900011", "900008", {"10001A": 5}),
                          ("C900011", "900001", {"10001A": 2})])
        self.assertEqual([refusal.reason for refusal in unmatched], ["no earlier sale of 10005 to 70001"])


class Matching(unittest.TestCase):
    SALES = ("1,10001,a,5,12/1/10 8:00,1,7,UK", "2,10001,a,3,12/1/10 9:00,1,7,UK", "3,10001,a,9,12/1/10 9:30,1,8,UK")

    def matched(self, *rows):
        returns, unmatched = match(book_of(*self.SALES, *rows))
        return [(back.sale, back.pieces["10001"]) for back in returns], [refusal.reason for refusal in unmatched]

    def test_the_latest_sale_comes_first(self):
        self.assertEqual(self.matched("C4,10001,a,-2,12/1/10 10:00,1,7,UK"), ([("2", 2)], []))

    def test_one_credit_may_take_back_several_sales(self):
        self.assertEqual(self.matched("C4,10001,a,-6,12/1/10 10:00,1,7,UK"), ([("2", 3), ("1", 3)], []))

    def test_no_piece_comes_back_twice(self):
        found, unmatched = self.matched("C4,10001,a,-6,12/1/10 10:00,1,7,UK", "C5,10001,a,-4,12/1/10 10:01,1,7,UK")
        self.assertEqual(sum(pieces for _, pieces in found), 8)
        self.assertEqual(unmatched, ["no earlier sale of 10001 to 7 for 2 of 4 pieces"])

    def test_a_sale_must_be_earlier(self):
        self.assertEqual(self.matched("C4,10001,a,-1,12/1/10 7:59,1,7,UK"), ([], ["no earlier sale of 10001 to 7"]))

    def test_others_sales_do_not_count(self):
        self.assertEqual(self.matched("C4,10001,a,-1,12/1/10 10:00,1,9,UK"), ([], ["no earlier sale of 10001 to 9"]))


if __name__ == "__main__":
    unittest.main()
