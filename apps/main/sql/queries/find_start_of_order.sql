-- Whether somebody still tries to start the workflow of an order. Asked when a workflow is not found, and only then: what
-- is pending is few.
SELECT EXISTS (
    SELECT FROM intents WHERE state = 'pending' AND subject = 'workflows.start' AND resource_id = $1::uuid
) AS is_promised
