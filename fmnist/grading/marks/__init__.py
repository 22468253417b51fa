"""From verdicts to marks: kept records, rules of the class, marks by hand."""
