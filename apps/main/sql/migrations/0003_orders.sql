-- Orders, what has happened to them, and what came back of them.

CREATE TABLE orders (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    status text NOT NULL,
    customer_id uuid NOT NULL,
    -- Not checked here: a building without stock is one that nothing can be ordered from.
    building_id uuid NOT NULL,
    currency text NOT NULL,
    -- Always read and written as a whole, and looked for by nothing: [{sku, quantity, name?, unitPrice?, …}].
    lines jsonb NOT NULL,
    reasons jsonb NOT NULL DEFAULT '[]',
    delivery_address jsonb,
    total bigint,
    charged bigint,
    refunded bigint NOT NULL DEFAULT 0,
    workflow_id uuid,
    hold_id uuid,
    transfer_id uuid,
    pick_id uuid,
    delivery_id uuid,
    -- The number of the last event.
    events bigint NOT NULL,
    owner_user_id text,
    owner_org_id text,
    attributes jsonb NOT NULL,
    metadata jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);

CREATE INDEX orders_by_customer ON orders (customer_id, id);
CREATE INDEX orders_by_building ON orders (building_id, id);
CREATE INDEX orders_by_status ON orders (status, id);

-- Every transition, numbered from 1 without gaps. It also remembers the key of the request that made it, for as long as
-- the order is there: a workflow may repeat a step days later.
CREATE TABLE order_events (
    order_id uuid NOT NULL REFERENCES orders,
    number bigint NOT NULL,
    at timestamptz NOT NULL,
    type text NOT NULL,
    status text NOT NULL,
    workflow_id uuid,
    idempotency_key text,
    fingerprint uuid,
    trace_id text NOT NULL,
    data jsonb NOT NULL,
    PRIMARY KEY (order_id, number)
);

CREATE TABLE order_returns (
    id uuid PRIMARY KEY,
    order_id uuid NOT NULL REFERENCES orders,
    version bigint NOT NULL,
    status text NOT NULL,
    lines jsonb NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    reason text,
    reasons jsonb NOT NULL DEFAULT '[]',
    transfer_id uuid,
    owner_user_id text,
    owner_org_id text,
    attributes jsonb NOT NULL,
    metadata jsonb NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);

CREATE INDEX order_returns_by_order ON order_returns (order_id, id);
