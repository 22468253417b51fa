"""From records to marks: rules of the class, marks by hand, what another grading changed."""
