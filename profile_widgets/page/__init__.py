"""The page: a notebook served by Voila, in a template of ours that fetches nothing from another host.

It is open, for whoever sits at this machine, or closed (``closing``), for visitors who are known (``identity``) and
kept apart (``gate``, ``kernels``), each under a policy and, if it says so, with a role of their own (``acting``,
``credentials``); ``safety`` says what would not be safe.

``template/`` is a Jupyter data folder (``voila/templates/profile_widgets``), ``settings`` says how Voila is to run,
``server`` starts it as a process of its own and ends it, and ``python -m profile_widgets.page`` is that process.

>>> from profile_widgets.page import PageServer, page_notebook
>>> with PageServer(page_notebook()) as page:  # doctest: +SKIP
...     print(page.url)
"""

from profile_widgets.page.server import PageError, PageServer, free_port
from profile_widgets.page.settings import page_notebook

__all__ = ["PageError", "PageServer", "free_port", "page_notebook"]
