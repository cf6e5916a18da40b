"""Fills a database with workflows: copies of ones that the engine has written, with ids of their own."""

import subprocess
import time

from workflows.window import Seconds

# An id of version 7 for the number `n`, a minute and more old, in the order of the numbers.
ID = ("(lpad(to_hex(floor(extract(epoch FROM now()) * 1000)::bigint - 3600000 + n / 1000), 12, '0') || "
      "'7' || lpad(to_hex({kind}), 3, '0') || '8000' || lpad(to_hex(n), 12, '0'))::uuid")
TABLES = {"workflows": "id", "steps": "run_id", "history": "run_id"}


def fill(side, finished, waiting):
    """Rows of each table afterwards."""
    side.start()
    try:
        side.load(Seconds(0, 1), in_flight=4)
        subprocess.run(side.command("fill-waiting", "--kind", "signal", "--steps", "1", "--count", "1"), check=True,
                       capture_output=True)
        time.sleep(1)
    finally:
        side.stop()
    _copy(side, "definition LIKE 'run-%' AND status = 'completed'", finished, 1)
    _copy(side, "definition = 'fill-waiting'", waiting, 2)
    for table in TABLES:
        side.postgres.query(side.database, f"VACUUM (ANALYZE) {table}")
    return {table: int(side.postgres.query(side.database, f"SELECT count(*) FROM {table}")[0][0]) for table in TABLES}


def _copy(side, which, count, kind):
    example = side.postgres.query(side.database, f"SELECT id FROM workflows WHERE {which} ORDER BY id LIMIT 1")[0][0]
    for table, key in TABLES.items():
        columns = [name for (name,) in side.postgres.query(side.database, f"""
            SELECT column_name FROM information_schema.columns
            WHERE table_schema = 'public' AND table_name = '{table}' AND is_identity = 'NO'
            ORDER BY ordinal_position""")]
        values = ", ".join(ID.format(kind=kind) if column == key else f"t.{column}" for column in columns)
        side.postgres.query(side.database, f"""
            INSERT INTO {table} ({', '.join(columns)})
            SELECT {values}
            FROM generate_series(1, {count}) AS n, (SELECT * FROM {table} WHERE {key} = '{example}') AS t
            ORDER BY n{', t.sequence' if key == 'run_id' else ''}""")
