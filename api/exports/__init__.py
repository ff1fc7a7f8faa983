"""What was answered, in other forms: tables, graphs, documents. Made of answers alone, so that nobody is told more by them."""
