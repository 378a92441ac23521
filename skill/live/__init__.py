"""What the live session has besides sound: screen, keys, the level check, remembered devices."""
