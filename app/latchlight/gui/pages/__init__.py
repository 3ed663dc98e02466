"""What fills the window or a dialog."""
