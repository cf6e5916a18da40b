"""Whether the checker would see it: harm that the services cannot mend is done to the databases themselves."""

from case import table_of
from checker import Checker, Violation
from process import Failed

CASES = []
case = table_of(CASES)

# What is done to the databases, and what the checker must say about it.
HARM = [
    ("workflows", "DELETE FROM workflows WHERE building_id = '{0}'", "{0} (", "has 0 workflows"),
    ("workflows", "INSERT INTO workflows SELECT gen_random_uuid(), version, name, status, building_id, "
                  "building_id_is_integer, owner_user_id, owner_org_id, attributes, metadata, created_at, updated_at "
                  "FROM workflows WHERE building_id = '{1}'", "{1} (", "has 2 workflows"),
    ("workflows", "DELETE FROM history WHERE type = 'run.completed' "
                  "AND run_id = (SELECT id FROM workflows WHERE building_id = '{6}')", "was completed 0 times"),
    ("main", "DELETE FROM buildings WHERE id = '{2}'", "an acknowledged building is not there", "a workflow of a building"),
    ("main", "UPDATE buildings SET name = (SELECT name FROM buildings WHERE id = '{4}') WHERE id = '{3}'",
     "2 buildings under one key", "an acknowledged building is not there"),
    ("main", "DELETE FROM idempotency_keys WHERE resource_id = '{5}'", "does not lead to its building {5}",
     "a repeated request was answered with"),
]


@case("what is lost or doubled is found")
def checker_sees(run):
    for _ in range(8):
        run.load.create()
    run.finish()
    ids = [entry.building() for entry in run.load.entries]
    for where, sql, *_ in HARM:
        rows = run.stack.rows_of_main if where == "main" else run.stack.rows_of_workflows
        rows(sql.format(*ids))
    try:
        Checker(run.stack, run.load).run()
    except Violation as violation:
        said = violation.everything()
    else:
        raise Failed("nothing was found")
    for _, _, *words in HARM:
        for word in words:
            run.expect(word.format(*ids) in said, f"not found: {word.format(*ids)}; but:\n{said}")
    run.is_checked = True
