-- The one table of the sample.
CREATE TABLE notes (
    id uuid PRIMARY KEY,
    building_id uuid NOT NULL,
    text text NOT NULL,
    created_at timestamptz NOT NULL
);
