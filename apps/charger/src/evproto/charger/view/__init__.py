"""A session on the terminal: live where there is one, else line by line."""

from evproto.charger.view.lines import LineLog
from evproto.charger.view.live import LiveView
from evproto.charger.view.picture import Picture

__all__ = ["LineLog", "LiveView", "Picture"]
