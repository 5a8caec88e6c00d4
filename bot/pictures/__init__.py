"""Pictures that may stand above a message's words: what is shown (`strip`), its drawing, and the process that draws."""
