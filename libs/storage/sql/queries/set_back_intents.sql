-- What a delivery that did not succeed leaves behind. The attempt fences off a relay that was away for longer than it
-- had claimed the intent for: by then another one may be at it.
UPDATE intents
SET state = set_back.state,
    next_attempt_at = now() + set_back.wait_ms * interval '1 millisecond',
    last_error = set_back.reason
FROM unnest($1::uuid[], $2::int[], $3::text[], $4::bigint[], $5::text[])
    AS set_back (id, attempt, state, wait_ms, reason)
WHERE intents.id = set_back.id AND intents.attempts = set_back.attempt
