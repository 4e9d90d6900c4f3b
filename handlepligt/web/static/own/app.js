// Blanks the screen when somebody comes by: Esc twice, or the button. Everything else works without scripts.
(() => {
  "use strict";
  const blank = document.getElementById("blank");
  const rest = () => document.querySelectorAll("body > :not(#blank)");
  let lastEscape = -1000;
  let focused = null;

  function hide() {
    if (!blank.hidden) return;
    focused = document.activeElement;
    rest().forEach((part) => part.setAttribute("inert", ""));
    document.documentElement.classList.add("is-blank");
    blank.hidden = false;
    blank.querySelector("button").focus();
  }

  function show() {
    rest().forEach((part) => part.removeAttribute("inert"));
    document.documentElement.classList.remove("is-blank");
    blank.hidden = true;
    if (focused) focused.focus();
  }

  document.querySelectorAll(".js-hide-screen").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", hide);
  });
  blank.querySelector(".js-show-screen").addEventListener("click", show);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (event.timeStamp - lastEscape < 600) hide();
    lastEscape = event.timeStamp;
  });

  document.documentElement.classList.add("has-script");

  // The summary of what is wrong is read out first, and a second press on a button sends nothing.
  const problems = document.getElementById("problems");
  if (problems) problems.focus();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 4000);
  });
  document.querySelectorAll(".js-print").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
})();
