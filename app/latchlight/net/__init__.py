"""The only folder that talks to the network. What leaves this computer is decided here."""
