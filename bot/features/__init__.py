"""One folder a feature: usecase decides and writes, view words it, handler joins the two."""
