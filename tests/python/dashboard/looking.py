"""What a person does with the dashboard, for tests: open, choose, click, read."""

import time
from collections.abc import Callable
from typing import Any

from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By

from dashboard.browser import requested, wait_until_ready


class Looking:
    """One browser that looks at one dashboard."""

    def __init__(self, browser: Chrome, address: str) -> None:
        self.browser = browser
        self.address = address

    def open(self, path: str = "/") -> "Looking":
        self.browser.get(self.address + path)
        wait_until_ready(self.browser)
        return self

    def text(self, component: str) -> str:
        return self.browser.find_element(By.ID, component).text

    def wait_for(self, what: Callable[[], Any], seconds: float = 30) -> Any:
        """The first answer that is true; the last answer, told, if there is none in time."""
        until, answer = time.monotonic() + seconds, None
        while time.monotonic() < until:
            try:
                answer = what()
            except Exception as error:
                answer = error
            if answer and not isinstance(answer, Exception):
                return answer
            time.sleep(0.1)
        raise AssertionError(f"still {answer!r} after {seconds} s at {self.browser.current_url}")

    def choose(self, control: str, label: str) -> None:
        """An option of a dropdown, by what it is called."""
        self.browser.find_element(By.CSS_SELECTOR, f"#{control} .dash-dropdown").click()
        self.wait_for(lambda: self._click_option(label))
        ActionChains(self.browser).send_keys("\ue00c").perform()  # Escape
        wait_until_ready(self.browser)

    def _click_option(self, label: str) -> bool:
        for option in self.browser.find_elements(By.CSS_SELECTOR, ".dash-dropdown-option"):
            if option.text.strip() == label:
                option.click()
                return True
        return False

    def pick(self, control: str, label: str) -> None:
        """A radio button, by what it is called."""
        for option in self.browser.find_elements(By.CSS_SELECTOR, f"#{control} label"):
            if option.text.strip() == label:
                option.click()
                wait_until_ready(self.browser)
                return
        raise AssertionError(f"{control} does not offer {label}")

    def chart(self, component: str, script: str) -> Any:
        """What JavaScript says of a drawn chart; `chart` is its element."""
        return self.browser.execute_script(
            f"const chart = document.querySelector('#{component} .js-plotly-plot');"
            f"const plain = list => Array.from(list); {script}"
        )

    def texts(self, component: str, kind: str) -> list[str]:
        """The texts of the elements of one kind, in their order."""
        found = self.browser.find_elements(By.CSS_SELECTOR, f"#{component} {kind}")
        return [str(each.text) for each in found]

    def widths(self, component: str, kind: str, part: str | None = None) -> list[float]:
        """How wide the elements of one kind are drawn, or a part that the style sheet adds."""
        return self.browser.execute_script(
            "return [...document.querySelectorAll(arguments[0])].map("
            "each => parseFloat(getComputedStyle(each, arguments[1]).width));",
            f"#{component} {kind}",
            part,
        )

    def cells(self) -> list[list[int]]:
        """Partners by revenue band and engagement band, both from low to high."""
        counts = [int(each.split()[0]) for each in self.texts("programme_cells", ".cell")]
        return [counts[row : row + 3] for row in (6, 3, 0)]

    def click_part(self, component: str, title: str) -> None:
        """A part of a chart of plain elements, by how its title begins."""
        self.browser.find_element(By.CSS_SELECTOR, f"#{component} [title^='{title}']").click()

    def click_chart(self, component: str, x: Any, y: Any) -> None:
        """The place in a chart where the axes read x and y."""
        element = self.browser.find_element(By.CSS_SELECTOR, f"#{component} .js-plotly-plot")
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", element)
        right, down, width, height = self.browser.execute_script(
            """
            const axes = arguments[0]._fullLayout, box = arguments[0].getBoundingClientRect();
            return [axes.xaxis._offset + axes.xaxis.d2p(arguments[1]),
                    axes.yaxis._offset + axes.yaxis.d2p(arguments[2]), box.width, box.height];
            """,
            element,
            x,
            y,
        )
        over = ActionChains(self.browser).move_to_element_with_offset(
            element, int(right - width / 2), int(down - height / 2)
        )
        # A chart answers to a click where it has seen the pointer before.
        over.pause(0.3).click().perform()

    def click_row(self, component: str, row: int, column: str) -> str:
        """A cell of a table; gives its text."""
        cell = self.wait_for(
            lambda: self.browser.find_element(
                By.CSS_SELECTOR, f"#{component} .ag-row[row-index='{row}'] [col-id='{column}']"
            )
        )
        self.browser.execute_script("arguments[0].scrollIntoView({block: 'center'})", cell)
        text = str(cell.text)
        cell.click()
        return text

    def column(self, component: str, column: str) -> list[str]:
        """The texts of a column of the rows that a table shows."""
        return self.browser.execute_script(
            """
            return [...document.querySelectorAll(
                `#${arguments[0]} .ag-center-cols-container .ag-row [col-id='${arguments[1]}']`
            )].sort((a, b) => a.closest('.ag-row').rowIndex - b.closest('.ag-row').rowIndex)
              .map(cell => cell.textContent);
            """,
            component,
            column,
        )

    def complaints(self) -> list[str]:
        """Errors that the browser logged since the last look."""
        return [
            entry["message"]
            for entry in self.browser.get_log("browser")
            if entry["level"] == "SEVERE"
        ]

    def strangers(self) -> set[str]:
        """Addresses of other machines that were asked for since the last look."""
        own = (self.address, "data:", "blob:", "chrome:", "about:")
        return {each for each in requested(self.browser) if not each.startswith(own)}
