"""Moving sound: blocks, the player, devices, files."""
