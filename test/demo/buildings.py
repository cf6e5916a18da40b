"""Imports a table of buildings over REST and says what became of it."""
import pathlib

from importer import Importer
from progress import Progress
from report import Shares, print_holdings, print_outcome
from rest import URL
from rows import read

HERE = pathlib.Path(__file__).resolve().parent
REAL = HERE.parents[2] / "shared" / "data" / "seattle-buildings-2016.csv"
SAMPLE = HERE / "sample-buildings.csv"


def import_buildings(asked, headers):
    """True when every row is known to have been taken or refused."""
    path = asked.data or (REAL if REAL.exists() else SAMPLE)
    rows = list(read(path))[:asked.limit]
    print(f"Importing {path} into {URL}, {asked.connections} requests at a time")
    shares = Shares()
    outcome = Importer(rows, max(1, asked.connections), headers, Progress(len(rows))).run()
    print_outcome(path.name, outcome)
    print_holdings(headers)
    shares.print()
    return not outcome.failed
