// The light and dark switch; without a choice the system's preference holds.

import { button } from "./dom";

export function themeButton(): HTMLButtonElement {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => (root.dataset["theme"] ?? (system.matches ? "dark" : "light")) === "dark";
  const made = button("", "Switch between light and dark", () => {
    root.dataset["theme"] = isDark() ? "light" : "dark";
    name();
  });
  const name = () => {
    made.textContent = isDark() ? "Light" : "Dark";
  };
  system.addEventListener("change", name);
  name();
  return made;
}
