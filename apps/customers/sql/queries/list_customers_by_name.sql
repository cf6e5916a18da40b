-- As list_customers, along the index by name. Materialized: to get them in order the planner would rather walk all
-- customers than those of that name, whose number it does not know.
WITH named AS MATERIALIZED (
    SELECT id FROM customers WHERE deleted_at IS NULL AND id < $1 AND name >= $3::text AND name < $4::text
), page AS (
    SELECT c.id
    FROM named AS c
    WHERE NOT EXISTS (SELECT FROM unnest($5::text[], $6::text[]) AS wanted (kind, search_key)
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
