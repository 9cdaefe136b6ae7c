"""Pages that need nothing from anywhere: how they are rendered, what a release answers, and charts.

What a page says belongs to the stage that writes it. Knows no stage and decides nothing.
"""

from orchestration.pages.answers import Answer, Section, ask
from orchestration.pages.rendering import in_words, page_template, write_page

__all__ = ["Answer", "Section", "ask", "in_words", "page_template", "write_page"]
