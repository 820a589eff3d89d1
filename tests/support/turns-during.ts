/** How often others had their turn while this ran. */
export async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = -1;
  let over = false;
  const count = () => {
    turns += 1;
    if (!over) setImmediate(count);
  };
  setImmediate(count);
  await work();
  over = true;
  return turns;
}
