export async function pages() {
  return {};
}
