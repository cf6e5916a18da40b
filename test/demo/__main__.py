"""Imports a table of buildings over REST and says what became of it: run by scripts/demo."""
import argparse
import http.client
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e" / "lib")]
from importer import Importer
from progress import Progress
from report import Shares, print_holdings, print_outcome
from rest import URL, Rest
from rows import read

SAMPLE = HERE / "sample-buildings.csv"


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/demo", allow_abbrev=False)
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--limit", type=int)
    return parser.parse_args()


def chosen(path):
    """The file that was asked for, or the real one where it lies beside the project, or our sample."""
    if path:
        return path
    real = HERE.parents[2] / "shared" / "data" / "seattle-buildings-2016.csv"
    return real if real.exists() else SAMPLE


def main():
    asked = arguments()
    path = chosen(asked.data)
    token = os.environ.get("LINTEL_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        rows = list(read(path))[:asked.limit]
        status = Rest(headers=headers).get("/v1/buildings", pageSize=1).status
    except (OSError, ValueError, http.client.HTTPException) as error:
        sys.exit(f"demo: {error}")
    if status != 200:
        hint = "; LINTEL_TOKEN must hold one of API_TOKENS" if status == 401 else ""
        sys.exit(f"demo: {URL} answers {status}{hint}")
    print(f"Importing {path} into {URL}, {asked.connections} requests at a time")
    shares = Shares()
    outcome = Importer(rows, max(1, asked.connections), headers, Progress(len(rows))).run()
    print_outcome(path.name, outcome)
    print_holdings(headers)
    shares.print()
    return 1 if outcome.failed else 0


sys.exit(main())
