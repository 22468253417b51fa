"""Take the README's two pictures: a page of the book, and a reply in a terminal.

``make pictures`` runs this program, after ``make book``. It needs Chromium.
"""

import html
import io
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".github" / "pictures"
SITE = ROOT / "_build" / "html"
PAGE, REPLY = FOLDER / "page.png", FOLDER / "reply.png"
LIMIT = 150_000  # bytes of both pictures together

# What is shown: the last live figure of a page with what is above it, and the answer of somebody
# who forgot the empty classes.
SHOWN, FIGURE = "phase1_explore.html", ".live-figure"
EXERCISE = "class_counts"
ANSWER = ROOT / "solutions" / "wrong" / "phase1_explore" / EXERCISE / "empty_classes_missing.py"

COLOURS = 128  # of a picture: as few as still look right
SIZE = {"width": 1120, "height": 945}
TERMINAL = """<!doctype html><meta charset="utf-8"><style>
pre { display: inline-block; margin: 0; padding: 16px 20px;
      background: #1e1e2e; color: #e4e4ef; font: 14px/1.45 "DejaVu Sans Mono", monospace; }
body { margin: 0; background: white; } b { color: #9ece6a; font-weight: normal; }
</style><pre><b>$</b> """


def reply() -> str:
    """Return a command and what it answers, as a terminal shows them."""
    command = [sys.executable, "-m", "fmnist", "check", EXERCISE, "--file", str(ANSWER)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise SystemExit(done.stderr)
    return f"fmnist check {EXERCISE}\n{done.stdout}"


def small(picture: bytes) -> bytes:
    """Return a picture as a PNG of few colours."""
    written = io.BytesIO()
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return written.getvalue()


def of_page(browser: Any, address: str) -> bytes:
    """Return a picture of a page's last live figure, and of what is above it in the window."""
    page = browser.new_page(viewport=SIZE, color_scheme="light")
    page.goto(address)
    figure = page.locator(FIGURE).last
    to_its_end = "figure => figure.scrollIntoView({block: 'end'})"
    figure.evaluate(to_its_end)
    figure.locator("svg").first.wait_for()  # drawn when it comes into view
    figure.evaluate(to_its_end)
    page.wait_for_timeout(1000)  # menus follow the scrolling
    picture = page.screenshot()
    page.close()
    return small(picture)


def of_reply(browser: Any, text: str) -> bytes:
    """Return a picture of a text in a terminal."""
    page = browser.new_page(viewport=SIZE, device_scale_factor=1.5)
    page.set_content(TERMINAL + html.escape(text.rstrip()) + "</pre>")
    picture = page.locator("pre").screenshot()
    page.close()
    return small(picture)


def main() -> None:
    """Take both pictures, and say how large they are.

    Raises:
        SystemExit: there is no page to take, or the pictures are too large for a README.
    """
    if not (SITE / SHOWN).is_file():
        raise SystemExit("There is no built site. Type: make book")
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if not chromium:
        raise SystemExit("Chromium is missing. Type: apt install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        taken = {
            PAGE: of_page(browser, (SITE / SHOWN).as_uri()),
            REPLY: of_reply(browser, reply()),
        }
        browser.close()
    size = sum(map(len, taken.values()))
    if size > LIMIT:
        raise SystemExit(f"The pictures have {size:,} bytes together; at most {LIMIT:,} will do")
    FOLDER.mkdir(exist_ok=True)
    for path, picture in taken.items():
        path.write_bytes(picture)
        print(f"{path.relative_to(ROOT)}: {len(picture):,} bytes")


if __name__ == "__main__":
    main()
