"""Icons, drawn for this project on a grid of 24, with lines of 2. Names are those that icon sets have in common."""

from __future__ import annotations

ICONS = {
    "arrow-down": "M12 5v14M6 13l6 6 6-6",
    "arrow-left": "M19 12H5M11 6l-6 6 6 6",
    "arrow-right": "M5 12h14M13 6l6 6-6 6",
    "arrow-up": "M12 19V5M6 11l6-6 6 6",
    "arrow-up-right": "M7 17 17 7M8 7h9v9",
    "bell": "M6 16c1-1 1-3 1-6a5 5 0 0 1 10 0c0 3 0 5 1 6zM10 19.5a2 2 0 0 0 4 0",
    "bookmark": "M7 4h10v16l-5-4-5 4z",
    "calendar": "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4",
    "check": "M5 13l4.5 4.5L19 7",
    "chevron-down": "M6 9l6 6 6-6",
    "chevron-left": "M15 6l-6 6 6 6",
    "chevron-right": "M9 6l6 6-6 6",
    "chevron-up": "M6 15l6-6 6 6",
    "circle": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0",
    "circle-alert": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M12 7.5V13M12 16.5v.01",
    "circle-check": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M8 12.5l3 3 5-6.5",
    "circle-help": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.7.3-1 .8-1 1.7M12 16.5v.01",
    "circle-x": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M9 9l6 6M15 9l-6 6",
    "clock": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M12 7v5l3.5 2",
    "code": "M8 7l-5 5 5 5M16 7l5 5-5 5",
    "copy": "M9 9h11v11H9zM5 15H4V4h11v1",
    "download": "M12 4v11M7 10.5l5 5 5-5M4 20h16",
    "ellipsis": "M5 12v.01M12 12v.01M19 12v.01",
    "external-link": "M10 5H5v14h14v-5M14 4h6v6M20 4l-9 9",
    "eye": "M2.5 12C5 7.5 8.3 5.5 12 5.5s7 2 9.5 6.5c-2.5 4.5-5.8 6.5-9.5 6.5S5 16.5 2.5 12M9 12a3 3 0 1 0 6 0 3 3 0 1 0-6 0",
    "eye-off": "M4 8c-.5.7-1 2-1.5 4C5 16.5 8.3 18.5 12 18.5c1.5 0 2.9-.3 4.2-1M9.5 6c.8-.3 1.6-.5 2.5-.5 3.7 0 7 2 9.5 6.5-.6 1-1.2 2-1.9 2.7M4 4l16 16",
    "file": "M6 3h8l4 4v14H6zM14 3v4h4",
    "filter": "M4 5h16l-6.5 7.5V19l-3-1.5v-5z",
    "folder": "M3 6h6l2 2.5h10V19H3z",
    "heart": "M12 20C6 15.5 3.5 12.5 3.5 9A4.5 4.5 0 0 1 12 7a4.5 4.5 0 0 1 8.5 2c0 3.5-2.5 6.5-8.5 11z",
    "house": "M4 11l8-7 8 7v9h-5.5v-6h-5v6H4z",
    "image": "M4 5h16v14H4zM4 16l5-5 4 4 2.5-2.5L20 17M14.5 9v.01",
    "info": "M3 12a9 9 0 1 0 18 0 9 9 0 1 0-18 0M12 11v5.5M12 7.5v.01",
    "link": "M10 14l4-4M9 10l-3 3a3.5 3.5 0 0 0 5 5l3-3M15 14l3-3a3.5 3.5 0 0 0-5-5l-3 3",
    "list": "M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01",
    "lock": "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
    "mail": "M3.5 6h17v12h-17zM3.5 7l8.5 6 8.5-6",
    "menu": "M4 6h16M4 12h16M4 18h16",
    "minus": "M5 12h14",
    "moon": "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
    "pause": "M8 5v14M16 5v14",
    "pencil": "M4 20l1-4.5L16 4.5l3.5 3.5L8.5 19zM13.5 7l3.5 3.5",
    "play": "M7 4.5v15l12-7.5z",
    "plus": "M12 5v14M5 12h14",
    "refresh-cw": "M20 5v5h-5M19.5 10a8 8 0 0 0-14.5-2M4 19v-5h5M4.5 14a8 8 0 0 0 14.5 2",
    "rotate-ccw": "M4 5v5h5M4.5 10A8 8 0 1 1 4 13.5",
    "search": "M4 10.5a6.5 6.5 0 1 0 13 0 6.5 6.5 0 1 0-13 0M15.5 15.5L20.5 20.5",
    "send": "M21 3L3 10l7.5 3.5L14 21zM21 3L10.5 13.5",
    "settings": "M4 7h9M19 7h1M4 17h1M11 17h9M13 7a3 3 0 1 0 6 0 3 3 0 1 0-6 0M5 17a3 3 0 1 0 6 0 3 3 0 1 0-6 0",
    "square": "M5 5h14v14H5z",
    "star": "M12 3.5l2.6 5.5 6 .8-4.4 4.2 1.1 6-5.3-2.9L6.7 20l1.1-6L3.4 9.8l6-.8z",
    "sun": "M8 12a4 4 0 1 0 8 0 4 4 0 1 0-8 0M12 2.5v2M12 19.5v2M2.5 12h2M19.5 12h2M5.3 5.3l1.4 1.4M17.3 17.3l1.4 1.4M5.3 18.7l1.4-1.4M17.3 6.7l1.4-1.4",
    "terminal": "M5 7l5 5-5 5M12 18h7",
    "trash": "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5.5M14 11v5.5",
    "triangle-alert": "M12 4L2.5 20h19zM12 10v4.5M12 17.2v.01",
    "upload": "M12 16V5M7 9.5l5-5 5 5M4 20h16",
    "user": "M8 8a4 4 0 1 0 8 0 4 4 0 1 0-8 0M4.5 20.5c.8-4 3.8-6 7.5-6s6.7 2 7.5 6",
    "users": "M5.5 8.5a3.5 3.5 0 1 0 7 0 3.5 3.5 0 1 0-7 0M2.5 20c.6-3.6 3-5.5 6.5-5.5s5.9 1.9 6.5 5.5M16 5.3a3.5 3.5 0 0 1 0 6.4M18 15c2 .7 3.2 2.4 3.5 5",
    "x": "M6 6l12 12M18 6L6 18",
}  # fmt: skip
"""Name → the drawing's path."""
ALSO = {
    "alert-circle": "circle-alert", "alert-triangle": "triangle-alert", "help-circle": "circle-help",
    "check-circle": "circle-check", "home": "house", "trash-2": "trash", "edit": "pencil", "close": "x",
    "more-horizontal": "ellipsis", "sliders-horizontal": "settings", "reset": "rotate-ccw", "stop": "square",
}  # fmt: skip
"""Other names of the same drawings."""


def icon_name(name: str) -> str:
    """The name under which an icon is drawn, by any of its names; empty when there is none."""
    plain = name.lower().replace("_", "-")
    plain = ALSO.get(plain, plain)
    return plain if plain in ICONS else ""
