class FigureError(Exception):
    """Figures cannot be drawn; the message says why and what to do."""
