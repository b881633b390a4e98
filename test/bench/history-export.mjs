export async function exported() {
  return {};
}
