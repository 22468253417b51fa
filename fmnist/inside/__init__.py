"""All of the project that exists where a student's code runs.

The sandbox shows this folder and nothing else of the package; it imports nothing else of it.
"""
