-- Whether $1 may become the parent of $2: it must be a building, and must not belong to $2 itself, however far up.
-- UNION ends also where a circle has come to be already.
WITH RECURSIVE ancestor AS (
    SELECT id, parent_id FROM buildings WHERE id = $1::uuid
    UNION
    SELECT parent.id, parent.parent_id FROM buildings AS parent JOIN ancestor ON parent.id = ancestor.parent_id
)
SELECT EXISTS (SELECT FROM buildings WHERE id = $1::uuid AND deleted_at IS NULL) AS is_building,
       EXISTS (SELECT FROM ancestor WHERE id = $2::uuid) AS is_descendant
