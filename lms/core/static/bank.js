// Inserts a comment of the bank where the caret stands: select[data-bank] names the text. Without it, the server adds it at the end.
const bank = document.querySelector("select[data-bank]");
if (bank) {
  const into = document.getElementById(bank.dataset.bank);
  bank.form.elements.insert.addEventListener("click", (event) => {
    const text = bank.selectedOptions[0].dataset.text;
    if (!text) return;
    event.preventDefault();
    const before = into.value.slice(0, into.selectionStart), after = into.value.slice(into.selectionEnd);
    into.setRangeText((before && !/\s$/.test(before) ? "\n" : "") + text + (after && !/^\s/.test(after) ? "\n" : ""), into.selectionStart, into.selectionEnd, "end");
    into.dispatchEvent(new Event("input", { bubbles: true }));
    into.focus();
    bank.value = "0";
  });
}
