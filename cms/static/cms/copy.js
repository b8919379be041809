// An alias has the title of its original, so the form that copies pages does not ask for one.
document.addEventListener("DOMContentLoaded", () => {
  const alias = document.querySelector("#id_alias");
  const title = document.querySelector("#id_new_title");
  if (!alias || !title) return;
  const follow = () => {
    title.disabled = alias.checked;
    title.closest("li").hidden = alias.checked;
  };
  alias.addEventListener("change", follow);
  follow();
});
