"""Speech recognition: blocks of sound in, decisions about utterances out."""
