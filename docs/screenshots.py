"""Make the pictures of the README from the demo, as it really looks.

Run `make screenshots` after `make demo`; it needs Chromium (`make system-deps`).
"""

import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from skillmap.cli.run_commands import free_port
from skillmap.model import PersonId
from skillmap.web import add_link, create_app
from skillmap.workflows.programme import Programme

IMAGES = Path(__file__).parent / "images"
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
PICTURES = {
    "skills": ("learner-03", "/learner/skills", (820, 640)),
    "openings": ("learner-01", "/learner/openings", (820, 760)),
    "brief": ("mentor-3", "/mentor/brief/learner-03", (390, 760)),
    "coordinator": ("coordinator-1", "/coordinator", (1100, 760)),
}


def now() -> datetime:
    """Tell the time."""
    return datetime.now(UTC)


def main(folder: Path) -> None:
    """Serve the demo in `folder` and take every picture."""
    programme = Programme(folder)
    app = create_app(programme.database, programme.course, clock=now)
    port = free_port(8850)
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    IMAGES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        for name, (person, page, size) in PICTURES.items():
            valid_for = timedelta(minutes=5)
            path = add_link(programme.database, PersonId(person), clock=now, valid_for=valid_for)
            take(browser, f"http://127.0.0.1:{port}", path, page, size, IMAGES / f"{name}.png")
        browser.close()
    server.should_exit = True
    thread.join(timeout=10)


def take(
    browser: Browser, site: str, way_in: str, page: str, size: tuple[int, int], to: Path
) -> None:
    """Log in, open one page, and keep what fits into the window."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    tab = context.new_page()
    tab.goto(site + way_in)
    tab.click("main button")
    tab.goto(site + page)
    tab.screenshot(path=to)
    context.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
