"""Test material: recordings of people, synthetic speech, background talk, noise and rooms."""
