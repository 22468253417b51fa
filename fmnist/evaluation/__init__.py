"""What networks are worth: metrics with intervals, comparisons, calibration, claims."""
