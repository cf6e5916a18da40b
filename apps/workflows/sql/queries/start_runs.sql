-- Starts a batch of runs, with their first steps, in one statement and one commit. Items carry ids made by the caller, so
-- that the batch may be sent again when its outcome was lost; is_there and is_held tell what the first one did. Tells of
-- each item whether it was started; if not, somebody had taken its Idempotency-Key or its key before, and nothing of it is
-- written but the former, under which the answer stays what it was. Items with different keys may have one
-- Idempotency-Key: the first of them has it. Keys are claimed in order, or two batches with the same keys could wait for
-- each other.
--
-- A worker takes the first steps for itself (session_id) when its lease lives; otherwise they are ready for anybody.
WITH session AS MATERIALIZED (
    SELECT id FROM sessions WHERE id = $48::uuid AND expires_at > clock_timestamp() AND NOT is_lost FOR KEY SHARE
), item AS (
    SELECT *
    FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::text[],
                $9::boolean[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::uuid[],
                $16::text[], $17::text[], $18::text[], $19::text[], $20::boolean[],
                $21::timestamptz[], $22::text[], $23::uuid[], $24::timestamptz[], $49::text[])
        AS item (id, definition, definition_version, key, name, status, priority, building_id, building_id_is_integer,
                 owner_user_id, owner_org_id, attributes, metadata, input, parent_id, parent_path,
                 traceparent, output, error, is_final, created_at, request_key, fingerprint, request_key_expires_at,
                 limit_key)
), claimed AS (
    INSERT INTO idempotency_keys AS known (scope, key, fingerprint, resource_id, created_at, expires_at)
    SELECT DISTINCT ON (request_key)
           'workflows.create', request_key, fingerprint, id, created_at, request_key_expires_at
    FROM item
    WHERE request_key IS NOT NULL
    ORDER BY request_key, id
    ON CONFLICT (scope, key) DO UPDATE
        SET fingerprint = EXCLUDED.fingerprint, resource_id = EXCLUDED.resource_id,
            created_at = EXCLUDED.created_at, expires_at = EXCLUDED.expires_at
        WHERE known.expires_at <= EXCLUDED.created_at
    RETURNING resource_id
), asked AS (
    SELECT * FROM item WHERE request_key IS NULL OR id IN (SELECT resource_id FROM claimed)
), keyed AS (
    INSERT INTO run_keys (definition, key, run_id, created_at)
    SELECT definition, key, id, created_at FROM asked WHERE key IS NOT NULL ORDER BY definition, key
    ON CONFLICT (definition, key) DO NOTHING
    RETURNING run_id
), started AS (
    INSERT INTO workflows (id, version, definition, definition_version, key, name, status, priority, building_id,
                           building_id_is_integer, owner_user_id, owner_org_id, attributes, metadata, input, parent_id,
                           parent_path, traceparent, output, error, created_at, updated_at, finished_at, limit_key,
                           admitted_at)
    SELECT id, 1, definition, definition_version, key, name, status, priority, building_id, building_id_is_integer,
           owner_user_id, owner_org_id, attributes::jsonb, metadata::jsonb, input, parent_id, parent_path,
           traceparent, output, error, created_at, created_at, CASE WHEN is_final THEN created_at END,
           limit_key, CASE WHEN limit_key IS NULL THEN created_at END
    FROM asked
    WHERE key IS NULL OR id IN (SELECT run_id FROM keyed)
    ON CONFLICT (id) DO NOTHING
    RETURNING id
), stepped AS (
    INSERT INTO steps (run_id, path, state, priority, attempt, failures, lease_losses, generation, is_uncertain, due_at,
                       output, error, completed_as, child_id, session_id, started_at, changed_at, lane)
    SELECT step.run_id, path,
           CASE WHEN state = 'claimed' AND session.id IS NULL THEN 'ready' ELSE state END,
           step.priority, attempt, 0, 0, 0, false,
           coalesce(due_at, clock_timestamp() + due_in * interval '1 millisecond'), output, error, completed_as,
           child_id, CASE WHEN state = 'claimed' THEN session.id END,
           CASE WHEN state = 'claimed' THEN changed_at END, changed_at,
           CASE WHEN state = 'ready' OR state = 'claimed' AND session.id IS NULL
                THEN (SELECT lane_of(item.definition, item.limit_key) FROM item WHERE item.id = step.run_id) ELSE 0 END
    FROM unnest($25::uuid[], $26::text[], $27::text[], $28::smallint[], $29::bigint[], $30::bigint[], $31::text[],
                $32::text[], $33::bigint[], $34::uuid[], $35::timestamptz[], $36::uuid[], $50::timestamptz[])
             AS step (run_id, path, state, priority, attempt, due_in, output, error, completed_as, child_id, changed_at,
                      holder, due_at)
    LEFT JOIN session ON session.id = step.holder
    WHERE step.run_id IN (SELECT id FROM started)
), told AS (
    INSERT INTO history (run_id, type, step, at, data)
    SELECT * FROM unnest($37::uuid[], $38::text[], $39::text[], $40::timestamptz[], $41::text[])
        AS entry (run_id, type, step, at, data)
    WHERE entry.run_id IN (SELECT id FROM started)
), mailed AS (
    INSERT INTO mail (id, run_id, command, created_at)
    SELECT id, run_id, command, created_at
    FROM unnest($42::uuid[], $43::uuid[], $44::text[], $45::timestamptz[], $46::uuid[])
        AS letter (id, run_id, command, created_at, sender)
    WHERE sender IN (SELECT id FROM started)
), delivered AS (
    -- A child comes from a letter: both or neither.
    DELETE FROM mail WHERE id = ANY ($47::uuid[])
)
SELECT item.id, started.id IS NOT NULL AS is_started, session.id IS NOT NULL AS is_live,
       CASE WHEN started.id IS NULL THEN EXISTS (SELECT FROM workflows AS w WHERE w.id = item.id) ELSE false END
           AS is_there,
       CASE WHEN started.id IS NULL
            THEN EXISTS (SELECT FROM steps AS s
                         WHERE s.run_id = item.id AND s.state = 'claimed' AND s.session_id = $48)
            ELSE false END AS is_held,
       item.request_key IS NOT NULL AND claimed.resource_id IS NULL AS is_request_known,
       item.key IS NOT NULL
           AND EXISTS (SELECT FROM early_signals AS e WHERE e.definition = item.definition AND e.key = item.key)
           AS has_early_signals
FROM item
LEFT JOIN started ON started.id = item.id
LEFT JOIN claimed ON claimed.resource_id = item.id
LEFT JOIN session ON true
