"""Replays the table of an online shop as orders, and proves afterwards that nothing was lost and nothing doubled."""
