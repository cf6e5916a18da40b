-- Holds that are locked, as they are from now on.
UPDATE holds
SET version = item.version, state = item.state, lines = item.lines, confirmed_at = item.confirmed_at,
    ended_at = item.ended_at, release_reason = item.release_reason, updated_at = item.updated_at
FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::jsonb[], $5::timestamptz[], $6::timestamptz[], $7::text[],
            $8::timestamptz[])
    AS item (id, version, state, lines, confirmed_at, ended_at, release_reason, updated_at)
WHERE holds.id = item.id
