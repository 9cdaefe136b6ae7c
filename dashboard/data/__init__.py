"""What the pages ask a release: one module a page, each question one function that gives a frame.

Choices of the reader arrive as bound parameters, never as text of a statement.
"""
