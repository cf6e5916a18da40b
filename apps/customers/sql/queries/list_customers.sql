-- The newest first: ids are in the order of their making (UUID version 7). All list_customers queries take the same
-- parameters; they differ in the filter that must be there, so that the planner may count on the index by it. $3 is
-- what the name begins with and $4 what comes after all such names; $5 and $6 are contact infos that must be there.
WITH page AS (
    SELECT c.id
    FROM customers AS c
    WHERE c.deleted_at IS NULL AND c.id < $1
      AND ($3::text IS NULL OR (c.name >= $3 AND c.name < $4))
      AND NOT EXISTS (SELECT FROM unnest($5::text[], $6::text[]) AS wanted (kind, search_key)
                      WHERE NOT EXISTS (SELECT FROM contact_infos AS i
                                        WHERE i.customer_id = c.id AND i.deleted_at IS NULL AND i.kind = wanted.kind
                                          AND i.search_key = wanted.search_key))
    ORDER BY c.id DESC
    LIMIT $2
)
SELECT found.*
FROM page
JOIN customer_rows AS found ON found.id = page.id
ORDER BY found.id DESC, found.contact_id
