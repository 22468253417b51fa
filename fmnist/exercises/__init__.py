"""What a student's check run is made of: the catalogue, the expectations, the pytest plugin."""
