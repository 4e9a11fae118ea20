"""The room that writes the site, through MkDocs. mkdocs.py is the only module that knows MkDocs."""
