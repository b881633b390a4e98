export async function totals() {
  return {};
}
