"""The part of the benchmark that is about durable workflows."""
