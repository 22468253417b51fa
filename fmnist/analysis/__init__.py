"""What lies behind one number: images, classes, labels, and what a network looks at."""
