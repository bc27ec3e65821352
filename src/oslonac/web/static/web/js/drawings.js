// @ts-check
/** A wide picture on a narrow screen begins where it matters: at "now", else at the person in question. */

for (const room of document.querySelectorAll(".drawing-scroll")) {
  const centre = room.querySelector(".now, .node.focus");
  if (!(centre instanceof Element) || room.scrollWidth <= room.clientWidth) continue;
  const [inner, outer] = [centre.getBoundingClientRect(), room.getBoundingClientRect()];
  room.scrollLeft += inner.left + inner.width / 2 - (outer.left + outer.width / 2);
}
