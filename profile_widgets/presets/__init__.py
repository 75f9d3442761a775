"""The presets that come with the kit: request files, each with its title and explanation in its first comment."""
