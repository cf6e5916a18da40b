-- Letters to nobody: the run is not there (it was removed, or its start was refused), and no letter that would start it
-- is on its way. A start and the letter that asks for it come and go together, so that one statement sees one or the
-- other.
DELETE FROM mail AS letter
WHERE letter.id = ANY ($1::uuid[])
  AND NOT EXISTS (SELECT FROM workflows WHERE workflows.id = letter.run_id)
  AND NOT EXISTS (SELECT FROM mail AS start
                  WHERE start.run_id = letter.run_id AND start.command::jsonb ->> 'do' = 'start')
