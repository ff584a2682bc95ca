for (const box of document.querySelectorAll("input[data-filters]")) {
  const fold = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/đ/g, "d");
  box.addEventListener("input", () => {
    const asked = fold(box.value.trim());
    for (const row of document.querySelectorAll("#" + box.dataset.filters + " tbody tr:not(.section)")) {
      row.hidden = !fold(row.textContent).includes(asked);
    }
  });
}
