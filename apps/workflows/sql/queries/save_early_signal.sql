-- A signal to a run that may not have been started; returns nothing when it came before.
INSERT INTO early_signals (definition, key, id, name, payload, received_at)
VALUES ($1, $2, $3, $4, $5, clock_timestamp())
ON CONFLICT (definition, key, id) DO NOTHING
RETURNING id
