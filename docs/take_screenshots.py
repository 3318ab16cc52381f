"""`python docs/take_screenshots.py http://127.0.0.1:3100`: this module renews the README's pictures from a demo."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
from playwright.sync_api import Page, sync_playwright

IMAGES = Path(__file__).with_name("images")
SIZE = {"width": 1280, "height": 860}
PAGES = {
    "preview": ("preview", "find-an-expert", "--format", "html", "--out"),
    "rehearsal": ("rehearse", "--whole", "--size", "100", "--from", "2027-01-08", "--report"),
}


def main(link: str) -> None:
    """Play an employee, an admin and five reports, and keep a picture of each."""
    IMAGES.mkdir(exist_ok=True)
    browser_path = shutil.which("chromium") or shutil.which("google-chrome")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        page = browser.new_page(viewport=SIZE)
        employee(page, link)
        admin(page, link)
        author(page, link)
        flag(page, link)
        written(page)
        browser.close()


def employee(page: Page, link: str) -> None:
    """A quiz answered, and the form behind "What is in the way?"."""
    page.goto(f"{link}/#/U0MAYA/messages")
    page.get_by_role("button", name="Useful").first.wait_for()
    page.get_by_role("button", name="Close these steps").click()
    page.locator("[data-move='next']").click()
    choice = page.locator("[data-action*='answer_quiz.0']").last
    choice.wait_for(timeout=60_000)
    choice.click()
    page.get_by_text("Your answer:").last.wait_for()
    picture(page, "quiz-answered")
    page.get_by_role("button", name="What is in the way?").last.click()
    page.get_by_role("dialog").wait_for()
    picture(page, "barrier-form")
    page.keyboard.press("Escape")
    page.goto(f"{link}/#/U0MAYA/home")
    page.get_by_text("Your nudges so far").wait_for()
    picture(page, "home")


def admin(page: Page, link: str) -> None:
    """`/nudge status` as the admin sees it."""
    page.goto(f"{link}/#/U0AMIR/messages")
    ask(page, "/nudge status")
    page.get_by_text("How it is going").wait_for()
    picture(page, "status")


def author(page: Page, link: str) -> None:
    """A fault in the form, told under its field."""
    page.goto(f"{link}/#/U0PRIYA/messages")
    ask(page, "/nudge edit talk-it-over")
    field = page.get_by_role("dialog").locator("textarea").first
    field.wait_for()
    field.fill(field.input_value().replace("segments:", "segmnts:", 1))
    page.get_by_role("dialog").get_by_role("button", name="Check and save").click()
    page.get_by_text("Did you mean").first.wait_for()
    page.get_by_text("Did you mean").first.scroll_into_view_if_needed()
    picture(page, "writing")
    page.keyboard.press("Escape")


def written(page: Page) -> None:
    """The pages that the command line writes: a preview and a rehearsal."""
    nudger = str(Path(sys.executable).with_name("nudger"))
    with tempfile.TemporaryDirectory() as folder:
        for name, command in PAGES.items():
            file = Path(folder, f"{name}.html")
            arguments = [nudger, *command, str(file)]  # all of them written above
            subprocess.run(arguments, check=True, capture_output=True, cwd=IMAGES.parents[1])  # noqa: S603
            page.goto(file.as_uri())
            picture(page, name)


def flag(page: Page, link: str) -> None:
    """Five of one team report the same; the four weeks close; the owner reads the flag."""
    with httpx.Client(base_url=link, timeout=30) as sandbox:
        people = sandbox.get("/ui/people").json()["people"]
        team = [person["id"] for person in people if "Billing Lisbon" in person["tags"]]
        for person_id in team[:5]:
            report(sandbox, person_id)
        for _ in range(3):
            sandbox.post("/ui/clock", json={"to": "week", "person": "U0PRIYA"})
            while sandbox.get("/ui/view", params={"person": "U0PRIYA"}).json()["clock"]["moving"]:
                page.wait_for_timeout(300)
    page.goto(f"{link}/#/U0PRIYA/messages")
    ask(page, "/nudge barriers")
    page.get_by_text("open since").first.wait_for()
    picture(page, "barriers")


def report(sandbox: httpx.Client, person_id: str) -> None:
    """Let one person say that their manager would rather they did not."""
    view = sandbox.get("/ui/view", params={"person": person_id}).json()
    message = next(one for one in reversed(view["dm"]["messages"]) if one["blocks"])
    button = next(
        (block["block_id"], element["action_id"])
        for block in message["blocks"]
        for element in block.get("elements", ())
        if element.get("action_id", "").startswith("report_barrier")
    )
    click = {
        "person": person_id,
        "source": "message",
        "ts": message["ts"],
        "block_id": button[0],
        "action_id": button[1],
    }
    sandbox.post("/ui/click", json=click)
    modal = sandbox.get("/ui/view", params={"person": person_id}).json()["modals"][-1]
    field = next(block for block in modal["view"]["blocks"] if block["type"] == "input")
    option = next(one for one in field["element"]["options"] if "manager" in one["value"])
    value = {"type": "radio_buttons", "selected_option": option}
    values = {field["block_id"]: {field["element"]["action_id"]: value}}
    sandbox.post("/ui/submit", json={"person": person_id, "view_id": modal["id"], "values": values})


def ask(page: Page, command: str) -> None:
    """Type a command."""
    box = page.get_by_label("Message or command")
    box.fill(command)
    box.press("Enter")


def picture(page: Page, name: str) -> None:
    """Keep what the page shows once it stands still."""
    page.wait_for_timeout(600)
    page.screenshot(path=str(IMAGES / f"{name}.png"))


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
