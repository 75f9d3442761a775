"""The seed: a believable account, as data without logic. ``{region}`` stands for the sandbox's region."""
