"""The view: widgets bound to the settings model. ipywidgets lives here and above, nowhere below."""
