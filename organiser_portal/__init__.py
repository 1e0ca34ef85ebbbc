"""One console for race organisers over all the platforms they sell on."""
