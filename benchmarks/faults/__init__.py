"""The write protocol under faults: many submits, one random fault each, and a judge that asks the service itself."""
