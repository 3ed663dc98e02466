"""Reports as text, JSON and HTML: renderings of one object, without any secret by construction."""
