"""What lies where on a page, and which control changes what: one module a page."""
