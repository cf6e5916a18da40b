-- Products, their stock in buildings, what is held of it for orders, and what people fetch.

CREATE TABLE products (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    -- Compared byte by byte, so that the indexes serve prefixes and a fixed order whatever the database's locale.
    sku text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    price bigint NOT NULL CHECK (price > 0),
    currency text NOT NULL,
    unit text NOT NULL,
    category text,
    owner_user_id text,
    owner_org_id text,
    attributes text NOT NULL,
    metadata text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz
);

CREATE UNIQUE INDEX products_by_sku ON products (sku) WHERE deleted_at IS NULL;
CREATE INDEX products_by_name ON products (name, id);
CREATE INDEX products_by_category ON products (category, id) WHERE category IS NOT NULL;

-- What the movements of a sku in a building come to. It belongs to the sku, also when its product is made anew.
CREATE TABLE stock (
    building_id uuid NOT NULL,
    sku text COLLATE "C" NOT NULL,
    id uuid NOT NULL,
    version bigint NOT NULL,
    on_hand bigint NOT NULL,
    reserved bigint NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (building_id, sku),
    CHECK (on_hand >= reserved AND reserved >= 0)
) WITH (
    -- The same rows are written again and again: in their own page, with no index touched.
    fillfactor = 50,
    autovacuum_vacuum_scale_factor = 0.02
);

CREATE UNIQUE INDEX stock_by_id ON stock (id);
CREATE INDEX stock_by_sku ON stock (sku, id);
CREATE INDEX stock_by_building ON stock (building_id, id);

-- Every change of stock, never changed itself: on_hand and reserved are the sums of the changes, at any time.
CREATE TABLE stock_movements (
    id uuid PRIMARY KEY,
    building_id uuid NOT NULL,
    sku text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    on_hand_change bigint NOT NULL,
    reserved_change bigint NOT NULL,
    -- What there was after it.
    on_hand bigint NOT NULL,
    reserved bigint NOT NULL,
    order_id uuid,
    hold_id uuid,
    pick_id uuid,
    reason text,
    note text,
    created_at timestamptz NOT NULL
);

CREATE INDEX stock_movements_by_sku ON stock_movements (sku, id);
CREATE INDEX stock_movements_by_order ON stock_movements (order_id, id) WHERE order_id IS NOT NULL;

-- The lines are read and written with their hold, and by nobody without it.
CREATE TABLE holds (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    order_id uuid NOT NULL,
    building_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('held', 'confirmed', 'released', 'expired')),
    currency text NOT NULL,
    lines jsonb NOT NULL,
    total bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    ended_at timestamptz,
    release_reason text,
    owner_user_id text,
    owner_org_id text,
    attributes text NOT NULL,
    metadata text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX holds_by_order ON holds (order_id, id);
CREATE INDEX holds_by_state ON holds (state, id);
CREATE INDEX holds_due ON holds (expires_at) WHERE state = 'held';

CREATE TABLE picks (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    order_id uuid NOT NULL,
    hold_id uuid NOT NULL REFERENCES holds,
    building_id uuid NOT NULL,
    state text NOT NULL CHECK (state IN ('open', 'completed', 'cancelled')),
    workflow_id uuid,
    lines jsonb NOT NULL,
    completed_at timestamptz,
    cancelled_at timestamptz,
    owner_user_id text,
    owner_org_id text,
    attributes text NOT NULL,
    metadata text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL
) WITH (fillfactor = 80);

CREATE UNIQUE INDEX picks_living ON picks (hold_id) WHERE state <> 'cancelled';
CREATE INDEX picks_by_order ON picks (order_id, id);
CREATE INDEX picks_by_building ON picks (building_id, id);
CREATE INDEX picks_by_state ON picks (state, id);

-- Outlives what it guards: a request that is repeated late must not be carried out twice.
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

-- What workflows are to be told, until they have been.
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
);

CREATE INDEX intents_due ON intents (next_attempt_at) WHERE state = 'pending';
