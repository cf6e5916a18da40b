-- Deliveries, what happened to them, the keys of the requests that did it, and what workflows are to be told.

CREATE TABLE deliveries (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    order_id uuid NOT NULL,
    customer_id uuid,
    workflow_id uuid,
    recipient text,
    address text,
    lines text NOT NULL,
    state text NOT NULL,
    carrier text,
    carrier_reference text,
    attempts bigint NOT NULL,
    -- Of one that has failed; NULL for all others.
    is_final boolean,
    owner_user_id text,
    owner_org_id text,
    attributes text NOT NULL,
    metadata text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX deliveries_live ON deliveries (order_id) WHERE state <> 'cancelled';
CREATE INDEX deliveries_by_order ON deliveries (order_id, id);
CREATE INDEX deliveries_by_state ON deliveries (state, id);

-- Written by those who hold the lock of the delivery's row, never changed.
CREATE TABLE delivery_events (
    delivery_id uuid NOT NULL REFERENCES deliveries,
    sequence bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    carrier text,
    carrier_reference text,
    received_by text,
    reason text,
    note text,
    is_final boolean,
    PRIMARY KEY (delivery_id, sequence)
);

-- Deliveries with what happened to them: a row for each event. There is one at least.
CREATE VIEW delivery_rows AS
SELECT d.id, d.version, d.order_id, d.customer_id, d.workflow_id, d.recipient, d.address, d.lines, d.state, d.carrier,
       d.carrier_reference, d.attempts, d.is_final, d.owner_user_id, d.owner_org_id, d.attributes, d.metadata,
       d.created_at, d.updated_at, d.deleted_at,
       e.sequence, e.at, e.kind, e.carrier AS event_carrier, e.carrier_reference AS event_carrier_reference,
       e.received_by, e.reason, e.note, e.is_final AS event_is_final
FROM deliveries AS d
JOIN delivery_events AS e ON e.delivery_id = d.id;

CREATE TABLE idempotency_keys (
    scope text NOT NULL,
    key text NOT NULL,
    fingerprint uuid NOT NULL,
    resource_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (scope, key)
);

CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

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
