-- Whether $2 is among the buildings that $1 belongs to, however far up: making $1 a child of one of its own
-- descendants would close a circle. UNION ends also where a circle has come to be already.
WITH RECURSIVE ancestor AS (
    SELECT id, parent_id FROM buildings WHERE id = $1::uuid
    UNION
    SELECT parent.id, parent.parent_id FROM buildings AS parent JOIN ancestor ON parent.id = ancestor.parent_id
)
SELECT EXISTS (SELECT FROM ancestor WHERE id = $2::uuid)
