"""Reports of a whole repository: one page of HTML, or Markdown."""
