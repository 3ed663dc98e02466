"""What a key is, what is known of it, and what follows: standard library only, no input or output."""
