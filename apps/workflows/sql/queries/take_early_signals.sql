-- The signals that came before a run of this key was started, if it has been; they belong to the run now.
DELETE FROM early_signals AS e
USING run_keys AS k
WHERE e.definition = $1 AND e.key = $2 AND k.definition = e.definition AND k.key = e.key
RETURNING k.run_id, e.sequence, e.id, e.name, e.payload
