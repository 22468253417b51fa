"""Small faults put into the references, to see whether the checks notice them."""
