-- What the example stores.
CREATE TABLE notes (
    id uuid PRIMARY KEY,
    text text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);
