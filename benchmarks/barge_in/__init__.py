"""Commands over the coach's voice: recognition, ducking, latency, false interruptions."""
