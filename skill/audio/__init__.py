"""Audio input and output: blocks, files, devices, the player, voice activity."""
