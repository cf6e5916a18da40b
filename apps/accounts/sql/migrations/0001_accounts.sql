-- The ledger: accounts with their counters, and what has changed them.

CREATE TABLE accounts (
    id uuid PRIMARY KEY,
    version bigint NOT NULL,
    kind text NOT NULL CHECK (kind IN ('customer', 'merchant', 'cash', 'world')),
    currency text NOT NULL,
    customer_id uuid,
    name text,
    credit_limit bigint NOT NULL CHECK (credit_limit >= 0),
    debits_posted bigint NOT NULL DEFAULT 0 CHECK (debits_posted >= 0),
    credits_posted bigint NOT NULL DEFAULT 0 CHECK (credits_posted >= 0),
    debits_pending bigint NOT NULL DEFAULT 0 CHECK (debits_pending >= 0),
    credits_pending bigint NOT NULL DEFAULT 0 CHECK (credits_pending >= 0),
    -- How many entries it has.
    entries bigint NOT NULL DEFAULT 0,
    owner_user_id text,
    owner_org_id text,
    attributes text NOT NULL,
    metadata text NOT NULL,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    CONSTRAINT accounts_have_their_customer CHECK ((kind = 'customer') = (customer_id IS NOT NULL)),
    -- What the service sees to, seen to once more.
    CONSTRAINT customers_owe_no_more_than_they_may
        CHECK (kind <> 'customer' OR debits_posted + debits_pending - credits_posted <= credit_limit),
    CONSTRAINT merchants_give_no_more_than_they_have
        CHECK (kind <> 'merchant' OR debits_posted + debits_pending <= credits_posted)
) WITH (
    -- Room beside a row that changes with every transfer, so that its indexes stay as they are.
    fillfactor = 50
);

CREATE UNIQUE INDEX accounts_by_holder
    ON accounts (kind, currency, coalesce(customer_id, '00000000-0000-0000-0000-000000000000'));
CREATE INDEX accounts_by_kind ON accounts (kind, id);
CREATE INDEX accounts_by_customer ON accounts (customer_id, id) WHERE customer_id IS NOT NULL;

CREATE TABLE transfers (
    id uuid PRIMARY KEY,
    debit_account_id uuid NOT NULL REFERENCES accounts,
    credit_account_id uuid NOT NULL REFERENCES accounts,
    amount bigint NOT NULL CHECK (amount > 0),
    currency text NOT NULL,
    expires_at timestamptz,
    order_id uuid,
    linked_to uuid REFERENCES transfers,
    description text,
    owner_user_id text,
    owner_org_id text,
    attributes text NOT NULL,
    metadata text NOT NULL,
    created_at timestamptz NOT NULL,
    CHECK (debit_account_id <> credit_account_id)
);

CREATE INDEX transfers_by_debit_account ON transfers (debit_account_id, id);
CREATE INDEX transfers_by_credit_account ON transfers (credit_account_id, id);
CREATE INDEX transfers_by_order ON transfers (order_id, id) WHERE order_id IS NOT NULL;
CREATE INDEX transfers_by_link ON transfers (linked_to) WHERE linked_to IS NOT NULL;

-- What has become of a transfer, once. One that was never pending has its row from the beginning.
CREATE TABLE transfer_resolutions (
    transfer_id uuid PRIMARY KEY REFERENCES transfers,
    outcome text NOT NULL CHECK (outcome IN ('posted', 'voided', 'expired')),
    amount bigint CHECK (amount > 0),
    resolved_at timestamptz NOT NULL,
    CHECK ((outcome = 'posted') = (amount IS NOT NULL))
);

CREATE INDEX transfer_resolutions_by_outcome ON transfer_resolutions (outcome, transfer_id);

-- The transfers without a resolution: what may be looked for without looking at all others.
CREATE TABLE pending_transfers (
    transfer_id uuid PRIMARY KEY REFERENCES transfers,
    expires_at timestamptz
);

CREATE INDEX pending_transfers_by_expiry ON pending_transfers (expires_at) WHERE expires_at IS NOT NULL;

-- The statement: both sides of every transfer that was posted.
CREATE TABLE entries (
    account_id uuid NOT NULL REFERENCES accounts,
    posted_at timestamptz NOT NULL,
    sequence bigint NOT NULL,
    transfer_id uuid NOT NULL REFERENCES transfers,
    side text NOT NULL CHECK (side IN ('debit', 'credit')),
    amount bigint NOT NULL CHECK (amount > 0),
    balance bigint NOT NULL,
    PRIMARY KEY (account_id, posted_at, sequence),
    UNIQUE (account_id, transfer_id)
);

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % never change', TG_TABLE_NAME;
END $$;

CREATE TRIGGER transfers_never_change BEFORE UPDATE OR DELETE ON transfers
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER transfer_resolutions_never_change BEFORE UPDATE OR DELETE ON transfer_resolutions
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER entries_never_change BEFORE UPDATE OR DELETE ON entries
    FOR EACH ROW EXECUTE FUNCTION refuse_change();

-- A request that is repeated after it has had its effect must not have another.
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
