-- Workflows that are under way and have nothing that would carry them on: always none. What a worker has lost is not
-- stuck yet: the others have ten seconds to notice.
SELECT w.id, w.definition, w.status, w.updated_at,
       CASE WHEN w.status IN ('running', 'compensating')
            THEN 'no step is ready, under way or due' ELSE 'it waits for nothing' END AS finding
FROM workflows AS w
WHERE w.finished_at IS NULL AND w.deleted_at IS NULL AND w.status IN ('running', 'compensating', 'waiting')
  AND NOT EXISTS (
      SELECT FROM steps AS s
      LEFT JOIN sessions AS x ON x.id = s.session_id
      LEFT JOIN workflows AS c ON c.id = s.child_id
      WHERE s.run_id = w.id
        AND CASE
            WHEN s.state = 'ready' THEN true
            WHEN s.state = 'claimed' THEN x.expires_at > now() - interval '10 seconds'
            WHEN s.state = 'scheduled' THEN s.due_at IS NOT NULL
            WHEN s.state = 'dead' THEN true
            WHEN s.state <> 'waiting' THEN false
            -- A child that is there, or on its way there, or its end on the way here.
            WHEN s.child_id IS NOT NULL THEN (c.id IS NOT NULL AND c.finished_at IS NULL)
                OR EXISTS (SELECT FROM mail WHERE run_id = w.id OR run_id = s.child_id)
            -- What waits for the steps inside it has an output, their number or their case, and lives by them alone; what
            -- has none waits for a signal.
            ELSE s.output IS NULL
            END
  )
ORDER BY w.id
LIMIT $1
