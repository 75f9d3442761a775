"""What the form costs, beside what else could be used: ``python -m benchmarks`` prints one table.

``wire`` records what goes to the page, ``subjects`` are the forms that are compared, ``schema`` turns the service model
into JSON schema for one of them; ``forms``, ``checking``, ``memory``, ``starting`` and ``page`` measure; ``table``
prints.
"""
