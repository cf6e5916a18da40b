-- What has been promised to another service in the transaction of its cause, until that service has answered.
CREATE TABLE intents (
    id uuid PRIMARY KEY,
    subject text NOT NULL,
    payload text NOT NULL,
    idempotency_key text NOT NULL,
    resource_id uuid NOT NULL,
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'failed')),
    attempts integer NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL,
    last_error text,
    created_at timestamptz NOT NULL
) WITH (
    -- Rows come and go by the thousand a second, and the table is all but empty in between.
    autovacuum_vacuum_scale_factor = 0.0,
    autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_cost_delay = 0
);

CREATE INDEX intents_due ON intents (next_attempt_at) WHERE state = 'pending';
