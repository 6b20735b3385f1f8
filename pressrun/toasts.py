"""Toasts: short messages in a corner of the page. They travel with the demos that mention them."""

from __future__ import annotations

from typing import Any

from .events import Effect


class _Toast:
    """A short message in a corner of the page: `toast("Saved")`, `toast.success("Saved")`."""

    info: Any
    success: Any
    warning: Any
    error: Any

    def __init__(self) -> None:
        for level in ("info", "success", "warning", "error"):
            setattr(self, level, lambda message, level=level: self(message, level))

    def __call__(self, message: Any, level: str = "") -> Effect:
        return Effect("toast", [message, level])


toast = _Toast()
