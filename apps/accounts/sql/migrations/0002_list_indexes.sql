-- Lists and sweeps read what they are asked for, however many other rows there are. NULLS LAST is an order that the
-- primary keys do not have, or the planner would rather walk those, from the newest row of all on.

-- The sweep goes on behind the last transfer it has seen, also where many expire at the same time.
CREATE INDEX pending_transfers_in_order ON pending_transfers (expires_at, transfer_id) WHERE expires_at IS NOT NULL;
DROP INDEX pending_transfers_by_expiry;

CREATE INDEX accounts_of_kind ON accounts (kind, id DESC NULLS LAST);
DROP INDEX accounts_by_kind;
CREATE INDEX accounts_by_kind_and_currency ON accounts (kind, currency, id DESC NULLS LAST);

-- Whose transfers they are that wait, or that came to nothing; of those that were posted the entries tell.
ALTER TABLE pending_transfers ADD COLUMN debit_account_id uuid, ADD COLUMN credit_account_id uuid;
ALTER TABLE transfer_resolutions ADD COLUMN debit_account_id uuid, ADD COLUMN credit_account_id uuid;

-- A replica of the release before does not say so itself.
CREATE FUNCTION name_accounts_of_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT t.debit_account_id, t.credit_account_id INTO NEW.debit_account_id, NEW.credit_account_id
    FROM transfers AS t WHERE t.id = NEW.transfer_id;
    RETURN NEW;
END $$;

CREATE TRIGGER pending_transfers_name_their_accounts BEFORE INSERT ON pending_transfers
    FOR EACH ROW WHEN (NEW.debit_account_id IS NULL) EXECUTE FUNCTION name_accounts_of_transfer();
CREATE TRIGGER transfer_resolutions_name_their_accounts BEFORE INSERT ON transfer_resolutions
    FOR EACH ROW WHEN (NEW.debit_account_id IS NULL AND NEW.outcome <> 'posted')
    EXECUTE FUNCTION name_accounts_of_transfer();

UPDATE pending_transfers AS p
SET debit_account_id = t.debit_account_id, credit_account_id = t.credit_account_id
FROM transfers AS t
WHERE t.id = p.transfer_id;

ALTER TABLE transfer_resolutions DISABLE TRIGGER transfer_resolutions_never_change;
UPDATE transfer_resolutions AS r
SET debit_account_id = t.debit_account_id, credit_account_id = t.credit_account_id
FROM transfers AS t
WHERE t.id = r.transfer_id AND r.outcome <> 'posted';
ALTER TABLE transfer_resolutions ENABLE TRIGGER transfer_resolutions_never_change;

CREATE INDEX pending_transfers_by_debit_account ON pending_transfers (debit_account_id, transfer_id);
CREATE INDEX pending_transfers_by_credit_account ON pending_transfers (credit_account_id, transfer_id);
CREATE INDEX transfer_resolutions_by_debit_account ON transfer_resolutions (debit_account_id, outcome, transfer_id DESC NULLS LAST)
    WHERE outcome <> 'posted';
CREATE INDEX transfer_resolutions_by_credit_account ON transfer_resolutions (credit_account_id, outcome, transfer_id DESC NULLS LAST)
    WHERE outcome <> 'posted';
