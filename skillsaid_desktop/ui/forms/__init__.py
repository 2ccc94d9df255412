"""Forms made from fields: one editor for each field type."""
