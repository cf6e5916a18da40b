"""Fills the system with buildings, and replays a shop's orders: run by scripts/demo."""
import argparse
import http.client
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "e2e" / "lib")]
from buildings import import_buildings
from rest import URL, Rest
from retail import book
from retail.client import Refused, Unanswered
from retail.replay import add_arguments, replay

PARTS = {"buildings": import_buildings, "orders": replay}


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/demo", allow_abbrev=False)
    parser.add_argument("part", nargs="?", choices=list(PARTS))
    parser.add_argument("--data", type=pathlib.Path)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--limit", type=int)
    add_arguments(parser)
    return parser.parse_args()


def parts(asked):
    """What was asked for; a file alone says by its columns what it is."""
    if asked.part:
        return [asked.part]
    if asked.data:
        return ["orders" if book.is_one(asked.data) else "buildings"]
    return list(PARTS)


def main():
    asked = arguments()
    token = os.environ.get("LINTEL_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        wanted = parts(asked)
        status = Rest(headers=headers).get("/v1/buildings", pageSize=1).status
        if status != 200:
            hint = "; LINTEL_TOKEN must hold one of API_TOKENS" if status == 401 else ""
            sys.exit(f"demo: {URL} answers {status}{hint}")
        return 0 if all([PARTS[part](asked, headers) for part in wanted]) else 1
    except (OSError, ValueError, http.client.HTTPException, Refused, Unanswered) as error:
        sys.exit(f"demo: {error}")


sys.exit(main())
